"""Finds calendars, and the files in their folders, by name alone."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from publer_sync.values.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SETTINGS: Final = "publer.yaml"
APPROVALS: Final = "approvals.yaml"
"""At a calendar's top: what was signed off."""
_SETTINGS_TOO: Final = ("publer.yaml", "publer.yml")
"""Names that people give the settings, in lower case."""


def find_calendars(folders: Iterable[Path]) -> list[Path]:
    """Every calendar in these folders and below, each once, as a path that begins as the folder does.

    A calendar is a folder with settings. Raises SettingsError if a folder cannot be read.
    """
    found: dict[Path, Path] = {}
    for folder in filter(Path.is_dir, folders):
        for name, _, files in _visible(folder):
            if any(map(is_settings, files)):
                found.setdefault(Path(name).resolve(), Path(name))
    return list(found.values())


def walk(top: Path) -> list[str]:
    """Every file below `top` except hidden ones, as a path with slashes. Raises SettingsError if it cannot be listed.

    A folder with its own settings is another calendar: only its settings are listed.
    """
    if not top.is_dir():
        what = "is not a folder" if top.exists() else "does not exist"
        raise SettingsError(
            f'the calendar "{top}" {what}',
            code="calendar.none",
            hint="Name the folder that holds publer.yaml.",
        )
    found: list[str] = []
    for folder, inner, files in _visible(top):
        below = os.path.relpath(folder, top).replace(os.sep, "/")
        settings = [name for name in files if below != "." and is_settings(name)]
        if settings:
            inner.clear()
        names = [name for name in settings or files if not name.startswith(".")]
        found += names if below == "." else [f"{below}/{name}" for name in names]
    return found


def linked_folders(top: Path) -> Iterator[str]:
    """The links to folders below `top` in which files of posts seem to be: links are not followed."""
    for folder, inner, _ in _visible(top):
        for path in (Path(folder, name) for name in inner):
            if path.is_symlink() and any(is_read(each.name) for each in path.glob("*")):
                yield path.relative_to(top).as_posix()


def _visible(top: Path) -> Iterator[tuple[str, list[str], list[str]]]:
    """`os.walk` in sorted order, without hidden folders."""

    def cannot(error: OSError) -> None:
        raise SettingsError(
            f"the folder {error.filename} cannot be read: {error.strerror}", code="calendar.unreadable"
        )

    for folder, inner, files in os.walk(top, onerror=cannot):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        yield folder, inner, files


def is_settings(name: str) -> bool:
    """Whether a file of this name makes its folder a calendar."""
    return name.lower() in _SETTINGS_TOO


def is_read(file: str) -> bool:
    """Whether a file holds settings or posts of this calendar."""
    name = file.rpartition("/")[2].lower()
    held = name.endswith((".yaml", ".yml", ".md")) and name != "readme.md" and file != APPROVALS
    return held and not is_another(file)


def is_another(file: str) -> bool:
    """Whether these are the settings of a calendar in a folder below."""
    return "/" in file and is_settings(file.rpartition("/")[2])


def takes_posts(file: str) -> bool:
    """Whether a new post may be written to a file of this path, from the calendar's top, which it must not leave."""
    inside = all(part and not part.startswith(".") for part in file.split("/"))
    return inside and is_read(file) and not file.lower().endswith(".md") and not is_settings(file)


def calendar_below(file: str, top: Path) -> str | None:
    """The other calendar, below `top`, to which a file of this path belongs; None where it belongs to the one at `top`."""
    *folders, _ = file.split("/")
    for number in range(len(folders), 0, -1):
        folder = "/".join(folders[:number])
        with suppress(OSError):
            if any(is_settings(each.name) and not each.is_dir() for each in (top / folder).iterdir()):
                return folder
    return None
