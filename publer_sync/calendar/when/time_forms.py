"""Dates and times in other notations: refused, with a fix if they can mean only one thing."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from typing import Final, NamedTuple

from publer_sync.calendar.when.zones import DAYS, FULL_DAYS, TimeError
from publer_sync.calendar.yaml.scalars import snippet
from publer_sync.values.date_words import MONTHS, WEEKDAYS
from publer_sync.values.problems import Help
from publer_sync.values.timezones import offsets_of

_SAY_WHEN: Final = (
    "Write the day as year-month-day and the time on a 24-hour clock; add an offset for another time zone"
)
_FORMS: Final = {
    "at": ("a time", _SAY_WHEN, "at: 2027-03-02 09:00"),
    "not_before": ("a time", _SAY_WHEN, "not_before: 2027-03-02 15:00"),
    "dates": ("a date", _SAY_WHEN, "launch: 2027-04-06"),
    "time": ("a time of day", "Write a time of day on a 24-hour clock", "time: 09:00"),
    "until": ("a day", "Write the day as year-month-day", "until: 2027-03-02"),
    "from": ("a day", "Write the day as year-month-day", "from: 2027-03-02"),
    "except": ("a day", "Write each day as year-month-day", "except: [2027-03-02]"),
    "holidays": ("a day", "Write each day as year-month-day", "holidays: [2027-12-25]"),
}
_ASCII: Final = re.ASCII | re.IGNORECASE
_CLOCKS: Final = (
    (
        r"(?P<before>\u5348\u524d|\u4e0a\u5348|\uc624\uc804)?(?P<after>\u5348\u5f8c|\u4e0b\u5348|\uc624\ud6c4)? ?(?P<hour>[01]?[0-9]|2[0-3]) ?"
        r"[\u6642\u65f6\u70b9\u9ede\uc2dc](?: ?(?P<minute>[0-5]?[0-9]) ?[\u5206\ubd84])?"
    ),
    r"\b(?:kl|klokken|klokka|klockan)\.? ?(?P<hour>[01]?[0-9]|2[0-3])(?:[.:](?P<minute>[0-5][0-9]))?(?![0-9:.])",
    r"(?<![0-9:.])(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-5][0-9]))? ?(?P<half>[ap])\.?m\b\.?",
    r"(?<![0-9:.])(?P<hour>[01]?[0-9]|2[0-3])[:.h](?P<minute>[0-5][0-9])(?::[0-9]{2}(?:\.[0-9]+)?)?(?![0-9:.])",
    r"(?<![0-9:.])(?P<hour>[01]?[0-9]|2[0-3]) ?(?:h|uhr|o'clock)\b",
    r"(?<![0-9:.+-])(?P<hour>[01]?[0-9]|2[0-3])(?P<minute>[0-5][0-9])(?:[0-5][0-9])?(?![0-9:.])",
)
_RANGE: Final = r"(?<![\w:.-])[0-9]{1,2}(?:[:.h][0-9]{2})? ?(?:[ap]m)? ?(?:[-\u2013\u2014]|to|bis|til|till) ?[0-9]{1,2}(?:[:.h][0-9]{2})? ?(?:[ap]m|uhr|h)?\s*$"
"""Two times of day at the end of a text."""
_NAMED_TIMES: Final = {"noon": "12:00", "midday": "12:00", "midnight": "00:00"}
_FILLERS: Final = r"\b(?:at|on|the|um|uhr|den|le|hrs|t|kl|klokken|klokka|klockan)\b|[,.()\u3001]"
"""Words and signs around a date that change nothing about it."""
_OFFSET: Final = r"(?:\+(?=[0-9]{2})|(?:utc|gmt) *([-+]))([0-9]{1,2})(?::?([0-9]{2}))?"
"""After a plain minus it may be the other end of a span, `9:00-11:00`, and a plain `+1` may be a day."""
_MONTH: Final = rf"(?P<m>{'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?"
_DATES: Final = (
    (r"(?<![0-9])(?P<y>[0-9]{4})[-/.](?P<m>[0-9]{1,2})[-/.](?P<d>[0-9]{1,2})(?![0-9])", ("ymd",)),
    (
        r"(?<![0-9])(?P<y>[0-9]{4}) ?[\u5e74\ub144] ?(?P<m>[0-9]{1,2}) ?[\u6708\uc6d4] ?(?P<d>[0-9]{1,2}) ?[\u65e5\u53f7\u865f\uc77c]",
        ("ymd",),
    ),
    (r"(?<![0-9])(?P<d>[0-9]{1,2})\. ?(?P<m>[0-9]{1,2})\. ?(?P<y>[0-9]{4})(?![0-9])", ("ymd",)),
    (r"(?<![0-9])(?P<m>[0-9]{1,2})[-/](?P<d>[0-9]{1,2})[-/](?P<y>[0-9]{4})(?![0-9])", ("ymd", "ydm")),
    (r"(?<![0-9])(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})(?![0-9])", ("ymd",)),
    (rf"\b(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th|\.)? +(?:of +)?{_MONTH},? +(?P<y>[0-9]{{4}})\b", ("ymd",)),
    (rf"(?<!\S){_MONTH} +(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?,? +(?P<y>[0-9]{{4}})\b", ("ymd",)),
)
"""How a date may be written, and the orders in which its year, month and day may be read."""


def form_error(text: str, key: str) -> TimeError:
    """The error of a value of `at`, `not_before`, `time`, `until`, `from`, `except` or `holidays`, or of one in `dates`.

    It has a fix if each part of the text is understood, and all of it has one meaning.
    """
    what, say, example = _FORMS.get(key, _FORMS["at"])
    found = _read(text, key)
    wrong = next((each for each in found.weekdays if each != found.days[0].weekday()), None)
    if wrong is not None and len(found.days) == 1:
        return weekday_error(found.days[0], wrong, found.clock)
    message = f"{snippet(text, 60)} is not {what} publer-sync can read"
    readings = [f"{day}{found.clock}" for day in found.days] or ([found.clock] if found.clock else [])
    if len(readings) > 1:
        named = [f"{DAYS[day.weekday()]} {one}" for day, one in zip(found.days, readings, strict=True)]
        return TimeError("time.form", message, Help(f"Write the one you mean: {' or '.join(named)}"))
    if not readings and key != "dates" and re.search(_RANGE, text, _ASCII):
        say_one = "A post is published at one minute: choose one of the two times"
        return TimeError(
            "time.range", f"{snippet(text, 60)} is a range of time", Help(say_one, example=example)
        )
    if not readings:
        doubt = f"{snippet(found.rest)} is not understood. " if found.rest and found.rest in text else ""
        return TimeError("time.form", message, Help(f"{doubt}{say}", "", example))
    advice = Help(say.partition(";")[0], f"{key_lead(key)}{readings[0]}")
    return TimeError("time.form", message, advice, readings[0])


def weekday_error(day: date, weekday: int, tail: str) -> TimeError:
    """A weekday that contradicts its date; `tail` follows the date. Only the writer knows which of them is wrong."""
    message = f"{day} is a {FULL_DAYS[day.weekday()]}, not a {FULL_DAYS[weekday]}"
    say = f"Write {DAYS[day.weekday()]} {day}{tail} if the date is right"
    shift = (weekday - day.weekday() + 3) % 7 - 3
    if 1 <= day.toordinal() + shift <= date.max.toordinal():
        say += f", {DAYS[weekday]} {day + timedelta(days=shift)}{tail} if the weekday is"
    return TimeError("time.weekday", message, Help(say))


def key_lead(key: str) -> str:
    """What precedes a value in a line to paste: nothing in a list, or where the key is a name."""
    return "" if key in ("except", "holidays", "dates") else f"{key}: "


def has_time(key: str) -> bool:
    """Whether a value of it may end with a time of day."""
    return _FORMS.get(key, _FORMS["at"])[0] == "a time"


def in_ascii(text: str) -> str:
    """With the digits and signs of other scripts as those of ours: they mean the same."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(str(unicodedata.digit(each, each)) if each.isdigit() else each for each in plain)


