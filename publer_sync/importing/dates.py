"""Dates and times as spreadsheets write them. One that can mean two days is refused, never guessed."""

from __future__ import annotations

import re
from datetime import UTC, date, time, timezone
from typing import TYPE_CHECKING, Final, Literal

from publer_sync.calendar.when import times
from publer_sync.calendar.yaml.scalars import snippet
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.date_words import MONTHS, WEEKDAYS

if TYPE_CHECKING:
    from collections.abc import Iterator

Order = Literal["dmy", "mdy", "ymd"]
ORDERS: Final[tuple[Order, ...]] = ("dmy", "mdy", "ymd")

_TIME: Final = (
    r"(?:(?:\s*[T,]\s*|\s+(?:at\s+)?)(?:at\s+)?"
    r"(?P<hour>\d{1,2})(?::(?P<minute>\d{2})(?::(?P<seconds>\d{2})(?:\.\d+)?)?)?"
    r"(?:\s*(?P<half>[ap])\.?m\.?)?"
    r"(?:\s*(?P<offset>Z|UTC|GMT|[-+]\d{2}:?\d{2}))?)?"
)
_WHEN: Final = re.compile(
    r"(?P<first>\d{1,4})(?P<sign>[-/.])\s?(?P<second>\d{1,2})(?P=sign)\s?(?P<third>\d{1,4})" + _TIME,
    re.ASCII | re.IGNORECASE,
)
_WEEKDAY: Final = r"(?:(?P<weekday>[^\W\d_]{2,12})\.?,?\s+)?"
_MONTH: Final = r"(?P<month>[^\W\d_]{3,12})\.?"
_NAMED: Final = (
    re.compile(
        rf"{_WEEKDAY}{_MONTH}[\s-]+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s*,\s*|[\s-]+)(?P<year>\d{{4}}|\d{{2}}){_TIME}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?(?:\s+de)?[\s-]+{_MONTH}(?:\s+de)?(?:\s*,\s*|[\s-]+)(?P<year>\d{{4}}|\d{{2}}){_TIME}",
        re.IGNORECASE,
    ),
)
"""With the month in words, before the day or after it: `Mar 2, 2027 9:00 PM`, `Tue 2. März 2027 21:00`, `2-Mar-2027`."""
_LIKE_DATE: Final = re.compile(
    r"\s*\d{1,4}[-/.]\s?\d{1,2}[-/.]\s?\d{1,4}(?!\d)(?:\s*,\s*\d)?[^,;\t]*", re.ASCII
)
_WRITE: Final = "Write the date and the time as 2027-03-02 09:00"


@dataclass(frozen=True, slots=True)
class Unreadable(Exception):
    message: str
    fix: str


@dataclass(frozen=True, slots=True)
class DayTime:
    """A time as written, without a time zone. `time` is None if the cell has only a date."""

    day: date
    time: time | None
    offset: timezone | None


def like_date(text: str) -> bool:
    """Whether a cell begins like a date, as the first one of a file without a header row does, and has no other cell in it."""
    return _LIKE_DATE.fullmatch(text) is not None or _named(" ".join(text.split())) is not None


def read(text: str, order: Order | None) -> DayTime:
    """Raises Unreadable for what is not a date or a time, or could be two, and TimeError for a time that is two."""
    text = " ".join(text.split())
    match = _named(text) or _WHEN.fullmatch(text)
    if match is None:
        raise _unreadable(text)
    if match["hour"] and not (match["minute"] or match["half"]):
        raise Unreadable(f"{snippet(text, 60)} is not a date and a time", _WRITE)
    if "month" in match.re.groupindex:
        day = _named_day(match, text)
        return DayTime(day, _time(match, text), _offset(match, text, day))
    day = _day((match["first"], match["second"], match["third"]), match["sign"], order, text)
    return DayTime(day, _time(match, text), _offset(match, text, day))


def _named(text: str) -> re.Match[str] | None:
    """The parts of a date whose month is a word."""
    found = (pattern.fullmatch(text) for pattern in _NAMED)
    return next((each for each in found if each and each["month"].lower() in MONTHS), None)


