"""The pictures that the page may ask for, by numbers that nobody guesses: no path of a browser is ever opened."""

from __future__ import annotations

import base64
import hmac
import secrets
from functools import lru_cache
from typing import TYPE_CHECKING

from publer_sync.networks.kinds import kind_of
from publer_sync.networks.media import BadMedia, inspect
from publer_sync.previewing.stills import program_for
from publer_sync.previewing.thumbnails import NO_PICTURE, SIDES, Small, Thumbnails
from publer_sync.previewing.tiles import STILL

if TYPE_CHECKING:
    from pathlib import Path


class ServedThumbnails(Thumbnails):
    """The pictures of a calendar by their addresses at the server."""

    served = True

    def __init__(self, shelf: MediaShelf) -> None:
        super().__init__()
        self._shelf = shelf

    def of(self, path: Path) -> Small:
        try:
            found = path.stat()
        except OSError:
            return NO_PICTURE
        address = self._shelf.address(path)
        sides = _sides(path, found.st_size, found.st_mtime_ns) if address is not None else None
        return Small(address, *sides) if address is not None and sides is not None else NO_PICTURE

    def still(self, path: Path) -> Small:
        """Made when the page asks for it. The sides of a document's first page are not known before."""
        try:
            found = path.stat()
        except OSError:
            return NO_PICTURE
        address = self._shelf.address(path)
        sides = _sides(path, found.st_size, found.st_mtime_ns)
        if address is None or (sides is None and kind_of(path.name) == "video"):
            return NO_PICTURE
        return Small(address, *(sides or (0, 0)))


@lru_cache(maxsize=16_384)
def _sides(path: Path, _size: int, _changed: int) -> tuple[int, int] | None:
    """Those of the small copy; None of a file that cannot be read as a picture."""
    try:
        found = inspect(path)
    except (BadMedia, OSError):
        return None
    if not found.width or not found.height:
        return None
    by = min(1.0, SIDES[0] / found.width, SIDES[1] / found.height)
    return max(1, round(found.width * by)), max(1, round(found.height * by))


class MediaShelf:
    """Gives each picture of a calendar a number, and for a number a small copy of the picture, frame or page as WebP."""

    def __init__(self, number: int) -> None:
        self._number, self._run = number, secrets.token_urlsafe(12)
        self._numbers: dict[Path, int] = {}
        self._paths: list[Path] = []

    def address(self, path: Path) -> str | None:
        """Where the page finds a file's picture, or its frame or first page; None of what has none here."""
        if kind_of(path.name) not in STILL and program_for(path.name) is None:
            return None
        if path not in self._numbers:
            self._numbers[path] = len(self._paths)
            self._paths.append(path)
        return f"/studio/media/{self._number}-{self._run}.{self._numbers[path]}"

    def picture(self, name: str) -> bytes | None:
        run, _, number = name.partition(".")
        if not hmac.compare_digest(run.encode(), self._run.encode()):
            return None
        if not (number.isascii() and number.isdecimal() and int(number) < len(self._paths)):
            return None
        path, small = self._paths[int(number)], Thumbnails()
        url = (small.of(path) if kind_of(path.name) in STILL else small.still(path)).url
        return base64.b64decode(url.partition(",")[2]) if url else None
