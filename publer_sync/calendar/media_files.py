"""The media that posts name: where a file is, whether it may be used, and what its content is known by."""

from __future__ import annotations

import hashlib
import posixpath
import unicodedata
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from publer_sync.calendar.files import is_read, walk
from publer_sync.calendar.places import problem_at, replacement
from publer_sync.calendar.spelling import is_slip
from publer_sync.calendar.yaml.nodes import Map
from publer_sync.calendar.yaml.scalars import scalar
from publer_sync.calendar.yaml.traps import hash_behind
from publer_sync.model import MediaSource
from publer_sync.networks.kinds import kind_of
from publer_sync.problems import Help, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from publer_sync.calendar.yaml.nodes import Mark

_MOST_FILES = 5_000
"""How many names are compared to find the one that was meant."""


class MediaFiles:
    """The media of one calendar. Each file is looked at once.

    With `hashed` false, files are identified by their path: enough to check a calendar without reading gigabytes.
    `fetched` are files that are to come into the calendar, and where they are until then.
    """

    def __init__(
        self, top: Path, *, hashed: bool = True, fetched: Mapping[str, Path] = MappingProxyType({})
    ) -> None:
        self.top, self.hashed, self._fetched = top, hashed, fetched
        self._found: dict[str, MediaSource | str] = {}
        self._searches = 50  # after a folder was renamed, every file in it is missing

    def source(
        self, data: Any, mark: Mark, file: str, lines: Sequence[str]
    ) -> tuple[MediaSource, str, str] | Problem:
        """The source of a media item, its key in the content (file, url, id) and its kind; or what is wrong."""
        if isinstance(data, Map):
            key = next((key for key in ("file", "url", "id") if data.get(key)), "file")
            written, mark = str(data.get(key, "")), data.marks.get(key, mark)
        else:
            written = str(data)
            key = "url" if written.startswith(("https://", "http://")) else "file"
        if key == "id":
            return MediaSource(_digest(written.encode()), id=written), key, "photo"
        kind = kind_of(written) or "photo"
        if key == "url":
            return MediaSource(_digest(written.encode()), url=written), key, kind
        folder = "" if written.startswith("/") else posixpath.dirname(file)
        inner = posixpath.normpath(posixpath.join(folder, written.lstrip("/")))
        if inner not in self._found:
            self._found[inner] = self._look(inner)
        source = self._found[inner]
        if isinstance(source, MediaSource):
            return source, key, kind
        return self._problem(source, written, inner, mark, file, lines)

    def _look(self, inner: str) -> MediaSource | str:
        """The file, or the code of what is wrong."""
        if inner.startswith("../") or inner == ".." or "\0" in inner:
            return "media.outside"
        path = self._fetched.get(inner, self.top / inner)
        try:
            if not path.is_file():
                path = self.top / self._other_forms.get(_composed(inner), inner)
                if not path.is_file():
                    return "media.missing"
            real = path.resolve()
            if inner not in self._fetched and not real.is_relative_to(self._root):
                return "media.outside"
            if not self.hashed:
                return MediaSource("path:" + _digest(str(real).encode()).partition(":")[2], path=path)
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            return MediaSource(f"sha256:{digest}", path=path, size=path.stat().st_size)
        except (OSError, RuntimeError):
            return "media.unreadable"

    @cached_property
    def _root(self) -> Path:
        return self.top.resolve()

    @cached_property
    def _other_forms(self) -> dict[str, str]:
        """Names as on disk, by their composed form: some systems write an umlaut as two characters."""
        return {_composed(path): path for path in self._files if not path.isascii()}

    @cached_property
    def _files(self) -> list[str]:
        """Every file that could be media, from the calendar's top."""
        return sorted(name for name in walk(self.top) if not is_read(name))

    @property
    def used(self) -> frozenset[str]:
        """The files that posts name, from the calendar's top, whether they are there or not."""
        return frozenset(self._found)

    def _problem(
        self, code: str, written: str, inner: str, mark: Mark, file: str, lines: Sequence[str]
    ) -> Problem:
        name = "".join(c if c.isprintable() else "\ufffd" for c in written[:200])
        if code == "media.outside":
            say = "Put the file into the calendar, so that it is there on every machine"
            return problem_at(mark, code, f"{name} is outside the calendar folder", say)
        if code == "media.unreadable":
            return problem_at(mark, code, f"{name} cannot be read", "Check that the file may be read")
        message = f"no file {name}"
        if written.startswith(("https://", "http://")):
            return problem_at(mark, code, message, Help("Write a URL under url", f"url: {name}"))
        if (lost := hash_behind(lines, mark, written)) is not None:
            return lost
        if (self.top / inner).is_symlink():
            say = "Put the file itself there, and add it to the repository"
            return problem_at(mark, code, f"{name} is a link to a file that is not there", say)
        if (other := self._meant(inner)) is None:
            say = f"Add {inner}; a path starts at this file, or with / at the calendar's top"
            return problem_at(mark, code, message, say)
        from_here = posixpath.relpath(other, posixpath.dirname(file) or ".")
        right = f"/{other}" if written.startswith("/") else from_here
        fix = replacement(mark, lines, scalar(right)) if mark.line == mark.key_line else None
        advice = Help("Use the name of the file that is there", f"file: {scalar(right)}" if fix else "")
        return problem_at(mark, code, f"{message}; there is {right}", advice, fix=fix)

    def _meant(self, inner: str) -> str | None:
        """The only file it can be: the same name in other case, folder or format, or with a slip of the keyboard."""
        self._searches -= 1
        if self._searches < 0:
            return None
        name = _name(inner.replace("\\", "/"))
        stem = name.rpartition(".")[0]
        for fits in (
            lambda other: other == name,
            lambda other: stem and other.rpartition(".")[0] == stem,
            lambda other: is_slip(name, other),
        ):
            alike = [path for path in self._files[:_MOST_FILES] if fits(_name(path))]
            if found := [path for path in alike if (self.top / path).is_file()]:
                return found[0] if len(found) == 1 else None
        return None


def _digest(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def _name(path: str) -> str:
    return _composed(posixpath.basename(path)).lower()


def _composed(path: str) -> str:
    return unicodedata.normalize("NFC", path)