class _Parts(NamedTuple):
    """What a text can mean. `clock` follows a day, or is a time of day alone; `rest` are words that are not understood."""

    days: list[date]
    clock: str
    weekdays: list[int]
    rest: str = ""


def _read(text: str, key: str) -> _Parts:
    days, rest = _days(in_ascii(text))
    clock, rest = _clock(rest)
    if days:
        weekdays, rest = _weekdays(rest)
    else:
        weekdays = []
    if key == "time":
        return _Parts([], clock or "", []) if not rest and not days else _Parts([], "", [], rest)
    if not days:
        return _Parts([], "", [])
    if key in ("until", "except", "holidays"):
        return _Parts([], "", [], rest) if rest or clock else _Parts(days, "", weekdays)
    offset = _offset(rest)
    if offset is None or (offset and not clock):
        return _Parts([], "", [], rest)
    if re.search(r"\bmidnight\b", text, re.IGNORECASE):  # it may be either end of the day
        days += [day + timedelta(days=1) for day in days if day < date.max]
    if clock and offset[:1] == "-" and clock < offset[1:]:
        clock += ":00"  # or the two would be a range of time
    return _Parts(days, f" {clock}{offset}" if clock else "", weekdays)


def _offset(rest: str) -> str | None:
    """The offset in the rest of a text: "" if the rest is empty, None if it is something else."""
    if not rest:
        return ""
    if rest.lower() in ("utc", "gmt", "z", "zulu"):
        return "Z"
    match = re.fullmatch(_OFFSET, rest, _ASCII)
    if match is None:
        return None
    away = timedelta(hours=int(match[2]), minutes=int(match[3] or 0)) * (-1 if match[1] == "-" else 1)
    if int(match[3] or 0) > 59 or away not in offsets_of():
        return None
    return f"{match[1] or '+'}{int(match[2]):02}:{match[3] or '00'}"


