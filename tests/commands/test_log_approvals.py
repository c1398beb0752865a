"""`log --approvals`: which yes it tells of, by post and by day, whatever else is wrong with the calendar."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from publer_sync.editing.approvals import line_of
from tests.builders import DAY, LATER, SOON, wanted
from tests.conftest import run_here
from tests.tables import each_of
from tests.values.test_signoff import yes_to

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = "timezone: UTC\naccounts: {x: Me}\npeople: {kari: Kari}\nsignoff: [{by: kari}]\n"
MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)
ONE = replace(yes_to(wanted(SOON, "One", id="one")), at=MIDNIGHT)
TWO = replace(yes_to(wanted(LATER, "Two", id="two")), at=MIDNIGHT + 2 * DAY)


@pytest.fixture
def top(tmp_path: Path) -> Path:
    (tmp_path / "publer.yaml").write_text(SETTINGS, encoding="utf-8")
    lines = "".join(f"{line_of(each)}\n" for each in (ONE, TWO))
    (tmp_path / "approvals.yaml").write_text(f"approvals:\n{lines}", encoding="utf-8")
    (tmp_path / "march.yaml").write_text("posts: [{at: never}]\n", encoding="utf-8")
    return tmp_path


@each_of(
    ("words", "found"),
    [
        ((), ["two", "one"]),
        (("--post", "one"), ["one"]),
        (("--post", "two@2026-11-24T18:20"), ["two"]),
        (("--post", "three"), []),
        (("--from", "2026-11-24"), ["two", "one"]),
        (("--from", "2026-11-25"), ["two"]),
        (("--to", "2026-11-25"), ["one"]),
        (("--to", "2026-11-23"), []),
        (("--to", "2026-11-26"), ["two", "one"]),
        (("--from", "2026-11-25", "--to", "2026-11-25"), []),
    ],
)
def test_it_tells_of_what_was_asked_for(top: Path, words: tuple[str, ...], found: list[str]) -> None:
    ran = run_here(("log", top, "--approvals", "--format", "json", *words), {})
    assert ran.code == 0, ran
    assert [each["post"] for each in json.loads(ran.stdout)["approvals"]] == found


def test_without_a_file_nothing_was_signed_off_and_a_line_that_is_none_is_an_error(top: Path) -> None:
    (top / "approvals.yaml").write_text("approvals:\n- words\n", encoding="utf-8")
    ran = run_here(("log", top, "--approvals"), {})
    assert (ran.code, "approvals.yaml:2" in ran.stderr) == (3, True), ran
    (top / "approvals.yaml").unlink()
    ran = run_here(("log", top, "--approvals"), {})
    assert (ran.code, ran.stdout) == (0, "Nothing was signed off.\n"), ran
