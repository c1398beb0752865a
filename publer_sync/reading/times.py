"""Dates, times and durations as a calendar writes them. Zone rules are those of the tzdata package, on every machine."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from publer_sync.reading.yaml_traps import shown

DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_FULL_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_WHEN = re.compile(
    r"(?:(?P<day>[^\W\d_]{2,12})\.?,?[ \t]+)?"
    r"(?:(?P<date>[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}))?"
    r"(?:(?:[ \t]*[Tt]|[ \t]+|^)[ \t]*(?P<time>[0-9]{1,2}:[0-9]{2})(?::00(?:\.0+)?)?"
    r"(?:[ \t]*(?P<offset>[Zz]|[-+][0-9]{2}:?[0-9]{2}|[-+][0-9]{2}))?)?"
)
_DURATION = re.compile(r"([1-9][0-9]{0,4})[ \t]*(m|min|minutes?|h|hours?|d|days?|w|weeks?)")
_MINUTES: Final = {"m": 1, "h": 60, "d": 1_440, "w": 10_080}
_UNITS: Final = (("Day", 1_440), ("Hour", 60), ("Minute", 1))

_OLD_ZONES: Final = {
    "CET": "Europe/Berlin",
    "MET": "Europe/Berlin",
    "MEZ": "Europe/Berlin",
    "CEST": "Europe/Berlin",
    "EET": "Europe/Helsinki",
    "WET": "Europe/Lisbon",
    "BST": "Europe/London",
    "EST": "America/New_York",
    "EDT": "America/New_York",
    "EST5EDT": "America/New_York",
    "CST": "America/Chicago",
    "CST6CDT": "America/Chicago",
    "MST": "America/Denver",
    "MST7MDT": "America/Denver",
    "PST": "America/Los_Angeles",
    "PST8PDT": "America/Los_Angeles",
    "HST": "Pacific/Honolulu",
    "Factory": "UTC",
}


@dataclass(frozen=True, slots=True)
class When:
    """What an `at` says, before a zone makes a moment of it; at least one of date and time is there."""

    date: date | None
    time: time | None
    offset: timezone | None = None


@dataclass(frozen=True, slots=True)
class Trouble(Exception):
    """Why a time cannot be used. `written` is the text that should stand in its place, where there is one such text."""

    code: str
    message: str
    help: str | None = None
    written: str | None = None


# --- zones --------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def zones() -> frozenset[str]:
    """Every name the tzdata package knows and a calendar may use."""
    from importlib import resources

    names = resources.files("tzdata").joinpath("zones").read_text(encoding="ascii").split()
    return frozenset(names) - _OLD_ZONES.keys()


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """The zone of an IANA name, with tzdata's rules. Raises Trouble `time.zone`."""
    if name not in zones():
        raise _no_zone(name)
    from importlib import resources

    with resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as stream:
        return ZoneInfo.from_file(stream, key=name)


def _no_zone(name: str) -> Trouble:
    near = _OLD_ZONES.get(name.upper()) or _near_zone(name)
    way = f"timezone: {near}" if near else "use a place such as Europe/Berlin or America/New_York"
    return Trouble("time.zone", f"{shown(name, 60)} is not a place", way, near)


def _near_zone(name: str) -> str | None:
    wanted = name.strip().lower().replace(" ", "_")
    if re.search("[-+][0-9]", wanted):
        return None  # an offset is no place: the clocks of nearly all places change
    lower = {known.lower(): known for known in sorted(zones())}
    if wanted in lower:
        return lower[wanted]
    cities = {
        known.lower().rpartition("/")[2]: known for known in sorted(zones(), reverse=True) if "/" in known
    }
    if wanted in cities:
        return cities[wanted]
    near = difflib.get_close_matches(wanted[:60], lower, 1, 0.75) or difflib.get_close_matches(
        wanted[:60], cities, 1, 0.8
    )
    return lower.get(near[0]) or cities[near[0]] if near else None


# --- reading ------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def read(text: str) -> When:
    """`Tue 2027-03-02 09:00`, with or without weekday, time and offset; or a time alone.

    Raises Trouble: `time.form`, `time.weekday`.
    """
    match = _WHEN.fullmatch(text.strip())
    if match is None or not (match["date"] or match["time"]):
        raise _form(text)
    day = _date(match["date"], text) if match["date"] else None
    at = _time(match["time"], text) if match["time"] else None
    if match["day"]:
        _check_weekday(match["day"], day, text)
    return When(day, at, _offset(match["offset"], text) if match["offset"] else None)


