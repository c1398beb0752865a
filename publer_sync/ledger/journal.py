"""Writes several files of a folder as one: a kill in between leaves it written, for the next reader to finish, or not begun.

What is to be written is first written down in a file of its own. Readers take what that says for what the files say, so
nothing that only reads has to write.
"""

from __future__ import annotations

import json
import secrets
import shlex
from contextlib import contextmanager, suppress
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from publer_sync.ledger.file_store import display_path
from publer_sync.machine.durable import make_folder, replace_file
from publer_sync.values.errors import StateError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from filelock import BaseFileLock

JOURNAL: Final = ".write"
_LOCK: Final = ".write.lock"
_TRIES: Final = 20


class Journal:
    """Of the parts below one folder, by their paths in it. All methods raise OSError, and StateError where the journal is damaged."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / JOURNAL
        self._lock: BaseFileLock | None = None
        """One for all writes: it counts who comes in again."""

    def read(self, paths: Iterable[str]) -> dict[str, bytes | None]:
        """The files as they are at one moment, None for one that does not exist."""
        asked = [*paths]
        for _ in range(_TRIES):
            before, pending = self._mark(), self._pending()
            found = {path: pending[path] if path in pending else self._on_disk(path) for path in asked}
            if self._mark() == before:
                break
        return found

    def may_have(self) -> bool:
        """Whether a run that was killed may have left something to be written."""
        try:
            return self._file.stat().st_size > 0
        except FileNotFoundError:
            return False
        except OSError:
            return True

    def write(self, files: Mapping[str, bytes | None]) -> None:
        """All of them or none; None removes a file. Once this returns, it survives a power cut."""
        with self.alone():
            self._finish()
            told = {path: None if data is None else data.decode() for path, data in files.items()}
            replace_file(self._file, json.dumps(told).encode(), private=True)
            self._finish()

    def finish(self) -> None:
        """Carry out what a run that was killed left to be written."""
        if self._pending():
            with self.alone():
                self._finish()

    def set_aside(self) -> str:
        """Move a journal away that cannot be carried out, and tell where to; "" where there is none."""
        try:
            self._pending()
        except StateError:
            aside = self._file.with_name(f"{JOURNAL}.damaged")
            if aside.exists():
                aside = aside.with_name(f"{aside.name}-{secrets.token_hex(4)}")
            self._file.rename(aside)
            return display_path(aside)
        return ""

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
        if not told:
            return {}
        try:
            found = {path: None if data is None else data.encode() for path, data in json.loads(told).items()}
            inside = not any(path.is_absolute() or ".." in path.parts for path in map(PurePath, found))
        except (ValueError, AttributeError, RecursionError) as error:
            raise self._damaged() from error
        if not inside:
            raise self._damaged()
        return found

    def _damaged(self) -> StateError:
        file = display_path(self._file)
        return StateError(
            f"the ledger in {display_path(self._folder)} is damaged: {JOURNAL} is not what publer-sync wrote",
            code="state.damaged",
            hint=f"Move that file away: {shlex.join(['mv', file, f'{file}.damaged'])}\n"
            "A post that was to move between two calendars with it may then be in the parts of both, or of none: plan tells. "
            "Nothing was changed.",
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
    def alone(self) -> Iterator[None]:
        """Nobody else writes meanwhile. Writes take moments, so nobody waits long; where a file system has no locks, each goes on without."""
        if self._lock is None:
            from filelock import FileLock

            make_folder(self._folder)
            self._lock = FileLock(self._folder / _LOCK, preserve_lock_file=True, fallback_to_soft=False)
        with suppress(NotImplementedError):
            self._lock.acquire()
        try:
            yield
        finally:
            self._lock.release()
