"""The kinds of worlds beside the plain one: each makes something else of the same history, by dice of its own.

What a seed makes of a plain history stays as it is, whatever kinds there are.
"""

from __future__ import annotations

from dataclasses import fields, replace
from random import Random
from typing import TYPE_CHECKING, Any

from publer_sync.sandbox.tempers import TEMPERS
from tests.simulate.accounts import Reconnect, TakeAlong
from tests.simulate.conditions import HoldInSettings, NameWorkspace, RenameWorkspace, SetClock, Sit
from tests.simulate.copying import CopyFolder, CopyPart, DeleteCopy, KeepCopy, NameCopy
from tests.simulate.edits import Edit
from tests.simulate.leaving import ForgetAll, Leave, Rename
from tests.simulate.relocating import MoveLedger, WritePlace
from tests.simulate.steps import MINUTE, Apply, Colleague, PutOnHold, Release, Wait
from tests.simulate.strikes import colleague_of, strikes_of
from tests.simulate.wants import Want
from tests.simulate.wire import Strike

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.simulate.history import History
    from tests.simulate.steps import Step

DAY = 1440
"""Minutes."""
LONGEST = 22
"""Steps."""


def kind_of(seed: int) -> str:
    """The kind of a fresh history."""
    return Random(f"kind of {seed}").choices([*FRESH], [*FRESH.values()])[0]


def shaped(history: History, kind: str) -> History:
    """The history as one of a kind. Raises KeyError for one that there is not."""
    return history if kind == "plain" else KINDS[kind](history, Random(f"{kind} {history.seed}"))


def _spread(steps: Sequence[Step], more: Sequence[Step], dice: Random) -> tuple[Step, ...]:
    """The steps with others among them, never before the first one."""
    found = [*steps]
    for step in more:
        found.insert(dice.randint(min(1, len(found)), len(found)), step)
    return tuple(found[:LONGEST])


def _has(step: Step, name: str) -> bool:
    return name in {field.name for field in fields(step)}  # type: ignore[arg-type]  # every step is a dataclass


def _with(step: Step, **changes: Any) -> Any:
    return replace(step, **changes)  # type: ignore[type-var]  # every step is a dataclass


# --- a Publer of its own temper ---------------------------------------------------------------------------------------


def _tempered(history: History, dice: Random) -> History:
    names = sorted(TEMPERS)
    drawn = tuple(sorted(dice.sample(names, dice.choice((1, 1, 1, 2)))))
    steps = tuple(
        replace(step, options=step.options | {"--allow-rewritten"})
        if isinstance(step, Apply) and dice.random() < 0.05
        else step
        for step in history.steps
    )
    return replace(history, start=replace(history.start, tempers=drawn), steps=steps)


# --- two machines with two clocks -------------------------------------------------------------------------------------

SKEWS = (0, 1, -1, 45, -45, 110, -110, 600, -600, 4 * 3600, -4 * 3600, 20 * 3600, -20 * 3600)
"""Seconds by which a clock is ahead."""
JUMPS = (*SKEWS, 86_400 * 3, -86_400 * 3, 86_400 * 60, -86_400 * 10)


def _clocks(history: History, dice: Random) -> History:
    """The ledger is on a branch; each machine has the newest files, or others."""
    start = replace(history.start, branch=True, clocks=(dice.choice(SKEWS), dice.choice(JUMPS)))
    more: list[Step] = [Sit(dice.randrange(2)) for _ in range(dice.randint(2, 4))]
    for _ in range(dice.randint(0, 3)):
        # a clock that is off by days comes back, as NTP brings it
        jump = [SetClock(dice.randrange(2), dice.choice(JUMPS))]
        more += jump if dice.random() < 0.5 else [*jump, SetClock(dice.randrange(2), dice.choice(SKEWS))]
    steps = [_jumping(step, dice) if isinstance(step, Apply) else step for step in history.steps]
    if dice.random() < 0.4:  # a machine that is far ahead holds, and another one goes on
        book = dice.randrange(len(start.calendars))
        place = dice.randint(min(1, len(steps)), len(steps))
        cut = strikes_of(dice, 0.5)
        steps[place:place] = [SetClock(1, 86_400 * 60), Sit(1), PutOnHold("", book, cut), Sit(0), Apply(book)]
    return replace(history, start=start, steps=_spread(steps, more, dice))


