"""Text in columns of a terminal: measured, cut, padded."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Final

from publer_sync.values.printable import one_line

NO_TEXT: Final = "(no text)"


def width(text: str) -> int:
    """Columns of a terminal: wide characters and emoji take two, marks that sit on another character none."""
    return len(text) if text.isascii() else sum(_cells(text))


def _cells(text: str) -> list[int]:
    cells = []
    before = ""
    for char in text:
        cells.append(0 if before == "\N{ZERO WIDTH JOINER}" else _cell(char, before))
        before = char
    return cells


@cache
def _cell(char: str, before: str) -> int:
    if char == "\N{VARIATION SELECTOR-16}":
        return 1 if before and _wide(before) == 1 and not before.isspace() else 0
    if "\N{EMOJI MODIFIER FITZPATRICK TYPE-1-2}" <= char <= "\N{EMOJI MODIFIER FITZPATRICK TYPE-6}":
        return 0 if before and _wide(before) == 2 else 2
    return _wide(char)


def _wide(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def cut(text: str, columns: int) -> str:
    """At most `columns` wide, with `…` where something is left out, at the end of a word where one is near."""
    if width(text) <= columns:
        return text
    taken = _take(text, columns - 1)
    at_word = taken.rpartition(" ")[0]
    if text[len(taken)] != " " and width(taken) - width(at_word) <= min(14, columns // 3):
        taken = at_word
    return taken.rstrip(" ¶,;:") + "…"


def _take(text: str, columns: int) -> str:
    used = 0
    for index, cell in enumerate(_cells(text)):
        used += cell
        if used > columns:
            return text[:index]
    return text


def pad(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))


def chunks(text: str, columns: int) -> list[str]:
    """One word in pieces that fit a line."""
    pieces = []
    while width(text) > columns:
        piece = _take(text, columns) or text[0]
        pieces.append(piece)
        text = text[len(piece) :]
    return [*pieces, text]


def first_words(text: str, columns: int) -> str:
    return cut(one_line(text), columns)


def quoted(text: str, columns: int = 52) -> str:
    return f'"{first_words(text, columns)}"' if text.strip() else NO_TEXT
