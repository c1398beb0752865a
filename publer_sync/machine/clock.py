"""The one clock of a run, real or the sandbox's, with sleeps that a signal can end; deadlines, and growing waits."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GROWTH = 1.5
"""Each wait between two polls is this many times the one before."""


class Clock:
    """The time for every decision: the service's, from its first answer on, and this machine's before.

    From then on it runs by the seconds that pass here, whatever becomes of the machine's clock. `offset` shifts it, only
    for the sandbox. Clocks that share `wake` are woken together.
    """

    def __init__(self, offset: timedelta = timedelta(0), wake: threading.Event | None = None) -> None:
        self.offset = offset
        self._wake = wake or threading.Event()
        self._service: tuple[datetime, float] | None = None

    def now(self) -> datetime:
        """UTC, aware."""
        if self._service is None:
            return self.machine()
        date, at = self._service
        return date + timedelta(seconds=self.monotonic() - at)

    def machine(self) -> datetime:
        """By this machine's clock, whatever the service says."""
        return datetime.now(UTC) + self.offset

    def heard(self, date: datetime) -> None:
        """Go by the service's clock, whose answer of just now has this date, in whole seconds. Only the first one counts."""
        if self._service is None:
            self._service = date + timedelta(seconds=0.5), self.monotonic()

    def monotonic(self) -> float:
        """Seconds that never go backwards, for time-outs."""
        return time.monotonic()

    def time_in(self, seconds: float) -> str:
        """The local time of day in so many seconds."""
        return f"{(self.now() + timedelta(seconds=seconds)).astimezone():%H:%M:%S}"

    def sleep(self, seconds: float) -> None:
        """Return after `seconds`, or at once if `wake` was called."""
        if seconds > 0:
            self._wake.wait(seconds)

    def wake(self) -> None:
        """End every sleep from now on: someone asked to stop."""
        self._wake.set()

    def calm(self) -> None:
        """Let it sleep again, once what was to end has ended."""
        self._wake.clear()

    @property
    def woken(self) -> bool:
        """Whether someone asked to stop, so that a loop of sleeps ends too."""
        return self._wake.is_set()


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment by which something has to be done. Seconds that do not count postpone it. `at` is the clock's `monotonic`."""

    clock: Clock
    at: float
    excused: Callable[[], float]

    @classmethod
    def after(cls, seconds: float, clock: Clock, *, excused: Callable[[], float]) -> Deadline:
        """`excused` tells how many seconds have not counted so far."""
        return cls(clock, clock.monotonic() + seconds - excused(), excused)

    def within(self, seconds: float) -> Deadline:
        """The sooner of this one and so many seconds from now."""
        return self if self.left <= seconds else Deadline.after(seconds, self.clock, excused=self.excused)

    @property
    def left(self) -> float:
        """Seconds; negative once the moment has passed."""
        return self.at + self.excused() - self.clock.monotonic()


def growing_waits(first: float, *, growth: float = GROWTH, most: float = 5) -> Iterator[float]:
    """The seconds to wait before each next try, without end: from `first`, growing up to `most` times that."""
    wait = first
    while True:
        yield wait
        wait = min(wait * growth, first * most)