def _days(text: str) -> tuple[list[date], str]:
    """The days a text can mean, and the rest of it; two if day and month could be swapped."""
    for pattern, orders in _DATES:
        if (match := re.search(pattern, text, _ASCII)) is not None:
            days = _valid([tuple(_number(match[part]) for part in order) for order in orders])
            return days, f"{text[: match.start()]} {text[match.end() :]}"
    return [], text


def _weekdays(text: str) -> tuple[list[int], str]:
    """The weekdays named in the rest of a text, and what is left of it."""
    words = [(word, WEEKDAYS.get(word.lower())) for word in text.split()]
    found = [number for _, number in words if number is not None]
    return found, " ".join(word for word, number in words if number is None)


def _number(text: str) -> int:
    return MONTHS.get(text.lower()) or int(text)


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
            if parts.get("before") or parts.get("after"):
                if hour > 11 or (parts["before"] and parts["after"]):
                    break
                hour += 12 if parts["after"] else 0
            if half := (parts.get("half") or "").lower():
                if not 1 <= hour <= 12 or (hour == 12 and half == "a" and not int(parts["minute"] or 0)):
                    break  # 12 am may be either end of the day
                hour = hour % 12 + (12 if half == "p" else 0)
            clock = f"{hour:02}:{int(parts.get('minute') or 0):02}"
            return clock, _without_fillers(text[: match.start()] + " " + text[match.end() :])
    rest = _without_fillers(text)
    named = _NAMED_TIMES.get(rest.lower())
    return (named, "") if named else (None, rest)


def _without_fillers(text: str) -> str:
    return " ".join(re.sub(_FILLERS, " ", text, flags=_ASCII).split())
