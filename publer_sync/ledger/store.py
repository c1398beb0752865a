"""Where the ledger is kept: which place is meant, whose ledger it is, and the file with its lock.

What the ledger says is `state`; a branch as a place is `git_store`; when to read and write is the applier's business.
"""

from __future__ import annotations

import errno
import json
import os
import secrets
import shutil
import socket
import stat
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from publer_sync.errors import Interrupted, StateError
from publer_sync.ledger.state import dumps, iso, loads
from publer_sync.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from publer_sync.clock import Clock
    from publer_sync.ledger.state import State

FOLDER = ".publer-sync"
"""What publer-sync keeps beside a calendar; git is told to leave it alone."""
GIT = "git:"
POLL_SECONDS = 0.2


class Store(Protocol):
    """A place for the ledger. `place` names it in messages. Every method raises StateError with the way out."""

    place: str

    def read(self) -> State | None:
        """None where there is no ledger yet; needs no lock."""

    def lock(self, timeout: float) -> AbstractContextManager[None]:
        """Hold off other applies; waits up to `timeout` seconds for one that is running."""

    def write(self, state: State) -> None:
        """All of it or nothing; on return it outlives a power cut."""


def open_store(
    place: str | None,
    *,
    top: Path,
    workspace_id: str,
    calendar: str,
    clock: Clock,
    base: Path | None = None,
    tell: Callable[[str], object] | None = None,
) -> Store:
    """The store that `place` names: a path, `git:BRANCH`, or None for the default inside the calendar, `top`.

    A relative path counts from `base`, by default `top`. `tell` gets one line when an apply has to wait for another.
    Nothing is read or written yet; StateError where `place` cannot be one.
    """
    if place is None:
        return FileStore(top / FOLDER / "state.json", clock=clock, tell=tell)
    if place.startswith(GIT):
        from publer_sync.ledger.git_store import GitStore

        branch = place.removeprefix(GIT)
        return GitStore(branch, top=top, workspace_id=workspace_id, calendar=calendar, clock=clock)
    if not place.strip() or not place.isprintable() or "://" in place:
        raise StateError(
            f'there can be no state in "{printable_line(place)}"',
            code="state.place",
            hint="The state is kept in a file, named by its path, or on a branch, named like git:publer-sync-state.",
        )
    home = Path(place).expanduser() if place.startswith("~/") else Path(place)
    return FileStore((base or top) / home, clock=clock, tell=tell)


def check(
    state: State, *, service: str, workspace_id: str, calendar: str, top: Path, place: str | None = None
) -> None:
    """Raise StateError `state.foreign` where the ledger belongs to another service, workspace or calendar.

    With `place`, the store's, a ledger that lies inside the calendar folder `top` is not asked for the calendar's
    name: it moves along when the folder is renamed.
    """
    own = "give this one a state of its own: --state, or `state:` in publer.yaml."
    if state.service.rstrip("/") != service.rstrip("/"):
        raise _foreign(place, "service", state.service, service, f"Set PUBLER_BASE_URL as it was, or {own}")
    if state.workspace_id != workspace_id:
        theirs = f"{state.workspace_name} ({state.workspace_id})"
        hint = f"Set `workspace` in publer.yaml as it was, or {own}"
        raise _foreign(place, "workspace", theirs, workspace_id, hint)
    if state.calendar != calendar and not _inside(place, top):
        hint = f"The same calendar under a new name: add `name: {printable_line(state.calendar)}` to publer.yaml; else {own}"
        raise _foreign(place, "calendar", state.calendar, calendar, hint)


def _foreign(place: str | None, kind: str, theirs: str, ours: str, hint: str) -> StateError:
    where = f" in {place}" if place else ""
    return StateError(
        f"the state{where} belongs to the {kind} {printable_line(theirs)}, and this is {printable_line(ours)}",
        code="state.foreign",
        hint=hint,
    )


def _inside(place: str | None, top: Path) -> bool:
    if place is None or place.startswith(GIT):
        return False
    return Path(place).resolve().is_relative_to(top.resolve())


