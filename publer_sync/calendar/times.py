"""Dates, times and durations as a calendar writes them. Zone rules are those of the tzdata package, on every machine."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from publer_sync.calendar.yaml.scalars import snippet
from publer_sync.content import Duration

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

_OLD_ZONES: Final = {
    "CET": "Europe/Berlin",
    "MET": "Europe/Berlin",
    "MEZ": "Europe/Berlin",
    "CEST": "Europe/Berlin",
    "MESZ": "Europe/Berlin",
    "EET": "Europe/Helsinki",
    "EEST": "Europe/Helsinki",
    "WET": "Europe/Lisbon",
    "WEST": "Europe/Lisbon",
    "BST": "Europe/London",
    **dict.fromkeys(("ET", "EST", "EDT", "EST5EDT"), "America/New_York"),
    **dict.fromkeys(("CT", "CST", "CDT", "CST6CDT"), "America/Chicago"),
    **dict.fromkeys(("MT", "MST", "MDT", "MST7MDT"), "America/Denver"),
    **dict.fromkeys(("PT", "PST", "PDT", "PST8PDT"), "America/Los_Angeles"),
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
    """Why a time cannot be used. `written` is the text that should stand in its place, where there is one such text.

    `later` is the next time of day that a clock shows once, where it leaves one out or shows it twice.
    """

    code: str
    message: str
    help: str | None = None
    written: str | None = None
    later: time | None = None


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
    return Trouble("time.zone", f"{snippet(name, 60)} is not a place", way, near)


def _near_zone(name: str) -> str | None:
    wanted = name.strip().lower().replace(" ", "_")
    if re.search("[-+][0-9]", wanted):
        return None  # an offset is no place: the clocks of nearly all places change
    lower, cities = _places()
    if wanted in lower or wanted in cities:
        return lower.get(wanted) or cities[wanted]
    near = difflib.get_close_matches(wanted[:60], lower, 1, 0.75) or difflib.get_close_matches(
        wanted[:60], cities, 1, 0.8
    )
    return lower.get(near[0]) or cities[near[0]] if near else None


@lru_cache(maxsize=1)
def _places() -> tuple[dict[str, str], dict[str, str]]:
    """The names of zones by their own small letters, and by those of their city."""
    names = sorted(zones(), reverse=True)
    cities = {known.lower().rpartition("/")[2]: known for known in names if "/" in known}
    return {known.lower(): known for known in reversed(names)}, cities


# --- reading ------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def read(text: str, key: str = "at") -> When:
    """`Tue 2027-03-02 09:00`, with or without weekday, time and offset; or a time alone.

    `key` is what the text stands under, for the line to paste. Raises Trouble: `time.form`, `time.weekday`.
    """
    match = _WHEN.fullmatch(text.strip())
    if match is None or not (match["date"] or match["time"]):
        raise _form(text, key)
    day = _date(match["date"], text) if match["date"] else None
    at = _time(match["time"], text) if match["time"] else None
    if match["day"]:
        _check_weekday(match["day"], day, text, key)
    return When(day, at, _offset(match["offset"], text) if match["offset"] else None)


def read_date(text: str, key: str = "except") -> date:
    """A date alone, with or without its weekday: `until`, or bare as an item of `except`. Raises Trouble."""
    when = read(text, key)
    if when.date is not None and when.time is None:
        return when.date
    what = "a date and a time" if when.date else "a time of day"
    right = when.date.isoformat() if when.date else None
    way = f"{_lead(key)}{right or '2027-03-02'}"
    raise Trouble("time.form", f"{snippet(text, 60)} is {what}; here stands a day", way, right)


def read_time(text: str) -> time:
    """A time of day alone: `time`. Raises Trouble."""
    when = read(text, "time")
    if when.time is not None and when.date is None and when.offset is None:
        return when.time
    right = f"{when.time:%H:%M}" if when.time else None
    raise Trouble("time.form", f"{snippet(text, 60)} is no time of day", f"time: {right or '09:00'}", right)


def _lead(key: str) -> str:
    """What stands before a value to paste: nothing in a list."""
    return "" if key == "except" else f"{key}: "


def _date(text: str, whole: str) -> date:
    year, month, day = (int(part) for part in text.split("-"))
    try:
        return date(year, month, day)
    except ValueError:
        raise Trouble(
            "time.form", f"there is no day {text} in {snippet(whole, 60)}", _why_no_day(year, month, day)
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
            "time.form", f"there is no 24:00 in {snippet(whole, 60)}", "midnight is 00:00 of the next day"
        )
    try:
        return time(hour, minute)
    except ValueError:
        raise Trouble(
            "time.form", f"there is no time {text} in {snippet(whole, 60)}", "hours go from 00 to 23"
        ) from None


def _offset(text: str, whole: str) -> timezone:
    if text in "Zz":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:]) if len(text) > 3 else 0
    if hours > 14 or minutes > 59:
        raise Trouble(
            "time.form",
            f"there is no offset {text} in {snippet(whole, 60)}",
            "offsets go from -12:00 to +14:00",
        )
    return timezone((1 if text[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))


def _check_weekday(word: str, day: date | None, whole: str, key: str) -> None:
    number = next(
        (n for n, name in enumerate(_FULL_DAYS) if name.lower().startswith(word.lower()) and len(word) > 2),
        None,
    )
    if number is None and word.lower() in ("tues", "thur", "thurs", "wednes"):
        number = next(n for n, name in enumerate(DAYS) if word.lower().startswith(name.lower()))
    if number is None or day is None:
        raise _form(whole, key)
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


_ASCII: Final = re.ASCII | re.IGNORECASE
_CLOCKS: Final = (
    r"(?<![0-9:.])(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-5][0-9]))? ?(?P<half>[ap])\.?m\b\.?",
    r"(?<![0-9:.])(?P<hour>[01]?[0-9]|2[0-3])[:.h](?P<minute>[0-5][0-9])(?::[0-9]{2}(?:\.[0-9]+)?)?(?![0-9:.])",
    r"(?<![0-9:.])(?P<hour>[01]?[0-9]|2[0-3]) ?(?:h|uhr|o'clock)\b",
    r"(?<![0-9:.+-])(?P<hour>[01]?[0-9]|2[0-3])(?P<minute>[0-5][0-9])(?:[0-5][0-9])?(?![0-9:.])",
)
_WORDS_FOR_TIMES: Final = {"noon": "12:00", "midday": "12:00", "midnight": "00:00"}
_SAYS_NOTHING: Final = r"\b(?:at|on|um|uhr|hrs|t)\b|[,.]"
_SHIFT: Final = r"(?:utc|gmt)? *([-+])([0-9]{1,2})(?::?([0-9]{2}))?"


def _form(text: str, key: str) -> Trouble:
    """Dates as people write them elsewhere, with the line that is meant: it leaves out nothing the text says."""
    days, rest = _days(text)
    clock, rest = _clock(rest)
    message = f"{snippet(text, 60)} is not a time this calendar can read"
    if key == "time":
        example = f"time: {clock or '09:00'}"
        return Trouble("time.form", message, example, clock if clock and not rest and not days else None)
    if key in ("until", "except"):
        message = f"{snippet(text, 60)} is not a day this calendar can read"
        if not days:
            return Trouble("time.form", message, f"{_lead(key)}2027-03-02")
        return _meant(message, key, [day.isoformat() for day in days])
    example = f"year, month, day, and 24 hours: {days[0] if days else '2027-03-02'} {clock or '09:00'}"
    offset = _shift(rest)
    if days and clock and offset is None and (place := _place(rest)):
        return _in_place(message, days, clock, rest, place)
    if not days or offset is None or (offset and not clock):  # words that could change the time
        return Trouble("time.form", message, example)
    if "midnight" in text.lower():  # of which end of the day
        days += [day + timedelta(days=1) for day in days if _can_add(day, 1)]
    readings = [f"{day.isoformat()}{f' {clock}{offset}' if clock else ''}" for day in days]
    return _meant(message, key, readings)


def _meant(message: str, key: str, readings: list[str]) -> Trouble:
    """The trouble of a text that has these readings, one at least."""
    lead = _lead(key)
    if len(readings) == 1:
        return Trouble("time.form", message, f"{lead}{readings[0]}", readings[0])
    lines = "".join(f"\n  {lead}{each}" for each in readings)
    return Trouble("time.form", message, f"one of these:{lines}")


def _in_place(message: str, days: list[date], clock: str, word: str, place: str) -> Trouble:
    """A time with the name of a place, or of a place's clock: as an offset, both where it names the clock of another season."""
    where, readings = zone(place), []
    for day in days:
        naive = datetime.combine(day, time.fromisoformat(clock))
        seasons = [naive, naive.replace(month=1, day=1), naive.replace(month=7, day=1)]
        offsets = [
            each.replace(tzinfo=where)
            for each in seasons
            if each is naive or each.replace(tzinfo=where).tzname() == word.upper()
        ]
        readings += [f"{day} {clock}{_iso(each.utcoffset() or timedelta())}" for each in offsets]
    found = _meant(f"{message}: {snippet(word)} is no offset", "at", list(dict.fromkeys(readings)))
    way = f"{found.help}\nor without it, and for the whole file, above posts:\ntimezone: {place}"
    return replace(found, help=way, written=None if word.upper() in _OLD_ZONES else found.written)