def _jumping(step: Apply, dice: Random) -> Apply:
    """In the middle of a run, too."""
    if dice.random() >= 0.25:
        return step
    jump = Strike("jump", "any", dice.randint(1, 12), dice.choice(JUMPS))
    return replace(step, strikes=(*step.strikes, jump))


# --- sixty days with a few posts --------------------------------------------------------------------------------------


def _days(history: History, dice: Random) -> History:
    calendars = tuple(
        tuple(_far(want, history.start.at, dice) for want in wants[:3]) for wants in history.start.calendars
    )
    steps = [_long(step, dice) for step in history.steps]
    return replace(history, start=replace(history.start, calendars=calendars), steps=tuple(steps))


def _far(want: Want, now: Any, dice: Random) -> Want:
    away = dice.choice((1, 3, 10, 25, 32, 40, 60)) * DAY + dice.randrange(DAY)
    return replace(want, at=(now + away * MINUTE).replace(second=0, microsecond=0))


def _long(step: Step, dice: Random) -> Step:
    match step:
        case Wait(post=None) if step.minutes >= 200:
            return replace(step, minutes=dice.choice((2, 8, 20, 31, 36)) * DAY)
        case Edit(kind="move") if abs(step.amount) >= 240:
            return replace(step, amount=dice.choice((-20, -3, 2, 7, 33, 50)) * DAY)
        case Colleague(kind="move") if step.amount >= 90:
            return replace(step, amount=dice.choice((3, 20, 45)) * DAY)
        case _:
            return step


# --- three calendars in one place -------------------------------------------------------------------------------------


def _three(history: History, dice: Random) -> History:
    """Their ledger is one; posts are cut from one and pasted into another."""
    calendars: list[tuple[Want, ...]] = [*history.start.calendars]
    line = max((want.line for wants in calendars for want in wants), default=0)
    while len(calendars) < 3:
        wants: list[Want] = []
        for _ in range(dice.randint(0, 2)):
            line += 1
            at = history.start.at + dice.choice((40, 200, 700, 1500, 3000)) * MINUTE
            at = (at + dice.randrange(30) * MINUTE).replace(second=0, microsecond=0)
            account = dice.choice(("facebook", "facebook", "linkedin"))
            wants.append(Want(line, account, at, f"words {line}", id=f"post-{line}"))
        slots = {want.slot for each in calendars for want in each}
        calendars.append(tuple(want for want in wants if want.slot not in slots))
    steps = [_with(step, book=dice.randrange(3)) if _has(step, "book") else step for step in history.steps]
    steps = [
        replace(step, together=dice.random() < 0.3) if isinstance(step, Apply) else step for step in steps
    ]
    more: list[Step] = []
    for _ in range(dice.randint(1, 3)):
        more += [
            Edit("give", dice.randrange(6), book=dice.randrange(3)),
            Apply(dice.randrange(3), together=dice.random() < 0.3),
        ]
    start = replace(history.start, calendars=tuple(calendars))
    return replace(history, start=start, steps=_spread(steps, more, dice))


# --- pictures alone ---------------------------------------------------------------------------------------------------


def _pictures(history: History, dice: Random) -> History:
    """Half of the posts have no words, but ids."""
    calendars = tuple(
        tuple(_wordless(want, dice) if dice.random() < 0.5 else want for want in wants)
        for wants in history.start.calendars
    )
    return replace(history, start=replace(history.start, calendars=calendars))


def _wordless(want: Want, dice: Random) -> Want:
    return replace(want, text="", pictures=dice.choice((1, 1, 2)))


# --- a hold in the settings -------------------------------------------------------------------------------------------


