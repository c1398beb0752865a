"""What a step tells its runner."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from publer_sync.action import workflow
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


def test_an_annotation_says_one_thing(capsys: pytest.CaptureFixture[str]) -> None:
    workflow.annotate("error", "a\n::add-mask::b", title="t,line=9:", file="x,y:z.yaml", line=4)
    assert capsys.readouterr().out == (
        "::error file=x%2Cy%3Az.yaml,line=4,title=t%2Cline=9%3A::a%0A::add-mask::b\n"
    )
