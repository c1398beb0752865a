"""A file of a calendar as it was read: its lines, its data, and what is wrong with it."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Literal

from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

    from publer_sync.calendar.yaml.nodes import Map, Mark
    from publer_sync.values.problems import Problem

FileKind = Literal["settings", "shared", "posts", "markdown", "approvals"]
"""`shared`: settings that calendars extend."""


@dataclass(frozen=True, slots=True)
class SitePage:
    """A page of a website: what the posts in its front matter know of it. `date` is None if it has none.

    `undated`: it has one that can't be read, which is a problem of its own. `picture` is that of its card, from the calendar's top, "" if it has none.
    """

    slug: str = ""
    date: date | datetime | None = None
    date_mark: Mark | None = None
    written: str = ""
    picture: str = ""
    undated: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """One file. `file` is its path from the calendar's top, with slashes; `data` is None if nothing could be read.

    Lines and columns, here and in every mark, count from 1 in the decoded text: without its byte order mark, and with
    a line break where `raw` may have CRLF. `written` are the file's lines, `lines` the same with typos corrected.
    """

    file: str
    path: Path
    kind: FileKind
    lines: tuple[str, ...]
    data: Map | None
    problems: tuple[Problem, ...]
    written: tuple[str, ...] = ()
    raw: bytes = field(default=b"", repr=False)
    page: SitePage | None = None
    """What it is besides, if it is a page of a website: then nothing writes into it."""
    base: Document | None = field(default=None, repr=False, compare=False)
    """Where only some of its posts were read again: the file as all of them were read. It has the other posts, too."""
