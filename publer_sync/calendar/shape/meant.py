"""Puts a writer's own words into the form that their key takes, if they can mean only one thing."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from publer_sync.calendar.when import times
from publer_sync.calendar.yaml.nodes import Map, Seq
from publer_sync.calendar.yaml.scalars import scalar
from publer_sync.networks.kinds import kind_of
from publer_sync.networks.links import find_links

if TYPE_CHECKING:
    from collections.abc import Sequence

_AMOUNT: Final = r"([0-9]+(?:[.,][0-9]+)?) *(minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|wks?|w)(?![a-z])"
_MINUTES: Final = {"w": 10_080, "d": 1_440, "h": 60, "m": 1}
_ADDRESS: Final = re.compile(r"(?:(?P<scheme>h?t{1,3}ps?)[:;]?/{0,3})?(?P<rest>[^\s/:]\S*)", re.IGNORECASE)
_MANY_WORDS: Final = 200
"""Repeating more of a writer's words helps nobody."""
_RHYTHMS: Final = {
    **dict.fromkeys(("daily", "everyday", "every day"), "day"),
    **dict.fromkeys(("weekly", "every week"), "week"),
    **dict.fromkeys(("fortnightly", "fortnight", "every two weeks"), "2w"),
    **dict.fromkeys(("monthly", "every month"), "month"),
    **dict.fromkeys(("quarterly", "quarter"), "3 months"),
    **dict.fromkeys(("yearly", "annually", "year", "annual"), "12 months"),
}


def duration(text: str) -> list[str]:
    """`1.5h`, `1H`, `1h 30m` as a duration; a bare number has one reading for each unit, other words have none.

    Nor has `2M`, which may be months.
    """
    if re.search(r"[0-9] *M\b", text):
        return []
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


def every(text: str) -> str | None:
    """The value of `every` that is meant; None for other words, and for ambiguous ones such as "biweekly"."""
    return _RHYTHMS.get(text.strip().lower())


def address(text: str) -> str | None:
    """A web address whose scheme is missing or mistyped, with it; None for other words."""
    match = _ADDRESS.fullmatch(text.strip())
    if match is None or [link.start for link in find_links(match["rest"])][:1] != [0]:
        return None
    return f"{'http' if (match['scheme'] or '').lower() == 'http' else 'https'}://{match['rest']}"


def lines_of(key: str, value: Any) -> str | None:
    """The map or list that `key` takes, as lines around a value in its place; None if it fits nowhere."""
    if (one := items_of(key, [value])) is not None:
        return one
    words = _texts(value)
    if not words:
        return None
    if key == "auto_delete" and (length := duration(words[0])[:1]):
        return f"{key}:\n  after: {length[0]}"
    if key == "share":
        return f"{key}:\n  accounts: [{', '.join(words)}]"
    if key == "poll" and len(words) > 1:
        return "\n".join([f"{key}:", "  options:", *(f"  - {word}" for word in words)])
    return None


def items_of(key: str, values: Sequence[Any]) -> str | None:
    """A list, as lines, whose items `item_of` makes; None if it cannot make one of them."""
    items = [item_of(key, value) for value in values]
    if None in items:
        return None
    return "\n".join([f"{key}:", *(f"- {indented(item).lstrip()}" for item in items if item)])


def item_of(key: str, value: Any) -> str | None:
    """Words or a map as one item of the list that `key` takes, without its dash."""
    if key not in ("media", "comments", "thread"):
        return None
    if isinstance(value, Map) and value:
        lines = [line_of(inner, each) for inner, each in value.items()]
        return None if None in lines else "\n".join(line for line in lines if line)
    if not isinstance(value, str) or len(value) > _MANY_WORDS or not value.strip():
        return None
    if key == "media":
        is_url = value.startswith(("https://", "http://"))
        return line_of("url" if is_url else "file", value) if is_url or kind_of(value) else None
    return "\n".join(["text: |", indented(value.strip())])


def line_of(key: str, value: Any) -> str | None:
    """A key with a short value as a writer would write it; None for longer ones."""
    if value is None or isinstance(value, Map | Seq) or len(str(value)) > _MANY_WORDS:
        return None
    if not isinstance(value, str):
        return f"{key}: {json.dumps(value)}"
    lines = value.strip().split("\n")
    if not all(line.isprintable() for line in lines):
        return None
    return f"{key}: |\n{indented(value.strip())}" if len(lines) > 1 else f"{key}: {scalar(lines[0])}"


def indented(text: str) -> str:
    """The lines, indented two spaces more."""
    return "\n".join("  " + line if line else "" for line in text.split("\n"))


def _texts(value: Any) -> list[str]:
    """A text, split at commas, or a list of texts, each as it can be pasted."""
    parts: Sequence[Any] = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list):
        return []
    if not all(isinstance(part, str) and part.strip() and len(part) <= _MANY_WORDS for part in parts):
        return []
    return [scalar(part.strip()) for part in parts[:10]]
