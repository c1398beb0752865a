"""From a seed to a history, and a history run: how the world starts, then six to twelve steps, then quiet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any, Literal

from publer_sync.planning.plan import Adopt, Delete, Replace, Update
from tests.simulate.steps import (
    MINUTE,
    Apply,
    Colleague,
    Configure,
    Edit,
    Fail,
    Forget,
    PutOnHold,
    Release,
    Restore,
    Step,
    Wait,
    said,
)
from tests.simulate.wants import Want
from tests.simulate.wire import ON_REQUESTS, Strike
from tests.simulate.world import Running, World, simulated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.simulate.invariants import Finding

EPOCH = datetime(2027, 3, 1, tzinfo=UTC)
QUIET_WAITS = (0, 2, 5, 15, 60, 60)
"""Minutes between the quiet applies at the end."""


@dataclass(frozen=True, slots=True)
class Start:
    """The world before the first step."""

    at: datetime
    calendars: tuple[tuple[Want, ...], ...]
    lag: timedelta = timedelta(seconds=60)
    published_ids: Literal["later", "integer", "kept"] = "later"
    published_times: Literal["actual", "kept"] = "actual"
    branch: bool = False
    prune: Literal["owned", "none"] = "owned"
    edits: Literal["ask", "overwrite"] = "ask"


@dataclass(frozen=True, slots=True)
class History:
    seed: int
    start: Start
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a history ended: the first thing that must not be, if any, and the story until then."""

    finding: Finding | None
    sentences: tuple[str, ...]
    applies: int = 0
    requests: int = 0
    step: int | None = None
    """The index of the step in which it was found; None: in the quiet at the end."""


# --- running --------------------------------------------------------------------------------------------------------


def run(history: History) -> Ended:
    with simulated(history.seed):
        world = World(history.start)
        try:
            return _run(world, history)
        finally:
            world.service.close()


def _run(world: World, history: History) -> Ended:
    for number, book in enumerate(world.books):
        name = f"{book.name}: " if len(world.books) > 1 else ""
        posts = "; ".join(said(world, want) for want in book.wants)
        first = f"It is {world.when(world.now)}. {_conditions(history.start)}" if not number else ""
        world.tell(f"{first}{name}The calendar has {posts or 'no posts'}.")
    for index, step in enumerate(history.steps):
        step.do(world)
        world.service.tick()
        world.watch.look()
        if world.watch.findings:
            return _ended(world, index)
    _rest(world)
    return _ended(world, None)


def _ended(world: World, step: int | None) -> Ended:
    finding = world.watch.findings[0] if world.watch.findings else None
    requests = sum(sum(run.counts.values()) for run in world.runs)
    return Ended(finding, tuple(world.sentences), len(world.runs), requests, step)


def _conditions(start: Start) -> str:
    told = [
        "The state is on a branch." if start.branch else "",
        f"Posts are published {start.lag.total_seconds():.0f} s late."
        if start.lag != timedelta(seconds=60)
        else "",
        "Published posts get a new id at once." if start.published_ids == "integer" else "",
        "prune: none." if start.prune == "none" else "",
        "edits: overwrite." if start.edits == "overwrite" else "",
    ]
    return "".join(f"{each} " for each in told if each)


def _rest(world: World) -> None:
    """Nothing goes wrong any more. Applies run until there is nothing left to do, then all times pass, and one more tells."""
    world.faults.publish_error = None
    for book in world.books:
        if book.state is not None and book.state.holds:
            Release(world.books.index(book)).do(world)
    if not world.watch.findings:
        _settle(world)
    if world.watch.findings:
        return
    latest = max((trace.at for trace in world.service.traces if trace.ahead and trace.at), default=world.now)
    Wait(max(0.0, (latest - world.now).total_seconds() / 60) + 30 * 60).do(world)
    world.watch.look()
    for number in range(len(world.books)):
        if not world.watch.findings:
            Apply(number).do(world)
    if not world.watch.findings:
        world.watch.end()