def read_date(text: str) -> date:
    """A date alone, with or without its weekday. Raises Trouble."""
    when = read(text)
    if when.date is None or when.time is not None:
        raise Trouble(
            "time.form",
            f"{shown(text, 60)} is a date and a time; here stands a day",
            "write it as 2027-03-02",
        )
    return when.date


def read_time(text: str) -> time:
    """A time of day alone. Raises Trouble."""
    when = read(text)
    if when.time is None or when.date is not None or when.offset is not None:
        raise Trouble("time.form", f"{shown(text, 60)} is no time of day", "write it as 09:00")
    return when.time


def _date(text: str, whole: str) -> date:
    year, month, day = (int(part) for part in text.split("-"))
    try:
        return date(year, month, day)
    except ValueError:
        raise Trouble(
            "time.form", f"there is no day {text} in {shown(whole, 60)}", _why_no_day(year, month, day)
        ) from None


def _why_no_day(year: int, month: int, day: int) -> str:
    if not 1 <= month <= 12:
        return "year, month, day: 2027-03-02 is the second of March"
    if year < 1:
        return "years start at 0001"
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day if year < 9999 else 31
    return f"that month has {last} days" if day > last else "days start at 01"


def _time(text: str, whole: str) -> time:
    hour, minute = (int(part) for part in text.split(":"))
    if hour == 24 and minute == 0:
        raise Trouble(
            "time.form", f"there is no 24:00 in {shown(whole, 60)}", "midnight is 00:00 of the next day"
        )
    try:
        return time(hour, minute)
    except ValueError:
        raise Trouble(
            "time.form", f"there is no time {text} in {shown(whole, 60)}", "hours go from 00 to 23"
        ) from None


