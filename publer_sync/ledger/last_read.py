"""What was last read of a branch on this machine, and the holds that wait here until it can be reached again.

Both are in git's own folder, beside the ledger that is kept there, readable by their owner alone.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from publer_sync.ledger.names import IN_GIT
from publer_sync.machine.durable import make_folder, replace_file
from publer_sync.machine.own_folder import make_own_folder
from publer_sync.machine.tracked import common_directory

if TYPE_CHECKING:
    from pathlib import Path

_FOLDER: Final = "read"
_COPY: Final = ".copy"
_HOLD: Final = ".hold-"


class LastRead:
    """Of one file of a branch. Nothing here raises OSError but `wait`: without it all else goes on as well."""

    def __init__(self, top: Path, branch: str, file: str) -> None:
        common = common_directory(top)
        self._root = common / IN_GIT if common is not None else None
        self._names = [quote(file, safe="")]
        self._branch = quote(branch, safe="")

    @property
    def _folder(self) -> Path | None:
        return self._root / _FOLDER / self._branch if self._root is not None else None

    def waits_as(self, file: str) -> None:
        """What waits for this file, as the calendar was called before, waits for it."""
        self._names.append(quote(file, safe=""))

    @property
    def _copy(self) -> Path | None:
        return self._folder / f"{self._names[0]}{_COPY}" if self._folder is not None else None

    def keep(self, document: bytes | None) -> None:
        """Note what the file is now; None where there is none."""
        if (copy := self._copy) is None:
            return
        try:
            if document is None:
                copy.unlink(missing_ok=True)
            else:
                self._make()
                replace_file(copy, document, private=True)
        except OSError:
            pass

    def read(self) -> tuple[bytes, datetime] | None:
        """What it was, and when."""
        if (copy := self._copy) is None:
            return None
        try:
            return copy.read_bytes(), datetime.fromtimestamp(copy.stat().st_mtime, UTC)
        except OSError:
            return None

    def wait(self, document: bytes, name: str = "") -> str:
        """Let a hold wait here, or replace what waits by this name; returns its name."""
        name = name or f"{self._names[0]}{_HOLD}{secrets.token_hex(4)}"
        if self._folder is None:
            raise FileNotFoundError(2, "no git repository", name)
        self._make()
        replace_file(self._folder / name, document, private=True)
        return name

    def waiting(self) -> dict[str, bytes]:
        """What waits here, by its name."""
        try:
            names = sorted(self._folder.iterdir()) if self._folder is not None else []
            holds = tuple(f"{name}{_HOLD}" for name in self._names)
            return {each.name: each.read_bytes() for each in names if each.name.startswith(holds)}
        except OSError:
            return {}

    def drop(self) -> None:
        """Nothing waits any more."""
        for name in self.waiting():
            if self._folder is not None:
                (self._folder / name).unlink(missing_ok=True)

    def _make(self) -> None:
        if self._root is not None and self._folder is not None:
            make_own_folder(self._root)
            make_folder(self._folder)
