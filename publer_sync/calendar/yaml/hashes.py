"""The # signs of a text, in the order in which its values are read: which are inside values, and which start comments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from publer_sync.calendar.yaml.comments import HashComment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publer_sync.calendar.yaml.comments import ReadValue
    from publer_sync.calendar.yaml.lines import Lines
    from publer_sync.problems import Problem

_BEHIND: Final = re.compile(r"\s*(?<!\S)#[^\n]*")
"""A comment with nothing but white space before it."""


class Hashes:
    """The signs of `text`, which begins `shift` lines into the file; `left` is what has not been passed.

    `in_items`: the values that are passed are those of posts.
    """

    def __init__(self, lines: Lines, text: str, shift: int) -> None:
        self.lines, self.text = lines, text
        self.left = list(_signs(text, shift))[::-1] if "#" in text else []
        """The character, line and column of each, the next one last."""
        self.in_items = False
        self.above: ReadValue | None = None
        """The value that was passed last."""
        self._judged = 0

    def are_near(self, end: int) -> bool:
        """Whether a value that ends at this character has a sign inside, above or right behind it."""
        return self.left[-1][0] < end or _BEHIND.match(self.text, end) is not None

    def passed(self, start: int, end: int, value: ReadValue) -> Iterator[Problem]:
        """What is wrong with the comments above a value and right behind it; those inside it are its own."""
        if self.left and self.left[-1][0] < end:
            yield from self.before(start, value)
            if self.left and self.left[-1][0] < end and value.mark.style in ("|", ">"):
                yield from self._header(value)
            while self.left and self.left[-1][0] < end:
                self.left.pop()
        self.above = value
        while (match := _BEHIND.match(self.text, end)) is not None:
            end = match.end()
            yield from self.before(end)

    def before(self, end: int, below: ReadValue | None = None) -> Iterator[Problem]:
        """What is wrong with the comments before the character `end`; those behind the key of `below` are inside it."""
        while self.left and self.left[-1][0] < end:
            _, number, column = self.left.pop()
            if number <= self._judged or self.lines.texts[number - 1][column - 1 : column] != "#":
                continue
            comment = HashComment(self.lines, number, column, self.in_items)
            inside = below if below is not None and (number, column) > below.mark[5:7] else None
            if (problem := comment.problem(self.above, inside)) is not None:
                self._judged = comment.last
                yield problem

    def _header(self, value: ReadValue) -> Iterator[Problem]:
        """A comment beside a `|` or `>`, which is part of the text's own lines."""
        _, number, column = self.left[-1]
        if number == value.mark.line:
            self.left.pop()
            problem = HashComment(self.lines, number, column, self.in_items).in_header(value)
            if problem is not None:
                yield problem


def _signs(text: str, shift: int) -> Iterator[tuple[int, int, int]]:
    line, start, at = shift + 1, 0, text.find("#")
    while at >= 0:
        if at == 0 or text[at - 1].isspace():
            line += text.count("\n", start, at)
            start = text.rfind("\n", 0, at) + 1
            yield at, line, at - start + 1
        at = text.find("#", at + 1)
