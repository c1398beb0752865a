"""Rewrites a value that should be a list or a map, as lines with the writer's own words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from publer_sync.calendar.shape import meant
from publer_sync.calendar.yaml.nodes import Seq

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.calendar.yaml.lines import Lines
    from publer_sync.calendar.yaml.nodes import Mark

_CLOSED: Final = re.compile(r"\[[^\[\]#]*\]")
"""A list in brackets that ends on its line, with nothing after it."""


def in_place(
    key: str, value: Any, mark: Mark | None, way: Sequence[tuple[Any, str | int]], lines: Lines
) -> tuple[Mark, str] | None:
    """The list or map, as lines, that the value or the list in brackets around it should be, and what they replace.

    `way` are the maps and lists on the way to the value, with the step that leads on. None if its words do not settle it.
    """
    written = meant.lines_of(key, value)
    if way and isinstance(way[-1][1], int):
        written, holder = meant.item_of(key, value), way[-1][0]
        if isinstance(holder, Seq) and holder.mark.style == "[":
            mark = way[-2][0].marks[key]
            written = meant.items_of(key, holder)
    if mark is None or written is None:
        return None
    before = lines.texts[mark.key_line - 1][: mark.key_column - 1]
    return None if before.strip(" -") else (mark, before + written.replace("\n", "\n" + " " * len(before)))


def is_alone(mark: Mark, lines: Lines) -> bool:
    """Whether the value is alone on its line with its key or dash."""
    text = lines.texts[mark.line - 1]
    if text[: mark.key_column - 1].strip(" -") or mark.key_line != mark.line:
        return False
    if mark.style == "[":
        return _CLOSED.fullmatch(text[mark.column - 1 :].rstrip()) is not None
    is_word = mark.style in ("", '"', "'") and mark.line == mark.end_line
    return is_word and not text[mark.end_column - 1 :].strip()


def bracketed(key: str, value: Any, mark: Mark | None, lines: Lines) -> str | None:
    """A single word of a key as a list of one; None if it is something else."""
    if not isinstance(value, str) or mark is None or mark.line != mark.key_line or meant.item_of(key, value):
        return None
    return f"[{lines.texts[mark.line - 1][mark.column - 1 : mark.end_column - 1]}]"
