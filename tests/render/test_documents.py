"""Problems and errors as the documented JSON, and how every document is written."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from publer_sync.render.layout import documents
from publer_sync.values.problems import Fix, Help, Location, Problem
from tests.conftest import ROOT


def test_problems_have_the_documented_keys_in_their_order() -> None:
    full = Problem(
        "error",
        "id.twice",
        "two posts are called launch",
        Location("a.yaml", 3, 5),
        Help("call it launch-2"),
        related=((Location("b.yaml", 9), "the other one"),),
        fix=Fix(3, 3, "- id: launch-2"),
    )
    bare = Problem("warning", "w", "look")
    shown = {
        "severity": "error",
        "code": "id.twice",
        "message": "two posts are called launch",
        "help": "call it launch-2",
        "file": "a.yaml",
        "line": 3,
        "column": 5,
        "related": [{"file": "b.yaml", "line": 9, "message": "the other one"}],
        "fix": {"start_line": 3, "end_line": 3, "text": "- id: launch-2"},
    }
    less = {
        "severity": "warning",
        "code": "w",
        "message": "look",
        "help": None,
        "file": None,
        "line": None,
        "column": None,
    }
    assert json.dumps(documents.problems([full, bare], posts=22, desired=56)) == json.dumps(
        {"format_version": 1, "problems": [shown, less], "posts": 22, "desired": 56, "stored": 0}
    )
    assert json.dumps(documents.error("calendar", "the calendar has errors", [bare])) == json.dumps(
        {
            "format_version": 1,
            "error": {"code": "calendar", "message": "the calendar has errors"},
            "problems": [less],
        }
    )
    assert documents.error("usage", "no")["problems"] == []
    told = documents.error("usage", "no", hint="Name one")["error"]
    assert told == {"code": "usage", "message": "no", "hint": "Name one"}


@pytest.mark.slow
@given(st.text() | st.text(st.sampled_from('\x9b\u202e\u2028\ud83d#[\\"\n::a')))
@example("##[add-mask]x\x9b31m\u202e\ud83d")
def test_a_document_reads_back_as_it_was_and_drives_nothing(words: str) -> None:
    shown = documents.dumps({"text": words, words: [words]})
    assert json.loads(shown) == {"text": words, words: [words]}
    assert "##[" not in shown
    assert not [c for c in shown if c != "\n" and unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]
    assert "\u202e" not in shown
    shown.encode()


@pytest.mark.slow
def test_validate_loads_no_plans() -> None:
    code = (
        "import sys; from publer_sync.cli.main import main\n"
        "try: main(['validate', 'examples/calendar'])\n"
        "finally: print(*(name for name in sys.modules if name.startswith(%r)), file=sys.stderr)"
    )
    rooms = tuple(f"publer_sync.{room}." for room in ("planning", "publer", "applying", "editing"))
    run = subprocess.run(
        [sys.executable, "-c", code % (rooms,)], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert (run.returncode, run.stderr) == (0, "\n"), run.stdout
