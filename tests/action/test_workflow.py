"""What a step tells its runner."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from publer_sync.action import workflow
from publer_sync.values.problems import Location, Problem
from tests.action.conftest import read_outputs

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_no_value_can_end_an_output(tmp_path: Path) -> None:
    file = tmp_path / "output"
    workflow.set_outputs(file, {"a": "1\nend_\nb=2\nEOF", "c": ""})
    assert read_outputs(file.read_text()) == {"a": "1\nend_\nb=2\nEOF", "c": ""}
    ends = re.findall(r"<<(\S+)", file.read_text())
    assert len(set(ends)) == 2


def test_outputs_and_summaries_go_where_the_runner_wants_them_or_nowhere(tmp_path: Path) -> None:
    workflow.set_outputs(None, {"a": "1"})
    workflow.add_summary(None, "One")
    for text in ("One", "Two"):
        workflow.add_summary(tmp_path / "summary", text)
        workflow.set_outputs(tmp_path / "output", {text: text})
    assert (tmp_path / "summary").read_text() == "One\nTwo\n"
    assert read_outputs((tmp_path / "output").read_text()) == {"One": "One", "Two": "Two"}


def test_a_part_of_the_log_is_folded_below_its_title(capsys: pytest.CaptureFixture[str]) -> None:
    workflow.log("plan a", "One\nTwo")
    assert capsys.readouterr().out == "::group::plan a\nOne\nTwo\n::endgroup::\n"


def test_what_github_keeps_no_annotation_of_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    where = Location("may.yaml", 2)
    found = [Problem("error", "x", f"wrong {number}", where) for number in range(12)]
    found += [Problem("warning", "y", f"weak {number}", where) for number in range(10)]
    workflow.annotate_problems(found, "calendar")
    lines = capsys.readouterr().out.splitlines()
    assert [line[:3] for line in lines] == ["::e"] * 10 + ["… a"] + ["::w"] * 10
    assert lines[10] == "… and 2 more, in the job summary"


def test_an_annotation_says_one_thing(capsys: pytest.CaptureFixture[str]) -> None:
    workflow.annotate("error", "a\n::add-mask::b", title="t,line=9:", file="x,y:z.yaml", line=4)
    assert capsys.readouterr().out == (
        "::error file=x%2Cy%3Az.yaml,line=4,title=t%2Cline=9%3A::a%0A::add-mask::b\n"
    )


def test_a_secret_of_several_lines_is_masked_line_by_line(capsys: pytest.CaptureFixture[str]) -> None:
    workflow.mask("one\n \n10%")
    masks = capsys.readouterr().out.splitlines()
    assert masks == [f"::add-mask::{each}" for each in ("one", "10%25", workflow.basic("one\n \n10%"))]
