"""Times that count from a date with a name: `launch - 7d 09:00`, `mon before launch 17:00`. Reads them; knows no dates."""

from __future__ import annotations

import re
import unicodedata
from datetime import time, timedelta, timezone
from typing import Final

from publer_sync.calendar.when import times
from publer_sync.calendar.when.zones import TimeError
from publer_sync.networks.hashtags import DIGITS, LETTER
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.starting.late_patterns import late_pattern

RESERVED: Final = ("next", "first", "before", "after", "today", "date")
"""Words that mean something else in a time."""
PAGE_DATE: Final = "date"
"""What the date of a page is called, in the posts of its front matter."""
_NAME: Final = rf"(?![{DIGITS}]){LETTER}+"
COUNTS: Final = late_pattern(rf".*{_NAME}[ \t]*[+-][ \t]*[1-9].*|.*\b(?:before|after)\b.*", re.IGNORECASE)
"""What can only be meant to count from something."""
SUM: Final = re.compile(
    r"(?P<day>(?:(?:(?P<first>first)[ \t]+)?(?P<weekday>[^\W\d_]{2,12})[ \t]+(?P<side>before|after)[ \t]+)?"
    rf"(?![^ \t]*[A-Z])(?P<name>{_NAME})"
    r"(?:[ \t]+(?P<sign>[+-])[ \t]+(?P<count>[1-9][0-9]{0,4})[ \t]*(?P<unit>m|min|minutes?|h|hours?|d|days?|w|weeks?))?)"
    rf"(?:[ \t]+{times.CLOCK})?"
)
"""What the editors' schemas are made of, too."""
_UNITS: Final = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_LOOSE: Final = late_pattern(rf"({_NAME})[ \t]*([+-])[ \t]*([1-9][0-9]{{0,4}}[ \t]*[a-z]+)(.*)")
_DASHES: Final = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
_TURNED: Final = late_pattern(
    rf"(?:the[ \t]+)?(?:([1-9][0-9]{{0,4}})[ \t]*|(?:a[ \t]+)?)(m|min|minutes?|h|hours?|d|days?|w|weeks?)[ \t]+(before|after)[ \t]+"
    rf"(?:the[ \t]+)?({_NAME})(?:[ \t]+at)?(.*)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sum:
    """What was written: at most one of `step` (from the name's date) and `weekday` (0 is Monday, before or after it).

    `elapsed`: the step is in hours or minutes. `day` is the sum without the `time` of day.
    """

    name: str
    day: str
    step: timedelta | None = None
    elapsed: bool = False
    weekday: int | None = None
    before: bool = False
    time: time | None = None
    offset: timezone | None = None


def is_name(word: str) -> bool:
    """Whether a date can have this name: small letters of any script, composed."""
    small = word == word.lower() and unicodedata.is_normalized("NFC", word)
    return (
        small
        and re.fullmatch(_NAME, word) is not None
        and word not in RESERVED
        and times.weekday(word) is None
    )


def read_sum(text: str) -> Sum | None:
    """A sum as it was written; None for anything else. Raises TimeError for a time of day that does not exist."""
    match = SUM.fullmatch(unicodedata.normalize("NFC", text.strip()))
    if match is None or not (is_name(match["name"]) or match["name"] == PAGE_DATE):
        return None
    day = times.weekday(match["weekday"].lower()) if match["weekday"] else None
    before, unit = match["side"] == "before", (match["unit"] or "")[:1]
    if match["side"] and (day is None or match["sign"] or (match["first"] and before)):
        return None
    step = int(match["count"]) * _UNITS[unit] * (-1 if match["sign"] == "-" else 1) if unit else None
    at = times.time_of(match["time"], text) if match["time"] else None
    offset = times.offset_in(match, text)
    return Sum(match["name"], match["day"], step, unit in ("m", "h"), day, before, at, offset)


def meant_sum(text: str, names: frozenset[str]) -> str | None:
    """The one sum that other words for it mean, if one of the `names` is in it: `7 days before launch`, `launch -7d`."""
    words = " ".join(unicodedata.normalize("NFC", text).translate(_DASHES).split())
    if (turned := _TURNED.fullmatch(words)) is not None:
        count, unit, side, name, rest = turned.groups()
        words = (
            f"{name} {'-' if side.lower() == 'before' else '+'} {count or 1}{unit[:1].lower()}{_tail(rest)}"
        )
    elif (loose := _LOOSE.fullmatch(words.lower())) is not None:
        name, sign, span, rest = loose.groups()
        words = f"{name} {sign} {span}{_tail(rest)}"
    else:
        words = re.sub(r"(?i)[,]|(?<=\w) at(?= [0-9])", "", words)
        words = next(
            (words.replace(word, word.lower()) for word in words.split() if word.lower() in names), words
        )
    try:
        found = read_sum(words)
    except TimeError:
        return None
    return words if found is not None and found.name in names and words != text.strip() else None


def _tail(rest: str) -> str:
    return f" {words}" if (words := re.sub(r"^(?:,|at\b)\s*", "", rest.strip())) else ""