def _named_day(match: re.Match[str], text: str) -> date:
    what, weekday = snippet(text, 60), (match["weekday"] or "").lower()
    if weekday and weekday not in WEEKDAYS:
        raise _unreadable(text)
    if len(match["year"]) == 2:
        raise Unreadable(f"{what} has a year of two digits", _WRITE)
    try:
        day = date(int(match["year"]), MONTHS[match["month"].lower()], int(match["day"]))
    except ValueError:
        raise Unreadable(f"{what} is not a valid date", _WRITE) from None
    if weekday and WEEKDAYS[weekday] != day.weekday():
        raise Unreadable(f"{what} is a {day:%A}", "Correct the day or the weekday")
    return day


def _unreadable(text: str) -> Unreadable:
    what = snippet(text, 60)
    if re.fullmatch(r"\d+([.,]\d+)?", text):
        return Unreadable(f"{what} is a number, not a date", "Format the cells as text: 2027-03-02 09:00")
    if re.match(r"[^\W\d]", text):
        return Unreadable(f"{what} is a time in words; only Publer's own import knows what it means", _WRITE)
    return Unreadable(f"{what} is not a date and a time", _WRITE)


def _day(parts: tuple[str, str, str], sign: str, order: Order | None, text: str) -> date:
    days = dict(_readings(parts, _orders(parts, sign, order)))
    what = snippet(text, 60)
    day_first = (
        {day for _, day in _readings(parts, ("dmy",))} if sign == "." and len(parts[2]) == 4 else set()
    )
    if day_first - set(days.values()):
        raise Unreadable(f"{what} puts the day first, as dots do, and --dates {order} does not", _WRITE)
    if len(set(days.values())) > 1:
        meanings = " or ".join(f"{day.day} {day:%B %Y}" for day in dict.fromkeys(days.values()))
        options = " or ".join(f"--dates {each}" for each in days)
        raise Unreadable(f"{what} can be {meanings}", f"Add {options}")
    if not days and order and len(parts[0]) != 4:
        raise Unreadable(f"{what} is not a date in the order {order}", "Write it in the order of --dates")
    if not days:
        raise Unreadable(f"{what} is not a valid date", _WRITE)
    return next(iter(days.values()))


def _orders(parts: tuple[str, str, str], sign: str, order: Order | None) -> tuple[Order, ...]:
    """The orders that a date may have: a year of four digits shows its own, and dots put the day first."""
    if len(parts[0]) == 4:
        return ("ymd",)
    if order is not None:
        return (order,)
    if len(parts[2]) == 4:
        return ("dmy",) if sign == "." else ("dmy", "mdy")
    return ORDERS


def _readings(parts: tuple[str, str, str], orders: tuple[Order, ...]) -> Iterator[tuple[Order, date]]:
    for order in orders:
        named = dict(zip(order, parts, strict=True))
        year = named["y"]
        if len(year) not in (2, 4) or len(named["d"]) > 2:
            continue
        try:
            yield order, date(int(year) + (2000 if len(year) == 2 else 0), int(named["m"]), int(named["d"]))
        except ValueError:
            continue


def _time(match: re.Match[str], text: str) -> time | None:
    if match["hour"] is None:
        return None
    hour, minute, half = int(match["hour"]), int(match["minute"] or 0), (match["half"] or "").lower()
    if int(match["seconds"] or 0):
        raise Unreadable(f"{snippet(text, 60)} has seconds; Publer publishes at a full minute", _WRITE)
    if half:
        hour = hour % 12 + (12 if half == "p" else 0) if 1 <= hour <= 12 else 24
    try:
        return time(hour, minute)
    except ValueError:
        raise Unreadable(f"{snippet(text, 60)} has no valid time of day", _WRITE) from None


def _offset(match: re.Match[str], text: str, day: date) -> timezone | None:
    """Raises TimeError for a range of time, and for an offset that no place has."""
    written, at = match["offset"], _time(match, text)
    if written is None or at is None or written[0] not in "+-":
        return UTC if written else None
    return times.offset_of(written, at, text, day, seconds=bool(match["seconds"]))
