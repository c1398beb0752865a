"""The files in a calendar's folder, by their names alone."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from publer_sync.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS: Final = "publer.yaml"
_SETTINGS_TOO: Final = ("publer.yaml", "publer.yml")
"""Names, in lower case, that people give the settings instead."""


def walk(top: Path) -> list[str]:
    """Every file below `top` but the hidden ones, as paths with slashes. Raises SettingsError where it cannot be listed.

    A folder with settings of its own is another calendar: of it the settings alone are listed.
    """
    found: list[str] = []

    def cannot(error: OSError) -> None:
        raise SettingsError(
            f"the folder {error.filename} cannot be read: {error.strerror}", code="calendar.unreadable"
        )

    if not top.is_dir():
        what = "is not a folder" if top.exists() else "does not exist"
        raise SettingsError(
            f'the calendar "{top}" {what}',
            code="calendar.none",
            hint="Name the folder that holds publer.yaml.",
        )
    for folder, inner, files in os.walk(top, onerror=cannot):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        below = os.path.relpath(folder, top).replace(os.sep, "/")
        settings = [name for name in files if below != "." and is_settings(name)]
        if settings:
            inner.clear()
        names = [name for name in settings or files if not name.startswith(".")]
        found += names if below == "." else [f"{below}/{name}" for name in names]
    return found


def is_settings(name: str) -> bool:
    """Whether a file of this name makes its folder a calendar."""
    return name.lower() in _SETTINGS_TOO


def is_read(file: str) -> bool:
    """Whether a file is one of the calendar's: its settings or its posts."""
    name = file.rpartition("/")[2].lower()
    return name.endswith((".yaml", ".yml", ".md")) and name != "readme.md" and not is_another(file)


def is_another(file: str) -> bool:
    """Whether these are the settings of a calendar below."""
    return "/" in file and is_settings(file.rpartition("/")[2])
