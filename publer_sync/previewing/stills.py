"""What can be seen of a video or a PDF without playing or opening it: a frame, the first page, length, pages, shape and size.

Frames and first pages are made by ffmpeg and poppler where these are installed; the rest is what the file itself says.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import zlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from publer_sync.machine import temporary
from publer_sync.networks.kinds import kind_of
from publer_sync.networks.media import BadMedia, inspect
from publer_sync.render.layout.wording import count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeVar

    from publer_sync.networks.media import MediaInfo

    _Found = TypeVar("_Found")

_SIDE: Final = 960
_SECONDS: Final = 20
_MOST: Final = 50_000_000
"""Bytes of a PDF that are searched for its pages."""
_INFLATED: Final = 5_000_000
_PAGES: Final = re.compile(
    rb"/Type\s*/Pages\b[^>]{0,2000}?/Count\s+(\d+)|/Count\s+(\d+)[^>]{0,2000}?/Type\s*/Pages\b"
)
_BOX: Final = re.compile(rb"/MediaBox\s*\[\s*([-\d.]+)\s+([-\d.]+)\s+([-\d.]+)\s+([-\d.]+)")
_PACKED: Final = re.compile(rb"/ObjStm\b[^>]{0,300}>>\s*stream\r?\n")


def program_for(name: str) -> str | None:
    """What makes a picture of a file of this name; None where that is not installed."""
    if kind_of(name) == "video":
        return shutil.which("ffmpeg")
    return shutil.which("pdftoppm") if name.lower().endswith(".pdf") else None


def still_of(path: Path) -> bytes | None:
    """A picture of a frame or of the first page; None where none can be made."""
    found = path.stat()
    return _still(path.absolute(), found.st_size, found.st_mtime_ns)


def info_of(path: Path) -> MediaInfo | None:
    """None of a file that cannot be read as what its name says."""
    try:
        return inspect(path)
    except (BadMedia, OSError):
        return None


def note_of(path: Path) -> str:
    """`0:12, 1920 x 1080, 3.4 MB`, or `5 pages, 210 x 297 mm, 120 kB`; "" of a file that cannot be read."""
    info = info_of(path)
    if info is None:
        return ""
    parts = []
    if info.mime == "application/pdf":
        parts = list(_of_pdf(path))
    if info.duration:
        parts.append(f"{int(info.duration) // 60}:{int(info.duration) % 60:02}")
    if info.width:
        parts.append(f"{info.width} x {info.height}")
    return ", ".join([*parts, weight(info.size)])


def of_bytes(data: bytes, name: str, look: Callable[[Path], _Found]) -> _Found:
    """What `look` finds in a file that is no longer on the disk."""
    with temporary.folder() as folder:
        path = folder / f"file{Path(name).suffix.lower()}"
        path.write_bytes(data)
        return look(path)


def weight(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB" if size >= 100_000 else f"{max(1, round(size / 1000))} kB"


# --- pictures -------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _still(path: Path, _size: int, _changed: int) -> bytes | None:
    program, info = program_for(path.name), info_of(path)
    if program is None or info is None:  # nothing else is handed to a program that decodes it
        return None
    if kind_of(path.name) == "video":
        at = min(1.0, (info.duration or 0) / 2)
        # Files alone: a film that names other places is not followed there.
        reading = (
            "-nostdin",
            "-loglevel",
            "error",
            "-protocol_whitelist",
            "file,pipe",
            "-ss",
            f"{at:.2f}",
            "-i",
            f"file:{path}",
        )
        writing = (
            "-frames:v",
            "1",
            "-vf",
            f"scale='min({_SIDE},iw)':-2",
            "-f",
            "image2pipe",
            "-c:v",
            "png",
            "-",
        )
        return _output(program, *reading, *writing)
    if info.mime == "application/pdf":
        return _output(program, "-f", "1", "-l", "1", "-scale-to", str(_SIDE), "-png", str(path))
    return None


def _output(*command: str) -> bytes | None:
    try:
        ran = subprocess.run(  # noqa: S603 — a list of arguments, which no shell reads
            command, capture_output=True, timeout=_SECONDS, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return ran.stdout if ran.returncode == 0 and ran.stdout else None


# --- what a PDF says ------------------------------------------------------------------------------------------------


def _of_pdf(path: Path) -> Iterator[str]:
    with path.open("rb") as file:
        data = file.read(_MOST)
    parts = [data, *_unpacked(data)]
    pages = [int(one or other) for part in parts for one, other in _PAGES.findall(part)]
    if pages:
        yield count(max(pages), "page")
    box = next((found for part in parts if (found := _BOX.search(part))), None)
    if box is not None:
        left, low, right, high = (float(number) for number in box.groups())
        yield f"{abs(right - left) * 25.4 / 72:.0f} x {abs(high - low) * 25.4 / 72:.0f} mm"


def _unpacked(data: bytes) -> Iterator[bytes]:
    """The objects that newer files keep in packed streams."""
    for found in _PACKED.finditer(data):
        try:
            yield zlib.decompressobj().decompress(data[found.end() :], _INFLATED)
        except zlib.error:
            continue
