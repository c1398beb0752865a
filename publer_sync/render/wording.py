"""Sentences, numbers and spans of time as people write them."""

from __future__ import annotations

import re

from publer_sync.printable import one_line, printable


def sentence(text: str) -> str:
    """A message that starts small and has no full stop, as a sentence of its own."""
    text = printable(text).strip()
    first = text.partition(" ")[0]
    if (
        first.isalpha() and first.islower() and first != "x"
    ):  # a file, a network and an alias keep their small letter
        text = text[0].upper() + text[1:]
    return text if not text or text[-1] in ".!?…" else text + "."


def count(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def seconds(value: float) -> str:
    """`41 s`, `5 min 52 s`, `1 h 20 min`."""
    whole = round(value)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"


_UNITS = {"m": "minute", "h": "hour", "d": "day", "w": "week"}


def duration(value: object) -> str:
    """`3d`, or Publer's own form of it, as `3 days`; anything else as it is written."""
    if isinstance(value, dict) and isinstance(number := value.get("duration"), int):
        return count(number, str(value.get("unit", "")).lower())
    found = re.fullmatch(r"(\d+)([mhdw])", str(value))
    return count(int(found[1]), _UNITS[found[2]]) if found else one_line(str(value))
