"""Letters with marks, and those that are no other one with a mark, as they are written with the letters from a to z."""

from __future__ import annotations

import unicodedata
from typing import Final

_SPELT: Final = str.maketrans(
    {
        "æ": "ae",
        "Æ": "Ae",
        "ø": "o",
        "Ø": "O",
        "ß": "ss",
        "ẞ": "SS",
        "œ": "oe",
        "Œ": "Oe",
        "đ": "d",
        "Đ": "D",
        "ł": "l",
        "Ł": "L",
    }
    | {"þ": "th", "Þ": "Th", "ð": "d", "Ð": "D", "ı": "i", "ħ": "h", "Ħ": "H", "ŋ": "n", "Ŋ": "N", "ĸ": "k"}
)


def in_latin(text: str) -> str:
    """A text without the marks of its letters. Those of other scripts stay."""
    parts = unicodedata.normalize("NFKD", text.translate(_SPELT))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))
