"""Small copies of pictures, small enough that a page with sixty of them can be mailed. Pillow's home."""

from __future__ import annotations

import base64
import io
import struct
import warnings
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

SIDES: Final = (520, 650)
"""What a card shows at most, in pixels."""
MOST_BYTES: Final = 12_000_000
"""All pictures of one page together; many mail servers take no more than 20 MB."""
_FORMATS: Final = ("JPEG", "PNG", "GIF", "WEBP")


class Thumbnails:
    """The pictures of one page, until it is full."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._left = most
        self.full = False

    def of(self, path: Path) -> str:
        """A data URL; "" for a file that cannot be read as a picture, and once the page is full."""
        try:
            found = path.stat()
        except OSError:
            return ""
        return self._kept(_of_file(path, found.st_size, found.st_mtime_ns))

    def of_bytes(self, data: bytes) -> str:
        """The same for a picture that is no longer in a file."""
        return self._kept(_small(io.BytesIO(data)))

    def _kept(self, url: str) -> str:
        if len(url) > self._left:
            self.full = True
            return ""
        self._left -= len(url)
        return url


@lru_cache(maxsize=1024)
def _of_file(path: Path, _size: int, _changed: int) -> str:
    return _small(path)


def _small(source: Path | io.BytesIO) -> str:
    from PIL import Image, ImageOps

    out = io.BytesIO()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(source, formats=_FORMATS) as image:
                image.draft("RGB", (2 * SIDES[0], 2 * SIDES[1]))
                turned = ImageOps.exif_transpose(image)
                turned.thumbnail(SIDES)
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
    ):  # what Pillow raises for files that are cut, huge or not what they say
        return ""
    return f"data:image/webp;base64,{base64.b64encode(out.getvalue()).decode()}"
