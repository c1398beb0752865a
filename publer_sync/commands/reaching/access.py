"""Connects a command: to Publer or the sandbox, to the workspace and its accounts, and to the state."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Generic

from publer_sync.calendar.outside import dependencies
from publer_sync.commands.reaching import gone, identity, renaming
from publer_sync.commands.reaching.checkouts import Checkouts
from publer_sync.commands.reaching.connections import Connections, Gateway
from publer_sync.commands.reaching.environment import Environment
from publer_sync.commands.reaching.lineage import Lineage
from publer_sync.commands.reaching.neighbours import (
    Alone,
    Look,
    Looks,
    Neighbourhood,
    Surroundings,
    managed_by,
)
from publer_sync.commands.reaching.places import Nowhere, StatePlaces
from publer_sync.commands.reaching.stores import open_store, places_of, service_of
from publer_sync.commands.running.choice import Choice
from publer_sync.commands.running.command_lines import apply_together, command_line, hold_command, letting_go
from publer_sync.ledger import store as stores
from publer_sync.ledger.elsewhere import LedgerPart
from publer_sync.ledger.repositories import Repositories
from publer_sync.ledger.state import KnownAccount, State
from publer_sync.machine.clock import Clock
from publer_sync.planning.lost import is_certain, may_be
from publer_sync.planning.notes import Warn
from publer_sync.planning.resolve import AccountList, find_accounts, find_workspace
from publer_sync.planning.survey import Survey, survey
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import PublerSyncError, SettingsError, StateError
from publer_sync.values.model import Account
from publer_sync.values.printable import one_line, printable_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from contextlib import ExitStack
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.ledger.elsewhere import Elsewhere
    from publer_sync.ledger.hold import Hold
    from publer_sync.ledger.place import Store
    from publer_sync.ledger.runs import RunRecord
    from publer_sync.values.model import Workspace


CLOCK_OFF, CLOCK_WRONG = timedelta(minutes=2), timedelta(days=1)
"""A clock that differs from Publer's by more is a warning, and ends what writes."""