def _place(word: str) -> str | None:
    lower, cities = _places()
    word = word.replace(" ", "_")
    return _OLD_ZONES.get(word.upper()) or lower.get(word.lower()) or cities.get(word.lower())


def _shift(rest: str) -> str | None:
    """The offset that the rest of a text says, "" where it says nothing; None where it says something else."""
    if not rest:
        return ""
    if rest.lower() in ("utc", "gmt", "z", "zulu"):
        return "Z"
    match = re.fullmatch(_SHIFT, rest, _ASCII)
    if match is None or int(match[2]) > 14 or int(match[3] or 0) > 59:
        return None
    return f"{match[1]}{int(match[2]):02}:{match[3] or '00'}"


def _days(text: str) -> tuple[list[date], str]:
    """What day a text may mean, the likeliest first, and the rest; two where nobody can tell day from month."""
    for pattern, orders in _DATES:
        if (match := re.search(pattern, text, _ASCII)) is not None:
            days = _valid([tuple(_number(match[part]) for part in order) for order in orders])
            before = text[: match.start()]
            if re.fullmatch(r"\s*[^\W\d_]{2,12}\.?,?\s*", before):
                before = ""  # its weekday, in whatever language
            return days, f"{before} {text[match.end() :]}"
    return [], text


_NAMES: Final = rf"(?P<m>{'|'.join(_MONTHS)})[a-z]*\.?"
_DATES: Final = (
    (r"(?<![0-9])(?P<y>[0-9]{4})[-/.](?P<m>[0-9]{1,2})[-/.](?P<d>[0-9]{1,2})(?![0-9])", ("ymd",)),
    (r"(?<![0-9])(?P<d>[0-9]{1,2})\. ?(?P<m>[0-9]{1,2})\. ?(?P<y>[0-9]{4})(?![0-9])", ("ymd",)),
    (r"(?<![0-9])(?P<m>[0-9]{1,2})[-/](?P<d>[0-9]{1,2})[-/](?P<y>[0-9]{4})(?![0-9])", ("ymd", "ydm")),
    (r"(?<![0-9])(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})(?![0-9])", ("ymd",)),
    (rf"\b(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th|\.)? +{_NAMES},? +(?P<y>[0-9]{{4}})\b", ("ymd",)),
    (rf"\b{_NAMES} +(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?,? +(?P<y>[0-9]{{4}})\b", ("ymd",)),
)
"""How a date may be written, and what its year, month and day may be."""


