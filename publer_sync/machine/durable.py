"""Writes files and folders that survive a power cut and are complete at every moment."""

from __future__ import annotations

import errno
import glob
import os
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from itertools import takewhile
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from io import FileIO
    from pathlib import Path

NAME_BYTES: Final = 120
"""Of a name that we choose. Most disks take 255, encrypted ones as few as 143 (eCryptfs), and Windows 260 letters a path."""
Check: TypeAlias = Callable[[], None]


def _unchecked() -> None:
    """Nothing to look at."""


def make_folder(folder: Path) -> None:
    """Create `folder` and its parents; raises OSError."""
    missing = list(takewhile(lambda path: not path.exists(), (folder, *folder.parents)))
    folder.mkdir(parents=True, exist_ok=True)
    for path in missing:
        _sync_folder(path.parent)


def replace_file(target: Path, data: bytes, *, private: bool = False) -> None:
    """Write `data` to `target`: all of it or nothing. Raises OSError.

    An existing file keeps its mode, and its owner if it can; a symbolic link still leads where it did. A pipe or a device
    is written to. One that is `private` can be read by its owner alone, whatever it was before.
    """
    if target.exists() and not target.is_file():
        target.write_bytes(data)
        return
    target = target.resolve()
    temp = _beside(target)
    try:
        _write_new(temp, data)
        _take_on(temp, target)
        if private:
            temp.chmod(0o600)
        os.replace(temp, target)  # noqa: PTH105 — named like the system call whose order with fsync counts here
    finally:
        with suppress(OSError):
            temp.unlink(missing_ok=True)
    _sync_folder(target.parent)


def save_file(target: Path, data: bytes, *, folder: Path, check: Check = _unchecked) -> None:
    """`replace_file` for a file of people's: it is made in `folder`, and `check` is asked right before it takes its place.

    A file with other names (hard links), or whose owner only a rewrite keeps, is rewritten where it is, as editors do: a
    kill within that moment can leave half of it.
    """
    if target.exists() and not target.is_file():
        target.write_bytes(data)
        return
    whole = folder / os.urandom(8).hex()
    try:
        _write_new(whole, data)
        move_file(whole, target, check=check)
    finally:
        with suppress(OSError):
            whole.unlink(missing_ok=True)


def move_file(whole: Path, target: Path, *, check: Check = _unchecked) -> None:
    """Give a finished file its place, also on another disk, as `save_file` does. Raises OSError, and what `check` raises."""
    target = target.resolve()
    if not _take_on(whole, target) or _has_other_names(target):
        check()
        _rewrite(target, whole.read_bytes())
        return
    check()
    try:
        os.replace(whole, target)  # noqa: PTH105 — as above
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _copy(whole, target, check)
    _sync_folder(target.parent)


def _copy(whole: Path, target: Path, check: Check) -> None:
    remove_leftovers(target)
    temp = _beside(target)
    try:
        with whole.open("rb") as source, temp.open("xb") as file:
            shutil.copyfileobj(source, file)
            file.flush()
            _sync(file.fileno())
        _take_on(temp, target)
        check()
        os.replace(temp, target)  # noqa: PTH105 — as above
    finally:
        with suppress(OSError):
            temp.unlink(missing_ok=True)


def _rewrite(target: Path, data: bytes) -> None:
    before = target.read_bytes()
    with target.open("r+b", buffering=0) as file:  # what a buffer still had would come again after `before`
        try:
            _put(file, data)
        except OSError:
            with suppress(OSError):
                _put(file, before)  # its place on the disk is still there
            raise


def _put(file: FileIO, data: bytes) -> None:
    file.seek(0)
    while data:
        data = data[file.write(data) :]
    file.truncate()
    _sync(file.fileno())


def _write_new(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        _sync(file.fileno())


def _take_on(new: Path, target: Path) -> bool:
    """Give a new file the mode and the owner of the one that it replaces, if any; False where the owner differs after all."""
    try:
        old = target.stat()
    except FileNotFoundError:
        return True
    if sys.platform != "win32":
        now = new.stat()
        if (now.st_uid, now.st_gid) != (old.st_uid, old.st_gid):
            try:
                os.chown(new, old.st_uid, old.st_gid)
            except OSError:
                shutil.copymode(target, new)
                return False
    shutil.copymode(target, new)
    return True


def _has_other_names(target: Path) -> bool:
    try:
        return target.stat().st_nlink > 1
    except FileNotFoundError:
        return False


def _beside(target: Path) -> Path:
    """A new name in the same folder, which `remove_leftovers` knows; a name can be as long as the disk allows."""
    return target.with_name(f"{_mark(target)}{os.getpid()}-{os.urandom(4).hex()}.tmp")


def _mark(target: Path) -> str:
    return f".{shortened(target.name)}."


def is_full(error: OSError) -> bool:
    """Whether there is no room on a disk, or none that this user may take."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def room_fix(error: OSError) -> str | None:
    """What to do about a full disk, if that is what is wrong."""
    return "Make room on that disk." if is_full(error) else None


def shortened(name: str, end: str = "") -> str:
    """The beginning of a name, and its `end`, in at most NAME_BYTES."""
    return f"{os.fsencode(name)[: NAME_BYTES - len(end)].decode(errors='ignore')}{end}"


def remove_leftovers(target: Path) -> None:
    """Remove what `replace_file` left beside `target` when its process was killed."""
    with suppress(OSError):
        for path in target.parent.glob(f"{glob.escape(_mark(target))}*.tmp"):
            path.unlink(missing_ok=True)


def _sync(descriptor: int) -> None:
    if sys.platform == "darwin":
        import fcntl

        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)  # fsync alone leaves the data in the drive's cache
    else:
        os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    """A rename is safe once its folder is. Windows has no such call and needs none."""
    if sys.platform != "win32":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        except OSError as error:
            # Some network file systems can't, and say so.
            if error.errno not in (errno.EINVAL, errno.ENOTSUP):
                raise
        finally:
            os.close(descriptor)
