"""Runs commands and measures what each costs: processor time, wall time, and the most memory it held."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent
QUIET = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith("PUBLER") and name != "PYTHONDONTWRITEBYTECODE"
}
"""The environment of every command: Python keeps what it compiled, as it does for everyone."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of the processor (user and system), seconds on the clock, megabytes."""

    cpu: float
    wall: float
    peak: float


def cost(command: Sequence[str], environment: Mapping[str, str] = QUIET) -> Cost:
    """Run a command to its end. Raises RuntimeError, with what it printed, unless it ends with 0."""
    with TemporaryFile() as printed:
        start = time.perf_counter()
        process = subprocess.Popen(command, env=environment, stdout=printed, stderr=printed)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            printed.seek(0)
            tail = printed.read().decode(errors="replace")[-2000:]
            raise RuntimeError(f"{' '.join(command)[:200]} ended with {process.returncode}:\n{tail}")
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / unit)


@dataclass(frozen=True, slots=True)
class Series:
    """What the same command cost each time."""

    costs: tuple[Cost, ...]

    @property
    def cpu(self) -> float:
        """The least processor time: of the run that others on the machine disturbed least."""
        return min(each.cpu for each in self.costs)

    @property
    def median(self) -> float:
        return median(each.cpu for each in self.costs)

    @property
    def wall(self) -> float:
        return min(each.wall for each in self.costs)

    @property
    def peak(self) -> float:
        return max(each.peak for each in self.costs)


def alternately(
    commands: Mapping[str, Sequence[str]], runs: int, environment: Mapping[str, str] = QUIET
) -> dict[str, Series]:
    """Run the commands in turn, each so many times, after one run of each that does not count: unless it is all there is."""
    rounds = [[cost(each, environment) for each in commands.values()] for _ in range(runs + 1)]
    return {
        name: Series(costs)
        for name, costs in zip(commands, zip(*(rounds[1:] or rounds), strict=True), strict=True)
    }


class Server:
    """A sandbox full of posts, in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        address = {"PUBLER_BASE_URL": self._line(), "PUBLER_API_KEY": "any"}
        self.environment = {**QUIET, **address, "PUBLER_SYNC_POLL_SECONDS": "0.05"}

    def requests(self) -> int:
        """How many requests came in since this was last asked."""
        _pipe(self._process.stdin).write("\n")
        _pipe(self._process.stdin).flush()
        return int(self._line())

    def _line(self) -> str:
        return _pipe(self._process.stdout).readline().strip()

    @classmethod
    @contextmanager
    def of(cls, posts: int, workspaces: int = 1) -> Iterator[Self]:
        """A sandbox with so many posts in each of so many workspaces."""
        command = [sys.executable, "-m", "bench.server", str(posts), str(workspaces)]
        with subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            try:
                yield cls(process)
            finally:
                _pipe(process.stdin).close()


def _pipe(stream: IO[str] | None) -> IO[str]:
    if stream is None:
        raise RuntimeError("the sandbox has no pipe")
    return stream
