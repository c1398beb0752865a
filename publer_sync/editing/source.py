"""The bytes of a file as lines that can be spliced: byte order mark, line ends and everything untouched stay as they are."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from publer_sync.values.problems import Fix

_BOM = b"\xef\xbb\xbf"
_LINE_END = re.compile("\r\n|\r|\n")

Point = tuple[int, int]
"""A line and a column, both from 1, as in every mark."""


class Splice(NamedTuple):
    """Everything from `start` up to `end` becomes `text`, with the file's line ends."""

    start: Point
    end: Point
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """A file's text, its lines numbered as marks number them. `lines` have no line ends."""

    text: str
    bom: bytes
    lines: tuple[str, ...]
    starts: tuple[int, ...]

    @classmethod
    def of(cls, raw: bytes) -> Source:
        """Raises UnicodeDecodeError where the bytes are not UTF-8."""
        bom = _BOM if raw.startswith(_BOM) else b""
        text = raw[len(bom) :].decode()
        if "\r" not in text:
            found = tuple(text.split("\n"))
            lengths = map((1).__add__, map(len, found[:-1]))
            return cls(text, bom, found, tuple(accumulate(lengths, initial=0)))
        ends = list(_LINE_END.finditer(text))
        starts = (0, *(end.end() for end in ends))
        stops = (*(end.start() for end in ends), len(text))
        lines = tuple(text[start:stop] for start, stop in zip(starts, stops, strict=True))
        return cls(text, bom, lines, starts)

    def line(self, number: int) -> str:
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def indent(self, number: int) -> int:
        text = self.line(number)
        return len(text) - len(text.lstrip(" "))

    def is_blank(self, number: int) -> bool:
        return 0 < number <= len(self.lines) and not self.line(number).strip()

    def end_of_line(self, number: int) -> Point:
        return number, len(self.line(number)) + 1

    def part(self, start: Point, end: Point) -> str:
        return self.text[self._offset(start) : self._offset(end)]

    # --- splices

    def insert_below(self, number: int, lines: Iterable[str]) -> Splice:
        """New lines below a line. The last line of a file keeps its end, or its lack of one."""
        at = self.end_of_line(number)
        return Splice(at, at, "".join(f"\n{line}" for line in lines))

    def remove_lines(self, first: int, last: int) -> Splice:
        if last < len(self.lines):
            return Splice((first, 1), (last + 1, 1), "")
        start = self.end_of_line(first - 1) if first > 1 else (1, 1)
        return Splice(start, self.end_of_line(last), "")

    def replace_lines(self, first: int, last: int, lines: Iterable[str]) -> Splice:
        return Splice((first, 1), self.end_of_line(last), "\n".join(lines))

    def fix(self, fix: Fix) -> Splice:
        """The splice of a fix that a problem offers."""
        return self.replace_lines(fix.start_line, fix.end_line, [fix.text])

    def spliced(self, splices: Iterable[Splice]) -> bytes:
        """The file with all of them. Raises ValueError where two overlap."""
        ordered = sorted(splices, key=lambda each: (self._offset(each.start), self._offset(each.end)))
        out, done = [], 0
        for splice in ordered:
            start, end = self._offset(splice.start), self._offset(splice.end)
            if start < done or end < start:
                raise ValueError("splices overlap")
            out += [self.text[done:start], splice.text.replace("\n", self._line_end(splice.start[0]))]
            done = end
        return self.bom + "".join([*out, self.text[done:]]).encode()

    def _offset(self, place: Point) -> int:
        line, column = place
        return len(self.text) if line > len(self.starts) else self.starts[line - 1] + column - 1

    def _line_end(self, number: int) -> str:
        """The line end of a line, or of the one above if it is the last one."""
        for near in (number, number - 1):
            if 0 < near < len(self.starts):
                return self.text[self.starts[near - 1] + len(self.lines[near - 1]) : self.starts[near]]
        return "\n"
