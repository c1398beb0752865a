"""The media that posts name: where a file lies, whether it may be used, and what its content is known by."""

from __future__ import annotations

import hashlib
import os
import posixpath
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from publer_sync.calendar.places import problem_at, replacement
from publer_sync.calendar.spelling import is_slip
from publer_sync.calendar.yaml.nodes import Map
from publer_sync.calendar.yaml.scalars import scalar
from publer_sync.calendar.yaml.traps import hash_behind
from publer_sync.model import MediaSource
from publer_sync.networks.kinds import kind_of
from publer_sync.problems import Help, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.calendar.yaml.nodes import Mark


@dataclass(slots=True)
class MediaFiles:
    """The media of one calendar. Each file is looked at once, and read only where its digest is asked for.

    `hashed` false gives files a digest of their path instead: enough to judge a calendar without reading gigabytes.
    """

    top: Path
    hashed: bool = True
    _found: dict[str, tuple[Path, str] | str] = field(default_factory=dict)
    _digests: dict[Path, str] = field(default_factory=dict)
    _all: list[str] | None = None
    _forms: dict[str, str] | None = None
    _guesses: int = 50
    """How often a near name is still looked for: a folder that was renamed makes every file of it missing."""
    _root: Path | None = None

    def source(
        self, data: Any, mark: Mark, file: str, lines: Sequence[str]
    ) -> tuple[MediaSource, str, str] | Problem:
        """A media item as its source, the key it has in the content (file, url, id), and its kind; or what is wrong."""
        if isinstance(data, Map):
            key = next((key for key in ("file", "url", "id") if data.get(key)), "file")
            written, mark = str(data.get(key, "")), data.marks.get(key, mark)
        else:
            written = str(data)
            key = "url" if written.startswith(("https://", "http://")) else "file"
        if key == "file":
            return self._file(written, mark, file, lines)
        digest = "sha256:" + hashlib.sha256(written.encode()).hexdigest()
        if key == "url":
            return MediaSource(digest, url=written), "url", kind_of(written) or "photo"
        return MediaSource(digest, id=written), "id", "photo"

    def _file(
        self, written: str, mark: Mark, file: str, lines: Sequence[str]
    ) -> tuple[MediaSource, str, str] | Problem:
        inner = posixpath.normpath(
            written.lstrip("/")
            if written.startswith("/")
            else posixpath.join(posixpath.dirname(file), written)
        )
        found = self._found.get(inner)
        if found is None:
            found = self._found[inner] = self._look(inner)
        if isinstance(found, str):
            return self._problem(found, written, inner, mark, file, lines)
        path, digest = found
        return MediaSource(digest, path=path), "file", kind_of(inner) or "photo"

    def _look(self, inner: str) -> tuple[Path, str] | str:
        """The file and its digest, or the code of what is wrong."""
        if inner.startswith("../") or inner == ".." or "\0" in inner:
            return "media.outside"
        path = self.top / inner
        try:
            if not path.is_file():
                if (other := self._in_other_form(inner)) is None:
                    return "media.missing"
                path = self.top / other
            real = path.resolve()
            if self._root is None:
                self._root = self.top.resolve()
            if not real.is_relative_to(self._root):
                return "media.outside"
            return path, self._digest(real) if self.hashed else "path:" + hashlib.sha256(
                str(real).encode()
            ).hexdigest()
        except (OSError, RuntimeError):
            return "media.unreadable"

    def _in_other_form(self, inner: str) -> str | None:
        """The same name as the disk spells it: some systems write an umlaut as one character, others as two."""
        if inner.isascii():
            return None
        if self._forms is None:
            self._forms = {_composed(path): path for path in self._files() if not path.isascii()}
        other = self._forms.get(_composed(inner))
        return other if other is not None and self._is_there(other) else None

    def _files(self) -> list[str]:
        if self._all is None:
            self._all = _files(self.top)
        return self._all

    def _is_there(self, inner: str) -> bool:
        """Whether it is a file, and no link that leads nowhere."""
        return (self.top / inner).is_file()

    def _digest(self, path: Path) -> str:
        if path not in self._digests:
            with path.open("rb") as stream:
                self._digests[path] = "sha256:" + hashlib.file_digest(stream, "sha256").hexdigest()
        return self._digests[path]

    def _problem(
        self, code: str, written: str, inner: str, mark: Mark, file: str, lines: Sequence[str]
    ) -> Problem:
        name = "".join(c if c.isprintable() else "\ufffd" for c in written[:200])
        if code == "media.outside":
            say = "Put the file into the calendar, so that it is there on every machine"
            return problem_at(mark, code, f"{name} is outside the calendar folder", say)
        if code == "media.unreadable":
            return problem_at(mark, code, f"{name} cannot be read", "Check that the file may be read")
        if written.startswith(("https://", "http://")):
            return problem_at(
                mark, code, f"no file {name}", Help("Write an address under url", f"url: {name}")
            )
        if (lost := hash_behind(lines, mark, written)) is not None:
            return lost
        if (self.top / inner).is_symlink():
            say = "Put the file itself there, and add it to the repository"
            return problem_at(mark, code, f"{name} is a link to a file that is not there", say)
        if (other := self._same(inner)) is None:
            say = f"Add {inner}; a path starts at this file, or with / at the calendar's top"
            return problem_at(mark, code, f"no file {name}", say)
        from_here = posixpath.relpath(other, posixpath.dirname(file) or ".")
        near = f"/{other}" if written.startswith("/") else from_here
        right = scalar(near)
        fix = replacement(mark, lines, right) if mark.line == mark.key_line else None
        advice = Help("Use the name of the file that is there", f"file: {right}" if fix else "")
        return problem_at(mark, code, f"no file {name}; there is {near}", advice, fix=fix)

    def _same(self, inner: str) -> str | None:
        """The one file that can be meant: its name in other letters, of another folder or kind, or with a slip in it."""
        self._guesses -= 1
        if self._guesses < 0:
            return None
        name = _name(inner.replace("\\", "/"))
        there = [path for path in self._files()[:5_000] if self._is_there(path)]
        stem = name.rpartition(".")[0]
        for fits in (
            lambda other: other == name,
            lambda other: stem and other.rpartition(".")[0] == stem,
            lambda other: is_slip(name, other),
        ):
            if found := [path for path in there if fits(_name(path))]:
                return found[0] if len(found) == 1 else None
        return None


def _name(path: str) -> str:
    return _composed(posixpath.basename(path)).lower()


def _composed(path: str) -> str:
    return unicodedata.normalize("NFC", path)


def _files(top: Path) -> list[str]:
    """Every file of the calendar that could be media, from its top."""
    found = []
    for folder, inner, names in os.walk(top):
        inner[:] = [name for name in inner if not name.startswith(".")]
        below = Path(folder).relative_to(top).as_posix()
        lead = "" if below == "." else f"{below}/"
        found += [
            lead + name
            for name in names
            if not name.startswith(".") and not name.lower().endswith((".yaml", ".yml", ".md"))
        ]
    return sorted(found)
