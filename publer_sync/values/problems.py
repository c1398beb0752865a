"""What is wrong in a calendar: the problem, where it is, and how to fix it."""

from __future__ import annotations

import posixpath
from collections import Counter
from typing import TYPE_CHECKING, Final, Literal

from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.starting.late_patterns import late_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable

_LINE_NUMBER: Final = late_pattern(r"(?<=:)\d+")


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file; `file` is relative to the calendar's top, lines and columns count from 1.

    Only settings that the calendar extends are outside of it: `../shared.yaml`.
    """

    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"

    @property
    def is_outside(self) -> bool:
        return self.file.startswith("../")


def path_in(folder: str, file: str) -> str:
    """The path of a Location's file, for a calendar at `folder`."""
    whole = f"{folder}/{file}" if folder else file
    return posixpath.normpath(whole) if file.startswith("../") else whole


@dataclass(frozen=True, slots=True)
class Help:
    """How to fix a problem: an order in words, and lines for the file.

    `paste` is made from the user's own words and works when it is pasted as it is; `example` only shows the form, and
    is introduced with "For example:". `ways` are what may be meant, if only the writer knows: of each, the words that
    introduce it, and lines to paste. `silence` is the code by which `ignore` silences the problem, if it can be.
    """

    say: str = ""
    paste: str = ""
    example: str = ""
    ways: tuple[tuple[str, str], ...] = ()
    silence: str = ""

    @property
    def blocks(self) -> tuple[tuple[str, str], ...]:
        """What follows the order and its lines: of each, an introduction and lines."""
        ways = tuple((f"{words}:", lines) for words, lines in self.ways)
        example = (("For example:", self.example),) if self.example else ()
        lines = f'ignore: {{{self.silence}: "why"}}'
        silence = (("If it is intended, silence it in the post, with a reason:", lines),)
        return (*ways, *example, *(silence if self.silence else ()))

    def __str__(self) -> str:
        parts = (self.say, self.paste, *(f"{words}\n{lines}" for words, lines in self.blocks))
        return "\n".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Fix:
    """A mechanical fix: the lines `start_line` to `end_line` (both included) become `text`."""

    start_line: int
    end_line: int
    text: str


@dataclass(frozen=True, slots=True)
class Problem:
    """An error or a warning. `message` makes sense by itself; `length` is the number of characters to underline."""

    severity: Literal["error", "warning"]
    code: str
    message: str
    location: Location | None = None
    help: Help | None = None
    length: int = 1
    related: tuple[tuple[Location, str], ...] = ()
    fix: Fix | None = None


def errors_in(problems: Iterable[Problem]) -> list[Problem]:
    """The errors among them, without the warnings."""
    return [problem for problem in problems if problem.severity == "error"]


def added_problems(before: Iterable[Problem], after: Iterable[Problem]) -> list[Problem]:
    """Those of `after` that were not there `before`. Lines may have moved, so they are told apart by their words."""
    known = Counter(map(_likeness, before))
    found = []
    for each in after:
        if known[_likeness(each)]:
            known[_likeness(each)] -= 1
        else:
            found.append(each)
    return found


def _likeness(problem: Problem) -> tuple[str, str, str, str]:
    file = problem.location.file if problem.location is not None else ""
    return problem.severity, problem.code, _LINE_NUMBER.sub("", problem.message), file
