"""`repeat`: the days on which a post stands again. Wall-clock days only; what a day's time means is not asked here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_OCCURRENCES: Final = 1_000

_EVERY = re.compile(r"(?:([1-9][0-9]{0,2}) ?)?(d|w|m|days?|weeks?|months?)")


@dataclass(frozen=True, slots=True)
class Repeat:
    """`every` is a number of units (d, w, m); `days` are weekdays from 0, Monday. `until` is included.

    `times` counts the occurrences before `leave_out` takes some away.
    """

    every: int
    unit: str
    days: tuple[int, ...] = ()
    until: date | None = None
    times: int | None = None
    leave_out: frozenset[date] = frozenset()


def every(text: str) -> tuple[int, str] | None:
    """`week`, `2w`, `3 days`, `month` as a number and a unit; None for anything else. A bare `m` could be minutes."""
    match = _EVERY.fullmatch(text.strip().lower())
    if match is None or match[2] == "m" or (match[1] is None and len(match[2]) == 1):
        return None
    return int(match[1] or 1), match[2][0]


def occurrences(first: date, repeat: Repeat) -> tuple[Sequence[date], frozenset[date]]:
    """The days from `first` on, at most one more than MAX_OCCURRENCES, and those of `leave_out` that are none of them.

    A month without the day (the 31st in April) has no occurrence.
    """
    from itertools import islice

    from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule

    rule = rrule(
        DAILY if repeat.unit == "d" else WEEKLY if repeat.unit == "w" else MONTHLY,
        dtstart=datetime.combine(first, time()),
        interval=repeat.every,
        byweekday=repeat.days or None,
        count=repeat.times,
        until=datetime.combine(repeat.until, time()) if repeat.until else None,
    )
    days = [moment.date() for moment in islice(rule, MAX_OCCURRENCES + 1)]
    return [day for day in days if day not in repeat.leave_out], repeat.leave_out.difference(days)
