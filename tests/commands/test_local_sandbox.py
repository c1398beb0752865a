"""`--sandbox`: a Publer that lasts as long as the command, and its clock."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

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