@dataclass(slots=True)
class Access(Generic[Gateway]):
    """A calendar's workspace, accounts and state, until the stack closes on which it was opened. The calendar may have errors."""

    calendar: Calendar
    name: str
    """What the state calls the calendar."""
    publer: Gateway
    workspace: Workspace
    accounts: Mapping[str, Account]
    """The managed ones, by alias."""
    store: Store
    service: str
    clock: Clock
    poll_seconds: float
    requests_before: int = 0
    """Requests that the command had sent for other calendars before this one."""
    neighbours: Surroundings = field(default_factory=Alone)
    places: StatePlaces = field(default_factory=Nowhere)
    lineage: Lineage | None = None
    listed: AccountList = AccountList()
    """All accounts of the workspace."""
    renamed: str | None = None
    """The name that the calendar had, whose part is its own from the next write on."""
    repositories: Repositories = field(default_factory=Repositories)
    checkouts: Checkouts = field(default_factory=Checkouts)
    wrong: StateError | None = None
    """Why this folder may not use the state that was read last."""

    @property
    def accounts_by_id(self) -> dict[str, Account]:
        """The managed ones, by Publer's id."""
        return {account.id: account for account in self.accounts.values()}

    @property
    def known_accounts(self) -> dict[str, Account]:
        """All accounts of the workspace, by Publer's id; the managed ones have their aliases."""
        return {**self.listed.by_id, **self.accounts_by_id}

    def account(self, account: str) -> Account:
        """The account with this id; one that has left Publer is called by its id."""
        return self.known_accounts.get(account) or Account(account, account, "")

    @property
    def account_ids(self) -> tuple[str, ...]:
        return tuple(self.accounts_by_id)

    def state(self, *, trusting: bool = False) -> State | None:
        """The ledger, once it is known to belong here. Raises UntrustedStateError as the store does."""
        state = self.store.read(trusting=trusting)
        if state is None and not (self.places.first or self.calendar.gone):
            self.renamed = renaming.old_name(
                self.calendar, self.accounts, self.store, self.neighbours, self.checkouts, self.name
            )
            state = self.store.instead_of(self.renamed, trusting=trusting) if self.renamed else None
        if state is not None:
            self.check(state, self.store, name=self.name)
            if state.calendar.casefold() == self.name.casefold():
                state.calendar = self.name
            self.wrong = identity.error_of(state, self.store, self.calendar.top, self.name)
            self._settle_in(state)
        return state

    def check(self, state: State, store: Store, *, name: str) -> None:
        """Raise StateError where a state is not that of the calendar `name` in this workspace, or is a marker."""
        stores.check(
            state,
            service=self.service,
            workspace_id=self.workspace.id,
            calendar=name,
            top=self.calendar.top,
            place=store.place,
        )

    def holding(self, hold: Hold) -> str:
        """The command that holds the same posts."""
        names = {account.id: alias for alias, account in self.accounts.items()}
        return hold_command(self.calendar.top, hold, names, self.calendar.settings.timezone)

    def check_waiting(self, store: Store | None = None) -> None:
        """Raise StateError where a hold waits on this machine, which the place of the store does not have yet."""
        store = store or self.store
        for hold in store.waiting()[:1]:
            raise StateError(
                f"a hold waits on this machine, since {store.place} could not be reached or pushed to: {one_line(hold.reason)}",
                code="hold.waiting",
                hint=f"Push it: {self.holding(hold)}\nOr drop it, which puts its posts back: "
                f"{command_line('release', Choice(calendar=self.calendar.top))}\nNothing was changed.",
            )

    def own_state(self, *, trusting: bool = False) -> State | None:
        """The same, for what must know it.

        Raises StateError too where it is another folder's, or the calendar has its state somewhere else.
        """
        state = self.state(trusting=trusting)
        if (lost := self.store.lost()) is not None:
            raise lost
        if self.wrong is not None:
            raise self.wrong
        if state is None:
            self.places.check()
        return state

    def warnings(self, state: State | None) -> Iterator[Warn]:
        """What `own_state` would raise, for what only shows."""
        try:
            self.check_waiting()
        except StateError as error:
            yield Warn(
                "hold_waiting",
                f"{error.message}; push it:",
                command=(error.hint or "").partition(": ")[2].partition("\n")[0],
            )
        if (lost := self.store.lost()) is not None:
            ways = (lost.hint or "").split("\n")
            way = next(each for each in ways if ": git " in each)
            yield Warn(
                "lost",
                f"{lost.message}; {way[0].lower()}{way[1:].partition(': ')[0]}:",
                command=way.partition(": ")[2],
            )
        yield from self.places.warnings(state)
        if abs(self.publer.clock_off) > CLOCK_OFF:
            yield Warn(
                "clock",
                f"{self._clock_says}; every time here is by Publer's clock. Set the clock of this machine (NTP)",
            )
        if self.renamed and state is not None:
            yield Warn(
                "renamed",
                f"the ledger has this calendar as {printable_line(self.renamed)}: its posts, holds and log come with it",
            )
        if self.wrong is not None:
            yield Warn(self.wrong.code, _in_one_line(self.wrong))

    @property
    def _clock_says(self) -> str:
        off = self.publer.clock_off
        where = "behind" if off > timedelta(0) else "ahead of"
        return f"this machine's clock is {_long(abs(off))} {where} Publer's"

    def check_clock(self) -> None:
        """Raise SettingsError where this machine's clock is so far from Publer's that what it noted cannot be trusted."""
        if abs(self.publer.clock_off) > CLOCK_WRONG:
            raise SettingsError(
                self._clock_says,
                code="clock",
                hint="Set the clock of this machine (NTP), then run the command again. Nothing was done.",
            )

    def _settle_in(self, state: State) -> None:
        """Let the part know this folder, and its accounts as Publer has them; whoever writes it next keeps that."""
        if self.calendar.gone:
            return
        if self.wrong is None:
            state.home = identity.home_of(self.calendar.top, self.store)
        managed = {
            self.accounts[ref.alias].id: ref
            for ref in self.calendar.settings.accounts
            if ref.alias in self.accounts
        }
        used = {account for copy in state.copies.values() for account in (copy.account, copy.on)}
        on_hold = {account for hold in state.holds for account in hold.accounts}
        there = self.listed.ids
        state.lost = frozenset((used | on_hold) - there) if there else frozenset()
        state.holds = tuple(self.held_again(hold, state) for hold in state.holds)
        if state.accounts:  # earlier versions kept none
            state.joined = frozenset(managed.keys() - state.accounts.keys())
        used |= managed.keys()
        for each in self.listed.of(used):
            shared = each.id in managed and managed[each.id].shared
            state.accounts[each.id] = known_account(each, managed=each.id in managed, shared=shared)

    def ours(self, state: State | None) -> frozenset[str]:
        """The accounts that the calendar has to do with, as its settings or its ledger have them."""
        return (LedgerPart(state).accounts if state is not None else frozenset()).union(self.account_ids)

    def near(self, whole: Elsewhere, state: State | None) -> Elsewhere:
        """What of it may concern this calendar, whose state it is."""
        return whole.near(self.ours(state), self.listed.ids)

    def held_again(self, hold: Hold, state: State) -> Hold:
        """The hold, extended to accounts that may be those that it names: under their ids before and after they were reconnected."""
        named, own = {*hold.accounts}, {copy.account for copy in state.copies.values()}
        left = {each: state.accounts.get(each, KnownAccount("", each)) for each in sorted(state.lost)}
        pairs = [
            (account.id, key)
            for account in self.accounts.values()
            for key, known in left.items()
            if is_certain(known, account) or (account.id not in own and may_be(known, account))
        ]
        found = [each for pair in pairs if not named.isdisjoint(pair) for each in pair]
        return replace(hold, accounts=tuple(dict.fromkeys((*hold.accounts, *found)))) if found else hold

    def elsewhere(self, state: State | None) -> Elsewhere:
        """What other calendars manage, those of the command and those whose states are beside this one's. `state` is this one's.

        Asked for after a listing, it knows of every post of theirs in it.
        """
        known = self.near(self.neighbours.elsewhere(self.store.managed_elsewhere()), state)
        others = self.neighbours.of_command(self.ours(state), known.names)
        found = managed_by(((each.name, each.part) for each in others), known)
        return known if found is known else self.near(found, state)

    def record(self, command: str, **more: Any) -> RunRecord | None:
        """What the state keeps of a run that begins now."""
        return self.lineage.record(command, self.clock.now(), **more) if self.lineage else None

    def new_state(self) -> State:
        state = State(self.service, self.workspace.id, self.name, self.workspace.name)
        self._settle_in(state)
        return state

    def survey(self, state: State | None) -> Survey:
        return survey(
            self.publer,
            state,
            account_ids=self.account_ids,
            clock=self.clock,
            poll_seconds=self.poll_seconds,
            elsewhere=lambda: self.elsewhere(state),
        )