def _settings(history: History, dice: Random) -> History:
    """Holds of the settings come and go, beside those of the command."""
    more: list[Step] = []
    for _ in range(dice.randint(1, 2)):
        book, scope = dice.randrange(len(history.start.calendars)), dice.choice(("all", "a", "b", "facebook"))
        more += [HoldInSettings(scope, book), Apply(book), HoldInSettings("", book)]
    steps = [*history.steps]
    place = 0
    for step in more:  # in this order
        place = dice.randint(min(place + 1, len(steps)), len(steps))
        steps.insert(place, step)
    return replace(history, steps=tuple(steps[:LONGEST]))


# --- files judged by commit -------------------------------------------------------------------------------------------


def _commits(history: History, dice: Random) -> History:
    """The calendar is in git: a checkout that lacks what was applied last undoes nothing."""
    steps = [
        replace(step, older=dice.choice((0, 1, 1, 2)))
        if isinstance(step, Apply) and dice.random() < 0.4
        else step
        for step in history.steps
    ]
    return replace(history, start=replace(history.start, commits=True), steps=tuple(steps))


# --- calendars that leave, or get another name ------------------------------------------------------------------------


def _names(history: History, dice: Random) -> History:
    books = len(history.start.calendars)
    more: list[Step] = []
    for _ in range(dice.randint(1, 2)):
        book = dice.randrange(books)
        more.append(dice.choice((Rename(book), Rename(book), ForgetAll(book), Leave(book))))
    return replace(history, steps=_spread(history.steps, more, dice))


# --- two applies at once ----------------------------------------------------------------------------------------------


def _at_once(history: History, dice: Random) -> History:
    """On a branch, where no lock keeps them apart."""
    books = len(history.start.calendars)

    def beside(step: Step) -> Step:
        if not isinstance(step, Apply) or step.together or dice.random() >= 0.5:
            return step
        other = Apply(
            step.book if dice.random() < 0.7 else dice.randrange(books), older=dice.choice((0, 0, 1))
        )
        point = dice.choice(("SAVE", "SAVE", "GET"))
        return replace(
            step,
            strikes=(*step.strikes, Strike("meanwhile", point, dice.randint(1, 5), meanwhile=other)),
        )

    steps = tuple(beside(step) for step in history.steps)
    return replace(history, start=replace(history.start, branch=True), steps=steps)


# --- accounts that were connected again -------------------------------------------------------------------------------


def _reconnected(history: History, dice: Random) -> History:
    """Somebody takes its posts along at once, after an apply, or never until the end."""
    steps = [*history.steps]
    place = dice.randint(min(1, len(steps)), len(steps))
    account = dice.choice(("facebook", "facebook", "facebook", "linkedin"))
    books = len(history.start.calendars)
    more: list[Step] = [Reconnect(account, dropped=dice.random() < 0.3)]
    for book in range(books):
        more += [Apply(book)] if dice.random() < 0.4 else []
        more += [TakeAlong(account, book, strikes_of(dice, 0.3))] if dice.random() < 0.8 else []
        recreate = frozenset({"--allow-recreate"}) if dice.random() < 0.5 else frozenset[str]()
        more += [Apply(book, recreate)] if dice.random() < 0.7 else []
    for step in more:  # in this order
        steps.insert(place, step)
        place += dice.choice((1, 1, 1, 2, 3))
    return replace(history, steps=tuple(steps[:LONGEST]))


# --- ledgers that go to another place ---------------------------------------------------------------------------------


def _places(history: History, dice: Random) -> History:
    books = len(history.start.calendars)
    steps = [*history.steps]
    for _ in range(dice.randint(1, 3)):
        book = dice.randrange(books)
        place = dice.randint(min(1, len(steps)), len(steps))
        cut = (
            Strike(
                dice.choice(("kill_before", "kill_after", "unsaved", "unheard")),
                "SAVE",
                dice.choice((1, 1, 2)),
            ),
        )
        struck = dice.random() < 0.4
        more: list[Step] = [MoveLedger(book, cut if struck else (), written=dice.random() < 0.7)]
        more += [MoveLedger(book)] if struck and dice.random() < 0.7 else []
        more += [Apply(book, together=dice.random() < 0.3)] if dice.random() < 0.5 else []
        more += [WritePlace(book), Apply(book)] if dice.random() < 0.7 else []
        steps[place:place] = more
    start = replace(
        history.start,
        second_place=dice.choice(("folder", "branch")) if not history.start.branch else "folder",
    )
    return replace(history, start=start, steps=tuple(steps[:LONGEST]))


