"""`--sandbox`: a Publer that lasts as long as the command, and its clock."""

from __future__ import annotations

import json
from contextlib import ExitStack
from datetime import timedelta
from typing import TYPE_CHECKING

from publer_sync.calendar.load import read
from publer_sync.commands.reaching.access import open_access
from publer_sync.commands.reaching.connections import Connections
from publer_sync.commands.reaching.environment import Environment
from publer_sync.commands.reaching.local_sandbox import (
    SANDBOX_POLLS,
    SANDBOX_STATE,
    enter_sandbox,
    offset_of,
    seed_of,
)
from publer_sync.commands.running.choice import Choice
from publer_sync.machine.own_folder import FOLDER
from publer_sync.publer.reader import PublerReader
from publer_sync.sandbox import Seed
from publer_sync.values.service import is_id
from tests.system.worlds import DAY, T

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Cli

SETTINGS = "workspace: Fjordlight\ntimezone: UTC\naccounts:\n  x: Fjordlight\n"
EARLIER, NOW, LAUNCH = (f"{T + days * DAY:%Y-%m-%d}" for days in (0, 20, 30))
POSTS = f"posts:\n- id: launch\n  at: {LAUNCH} 09:00\n  accounts: x\n  text: Hello\n"


def test_a_clock_that_goes_back_is_refused_and_removing_the_named_file_starts_over(
    cli: Cli, tmp_path: Path
) -> None:
    top = tmp_path / "calendar"
    top.mkdir()
    (top / "publer.yaml").write_text(SETTINGS)
    (top / "posts.yaml").write_text(POSTS)
    assert cli("apply", "calendar", "--sandbox", "--now", NOW, "--yes").code == 0

    back = cli("plan", "calendar", "--sandbox", "--now", EARLIER)
    named = back.stderr.partition("Remove ")[2].partition(" to start over")[0]
    (tmp_path / named).unlink()
    plan = cli("plan", "calendar", "--sandbox", "--now", EARLIER, "--format", "json")

    assert back.code == 1
    assert f"its clock can't go back to {EARLIER} 00:00 UTC" in back.stderr
    assert [change["action"] for change in json.loads(plan.stdout)["changes"]] == ["create"]


def test_without_a_time_the_clock_goes_on_from_where_it_was_left(cli: Cli, tmp_path: Path) -> None:
    """Also in a command that has no --now, such as accounts; a clock that was left in the past is today's again."""
    top = tmp_path / "calendar"
    top.mkdir()
    (top / "publer.yaml").write_text(SETTINGS)
    (top / "posts.yaml").write_text(POSTS)
    assert cli("apply", "calendar", "--sandbox", "--now", NOW, "--yes").code == 0

    assert cli("accounts", "calendar", "--sandbox").code == 0
    plan = json.loads(cli("plan", "calendar", "--sandbox", "--format", "json").stdout)

    assert (plan["created_at"][:13], plan["summary"]["unchanged"]) == (f"{NOW}T00", 1)

    other = tmp_path / "other.db"
    past = ("--sandbox", "--sandbox-file", other)
    assert cli("plan", "calendar", *past, "--now", "2020-01-01", "--format", "json").code == 0
    plan = json.loads(cli("plan", "calendar", *past, "--format", "json").stdout)
    assert plan["created_at"] > "2026"


def test_a_file_that_is_no_sandbox_is_told_as_ever(cli: Cli, tmp_path: Path) -> None:
    top = tmp_path / "calendar"
    top.mkdir()
    (top / "publer.yaml").write_text(SETTINGS)
    file = tmp_path / "notes.txt"
    file.write_text("Not a database")
    done = cli("plan", "calendar", "--sandbox", "--sandbox-file", file)
    assert (done.code, "cannot be used as a sandbox file" in done.stderr) == (1, True)
    assert file.read_text() == "Not a database"


def test_a_sandbox_that_ends_is_forgotten(tmp_path: Path) -> None:
    """Another one may come to have its address."""
    (tmp_path / "publer.yaml").write_text(SETTINGS)
    connections = Connections(PublerReader)
    with ExitStack() as stack:
        open_access(read(tmp_path), Choice(sandbox=True), stack, connections)
        assert connections.requests
    assert connections.requests == 0


def test_calendars_are_neighbours_in_a_sandbox_that_they_share(cli: Cli, tmp_path: Path) -> None:
    for name in ("acme", "bank"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "publer.yaml").write_text(SETTINGS)
        (tmp_path / name / "posts.yaml").write_text("posts: []\n")
    words = ("plan", "acme", "bank", "--sandbox", "--sandbox-file", tmp_path / "publer.db", "--now", NOW)
    ran = cli(*words)
    told = "x is managed by the calendar bank as well"
    assert (ran.code, told in ran.stdout + ran.stderr) == (3, True), ran


def test_a_sandbox_has_the_workspace_and_the_accounts_that_the_settings_name(tmp_path: Path) -> None:
    def seed(settings: str) -> Seed:
        (tmp_path / "publer.yaml").write_text(f"timezone: UTC\n{settings}", encoding="utf-8")
        return seed_of(read(tmp_path, posts=False))

    assert seed_of(None) == seed("") == Seed()
    named = seed("accounts: {x: Fjordlight, us: {name: We, provider: linkedin}, other: Page}\n")
    assert named.workspace_name == "My Primary Workspace"
    assert [(each.name, each.provider) for each in named.accounts] == [
        ("Fjordlight", "twitter"),
        ("We", "linkedin"),
        ("Page", "facebook"),
    ]
    assert len({each.id for each in named.accounts if is_id(each.id)}) == 3
    one, other = "a" * 24, "b" * 24
    by_id = seed(f"workspace: {one}\naccounts: {{x: {{id: {other}, provider: x}}}}\n")
    assert (by_id.workspace_id, by_id.workspace_name) == (one, "My Primary Workspace")
    assert [(each.id, each.name) for each in by_id.accounts] == [(other, "x")]
    by_name = seed("workspace: Acme\naccounts: {x: Fjordlight}\n")
    assert (by_name.workspace_name, is_id(by_name.workspace_id)) == ("Acme", True)


def test_the_state_of_a_sandbox_goes_with_its_own_file_alone(tmp_path: Path) -> None:
    (tmp_path / "publer.yaml").write_text(SETTINGS)
    assert offset_of(None, None, "UTC") == timedelta(0)
    state, own = tmp_path / SANDBOX_STATE, tmp_path / FOLDER / "sandbox.db"
    asked = Environment(poll_seconds=0.03, polls_as_asked=True)
    other = tmp_path / "other.db"
    for environment, file, seconds, kept in (
        (Environment(), other, SANDBOX_POLLS, False),  # there was none
        (Environment(), other, SANDBOX_POLLS, True),
        (asked, None, 0.03, False),
        (asked, None, 0.03, True),
    ):
        with ExitStack() as stack:
            _, there = enter_sandbox(read(tmp_path), environment, stack, file=file)
        assert (there.poll_seconds, state.exists(), own.exists()) == (seconds, kept, file is None)
        state.touch()
