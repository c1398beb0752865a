"""Media of new posts as files of the calendar: fetched into a folder of their own until the pull is written."""

from __future__ import annotations

import posixpath
import re
from dataclasses import field
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from publer_sync.machine.durable import shortened
from publer_sync.networks.kinds import kind_of
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from publer_sync.values.model import LiveMedium, LivePost

FOLDER: Final = "media"


@dataclass(slots=True)
class Downloads:
    """`names` are the files in the calendar, by Publer's id; `fetched` are those that are not there yet."""

    names: dict[str, str] = field(default_factory=dict)
    fetched: dict[str, Path] = field(default_factory=dict)

    def drop(self, pieces: Iterable[LiveMedium]) -> bool:
        """Use ids for these again, and return whether any of them had a file."""
        names = [name for piece in pieces if (name := self.names.pop(piece.id, None)) is not None]
        for name in set(names) - set(self.names.values()):
            self.fetched.pop(name, None)
        return bool(names)


def download(
    posts: Iterable[LivePost],
    get: Callable[[str], bytes | None],
    *,
    top: Path,
    shared: Iterable[Path],
    folder: Path,
) -> Downloads:
    """`get` fetches an address, and returns None if that is refused. Files with different content get different names.

    `shared` are the folders from which the calendar takes media, beside its own. Raises OutputError where the media folder
    is a link that leads elsewhere: a calendar that names files there is refused.
    """
    out = Downloads()
    pieces = {piece.id: piece for post in posts for piece in post.pieces if piece.id and piece.path}
    roots = (top.resolve(), *shared)
    if pieces:
        _check_folder(top / FOLDER, roots)
    for number, piece in enumerate(pieces.values()):
        name = _name(piece)
        if kind_of(name) is None or (data := get(piece.path)) is None:
            continue
        for inner in _inner_names(name):
            there = out.fetched.get(inner, top / inner)
            if inner not in out.fetched and not there.exists() and not there.is_symlink():
                (folder / str(number)).mkdir()
                out.fetched[inner] = folder / str(number) / name
                out.fetched[inner].write_bytes(data)
            elif not _is(there, data) or (
                inner not in out.fetched and not any(map(there.resolve().is_relative_to, roots))
            ):
                continue
            out.names[piece.id] = inner
            break
    return out


def _check_folder(folder: Path, roots: tuple[Path, ...]) -> None:
    real = folder.resolve()
    if any(map(real.is_relative_to, roots)):
        return
    raise OutputError(
        f"{FOLDER}/ is a link that leads out of the calendar, to {real}",
        hint="Nothing was written. Make it a folder of the calendar, or pull without --media: posts then name media by id.",
    )


def _is(file: Path, data: bytes) -> bool:
    try:
        return file.stat().st_size == len(data) and file.read_bytes() == data
    except OSError:
        return False


def _name(piece: LiveMedium) -> str:
    """A name that is valid on every system, and short enough for every disk, also with a number."""
    path = posixpath.basename(unquote(urlsplit(piece.path).path))
    name = piece.name if kind_of(piece.name) else path
    name = re.sub(r"[^\w.-]+", "-", posixpath.basename(name)).strip("-.") or "file"
    stem, dot, end = name.rpartition(".")
    return shortened(stem, f"{dot}{end}")


def _inner_names(name: str) -> Iterable[str]:
    stem, dot, end = name.rpartition(".")
    yield f"{FOLDER}/{name}"
    yield from (f"{FOLDER}/{stem}-{number}{dot}{end}" for number in range(2, 1000))
