"""The media that posts name: where a file is, whether it may be used, and what identifies its content."""

from __future__ import annotations

import ntpath
import os
import posixpath
import re
import unicodedata
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from publer_sync.calendar.folder import is_read, walk
from publer_sync.calendar.outside import relative
from publer_sync.calendar.places import problem_at, replacement
from publer_sync.calendar.shape.spelling import is_slip
from publer_sync.calendar.yaml.comments import hash_behind
from publer_sync.calendar.yaml.nodes import Map
from publer_sync.calendar.yaml.scalars import scalar
from publer_sync.networks.kinds import kind_of
from publer_sync.values.model import UNREAD, MediaSource
from publer_sync.values.problems import Help, Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from publer_sync.calendar.yaml.nodes import Mark

_OF_ONE_MACHINE = re.compile(r"~|[A-Za-z]:|.*\\")
"""Paths that people copy from their own machine."""
_MOST_FILES = 5_000
"""Names that are compared to find the one that was meant."""


class MediaFiles:
    """The media of one calendar, in its folder and in `shared` ones. Each file is read once.

    A name is looked up beside the file that has it and in the shared folders; one that begins with /, ./ or ../ is a
    path. Unless `complete`, a shared folder is missing, and what is not found may be there.

    Unless `hashed`, files are identified by path: enough to check a calendar without reading gigabytes.
    `fetched` are files that will be copied into the calendar, and where they are until then. `beside` are files of the
    repository that may be outside of both: the pictures of pages, by their paths from the calendar's top.
    """

    def __init__(
        self,
        top: Path,
        shared: Sequence[Path] = (),
        *,
        hashed: bool = True,
        fetched: Mapping[str, Path] = MappingProxyType({}),
        complete: bool = True,
        beside: Collection[str] = (),
    ) -> None:
        self.top, self.hashed, self._fetched, self._complete = top, hashed, fetched, complete
        self._beside = frozenset(beside)
        self._shared = {relative(folder, top): folder for folder in shared}
        self._found: dict[str, MediaSource | str] = {}
        self._meanings: dict[tuple[str, str], dict[str, MediaSource]] = {}
        self.named: set[str] = set()
        """The files that were asked for, whether they are there or not, from the calendar's top."""
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
        source = self._look_up(inner)
        if self._shared and not written.startswith(("/", "./", "../")):
            found = self._everywhere(inner, written)
            if len(found) > 1:
                return _ambiguous(found, written, mark, file)
            source = next(iter(found.values()), source)
        if isinstance(source, MediaSource):
            return source, key, kind
        if source == "media.missing" and not self._complete:
            return MediaSource(_digest(written.encode()), id=written), "id", kind
        return self._problem(source, written, inner, mark, file, lines)

    def _everywhere(self, inner: str, written: str) -> dict[str, MediaSource]:
        """The different files that a name can mean, by their paths from the calendar's top."""
        if (inner, written) not in self._meanings:
            shared = (posixpath.normpath(posixpath.join(folder, written)) for folder in self._shared)
            found: dict[Path, tuple[str, MediaSource]] = {}
            for each in (inner, *shared):
                source = self._look_up(each)
                if isinstance(source, MediaSource) and source.path is not None:
                    found.setdefault(source.path.resolve(), (each, source))
            self._meanings[inner, written] = dict(found.values())
        return self._meanings[inner, written]

    def _look_up(self, inner: str) -> MediaSource | str:
        self.named.add(inner)
        if inner not in self._found:
            self._found[inner] = self._source_or_code(inner)
        return self._found[inner]

    def _source_or_code(self, inner: str) -> MediaSource | str:
        """The file, or the code of what is wrong."""
        leaves = inner.startswith("../") or inner == ".."
        is_shared = any(inner.startswith(f"{folder}/") for folder in self._shared)
        if "\0" in inner or (leaves and not is_shared and inner not in self._beside):
            return "media.outside"
        path = self._fetched.get(inner, self.top / inner)
        try:
            if not path.is_file():
                path = self.top / self._other_forms.get(_composed(inner), inner)
                if not path.is_file():
                    return "media.missing"
            real = path.resolve()
            if ".git" in real.parts or (
                inner not in self._fetched
                and inner not in self._beside
                and not any(map(real.is_relative_to, self._roots))
            ):
                return "media.outside"
            if not self.hashed:
                return MediaSource(UNREAD + _digest(os.fsencode(real)).partition(":")[2], path=path)
            import hashlib

            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            return MediaSource(f"sha256:{digest}", path=path, size=path.stat().st_size)
        except (OSError, RuntimeError):
            return "media.unreadable"

    @cached_property
    def _roots(self) -> tuple[Path, ...]:
        return self.top.resolve(), *self._shared.values()

    @cached_property
    def _other_forms(self) -> dict[str, str]:
        """Names as on disk, by their composed form: some systems write an umlaut as two characters."""
        return {_composed(path): path for path in self._files if not path.isascii()}

    @cached_property
    def _files(self) -> list[str]:
        """Every file that could be media, from the calendar's top."""
        shared = (f"{here}/{name}" for here, folder in self._shared.items() for name in walk(folder))
        return sorted({*(name for name in walk(self.top) if not is_read(name)), *shared})

    def _problem(
        self, code: str, written: str, inner: str, mark: Mark, file: str, lines: Sequence[str]
    ) -> Problem:
        name = "".join(c if c.isprintable() else "\ufffd" for c in written[:200])
        if code == "media.outside":
            say = "Put the file into the calendar, or name its folder under media in publer.yaml"
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
            others = f", nor in {' or '.join(self._shared)}" if self._shared else ""
            message = f"no file {name} here{others}" if others else message
            if _OF_ONE_MACHINE.match(written):
                say = "Copy the file into the calendar, and name it from there"
                copied = f"file: {scalar(f'media/{ntpath.basename(name)}')}"
                return problem_at(mark, code, message, Help(say, example=copied))
            say = f"Add {inner}; a path starts at this file, or with / at the calendar's top"
            return problem_at(mark, code, message, say)
        from_here = posixpath.relpath(other, posixpath.dirname(file))
        right = f"/{other}" if written.startswith("/") else from_here
        paste = f"file: {scalar(right)}" if mark.line == mark.key_line else ""
        if not self._is_same(inner, other):
            say = "If you mean that file, write its name; if not, add the other"
            return problem_at(mark, code, f"{message}; there is {right}", Help(say, paste))
        fix = replacement(mark, lines, scalar(right)) if paste else None
        advice = Help("Use the name of the file that is there", paste)
        return problem_at(mark, code, f"{message}; there is {right}", advice, fix=fix)

    def _is_same(self, inner: str, other: str) -> bool:
        """Whether a path is that of another file but for its case and its slashes: the same name elsewhere is another file."""
        places = (inner, *(posixpath.join(folder, inner) for folder in self._shared))
        return _composed(other).lower() in {
            _composed(posixpath.normpath(place.replace("\\", "/"))).lower() for place in places
        }

    def _meant(self, inner: str) -> str | None:
        """The only file it may be: the same name in another case, folder or format, or with a typo."""
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


def _ambiguous(found: Iterable[str], written: str, mark: Mark, file: str) -> Problem:
    paths = [posixpath.relpath(each, posixpath.dirname(file)) for each in found]
    message = f"{written} is in more than one place: {' and '.join(found)}"
    exact = " or ".join(path if path.startswith("../") else f"./{path}" for path in paths)
    return problem_at(mark, "media.twice", message, f"Write the path of the one you mean: {exact}")


def _digest(data: bytes) -> str:
    import hashlib

    return "sha256:" + hashlib.sha256(data).hexdigest()


def _name(path: str) -> str:
    return _composed(posixpath.basename(path)).lower()


def _composed(path: str) -> str:
    return unicodedata.normalize("NFC", path)
