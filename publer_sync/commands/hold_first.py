"""What hold over several calendars does before it asks anything of Publer: it reads the states, asks once, and writes every hold.

A running apply of the last calendar ends as soon as one of the first. What can't be known without Publer, such as the ids of accounts
that the settings name, is asked for after all else is written.
"""

from __future__ import annotations

import os
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from publer_sync.calendar.outside import repository_of
from publer_sync.clock import Clock
from publer_sync.commands import several
from publer_sync.commands.access import Connections, LastStates, open_access, open_store, place_of, service_of
from publer_sync.commands.environment import Environment
from publer_sync.commands.hold_scope import labelled, scope_of
from publer_sync.commands.problems import explained
from publer_sync.commands.shared import confirm
from publer_sync.errors import PublerSyncError, ServiceError
from publer_sync.holding.scope import in_scope, with_hold
from publer_sync.ledger.git_store import GitStore, workspaces_on
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.store import GIT, check
from publer_sync.model import Account
from publer_sync.render import hold as hold_page
from publer_sync.service import is_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.choice import Choice, HoldRequest
    from publer_sync.commands.progress import ProgressLine
    from publer_sync.holding.report import HeldPost, HoldReport
    from publer_sync.ledger.place import Store
    from publer_sync.ledger.state import State
    from publer_sync.publer.gateway import UrgentPubler
    from publer_sync.render.several import Ending

WRITING_SECONDS = 30.0
"""How long to repeat a push that others got ahead of; each calendar's own turn writes its hold again."""


NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class HoldOfSeveral:
    """The calendars of one hold, each with its choice: `make` holds one, `end` shows what came of it."""

    tops: Sequence[Path | None]
    read: Callable[[Path | None], Calendar]
    choice_of: Callable[[Path | None], Choice]
    make: Callable[[Calendar, Choice, HoldRequest, Connections[UrgentPubler], ProgressLine], HoldReport]
    end: Callable[[HoldReport, Choice], Ending]
    connections: Connections[UrgentPubler]
    progress: ProgressLine
    style: str

    def stop(self, top: Path | None, request: HoldRequest) -> HoldReport:
        choice, calendar = self.choice_of(top), self.read(top)
        with explained(calendar, style=self.style):
            return self.make(calendar, choice, request, self.connections, self.progress)

    def ended(self, top: Path | None, report: HoldReport) -> Ending:
        return self.end(report, self.choice_of(top))

    def each(
        self, one: Callable[[Path | None], Ending], tops: Sequence[Path | None] | None = None
    ) -> list[tuple[str, Ending]]:
        tops = self.tops if tops is None else tops
        return list(several.each(tops, one, style=self.style, doing="hold", progress=self.progress))

    def soonest_first(self) -> Sequence[Path | None]:
        """In the order of their next posts: with hundreds, Publer's limit would make the last wait too long."""
        states = LastStates(self.connections)

        def when(top: Path | None) -> datetime:
            try:
                return next_due(self.read(top), self.choice_of(top), states)
            except ServiceError:
                raise
            except PublerSyncError:
                return NEVER  # its turn tells what is wrong

        try:
            return sorted(self.tops, key=when)
        except ServiceError:
            return self.tops


def next_due(calendar: Calendar, choice: Choice, states: LastStates[UrgentPubler]) -> datetime:
    """When the next managed post of a calendar is published, as its state has it."""
    state = None if choice.sandbox else states.of(calendar, choice)  # a sandbox of its own is not waited for
    if state is None:
        return NEVER
    everything = Hold("", Clock().now())
    posts = in_scope(state, everything, [copy.account for copy in state.copies.values()])
    return posts[0].at if posts else NEVER


@dataclass(frozen=True, slots=True)
class First:
    """A calendar that has a state, and the hold that is meant for it."""

    calendar: Calendar
    store: Store
    state: State
    hold: Hold
    accounts: dict[str, Account]

    @property
    def going(self) -> tuple[HeldPost, ...]:
        """What is in scope, as far as the state and the files tell."""
        ids = [*{copy.account for copy in self.state.copies.values()}]
        wanted = labelled(self.calendar, self.state, self.accounts) if self.hold.labels else {}
        return in_scope(self.state, self.hold, ids, wanted)