def open_access(
    calendar: Calendar,
    choice: Choice,
    stack: ExitStack,
    connections: Connections[Gateway],
    *,
    name: str | None = None,
    lenient: bool = False,
) -> Access[Gateway]:
    """Connect, and find the workspace and the accounts.

    `name` is what the state calls the calendar, if not what the settings call it. Raises CalendarError where Publer
    lacks what the settings name; `lenient` leaves out accounts that it lacks.
    """
    environment, settings = Environment.of(os.environ), calendar.settings
    name = name or settings.name
    clock = Clock(wake=connections.wake)
    if choice.sandbox:
        from publer_sync.commands.reaching.local_sandbox import enter_sandbox

        clock, environment = enter_sandbox(
            calendar, environment, stack, file=choice.sandbox_file, now=choice.now, wake=connections.wake
        )
        stack.callback(connections.drop, environment)
    there = connections.to(environment, clock)
    if not choice.sandbox:
        clock = there.publer.clock  # which goes by Publer's
    before = there.publer.requests
    workspace = find_workspace(settings, environment.workspace, there.workspaces)
    publer, listed = there.enter(workspace)
    repositories = connections.repositories
    repositories.expect(lambda: _read_from(choice.together))

    def opened(of: Calendar, **more: Any) -> Store:
        return open_store(of, choice, environment, workspace.id, clock, repositories, **more)

    store = opened(calendar, name=name, tell=connections.say)
    if choice.first:
        store.recover(anew=True)
    accounts = find_accounts(
        settings.accounts, listed, lenient=lenient, known=lambda: _accounts_known_to(store)
    )
    service = service_of(choice, environment)

    def look(other: Path) -> Look | None:
        with suppress(PublerSyncError):  # its own turn tells what is wrong
            found = connections.read(other, posts=False)
            if find_workspace(found.settings, environment.workspace, there.workspaces).id == workspace.id:
                return Look(
                    found, opened(found), find_accounts(found.settings.accounts, listed, lenient=True)
                )
        return None

    neighbours: Surroundings = Alone()
    places = places_of(calendar, choice, environment, workspace.id, clock, store, repositories, name=name)
    if not choice.sandbox or choice.sandbox_file is not None:  # each sandbox is a Publer of its own
        neighbours = Neighbourhood(
            calendar.top,
            store,
            open=opened,
            looks=there.looks.setdefault(
                (workspace.id, choice.together),
                Looks(choice.together, look, connections.resolved, connections.checkouts.calendars),
            ),
            belongs=lambda state: (state.service.rstrip("/"), state.workspace_id) == (service, workspace.id),
            wrong=_wrong,
            read=connections.read,
            resolved=connections.resolved,
            command=lambda other: apply_together(choice, *(() if calendar.gone else (calendar.top,)), other),
            missing=lambda: (
                {} if calendar.gone else gone.states_beside(calendar.top, store, connections.checkouts)
            ),
            part=lambda missing: opened(calendar, name=missing),
            keeping_out=lambda missing: f"{letting_go(choice, missing)} --drop-holds",
        )
    return Access(
        calendar,
        name,
        publer,
        workspace,
        accounts,
        store,
        service,
        clock,
        environment.poll_seconds,
        before,
        neighbours,
        places,
        Lineage(calendar, repositories, asks=not choice.sandbox, reads=connections.reads),
        listed,
        repositories=repositories,
        checkouts=connections.checkouts,
    )


