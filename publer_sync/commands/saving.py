"""Writes files of a calendar: each as a whole, and none if one was changed meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.durable import make_folder, replace_file
from publer_sync.errors import OutputError
from publer_sync.render.wording import count

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def question(files: int) -> str:
    return f"This writes {count(files, 'file')}; Publer is not changed.\nType yes to continue: "


def save(
    top: Path,
    media: Mapping[str, bytes],
    files: Mapping[str, bytes],
    before: Mapping[str, bytes],
    *,
    command: str,
) -> None:
    """Write the media, then the files. Raises OutputError before anything is written if a file is not as `before`."""
    for file in files:
        path = top / file
        try:
            now = path.read_bytes() if path.exists() else None
        except OSError as error:
            raise OutputError(f"{file} cannot be read: {error.strerror}") from error
        if now != before.get(file):
            raise OutputError(
                f"{file} was changed while {command} was running",
                hint=f"Run {command} again. Nothing was written.",
            )
    for file, raw in {**media, **files}.items():
        path = (top / file).resolve()
        try:
            make_folder(path.parent)
            replace_file(path, raw)
        except OSError as error:
            raise OutputError(f"{file} cannot be written: {error.strerror}") from error
