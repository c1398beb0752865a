"""From a seed to a history: what the world is like, and the steps in it.

Some steps come in groups that belong together: an edit, a run that is cut off, and the minute of a post. By chance alone
such a group would take too many seeds.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from publer_sync.sandbox.tempers import TEMPERS
from tests.simulate.edits import Edit
from tests.simulate.history import History, Start
from tests.simulate.kinds import kind_of, shaped
from tests.simulate.pulls import Pull
from tests.simulate.steps import (
    MINUTE,
    Apply,
    Colleague,
    Configure,
    Fail,
    Forget,
    PutOnHold,
    Release,
    Restore,
    Wait,
)
from tests.simulate.strikes import colleague_of, made, strike_of, strikes_of
from tests.simulate.wants import Want
from tests.simulate.wire import Strike

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.simulate.steps import Step

EPOCH = datetime(2027, 3, 1, tzinfo=UTC)
LEAST, MOST = 6, 12
"""Groups of steps."""
LONGEST = 18
"""Steps."""
OPTIONS = ("--allow-twins", "--overwrite-edits", "--allow-recreate", "--allow-frozen")


TEMPERED = 0.6
"""How many worlds have a Publer that answers otherwise than its documents let expect."""


def history_of(seed: int, *, kind: str = "mixed", tempers: tuple[str, ...] | None = ()) -> History:
    """`kind` is one of `kinds`, or mixed, or fresh, which draws one.

    In all but mixed histories each post has an id and words of its own, so that nothing is left to a person's judgement.
    `tempers` are those of its Publer; None draws them, and leaves all else of the history as it is.
    """
    dice, plain = Random(seed), kind != "mixed"
    kind = kind_of(seed) if kind == "fresh" else kind
    start = _start(dice, plain=plain)
    start = replace(start, tempers=_tempers(Random(f"tempers of {seed}")) if tempers is None else tempers)
    steps: list[Step] = []
    for _ in range(dice.randint(LEAST, MOST)):
        steps += _steps(dice, start, first=not steps)
    history = History(seed, start, tuple(steps[:LONGEST]))
    return shaped(history, kind) if plain else history


# --- the start ------------------------------------------------------------------------------------------------------


def _start(dice: Random, *, plain: bool) -> Start:
    at = EPOCH + timedelta(days=dice.randrange(7), hours=dice.randrange(24), minutes=dice.randrange(60))
    books = 2 if dice.random() < 0.2 else 1
    line = 0
    calendars: list[tuple[Want, ...]] = []
    for _ in range(books):
        wants: list[Want] = []
        for _ in range(dice.randint(1, 4)):
            line += 1
            want = _want(dice, at, line, wants)
            if plain:
                want = replace(want, text=f"words {line}", id=f"post-{line}")
            if want.slot not in {each.slot for one in (*calendars, wants) for each in one}:
                wants.append(want)
        calendars.append(tuple(wants))
    return Start(
        at=at,
        calendars=tuple(calendars),
        lag=timedelta(seconds=dice.choice((0, 30, 60, 60, 60, 120))),
        published_ids=dice.choice(("later", "integer", "integer", "kept")),
        published_times=dice.choice(("actual", "kept")),
        branch=dice.random() < (0.7 if books == 2 else 0.4),
        prune="none" if dice.random() < 0.12 else "owned",
        edits="overwrite" if dice.random() < 0.1 else "ask",
        plain=plain,
    )


def _tempers(dice: Random) -> tuple[str, ...]:
    if dice.random() >= TEMPERED:
        return ()
    return tuple(sorted(dice.sample([*TEMPERS], dice.choice((1, 1, 1, 2)))))


def _want(dice: Random, now: datetime, line: int, others: list[Want]) -> Want:
    away = dice.choice((25, 45, 90, 200, 600, 1440, 1500, 2880, 4000)) + dice.randrange(30)
    words = dice.random()
    text = f"words {line}"
    if words < 0.2 and others:
        text = dice.choice(others).text
    elif words < 0.32:
        text = ""
    return Want(
        line,
        dice.choice(("facebook", "facebook", "facebook", "linkedin")),
        (now + away * MINUTE).replace(second=0, microsecond=0),
        text,
        id=f"post-{line}" if dice.random() < 0.65 else None,
        label=dice.choice((None, None, "a", "b")),
        comment="first" if dice.random() < 0.1 else None,
        pictures=1 if not text or dice.random() < 0.1 else 0,
        draft=dice.random() < 0.08,
    )


# --- steps ----------------------------------------------------------------------------------------------------------

WEIGHTS = {
    "apply": 24,
    "cut off": 20,
    "edit": 16,
    "colleague": 14,
    "wait": 14,
    "hold": 4,
    "release": 4,
    "fail": 3,
    "between": 6,
    "unseen": 3,
    "at once": 4,
    "failures": 2,
    "swap": 3,
    "move all": 3,
    "hold at once": 3,
    "early": 2,
    "late": 2,
    "echo": 2,
    "remake": 2,
    "forget": 1.5,
    "pull": 1.5,
    "restore": 2,
    "configure": 2,
}


def _steps(dice: Random, start: Start, *, first: bool) -> list[Step]:
    """One step, or a few that belong together."""
    books = len(start.calendars)
    book, which = dice.randrange(books), dice.randrange(6)
    if first and dice.random() < 0.9:
        return [_apply(dice, books, book, calm=dice.random() < 0.7)]
    match dice.choices([*WEIGHTS], [*WEIGHTS.values()])[0]:
        case "apply":
            return [_apply(dice, books, book)]
        case "edit":
            return [_edit(dice, book) for _ in range(dice.choice((1, 1, 2)))]
        case "cut off":
            edits = [_edit(dice, book) for _ in range(dice.choice((1, 1, 1, 2)))]
            strike = strike_of(dice, deadly=dice.random() < 0.6)
            return [*edits, Apply(book, strikes=(strike,)), _wait(dice)]
        case "colleague":
            return [colleague_of(dice)]
        case "wait":
            return [_wait(dice)]
        case "hold":
            return [PutOnHold(_scope(dice), book, strikes_of(dice, 0.4))]
        case "release":
            return [Release(book, strikes_of(dice, 0.3))]
        case "fail":  # sometimes unseen until somebody ends a hold, days later
            fails: list[Step] = [Fail(fails=True), Wait(5, 0), Fail(fails=False)]
            if dice.random() < 0.5:
                return fails
            return [PutOnHold("b", book), *fails, Wait(dice.choice((1500, 6500))), Release(book), Apply(book)]
        case "late":  # a post is removed, and nobody hears that it will be
            late = made(dice, dice.choice(("late", "late_kill")), "DELETE", 1)
            if dice.random() < 0.4:
                return [PutOnHold(_scope(dice), book, (late,)), Release(book)]
            return [Edit("move", which, amount=240, book=book), Apply(book, strikes=(late,)), Apply(book)]
        case "between":  # both posts of a replace are there, and the time of the first one comes
            kinds = ("kill_before", "kill_before", "kill_after", "late_kill", "swallowed", "error_before")
            cut = made(dice, dice.choice(kinds), "DELETE", 1)
            edit = Edit(
                dice.choice(("move", "move", "day", "label")), which, 1, dice.choice((30, 240, 1440)), book
            )
            return [
                edit,
                Apply(book, strikes=(cut,)),
                Wait(dice.choice((1, 3, 40, 70, 100)), 0),
                *_more(dice, book),
            ]
        case "unseen":  # a post is made and published, and nobody saw it
            cut = made(dice, dice.choice(("kill_after", "slow_kill", "late_kill", "lost")), "POST", 1)
            new = Edit("add", which, dice.randrange(6), dice.choice((0, 10, 40)), book)
            later = Edit("move", dice.randrange(6), amount=dice.choice((60, 1440)), book=book)
            return [
                new,
                Apply(book, strikes=(cut,)),
                Wait(dice.choice((1, 3, 40, 100)), 0),
                later,
                *_more(dice, book),
            ]
        case "at once":  # a colleague touches a post while a command changes it
            hand = Colleague(
                dice.choice(("text", "move", "soon", "delete", "publish")), which, dice.choice((5, 30, 90))
            )
            point, nth = dice.choice(
                (("POST", 1), ("PUT", 1), ("PUT", 2), ("SAVE", 2), ("SAVE", 3), ("any", 6))
            )
            strike = Strike("meanwhile", point, nth, meanwhile=hand)
            return [
                _edit(dice, book),
                Edit("text", which, amount=3, book=book),
                Apply(book, strikes=(strike,)),
            ]
        case "failures":  # a job reports more failures than there are, and lists show one of its posts late
            adds = [
                Edit("add", dice.randrange(6), which, dice.choice((40, 120, 1440)), book) for _ in range(2)
            ]
            return [*adds, Apply(book, strikes=(made(dice, "extra_failure", "POST", 1),)), Apply(book)]
        case "swap":  # the new post is refused, and putting the old one back takes long
            swap = Edit("swap", which, dice.randrange(6), book=book)
            refused = Strike("refuse_one", "POST", dice.choice((1, 1, 1, 2)))
            slow = Strike("slow_job", "POST", dice.choice((2, 2, 3)), amount=dice.choice((40, 160, 220)))
            lost = made(dice, dice.choice(("lost", "slow_kill")), "POST", 2)
            strikes = (refused, slow if dice.random() < 0.7 else lost)
            wait = [_wait(dice)] if dice.random() < 0.5 else []
            return [swap, Apply(book, strikes=strikes), *wait, _edit(dice, book), Apply(book)]
        case "move all":
            strike = strike_of(dice, deadly=dice.random() < 0.5)
            stuck = Strike("refuse_whole", "DELETE", 1)
            return [Edit("day", book=book), Apply(book, strikes=(stuck if dice.random() < 0.4 else strike,))]
        case "hold at once":  # a run is cut off with a request under way, and someone stops everything
            slow = Strike("slow", "SAVE", dice.randint(1, 3), amount=dice.choice((5, 25)))
            dies = made(dice, dice.choice(("slow_kill", "late_kill")), "POST", dice.choice((1, 1, 2)))
            return [_edit(dice, book), Apply(book, strikes=(slow, dies)), PutOnHold(_scope(dice), book)]
        case "early":  # someone publishes a post early, and the next apply may recreate what is missing
            publish = Colleague("publish", which)
            options = frozenset(("--allow-recreate",)) if dice.random() < 0.5 else frozenset()
            return [publish, Wait(dice.choice((1, 30, 400))), Apply(book, options), Apply(book, options)]
        case "echo":  # an edit in place is cut off and reverted, and a colleague writes the same words later
            cut = made(
                dice,
                dice.choice(("kill_before", "kill_before", "swallowed")),
                dice.choice(("PUT", "SAVE")),
                1,
            )
            text = Edit("text", which, amount=1 + 2 * dice.randrange(3), book=book)
            settled: list[Step] = [Wait(30), Apply(book)] if dice.random() < 0.7 else []
            return [
                text,
                Apply(book, strikes=(cut,)),
                Edit("revert", book=book),
                *settled,
                Colleague("echo", which),
                Apply(book),
            ]
        case "remake":  # a colleague makes a post again by hand, and it leaves the calendar
            kind = dice.choice(("remove", "remove", "move", "both"))
            return [
                Colleague("remake", which),
                Edit(kind, which, amount=60, book=book),
                _apply(dice, books, book),
            ]
        case "pull":
            return [Pull(book, dice.random() < 0.5, dice.choice((None, "publer", "calendar")))]
        case "forget":
            return [Forget(which, book)]
        case "restore":
            edit = Edit(
                dice.choice(("label", "comment", "label", "text")), which, amount=dice.randrange(6), book=book
            )
            back = Restore(dice.randint(1, 8), book)
            return [edit, Apply(book), back, Edit("revert", amount=dice.randrange(2), book=book), Apply(book)]
        case _:
            settings = (("edits", "overwrite"), ("edits", "ask"), ("prune", "none"), ("prune", "owned"))
            return [Configure(*dice.choice(settings), book)]


def _more(dice: Random, book: int) -> list[Step]:
    """An apply, sometimes after one more edit, sometimes with time in between."""
    edits: list[Step] = [_edit(dice, book)] if dice.random() < 0.3 else []
    return [*edits, Apply(book), *([Wait(dice.choice((2, 70)))] if dice.random() < 0.3 else [])]


def _scope(dice: Random) -> str:
    return dice.choice(("", "", "a", "b", "facebook"))


def _apply(dice: Random, books: int, book: int, *, calm: bool = False) -> Apply:
    options = frozenset(option for option in OPTIONS if dice.random() < 0.04)
    older = 1 if dice.random() < 0.04 else 0
    together = books > 1 and dice.random() < 0.4
    return Apply(book, options, () if calm else strikes_of(dice, 0.4), older, together)


EDITS = {
    "move": 22,
    "near": 8,
    "text": 12,
    "copy_text": 3,
    "day": 5,
    "label": 7,
    "comment": 4,
    "pictures": 3,
    "draft": 4,
    "remove": 8,
    "add": 9,
    "swap": 8,
    "revert": 8,
    "id": 4,
    "give": 4,
    "both": 3,
}
AMOUNTS: dict[str, Sequence[int]] = {
    "move": (-90, -30, 1, 2, 5, 30, 60, 240, 1440, 2880),
    "near": (-30, 3, 10, 17, 20, 30, 45, 60),
    "add": (0, 10, 40, 120, 1440),
}
"""Minutes; what the other kinds take is told at `Edit`."""


def _edit(dice: Random, book: int) -> Edit:
    kind = dice.choices([*EDITS], [*EDITS.values()])[0]
    amount = dice.choice(AMOUNTS.get(kind, range(6))) + (dice.randrange(30) if kind == "add" else 0)
    return Edit(kind, dice.randrange(6), dice.randrange(6), amount, book)


def _wait(dice: Random) -> Wait:
    """Mostly until about the minute of a post."""
    if dice.random() < 0.6:
        return Wait(
            dice.choice((-20, -16, -10, -3, 1, 1, 2, 3, 5, 12, 40, 70)), dice.choice((0, 0, 0, 1, 1, 2))
        )
    return Wait(dice.choice((1, 3, 10, 30, 61, 200, 700, 1440, 5800)))
