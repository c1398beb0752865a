"""A file of a calendar as it was read: its lines, its data, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.calendar.yaml.nodes import Map
    from publer_sync.problems import Problem

Kind = Literal["settings", "shared", "posts", "markdown"]
"""`shared`: settings that calendars extend."""


@dataclass(frozen=True, slots=True)
class Document:
    """One file. `file` is its path from the calendar's top, with slashes; `data` is None if nothing could be read.

    Lines and columns, here and in every mark, count from 1 in the decoded text: without its byte order mark, and with
    a line break where `raw` may have CRLF. `written` are the file's lines, `lines` the same with typos corrected.
    """

    file: str
    path: Path
    kind: Kind
    lines: tuple[str, ...]
    data: Map | None
    problems: tuple[Problem, ...]
    written: tuple[str, ...] = ()
    raw: bytes = field(default=b"", repr=False)
