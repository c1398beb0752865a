"""A list over many days, in parts where Publer refuses to list so many at once, or does not answer in time.

Nobody has published a list of more than 90 days: how many Publer lists at once is not known.
"""

from __future__ import annotations

from collections import deque
from datetime import timedelta
from typing import TYPE_CHECKING, Generic, TypeVar

from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import Refused, TooLate

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from publer_sync.machine.clock import Deadline

T = TypeVar("T")
DAY = timedelta(days=1)
LEAST_DAYS = 7
"""A span of no more is not divided: whatever is wrong, it is not its length."""
NOT_FOR_ITS_LENGTH = frozenset({401, 403, 429})


@dataclass(slots=True)
class Spans:
    """What a run has learnt: the most days that were listed at once, None where as many were as were asked for."""

    longest: int | None = None


@dataclass(frozen=True, slots=True)
class Parts(Generic[T]):
    """What was listed, part by part. `longest` are the days of the longest part, None where nothing had to be divided."""

    found: tuple[T, ...]
    longest: int | None = None
    unread: tuple[tuple[date, date], ...] = ()
    """Spans that were not answered, though others of their length were."""


def read_in_parts(
    since: date, until: date, ask: Callable[[date, date], T], *, longest: int | None, deadline: Deadline
) -> Parts[T]:
    """Ask for the days from `since` to `until`, at most `longest` at once, and in halves where that is too many.

    `ask` raises Refused, and TooLate where a span was not answered in time, twice. Raises what the first one raised
    where no span is answered.
    """
    limit, answered = longest, 0
    todo, found = deque([(since, until)]), list[T]()
    unread: list[tuple[date, date]] = []
    first_error: Refused | TooLate | None = None
    while todo:
        start, end = todo.popleft()
        days = (end - start).days + 1
        if limit is not None and days > limit:
            last = start + (limit - 1) * DAY
            todo.extendleft(((last + DAY, end), (start, last)))
            continue
        try:
            found.append(ask(start, end))
            answered = max(answered, days)
        except (Refused, TooLate) as error:
            first_error = first_error or error
            if isinstance(error, TooLate) and answered:
                unread.append((start, end))
                if deadline.left <= 0:  # otherwise each of many parts would be waited for
                    unread += todo
                    todo.clear()
            elif _divisible(error) and days > LEAST_DAYS and deadline.left > 0:
                limit = (days + 1) // 2
                todo.appendleft((start, end))
            else:
                raise first_error from None
    known = answered if limit != longest else longest  # a short list says nothing of how long one may be
    return Parts(tuple(found), known, tuple(unread))


def _divisible(error: Refused | TooLate) -> bool:
    if isinstance(error, TooLate):
        return True
    return error.status is not None and 400 <= error.status < 500 and error.status not in NOT_FOR_ITS_LENGTH
