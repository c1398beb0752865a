"""Where temporary files go: also on a full disk, in memory then, if the system can."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from publer_sync.values.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

_LEAST: Final = 1 << 20
"""Bytes: more than the states of a branch usually take."""
_IN_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - names in it are made as securely as in any temporary folder


def place() -> Path:
    """The folder for temporary files: the system's, else one in memory. Raises OutputError if there is no room in either."""
    usual = _usual()
    # Where nothing else can be written, Python's own choice is the current folder: a work tree, where git would find them.
    last = [usual] if usual == Path.cwd() else []
    for folder in (*([usual] if usual and not last else []), _IN_MEMORY, *last):
        if folder is not None and _has_room(folder):
            return folder
    raise OutputError(
        f"there is no room for temporary files in {usual or 'any of the usual folders'}",
        code="disk.full",
        hint="Make room there, or name another folder in the variable TMPDIR. Nothing was changed.",
    )


def new_folder() -> Path:
    """A folder of this run alone in `place`, which whoever asks for it removes."""
    return Path(tempfile.mkdtemp(prefix="publer-sync-", dir=place()))


@contextmanager
def folder() -> Iterator[Path]:
    """The same for a block of code."""
    made = new_folder()
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def nameless_file() -> BinaryIO:
    """A file that is gone once it is closed; it takes no disk where the system has such files."""
    if sys.platform == "linux":
        try:
            return os.fdopen(os.memfd_create("publer-sync"), "w+b")
        except OSError:  # forbidden, or an old kernel
            pass
    return cast("BinaryIO", tempfile.TemporaryFile(dir=place()))


def _usual() -> Path | None:
    try:
        return Path(tempfile.gettempdir())
    except FileNotFoundError:
        return None


def _has_room(folder: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(_LEAST))
            file.flush()
    except OSError:
        return False
    return True
