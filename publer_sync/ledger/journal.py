"""Writes several files of a folder as one: a kill in between leaves it written, for the next reader to finish, or not begun.

What is to be written is first written down in a file of its own. Readers take what that says for what the files say, so
nothing that only reads has to write.
"""

from __future__ import annotations

import json
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from publer_sync.durable import make_folder, replace_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

JOURNAL: Final = ".write"
_LOCK: Final = ".write.lock"
_TRIES: Final = 20


class Journal:
    """Of the files below one folder, by their paths in it. All methods raise OSError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / JOURNAL

    def read(self, paths: Iterable[str]) -> dict[str, bytes | None]:
        """The files as they are at one moment, None for one that does not exist."""
        asked = [*paths]
        for _ in range(_TRIES):
            before, pending = self._mark(), self._pending()
            found = {path: pending[path] if path in pending else self._on_disk(path) for path in asked}
            if self._mark() == before:
                break
        return found

    def write(self, files: Mapping[str, bytes | None]) -> None:
        """All of them or none; None removes a file. Once this returns, it survives a power cut."""
        with self._alone():
            self._finish()
            told = {path: None if data is None else data.decode() for path, data in files.items()}
            replace_file(self._file, json.dumps(told).encode(), private=True)
            self._finish()

    def finish(self) -> None:
        """Carry out what a run that was killed left to be written."""
        if self._pending():
            with self._alone():
                self._finish()

    def _finish(self) -> None:
        pending = self._pending()
        if not pending:
            return
        for path, data in pending.items():
            file = self._folder / path
            if data is None:
                file.unlink(missing_ok=True)
            else:
                make_folder(file.parent)
                replace_file(file, data, private=True)
        replace_file(self._file, b"", private=True)  # a new file each time: who reads meanwhile notices

    def _pending(self) -> dict[str, bytes | None]:
        try:
            told = self._file.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return {}
        return (
            {path: None if data is None else data.encode() for path, data in json.loads(told).items()}
            if told
            else {}
        )

    def _mark(self) -> tuple[int, ...]:
        try:
            found = self._file.stat()
        except (FileNotFoundError, NotADirectoryError):
            return ()
        return found.st_ino, found.st_mtime_ns, found.st_size

    def _on_disk(self, path: str) -> bytes | None:
        try:
            return (self._folder / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Writes take moments, so nobody waits long; where a file system has no locks, each of them goes on without."""
        from filelock import FileLock

        make_folder(self._folder)
        lock = FileLock(self._folder / _LOCK, preserve_lock_file=True, fallback_to_soft=False)
        with suppress(NotImplementedError):
            lock.acquire()
        try:
            yield
        finally:
            lock.release()
