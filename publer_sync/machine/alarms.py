"""What is done about something that takes too long: each request to Publer has two such calls, and few of them are ever made."""

from __future__ import annotations

import heapq
import itertools
import math
import os
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_NUMBERS = itertools.count()


class Alarm:
    """Calls `ring` where what is in its block takes longer than `seconds`, and again after as many as long as that returns True.

    The call is made in a thread of its own: it may wait, as for a terminal, and no other alarm is late for it.
    """

    def __init__(self, seconds: float, ring: Callable[[], object]) -> None:
        self.seconds = seconds
        self._ring: Callable[[], object] | None = ring
        self._number = next(_NUMBERS)

    def __enter__(self) -> None:
        _KEEPER.keep(self, self._number)

    def __exit__(self, *_: object) -> None:
        self._ring = None
        _KEEPER.drop(self._number)

    def sound(self) -> None:
        """Ring, unless the block has ended."""
        ring = self._ring
        if ring is not None and ring() is True:
            _KEEPER.keep(self, self._number)


class _Keeper:
    """One thread, which waits for whichever is due first."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._process = os.getpid()
        self._changed = threading.Condition()
        self._due: list[tuple[float, int]] = []
        self._kept: dict[int, Alarm] = {}
        """What has ended is not in it: a file that was sent is not held open until its alarm would have been due."""
        self._sleeps_until = -math.inf
        self._runs = False

    def keep(self, alarm: Alarm, number: int) -> None:
        if self._process != os.getpid():
            # A fork has no thread but this one, and the lock may have been held as it was made.
            self._begin()
        at = time.monotonic() + alarm.seconds
        with self._changed:
            self._kept[number] = alarm
            heapq.heappush(self._due, (at, number))
            if not self._runs:
                threading.Thread(target=self._run, name="alarms", daemon=True).start()
                self._runs = True
            elif at < self._sleeps_until:
                self._changed.notify()

    def drop(self, number: int) -> None:
        self._kept.pop(number, None)

    def _run(self) -> None:
        while True:
            with self._changed:
                while self._due and self._due[0][1] not in self._kept:
                    heapq.heappop(self._due)
                self._sleeps_until = self._due[0][0] if self._due else math.inf
                seconds = self._sleeps_until - time.monotonic()
                if seconds > 0:
                    self._changed.wait(min(seconds, threading.TIMEOUT_MAX))
                    continue
                alarm = self._kept.pop(heapq.heappop(self._due)[1], None)
            if alarm is not None:
                try:
                    threading.Thread(target=alarm.sound, name="alarm", daemon=True).start()
                except RuntimeError:  # no more threads: rather late than never
                    alarm.sound()


_KEEPER = _Keeper()
