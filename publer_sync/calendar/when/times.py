"""Dates, times and durations as a calendar writes them."""

from __future__ import annotations

import re
from datetime import UTC, date, time, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from publer_sync.calendar.when.zones import FULL_DAYS, TimeError
from publer_sync.calendar.yaml.scalars import snippet
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.starting.late_modules import late_module
from publer_sync.values.content import Duration
from publer_sync.values.problems import Help
from publer_sync.values.timezones import is_range, offsets_of, with_offset

if TYPE_CHECKING:
    import calendar

    from publer_sync.calendar.when import time_forms
    from publer_sync.values.counted import Counted
else:
    calendar = late_module("calendar")
    time_forms = late_module("publer_sync.calendar.when.time_forms")

CLOCK: Final = (
    r"(?P<time>[0-9]{1,2}:[0-9]{2})(?P<seconds>:00(?:\.0+)?)?"
    r"(?:[ \t]*(?P<offset>[Zz]|[-+][0-9]{2}:?[0-9]{2}|[-+][0-9]{2}))?"
)
"""A time of day, perhaps with an offset, inside a regular expression."""
_WHEN = re.compile(
    r"(?:(?P<day>[^\W\d_]{2,12})\.?,?[ \t]+)?"
    r"(?:(?P<date>[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}))?"
    rf"(?:(?:[ \t]*[Tt]|[ \t]+|^)[ \t]*{CLOCK})?"
)
_DURATION = re.compile(r"([1-9][0-9]{0,4})[ \t]*(m|min|minutes?|h|hours?|d|days?|w|weeks?)")
_MINUTES: Final = {"m": 1, "h": 60, "d": 1_440, "w": 10_080}


@dataclass(frozen=True, slots=True)
class When:
    """An `at` as written, without a time zone. At least one of date and time is set.

    `counted` says what the date was counted from, if it was not written.
    """

    date: date | None
    time: time | None
    offset: timezone | None = None
    counted: Counted | None = None
    waits: bool = False
    """For a slot: nothing else is set."""


@lru_cache(maxsize=1024)
def read(text: str, key: str = "at") -> When:
    """`Tue 2027-03-02 09:00`, with or without weekday, time and offset; or a time alone.

    `key` is the key of the text, for the line to paste. Raises TimeError: `time.form`, `time.weekday`.
    """
    match = _WHEN.fullmatch(text.strip())
    if match is None or not (match["date"] or match["time"]):
        raise time_forms.form_error(text, key)
    day = _date(match["date"], text) if match["date"] else None
    at = time_of(match["time"], text) if match["time"] else None
    if match["day"]:
        _check_weekday(match, day, text, key)
    return When(day, at, offset_in(match, text, day))


def read_date(text: str, key: str = "except") -> date:
    """A date alone, with or without its weekday: `until`, or bare as an item of `except`. Raises TimeError."""
    when = read(text, key)
    if when.date is not None and when.time is None:
        return when.date
    if when.date is None:
        raise time_forms.form_error(text, key)
    message = f"{snippet(text, 60)} is a date and a time; expected a day"
    raise TimeError(
        "time.form", message, Help("Leave out the time", f"{time_forms.key_lead(key)}{when.date}")
    )


def read_time(text: str) -> time:
    """A time of day alone: `time`. Raises TimeError."""
    when = read(text, "time")
    if when.time is None:
        raise time_forms.form_error(text, "time")
    if when.date is None and when.offset is None:
        return when.time
    message = f"{snippet(text, 60)} is more than a time of day"
    raise TimeError("time.form", message, Help("Keep only the time of day", f"time: {when.time:%H:%M}"))


def duration(text: str | None) -> Duration | None:
    """`10m`, `2h`, `3d`, `2w`; None for anything else."""
    match = _DURATION.fullmatch(text.strip().lower()) if text else None
    return Duration.of(int(match[1]) * _MINUTES[match[2][0]]) if match else None


def _date(text: str, whole: str) -> date:
    year, month, day = (int(part) for part in text.split("-"))
    try:
        return date(year, month, day)
    except ValueError:
        message = f"{text}{_inside(text, whole)} is not a valid date"
        raise TimeError("time.form", message, Help(_day_rule(year, month, day))) from None


def _inside(text: str, whole: str) -> str:
    return f" in {snippet(whole, 60)}" if whole.strip() != text else ""


def _day_rule(year: int, month: int, day: int) -> str:
    if not 1 <= month <= 12:
        return "Write year-month-day: 2027-03-02 is the second of March"
    if year < 1:
        return "Years start at 0001"
    return (
        f"{date(year, month, 1):%B %Y} has {calendar.monthrange(year, month)[1]} days"
        if day
        else "Days start at 01"
    )


def time_of(text: str, whole: str) -> time:
    """The time of day `text` in a `whole`. Raises TimeError."""
    hour, minute = (int(part) for part in text.split(":"))
    try:
        return time(hour, minute)
    except ValueError:
        say = "Minutes go from 00 to 59" if hour < 24 else "Hours go from 00 to 23"
        if (hour, minute) == (24, 0):
            say = "Midnight is 00:00 of the next day"
        message = f"{text}{_inside(text, whole)} is not a valid time of day"
        raise TimeError("time.form", message, Help(say)) from None


def offset_in(match: re.Match[str], whole: str, day: date | None = None) -> timezone | None:
    """The offset of a CLOCK in a `whole`. Raises TimeError: `time.range`, `time.offset`."""
    if not match["offset"]:
        return None
    at = time_of(match["time"], whole)
    return offset_of(match["offset"], at, whole, day, seconds=bool(match["seconds"]))


def offset_of(text: str, at: time, whole: str, day: date | None = None, *, seconds: bool = False) -> timezone:
    """The offset `text` behind a time of day in a `whole`, with seconds or without. Raises TimeError."""
    if text in "Zz":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:]) if len(text) > 3 else 0
    offset = (1 if text[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes)
    known = minutes < 60 and offset in offsets_of(day.year if day else None)
    if not seconds and minutes < 60 and hours < 24 and is_range(at, offset):
        end = time(hours, minutes)
        say = f"Write one time: {at:%H:%M} or {end:%H:%M}"
        if known:
            say += f". Add seconds if you mean an offset from UTC: {f'{day}T' if day else ''}{with_offset(at, offset)}"
        message = f"{snippet(whole, 60)} is a range of time; a post is published at one minute"
        raise TimeError("time.range", message, Help(say))
    if not known:
        message = f"{text}{_inside(text, whole)} is not an offset from UTC that any place has"
        say = "Offsets go from -12:00 to +14:00, most of them in whole hours. For the time of a place, name it in `timezone`"
        raise TimeError("time.offset", message, Help(say, example="timezone: America/New_York"))
    return timezone(offset)


def _check_weekday(match: re.Match[str], day: date | None, whole: str, key: str) -> None:
    number = weekday(match["day"].lower())
    if number is None or day is None:
        raise time_forms.form_error(whole, key)
    if number != day.weekday():
        raise time_forms.weekday_error(day, number, match.string[match.end("date") :])


def weekday(word: str) -> int | None:
    """The number of a weekday in lower case, at least three letters of it; Monday is 0."""
    if word in ("tues", "thur", "thurs", "wednes"):
        word = word[:3]
    fits = (n for n, name in enumerate(FULL_DAYS) if name.lower().startswith(word) and len(word) > 2)
    return next(fits, None)