def _offset(text: str, whole: str) -> timezone:
    if text in "Zz":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:]) if len(text) > 3 else 0
    if hours > 14 or minutes > 59:
        raise Trouble(
            "time.form",
            f"there is no offset {text} in {shown(whole, 60)}",
            "offsets go from -12:00 to +14:00",
        )
    return timezone((1 if text[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))


def _check_weekday(word: str, day: date | None, whole: str) -> None:
    number = next(
        (n for n, name in enumerate(_FULL_DAYS) if name.lower().startswith(word.lower()) and len(word) > 2),
        None,
    )
    if number is None and word.lower() in ("tues", "thur", "thurs", "wednes"):
        number = next(n for n, name in enumerate(DAYS) if word.lower().startswith(name.lower()))
    if number is None or day is None:
        raise _form(whole)
    if number == day.weekday():
        return
    near = min(
        (day + timedelta(days=shift) for shift in range(-3, 4) if _can_add(day, shift)),
        key=lambda other: other.weekday() != number,
    )
    right = _replace(whole, word, DAYS[day.weekday()])
    other = whole.replace(_dates(whole), near.isoformat())
    message = f"{day.isoformat()} is a {_FULL_DAYS[day.weekday()]}, not a {_FULL_DAYS[number]}"
    raise Trouble("time.weekday", message, f"either the day or the date:\n  {right}\n  {other}", right)


def _can_add(day: date, days: int) -> bool:
    return 1 <= day.toordinal() + days <= date.max.toordinal()


def _dates(text: str) -> str:
    match = re.search(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}", text)
    return match[0] if match else ""


def _replace(whole: str, word: str, by: str) -> str:
    return re.sub(re.escape(word) + r"\.?,?", by, whole, count=1)


# --- forms that are not read, but understood --------------------------------------------------------------------------


def _form(text: str) -> Trouble:
    """Dates as people write them elsewhere, with the line that is meant."""
    message = f"{shown(text, 60)} is not a time this calendar can read"
    days, clock = _days(text), _clock(text)
    if not days:
        return Trouble("time.form", message, "year, month, day, and 24 hours: 2027-03-02 09:00")
    readings = [f"{day.isoformat()}{f' {clock}' if clock else ''}" for day in days]
    if len(readings) == 1:
        return Trouble("time.form", message, f"at: {readings[0]}", readings[0])
    return Trouble("time.form", message, "one of these:\n" + "\n".join(f"  at: {each}" for each in readings))


def _days(text: str) -> list[date]:
    """What day a text may mean, the likeliest first; two where nobody can tell day from month."""
    if match := re.search(r"\b([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})\b", text):
        return _valid([(match[1], match[2], match[3])])
    if match := re.search(r"\b([0-9]{1,2})\. ?([0-9]{1,2})\. ?([0-9]{4})\b", text):
        return _valid([(match[3], match[2], match[1])])
    if match := re.search(r"\b([0-9]{1,2})[-/]([0-9]{1,2})[-/]([0-9]{4})\b", text):
        return _valid([(match[3], match[1], match[2]), (match[3], match[2], match[1])])
    if match := re.search(r"\b([0-9]{4})([0-9]{2})([0-9]{2})\b", text):
        return _valid([(match[1], match[2], match[3])])
    names = "|".join(_MONTHS)
    if match := re.search(
        rf"\b([0-9]{{1,2}})(?:st|nd|rd|th|\.)? +({names})[a-z]*\.?,? +([0-9]{{4}})\b", text, re.IGNORECASE
    ):
        return _valid([(match[3], str(_MONTHS.index(match[2].lower()) + 1), match[1])])
    if match := re.search(
        rf"\b({names})[a-z]*\.? +([0-9]{{1,2}})(?:st|nd|rd|th)?,? +([0-9]{{4}})\b", text, re.IGNORECASE
    ):
        return _valid([(match[3], str(_MONTHS.index(match[1].lower()) + 1), match[2])])
    return []


def _valid(candidates: list[tuple[str, str, str]]) -> list[date]:
    days = []
    for year, month, day in candidates:
        try:
            days.append(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return list(dict.fromkeys(days))


def _clock(text: str) -> str | None:
    if match := re.search(r"\b([0-9]{1,2})(?:[:.]([0-9]{2}))? ?([ap])\.?m\b", text, re.IGNORECASE):
        hour = int(match[1]) % 12 + (12 if match[3].lower() == "p" else 0)
        return f"{hour:02}:{match[2] or '00'}" if int(match[1]) <= 12 else None
    if match := re.search(r"(?<![0-9.])([01]?[0-9]|2[0-3])[:.h]([0-5][0-9])\b(?!\.[0-9])", text):
        return f"{int(match[1]):02}:{match[2]}"
    return None


# --- moments ------------------------------------------------------------------------------------------------------


def moment(day: date, at: time, where: tzinfo) -> datetime:
    """The moment of a wall clock's time, in UTC. Raises Trouble: `time.gap`, `time.twice`, `time.form` at the ends of time."""
    naive = datetime.combine(day, at)
    first, second = naive.replace(tzinfo=where, fold=0), naive.replace(tzinfo=where, fold=1)
    before, after = first.utcoffset(), second.utcoffset()
    try:
        if before == after or before is None or after is None:
            return first.astimezone(UTC)
    except OverflowError:
        raise Trouble(
            "time.form",
            f"{naive:%Y-%m-%d %H:%M} lies outside the years that can be counted",
            "take a year near this one",
        ) from None
    place = getattr(where, "key", str(where))
    clock, weekday = (
        f"{at:%H:%M}",
        f"{DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1].title()} {day.year}",
    )
    if before > after:
        ways = (f"{clock}{_iso(before)}", f"{clock}{_iso(after)}")
        raise Trouble(
            "time.twice",
            f"{clock} happens twice on {weekday} in {place}",
            f"say which: {day} {ways[0]} (the first), {day} {ways[1]} (the second)",
        )
    later = naive + (after - before)
    edge = _change(naive.replace(tzinfo=UTC) - before, where)
    raise Trouble(
        "time.gap",
        f"{clock} does not exist on {weekday} in {place}: the clock goes from {edge + before:%H:%M} to {edge + after:%H:%M}",
        f"{later:%Y-%m-%d %H:%M}, or with an offset: {day} {clock}{_iso(before)}",
    )


def _change(near: datetime, where: tzinfo) -> datetime:
    """When the clocks of a zone change, in UTC, to the minute; `near` lies in the time that is left out, after the change."""
    low, high = near - timedelta(hours=26), near
    first = low.astimezone(where).utcoffset()
    while high - low > timedelta(seconds=30):
        middle = low + (high - low) / 2
        if middle.astimezone(where).utcoffset() == first:
            low = middle
        else:
            high = middle
    return (high + timedelta(seconds=30)).replace(second=0, microsecond=0)


def _iso(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


# --- durations ----------------------------------------------------------------------------------------------------


def duration(text: str) -> dict[str, int | str] | None:
    """`10m`, `2h`, `3d`, `2w` in the largest of Minute, Hour and Day that holds it whole; None for anything else.

    Weeks become days, so that `1w` and `7d` are one and the same.
    """
    match = _DURATION.fullmatch(text.strip().lower())
    if match is None:
        return None
    minutes = int(match[1]) * _MINUTES[match[2][0]]
    name, size = next((name, size) for name, size in _UNITS if minutes % size == 0)
    return {"duration": minutes // size, "unit": name}
