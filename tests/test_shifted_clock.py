"""That a shifted clock arrives wherever a test reads the time, and which one is drawn."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests
import yaml

from tests.clones import CHANGES
from tests.conftest import ROOT, MakeSandbox
from tests.shifted_clock import CLOCKS, of_the_commit
from tests.tables import each_of

if TYPE_CHECKING:
    from tests.browser import Pages

TODAY = datetime(2026, 11, 28, 9, 40, tzinfo=UTC)
PRINT_NOW = [sys.executable, "-c", "import time; print(time.time())"]


@each_of(
    ("name", "begins"),
    [
        ("monday", "2026-11-30 12:00"),
        ("friday", "2026-12-04 12:00"),
        ("saturday", "2026-11-28 12:00"),
        ("sunday", "2026-11-29 23:30"),
        ("before-midnight-in-los-angeles", "2026-11-29 07:00"),
        ("after-midnight-in-los-angeles", "2026-11-29 09:00"),
        ("before-midnight-in-berlin", "2026-11-28 22:00"),
        ("after-midnight-in-tokyo", "2026-11-28 16:00"),
        ("last-of-a-month", "2026-11-30 21:30"),
        ("first-of-december", "2026-12-01 12:00"),
        ("december", "2026-12-15 12:00"),
        ("last-of-a-year", "2026-12-31 23:55"),
        ("leap-day", "2028-02-29 12:00"),
        ("clocks-forward", "2027-03-28 00:58"),
        ("clocks-back", "2027-10-31 00:58"),
        ("half-a-year", "2027-05-30 09:40"),
    ],
)
def test_when_a_clock_begins(name: str, begins: str) -> None:
    assert f"{CLOCKS[name].begins(TODAY):%Y-%m-%d %H:%M}" == begins


@pytest.mark.slow
@pytest.mark.parametrize("name", CLOCKS)
def test_it_never_begins_in_the_past(name: str) -> None:
    days = [TODAY + timedelta(days=number) for number in range(0, 1600, 7)]
    assert all(day < CLOCKS[name].begins(day) < day + timedelta(days=1462) for day in days)


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


needs_faketime = pytest.mark.skipif(shutil.which("faketime") is None, reason="faketime is not installed")


def under(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    # A run of slow tests alone is no reason to look for no others there.
    environ = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"} | variables
    command = [sys.executable, "-m", "tests.shifted_clock", *words]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)


def one_test(tmp_path: Path, test: str) -> tuple[str, ...]:
    """Its files are among ours: else it would clear away those of earlier runs, which can take a minute."""
    options = ("-n0", "-p", "no:cacheprovider", f"--basetemp={tmp_path / 'tests'}")
    return (sys.executable, "-m", "pytest", *options, test)


@pytest.mark.slow
@needs_faketime
def test_a_run_under_a_shifted_clock(tmp_path: Path) -> None:
    """The test above, under the clock that is furthest away."""
    test = f"{__file__}::{test_the_clock_is_the_same_everywhere.__name__}"
    ran = under("leap-day", *one_test(tmp_path, test))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "Clock: leap-day, Tuesday 20" in ran.stdout


@pytest.mark.slow
def test_a_browser_has_it_too(pages: Pages) -> None:
    opened = pages.open("about:blank")
    now = datetime.fromtimestamp(opened.page.evaluate("Date.now()") / 1000, UTC)
    assert abs(now - datetime.now(UTC)) < timedelta(minutes=5)


@pytest.mark.slow
def test_a_run_in_the_background(tmp_path: Path) -> None:
    """What a script does not wait for starts with interrupts turned off, and all tests of interrupts wait in vain."""
    interrupt = "import os, signal; os.kill(os.getpid(), signal.SIGINT)"
    assert under("in-the-background", sys.executable, "-c", interrupt).returncode == 0
    test = "tests/commands/test_saving.py::test_a_signal_while_it_writes_ends_it_with_what_was_written"
    ran = under("in-the-background", *one_test(tmp_path, test))
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.slow
@pytest.mark.parametrize(("name", "folder"), [("below-tmp", "/tmp/clone-"), ("blank-and-umlaut", " aus K")])
def test_a_run_in_a_clone_elsewhere(name: str, folder: str) -> None:
    tell = "import os, tests; print(os.getcwd()); print(os.environ['PYTEST_XDIST_AUTO_NUM_WORKERS'])"
    ran = under(name, "four-workers-a-core", sys.executable, "-c", tell)
    clone, workers = ran.stdout.splitlines()
    try:
        assert folder in clone
        assert (Path(clone) / "tests/clones.py").is_file()
        assert int(workers) == 4 * (os.cpu_count() or 1)
    finally:
        shutil.rmtree(Path(clone).parent)


def test_a_name_that_is_none_is_told_those_that_are() -> None:
    ran = under("someday", "pytest")
    assert ran.returncode == 1
    assert ran.stderr.startswith("Name one clock, a change of place, or both: of-the-commit, monday, ")


def test_every_night_has_all_of_them() -> None:
    text = (ROOT / ".github/workflows/nightly.yml").read_text(encoding="utf-8")
    assert yaml.safe_load(text)["jobs"]["days"]["strategy"]["matrix"]["under"] == [*CLOCKS, *CHANGES]
    assert f"{len(CLOCKS)} kinds of\n# days" in text
