"""Tries each fix that a problem offers, and keeps it only if its file has fewer problems afterwards."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from publer_sync.calendar import files
from publer_sync.calendar.shape import schema
from publer_sync.values.problems import Help

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from publer_sync.calendar.document import Document
    from publer_sync.values.problems import Problem

_MOST_LINES: Final = 4_000
"""How many lines are read again to try the fixes of a file; the rest are offered untried."""


def tried(document: Document, problems: Sequence[Problem]) -> Iterator[Problem]:
    """The problems of a file, without the fixes that do not help."""
    left, before = _MOST_LINES, None
    for problem in problems:
        fix = problem.fix
        left -= len(document.written) if fix is not None else 0
        if fix is None or left < 0:
            yield problem
            continue
        if before is None:
            before = _count(document, document.written)
        fixed = [*document.written[: fix.start_line - 1], fix.text, *document.written[fix.end_line :]]
        if _count(document, fixed) < before:
            yield problem
        else:
            yield replace(problem, fix=None, help=Help(problem.help.say if problem.help else ""))


def _count(document: Document, lines: Sequence[str]) -> int:
    read = files.parse("\n".join(lines), document.file, path=document.path, kind=document.kind)
    return len(read.problems) + len(schema.check(read))
