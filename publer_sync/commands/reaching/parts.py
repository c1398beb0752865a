"""The parts of the ledger at the places of calendars, read without asking Publer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.calendar.outside import repository_of
from publer_sync.commands.reaching.stores import open_store, place_of, service_of
from publer_sync.ledger.folder_store import parts_in, states_in
from publer_sync.ledger.git_branch import states_on
from publer_sync.ledger.names import END
from publer_sync.ledger.store import GIT, default_place, is_single, read_earlier
from publer_sync.machine.clock import Clock
from publer_sync.values.service import is_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.reaching.environment import Environment
    from publer_sync.commands.running.choice import Choice
    from publer_sync.ledger.place import Store
    from publer_sync.ledger.repositories import Repositories
    from publer_sync.ledger.state import State


class KnownParts:
    """Each place is read once, for all calendars that keep their parts there."""

    def __init__(self, choice: Choice, environment: Environment, repositories: Repositories) -> None:
        self._choice, self._environment, self._repositories = choice, environment, repositories
        self._found: dict[tuple[str, Path | None], Mapping[str, State | None]] = {}

    def open(self, calendar: Calendar, workspace: str, name: str | None = None) -> Store:
        """The part of the calendar, or of another one in the same place."""
        there = self._repositories
        return open_store(calendar, self._choice, self._environment, workspace, Clock(), there, name=name)

    def of_others(self, calendar: Calendar) -> Iterator[State]:
        """What the place has of the calendar's workspace, as far as it can be read. Raises StateError of a file that is all of it."""
        own = self.workspace(calendar)
        for state in self._at(calendar).values():
            if state is not None and self._is_ours(state, calendar) and own in (None, "", state.workspace_id):
                yield state

    def workspace(self, calendar: Calendar) -> str | None:
        """The id of the calendar's workspace; "" where one file is its ledger, which tells it; None where only Publer knows."""
        named = calendar.settings.workspace or self._environment.workspace
        if named and is_id(named):
            return named
        place, base = place_of(calendar, self._environment, self._choice)
        on_disk = place is None or not place.startswith(GIT)
        if place is not None and on_disk and is_single(base / place):
            return ""
        found = self._at(calendar)
        states = [state for state in found.values() if state is not None]
        if (
            place is None
            and (earlier := read_earlier(calendar.top, self._environment.state_keys)) is not None
        ):
            states.append(earlier)
        name = calendar.settings.name.casefold()
        hits = {
            state.workspace_id
            for state in states
            if state.calendar.casefold() == name and self._is_ours(state, calendar)
        }
        if not hits:  # what cannot be read is named by its path
            end = f"/{name}{END}"
            unread = (path for path, state in found.items() if state is None)
            hits = {path[: -len(end)].rpartition("/")[2] for path in unread if path.casefold().endswith(end)}
        return hits.pop() if len(hits) == 1 else None

    def _is_ours(self, state: State, calendar: Calendar) -> bool:
        """Whether it is of the same service, and of a workspace that has the name in the settings."""
        service = service_of(self._choice, self._environment)
        named = calendar.settings.workspace or self._environment.workspace
        return state.service.rstrip("/") == service.rstrip("/") and (
            named is None
            or named == state.workspace_id
            or state.workspace_name.strip().casefold() == named.strip().casefold()
        )

    def _at(self, calendar: Calendar) -> Mapping[str, State | None]:
        """Every part at the calendar's place by its path there; None for one that cannot be read."""
        place, base = place_of(calendar, self._environment, self._choice)
        if place is not None and place.startswith(GIT):
            key = place, repository_of(calendar.top)
            if key not in self._found:
                branch = self._repositories.branch(calendar.top, place.removeprefix(GIT))
                states = states_on(branch)
                paths = (file for file in branch.files() if file.endswith(END))
                self._found[key] = {file: states.get(file) for file in paths}
            return self._found[key]
        root = default_place(calendar.top) if place is None else base / place
        if is_single(root):  # whatever that calendar is called
            store = self.open(calendar, "")
            return {"": store.read() or store.rest}
        key = str(root.resolve()), None
        if key not in self._found:
            readable = states_in(root)
            files = [file.relative_to(root).as_posix() for _, file in parts_in(root)]
            self._found[key] = {file: readable.get(file) for file in files}
        return self._found[key]
