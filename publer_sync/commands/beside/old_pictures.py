"""Finds a picture that was replaced by another: in the calendar's folder, or in the history of its repository."""

from __future__ import annotations

import glob
import hashlib
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from publer_sync.ledger.git_command import Git
from publer_sync.values.errors import StateError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from publer_sync.values.model import Post

VERSIONS: Final = 20
"""How many commits of a file are searched."""


class OldPictures:
    """`posts` show files whose digests are known; `top` is the calendar's folder."""

    def __init__(self, top: Path, posts: Iterable[Post]) -> None:
        self._top = top
        self._files = {source.digest: source.path for post in posts for source in post.media if source.path}
        self._folders = {path.parent: None for path in self._files.values()}

    def find(self, digest: str, name: str) -> bytes | None:
        """The bytes with this digest; `name` is that of the file that had them."""
        with suppress(OSError, StateError):
            if digest in self._files:
                return self._files[digest].read_bytes()
            return next((data for data in self._versions(name) if _digest(data) == digest), None)
        return None

    def _versions(self, name: str) -> Iterator[bytes]:
        """What files of this name were: beside the calendar's media, and anywhere in it; newest first."""
        if not name:
            return
        for folder in self._folders:
            if (folder / name).is_file():
                yield (folder / name).read_bytes()
            yield from _committed(folder, f"./{name}")
        yield from _committed(self._top, f":(glob)**/{glob.escape(name)}")


def _committed(folder: Path, names: str) -> Iterator[bytes]:
    git = Git.of(folder)
    options = ("--format=%x00%H", "--name-only", "--relative", "--diff-filter=AM")
    listed = git.run("-c", "core.quotePath=false", "log", f"-n{VERSIONS}", *options, "--", names)
    commit = ""
    for line in listed.out.decode(errors="surrogateescape").split("\n"):
        if line.startswith("\0"):
            commit = line[1:]
        elif line and (blob := git.run("cat-file", "blob", f"{commit}:./{line}")).ok:
            yield blob.out


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
