"""Another clock for a whole test run and all that it starts: `python -m tests.shifted_clock leap-day pytest`.

libfaketime (the package `faketime` of Debian and Ubuntu) moves the time of day of every process; what counts elapsed
time (`time.monotonic`) and the times of files stay true. `of-the-commit` is the clock that the last commit draws. Names of
`tests.clones` may stand beside that of a clock; without a command, the README's is run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from functools import wraps
from itertools import count, takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from tests import clones

if TYPE_CHECKING:
    from collections.abc import Callable

NAME = "TESTS_CLOCK"
"""The variable with the name of the clock that a run has."""
OF_THE_COMMIT = "of-the-commit"
ONE_DAY = timedelta(days=1)
HALF_A_YEAR = 183 * ONE_DAY
BERLIN = "Europe/Berlin"


class ShiftedClock(NamedTuple):
    begins: Callable[[datetime], datetime]
    """When it begins, for a run of this moment: later."""
    zone: str = "UTC"
    """The machine's time zone."""


def _next(fits: Callable[[datetime], bool], at: str, zone: str = "UTC") -> ShiftedClock:
    """The next day that fits, at this time."""
    hour, minute = map(int, at.split(":"))

    def begins(now: datetime) -> datetime:
        today = now.astimezone(ZoneInfo(zone)).replace(hour=hour, minute=minute, second=0, microsecond=0)
        days = (today + number * ONE_DAY for number in count())
        return next(day.astimezone(UTC) for day in days if day > now and fits(day))

    return ShiftedClock(begins, zone)


def _weekday(number: int, at: str = "12:00") -> ShiftedClock:
    return _next(lambda day: day.weekday() == number, at)


def _hour(at: str, zone: str) -> ShiftedClock:
    return _next(lambda _: True, at, zone)


def _longer_by(day: datetime) -> timedelta:
    """By how much the clocks of its zone are put forward on a day; less than nothing where it is back."""
    midnight = day.replace(hour=0, minute=0)
    return ((midnight + ONE_DAY).utcoffset() or timedelta()) - (midnight.utcoffset() or timedelta())


CLOCKS = {
    "monday": _weekday(0),
    "tuesday": _weekday(1),
    "wednesday": _weekday(2),
    "thursday": _weekday(3),
    "friday": _weekday(4),
    "saturday": _weekday(5),
    "sunday": _weekday(6, "23:30"),
    "before-midnight-in-los-angeles": _hour("23:00", "America/Los_Angeles"),
    "after-midnight-in-los-angeles": _hour("01:00", "America/Los_Angeles"),
    "before-midnight-in-berlin": _hour("23:00", BERLIN),
    "after-midnight-in-berlin": _hour("01:00", BERLIN),
    "before-midnight-in-tokyo": _hour("23:00", "Asia/Tokyo"),
    "after-midnight-in-tokyo": _hour("01:00", "Asia/Tokyo"),
    "last-of-a-month": _next(lambda day: (day + ONE_DAY).day == 1 and day.month != 12, "21:30"),
    # 30 days ahead is the year's last.
    "first-of-december": _next(lambda day: (day.month, day.day) == (12, 1), "12:00"),
    "december": _next(lambda day: (day.month, day.day) == (12, 15), "12:00"),  # a month ahead is next year
    "last-of-a-year": _next(lambda day: (day.month, day.day) == (12, 31), "23:55"),
    "leap-day": _next(lambda day: (day.month, day.day) == (2, 29), "12:00"),
    # Two minutes before the clocks change.
    "clocks-forward": _next(lambda day: _longer_by(day) > timedelta(), "01:58", BERLIN),
    "clocks-back": _next(lambda day: _longer_by(day) < timedelta(), "02:58", BERLIN),
    "half-a-year": ShiftedClock(lambda now: now + HALF_A_YEAR),
}


def of_the_commit() -> str:
    """The same commit draws the same clock; the day does where git knows none."""
    git = ["git", "rev-parse", "HEAD"]
    done = subprocess.run(git, cwd=Path(__file__).parent, capture_output=True, text=True, check=False)
    drawn = int(done.stdout, 16) if done.returncode == 0 else datetime.now(UTC).toordinal()
    return list(CLOCKS)[drawn % len(CLOCKS)]


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
    return [f"Clock: {os.environ[NAME]}, {datetime.now().astimezone():%A %Y-%m-%d %H:%M %Z}"]


def settings_of(name: str) -> dict[str, str]:
    """The variables that give a process this clock. Exits where faketime is not installed."""
    faketime = shutil.which("faketime")
    if faketime is None:
        sys.exit("faketime is not installed: apt-get install faketime")
    now = datetime.now(UTC) - timedelta(seconds=float(os.environ.get("FAKETIME", "0")))
    clock = CLOCKS[name]
    at = clock.begins(now)
    sys.stderr.write(f"The clock of these tests: {name}, it begins on {at:%A %Y-%m-%d %H:%M} UTC.\n")
    # It would run the command as a child, which a signal to it leaves behind: it only says where its library is.
    shift = f"{(at - now).total_seconds():+.0f}"
    words = [faketime, "-m", "--exclude-monotonic", "--disable-shm", "-f", shift, "env"]
    told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    lines = (line.partition("=") for line in told.splitlines())
    return {
        NAME: name,
        "TZ": clock.zone,
        "NO_FAKE_STAT": "1",  # what creates a file gives it the true time
        "FAKE_UTIME": "0",
        "FAKETIME_FORCE_MONOTONIC_FIX": "0",  # for an old fault of glibc; here each wait for Python's lock would spin
        "FAKETIME_CACHE_DURATION": "1000000000",  # a test empties its environment, the shift stays
        **{
            key: value
            for key, _, value in lines
            if key in ("LD_PRELOAD", "FAKETIME") or key.startswith("FAKETIME_D")
        },
    }


def main(*words: str) -> None:
    """Run a command under what the names before it say."""
    known = [OF_THE_COMMIT, *CLOCKS, *clones.CHANGES]
    names = [*takewhile(known.__contains__, words)]
    clock = [
        of_the_commit() if name == OF_THE_COMMIT else name for name in names if name not in clones.CHANGES
    ]
    if not names or len(clock) > 1:
        sys.exit(f"Name one clock, a change of place, or both: {', '.join(known)}")
    command = clones.begin(names, words[len(names) :])
    for name in clock:
        os.environ |= settings_of(name)
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(*sys.argv[1:])
