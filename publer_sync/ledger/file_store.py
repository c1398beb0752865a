"""The ledger in a file."""

from __future__ import annotations

import errno
import glob
import math
import os
import stat
import tempfile
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from publer_sync.ledger.announcing import ANNOUNCED, announced, announcement_of, hear
from publer_sync.ledger.backup import free_name
from publer_sync.ledger.copies import NO_REMOVALS
from publer_sync.ledger.elsewhere import Elsewhere, LedgerPart, looked_at
from publer_sync.ledger.idle import ran_again_alone
from publer_sync.ledger.lock import ApplyLock
from publer_sync.ledger.signing import UNSIGNED
from publer_sync.ledger.state import dumps, loads
from publer_sync.machine.durable import is_full, remove_leftovers, replace_file
from publer_sync.machine.own_folder import make_own_folder
from publer_sync.values.errors import StateError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from publer_sync.ledger.backup import Backup
    from publer_sync.ledger.copies import Seen
    from publer_sync.ledger.hold import Hold
    from publer_sync.ledger.place import Store
    from publer_sync.ledger.signing import Keys
    from publer_sync.ledger.state import State
    from publer_sync.machine.clock import Clock

_SMALL = 4096
"""Bytes of a state with a few posts."""


class FileStore:
    """The ledger in the file `path`. A symbolic link stays one: its target is written, and locked. Raises as `Store` says."""

    def __init__(
        self, path: Path, *, clock: Clock, tell: Callable[[str], object] | None = None, keys: Keys = UNSIGNED
    ) -> None:
        self.place = self.where = display_path(path)
        """`where` is the file itself, `place` what people name."""
        self.keys = keys
        self.rest: State | None = None
        self._path = path
        self._target = Path(os.path.realpath(path))
        # Not one of the state's own names: an apply that starts clears away what those of others left.
        self._own_announcement = self._target.with_name(announcement_of(self._target.name))
        self._kept: bytes | None = None
        """What the file had when it was read, until this run writes."""
        self._announced: frozenset[Path] = frozenset()
        """The announcements that the state has, as it was read."""
        self._lock = ApplyLock(self._target.with_name(f"{self._target.name}.lock"), clock=clock, tell=tell)

    def read(self, *, trusting: bool = False) -> State | None:
        self._announced = self._announcements()
        self._kept = document = self._document()
        state = None if document is None else self._loaded(document, trusting=trusting)
        self.rest = state if state is not None and state.ended else None
        return None if self.rest is not None else state

    def part(self) -> LedgerPart | None:
        if not self.is_there():
            return None
        announced, document = self._announcements(), self._document()
        if document is not None and not announced:
            part = looked_at(document, self.where)
            return None if part.state.ended else part
        return LedgerPart.of(self.read(trusting=True))

    def is_there(self) -> bool:
        return may_exist(self._path)

    def _document(self) -> bytes | None:
        """None where there is none. Raises StateError."""
        try:
            if not stat.S_ISREG(self._target.stat().st_mode):
                raise self._error(
                    "read",
                    "cannot be read: it is not a file",
                    "Name a file, such as .publer-sync/state.json.",
                )
            return self._target.read_bytes()
        except FileNotFoundError as error:
            if self._path.is_symlink() and not self._target.parent.is_dir():
                raise self._error(
                    "read",
                    f"is a link into a folder that does not exist: {self._target.parent}",
                    "Mount or create the folder. Without its state, publer-sync does not know which posts it manages.",
                ) from error
            return None
        except OSError as error:
            fix = "Let this user read it, or name another place with --state"
            raise self._error(
                "read",
                f"cannot be read: {self._reason(error)}",
                f"{self._fix(error) if self._in_the_way(error) else fix}. Nothing was changed.",
            ) from error

    def _loaded(self, document: bytes, *, trusting: bool) -> State:
        """The state, with what was announced beside it."""
        state = (
            looked_at(document, self.where).state.clone()
            if trusting
            else loads(document, self.where, self.keys)
        )
        for file in sorted(self._announced):
            try:
                hear(state, file.read_bytes(), str(file))
            except FileNotFoundError:
                continue  # the state that another run wrote meanwhile has it
            except OSError as error:
                raise self._error(
                    "read", f"cannot be read: {self._reason(error)}", f"{self._fix(error)}."
                ) from error
        return state

    def write(self, state: State, *, within: float = math.inf) -> None:  # noqa: ARG002 — the lock keeps others out, so there is nothing to wait for
        self.check_lock()
        if self._announced or not ran_again_alone(self._kept, state, self.where, self.keys):
            self._save({self: state})

    def check_lock(self) -> None:
        """Raise StateError where the lock keeps nobody out."""
        if self._lock.removed:
            raise StateError(
                f"the lock of the state in {self.where} was removed while this apply held it",
                code="state.lock",
                hint="Another apply may be running. Leave the .lock file alone and run apply again: it checks before it "
                "sends anything.",
            )

    def _save(self, states: Mapping[FileStore, State]) -> None:
        """Write states, of which this is one, and take back what was announced beside them: they have it. Raises StateError."""
        try:
            self._make_folder()
            self._put({store: store.document(state) for store, state in states.items()})
            for store, state in states.items():
                store.written(state)
        except OSError as error:
            raise self._unwritten(error) from error

    def _put(self, documents: Mapping[FileStore, bytes]) -> None:
        """Raises OSError."""
        for store, document in documents.items():
            replace_file(store.target, document, private=True)

    def _make_folder(self) -> None:
        """Of what is written. Raises OSError."""
        make_own_folder(self._target.parent)

    @property
    def path(self) -> Path:
        return self._path

    @property
    def target(self) -> Path:
        """The file to which the path leads."""
        return self._target

    def document(self, state: State) -> bytes:
        return dumps(state, self.keys).encode()

    def written(self, state: State) -> None:
        """The file has a state now: with what was announced beside it. Raises OSError."""
        del state
        self._kept = None
        for file in self._announced:
            file.unlink(missing_ok=True)

    def write_with(self, state: State, other: Store, theirs: State) -> bool:  # noqa: ARG002 — two files can't be written in one step
        return False

    def instead_of(self, name: str, *, trusting: bool = False) -> State | None:  # noqa: ARG002 — there are no others
        return None

    def end(self, backup: Path, rest: State | None) -> None:
        try:
            make_own_folder(backup.parent)
            replace_file(backup, self._target.read_bytes(), private=True)
            if rest is None:
                self._target.unlink()
            else:
                self._put({self: self.document(rest)})
            for file in self._announced:
                file.unlink(missing_ok=True)
        except OSError as error:
            raise self._unwritable(error) from error

    def announce(self, hold: Hold, removing: Mapping[str, Seen | None] = NO_REMOVALS) -> None:
        """In a file of its own next to the lock, so that two holds at once lose nothing."""
        try:
            self._make_folder()
            replace_file(self._own_announcement, announced(hold, removing), private=True)
        except OSError as error:
            raise self._unwritable(error) from error

    def hold_beside(self, hold: Hold, removing: Mapping[str, Seen | None] = NO_REMOVALS) -> None:
        self.announce(hold, removing)

    def halted(self) -> bool:
        return not self._announcements() <= self._announced

    def _announcements(self) -> frozenset[Path]:
        return announcements_beside(self._target)

    def back_up(self, backup: Backup) -> str:
        folder = self._backup_folder
        try:
            make_own_folder(folder)
            file = folder / free_name(lambda name: (folder / name).exists())
            replace_file(file, backup.document(whole=True), private=True)
        except OSError as error:
            raise self._unwritable(error) from error
        return display_path(file)

    @property
    def _backup_folder(self) -> Path:
        return self._target.parent

    def check_writable(self) -> None:
        folder = next(parent for parent in self._target.parents if parent.exists())
        try:
            with tempfile.TemporaryFile(dir=folder) as file:
                file.write(bytes(self._target.stat().st_size if self._target.exists() else _SMALL))
                file.flush()  # on a full disk a file can be made, and nothing written to it
        except OSError as error:
            raise self._unwritable(error) from error

    def managed_elsewhere(self) -> Elsewhere:
        """Nothing: a file is the ledger of one calendar."""
        return Elsewhere()

    def is_beside(self, other: Store) -> bool:  # noqa: ARG002 — a file is the ledger of one calendar
        return False

    def names_beside(self) -> list[str]:
        return []

    def beside(self, names: Iterable[str]) -> Elsewhere:  # noqa: ARG002 — there are none
        return Elsewhere()

    def lost(self) -> StateError | None:
        return None

    def recover(self, *, anew: bool = False) -> str:
        """A disk keeps no copy."""
        del anew
        return ""

    offline: datetime | None = None

    def hear_waiting(self) -> None:
        """A disk is always reached."""

    def waiting(self) -> tuple[Hold, ...]:
        return ()

    def drop_waiting(self) -> None:
        """None waits."""

    def advice(self) -> tuple[str, str] | None:
        return None

    @contextmanager
    def lock(self, timeout: float) -> Iterator[None]:
        with ExitStack() as stack:
            try:
                self._make_folder()
                stack.enter_context(self._lock.hold(timeout))
            except OSError as error:
                raise self._error(
                    "lock",
                    f"cannot be locked: {self._reason(error)}",
                    f"{self._fix(error)}, or keep the state on a local disk or on a branch (git:BRANCH). "
                    "Nothing was changed.",
                ) from error
            remove_leftovers(self._target)
            yield

    def _error(self, code: str, what: str, hint: str) -> StateError:
        return StateError(f"the state in {self.where} {what}", code=f"state.{code}", hint=hint)

    def _unwritable(self, error: OSError, more: str = "") -> StateError:
        return self._error("write", f"cannot be written: {self._reason(error)}", f"{self._fix(error)}.{more}")

    def _unwritten(self, error: OSError) -> StateError:
        more = " The previous state is still there. Then run apply again: it checks before it sends anything."
        return self._unwritable(error, more)

    def _reason(self, error: OSError) -> str:
        if in_the_way := self._in_the_way(error):
            return f"{in_the_way} is a file, not a folder"
        return (error.strerror or str(error)).lower()

    def _in_the_way(self, error: OSError) -> Path | None:
        """The file that is where a folder of the path should be."""
        if error.errno not in (errno.ENOTDIR, errno.EEXIST):
            return None
        return next((path for path in self._target.parents if path.is_file()), None)

    def _fix(self, error: OSError) -> str:
        folder = self._target.parent
        if self._in_the_way(error):
            return "Move that file away, or name another place with --state"
        if is_full(error):
            return "Make room on that disk"
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            return f"Let this user write to {folder}, or name another place with --state"
        return f"Check {folder}, or name another place with --state"


def display_path(path: Path) -> str:
    """Relative to the current folder where it is below it."""
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 — links stay unresolved: people know the name they gave
    with suppress(ValueError):
        return str(absolute.relative_to(Path.cwd()))
    return str(absolute)


def may_exist(path: Path) -> bool:
    """Whether there is anything in this place, also something that cannot be read."""
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return True


def announcements_beside(target: Path) -> frozenset[Path]:
    """The holds that were announced beside a state."""
    try:
        return frozenset(target.parent.glob(f"{ANNOUNCED}*.{glob.escape(target.name)}"))
    except OSError:
        return frozenset()
