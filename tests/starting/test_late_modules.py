"""Modules that are loaded on first use, and those that a command without anything to complain of does without."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from publer_sync.starting.late_modules import late_module
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def test_it_is_loaded_when_something_is_asked_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rarely_needed.py").write_text("WORD = 'a word'\n")
    monkeypatch.syspath_prepend(tmp_path)
    module = late_module("rarely_needed")
    assert "rarely_needed" not in sys.modules
    assert module.WORD == "a word"
    monkeypatch.setattr("rarely_needed.WORD", "another")
    assert module.WORD == "another"
    with pytest.raises(AttributeError):
        _ = module.nothing
    with pytest.raises(ModuleNotFoundError):
        _ = late_module("not_there_at_all").anything


def test_validate_does_not_load_what_only_says_what_is_wrong() -> None:
    """Each of these takes a hundredth of its time or more, and is loaded again before anyone notices."""
    needless = {
        *("difflib", "shutil", "textwrap", "jsonschema", "tempfile", "socket", "deepdiff"),
        *(
            "publer_sync.calendar.shape.wording",
            "publer_sync.calendar.yaml.traps",
            "publer_sync.render.layout.documents",
        ),
    }
    program = f"""
import sys
from publer_sync.cli.main import main
try:
    main(["validate", "examples/calendar"])
except SystemExit as end:
    print(end.code, sorted({needless!r} & set(sys.modules)))
"""
    ran = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{program}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.splitlines()[-1] == "0 []", ran
