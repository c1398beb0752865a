"""Where the state of a calendar is kept, as the command line, the environment and the settings say."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Generic

from publer_sync.commands.beside.changed import files_of
from publer_sync.commands.reaching.connections import Gateway
from publer_sync.commands.reaching.environment import Environment
from publer_sync.commands.reaching.places import Nowhere, OtherPlaces
from publer_sync.commands.running.who import who_of
from publer_sync.ledger import store as stores
from publer_sync.machine.clock import Clock
from publer_sync.planning.resolve import find_workspace
from publer_sync.values.errors import PublerSyncError

if TYPE_CHECKING:
    from collections.abc import Callable

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.reaching.connections import Connections
    from publer_sync.commands.reaching.places import StatePlaces
    from publer_sync.commands.running.choice import Choice
    from publer_sync.ledger.place import Store
    from publer_sync.ledger.repositories import Repositories
    from publer_sync.ledger.state import State


def open_store(
    calendar: Calendar,
    choice: Choice,
    environment: Environment,
    workspace_id: str,
    clock: Clock,
    repositories: Repositories,
    *,
    name: str | None = None,
    tell: Callable[[str], None] | None = None,
) -> Store:
    """Where the state of the calendar is kept. Raises StateError as the store does."""
    place, base = place_of(calendar, environment, choice)
    return stores.open_store(
        place,
        top=calendar.top,
        service=service_of(choice, environment),
        workspace_id=workspace_id,
        calendar=name or calendar.settings.name,
        clock=clock,
        base=base,
        tell=tell,
        keys=environment.state_keys,
        author=author_of(calendar, repositories),
        repositories=repositories,
    )


def author_of(calendar: Calendar, repositories: Repositories) -> Callable[[], str]:
    """Who commits to the branch of the state."""
    names = calendar.settings.names_who
    return lambda: who_of(repositories.of(calendar.top), os.environ) if names else ""


def places_of(
    calendar: Calendar,
    choice: Choice,
    environment: Environment,
    workspace_id: str,
    clock: Clock,
    chosen: Store,
    repositories: Repositories,
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
            service=service,
            workspace_id=workspace_id,
            calendar=named,
            clock=clock,
            base=base,
            keys=environment.state_keys,
            author=author_of(calendar, repositories),
            repositories=repositories,
        )

    def belongs(state: State, store: Store, named: str) -> bool:
        return stores.is_of(state, service, workspace_id, named, top, store.place)

    return OtherPlaces(calendar, chosen, name, opened, belongs, repositories, choice.first)


def service_of(choice: Choice, environment: Environment) -> str:
    """What the state calls the service."""
    return "sandbox" if choice.sandbox else environment.base_url.rstrip("/")


class LastStates(Generic[Gateway]):
    """The states of calendars as last written, without asking for their accounts."""

    def __init__(self, connections: Connections[Gateway]) -> None:
        self._connections = connections

    def of(self, calendar: Calendar, choice: Choice) -> State | None:
        """Raises as `open_access` does."""
        environment, clock = Environment.of(os.environ), Clock()
        workspaces = self._connections.to(environment, clock).workspaces
        workspace = find_workspace(calendar.settings, environment.workspace, workspaces)
        there = self._connections.repositories
        return open_store(calendar, choice, environment, workspace.id, clock, there).read()

    def are_applied(self, calendar: Calendar, choice: Choice) -> bool:
        """Whether the last apply did everything that the files ask for as they are now."""
        try:
            state = self.of(calendar, choice)
        except PublerSyncError:
            return False  # the apply tells what is wrong
        return (
            state is not None
            and state.files is not None
            and state.files == files_of(calendar.top, self._connections.repositories)
        )


def place_of(calendar: Calendar | None, environment: Environment, choice: Choice) -> tuple[str | None, Path]:
    """Where the state is kept, as people named it, and where a relative path counts from."""
    if choice.sandbox:
        from publer_sync.commands.reaching.local_sandbox import SANDBOX_STATE

        return SANDBOX_STATE, calendar.top if calendar else Path.cwd()
    place = choice.state or environment.state
    if place is None and calendar is not None and calendar.settings.state is not None:
        return calendar.settings.state, calendar.top
    return place, Path.cwd()