def _settle(world: World) -> None:
    from tests.simulate.invariants import Finding

    restless: list[str] = []
    for minutes in QUIET_WAITS:
        if minutes:
            Wait(minutes).do(world)
        restless = []
        for number in range(len(world.books)):
            Apply(number).do(world)
            if world.watch.findings:
                return
            restless += _still_does(world.runs[-1])
        if not restless:
            return
    world.watch.findings.append(Finding("restless", f"applies never come to rest: {', '.join(restless)}"))


def _still_does(running: Running) -> list[str]:
    """What an apply still changed, or waits for."""
    if not running.ok or running.plan is None:
        return [f"{running.command} ends with {running.error}"]
    return [
        str(change.action)
        for change in running.plan.changes
        if isinstance(change, Update | Replace | Delete | Adopt) or change.action in ("create", "pending")
    ]


# --- from a seed ----------------------------------------------------------------------------------------------------


def history_of(seed: int) -> History:
    dice = Random(seed)
    start = _start(dice)
    steps: list[Step] = []
    for _ in range(dice.randint(6, 12)):
        steps += _steps(dice, start, first=not steps)
    return History(seed, start, tuple(steps[:14]))


def _start(dice: Random) -> Start:
    at = EPOCH + timedelta(days=dice.randrange(7), hours=dice.randrange(24), minutes=dice.randrange(60))
    books = 2 if dice.random() < 0.2 else 1
    line = 0
    calendars: list[tuple[Want, ...]] = []
    for _ in range(books):
        wants: list[Want] = []
        for _ in range(dice.randint(1, 4)):
            line += 1
            want = _want(dice, at, line, wants)
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
    )


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


OPTIONS = ("--allow-twins", "--overwrite-edits", "--allow-recreate", "--allow-frozen")


def _steps(dice: Random, start: Start, *, first: bool) -> list[Step]:
    """One step, or a few that belong together."""
    books = len(start.calendars)
    book = dice.randrange(books)
    kind = "apply" if first and dice.random() < 0.9 else dice.choices([*WEIGHTS], [*WEIGHTS.values()])[0]
    match kind:
        case "apply":
            return [_apply(dice, books, book, calm=first and dice.random() < 0.7)]
        case "edit":
            return [_edit(dice, book) for _ in range(dice.choice((1, 1, 2)))]
        case "change":  # an edit, a run that is cut off, some time
            edits = [_edit(dice, book) for _ in range(dice.choice((1, 1, 1, 2)))]
            strike = (_strike(dice, deadly=dice.random() < 0.6),)
            return [*edits, Apply(book, strikes=strike), _wait(dice)]
        case "colleague":
            return [_colleague(dice)]
        case "wait":
            return [_wait(dice)]
        case "hold":
            strikes = _strikes(dice, 0.35)
            return [PutOnHold(dice.choice(("", "", "a", "b", "facebook")), book, strikes)]
        case "release":
            return [Release(book, _strikes(dice, 0.3))]
        case "fail":
            return [Fail(fails=True), _wait(dice), Fail(fails=False)]
        case "forget":
            return [Forget(dice.randrange(5), book)]
        case "restore":
            return [Restore(dice.randint(1, 8), book), Edit("revert", amount=dice.randrange(2), book=book)]
        case _:
            key, value = dice.choice(
                (("edits", "overwrite"), ("edits", "ask"), ("prune", "none"), ("prune", "owned"))
            )
            return [Configure(key, value, book)]


WEIGHTS = {
    "apply": 26,
    "change": 20,
    "edit": 18,
    "colleague": 16,
    "wait": 16,
    "hold": 5,
    "release": 4,
    "fail": 3,
    "forget": 1.5,
    "restore": 1.5,
    "configure": 2,
}


