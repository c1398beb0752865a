"""Finds the calendars that a command is about: the folders it names, and the calendars below them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from publer_sync.calendar.folder import is_settings
from publer_sync.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterable


def find(folders: Iterable[Path]) -> list[Path]:
    """Every calendar in these folders and below, as a path that begins as the folder does; each once, in sorted order.

    A calendar is a folder with settings; hidden folders are left out. Raises SettingsError where a folder can't be read.
    """
    found: dict[Path, Path] = {}
    for folder in filter(Path.is_dir, folders):
        for top in _below(folder):
            found.setdefault(top.resolve(), top)
    return list(found.values())


def _below(folder: Path) -> list[Path]:
    tops: list[Path] = []

    def cannot(error: OSError) -> None:
        raise SettingsError(
            f"the folder {error.filename} cannot be read: {error.strerror}", code="calendar.unreadable"
        )

    for name, inner, files in os.walk(folder, onerror=cannot):
        inner[:] = sorted(each for each in inner if not each.startswith("."))
        if any(map(is_settings, files)):
            tops.append(Path(name))
    return tops
