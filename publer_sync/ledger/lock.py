"""Locks between processes of one machine: one apply at a time uses a state file, one at a time pushes to a branch.

The operating system releases a lock when its holder dies.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import stat
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from publer_sync.machine import temporary
from publer_sync.values.errors import Interrupted, StateError
from publer_sync.values.model import iso
from publer_sync.values.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from filelock import BaseFileLock

    from publer_sync.machine.clock import Clock

POLL_SECONDS = 0.2


class ApplyLock:
    """An exclusive lock on the file `path`, in which its holder writes who it is.

    `tell` gets one line when another apply has to be waited for.
    """

    def __init__(self, path: Path, *, clock: Clock, tell: Callable[[str], object] | None = None) -> None:
        self._path = path
        self._clock = clock
        self._tell = tell
        self._file: os.stat_result | None = None

    @contextmanager
    def hold(self, timeout: float) -> Iterator[None]:
        """Wait up to `timeout` seconds for the lock, then hold it.

        Raises StateError `state.other` when the time is up, Interrupted when the clock is woken, and OSError where the
        file can't be opened or the file system has no locks.
        """
        from filelock import FileLock

        lock = FileLock(
            self._path,
            preserve_lock_file=True,  # whoever waits for it has it open
            fallback_to_soft=False,  # a soft lock outlives a holder that is killed
            on_acquired=self._sign,
        )
        self._acquire(lock, timeout)
        try:
            yield
        finally:
            self._file = None
            lock.release()

    @property
    def removed(self) -> bool:
        """Whether the lock file was removed while this apply holds it: it then keeps nobody out."""
        try:
            return self._file is not None and not os.path.samestat(self._file, self._path.stat())
        except (FileNotFoundError, NotADirectoryError):
            return True

    def _acquire(self, lock: BaseFileLock, timeout: float) -> None:
        from filelock import Timeout

        give_up = self._clock.monotonic() + timeout
        tell = self._tell
        while True:
            with suppress(Timeout):
                lock.acquire(blocking=False)
                return
            if self._clock.woken:
                raise Interrupted("stopped while waiting for another apply", hint="Nothing was changed.")
            if self._clock.monotonic() >= give_up:
                raise StateError(
                    f"another apply is running: {self._holder()}",
                    code="state.other",
                    hint="Wait until it has finished and run apply again, or wait longer with --timeout. The lock ends "
                    "with that process, however it ends: there is nothing to remove. Nothing was changed.",
                )
            if tell:
                tell(f"for another apply, until {self._clock.time_in(timeout)}: {self._holder()}")
                tell = None
            self._clock.sleep(POLL_SECONDS)

    def _sign(self, descriptor: int) -> None:
        self._file = os.fstat(descriptor)
        holder = {"pid": os.getpid(), "host": socket.gethostname(), "since": iso(self._clock.now())}
        with suppress(OSError):  # the lock works without it; writing the state will report a full disk
            os.ftruncate(descriptor, 0)
            os.write(descriptor, b" " + json.dumps(holder).encode())

    def _holder(self) -> str:
        try:
            with self._path.open("rb", buffering=0) as file:
                file.seek(1)  # on Windows nobody else can read the byte that is locked, the first
                holder = json.loads(file.read())
            line = f"process {holder['pid']} on {holder['host']}, since {holder['since']}"
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return "a process that did not say who it is"
        return printable_line(line, 200)


# --- taking turns -----------------------------------------------------------------------------------------------------


def queue_file(what: str) -> Path:
    """The lock of this user's processes for `what`, in a folder of the user's own: everyone may write to the one above."""
    user = os.getuid() if sys.platform != "win32" else 0
    return temporary.place() / f"publer-sync-{user}" / hashlib.sha256(os.fsencode(what)).hexdigest()[:32]


def _is_own(folder: Path) -> bool:
    """Whether a folder is one, no link to another, and nobody else may write to it."""
    if sys.platform == "win32":
        return True
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o022


@contextmanager
def turn(queue: Path, seconds: float) -> Iterator[bool]:
    """Wait for others in the queue; tells whether there were none.

    Saves work and protects nothing: after `seconds`, or where no lock is possible, it goes on without, and raises nothing.
    """
    from filelock import FileLock, Timeout

    lock, alone = FileLock(queue, mode=0o600, preserve_lock_file=True, fallback_to_soft=False), True
    with suppress(OSError, NotImplementedError):
        queue.parent.mkdir(mode=0o700, exist_ok=True)
        if not _is_own(queue.parent):
            raise PermissionError
        try:
            lock.acquire(blocking=False)
        except Timeout:
            alone = False
            lock.acquire(timeout=max(0.0, seconds), poll_interval=0.02)
    try:
        yield alone
    finally:
        lock.release()
