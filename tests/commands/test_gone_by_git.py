"""Which calendars left, as the history of the remote's default branch tells, and where they are looked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest

from publer_sync.commands.reaching import gone
from publer_sync.commands.running.choice import Choice
from publer_sync.ledger.runs import RunRecord
from publer_sync.ledger.state import Moved, State
from publer_sync.planning.gone import GoneCalendar
from publer_sync.values.errors import UsageError
from publer_sync.values.model import Account, Workspace
from tests.builders import copy_of, wanted
from tests.system.worlds import DAY, T
from tests.tables import each_of

AHEAD = {copy.key: copy for copy in (copy_of(wanted(T + DAY, "Hello")),)}
LEFT = State("s", "w", "bank", copies=AHEAD, runs=(RunRecord(T, "apply", "Ann", "c" * 40),))
"""The state of a calendar that the checkout lacks."""
MOVED = replace(LEFT, moved=Moved("bank", "git:elsewhere"))
GONE = [("bank", False)]
BANK = {"clients/bank/publer.yaml": "name: bank"}


def left_on_branch(
    state: State = LEFT,
    *,
    tip: str | None = "tip",
    there: dict[str, str] | None = None,
    base: str | None = "base",
    at_base: tuple[str, ...] = (),
    removed: tuple[tuple[str, str], ...] = (("gone", "clients/bank/publer.yaml"),),
    before: str = "name: bank",
    led: bool = True,
    renamed: bool = False,
) -> list[tuple[str, bool]]:
    """The calendars that left, and whether each is only leaving. `there` are the settings at the tip of the default branch."""
    there = {"clients/acme/publer.yaml": "name: acme"} if there is None else there
    history = SimpleNamespace(
        default_tip=lambda: tip,
        files=lambda _commit, _name: [*there],
        content=lambda commit, path: (before if commit == "gone^" else there[path]).encode(),
        merge_base=lambda _: base,
        has=lambda commit, path: commit == base and path in at_base,
        led_to=lambda commit, applied: led and (commit, applied) == (tip, "c" * 40),
        removed=lambda _tip, _name: [*removed],
    )
    store: Any = SimpleNamespace(place="git:publer-sync-state")
    with mock.patch("publer_sync.ledger.history.History.of", return_value=history):
        found = gone.gone_of(Path("clients/acme"), {"bank": state}, store, renamed=renamed)
    return [(each.name, each.leaving) for each in found]


@each_of(
    ("told", "found"),
    [
        ({}, GONE),
        ({"tip": None}, []),
        ({"state": replace(LEFT, copies={})}, []),
        ({"state": replace(LEFT, copies={}), "renamed": True}, GONE),
        ({"state": MOVED}, []),
        ({"state": MOVED, "renamed": True}, []),
        ({"there": BANK, "at_base": tuple(BANK)}, [("bank", True)]),  # the checkout alone lacks it
        ({"there": BANK}, []),  # somebody else began it since
        ({"there": BANK, "at_base": tuple(BANK), "base": None}, []),
        ({"there": {"savings/publer.yaml": "name: bank"}}, []),  # in another folder
        ({"there": {"new/publer.yaml": "accounts: ["}}, []),  # it may be the one
        ({"led": False}, []),  # applied from a branch that nobody merged
        ({"led": False, "state": replace(LEFT, runs=())}, GONE),
        ({"led": False, "state": replace(LEFT, runs=(RunRecord(T, "apply", "Ann", None),))}, GONE),
        ({"removed": ()}, []),  # it was renamed: nothing was removed
        ({"removed": (), "renamed": True}, GONE),
        ({"before": "name: other"}, []),
        ({"before": "accounts: ["}, []),
    ],
)
def test_only_what_was_removed_from_the_branch_that_everybody_has_is_gone(
    told: dict[str, Any], found: list[tuple[str, bool]]
) -> None:
    assert left_on_branch(**told) == found


def test_one_command_tells_of_a_calendar_that_left_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def gone_of(_: Path, states: dict[str, State], __: object) -> tuple[str, ...]:
        asked.append([*states])
        return (*states,)

    monkeypatch.setattr(gone, "missing_names", lambda _, names: [each for each in names if each == "bank"])
    monkeypatch.setattr(gone, "gone_of", gone_of)
    connections: Any = SimpleNamespace(asked_for_gone=set())

    def told_of(*names: str, place: str = "ledger") -> tuple[Any, ...]:
        store: Any = SimpleNamespace(
            place=place,
            names_beside=lambda: [*names],
            beside=lambda missing: SimpleNamespace(states=dict.fromkeys(missing, LEFT)),
        )
        return gone.beside(tmp_path, store, connections)

    assert (told_of("acme", "bank"), told_of("acme", "bank")) == (("bank",), ())
    assert told_of("acme", "bank", place="another ledger") == ("bank",)
    assert told_of("acme", place="a ledger without it") == ()


def test_what_left_is_looked_for_once_on_a_branch_where_several_calendars_have_their_states(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    for name, place in (("acme", "git:states"), ("cafe", "git:states"), ("elsewhere", "git:other")):
        (tmp_path / name).mkdir()
        settings = f"workspace: Agency\ntimezone: UTC\nstate: {place}\naccounts: {{x: X}}\n"
        (tmp_path / name / "publer.yaml").write_text(settings)
    parts = {
        "w/bank": replace(LEFT, workspace_name="Agency"),
        "x/bank": replace(LEFT, workspace_id="x", workspace_name="Rehearsal"),
        "w/acme": replace(LEFT, calendar="acme"),
    }
    asked: list[tuple[str, str]] = []

    def gone_there(top: Path, states: dict[str, State], place: str) -> tuple[GoneCalendar, ...]:
        asked.append((top.name, place))
        assert all(state.workspace_name == "Agency" for state in states.values())
        return tuple(GoneCalendar(each, state, place, False, 1, 0) for each, state in states.items())

    monkeypatch.setattr(gone, "states_on", lambda branch: parts if branch == "states" else {})
    monkeypatch.setattr(gone, "missing_names", lambda _, names: [each for each in names if each == "bank"])
    monkeypatch.setattr(gone, "_gone", gone_there)
    repositories: Any = SimpleNamespace(branch=lambda _top, name: name)
    tops = [tmp_path / name for name in ("acme", "cafe", "elsewhere")]
    found = gone.below(tops, Choice(), repositories)
    assert [(each.name, each.beside) for each in found] == [("bank", tmp_path / "acme")]
    assert asked == [("acme", "git:states"), ("elsewhere", "git:other")]


@each_of(
    ("reached", "told"),
    [
        ("w", {"Name on X": "1", "Twin (x)": "2", "Twin (linkedin)": "3"}),
        ("other", "the key does not reach its workspace, Agency"),
    ],
)
def test_a_calendar_that_left_is_applied_without_posts_on_the_accounts_that_it_used(
    reached: str, told: Any
) -> None:
    """Two accounts of one name are told apart by their networks; those that it never used are not touched."""
    with TemporaryDirectory() as folder:
        top = Path(folder) / "acme"
        top.mkdir()
        (top.parent / ".git").mkdir()
        (top / "publer.yaml").write_text("timezone: Europe/Oslo\nstate: git:states\naccounts: {x: X}\n")
        listed = (
            Account("1", "Name on X", "twitter"),
            Account("2", "Twin", "twitter"),
            Account("3", "Twin", "linkedin"),
            Account("4", "Never used", "facebook"),
        )
        there = SimpleNamespace(
            workspaces=[Workspace(reached, "Agency")], enter=lambda workspace: (workspace, listed)
        )
        posts = [wanted(T + DAY, "Hello", account=each) for each in listed[:3]]
        copies = {key: copy_of(post, key) for key, post in enumerate(posts, 1)}
        state = replace(LEFT, copies=copies, workspace_name="Agency")
        found = GoneCalendar("bank", state, "git:states", False, 1, 0, "git:states")
        connections: Any = SimpleNamespace(to=lambda *_: there, wake=None, repositories=None)
        choice = Choice(gone=("bank",))
        with mock.patch.object(gone, "below", return_value=[found]):
            if isinstance(told, str):
                with pytest.raises(UsageError, match=told):
                    gone.wanted([top], choice, connections)
                return
            [(calendar, bare)] = gone.wanted([top], choice, connections).values()
    assert {ref.alias: ref.name for ref in calendar.settings.accounts} == told
    settings = calendar.settings
    assert (settings.name, settings.state, settings.timezone) == ("bank", "git:states", "Europe/Oslo")
    assert (calendar.gone, calendar.desired.posts, bare.calendar) == (True, (), top)