def _number(text: str) -> int:
    return _MONTHS.index(text.lower()) + 1 if text.isalpha() else int(text)


def _valid(candidates: list[tuple[int, ...]]) -> list[date]:
    days = []
    for year, month, day in candidates:
        try:
            days.append(date(year, month, day))
        except ValueError:
            continue
    return list(dict.fromkeys(days))


def _clock(text: str) -> tuple[str | None, str]:
    """The time of day that a text without its date says, and what it says besides."""
    for pattern in _CLOCKS:
        if (match := re.search(pattern, text, _ASCII)) is not None:
            said = match.groupdict()
            hour = int(said["hour"])
            if said.get("half") and hour <= 12:
                hour = hour % 12 + (12 if said["half"].lower() == "p" else 0)
            clock: str | None = f"{hour:02}:{said.get('minute') or '00'}" if hour < 24 else None
            return clock, _without_noise(text[: match.start()] + " " + text[match.end() :])
    rest = _without_noise(text)
    if (named := _WORDS_FOR_TIMES.get(rest.lower())) is not None:
        return named, ""
    return None, rest


def _without_noise(text: str) -> str:
    return " ".join(re.sub(_SAYS_NOTHING, " ", text, flags=_ASCII).split())


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
            later=(naive + (before - after)).time(),
        )
    later = naive + (after - before)
    edge = _change(naive.replace(tzinfo=UTC) - before, where)
    raise Trouble(
        "time.gap",
        f"{clock} does not exist on {weekday} in {place}: the clock goes from {edge + before:%H:%M} to {edge + after:%H:%M}",
        f"{later:%Y-%m-%d %H:%M}, or with an offset: {day} {clock}{_iso(before)}",
        later=later.time(),
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


def duration(text: str | None) -> Duration | None:
    """`10m`, `2h`, `3d`, `2w`; None for anything else."""
    match = _DURATION.fullmatch(text.strip().lower()) if text else None
    return Duration.of(int(match[1]) * _MINUTES[match[2][0]]) if match else None