def write_first(together: HoldOfSeveral, request: HoldRequest) -> None:
    """Ask, unless the command says yes, and write every hold. What goes wrong here, the calendar's own turn tells."""
    rehearsal = any(together.choice_of(top).sandbox for top in together.tops)
    found = {} if rehearsal else _of_states(together, request)
    rest = [] if rehearsal else [top for top in together.tops if top not in found]
    if request.yes:
        _write([*found.values()])
        _write([*_of_publer(together, request, rest).values()])
        return
    found |= _of_publer(together, request, rest)
    names = {
        top: hold_page.Going(first.calendar.settings.timezone, first.going) for top, first in found.items()
    }
    together.progress.close()
    confirm(
        hold_page.question_of_several(
            len(together.tops), {str(top or "."): going for top, going in names.items()}, Clock().now()
        )
    )
    _write([*found.values()])


def _of_states(together: HoldOfSeveral, request: HoldRequest) -> dict[Path | None, First]:
    """What can be known without Publer."""
    leaders: dict[object, GitStore] = {}
    found = {}
    for top in together.tops:
        with suppress(PublerSyncError):
            first = _without_publer(together.read(top), together.choice_of(top), request, leaders)
            if first is not None:
                found[top] = first
    return found


def _without_publer(
    calendar: Calendar, choice: Choice, request: HoldRequest, leaders: dict[object, GitStore]
) -> First | None:
    environment, clock = Environment.of(os.environ), Clock()
    accounts = {
        ref.alias: Account(ref.name, ref.name, ref.provider or "", alias=ref.alias)
        for ref in calendar.settings.accounts
        if is_id(ref.name) and (ref.provider or not request.networks)
    }
    if (choice.accounts or request.networks) and len(accounts) < len(calendar.settings.accounts):
        return None
    workspace = _workspace(calendar, choice, environment)
    if workspace is None:
        return None
    store = open_store(calendar, choice, environment, workspace, clock)
    if isinstance(store, GitStore):
        leader = leaders.setdefault((store.place, repository_of(calendar.top)), store)
        state = store.read() if leader is store else store.read_beside(leader)
    else:
        state = store.read()
    if state is None:
        return None
    check(
        state,
        service=service_of(choice, environment),
        workspace_id=workspace or state.workspace_id,
        calendar=calendar.settings.name,
        top=calendar.top,
        place=store.place,
    )
    hold, _ = scope_of(calendar, choice, request, accounts, clock.now())
    return First(calendar, store, state, hold, accounts) if hold is not None else None


def _workspace(calendar: Calendar, choice: Choice, environment: Environment) -> str | None:
    """The id of the calendar's workspace; "" where the state is a file, which tells it; None where only Publer knows."""
    place, _ = place_of(calendar, environment, choice)
    named = calendar.settings.workspace or environment.workspace
    if named and is_id(named):
        return named
    if place is None or not place.startswith(GIT):
        return ""
    states = workspaces_on(place.removeprefix(GIT), top=calendar.top, calendar=calendar.settings.name)
    hits = [each for each, name in states.items() if _is_called(each, name, named)]
    return hits[0] if len(hits) == 1 else None


def _is_called(workspace: str, name: str, word: str | None) -> bool:
    return word is None or word == workspace or name.strip().casefold() == word.strip().casefold()


def _of_publer(
    together: HoldOfSeveral, request: HoldRequest, tops: list[Path | None]
) -> dict[Path | None, First]:
    """The same for those whose workspace or accounts only Publer knows: one request for all workspaces, one for the accounts of each."""
    found = {}
    for top in tops:
        with suppress(PublerSyncError), ExitStack() as stack:
            calendar, choice = together.read(top), together.choice_of(top)
            access = open_access(calendar, choice, stack, together.connections, lenient=True)
            state = access.state()
            hold, _ = scope_of(calendar, choice, request, access.accounts, access.clock.now())
            if state is not None and hold is not None:
                found[top] = First(calendar, access.store, state, hold, dict(access.accounts))
    return found


def _write(firsts: list[First]) -> None:
    for group in _by_branch(firsts):
        leader = group[0].store
        with suppress(PublerSyncError):
            if isinstance(leader, GitStore):
                changes = {
                    each.store: partial(with_hold, hold=each.hold)
                    for each in group
                    if isinstance(each.store, GitStore)
                }
                leader.change_together(changes, WRITING_SECONDS)
            else:
                leader.announce(group[0].hold)


def _by_branch(firsts: list[First]) -> Iterator[list[First]]:
    """Those whose states are in files first, each alone: theirs takes no network."""
    branches: dict[object, list[First]] = {}
    for each in firsts:
        if isinstance(each.store, GitStore):
            branches.setdefault((each.store.place, repository_of(each.calendar.top)), []).append(each)
        else:
            yield [each]
    yield from branches.values()
