"""What the calendars of a command share: its connections to Publer, the places of their states, and what they were applied with last."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from publer_sync.commands.beside.changed import name_of
from publer_sync.commands.reaching.connections import Connections, PublerService
from publer_sync.commands.reaching.environment import Environment
from publer_sync.commands.reaching.local_sandbox import SANDBOX_STATE
from publer_sync.commands.reaching.stores import LastStates, author_of, place_of, service_of
from publer_sync.commands.running.choice import Choice
from publer_sync.machine.clock import Clock
from publer_sync.planning.resolve import AccountList
from publer_sync.publer.gateway import Publer
from publer_sync.publer.reader import PublerReader
from publer_sync.values.errors import StateError
from tests.builders import WORKSPACE, X, ledger
from tests.commands.reached import stand_in
from tests.tables import each_of

if TYPE_CHECKING:
    import pytest


def test_a_workspace_is_asked_for_its_accounts_once() -> None:
    asked: list[str] = []

    def accounts() -> tuple[Any, ...]:
        asked.append("accounts")
        return (X,)

    inside = stand_in(accounts=accounts)
    service: Any = PublerService(stand_in(in_workspace=lambda _: inside))
    assert [service.enter(WORKSPACE) for _ in range(2)] == [(inside, AccountList((X,)))] * 2
    assert asked == ["accounts"]


def test_each_service_has_one_connection_which_sends_what_its_gateway_can() -> None:
    connections, clock = Connections(PublerReader), Clock()
    one, other = (Environment("k", base_url=f"https://{name}.example") for name in ("one", "other"))
    assert connections.to(one, clock) is connections.to(one, clock)
    assert connections.to(one, clock) is not connections.to(other, clock)
    assert (connections.reads, Connections(Publer).reads) == (True, False)


@each_of(
    ("choice", "environment", "settings", "place"),
    [
        (Choice(), None, None, (None, False)),
        (Choice(), None, "../ledger", ("../ledger", True)),
        (Choice(), "states", "../ledger", ("states", False)),
        (Choice(state="here"), "states", "../ledger", ("here", False)),
        (Choice(sandbox=True, state="here"), "states", "../ledger", (SANDBOX_STATE, True)),
    ],
)
def test_a_state_is_where_the_command_or_the_environment_or_the_settings_say(
    choice: Choice, environment: str | None, settings: str | None, place: tuple[str | None, bool]
) -> None:
    """From the folder of the calendar where its settings say it, otherwise from here."""
    top = Path("clients/acme")
    calendar: Any = stand_in(top=top, settings=stand_in(state=settings))
    said = Environment(state=environment)
    assert place_of(calendar, said, choice) == (place[0], top if place[1] else Path.cwd())
    if settings is None or not place[1] or choice.sandbox:
        assert place_of(None, said, choice) == (place[0], Path.cwd())
    assert service_of(choice, Environment(base_url="https://p/")) == (
        "sandbox" if choice.sandbox else "https://p"
    )


@each_of(("names_who", "author"), [(True, "anna"), (False, "")])
def test_who_commits_to_the_branch_is_named_unless_the_settings_say_otherwise(
    monkeypatch: pytest.MonkeyPatch, names_who: bool, author: str
) -> None:
    monkeypatch.setenv("GITHUB_TRIGGERING_ACTOR", "anna")
    calendar: Any = stand_in(top=Path("acme"), settings=stand_in(names_who=names_who))
    repositories: Any = stand_in(of=lambda _: None)
    assert author_of(calendar, repositories)() == author


COMMITTED: Any = stand_in(differs=False, committed={"acme": "a"})
NEW: Any = stand_in(differs=True, committed={"acme": "a"})


@each_of(
    ("state", "checkout", "applied"),
    [
        (ledger(files=name_of(COMMITTED)), COMMITTED, True),
        (ledger(files="other"), COMMITTED, False),
        (ledger(files=name_of(COMMITTED)), NEW, False),
        (ledger(), NEW, False),
        (None, COMMITTED, False),
        (StateError("it is damaged"), COMMITTED, False),
    ],
)
def test_a_calendar_is_applied_where_its_files_are_those_of_the_last_apply(
    tmp_path: Path, state: Any, checkout: Any, applied: bool
) -> None:
    class Known(LastStates[Any]):
        def of(self, calendar: Any, choice: Choice) -> Any:
            if isinstance(state, StateError):
                raise state
            return state

    there: Any = stand_in(repositories=stand_in(of=lambda _: stand_in(checkout=lambda _: checkout)))
    assert Known(there).are_applied(stand_in(top=tmp_path), Choice()) is applied