# --- writes that are cut off ------------------------------------------------------------------------------------------


def _writes(history: History, dice: Random) -> History:
    """Every other command is killed at a write of the ledger, or hears that one failed which is done."""

    def cut(step: Step) -> Step:
        if not isinstance(step, Apply | PutOnHold | Release) or dice.random() >= 0.5:
            return step
        kind = dice.choice(("unheard", "unheard", "kill_before", "kill_after", "unsaved"))
        strike = Strike(kind, "SAVE", dice.choice((1, 1, 2, 2, 3, 4, 5)))
        return replace(step, strikes=(*step.strikes, strike))

    return replace(history, steps=tuple(map(cut, history.steps)))


# --- a workspace with another name ------------------------------------------------------------------------------------


def _workspace(history: History, dice: Random) -> History:
    """Until the settings say it, everything is refused but a hold."""
    books = len(history.start.calendars)
    steps = [*history.steps]
    place = dice.randint(min(1, len(steps)), len(steps))
    more: list[Step] = [RenameWorkspace()]
    more += [Apply(dice.randrange(books)), PutOnHold(dice.choice(("", "a")), dice.randrange(books))]
    for step in [*more, *map(NameWorkspace, range(books)), Apply(dice.randrange(books))]:  # in this order
        steps.insert(place, step)
        place = min(place + dice.choice((1, 1, 2, 3)), len(steps))
    start = replace(history.start, renames_workspace=True)
    return replace(history, start=start, steps=tuple(steps[:LONGEST]))


# --- folders that are copied ------------------------------------------------------------------------------------------


def _copied(history: History, dice: Random) -> History:
    """With the name of the first one, with another one, in its place, or for a while."""
    steps = [*history.steps]
    place = dice.randint(min(1, len(steps)), len(steps))
    first, copy = dice.randrange(len(history.start.calendars)), len(history.start.calendars)
    after = dice.choice((NameCopy, NameCopy, NameCopy, KeepCopy, DeleteCopy))
    more: list[Step] = [CopyFolder(first, named=dice.random() < 0.3)]
    more += [
        Apply(copy, together=dice.random() < 0.3),
        Edit(dice.choice((*EDITED,)), dice.randrange(6), book=copy),
    ]
    if after is NameCopy and dice.random() < 0.3:
        more += [NameCopy(copy), CopyPart(first, copy)]
    more += [
        after(copy),
        Apply(copy, strikes=strikes_of(dice, 0.2)),
        Apply(first, together=dice.random() < 0.3),
    ]
    more += [Edit("remove", dice.randrange(6), book=dice.choice((first, copy))), Apply(copy)]
    for step in more:  # in this order
        steps.insert(place, step)
        place = min(place + dice.choice((1, 1, 2)), len(steps))
    start = replace(history.start, shared=dice.random() < 0.5)
    return replace(history, start=start, steps=tuple(steps[: LONGEST + 4]))


# --- posts that change accounts, colleagues who exchange two, and faults that last ------------------------------------


def _rough(history: History, dice: Random) -> History:
    """What each command meets lasts, or is somebody else's: an outage, Cloudflare, a web page, a list or a DELETE without posts."""

    def met(step: Step, chance: float = 0.5) -> Step:
        if not isinstance(step, Apply | PutOnHold | Release) or dice.random() >= chance:
            return step
        kind, points = dice.choice(ROUGH)
        nth = 1 if points == ("DELETE",) else dice.choice((1, 1, 1, 2, 2, 3, 4, 6))
        return replace(step, strikes=(*step.strikes, Strike(kind, dice.choice(points), nth)))

    books = len(history.start.calendars)
    steps = [met(step) for step in history.steps]
    for _ in range(dice.randint(1, 3)):
        book, place = dice.randrange(books), dice.randint(min(1, len(steps)), len(steps))
        change = dice.choice(
            (Edit("account", dice.randrange(6), book=book), Colleague("exchange", *dice.sample(range(6), 2)))
        )
        steps[place:place] = [change, met(Apply(book), 0.8)]
    return replace(history, steps=tuple(steps[:LONGEST]))


