"""Small copies of pictures, small enough that a page with sixty of them can be mailed. Pillow's home."""

from __future__ import annotations

import base64
import io
import struct
import warnings
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from publer_sync.machine.extras import PREVIEW, require
from publer_sync.previewing.stills import of_bytes, still_of

if TYPE_CHECKING:
    from pathlib import Path

SIDES: Final = (960, 1200)
"""Pixels at most: twice what a card shows, for sharp screens and for a closer look."""
FEWER: Final = (520, 650)
"""The same once half of the page is used, so that it has room for more pictures."""
MOST_BYTES: Final = 12_000_000
"""All pictures of one page together; many mail servers take no more than 20 MB."""
_FILM: Final = 1_500_000
"""Bytes of a video that is played on the page itself."""
_PLAYED: Final = {"mp4": "video/mp4", "mov": "video/mp4", "webm": "video/webm"}
_FORMATS: Final = ("JPEG", "PNG", "GIF", "WEBP")


class Small(NamedTuple):
    """A small copy: a data URL, and its sides in pixels. Without an address, there is none."""

    url: str = ""
    width: int = 0
    height: int = 0


NO_PICTURE: Final = Small()


class Thumbnails:
    """The pictures of one page, until it is full. Raises SettingsError where what pages need is not installed."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        require(PREVIEW)
        self._most = self._left = most
        self._had: set[str] = set()
        self._files: dict[tuple[Path, int, int], Small] = {}
        self.full = False

    served = False
    """Whether pictures have addresses of a server, so that the page has room for all of them."""

    @property
    def _sides(self) -> tuple[int, int]:
        return SIDES if self._left > self._most // 2 else FEWER

    def of(self, path: Path) -> Small:
        """None of a file that cannot be read as a picture, and once the page is full."""
        try:
            found = path.stat()
        except OSError:
            return NO_PICTURE
        file = (path, found.st_size, found.st_mtime_ns)
        if file in self._files:  # in the size in which the page has it
            return self._files[file]
        small = self._kept(_of_file(*file, self._sides))
        if small.url:
            self._files[file] = small
        return small

    def of_bytes(self, data: bytes) -> Small:
        """The same for a picture that is no longer in a file."""
        return self._kept(_small(io.BytesIO(data), self._sides))

    def still(self, path: Path) -> Small:
        """A frame of a video, or the first page of a document, where one can be made."""
        try:
            return self._made(still_of(path))
        except OSError:
            return NO_PICTURE

    def still_of_bytes(self, data: bytes, name: str) -> Small:
        return self._made(of_bytes(data, name, still_of))

    def _made(self, picture: bytes | None) -> Small:
        return self.of_bytes(picture) if picture else NO_PICTURE

    def film(self, path: Path) -> str:
        """A short video as a data URL; "" of one that is too large for a page."""
        try:
            return self.film_of_bytes(path.read_bytes(), path.name) if path.stat().st_size <= _FILM else ""
        except OSError:
            return ""

    def film_of_bytes(self, data: bytes, name: str) -> str:
        kind = _PLAYED.get(name.rpartition(".")[2].lower())
        if self.served or kind is None or len(data) > min(_FILM, self._left // 2):
            return ""
        url = f"data:{kind};base64,{base64.b64encode(data).decode()}"
        self._left -= len(url)
        return url

    def _kept(self, small: Small) -> Small:
        """A page has a picture once, however many posts show it."""
        if small.url in self._had:
            return small
        if len(small.url) > self._left:
            self.full = True
            return NO_PICTURE
        self._left -= len(small.url)
        self._had.add(small.url)
        return small


@lru_cache(maxsize=1024)
def _of_file(path: Path, _size: int, _changed: int, sides: tuple[int, int]) -> Small:
    return _small(path, sides)


def _small(source: Path | io.BytesIO, sides: tuple[int, int]) -> Small:
    from PIL import Image, ImageOps

    out = io.BytesIO()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(source, formats=_FORMATS) as image:
                image.draft("RGB", (2 * sides[0], 2 * sides[1]))
                turned = ImageOps.exif_transpose(image)
                turned.thumbnail(sides)
                turned.convert("RGBA" if turned.has_transparency_data else "RGB").save(
                    out, "WEBP", quality=72
                )
    except (
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        struct.error,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ):
        # What Pillow raises for files that are cut, huge or not what they say.
        return NO_PICTURE
    return Small(f"data:image/webp;base64,{base64.b64encode(out.getvalue()).decode()}", *turned.size)
