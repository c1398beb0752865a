"""What hold over several calendars does before it asks anything of Publer: it reads the states, asks once, and writes every hold.

A running apply of the last calendar ends as soon as one of the first. What can't be known without Publer, such as the ids of accounts
that the settings name, is asked for after all else is written.
"""

from __future__ import annotations

import os
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from publer_sync.calendar.outside import repository_of
from publer_sync.commands.holding.hold_scope import labelled, scope_of
from publer_sync.commands.reaching.access import open_access
from publer_sync.commands.reaching.environment import Environment
from publer_sync.commands.reaching.parts import KnownParts
from publer_sync.commands.reaching.stores import open_store, places_of, service_of
from publer_sync.commands.running.shared import say
from publer_sync.holding.scope import in_scope, with_hold
from publer_sync.ledger.git_store import GitStore
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.store import check
from publer_sync.machine.clock import Clock
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import PublerSyncError
from publer_sync.values.model import Account
from publer_sync.values.service import is_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.reaching.connections import Connections
    from publer_sync.commands.reaching.places import OtherState
    from publer_sync.commands.running.choice import Choice, HoldRequest
    from publer_sync.ledger.place import Store
    from publer_sync.ledger.repositories import Repositories
    from publer_sync.ledger.state import State
    from publer_sync.planning.plan import Held
    from publer_sync.publer.gateway import UrgentPubler

WRITING_SECONDS = 30.0
"""How long to repeat a push that others got ahead of; each calendar's own turn writes its hold again."""


NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class First:
    """A calendar that has a state, and the hold that is meant for it."""

    calendar: Calendar
    store: Store
    state: State
    hold: Hold
    accounts: dict[str, Account]
    others: tuple[Store, ...] = ()
    """Other places that have a state of the calendar: what is scheduled by them is on hold, too."""

    @property
    def going(self) -> tuple[Held, ...]:
        """What is in scope, as far as the state and the files tell."""
        ids = [*{copy.account for copy in self.state.copies.values()}]
        wanted = labelled(self.calendar, self.state, self.accounts) if self.hold.labels else {}
        return in_scope(self.state, self.hold, ids, wanted)


def next_due(state: State | None) -> datetime:
    """When the next managed post is published, as the state has it."""
    if state is None:
        return NEVER
    posts = in_scope(state, Hold("", Clock().now()), [copy.account for copy in state.copies.values()])
    return posts[0].at if posts else NEVER


def without_publer(
    calendar: Calendar, choice: Choice, request: HoldRequest, repositories: Repositories
) -> First | None:
    """What can be known without Publer; None where it takes Publer, or where something is wrong, which the calendar's turn tells."""
    with suppress(PublerSyncError):
        return None if choice.sandbox else _without_publer(calendar, choice, request, repositories)
    return None


def _without_publer(
    calendar: Calendar, choice: Choice, request: HoldRequest, repositories: Repositories
) -> First | None:
    environment, clock = Environment.of(os.environ), Clock()
    accounts = {
        ref.alias: Account(ref.name, ref.name, ref.provider or "", alias=ref.alias)
        for ref in calendar.settings.accounts
        if is_id(ref.name) and (ref.provider or not request.networks)
    }
    if (choice.accounts or request.networks) and len(accounts) < len(calendar.settings.accounts):
        return None
    workspace = KnownParts(choice, environment, repositories).workspace(calendar)
    if workspace is None:
        return None
    store = open_store(calendar, choice, environment, workspace, clock, repositories)
    if told := store.recover():
        say(f"warning: {told}")
    state = store.read()
    name = calendar.settings.name
    if state is not None:
        check(
            state,
            service=service_of(choice, environment),
            workspace_id=workspace or state.workspace_id,
            calendar=name,
            top=calendar.top,
            place=store.place,
        )
    known = workspace or (state.workspace_id if state else "")
    near: list[OtherState] = []
    if known:
        near += places_of(calendar, choice, environment, known, clock, store, repositories, name=name).near()
    if state is None and near:
        _, store, state = near.pop(0)
    if state is None:
        return None
    hold, _ = scope_of(calendar, choice, request, accounts, clock.now())
    others = tuple(each.store for each in near)
    return First(calendar, store, state, hold, accounts, others) if hold is not None else None


def from_publer(
    calendar: Calendar, choice: Choice, request: HoldRequest, connections: Connections[UrgentPubler]
) -> First | None:
    """The same where only Publer knows the workspace or the accounts: one request for all workspaces, one for the accounts of each."""
    with suppress(PublerSyncError), ExitStack() as stack:
        access = open_access(calendar, choice, stack, connections, lenient=True)
        if told := access.store.recover():
            say(f"warning: {told}")
        state = access.state()
        hold, _ = scope_of(calendar, choice, request, access.accounts, access.clock.now())
        if state is not None and hold is not None:
            others = tuple(each.store for each in access.places.near())
            return First(calendar, access.store, state, hold, dict(access.accounts), others)
    return None


def write_first(firsts: Sequence[First]) -> list[First]:
    """Write every hold; those that are written. What goes wrong here, the calendar's own turn tells."""
    written: list[First] = []
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
            written += group
    for each in firsts:
        for other in each.others:
            with suppress(PublerSyncError):
                if isinstance(other, GitStore):
                    other.change_together({other: partial(with_hold, hold=each.hold)}, WRITING_SECONDS)
                else:
                    other.announce(each.hold)
    return written


def _by_branch(firsts: Sequence[First]) -> Iterator[list[First]]:
    """Those whose states are in files first, each alone: theirs takes no network."""
    branches: dict[object, list[First]] = {}
    for each in firsts:
        if isinstance(each.store, GitStore):
            branches.setdefault((each.store.place, repository_of(each.calendar.top)), []).append(each)
        else:
            yield [each]
    yield from branches.values()
