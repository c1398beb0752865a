"""How many requests may still be sent, and how long to wait before the next. Knows seconds, nothing of HTTP or clocks.

The X-RateLimit headers tell the limit (Publer docs, "Rate Limits"). One page calls the window fixed, another sliding,
and not every answer carries the headers, so both what they last said and a sliding count of our own are kept.
"""

from __future__ import annotations

from collections import deque
from dataclasses import field

from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.service import REQUESTS, WINDOW

LONGEST = 300.0
"""No single wait is longer, whatever a header says."""
FREE_SHARE = 0.9
"""Up to this share of the limit nothing is held back; the rest is spread over the time that is left."""
SLACK = 0.1
"""Seconds added to the end of a window: two clocks never agree."""


@dataclass(frozen=True, slots=True)
class Quota:
    """What the headers of one answer say; `reset_in` is in seconds from that answer. None: they do not say."""

    limit: int | None = None
    remaining: int | None = None
    reset_in: float | None = None


@dataclass(slots=True)
class RequestBudget:
    """The requests of one run. `now` is any clock in seconds that never goes backwards."""

    limit: int = REQUESTS
    window: float = WINDOW
    """Seconds; the documented ones until a full window has shown its own."""
    free_share: float = FREE_SHARE
    _answered: deque[float] = field(default_factory=deque)
    _remaining: int | None = None
    _reset_at: float = 0.0
    _unanswered: int = 0
    _talkative: bool = False

    def delay(self, now: float) -> float:
        """Seconds to wait before the next request; 0 while less than nine tenths of the limit are used."""
        used, frees_at = self._use(now)
        if used < self.free_share * self.limit:
            return 0.0
        left = max(0, self.limit - used)
        ahead = max(0.0, frees_at + SLACK - now)
        return min(LONGEST, ahead / (left + 1))

    def left(self, now: float) -> int:
        """Requests that the window has left."""
        return max(0, self.limit - self._use(now)[0])

    def record(self, now: float, quota: Quota | None) -> None:
        """Count a request, at the moment of its answer: the service counted it earlier, so it forgets it earlier.

        `quota` is None where no answer came.
        """
        self._answered.append(now)
        if quota is None or quota.remaining is None:
            self._unanswered += 1
            self._talkative = self._talkative and quota is None
            return
        self.limit = quota.limit or self.limit
        self._remaining = quota.remaining
        self._unanswered = 0
        self._talkative = quota.reset_in is not None
        if quota.reset_in is not None:
            self._reset_at = now + min(LONGEST, quota.reset_in)
            self._learn_window(quota.remaining)
        else:
            self._reset_at = self._oldest(now) + self.window

    def _learn_window(self, remaining: int) -> None:
        """A used-up limit that is given back at a known moment tells how long the window is, at least."""
        if remaining == 0 and len(self._answered) > self.limit:
            length = self._reset_at - self._answered[-self.limit - 1]
            self.window = min(WINDOW, length if self.window == WINDOW else max(self.window, length))

    def refuse(self, now: float, seconds: float) -> None:
        """The service said 429: nothing is left for `seconds`."""
        self._remaining, self._unanswered = 0, 0
        self._reset_at = now + min(LONGEST, seconds) - SLACK

    def _use(self, now: float) -> tuple[int, float]:
        """How much of the limit is used, and when some of it comes back."""
        if self._remaining is not None and now <= self._reset_at:
            return self.limit - self._remaining + self._unanswered, self._reset_at
        if self._talkative:
            # The window in the headers is over; the next answer has the new one.
            return self._unanswered, self._oldest(now) + self.window
        while self._answered and self._answered[0] + self.window < now:
            self._answered.popleft()
        used = len(self._answered)
        # The moment at which the sliding count falls below the limit again.
        first = self._answered[max(0, used - self.limit)] if used else now
        return used, first + self.window

    def _oldest(self, now: float) -> float:
        return self._answered[0] if self._answered else now
