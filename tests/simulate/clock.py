"""The one clock of a simulated world: it jumps where others sleep, and what is due on the way happens at its time."""

from __future__ import annotations

import heapq
from datetime import timedelta
from typing import TYPE_CHECKING

from publer_sync.machine.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime


class JumpingClock(Clock):
    """Product and sandbox share it. Seconds count from the start of the world."""

    def __init__(self, start: datetime) -> None:
        super().__init__()
        self._start, self._passed = start, 0.0
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._number = 0

    def now(self) -> datetime:
        return self._start + timedelta(seconds=round(self._passed, 3))

    def monotonic(self) -> float:
        return self._passed

    def unix(self) -> float:
        """UNIX seconds, which the sandbox counts its delays in."""
        return self._start.timestamp() + self._passed

    def sleep(self, seconds: float) -> None:
        if seconds > 0:
            self.advance(seconds)

    def advance(self, seconds: float) -> None:
        until = self._passed + seconds
        while self._due and self._due[0][0] <= until:
            at, _, happen = heapq.heappop(self._due)
            self._passed = max(self._passed, at)
            happen()
        self._passed = max(self._passed, until)

    def later(self, seconds: float, happen: Callable[[], None]) -> None:
        """Have something happen in so many seconds. It must not sleep."""
        self._number += 1
        heapq.heappush(self._due, (self._passed + seconds, self._number, happen))