# --- a question that waits -----------------------------------------------------------------------------------------------


def _questions(history: History, dice: Random) -> History:
    """Colleagues act between a plan and the yes to it, mostly long enough before it that apply lists again."""
    drafts = any(want.draft for wants in history.start.calendars for want in wants)

    def asked(step: Step) -> Step:
        if not isinstance(step, Apply) or step.together or dice.random() >= 0.6:
            return step
        waits = [
            Strike("waits", "YES", 1, dice.choice((5, 70, 70, 70, 300, 900)), _colleague(dice, drafts=drafts))
            for _ in range(dice.choice((1, 1, 2)))
        ]
        short = [Strike("rows_left_out", "GET", dice.randint(3, 7))] if dice.random() < 0.3 else []
        return replace(step, strikes=(*waits, *short))

    books = len(history.start.calendars)
    more: list[Step] = []
    for _ in range(dice.randint(1, 3)):
        book = dice.randrange(books)
        more += [Edit(dice.choice((*EDITED,)), dice.randrange(6), book=book), Apply(book)]
    return replace(history, steps=tuple(map(asked, _spread(history.steps, more, dice))))


def _colleague(dice: Random, *, drafts: bool) -> Colleague:
    """Who moves one moves it often to a day on which apply has nothing to do. Of two drafts with one text nothing tells which is whose."""
    colleague = colleague_of(dice)
    if colleague.kind == "move" and dice.random() < 0.5:
        return replace(colleague, amount=dice.choice((3, 8, 20)) * DAY)
    return replace(colleague, kind="text") if drafts and colleague.kind == "twin" else colleague


# --- words that go from post to post -------------------------------------------------------------------------------------


def _words(history: History, dice: Random) -> History:
    """Posts swap their words, two or more of them, while some are about to be published or a colleague edits them, and options let them through."""
    books = len(history.start.calendars)
    more: list[Step] = []
    for _ in range(dice.randint(1, 3)):
        book, one, other, third = dice.randrange(books), *dice.sample(range(6), 3)
        more.append(Edit("words", one, other, book=book))
        if dice.random() < 0.4:
            more.append(Edit(dice.choice(("words", "words", "swap")), other, third, book=book))
        if dice.random() < 0.4:
            more.append(colleague_of(dice))
        if dice.random() < 0.3:
            more.append(Edit("near", one, amount=dice.choice((3, 10, 17, 20)), book=book))
        ways = ((), ("--allow-frozen",), ("--overwrite-edits",), ("--allow-frozen", "--overwrite-edits"))
        more += [Apply(book, frozenset(each), strikes_of(dice, 0.3)) for each in ways if dice.random() < 0.4]
    return replace(history, steps=_spread(history.steps, more, dice))


ROUGH = (
    ("outage", ("GET", "write", "any")),
    ("outage", ("POST", "DELETE")),
    ("shut", ("GET", "write", "any")),
    ("page", ("POST", "PUT", "DELETE", "any")),
    ("empty_page", ("GET",)),
    ("empty_lists", ("GET",)),
    ("empty_lists", ("GET",)),
    ("delete_nothing", ("DELETE",)),
    ("delete_nothing", ("DELETE",)),
)
"""What goes wrong, and where."""
EDITED = ("remove", "move", "text", "day", "add", "give")
"""What people do to a copy."""
KINDS: dict[str, Callable[[History, Random], History]] = {
    "tempered": _tempered,
    "clocks": _clocks,
    "days": _days,
    "three": _three,
    "pictures": _pictures,
    "settings": _settings,
    "commits": _commits,
    "names": _names,
    "at-once": _at_once,
    "reconnected": _reconnected,
    "places": _places,
    "writes": _writes,
    "workspace": _workspace,
    "copied": _copied,
    "rough": _rough,
    "questions": _questions,
    "words": _words,
}
FRESH = {"plain": 70, "tempered": 30}
"""How often a fresh history is of a kind; those that are not here are run at night."""
