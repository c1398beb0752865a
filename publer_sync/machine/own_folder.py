"""The folder that publer-sync keeps next to a calendar, ignored by git, and what lies in it until it is whole."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from publer_sync.machine.durable import make_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from filelock import BaseFileLock

FOLDER: Final = ".publer-sync"
_UNFINISHED: Final = "unfinished"


def make_own_folder(folder: Path) -> None:
    """Create `folder`; where it is a `.publer-sync`, git ignores it. Raises OSError."""
    make_folder(folder)
    ignore = folder / ".gitignore"
    if folder.name == FOLDER and not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")


@contextmanager
def unfinished(top: Path) -> Iterator[Path]:
    """A folder of this run alone, on the calendar's disk, for files that are not whole yet. Raises OSError.

    It is gone after the block. What a run left that was killed goes when the next one begins: a lock, which the system
    releases when its holder dies, tells the two apart.
    """
    remove_unfinished(top)
    shelf = top / FOLDER / _UNFINISHED
    make_own_folder(shelf.parent)
    shelf.mkdir(exist_ok=True)
    name = os.urandom(8).hex()
    lock = _locked(shelf / f"{name}.lock")
    try:
        (shelf / name).mkdir()
        yield shelf / name
    finally:
        shutil.rmtree(shelf / name, ignore_errors=True)
        _let_go(lock, shelf / f"{name}.lock")


def remove_unfinished(top: Path) -> None:
    """Remove what runs left in `unfinished` that were killed."""
    shelf = top / FOLDER / _UNFINISHED
    with suppress(OSError):
        for name in {path.name.partition(".")[0] for path in shelf.iterdir()}:
            if (lock := _locked(shelf / f"{name}.lock")) is not None:
                shutil.rmtree(shelf / name, ignore_errors=True)
                _let_go(lock, shelf / f"{name}.lock")


def _locked(file: Path) -> BaseFileLock | None:
    """None where somebody else has it, or where the file system has no locks: then nothing is ever cleared away."""
    from filelock import FileLock, Timeout

    lock = FileLock(file, preserve_lock_file=True, fallback_to_soft=False)
    try:
        lock.acquire(blocking=False)
    except (OSError, NotImplementedError, Timeout):
        return None
    return lock


def _let_go(lock: BaseFileLock | None, file: Path) -> None:
    if lock is not None:
        lock.release()
    with suppress(OSError):
        file.unlink()
