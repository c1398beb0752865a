"""The modules of the page: types hold, and each file is one idea that fits on a few screens."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "publer_sync" / "studio" / "page"
TSC = shutil.which("tsc")


@pytest.mark.slow
@pytest.mark.skipif(TSC is None, reason="no tsc here: npm install --global typescript")
def test_their_types_hold() -> None:
    assert TSC
    ran = subprocess.run([TSC, "-p", ROOT / "tests" / "studio"], capture_output=True, text=True, check=False)
    assert (ran.stdout, ran.returncode) == ("", 0)


def test_each_begins_with_what_it_is_and_ends_before_it_is_two() -> None:
    for file in PAGE.glob("*.js"):
        text = file.read_text(encoding="utf-8")
        assert text.startswith("/**"), file.name
        assert text.count("\n") < 400, file.name


def test_none_loads_anything_from_elsewhere() -> None:
    for file in PAGE.glob("*.*"):
        text = file.read_text(encoding="utf-8")
        assert not re.findall(r"(?:import|url|fetch)\W+https?:", text), file.name
        assert set(re.findall(r'from "\./([\w-]+\.js)"', text)) <= {each.name for each in PAGE.glob("*.js")}