def make_folder(folder: Path) -> None:
    """Create `folder` and its parents so that they outlive a power cut; `.publer-sync` is kept out of git."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for path in missing:
        _sync_folder(path.parent)
    ignore = folder / ".gitignore"
    if folder.name == FOLDER and not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")


class FileStore:
    """The ledger in a file, and beside it a lock that the operating system takes back when its holder dies."""

    def __init__(self, path: Path, *, clock: Clock, tell: Callable[[str], object] | None = None) -> None:
        self.place = _short(path)
        self._path = path
        self._clock = clock
        self._tell = tell
        self._held: int | None = None

    def read(self) -> State | None:
        target = self._target()
        try:
            if not stat.S_ISREG(target.stat().st_mode):
                raise StateError(
                    f"the state in {self.place} cannot be read: it is no file",
                    code="state.read",
                    hint="Name a file, such as .publer-sync/state.json.",
                )
            document = target.read_bytes()
        except FileNotFoundError as error:
            if self._path.is_symlink() and not target.parent.is_dir():
                raise StateError(
                    f"the state in {self.place} is a link into a folder that is not there: {target.parent}",
                    code="state.read",
                    hint="Mount or create the folder. Without the state, publer-sync would not know its own posts.",
                ) from error
            return None
        except OSError as error:
            raise StateError(
                f"the state in {self.place} cannot be read: {_reason(error)}",
                code="state.read",
                hint="Let this user read it, or name another place with --state. Nothing was changed.",
            ) from error
        return loads(document, self.place)

    def write(self, state: State) -> None:
        target = self._target()
        self._check_lock()
        try:
            make_folder(target.parent)
            _replace(target, dumps(state).encode())
        except OSError as error:
            raise StateError(
                f"the state in {self.place} cannot be written: {_reason(error)}",
                code="state.write",
                hint=f"{_cure(error, target.parent)}. The state as it was is still there; "
                "apply again when it is mended: it looks before it sends.",
            ) from error

    @contextmanager
    def lock(self, timeout: float) -> Iterator[None]:
        try:
            make_folder(self._target().parent)
            self._held = self._acquire(timeout)
        except OSError as error:
            raise StateError(
                f"the state in {self.place} cannot be locked: {_reason(error)}",
                code="state.lock",
                hint=f"{_cure(error, self._target().parent)}, or keep the state on a disk of this machine or on a "
                "branch (git:BRANCH). Nothing was changed.",
            ) from error
        try:
            self._sweep()
            yield
        finally:
            os.close(self._held)  # the lock ends with it
            self._held = None

    def _target(self) -> Path:
        """Where a symbolic link leads: the link itself stays what it is."""
        return Path(os.path.realpath(self._path))

    def _lock_path(self) -> Path:
        target = self._target()
        return target.with_name(target.name + ".lock")

    def _acquire(self, timeout: float) -> int:
        """The descriptor that holds the lock."""
        give_up = self._clock.monotonic() + timeout
        told = self._tell is None
        while (held := self._try_lock()) is None:
            if self._clock.woken:
                raise Interrupted("stopped while another apply was running", hint="Nothing was changed.")
            if self._clock.monotonic() >= give_up:
                raise StateError(
                    f"somebody else is applying: {self._holder()}",
                    code="state.other",
                    hint="Wait until it is done, then run again, or wait longer with --timeout. The lock ends with "
                    "that process, however it ends: there is nothing to remove. Nothing was changed.",
                )
            if not told and self._tell:
                self._tell(f"waiting for another apply: {self._holder()}")
                told = True
            self._clock.sleep(POLL_SECONDS)
        note = {"pid": os.getpid(), "host": socket.gethostname(), "since": iso(self._clock.now())}
        with suppress(OSError):  # it only says who we are; a full disk is found out by `write`
            os.ftruncate(held, 0)
            os.write(held, json.dumps(note).encode())
        return held

    def _try_lock(self) -> int | None:
        path = self._lock_path()
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            if _lock_file(descriptor) and _same_file(descriptor, path):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)
        return None

    def _check_lock(self) -> None:
        """A lock file that was removed no longer keeps others out."""
        if self._held is not None and not _same_file(self._held, self._lock_path()):
            raise StateError(
                f"the lock of the state in {self.place} was removed while this apply held it",
                code="state.lock",
                hint="Another apply may be running. Leave the .lock file alone and apply again: it looks before it sends.",
            )

    def _holder(self) -> str:
        try:
            note = json.loads(self._lock_path().read_bytes())
            return printable_line(f"process {note['pid']} on {note['host']}, since {note['since']}", 200)
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return "a process that did not say who it is"

    def _sweep(self) -> None:
        """Remove what writers that were killed left behind."""
        target = self._target()
        with suppress(OSError):
            for path in target.parent.iterdir():
                if path.name.startswith(f".{target.name}.") and path.name.endswith(".tmp"):
                    path.unlink(missing_ok=True)


def _short(path: Path) -> str:
    """Relative to the current folder where it lies below."""
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 — links stay unresolved: people know the name they gave
    with suppress(ValueError):
        return str(absolute.relative_to(Path.cwd()))
    return str(absolute)


def _replace(target: Path, data: bytes) -> None:
    """Put `data` in the place of `target` at once; before and after, there is a whole file under that name."""
    temp = target.with_name(f".{target.name}.{os.getpid()}-{secrets.token_hex(4)}.tmp")
    try:
        with temp.open("xb") as file:
            file.write(data)
            file.flush()
            _sync(file.fileno())
        with suppress(FileNotFoundError):
            shutil.copymode(target, temp)
        os.replace(temp, target)  # noqa: PTH105 — the same call; here it stands out beside fsync
    finally:
        with suppress(OSError):
            temp.unlink(missing_ok=True)
    _sync_folder(target.parent)


def _sync(descriptor: int) -> None:
    if sys.platform == "darwin":
        import fcntl

        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)  # fsync alone leaves the data in the drive's cache there
    else:
        os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    """A rename is safe once its folder is. Windows has no such call, and no need of it."""
    if sys.platform != "win32":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        except OSError as error:
            # Some network file systems cannot, and say so.
            if error.errno not in (errno.EINVAL, errno.ENOTSUP):
                raise
        finally:
            os.close(descriptor)


def _lock_file(descriptor: int) -> bool:
    """Whether the lock is ours now. OSError where the file system knows no locks: then nothing keeps two apart."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(
                descriptor, 1 << 30, os.SEEK_SET
            )  # far behind the note, which others must be able to read
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            os.lseek(descriptor, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK):
            return False
        raise
    return True


def _same_file(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _cure(error: OSError, folder: Path) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "Make room on that disk"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"Let this user write to {folder}, or name another place with --state"
    return f"Look at {folder}, or name another place with --state"
