"""Files and folders that survive a power cut and are complete at every moment."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def make_folder(folder: Path) -> None:
    """Create `folder` and its parents; raises OSError."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for path in missing:
        _sync_folder(path.parent)


def replace_file(target: Path, data: bytes) -> None:
    """Write `data` to `target`: all of it or nothing. Raises OSError.

    An existing file keeps its mode, and a symbolic link still leads where it did. A pipe or a device is written to.
    """
    if target.exists() and not target.is_file():
        target.write_bytes(data)
        return
    target = target.resolve()
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


def remove_leftovers(target: Path) -> None:
    """Remove what `replace_file` left beside `target` when its process was killed."""
    with suppress(OSError):
        for path in target.parent.iterdir():
            if path.name.startswith(f".{target.name}.") and path.name.endswith(".tmp"):
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
