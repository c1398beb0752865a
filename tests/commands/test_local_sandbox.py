"""`--sandbox`: a Publer that lasts as long as the command, and its clock."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Cli

SETTINGS = "workspace: Fjordlight\ntimezone: UTC\naccounts:\n  x: Fjordlight\n"
POSTS = "posts:\n- id: launch\n  at: 2027-03-02 09:00\n  accounts: x\n  text: Hello\n"


def test_a_clock_that_goes_back_is_refused_and_removing_the_named_file_starts_over(
    cli: Cli, tmp_path: Path
) -> None:
    top = tmp_path / "calendar"
    top.mkdir()
    (top / "publer.yaml").write_text(SETTINGS)
    (top / "posts.yaml").write_text(POSTS)
    assert cli("apply", "calendar", "--sandbox", "--now", "2027-02-20", "--yes").code == 0

    back = cli("plan", "calendar", "--sandbox", "--now", "2027-02-01")
    named = back.stderr.partition("Remove ")[2].partition(" to start over")[0]
    (tmp_path / named).unlink()
    plan = cli("plan", "calendar", "--sandbox", "--now", "2027-02-01", "--format", "json")

    assert back.code == 1
    assert "its clock can't go back to 2027-02-01 00:00 UTC" in back.stderr
    assert [change["action"] for change in json.loads(plan.stdout)["changes"]] == ["create"]
