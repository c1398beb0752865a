"""Where a state is kept, as the command line, the environment and the settings say, and whether its files are those of the last apply."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from publer_sync.commands.reaching import stores
from publer_sync.commands.reaching.environment import Environment
from publer_sync.commands.reaching.places import Nowhere, OtherPlaces
from publer_sync.commands.reaching.stores import (
    LastStates,
    author_of,
    open_store,
    place_of,
    places_of,
    service_of,
)
from publer_sync.commands.running.choice import Choice
from publer_sync.ledger.repositories import Repositories
from publer_sync.values.errors import StateError
from tests.builders import WORKSPACE, ledger
from tests.commands.reached import reached, stand_in
from tests.tables import each_of

if TYPE_CHECKING:
    import pytest

    from publer_sync.ledger.state import State

SANDBOX = Choice(sandbox=True)


@each_of(
    ("choice", "environment", "settings", "place"),
    [
        (Choice(), None, None, (None, "here")),
        (Choice(), None, "../ledger", ("../ledger", "calendar")),
        (Choice(), "of-the-job", "../ledger", ("of-the-job", "here")),
        (Choice(state="chosen"), "of-the-job", "../ledger", ("chosen", "here")),
        (Choice(state="chosen"), None, None, ("chosen", "here")),
        (SANDBOX, "of-the-job", "../ledger", (".publer-sync/sandbox-state.json", "calendar")),
    ],
)
def test_a_state_is_where_the_command_says_else_the_environment_else_the_settings(
    tmp_path: Path,
    choice: Choice,
    environment: str | None,
    settings: str | None,
    place: tuple[str | None, str],
) -> None:
    calendar = reached(tmp_path).calendar
    calendar = replace(calendar, settings=replace(calendar.settings, state=settings))
    given = Environment(state=environment)
    named, base = place
    assert place_of(calendar, given, choice) == (named, calendar.top if base == "calendar" else Path.cwd())
    if settings is None or named != settings:
        assert place_of(None, given, choice) == (named, Path.cwd()), "without a calendar"


def test_a_sandbox_has_a_state_of_its_own_and_none_in_another_place(tmp_path: Path) -> None:
    access = reached(tmp_path)
    given = Environment(base_url="https://publer.example/api/")
    clock: Any = access.clock
    common = (given, WORKSPACE.id, clock)
    for choice, service, kind in (
        (Choice(), "https://publer.example/api", OtherPlaces),
        (SANDBOX, "sandbox", Nowhere),
    ):
        assert service_of(choice, given) == service
        opened = open_store(access.calendar, choice, *common, Repositories())
        assert opened.place.endswith("/sandbox-state.json") is (choice is SANDBOX)
        found = places_of(access.calendar, choice, *common, opened, Repositories(), name="calendar")
        assert type(found) is kind
    parts = [
        open_store(access.calendar, Choice(), *common, Repositories(), name=name) for name in (None, "news")
    ]
    store: Any
    for store, name in zip(parts, ("calendar", "news"), strict=True):
        assert name in str(store.path)


@each_of(("names", "who"), [(True, "Kari"), (False, "")])
def test_a_branch_says_who_commits_unless_the_settings_keep_names_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: bool, who: str
) -> None:
    monkeypatch.setattr(stores, "who_of", lambda *_: "Kari")
    calendar = reached(tmp_path).calendar
    calendar = replace(calendar, settings=replace(calendar.settings, names_who=names))
    assert author_of(calendar, Repositories())() == who


@each_of(
    ("state", "files", "applied"),
    [
        (ledger(files="as they are"), "as they are", True),
        (ledger(files="as they were"), "as they are", False),
        (ledger(), "as they are", False),
        (ledger(), None, False),  # outside of git nobody can tell
        (None, None, False),
        (StateError("it is damaged"), "as they are", False),
    ],
)
def test_files_are_applied_where_the_last_apply_did_all_that_they_ask_for(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    state: State | StateError | None,
    files: str | None,
    applied: bool,
) -> None:
    def of(*_: object) -> State | None:
        if isinstance(state, StateError):
            raise state
        return state

    monkeypatch.setattr(LastStates, "of", of)
    monkeypatch.setattr(stores, "files_of", lambda *_: files)
    last = LastStates[Any](stand_in(repositories=Repositories()))
    assert last.are_applied(reached(tmp_path).calendar, Choice()) is applied
