"""Text from outside, made safe to print."""

from __future__ import annotations

import unicodedata

_JOINERS = "\u200c\u200d"
"""Format characters too, but they hold emoji and some scripts together."""
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def printable_line(text: str, limit: int = 400) -> str:
    """`text` on one line of at most `limit` characters; what could drive a terminal becomes a space."""
    kept = "".join(char if _is_printable(char) else " " for char in text[: 4 * limit])
    line = " ".join(kept.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _is_printable(char: str) -> bool:
    return char in _JOINERS or unicodedata.category(char) not in _UNPRINTABLE
