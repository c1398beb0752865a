"""Sides, frames and length from the headers of media files. Nothing is decoded.

Bytes are untrusted: whatever they say, reading ends after a bounded number of steps. What they do not say is None.
Every reader of a format raises CutError for a file that is incomplete.
"""

from __future__ import annotations

import os
import struct
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

STEPS: Final = 500_000
"""The most boxes, chunks or blocks of a file that are read."""

_WINDOW: Final = 16 * 1024
_BLOCK: Final = 1 << 20


class Facts(NamedTuple):
    """Sides in pixels as a person sees them (turned), `duration` in seconds; None if the headers do not say."""

    width: int | None = None
    height: int | None = None
    frames: int | None = None
    duration: float | None = None


class CutError(Exception):
    """The file ends before what its headers announce."""


class Bytes:
    """A file's bytes, read as they are needed; reading beyond the end raises CutError.

    Not as mapped memory: somebody may save the file meanwhile, and touching what is no longer there ends the process.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.size = file.seek(0, os.SEEK_END)
        self._window, self._at = b"", 0

    def part(self, start: int, length: int) -> bytes:
        if start < 0 or start + length > self.size:
            raise CutError
        if not self._at <= start <= start + length <= self._at + len(self._window):
            self._file.seek(start)
            self._window, self._at = self._file.read(max(length, _WINDOW)), start
        found = self._window[start - self._at :][:length]
        if len(found) < length:
            raise CutError
        return found

    def find(self, mark: bytes, most: int) -> int:
        """Where `mark` is in the first so many bytes; -1 if it is not."""
        return self.part(0, min(most, self.size)).find(mark)

    def has(self, mark: bytes, start: int = 0) -> bool:
        """Whether `mark` is anywhere from `start` on. Looks from the end, where these formats have it."""
        end = self.size
        while end > start:
            begin = max(start, end - _BLOCK)
            if mark in self.part(begin, min(self.size, end + len(mark) - 1) - begin):
                return True
            end = begin
        return False

    def number(self, start: int, length: int, *, little: bool = False) -> int:
        return int.from_bytes(self.part(start, length), "little" if little else "big")


def png(data: Bytes) -> Facts:
    """PNG specification, chunks; `acTL` says how many frames an animated one has."""
    width, height, frames = data.number(16, 4), data.number(20, 4), 1
    at = 8
    for _ in range(STEPS):
        length, kind = data.number(at, 4), data.part(at + 4, 4)
        if kind == b"IEND":
            return Facts(width, height, frames)
        if kind == b"acTL":
            frames = data.number(at + 8, 4)
        at += 12 + length
    raise CutError


def gif(data: Bytes) -> Facts:
    """GIF89a: one image descriptor a frame."""
    width, height, flags = data.number(6, 2, little=True), data.number(8, 2, little=True), data.number(10, 1)
    at, frames = 13 + _colours(flags), 0
    for _ in range(STEPS):
        mark = data.number(at, 1)
        if mark == 0x3B:
            return Facts(width, height, frames)
        if mark == 0x2C:
            frames += 1
            at += 11 + _colours(data.number(at + 9, 1))
        elif mark == 0x21:
            at += 2
        else:
            raise CutError
        at = _past_blocks(data, at)
    raise CutError


def _colours(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _past_blocks(data: Bytes, at: int) -> int:
    for _ in range(STEPS * 4):
        length = data.number(at, 1)
        at += 1 + length
        if length == 0:
            return at
    raise CutError


def jpeg(data: Bytes) -> Facts:
    """JPEG: the frame header has the sides; the EXIF orientation may turn them."""
    at, turned, sides = 2, False, None
    for _ in range(STEPS):
        if data.number(at, 1) != 0xFF:
            raise CutError
        marker = data.number(at + 1, 1)
        if marker == 0xFF:
            at += 1
            continue
        if marker in _ALONE:
            at += 2
            continue
        length = data.number(at + 2, 2)
        if length < 2:
            raise CutError
        if marker == 0xE1 and data.part(at + 4, min(6, length - 2)) == b"Exif\0\0":
            turned = _turned(data.part(at + 10, length - 8))
        if marker in _FRAMES:
            sides = data.number(at + 7, 2), data.number(at + 5, 2)
        if marker == 0xDA:
            break
        at += 2 + length
    if sides is None or not data.has(b"\xff\xd9", at):
        raise CutError
    width, height = sides[::-1] if turned else sides
    return Facts(width, height, 1)


_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE: Final = frozenset(range(0xD0, 0xD9)) | {0x01}


def _turned(tiff: bytes) -> bool:
    """Whether the orientation tag (0x0112) lays the picture on its side: values 5 to 8."""
    little = tiff[:2] == b"II"

    def number(start: int, length: int) -> int:
        return int.from_bytes(tiff[start : start + length], "little" if little else "big")

    start = number(4, 4)
    for entry in range(start + 2, start + 2 + 12 * min(number(start, 2), 200), 12):
        if number(entry, 2) == 0x0112:
            return number(entry + 8, 2) in (5, 6, 7, 8)
    return False


def webp(data: Bytes) -> Facts:
    """WebP container: simple lossy (VP8), lossless (VP8L) or extended (VP8X), which may be animated."""
    if data.number(4, 4, little=True) + 8 > data.size + 1:
        raise CutError
    kind = data.part(12, 4)
    if kind == b"VP8 ":
        return Facts(data.number(26, 2, little=True) & 0x3FFF, data.number(28, 2, little=True) & 0x3FFF, 1)
    if kind == b"VP8L":
        bits = data.number(21, 4, little=True)
        return Facts((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, 1)
    if kind != b"VP8X":
        raise CutError
    width, height = data.number(24, 3, little=True) + 1, data.number(27, 3, little=True) + 1
    frames = sum(chunk == b"ANMF" for chunk, _, _ in _riff(data, 12, data.size))
    return Facts(width, height, frames or 1)


def _riff(data: Bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The chunks between two places: name, start and length of the content."""
    for _ in range(STEPS):
        if at + 8 > end:
            return
        length = data.number(at + 4, 4, little=True)
        yield data.part(at, 4), at + 8, length
        at += 8 + length + (length & 1)


