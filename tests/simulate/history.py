"""A history as a value, and a history run: how the world starts, its steps, then quiet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from publer_sync.planning.plan import Adopt, Delete, Replace, Update
from publer_sync.sandbox.tempers import TEMPERS
from publer_sync.values.errors import FirstContactError
from tests.simulate import tolerance
from tests.simulate.accounts import TakeAlong
from tests.simulate.conditions import NameWorkspace
from tests.simulate.copying import NameCopy
from tests.simulate.edits import said
from tests.simulate.findings import Finding
from tests.simulate.relocating import WritePlace
from tests.simulate.steps import Apply, Release, Step, Wait
from tests.simulate.wants import when
from tests.simulate.world import World, simulated

if TYPE_CHECKING:
    from datetime import datetime

    from tests.simulate.running import Running
    from tests.simulate.wants import Want

QUIET_WAITS = (0, 2, 5, 15, 60, 60, 0)
"""Minutes between the quiet applies at the end."""
MOST_ENDS = 3
"""How often all times pass."""


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
    plain: bool = False
    """Every post has an id and words of its own: whose a post is can always be known."""
    clocks: tuple[float, ...] = ()
    """How many seconds the clock of each machine is ahead; none: all go right."""
    second_place: Literal["folder", "branch"] = "folder"
    """Where the ledger of a calendar may go."""
    renames_workspace: bool = False
    """Whether the settings name the workspace, which may get another name."""
    shared: bool = True
    """Whether the settings say that several calendars are meant to have the accounts."""
    commits: bool = False
    """Whether the calendars are in git, which tells files that are older."""
    tempers: tuple[str, ...] = ()
    """How Publer answers where its documents leave room (`publer_sync.sandbox.tempers`)."""


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
            with world.folders():
                return _run(world, history)
        finally:
            world.service.close()


def _run(world: World, history: History) -> Ended:
    for number, book in enumerate(world.books):
        name = f"{book.name}: " if len(world.books) > 1 else ""
        posts = "; ".join(said(world, want) for want in book.wants)
        first = f"It is {when(world.now)}. {_conditions(history.start)}" if not number else ""
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
        *(f"Publer {TEMPERS[name].says}." for name in start.tempers),
    ]
    return "".join(f"{each} " for each in told if each)


def _rest(world: World) -> None:
    """Nothing goes wrong any more. Applies run until there is nothing left to do, then all times pass, and one more tells."""
    world.faults.publish_error = None
    world.clocks[:] = [0.0 for _ in world.clocks]
    for number, _ in enumerate(world.books):
        WritePlace(number).do(world)
        NameWorkspace(number).do(world)
        NameCopy(number).do(world)
    for book in world.books:
        book.settings = replace(book.settings, hold=None)
        world.watch.freed(book)
        if book.state is not None and any(not hold.settings for hold in book.state.holds):
            Release(world.books.index(book)).do(world)
    if not world.watch.findings:
        _settle(world)
    if world.watch.findings:
        return
    for _ in range(MOST_ENDS):
        if not _pass_all(world):
            break
    if not world.watch.findings:
        world.watch.end()


def _pass_all(world: World) -> bool:
    """All that Publer has ahead is published, and an apply tells what became of it. Whether it made something anew."""
    ahead = [trace.at for trace in world.service.traces if trace.ahead and trace.at]
    latest = max(ahead, default=world.now)
    Wait(max(0.0, (latest - world.now).total_seconds() / 60) + 30 * 60).do(world)
    world.watch.look()
    for number in range(len(world.books)):
        if not world.watch.findings:
            Apply(number).do(world)
    return not world.watch.findings and any(trace.ahead for trace in world.service.traces)


def _settle(world: World) -> None:
    restless: list[str] = []
    for minutes in QUIET_WAITS:
        if minutes:
            Wait(minutes).do(world)
        restless = []
        for number in range(len(world.books)):
            for account in world.accounts:
                TakeAlong(account, number).do(world)
            Apply(number).do(world)
            # Someone looks, and takes it as it is.
            doubted = tolerance.wants_a_look(world) or _first_is_unseen(world, number)
            if _ended_by_first_contact(world.runs[-1]) or (doubted and _still_does(world.runs[-1])):
                Apply(number, frozenset({"--allow-rewritten"})).do(world)
            if world.watch.findings:
                return
            restless += _still_does(world.runs[-1])
        if not restless:
            return
    world.watch.findings.append(Finding("restless", f"applies never come to rest: {', '.join(restless)}"))


def _first_is_unseen(world: World, number: int) -> bool:
    """Whether Publer accepted the first one of its kind and never listed it: no other is sent before someone looks, as apply says."""
    state = world.books[number].state
    return state is not None and any(copy.alone and copy.unseen for copy in state.copies.values())


def _ended_by_first_contact(running: Running) -> bool:
    return isinstance(running.error, FirstContactError)


def _still_does(running: Running) -> list[str]:
    """What an apply still changed, or waits for. A post that Publer does not delete keeps every apply busy."""
    if tolerance.never_rests(running.world):
        return []
    if not running.ok or running.plan is None:
        return [f"{running.command} ends with {running.error}"]
    if any(trace.undeletable and not trace.gone for trace in running.world.service.traces):
        return []
    return [
        str(change.action)
        for change in running.plan.changes
        if isinstance(change, Update | Replace | Delete | Adopt) or change.action in ("create", "pending")
    ]
