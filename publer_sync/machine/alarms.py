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


class Alarm:
    """Calls `ring` where what is in its block takes longer than `seconds`, and again after as many as long as that returns True.

    The call is made in a thread of its own: it may wait, as for a terminal, and no other alarm is late for it.
    """

    def __init__(self, seconds: float, ring: Callable[[], object]) -> None:
        self.seconds = seconds
        self._ring: Callable[[], object] | None = ring

    def __enter__(self) -> None:
        _KEEPER.keep(self)

    def __exit__(self, *_: object) -> None:
        self._ring = None

    @property
    def is_on(self) -> bool:
        return self._ring is not None

    def sound(self) -> None:
        """Ring, unless the block has ended."""
        ring = self._ring
        if ring is not None and ring() is True:
            _KEEPER.keep(self)


class _Keeper:
    """One thread, which waits for whichever is due first."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._process = os.getpid()
        self._changed = threading.Condition()
        self._due: list[tuple[float, int, Alarm]] = []
        self._numbers = itertools.count()  # two alarms are not compared
        self._sleeps_until = -math.inf
        self._runs = False

    def keep(self, alarm: Alarm) -> None:
        if (
            self._process != os.getpid()
        ):  # a fork has no thread but this one, and a lock may have been held as it was made
            self._begin()
        at = time.monotonic() + alarm.seconds
        with self._changed:
            heapq.heappush(self._due, (at, next(self._numbers), alarm))
            if not self._runs:
                self._runs = True
                threading.Thread(target=self._run, name="alarms", daemon=True).start()
            elif at < self._sleeps_until:
                self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                while self._due and not self._due[0][2].is_on:
                    heapq.heappop(self._due)
                self._sleeps_until = self._due[0][0] if self._due else math.inf
                seconds = self._sleeps_until - time.monotonic()
                if seconds > 0:
                    self._changed.wait(min(seconds, threading.TIMEOUT_MAX))
                    continue
                _, _, alarm = heapq.heappop(self._due)
            threading.Thread(target=alarm.sound, name="alarm", daemon=True).start()


_KEEPER = _Keeper()
