"""What somebody does on the page, and the lines that it changes in the files."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT
from tests.studio.desk import Desk, desk_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """The example calendar, open."""
    shutil.copytree(ROOT / "examples" / "calendar", tmp_path / "calendar")
    with desk_of(tmp_path / "calendar") as made:
        yield made


def changed_lines(diff: str) -> list[str]:
    return [line for line in diff.split("\n") if line[:1] in ("+", "-") and line[:3] not in ("+++", "---")]


def test_a_post_moves_with_all_its_accounts_and_one_line_changes(desk: Desk) -> None:
    told = desk.do("launch", move={"day": "2027-03-03"})
    assert told.status == 200, told
    assert changed_lines(told.body["diff"]) == ["-  at: Tue 2027-03-02 09:00", "+  at: Wed 2027-03-03 09:00"]
    post = told.body["posts"][0]
    assert (post["at"]["day"], post["times"]["x"]["day"], post["times"]["x"]["time"]) == (
        "2027-03-03",
        "2027-03-03",
        "10:30",
    )
    assert "at: Wed 2027-03-03 09:00" in desk.read("2027-03-launch.yaml")
    assert len(told.body["cards"][post["key"]]) == 3
    assert told.body["say"] == "launch moved to Wed 3 Mar, 09:00"
