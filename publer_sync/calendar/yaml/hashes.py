"""The # signs of a text, in the order in which its values are read: which are inside values, and which start comments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from publer_sync.calendar.yaml.comments import HashComment, ReadValue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publer_sync.calendar.yaml.lines import Lines
    from publer_sync.calendar.yaml.nodes import Mark
    from publer_sync.values.problems import Problem

_BEHIND: Final = re.compile(r"\s*(?<!\S)#[^\n]*")
"""A comment with nothing but white space before it."""
_NEAR: Final = 200
"""Characters that are quicker to copy than to search."""


class Hashes:
    """The signs of `text`, which begins `shift` lines into the file; `left` is what has not been passed.

    `in_items`: the values that are passed are those of posts.
    """

    def __init__(self, lines: Lines, text: str, shift: int) -> None:
        self.lines, self.text = lines, text
        self.left = [*_signs(text)][::-1] if "#" in text else []
        """The character of each, the next one last."""
        self.in_items = False
        self.last: tuple[Mark, str, str] | None = None
        """The value that was passed last, as `ReadValue` takes it."""
        self._judged = 0
        self._counted = 0, shift + 1
        """A character, and its line: of the sign whose place was asked for last."""

    def are_near(self, end: int) -> bool:
        """Whether a value that ends at this character has a sign inside, above or right behind it."""
        gap = self.left[-1] - end
        if gap <= 0:
            return True
        if gap > _NEAR:
            return _BEHIND.match(self.text, end) is not None
        return self.text[end : end + gap].isspace()  # the same, sooner: it is asked of each value

    def passed(self, start: int, end: int, value: ReadValue) -> Iterator[Problem]:
        """What is wrong with the comments above a value and right behind it; those inside it are its own."""
        left = self.left
        if left and left[-1] < end:
            if left[-1] < start:
                yield from self.before(start, value)
            if value.mark.style in ("|", ">") and left and self.text.find("\n", start, left[-1]) < 0:
                yield from self._header(value)
            while left and left[-1] < end:
                left.pop()
        self.last = value
        while (match := _BEHIND.match(self.text, end)) is not None:
            end = match.end()
            yield from self.before(end)

    def before(self, end: int, below: ReadValue | None = None) -> Iterator[Problem]:
        """What is wrong with the comments before the character `end`; those behind the key of `below` are inside it."""
        while self.left and self.left[-1] < end:
            number, column = self._place(self.left.pop())
            if number <= self._judged or self.lines.texts[number - 1][column - 1 : column] != "#":
                continue
            comment = HashComment(self.lines, number, column, self.in_items)
            inside = below if below is not None and (number, column) > below.mark[5:7] else None
            above = ReadValue(*self.last) if self.last is not None else None
            if (problem := comment.problem(above, inside)) is not None:
                self._judged = comment.last
                yield problem

    def _header(self, value: ReadValue) -> Iterator[Problem]:
        """A comment beside a `|` or `>`, which is part of the text's own lines."""
        number, column = self._place(self.left.pop())
        problem = HashComment(self.lines, number, column, self.in_items).in_header(value)
        if problem is not None:
            yield problem

    def _place(self, at: int) -> tuple[int, int]:
        """The line and the column of a sign that is not before the last one."""
        start, line = self._counted
        line += self.text.count("\n", start, at)
        self._counted = at, line
        return line, at - self.text.rfind("\n", 0, at)


def _signs(text: str) -> Iterator[int]:
    at = text.find("#")
    while at >= 0:
        if at == 0 or text[at - 1].isspace():
            yield at
        at = text.find("#", at + 1)
