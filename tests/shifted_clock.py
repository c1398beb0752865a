"""Another clock for a whole test run and all that it starts: `python -m tests.shifted_clock leap-day pytest`.

libfaketime (the package `faketime` of Debian and Ubuntu) moves the time of day of every process; what counts elapsed
time (`time.monotonic`) and the times of files stay true. `of-the-commit` takes the clock that the date of the last
commit draws.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dateutil.relativedelta import SU, relativedelta

if TYPE_CHECKING:
    from collections.abc import Callable

NAME = "TESTS_CLOCK"
"""The variable with the name of the clock that a run has."""

HALF_A_YEAR = timedelta(days=183)


def _half_a_year(now: datetime) -> datetime:
    return now + HALF_A_YEAR


def _before_midnight(now: datetime) -> datetime:
    """Midnight passes while tests run."""
    return now.replace(hour=23, minute=58, second=0)


def _clock_change(now: datetime) -> datetime:
    """The night in which Berlin's clocks are put forward: from 02:00 to 03:00, two minutes later."""
    return _next(
        now,
        lambda year: relativedelta(year=year, month=3, day=31, weekday=SU(-1), hour=0, minute=58, second=0),
    )


def _leap_day(now: datetime) -> datetime:
    return _next(now, lambda year: relativedelta(year=year, month=2, day=29, hour=12, minute=0))


def _next(now: datetime, of: Callable[[int], relativedelta]) -> datetime:
    """The first moment ahead. A year whose February ends on the 28th has no leap day."""
    moments = (now + of(year) for year in range(now.year, now.year + 9))
    return next(at for at in moments if at > now and (at.day != 28 or at.month != 2))


CLOCKS: dict[str, Callable[[datetime], datetime]] = {
    "half-a-year": _half_a_year,
    "before-midnight": _before_midnight,
    "clock-change": _clock_change,
    "leap-day": _leap_day,
}


def of_the_commit() -> str:
    """The same commit draws the same clock; the day does where git knows none."""
    git = ["git", "log", "-1", "--format=%cs"]
    done = subprocess.run(git, cwd=Path(__file__).parent, capture_output=True, text=True, check=False)
    day = date.fromisoformat(done.stdout.strip()) if done.stdout.strip() else datetime.now(UTC).date()
    return list(CLOCKS)[day.toordinal() % len(CLOCKS)]


def variables() -> dict[str, str]:
    """What a process needs in its environment to have this run's clock; empty under the true one."""
    if NAME not in os.environ:
        return {}
    ours = (NAME, "LD_PRELOAD", "TZ", "NO_FAKE_STAT")
    return {name: value for name, value in os.environ.items() if name in ours or name.startswith("FAKE")}


def hand_on() -> None:
    """Give every process that this one starts the same clock, whatever environment a test gives it."""
    carried = variables()
    if not carried:
        return
    process: Any = subprocess.Popen
    start = process.__init__

    @wraps(start)
    def started(self: Any, args: Any, *rest: Any, env: Any = None, **options: Any) -> None:
        start(self, args, *rest, env=None if env is None else {**carried, **env}, **options)

    process.__init__ = started


def header() -> list[str]:
    """A line for the head of a report."""
    if NAME not in os.environ:
        return []
    return [f"Clock: {os.environ[NAME]}, {datetime.now().astimezone():%Y-%m-%d %H:%M %Z}"]


def _main(name: str, *command: str) -> None:
    if name == "of-the-commit":
        name = of_the_commit()
    faketime = shutil.which("faketime")
    if faketime is None:
        sys.exit("faketime is not installed: apt-get install faketime")
    now = datetime.now(UTC)
    at = CLOCKS[name](now)
    sys.stderr.write(f"The clock of these tests: {name}, it begins at {at:%Y-%m-%d %H:%M} UTC.\n")
    settings = {
        NAME: name,
        "NO_FAKE_STAT": "1",  # what creates a file gives it the true time
        "FAKE_UTIME": "0",
        "FAKETIME_FORCE_MONOTONIC_FIX": "0",  # for an old fault of glibc; here each wait for Python's lock would spin
        "FAKETIME_CACHE_DURATION": "1000000000",  # a test empties its environment, the shift stays
    }
    if name == "clock-change":
        settings["TZ"] = "Europe/Berlin"
    shift = f"{(at - now).total_seconds():+.0f}"
    # It would run the command as a child, which a signal to it leaves behind: it only says where its library is.
    words = [faketime, "-m", "--exclude-monotonic", "--disable-shm", "-f", shift, "env"]
    told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    lines = (line.partition("=") for line in told.splitlines())
    settings |= {
        key: value
        for key, _, value in lines
        if key in ("LD_PRELOAD", "FAKETIME") or key.startswith("FAKETIME_D")
    }
    os.execvpe(command[0], command, os.environ | settings)


if __name__ == "__main__":
    _main(*sys.argv[1:])