def _apply(dice: Random, books: int, book: int, *, calm: bool) -> Apply:
    options = frozenset(option for option in OPTIONS if dice.random() < 0.04)
    older = 1 if dice.random() < 0.04 else 0
    together = books > 1 and dice.random() < 0.4
    return Apply(book, options, () if calm else _strikes(dice, 0.4), older, together)


def _edit(dice: Random, book: int) -> Edit:
    kind = dice.choices([*EDITS], [*EDITS.values()])[0]
    amount = dice.choice(AMOUNTS.get(kind, range(6))) + (dice.randrange(30) if kind == "add" else 0)
    return Edit(kind, dice.randrange(6), dice.randrange(6), amount, book)


AMOUNTS: dict[str, Sequence[int]] = {
    "move": (-90, -30, 1, 2, 5, 30, 60, 240, 1440, 2880),
    "near": (-30, 3, 10, 17, 20, 30, 45, 60),
    "add": (0, 10, 40, 120, 1440),
}
"""Minutes; what the other kinds take is told at `Edit`."""
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


def _colleague(dice: Random) -> Colleague:
    kind = dice.choices(
        ("text", "move", "soon", "delete", "publish", "draft", "schedule", "twin", "block", "own"),
        (5, 4, 2, 4, 3, 2, 2, 4, 2, 2),
    )[0]
    amount = dice.choice((-120, -45, 5, 30, 90, 1440)) if kind == "move" else dice.randrange(60)
    return Colleague(kind, dice.randrange(6), amount)


def _wait(dice: Random) -> Wait:
    if dice.random() < 0.6:
        return Wait(
            dice.choice((-20, -16, -10, -3, 1, 1, 2, 3, 5, 12, 40, 70)), dice.choice((0, 0, 0, 1, 1, 2))
        )
    return Wait(dice.choice((1, 3, 10, 30, 61, 200, 700, 1440, 5800)))


def _strikes(dice: Random, chance: float) -> tuple[Strike, ...]:
    if dice.random() >= chance:
        return ()
    more = [_strike(dice, deadly=dice.random() < 0.4)]
    if dice.random() < 0.15:
        more.append(_strike(dice, deadly=False))
    return tuple(more)


def _strike(dice: Random, *, deadly: bool) -> Strike:
    """Mostly at something that changes Publer or the state, sometimes at any request."""
    if dice.random() < 0.2:
        kind = dice.choice(DEADLY_ANYWHERE if deadly else ANYWHERE)
        return _made(dice, kind, dice.randint(1, 24), anywhere=True)
    return _made(dice, dice.choice(DEADLY if deadly else AT_WRITES), dice.choice(NTHS), anywhere=False)


DEADLY_ANYWHERE = ("kill_before", "kill_after")
ANYWHERE = ("slow", "meanwhile", "lost", "error_before", "rows_left_out", "garbage")
DEADLY = ("kill_before", "kill_before", "kill_after", "kill_after", "late_kill")
AT_WRITES = (
    *("slow", "meanwhile", "meanwhile", "late", "late", "slow_job", "slow_job", "refuse_one", "refuse_one"),
    *("lose_one", "extra_failure", "refuse_whole", "unsaved", *ON_REQUESTS),
)
NTHS = (1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 8, 9, 10, 12)
"""An apply saves, posts, saves, deletes, saves: what it does to one post is done within the first few."""


def _made(dice: Random, kind: str, nth: int, *, anywhere: bool) -> Strike:
    seconds: float = 0.0
    meanwhile: Any = None
    match kind:
        case "slow":
            seconds = dice.choice((5, 25, 40, 70))
        case "late" | "late_kill":
            seconds = dice.choice((3, 12, 25))
        case "slow_job":
            seconds = dice.choice((4, 12, 40, 140, 220))
        case "meanwhile":
            meanwhile = _colleague(dice) if dice.random() < 0.8 else PutOnHold(dice.choice(("", "a")))
    return Strike(kind, nth, anywhere, seconds, meanwhile)
