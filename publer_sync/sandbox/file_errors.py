"""Why a sandbox can't use its file, and what to do about it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

_ANOTHER = "Give another file, or move that one away."
_LEAST = 64 * 1024
"""Bytes that SQLite needs at least, for the log beside its file."""
_NO_ROOM = "Make room on that disk, or give a file on another."


class SandboxFileError(Exception):
    """The file cannot be opened or made, or not used: not the sandbox's, of a newer version, ahead of the clock.

    `fix` says how to go on.
    """

    def __init__(self, message: str, *, fix: str = _ANOTHER) -> None:
        super().__init__(message)
        self.fix = fix


def unusable(file: Path | None, error: OSError | sqlite3.Error) -> SandboxFileError:
    """On a full disk SQLite says so, or speaks of an I/O error."""
    if "disk is full" in str(error) or (file is not None and _is_full(file.absolute().parent)):
        return SandboxFileError(f"{file} cannot be used as a sandbox file: the disk is full", fix=_NO_ROOM)
    return SandboxFileError(f"{file} cannot be used as a sandbox file: {error}")


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _LEAST
    except OSError:
        return False
