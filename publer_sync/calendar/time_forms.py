"""Dates and times in other notations: refused, with a fix if they can mean only one thing."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from publer_sync.calendar.yaml.scalars import snippet
from publer_sync.calendar.zones import TimeError
from publer_sync.problems import Help

_SAY_WHEN: Final = (
    "Write the day as year-month-day and the time on a 24-hour clock; add an offset for another time zone"
)
_FORMS: Final = {
    "at": ("a time", _SAY_WHEN, "at: 2027-03-02 09:00"),
    "not_before": ("a time", _SAY_WHEN, "not_before: 2027-03-02 15:00"),
    "time": ("a time of day", "Write a time of day on a 24-hour clock", "time: 09:00"),
    "until": ("a day", "Write the day as year-month-day", "until: 2027-03-02"),
    "except": ("a day", "Write each day as year-month-day", "except: [2027-03-02]"),
}
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ASCII: Final = re.ASCII | re.IGNORECASE
_CLOCKS: Final = (
    r"(?<![0-9:.])(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-5][0-9]))? ?(?P<half>[ap])\.?m\b\.?",
    r"(?<![0-9:.])(?P<hour>[01]?[0-9]|2[0-3])[:.h](?P<minute>[0-5][0-9])(?::[0-9]{2}(?:\.[0-9]+)?)?(?![0-9:.])",
    r"(?<![0-9:.])(?P<hour>[01]?[0-9]|2[0-3]) ?(?:h|uhr|o'clock)\b",
    r"(?<![0-9:.+-])(?P<hour>[01]?[0-9]|2[0-3])(?P<minute>[0-5][0-9])(?:[0-5][0-9])?(?![0-9:.])",
)
_NAMED_TIMES: Final = {"noon": "12:00", "midday": "12:00", "midnight": "00:00"}
_FILLERS: Final = r"\b(?:at|on|um|uhr|hrs|t)\b|[,.]"
_OFFSET: Final = r"(?:utc|gmt)? *([-+])([0-9]{1,2})(?::?([0-9]{2}))?"
_MONTH: Final = rf"(?P<m>{'|'.join(_MONTHS)})[a-z]*\.?"
_DATES: Final = (
    (r"(?<![0-9])(?P<y>[0-9]{4})[-/.](?P<m>[0-9]{1,2})[-/.](?P<d>[0-9]{1,2})(?![0-9])", ("ymd",)),
    (r"(?<![0-9])(?P<d>[0-9]{1,2})\. ?(?P<m>[0-9]{1,2})\. ?(?P<y>[0-9]{4})(?![0-9])", ("ymd",)),
    (r"(?<![0-9])(?P<m>[0-9]{1,2})[-/](?P<d>[0-9]{1,2})[-/](?P<y>[0-9]{4})(?![0-9])", ("ymd", "ydm")),
    (r"(?<![0-9])(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})(?![0-9])", ("ymd",)),
    (rf"\b(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th|\.)? +{_MONTH},? +(?P<y>[0-9]{{4}})\b", ("ymd",)),
    (rf"\b{_MONTH} +(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?,? +(?P<y>[0-9]{{4}})\b", ("ymd",)),
)
"""How a date may be written, and the orders in which its year, month and day may be read."""


def form_error(text: str, key: str) -> TimeError:
    """The error of a value of `at`, `not_before`, `time`, `until` or `except`, with a fix if it has only one meaning."""
    what, say, example = _FORMS.get(key, _FORMS["at"])
    readings = _readings(text, key)
    if len(readings) > 1:
        advice = Help(f"Write the one you mean: {' or '.join(readings)}")
    elif readings:
        advice = Help(say.partition(";")[0], f"{key_lead(key)}{readings[0]}")
    else:
        advice = Help(say, "", example)
    written = readings[0] if len(readings) == 1 else None
    return TimeError("time.form", f"{snippet(text, 60)} is not {what} publer-sync can read", advice, written)


def key_lead(key: str) -> str:
    """What precedes a value in a line to paste: nothing in a list."""
    return "" if key == "except" else f"{key}: "


def _readings(text: str, key: str) -> list[str]:
    """What a text can mean; nothing if part of it is not understood."""
    days, rest = _days(text)
    clock, rest = _clock(rest)
    offset = _offset(rest)
    if key == "time":
        return [clock] if clock and not rest and not days else []
    if key in ("until", "except"):
        return [] if rest else [day.isoformat() for day in days]
    if offset is None or (offset and not clock):  # other words, which could change the time
        return []
    if "midnight" in text.lower():  # it may be either end of the day
        days += [day + timedelta(days=1) for day in days if day < date.max]
    return [f"{day}{f' {clock}{offset}' if clock else ''}" for day in days]


def _offset(rest: str) -> str | None:
    """The offset in the rest of a text: "" if the rest is empty, None if it is something else."""
    if not rest:
        return ""
    if rest.lower() in ("utc", "gmt", "z", "zulu"):
        return "Z"
    match = re.fullmatch(_OFFSET, rest, _ASCII)
    if match is None or int(match[2]) > 14 or int(match[3] or 0) > 59:
        return None
    return f"{match[1]}{int(match[2]):02}:{match[3] or '00'}"


def _days(text: str) -> tuple[list[date], str]:
    """The days a text can mean, and the rest of it; two if day and month could be swapped."""
    for pattern, orders in _DATES:
        if (match := re.search(pattern, text, _ASCII)) is not None:
            days = _valid([tuple(_number(match[part]) for part in order) for order in orders])
            before = text[: match.start()]
            if re.fullmatch(r"\s*[^\W\d_]{2,12}\.?,?\s*", before):
                before = ""  # its weekday, in any language
            return days, f"{before} {text[match.end() :]}"
    return [], text


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
    """The time of day in a text without its date, and the rest of it."""
    for pattern in _CLOCKS:
        if (match := re.search(pattern, text, _ASCII)) is not None:
            parts = match.groupdict()
            hour = int(parts["hour"])
            if parts.get("half") and hour <= 12:
                hour = hour % 12 + (12 if parts["half"].lower() == "p" else 0)
            clock = f"{hour:02}:{parts.get('minute') or '00'}" if hour < 24 else None
            return clock, _without_fillers(text[: match.start()] + " " + text[match.end() :])
    rest = _without_fillers(text)
    named = _NAMED_TIMES.get(rest.lower())
    return (named, "") if named else (None, rest)


def _without_fillers(text: str) -> str:
    return " ".join(re.sub(_FILLERS, " ", text, flags=_ASCII).split())