def _wrong(state: State, store: Store, top: Path, name: str) -> str:
    error = identity.error_of(state, store, top, name)
    return _in_one_line(error) if error is not None else ""


def _in_one_line(error: StateError) -> str:
    first, _, _ = (error.hint or "").partition("\n")
    return f"{error.message}; {first[0].lower()}{first[1:]}"


def _read_from(tops: Iterable[Path]) -> list[Path]:
    """The folders and files that calendars are read from."""
    return [path for top in tops for path in (top, *dependencies(top))]


def _accounts_known_to(store: Store) -> Mapping[str, KnownAccount]:
    """What the ledger calls its accounts; nothing where it cannot be read: something else is wrong, and said first."""
    with suppress(StateError):
        state = store.read(trusting=True)
        return state.accounts if state is not None else {}
    return {}


def _long(span: timedelta) -> str:
    """As people say it: in days, hours or minutes."""
    for unit, seconds in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if (number := int(span.total_seconds() // seconds)) > 0:
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return f"{int(span.total_seconds())} seconds"


def known_account(account: Account, *, managed: bool, shared: bool) -> KnownAccount:
    """What the ledger keeps of an account."""
    return KnownAccount(
        account.provider,
        account.name,
        account.type or "",
        account.social_id or "",
        managed=managed,
        shared=shared,
    )
