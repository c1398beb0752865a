"""The loop of docs/core.md is what runs, and the lines of code in the docs are those of the code."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT
from tests.sources import MODULES, Module
from tests.weights import loop, nearly, stops

if TYPE_CHECKING:
    from pathlib import Path
    from types import FrameType

    from tests.conftest import Cli

PAGE = (ROOT / "docs/core.md").read_text(encoding="utf-8")


def test_the_loop_names_functions_that_are_where_it_says_and_can_be_read_in_an_hour() -> None:
    found = stops(PAGE)  # raises where one is not there
    assert [stop.heading.partition(".")[0] for stop in found] == [str(n) for n in range(1, len(found) + 1)]
    assert all(stop.reads and stop.guards for stop in found)
    *rows, together = loop(PAGE)
    lines = sum(int(read) for _, _, read, _ in rows)
    assert together[2] == f"**{lines:,}**"
    assert 900 <= lines <= 1200, "about a thousand lines: leave something out, or name what is missing"


@pytest.mark.slow
def test_the_loop_is_what_runs_in_the_order_in_which_it_is_told(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "publer.yaml").write_text("timezone: Europe/Berlin\naccounts: {x: My X}\n")
    (tmp_path / "posts.yaml").write_text("posts:\n- at: 2027-03-02 09:00\n  accounts: x\n  text: One\n")
    entered: dict[tuple[str, int], int] = {}

    def follow(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            code = frame.f_code
            entered.setdefault((code.co_filename, code.co_firstlineno), len(entered))

    now = ("--sandbox", "--now", "2027-01-01")
    sys.setprofile(follow)
    try:
        ran = [cli("apply", tmp_path, "--yes", *now), cli("plan", tmp_path, *now)]
    finally:
        sys.setprofile(None)
    assert [run.code for run in ran] == [0, 0], ran
    assert "Nothing to do." in ran[1].stdout
    reads = [place for stop in stops(PAGE) for place in stop.reads]
    assert [place.name for place in reads if place.first not in entered] == []
    begun = [entered[stop.reads[0].first] for stop in stops(PAGE)]
    assert begun == sorted(begun)


def test_the_lines_of_code_are_neither_blank_nor_told_nor_said() -> None:
    text = '"""A module."""\n\n# why\n@late\ndef one() -> str:\n    """Say."""\n\n    return """a\nb"""\n\n\nVALUE = 1\n"""What it is."""\n'
    module = Module("one", text, ROOT)
    assert sorted(module.code) == [4, 5, 8, 9, 12]
    assert sorted(module.lines_of("one")) == [4, 5, 8, 9]
    with pytest.raises(KeyError, match="one has no two"):
        module.lines_of("two")
    assert MODULES["ledger.state"].lines_of("State.put") < MODULES["ledger.state"].lines_of("State")


def test_a_table_of_lines_is_written_anew_only_where_it_is_off_by_more_than_a_tenth() -> None:
    shown = "| `one` | 1,000 |\n| `two` | 40 |\n"
    for same in (shown.replace("1,000", "1,099"), shown.replace("40", "31")):
        assert nearly(same, shown) == shown
    for other in (
        shown.replace("1,000", "1,200"),
        shown.replace("40", "51"),
        shown.replace("two", "three"),
        shown + "| `four` | 1 |\n",
    ):
        assert nearly(other, shown) == other
