"""Connects a command: to Publer or the sandbox, to the workspace and its accounts, and to the state."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from publer_sync.calendar.outside import repository_of
from publer_sync.clock import Clock
from publer_sync.commands.command_lines import apply_together
from publer_sync.commands.environment import Environment
from publer_sync.commands.neighbours import Alone, Neighbourhood, Surroundings, managed_by, reader
from publer_sync.commands.places import Nowhere, OtherPlaces, StatePlaces
from publer_sync.commands.shared import say_wait
from publer_sync.errors import StateError
from publer_sync.ledger import store as stores
from publer_sync.ledger.state import State
from publer_sync.planning.moving import handed_over
from publer_sync.planning.resolve import find_accounts, find_workspace
from publer_sync.planning.survey import Survey, survey
from publer_sync.publer.reader import PublerReader
from publer_sync.publer.sending import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import ExitStack

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.choice import Choice
    from publer_sync.ledger.elsewhere import Elsewhere
    from publer_sync.ledger.git_store import GitStore
    from publer_sync.ledger.place import Store
    from publer_sync.model import Account, Workspace


Gateway = TypeVar("Gateway", bound=PublerReader)


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

    @property
    def accounts_by_id(self) -> dict[str, Account]:
        """The managed ones, by Publer's id."""
        return {account.id: account for account in self.accounts.values()}

    @property
    def account_ids(self) -> tuple[str, ...]:
        return tuple(self.accounts_by_id)

    def state(self, *, trusting: bool = False) -> State | None:
        """The ledger, once it is known to belong here. Raises UntrustedStateError as the store does."""
        state = self.store.read(trusting=trusting)
        if state is not None:
            self.check(state, self.store, name=self.name)
            if any(facts.handing for facts in state.facts.values()):
                state = handed_over(state, self._states_of_others())
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

    def own_state(self) -> State | None:
        """The same, for what must know it: raises StateError too where the calendar has its state somewhere else."""
        state = self.state()
        if state is None:
            self.places.check()
        return state

    def _states_of_others(self) -> dict[str, State | None]:
        """The states of other calendars by their names, as far as they can be read; None for one that has none."""
        known = self.store.managed_elsewhere()
        found: dict[str, State | None] = {**known.states}
        for each in (*self.neighbours.of_checkout(), *self.neighbours.of_command()):
            with suppress(StateError):
                found[each.name] = each.state(known)
        return found

    def elsewhere(self) -> Elsewhere:
        """What other calendars manage, those of the command and those whose states are beside this one's.

        Asked for after a listing, it knows of every post of theirs in it.
        """
        return managed_by(self.neighbours.of_command(), self.store.managed_elsewhere())

    def new_state(self) -> State:
        return State(self.service, self.workspace.id, self.name, self.workspace.name)

    def survey(self, state: State | None) -> Survey:
        return survey(
            self.publer,
            state,
            account_ids=self.account_ids,
            clock=self.clock,
            poll_seconds=self.poll_seconds,
            elsewhere=self.elsewhere,
        )


class Connected(Generic[Gateway]):
    """Publer at one address, asked once for its workspaces and once for the accounts of each."""

    def __init__(self, publer: Gateway) -> None:
        self.publer = publer
        self._accounts: dict[str, tuple[Account, ...]] = {}

    @cached_property
    def workspaces(self) -> tuple[Workspace, ...]:
        return self.publer.workspaces()

    def enter(self, workspace: Workspace) -> tuple[Gateway, tuple[Account, ...]]:
        """Publer in this workspace, and its accounts."""
        inside = self.publer.in_workspace(workspace.id)
        if workspace.id not in self._accounts:
            self._accounts[workspace.id] = inside.accounts()
        return inside, self._accounts[workspace.id]


