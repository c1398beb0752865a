"""Where in a file a value ends, and where the item of a list begins: the reader's marks do not tell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from publer_sync.calendar.yaml.nodes import Map, Seq

if TYPE_CHECKING:
    from publer_sync.calendar.yaml.nodes import Mark
    from publer_sync.editing.source import Point, Source

_BETWEEN: Final = re.compile(r"(?:[ \t,]|(?:\A|(?<=[ \t,]))#.*)*")
"""What may follow the last item in a line of brackets."""


class OddLayout(Exception):
    """The file is not laid out as its data suggest, so it is left alone."""


def end_of(source: Source, value: Any, mark: Mark) -> Point:
    """The place after the last character of a value, without empty lines and comments below it."""
    match mark.style:
        case "|" | ">":
            return source.end_of_line(block_end(source, mark))
        case "{" | "[":
            return _closing(source, value, mark)
        case "m" | "s":
            ends = [end_of(source, item, place) for item, place in children(value)]
            return max(ends, default=(mark.line, mark.column))
        case _:
            return mark.end_line, mark.end_column


def children(value: Any) -> list[tuple[Any, Mark]]:
    """The values in a map or a list, each with its mark, without those that a merge key adds."""
    match value:
        case Map():
            own = [(key, mark) for key, mark in value.marks.items() if mark.key_line >= value.mark.line]
            return [(value.get(key), mark) for key, mark in own]
        case Seq():
            return list(zip(value, value.marks, strict=True))
        case _:
            return []


def block_end(source: Source, mark: Mark) -> int:
    """The last line of a text under `|` or `>` that is not blank."""
    last = mark.end_line - 1 if mark.end_column == 1 else mark.end_line
    while source.is_blank(last):
        last -= 1
    return last


def _closing(source: Source, value: Any, mark: Mark) -> Point:
    inside = [end_of(source, item, place) for item, place in children(value)]
    line, column = max(inside, default=(mark.line, mark.column + 1))
    while line <= len(source.lines):
        rest = source.line(line)[column - 1 :]
        match = _BETWEEN.match(rest)
        gone = match.end() if match else 0
        if gone < len(rest):
            if rest[gone] != {"{": "}", "[": "]"}[mark.style]:
                raise OddLayout
            return line, column + gone + 1
        line, column = line + 1, 1
    raise OddLayout


def dash_of(source: Source, items: Mark, item: Mark) -> Point:
    """The place of an item's dash in a list of lines. Raises OddLayout."""
    column = items.column
    for number in range(item.line, items.line - 1, -1):
        if source.line(number)[column - 1 : column] == "-":
            return number, column
    raise OddLayout
