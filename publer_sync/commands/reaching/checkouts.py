"""The checkouts of a command's calendars: which calendars are there, read once for all of them."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from functools import cache
from itertools import filterfalse
from typing import TYPE_CHECKING, Protocol

from publer_sync.calendar.folder import SETTINGS, find_calendars
from publer_sync.calendar.load import read
from publer_sync.calendar.outside import repository_of
from publer_sync.ledger.git_command import Git
from publer_sync.starting.late_patterns import late_pattern
from publer_sync.values.errors import PublerSyncError, StateError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from publer_sync.calendar.load import Calendar

_NAMED = late_pattern(r"(?m)^[\"']?name[\"']?[ \t]*:")
"""A `name:` in settings, as far as a look tells."""


class ReadsCalendar(Protocol):
    """Reads a calendar, or its settings alone."""

    def __call__(self, top: Path, *, posts: bool) -> Calendar: ...


class Checkouts:
    """What lies in the git repositories of a command's calendars, with changes that nobody has committed."""

    def __init__(self, read: ReadsCalendar = read) -> None:
        self._read = read
        self._there: dict[Path, set[str]] = defaultdict(set)
        """Names that were found."""
        self._listed = cache(_calendars_in)
        self._named = cache(self._names_in)

    def calendars(self, top: Path) -> tuple[Path, ...]:
        """Every calendar of the git repository that a calendar is in, but for ignored ones."""
        root = repository_of(top)
        return self._listed(root) if root is not None else ()

    def missing(self, top: Path, names: Iterable[str], *, exactly: bool = False) -> list[str]:
        """Those of these names that no calendar of the checkout has.

        `exactly`: one that a calendar has in other letters, small or capital, is missing as well. A calendar mostly has its path as its name: only where one is missing, the settings of all are read.
        """
        root = repository_of(top)
        if root is None:
            return []
        there = self._there[root]
        for name in filterfalse(there.__contains__, names := [*names]):
            if _is_named_for_its_folder(root, name):
                there.add(name)
        left = [*filterfalse(there.__contains__, names)]
        if not left:
            return []
        here = self._named(root)
        there |= here
        as_told: Callable[[str], str] = str if exactly else str.casefold
        known = {*map(as_told, here)}
        return [name for name in left if as_told(name) not in known]

    def _names_in(self, root: Path) -> frozenset[str]:
        found = set()
        for each in self._listed(root):
            with suppress(PublerSyncError):
                found.add(self._read(each, posts=False).settings.name)
        return frozenset(found)


def _calendars_in(repository: Path) -> tuple[Path, ...]:
    """Git finds them fastest."""
    patterns = (f":(top,glob,icase)**/{name}" for name in ("publer.yaml", "publer.yml"))
    try:
        listed = Git.of(repository).output(
            "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--full-name", "--", *patterns
        )
    except StateError:
        return tuple(find_calendars([repository]))
    files = (repository / name.decode(errors="surrogateescape") for name in listed.split(b"\0"))
    return tuple(dict.fromkeys(file.parent for file in files if file.is_file()))


def reader(workspace: str | None, resolved: Callable[[Path], Path]) -> ReadsCalendar:
    """Reads calendars, each once."""
    found: dict[tuple[Path, bool], Calendar] = {}

    def cached(top: Path, *, posts: bool) -> Calendar:
        key = (resolved(top), posts)
        if key not in found:
            found[key] = read(top, workspace_env=workspace, posts=posts)
        return found[key]

    return cached


def _is_named_for_its_folder(root: Path, name: str) -> bool:
    """Whether a calendar is in the folder of this name, and its settings name no other one."""
    for folder in (root / name, *([root] if name == "calendar" else [])):
        with suppress(OSError, ValueError):
            return _NAMED.search((folder / SETTINGS).read_text(encoding="utf-8", errors="replace")) is None
    return False