# --- videos ---------------------------------------------------------------------------------------------------------


def mp4(data: Bytes) -> Facts:
    """ISO base media (MP4, MOV): length in `mvhd`, sides in the video track's `tkhd`, which may be turned."""
    whole = {name: (start, end) for name, start, end in _boxes(data, 0, data.size, strict=True)}
    moov = whole.get(b"moov")
    if moov is None:
        raise CutError
    scale, units, sides = 0, 0, None
    for name, start, end in _boxes(data, *moov):
        if name == b"mvhd":
            scale, units = _length(data, start)
        elif name == b"trak":
            sides = sides or _track(data, start, end)
        elif name == b"mvex" and not units:
            units = _fragments(data, start, end)
    width, height = sides or (None, None)
    return Facts(width, height, duration=units / scale if units and scale else None)


def _boxes(data: Bytes, at: int, end: int, *, strict: bool = False) -> Iterator[tuple[bytes, int, int]]:
    """The boxes between two places: name, start and end of the content. `strict`: the last one must be whole."""
    for _ in range(STEPS):
        if at + 8 > end:
            return
        length, name, head = data.number(at, 4), data.part(at + 4, 4), 8
        if length == 1:
            length, head = data.number(at + 8, 8), 16
        elif length == 0:
            length = end - at
        if length < head or (at + length > end and not strict):
            return
        if at + length > end:
            raise CutError
        yield name, at + head, at + length
        at += length
    raise CutError


def _length(data: Bytes, at: int) -> tuple[int, int]:
    """Units a second, and units in all, of an `mvhd`; version 1 has 64 bits, and all ones mean unknown."""
    wide = data.number(at, 1) == 1
    scale = data.number(at + (20 if wide else 12), 4)
    units = data.number(at + (24 if wide else 16), 8 if wide else 4)
    return scale, 0 if units == (1 << (64 if wide else 32)) - 1 else units


def _fragments(data: Bytes, start: int, end: int) -> int:
    """The units in all of a fragmented file, 0 where no `mehd` has them."""
    for name, at, _ in _boxes(data, start, end):
        if name == b"mehd":
            return data.number(at + 4, 8 if data.number(at, 1) == 1 else 4)
    return 0


def _track(data: Bytes, start: int, end: int) -> tuple[int, int] | None:
    """The sides of a track with pictures; None for sound."""
    for name, at, _ in _boxes(data, start, end):
        if name == b"tkhd":
            shift = 12 if data.number(at, 1) == 1 else 0
            width, height = data.number(at + 76 + shift, 4) >> 16, data.number(at + 80 + shift, 4) >> 16
            across = data.number(at + 40 + shift, 4)
            return ((height, width) if across == 0 else (width, height)) if width and height else None
    return None


def webm(data: Bytes) -> Facts:
    """WebM (a Matroska subset): EBML elements; Info has the length, Tracks the sides."""
    scale, units, width, height = 1_000_000, None, None, None
    for name, start, end in _elements(data, 0, data.size, (0x18538067, 0x1549A966, 0x1654AE6B, 0xAE, 0xE0)):
        length = end - start
        if name == 0x18538067 and data.size < end < 1 << 55:
            raise CutError
        if name == 0x2AD7B1:
            scale = data.number(start, min(length, 8))
        elif name == 0x4489 and length in (4, 8):
            units = struct.unpack(">f" if length == 4 else ">d", data.part(start, length))[0]
        elif name == 0xB0 and width is None:
            width = data.number(start, min(length, 8))
        elif name == 0xBA and height is None:
            height = data.number(start, min(length, 8))
        elif name == 0x1F43B675:
            break
    duration = units * scale / 1e9 if units else None
    return Facts(width, height, duration=duration if duration and 0 < duration < 1e9 else None)


def _elements(data: Bytes, at: int, end: int, inside: tuple[int, ...]) -> Iterator[tuple[int, int, int]]:
    """EBML elements in order: id, start and end of the content; those in `inside` are entered."""
    for _ in range(STEPS):
        if at >= end:
            return
        name, at = _vint(data, at, keep=True)
        length, start = _vint(data, at, keep=False)
        yield name, start, start + length
        at = start if name in inside else start + length


def _vint(data: Bytes, at: int, *, keep: bool) -> tuple[int, int]:
    first = data.number(at, 1)
    width = 9 - first.bit_length()
    if width > 8:
        raise CutError
    value = data.number(at, width)
    if not keep:
        value &= (1 << 7 * width) - 1
    return value, at + width


def avi(data: Bytes) -> Facts:
    """AVI: the main header `avih`."""
    if data.number(4, 4, little=True) + 8 > data.size + 1:
        raise CutError
    header = data.find(b"avih", 4096)
    if header < 0:
        raise CutError
    at = header + 8
    micros, frames = data.number(at, 4, little=True), data.number(at + 16, 4, little=True)
    width, height = data.number(at + 32, 4, little=True), data.number(at + 36, 4, little=True)
    return Facts(width, height, duration=micros * frames / 1e6 or None)


# --- documents ------------------------------------------------------------------------------------------------------


def pdf(data: Bytes) -> Facts:
    """PDF: complete if it has its end mark."""
    if not data.has(b"%%EOF"):
        raise CutError
    return Facts()


def nothing(_: Bytes) -> Facts:
    """For formats whose headers say nothing that a rule needs."""
    return Facts()
