"""A branch with parts of the ledger, as a command sees it: opened and fetched once for all calendars that are kept there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.errors import StateError
from publer_sync.ledger.git_remote import open_repository

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from publer_sync.ledger.git_remote import Files, Repository

NETWORK_SECONDS = 120.0


class GitBranch:
    """The branch as it was when it was fetched or pushed to last; `repository` is opened once something is asked of it.

    Every method raises StateError.
    """

    def __init__(self, top: Path, name: str, patience: float = NETWORK_SECONDS) -> None:
        """`top` is in the repository whose remote is meant. `patience`: seconds that a fetch or push may take."""
        self.name = name
        self._top, self._patience = top, patience
        self._opened: Repository | None = None
        self._tip: str | None = None
        self._is_known = False
        self._ids: dict[str, str] = {}
        """What git calls the content of each file at the tip; "" for one that was pushed from here."""
        self._read: dict[str, tuple[str, bytes]] = {}
        """Each file that was read, with its id then."""
        self._judged: dict[str, Mapping[str, bytes]] = {}

    @property
    def repository(self) -> Repository:
        if self._opened is None:
            self._opened = open_repository(self._top, self.name, self._patience)
        return self._opened

    @property
    def tip(self) -> str | None:
        """The commit; None where the remote has no such branch."""
        self._fetch_once()
        return self._tip

    def fetch(self) -> str | None:
        """The tip as it is at the remote now."""
        tip = self.repository.fetch()
        if tip != self._tip:
            self._ids = {} if tip is None else dict(self.repository.tree(tip))
            self._tip = tip
        self._is_known = True
        return tip

    def expire(self) -> None:
        """Let whoever asks next fetch first: time has gone by."""
        self._is_known = False

    def is_at(self, commit: str, files: Files) -> None:
        """These files were pushed with this commit, on top of the tip."""
        self._tip = commit
        for file, data in files.items():
            self._ids.pop(file, None)
            self._read.pop(file, None)
            if data is not None:
                self._ids[file], self._read[file] = "", ("", data)

    def files(self, folder: str = "") -> list[str]:
        """The paths of all files below a folder, "" for all."""
        self._fetch_once()
        return sorted(file for file in self._ids if not folder or file.startswith(f"{folder}/"))

    def contents(self, files: Iterable[str]) -> Files:
        """The bytes of each of these files, None for one that is not there."""
        self._fetch_once()
        asked = [*files]
        for file in asked:
            if file not in self._ids and any(each.startswith(f"{file}/") for each in self._ids):
                raise StateError(
                    f"the branch has a folder where the state should be: {file}",
                    code="state.damaged",
                    hint="Give the calendar another `name:` in publer.yaml. Nothing was changed.",
                )
        if not all(
            map(self._is_read, asked)
        ):  # then all at once: the calendars of a command ask for one after the other
            new = [each for each in self._ids.items() if not self._is_read(each[0])]
            found = self.repository.blobs([named for _, named in new])
            self._read |= {file: (named, data) for (file, named), data in zip(new, found, strict=True)}
        return {file: self._read[file][1] if file in self._ids else None for file in asked}

    def _is_read(self, file: str) -> bool:
        known = self._ids.get(file)
        return known is None or self._read.get(file, (None, b""))[0] == known

    def _fetch_once(self) -> None:
        if not self._is_known:
            self.fetch()

    # --- what a calendar was judged on ------------------------------------------------------------------------------------

    def judge(self, file: str, others: Mapping[str, bytes]) -> None:
        """Note what the parts beside `file` are, until it is written: what is decided now is decided on them."""
        self._judged.setdefault(file, others)

    def judged(self, file: str) -> Mapping[str, bytes] | None:
        """What they were then; None where nothing was decided."""
        return self._judged.get(file)

    def forget(self, file: str) -> None:
        """It was written, or is to be read anew."""
        self._judged.pop(file, None)
