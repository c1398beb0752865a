"""What a writer likely meant, in the form a key takes: lines to paste, made of their own words."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from publer_sync.calendar import repeat as recurrence
from publer_sync.calendar import times
from publer_sync.calendar.yaml import traps as yaml_traps
from publer_sync.calendar.yaml.nodes import Map, Seq
from publer_sync.calendar.yaml.reader import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

_AMOUNT: Final = r"([0-9]+(?:[.,][0-9]+)?) *(minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|wks?|w)(?![a-z])"
_MINUTES: Final = {"w": 10_080, "d": 1_440, "h": 60, "m": 1}
_MANY_WORDS: Final = 200
"""More of a writer's words than that is no help to read."""


def duration(text: str) -> list[str]:
    """`1.5h`, `1H`, `1h 30m` as a duration; a number alone has a reading for each unit, other words have none."""
    text = text.strip().lower()
    if re.fullmatch(r"[0-9]+([.,][0-9]+)?", text):
        return [each for unit in "mhd" for each in duration(text + unit)]
    if not re.fullmatch(rf"(?:{_AMOUNT}(?:,| and)? *)+", text):
        return []
    amounts = re.findall(_AMOUNT, text)
    minutes = sum(float(number.replace(",", ".")) * _MINUTES[unit[0]] for number, unit in amounts)
    units = [amounts[0][1][0]] if len(amounts) == 1 else []
    for unit in (*units, *_MINUTES):
        whole, rest = divmod(minutes, _MINUTES[unit])
        if not rest and times.duration(found := f"{whole:.0f}{unit}"):
            return [found]
    return []


def every(text: str) -> str:
    """How often, in the words that are read; where none says the same, all of them."""
    word = text.strip().lower()
    for name, days in _RHYTHMS.items():
        if word in days:
            return f"every: {name}"
    day = next((day for day in times.DAYS if word.rstrip("s") in (day.lower(), _FULL[day])), None)
    return (
        f"every: week\ndays: [{day.lower()}]"
        if day
        else "one of: every: day, every: week, every: 2w, every: month"
    )


_RHYTHMS: Final = {
    "day": ("daily", "everyday", "every day"),
    "week": ("weekly", "every week"),
    "2w": ("biweekly", "fortnightly", "fortnight", "every two weeks"),
    "month": ("monthly", "every month"),
    "3 months": ("quarterly", "quarter"),
    "12 months": ("yearly", "annually", "year", "annual", "1y"),
}
_FULL: Final = {
    "Mon": "monday",
    "Tue": "tuesday",
    "Wed": "wednesday",
    "Thu": "thursday",
    "Fri": "friday",
    "Sat": "saturday",
    "Sun": "sunday",
}


def address(text: str) -> str | None:
    """An address without spaces and other signs that no address has; None where that makes none."""
    scheme, colon, rest = text.strip().partition("://")
    if scheme.lower() not in ("https", "http") or not colon or "://" in rest or not rest:
        return None
    for sign in ' <>"\t':
        rest = rest.replace(sign, f"%{ord(sign):02X}")
    return f"{scheme.lower()}://{rest}" if rest.isprintable() and len(rest) <= _MANY_WORDS else None


def written(key: str, value: Any) -> str:
    """A key with its value as a writer would write it; `…` for a value that takes more than a few lines."""
    if value is None or isinstance(value, Map | Seq) or len(str(value)) > _MANY_WORDS:
        return f"{key}: …"
    if not isinstance(value, str):
        return f"{key}: {json.dumps(value)}"
    lines = value.strip().split("\n")
    if not all(line.isprintable() for line in lines):
        return f"{key}: …"
    if len(lines) > 1:
        return "\n".join([f"{key}: |", *("  " + line if line else "" for line in lines)])
    return f"{key}: {scalar(lines[0])}"


def scalar(text: str) -> str:
    """A short text as it stands behind a key, in quotes where YAML would read something else."""
    return yaml_traps.as_value(text) if isinstance(plain(text), str) else yaml_traps.quote(text)


def inside(text: str) -> str:
    """Lines two spaces further in."""
    return "\n".join("  " + line if line else "" for line in text.split("\n"))


def whole(key: str, value: Any) -> str | None:
    """The map or list that `key` takes, around a value that stands there in its place; None where it fits nowhere."""
    if (part := item(key, value)) is not None:
        return f"{key}:\n- {inside(part).lstrip()}"
    words = _words(value)
    if not words:
        return None
    listed = words[0] if len(words) == 1 else f"[{', '.join(words)}]"
    if key == "auto_delete" and (length := duration(words[0])[:1]):
        return f"{key}:\n  after: {length[0]}"
    if key == "share":
        return f"{key}:\n  accounts: {listed}"
    if key == "repeat" and recurrence.every(words[0]):
        return f"{key}:\n  every: {words[0]}\n  times: 10"
    if key == "poll" and len(words) > 1:
        options = "".join(f"\n  - {word}" for word in words)
        return f"{key}:\n  options:{options}\n  duration: 3d"
    return None


def item(key: str, value: Any) -> str | None:
    """One item of the list that `key` takes, where words stand in its place, or the item itself without its dash."""
    if key not in ("media", "comments", "thread"):
        return None
    if isinstance(value, Map) and value:
        return "\n".join(written(inner, each) for inner, each in value.items())
    if not isinstance(value, str) or len(value) > _MANY_WORDS or not value.strip():
        return None
    if key == "media":
        return written("url" if value.startswith(("https://", "http://")) else "file", value)
    lines = value.strip().split("\n")
    return "\n".join(["text: |", *("  " + line if line else "" for line in lines)])


def _words(value: Any) -> list[str]:
    """A text, split at commas, or a list of texts, each as it can be pasted."""
    parts: Sequence[Any] = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list):
        return []
    if not all(isinstance(part, str) and part.strip() and len(part) <= _MANY_WORDS for part in parts):
        return []
    return [scalar(part.strip()) for part in parts[:10]]
