"""Dates and times as spreadsheets write them. One that can mean two days is refused, never guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, time, timedelta, timezone
from typing import TYPE_CHECKING, Final, Literal

from publer_sync.calendar.yaml.scalars import snippet

if TYPE_CHECKING:
    from collections.abc import Iterator

Order = Literal["dmy", "mdy", "ymd"]
ORDERS: Final[tuple[Order, ...]] = ("dmy", "mdy", "ymd")

_WHEN: Final = re.compile(
    r"(?P<first>\d{1,4})(?P<sign>[-/.])\s?(?P<second>\d{1,2})(?P=sign)\s?(?P<third>\d{1,4})"
    r"(?:(?:\s*[T,]\s*|\s+(?:at\s+)?)"
    r"(?P<hour>\d{1,2})(?::(?P<minute>\d{2})(?::(?P<seconds>\d{2})(?:\.\d+)?)?)?"
    r"(?:\s*(?P<half>[ap])\.?m\.?)?"
    r"(?:\s*(?P<offset>Z|UTC|GMT|[-+]\d{2}:?\d{2}))?)?",
    re.ASCII | re.IGNORECASE,
)
_LIKE_DATE: Final = re.compile(r"\s*\d{1,4}[-/.]\s?\d{1,2}[-/.]\s?\d{1,4}(?!\d)", re.ASCII)
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
    """Whether a cell begins like a date, as the first one of a file without a header row does."""
    return _LIKE_DATE.match(text) is not None


def read(text: str, order: Order | None) -> DayTime:
    """Raises Unreadable for what is not a date or a time, or could be two."""
    text = " ".join(text.split())
    match = _WHEN.fullmatch(text)
    if match is None or (match["hour"] and not (match["minute"] or match["half"])):
        raise _unreadable(text)
    day = _day((match["first"], match["second"], match["third"]), match["sign"], order, text)
    return DayTime(day, _time(match, text), _offset(match["offset"]))


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
    if order and day_first - set(days.values()):
        raise Unreadable(f"{what} puts the day first, as dots do, and --dates {order} does not", _WRITE)
    if len(set(days.values())) > 1:
        meanings = " or ".join(f"{day.day} {day:%B %Y}" for day in dict.fromkeys(days.values()))
        options = " or ".join(f"--dates {each}" for each in days)
        raise Unreadable(f"{what} can be {meanings}", f"Add {options}")
    if not days and order and len(parts[0]) != 4:
        raise Unreadable(f"{what} is not a date in the order {order}", "Write it in the order of --dates")
    if not days:
        raise Unreadable(f"there is no day {what}", _WRITE)
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
        raise Unreadable(f"there is no such time of day in {snippet(text, 60)}", _WRITE) from None


def _offset(text: str | None) -> timezone | None:
    if text is None or text[0] not in "+-":
        return UTC if text else None
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    if minutes > 14 * 60:
        raise Unreadable(f"there is no offset {text}", "Offsets go from -12:00 to +14:00")
    return timezone(timedelta(minutes=minutes if text[0] == "+" else -minutes))