class Connections(Generic[Gateway]):
    """The connections of one command: its calendars share one request limit.

    The type of the gateway decides what can be sent: a PublerReader sends nothing but GET. No question waits longer than
    `patience` seconds, save for the request limit. Setting `wake` ends every wait.
    """

    def __init__(
        self, gateway: type[Gateway], *, say: Callable[[str], None] = say_wait, patience: float = PATIENCE
    ) -> None:
        self.say = say
        self.wake = threading.Event()
        self._gateway, self._patience = gateway, patience
        self._services: dict[str, Connected[Gateway]] = {}
        self.read = reader(Environment.of(os.environ).workspace)
        """Reads the neighbours of calendars, each once."""

    def to(self, environment: Environment, clock: Clock) -> Connected[Gateway]:
        """The connection to what the environment names. Raises SettingsError without a key."""
        service = self._services.get(environment.base_url)
        if service is None:
            publer = self._gateway(
                key=environment.need_key(),
                base_url=environment.base_url,
                clock=clock,
                poll_seconds=environment.poll_seconds,
                user_agent=environment.user_agent,
                say=self.say,
                patience=self._patience,
            )
            service = self._services[environment.base_url] = Connected(publer)
        return service

    @property
    def requests(self) -> int:
        """How many were sent."""
        return sum(service.publer.requests for service in self._services.values())

    def drop(self, environment: Environment) -> None:
        """Forget a service that ends here; another may come to have its address."""
        self._services.pop(environment.base_url, None)


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
        from publer_sync.commands.local_sandbox import enter_sandbox

        clock, environment = enter_sandbox(
            calendar, environment, stack, file=choice.sandbox_file, now=choice.now, wake=connections.wake
        )
        stack.callback(connections.drop, environment)
    there = connections.to(environment, clock)
    before = there.publer.requests
    workspace = find_workspace(settings, None if choice.sandbox else environment.workspace, there.workspaces)
    publer, listed = there.enter(workspace)
    accounts = find_accounts(settings.accounts, listed, lenient=lenient)
    store = open_store(calendar, choice, environment, workspace.id, clock, name=name, tell=connections.say)
    service = service_of(choice, environment)

    def workspace_of(other: Calendar) -> str:
        named = None if choice.sandbox else environment.workspace
        return find_workspace(other.settings, named, there.workspaces).id

    neighbours: Surroundings = Alone()
    places = places_of(calendar, choice, environment, workspace.id, clock, store, name=name)
    if not choice.sandbox or choice.sandbox_file is not None:  # each sandbox is a Publer of its own
        neighbours = Neighbourhood(
            calendar.top,
            store.place,
            choice.together,
            workspace.id,
            open=lambda other: open_store(other, choice, environment, workspace.id, clock),
            resolve=workspace_of,
            bind=lambda other: find_accounts(other.settings.accounts, listed, lenient=True),
            belongs=lambda state: (state.service.rstrip("/"), state.workspace_id) == (service, workspace.id),
            read=connections.read,
            command=lambda other: apply_together(choice, calendar.top, other),
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
    )


def open_store(
    calendar: Calendar,
    choice: Choice,
    environment: Environment,
    workspace_id: str,
    clock: Clock,
    *,
    name: str | None = None,
    tell: Callable[[str], None] | None = None,
) -> Store:
    """Where the state of the calendar is kept. Raises StateError as the store does."""
    place, base = place_of(calendar, environment, choice)
    return stores.open_store(
        place,
        top=calendar.top,
        workspace_id=workspace_id,
        calendar=name or calendar.settings.name,
        clock=clock,
        base=base,
        tell=tell,
        keys=environment.state_keys,
    )


def places_of(
    calendar: Calendar,
    choice: Choice,
    environment: Environment,
    workspace_id: str,
    clock: Clock,
    chosen: Store,
    *,
    name: str,
) -> StatePlaces:
    """Where the state of the calendar may be beside the `chosen` place."""
    if choice.sandbox:
        return Nowhere()
    service, top = service_of(choice, environment), calendar.top

    def opened(place: str | None, base: Path, named: str) -> Store:
        return stores.open_store(
            place,
            top=top,
            workspace_id=workspace_id,
            calendar=named,
            clock=clock,
            base=base,
            keys=environment.state_keys,
        )

    def belongs(state: State, store: Store, named: str) -> bool:
        return stores.is_of(state, service, workspace_id, named, top, store.place)

    return OtherPlaces(calendar, chosen, name, opened, belongs, choice.first)


def service_of(choice: Choice, environment: Environment) -> str:
    """What the state calls the service."""
    return "sandbox" if choice.sandbox else environment.base_url.rstrip("/")


class LastStates(Generic[Gateway]):
    """The states of calendars as last written, without asking for their accounts. Each branch is fetched once."""

    def __init__(self, connections: Connections[Gateway]) -> None:
        self._connections = connections
        self._read: dict[tuple[str, Path | None], GitStore] = {}

    def of(self, calendar: Calendar, choice: Choice) -> State | None:
        """Raises as `open_access` does."""
        from publer_sync.ledger.git_store import GitStore

        environment, clock = Environment.of(os.environ), Clock()
        workspaces = self._connections.to(environment, clock).workspaces
        workspace = find_workspace(calendar.settings, environment.workspace, workspaces)
        store = open_store(calendar, choice, environment, workspace.id, clock)
        if not isinstance(store, GitStore):
            return store.read()
        first = self._read.get(key := (store.place, repository_of(calendar.top)))
        if first is not None:
            return store.read_beside(first)
        state = store.read()
        self._read[key] = store
        return state


def place_of(calendar: Calendar | None, environment: Environment, choice: Choice) -> tuple[str | None, Path]:
    """Where the state is kept, as people named it, and where a relative path counts from."""
    if choice.sandbox:
        from publer_sync.commands.local_sandbox import SANDBOX_STATE

        return SANDBOX_STATE, calendar.top if calendar else Path.cwd()
    place = choice.state or environment.state
    if place is None and calendar is not None and calendar.settings.state is not None:
        return calendar.settings.state, calendar.top
    return place, Path.cwd()
