"""Time zones as calendars name them, and local times as moments."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from publer_sync.calendar.yaml.scalars import snippet
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.starting.late_modules import late_module
from publer_sync.values.problems import Help
from publer_sync.values.timezones import time_zone, with_offset, zone_names

if TYPE_CHECKING:
    import difflib
    from zoneinfo import ZoneInfo
else:
    difflib = late_module("difflib")

FULL_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAYS: Final = tuple(day[:3] for day in FULL_DAYS)


@dataclass(frozen=True, slots=True)
class TimeError(Exception):
    """Why a time cannot be used. `written` is the text to replace it with, if that is certain.

    `later` is the next time of day that exists once, on a day on which the clocks change.
    """

    code: str
    message: str
    help: Help = field(default_factory=Help)
    written: str | None = None
    later: time | None = None


# --- zones ----------------------------------------------------------------------------------------------------------


def zone(name: str) -> ZoneInfo:
    """The zone of an IANA name. Raises TimeError `time.zone`."""
    if name not in zone_names():
        raise _no_zone(name)
    return time_zone(name)


def _no_zone(name: str) -> TimeError:
    message = f"{snippet(name, 60)} is not a time zone"
    wanted = name.strip().lower().replace(" ", "_")
    known: dict[str, list[str]] = defaultdict(list)
    for each in sorted(zone_names()):
        known[each.lower()].insert(0, each)
        if "/" in each:
            known[each.lower().rpartition("/")[2]].append(each)
    right = known.get(wanted, [])
    # `Eastern` is one of the US, and one of Canada.
    if right and right[0].lower() != wanted and len(right) > 1:
        return TimeError("time.zone", message, Help(f"Write the one you mean: {' or '.join(right)}"))
    if right:
        return TimeError("time.zone", message, Help("Write its full name", f"timezone: {right[0]}"), right[0])
    near = difflib.get_close_matches(wanted[:60], known, 1, 0.8) if len(wanted) > 4 else ()
    question = f"Did you mean {known[near[0]][0]}? " if near else ""
    help_ = Help(f"{question}Name a place in that time zone", example="timezone: Europe/Berlin")
    return TimeError("time.zone", message, help_)


# --- moments --------------------------------------------------------------------------------------------------------


FIRST_DAY: Final = date(2, 1, 1)
LAST_DAY: Final = date(9999, 9, 30)
"""The weeks and months around each day between them can be counted: Python's dates end with the year 9999."""


def check_day(day: date, written: str, *, last: date = LAST_DAY) -> None:
    """Raise TimeError `time.form` before FIRST_DAY and after the last one. `written` is what is refused."""
    if day < FIRST_DAY:
        message = f"{written} is before {FIRST_DAY}, the first day that a post can have"
        raise TimeError("time.form", message, Help("Correct the year"))
    if day > last:
        message = f"{written} is after {LAST_DAY}, the last day that a post can have"
        raise TimeError(
            "time.form", message, Help("To park a post, comment it out, or write a year like 2099")
        )


@lru_cache(maxsize=1024)
def moment(day: date, at: time, where: tzinfo) -> datetime:
    """A local time as UTC. Cached, as posts of several accounts often have one time.

    Raises TimeError: `time.gap` or `time.twice` if the clocks change then, `time.form` before FIRST_DAY and after LAST_DAY.
    """
    check_day(day, f"{day} {at:%H:%M}")
    local = datetime.combine(day, at, where).replace(fold=0)
    before, after = local.utcoffset(), local.replace(fold=1).utcoffset()
    if before is None or after is None or before == after:
        return local.astimezone(UTC)
    naive, place = local.replace(tzinfo=None), getattr(where, "key", str(where))
    what = f"{at:%H:%M} {{}} on {DAYS[day.weekday()]} {day.day} {day:%b %Y} in {place}"
    later = naive + abs(after - before)
    first, second = (f"{day} {with_offset(at, offset)}" for offset in (before, after))
    if before > after:
        say = f"Write {first} for the first time, {second} for the second"
        raise TimeError("time.twice", what.format("happens twice"), Help(say), later=later.time())
    change = _change(naive.replace(tzinfo=UTC) - before, where)
    clocks = f"the clocks go from {change + before:%H:%M} to {change + after:%H:%M}"
    say = f"Write {later:%Y-%m-%d %H:%M}, or give an offset: {first}"
    message = f"{what.format('does not exist')}: {clocks}"
    raise TimeError("time.gap", message, Help(say), later=later.time())


def day_start(day: date, where: tzinfo) -> datetime:
    """When a day begins, in UTC, also where the clocks change at midnight; of the day after LAST_DAY too, as the end of that.

    Raises TimeError `time.form` as `check_day` does.
    """
    check_day(day, str(day), last=LAST_DAY + timedelta(days=1))
    return datetime.combine(day, time(), where).astimezone(UTC)


def _change(near: datetime, where: tzinfo) -> datetime:
    """When the clocks change, in UTC, to the minute; `near` is at most a few hours later."""
    low, high = near - timedelta(hours=26), near
    first = low.astimezone(where).utcoffset()
    while high - low > timedelta(seconds=30):
        middle = low + (high - low) / 2
        if middle.astimezone(where).utcoffset() == first:
            low = middle
        else:
            high = middle
    return (high + timedelta(seconds=30)).replace(second=0, microsecond=0)
