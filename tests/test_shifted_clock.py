"""That a shifted clock arrives wherever a test reads the time, and which one is drawn."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import pytest
import requests

from tests.conftest import ROOT, MakeSandbox
from tests.shifted_clock import CLOCKS, of_the_commit
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

TODAY = datetime(2026, 11, 28, 9, 40, tzinfo=UTC)
PRINT_NOW = [sys.executable, "-c", "import time; print(time.time())"]


@each_of(
    ("name", "begins"),
    [
        ("half-a-year", "2027-05-30 09:40"),
        ("before-midnight", "2026-11-28 23:58"),
        ("clock-change", "2027-03-28 00:58"),
        ("leap-day", "2028-02-29 12:00"),
    ],
)
def test_when_a_clock_begins(name: str, begins: str) -> None:
    assert f"{CLOCKS[name](TODAY):%Y-%m-%d %H:%M}" == begins


@pytest.mark.parametrize("name", ["clock-change", "leap-day"])
def test_it_never_begins_in_the_past(name: str) -> None:
    days = [TODAY + timedelta(days=number) for number in range(0, 1600, 7)]
    assert all(day < CLOCKS[name](day) < day + timedelta(days=1462) for day in days)


def test_the_same_commit_draws_the_same_clock() -> None:
    assert of_the_commit() == of_the_commit() in CLOCKS


def test_the_clock_is_the_same_everywhere(make_sandbox: MakeSandbox, tmp_path: Path) -> None:
    """In this run, whatever clock it has: here, in processes with any environment, in git, in the sandbox and for a command."""
    start = datetime.now(UTC)
    git = ["git", "-c", "user.name=Ann", "-c", "user.email=ann@example.com", "-C", str(tmp_path)]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "One"], check=True)
    sandbox = make_sandbox(file=tmp_path / "publer.db")
    asked = requests.get(f"{sandbox.url}/users/me", headers={"User-Agent": "a test"}, timeout=60)
    seen = {
        "this process": datetime.fromtimestamp(time.time(), UTC),
        "a process": read(subprocess.run(PRINT_NOW, capture_output=True, text=True, check=True).stdout),
        "one with its own environment": read(
            subprocess.run(PRINT_NOW, env={"PATH": ""}, capture_output=True, text=True, check=True).stdout
        ),
        "a commit": read(
            subprocess.run([*git, "log", "--format=%ct"], capture_output=True, text=True, check=True).stdout
        ),
        "the sandbox": parsedate_to_datetime(asked.headers["Date"]),
        "posts of the sandbox": sandbox._context.now(),
    }
    assert {name: at for name, at in seen.items() if abs(at - start) > timedelta(minutes=5)} == {}
    shift = timedelta(seconds=float(os.environ.get("FAKETIME", "0")))
    assert abs(
        start - datetime.fromtimestamp((tmp_path / "publer.db").stat().st_mtime, UTC) - shift
    ) < timedelta(minutes=5)


def read(seconds: str) -> datetime:
    return datetime.fromtimestamp(float(seconds), UTC)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("faketime") is None, reason="faketime is not installed")
def test_a_run_under_a_shifted_clock() -> None:
    """The test above, under the clock that is furthest away."""
    this = f"{__file__}::{test_the_clock_is_the_same_everywhere.__name__}"
    command = [
        "-m",
        "tests.shifted_clock",
        "leap-day",
        sys.executable,
        "-m",
        "pytest",
        "-n0",
        "-p",
        "no:cacheprovider",
        this,
    ]
    environ = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}  # -m slow
    ran = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "Clock: leap-day" in ran.stdout
