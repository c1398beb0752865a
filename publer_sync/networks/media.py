"""What a media file really is, read from its bytes: kind, sides, frames, length. Headers alone; nothing is decoded.

Bytes are untrusted: whatever they say, reading ends after a bounded number of steps, and what cannot be known is None.
"""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from publer_sync.networks.kinds import Kind

STEPS: Final = 500_000
"""Boxes, chunks or blocks looked at before a file counts as nonsense."""


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """`size` in bytes, sides in pixels as a person sees them (turned), `duration` in seconds; None: not said."""

    mime: str
    kind: Kind
    size: int
    width: int | None = None
    height: int | None = None
    frames: int | None = None
    duration: float | None = None

    @property
    def ratio(self) -> float | None:
        """Width by height."""
        return self.width / self.height if self.width and self.height else None


class BadMedia(Exception):
    """A file that cannot go out. `message` and `help` are for people and name the file."""

    def __init__(self, code: str, message: str, help: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.help = help


class _Cut(Exception):
    """The bytes end before what they announce."""


@dataclass(frozen=True, slots=True)
class _Format:
    mime: str
    kind: Kind
    name: str
    suffixes: tuple[str, ...]
    read: Callable[[_Bytes], tuple[int | None, int | None, int | None, float | None]]
    taken: bool = True


class _Bytes:
    """A file's bytes; reading beyond the end is a cut file, never a crash."""

    def __init__(self, data: mmap.mmap | bytes) -> None:
        self.data = data
        self.size = len(data)

    def part(self, start: int, length: int) -> bytes:
        if start < 0 or start + length > self.size:
            raise _Cut
        return bytes(self.data[start : start + length])

    def number(self, start: int, length: int, *, little: bool = False) -> int:
        return int.from_bytes(self.part(start, length), "little" if little else "big")


def inspect(path: Path) -> MediaInfo:
    """Look into the file at `path`; once in a run, unless the file changes.

    Raises BadMedia for what no network could show: an empty, cut or foreign file, or one that its name lies about;
    OSError where it cannot be read.
    """
    found = path.stat()
    return _inspect(path, found.st_size, found.st_mtime_ns)


@lru_cache(maxsize=4096)
def _inspect(path: Path, size: int, _changed: int) -> MediaInfo:
    name = "".join(letter if letter.isprintable() else "\ufffd" for letter in path.name)
    if size == 0:
        raise BadMedia("media.empty", f"{name} is empty", "Put the picture or the video there again")
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return _look(_Bytes(data), name, path.suffix.lower())


def _look(data: _Bytes, name: str, suffix: str) -> MediaInfo:
    head = data.part(0, min(64, data.size))
    found = _recognise(head, suffix)
    if found is None:
        raise _foreign(head, name)
    if not found.taken:
        raise BadMedia(
            "media.format",
            f"{name} is {found.name}, which Publer does not take",
            "Save it as JPG, PNG, GIF or WebP, a video as MP4 or MOV",
        )
    if suffix not in found.suffixes:
        right = name[: len(name) - len(suffix)] + found.suffixes[0]
        raise BadMedia(
            "media.extension",
            f"{name} is {found.name} inside, and Publer goes by the name",
            f"Rename it to {right}, and say so in the calendar",
        )
    try:
        width, height, frames, duration = found.read(data)
    except (_Cut, struct.error) as error:
        raise BadMedia(
            "media.cut",
            f"{name} ends too early: it is {found.name}, but a part of it is missing",
            "Copy or export it again; a download or a git-lfs pull may have stopped half-way",
        ) from error
    return MediaInfo(found.mime, found.kind, data.size, width, height, frames, duration)


def _foreign(head: bytes, name: str) -> BadMedia:
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith(b"version https://git-lfs"):
        said, cure = (
            "only a git-lfs pointer to the file",
            "Run git lfs pull, in a workflow: checkout with lfs: true",
        )
    elif text.startswith((b"<!doctype", b"<html", b"<head", b"<body", b"<?xml", b"<svg", b"<error")):
        said, cure = "a web page or a drawing, no picture", "Save the picture itself, as JPG or PNG"
    else:
        said, cure = (
            "no picture, video or document that Publer knows",
            "Save it as JPG, PNG, GIF, WebP, MP4, MOV or PDF",
        )
    return BadMedia("media.format", f"{name} is {said}", cure)


# --- pictures -------------------------------------------------------------------------------------------------------

_Facts = tuple[int | None, int | None, int | None, float | None]


def _png(data: _Bytes) -> _Facts:
    """PNG specification, chunks; `acTL` says how many frames an animated one has."""
    width, height, frames = data.number(16, 4), data.number(20, 4), 1
    at = 8
    for _ in range(STEPS):
        length, kind = data.number(at, 4), data.part(at + 4, 4)
        if kind == b"IEND":
            return width, height, frames, None
        if kind == b"acTL":
            frames = data.number(at + 8, 4)
        at += 12 + length
    raise _Cut


def _gif(data: _Bytes) -> _Facts:
    """GIF89a: one image descriptor a frame."""
    width, height, flags = data.number(6, 2, little=True), data.number(8, 2, little=True), data.number(10, 1)
    at, frames = 13 + _colours(flags), 0
    for _ in range(STEPS):
        mark = data.number(at, 1)
        if mark == 0x3B:
            return width, height, frames, None
        if mark == 0x2C:
            frames += 1
            at += 11 + _colours(data.number(at + 9, 1))
        elif mark == 0x21:
            at += 2
        else:
            raise _Cut
        at = _past_blocks(data, at)
    raise _Cut


def _colours(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _past_blocks(data: _Bytes, at: int) -> int:
    for _ in range(STEPS * 4):
        length = data.number(at, 1)
        at += 1 + length
        if length == 0:
            return at
    raise _Cut


def _jpeg(data: _Bytes) -> _Facts:
    """JPEG: the sides stand in the frame header; the EXIF orientation may turn them."""
    at, turned, sides = 2, False, None
    for _ in range(STEPS):
        if data.number(at, 1) != 0xFF:
            raise _Cut
        marker = data.number(at + 1, 1)
        if marker == 0xFF:
            at += 1
            continue
        if marker in _ALONE:
            at += 2
            continue
        length = data.number(at + 2, 2)
        if length < 2:
            raise _Cut
        if marker == 0xE1 and data.part(at + 4, min(6, length - 2)) == b"Exif\0\0":
            turned = _turned(data.part(at + 10, length - 8))
        if marker in _FRAMES:
            sides = data.number(at + 7, 2), data.number(at + 5, 2)
        if marker == 0xDA:
            break
        at += 2 + length
    if sides is None or data.data.rfind(b"\xff\xd9", at) < 0:
        raise _Cut
    width, height = sides[::-1] if turned else sides
    return width, height, 1, None


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


def _webp(data: _Bytes) -> _Facts:
    """WebP container: simple lossy (VP8), lossless (VP8L) or extended (VP8X), which may be animated."""
    if data.number(4, 4, little=True) + 8 > data.size + 1:
        raise _Cut
    kind = data.part(12, 4)
    if kind == b"VP8 ":
        return data.number(26, 2, little=True) & 0x3FFF, data.number(28, 2, little=True) & 0x3FFF, 1, None
    if kind == b"VP8L":
        bits = data.number(21, 4, little=True)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, 1, None
    if kind != b"VP8X":
        raise _Cut
    width, height = data.number(24, 3, little=True) + 1, data.number(27, 3, little=True) + 1
    frames = sum(chunk == b"ANMF" for chunk, _, _ in _riff(data, 12, data.size))
    return width, height, frames or 1, None


def _riff(data: _Bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The chunks between two places: name, start and length of the content."""
    for _ in range(STEPS):
        if at + 8 > end:
            return
        length = data.number(at + 4, 4, little=True)
        yield data.part(at, 4), at + 8, length
        at += 8 + length + (length & 1)


# --- videos ---------------------------------------------------------------------------------------------------------


def _mp4(data: _Bytes) -> _Facts:
    """ISO base media (MP4, MOV): length in `mvhd`, sides in the video track's `tkhd`, which may be turned."""
    whole = {name: (start, end) for name, start, end in _boxes(data, 0, data.size, strict=True)}
    moov = whole.get(b"moov")
    if moov is None:
        raise _Cut
    scale, units, sides = 0, 0, None
    for name, start, end in _boxes(data, *moov):
        if name == b"mvhd":
            scale, units = _clock(data, start)
        elif name == b"trak":
            sides = sides or _track(data, start, end)
        elif name == b"mvex" and not units:
            units = _fragments(data, start, end)
    width, height = sides or (None, None)
    return width, height, None, units / scale if units and scale else None


def _boxes(data: _Bytes, at: int, end: int, *, strict: bool = False) -> Iterator[tuple[bytes, int, int]]:
    """The boxes between two places: name, start and end of the content. `strict`: the last one has to be whole."""
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
            raise _Cut
        yield name, at + head, at + length
        at += length
    raise _Cut


def _clock(data: _Bytes, at: int) -> tuple[int, int]:
    """Units a second, and units in all, of an `mvhd`; version 1 has 64 bits, and all ones say that nobody knows."""
    wide = data.number(at, 1) == 1
    scale = data.number(at + (20 if wide else 12), 4)
    units = data.number(at + (24 if wide else 16), 8 if wide else 4)
    return scale, 0 if units == (1 << (64 if wide else 32)) - 1 else units


def _fragments(data: _Bytes, start: int, end: int) -> int:
    """The units in all of a fragmented file, where its `mehd` says them."""
    for name, at, _ in _boxes(data, start, end):
        if name == b"mehd":
            return data.number(at + 4, 8 if data.number(at, 1) == 1 else 4)
    return 0


def _track(data: _Bytes, start: int, end: int) -> tuple[int, int] | None:
    """The sides of a track that shows something; None for sound."""
    for name, at, _ in _boxes(data, start, end):
        if name == b"tkhd":
            shift = 12 if data.number(at, 1) == 1 else 0
            width, height = data.number(at + 76 + shift, 4) >> 16, data.number(at + 80 + shift, 4) >> 16
            across = data.number(at + 40 + shift, 4)
            return ((height, width) if across == 0 else (width, height)) if width and height else None
    return None


def _webm(data: _Bytes) -> _Facts:
    """WebM (a Matroska subset): EBML elements; Info has the length, Tracks the sides."""
    scale, units, width, height = 1_000_000, None, None, None
    for name, start, end in _elements(data, 0, data.size, (0x18538067, 0x1549A966, 0x1654AE6B, 0xAE, 0xE0)):
        length = end - start
        if name == 0x18538067 and data.size < end < 1 << 55:
            raise _Cut
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
    return width, height, None, duration if duration and 0 < duration < 1e9 else None


def _elements(data: _Bytes, at: int, end: int, inside: tuple[int, ...]) -> Iterator[tuple[int, int, int]]:
    """EBML elements in order: id, start and end of the content; those named in `inside` are entered."""
    for _ in range(STEPS):
        if at >= end:
            return
        name, at = _vint(data, at, keep=True)
        length, start = _vint(data, at, keep=False)
        yield name, start, start + length
        at = start if name in inside else start + length


def _vint(data: _Bytes, at: int, *, keep: bool) -> tuple[int, int]:
    first = data.number(at, 1)
    width = 9 - first.bit_length()
    if width > 8:
        raise _Cut
    value = data.number(at, width)
    if not keep:
        value &= (1 << 7 * width) - 1
    return value, at + width


def _avi(data: _Bytes) -> _Facts:
    """AVI: the main header `avih`."""
    if data.number(4, 4, little=True) + 8 > data.size + 1:
        raise _Cut
    header = data.data.find(b"avih", 0, 4096)
    if header < 0:
        raise _Cut
    at = header + 8
    micros, frames = data.number(at, 4, little=True), data.number(at + 16, 4, little=True)
    width, height = data.number(at + 32, 4, little=True), data.number(at + 36, 4, little=True)
    return width, height, None, micros * frames / 1e6 or None


# --- documents ------------------------------------------------------------------------------------------------------


def _pdf(data: _Bytes) -> _Facts:
    if data.data.rfind(b"%%EOF") < 0:
        raise _Cut
    return None, None, None, None


def _plain(_: _Bytes) -> _Facts:
    return None, None, None, None


# --- which is which -------------------------------------------------------------------------------------------------

_PNG = _Format("image/png", "photo", "a PNG picture", (".png",), _png)
_GIF = _Format("image/gif", "gif", "a GIF", (".gif",), _gif)
_JPEG = _Format("image/jpeg", "photo", "a JPEG picture", (".jpg", ".jpeg"), _jpeg)
_WEBP = _Format("image/webp", "photo", "a WebP picture", (".webp",), _webp)
_MP4 = _Format("video/mp4", "video", "an MP4 video", (".mp4",), _mp4)
_MOV = _Format("video/quicktime", "video", "a QuickTime video", (".mov",), _mp4)
_WEBM = _Format("video/webm", "video", "a WebM video", (".webm",), _webm)
_AVI = _Format("video/x-msvideo", "video", "an AVI video", (".avi",), _avi)
_PDF = _Format("application/pdf", "document", "a PDF", (".pdf",), _pdf)

_OFFICE: Final = {
    ".docx": _Format(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "document",
        "a Word document",
        (".docx",),
        _plain,
    ),
    ".pptx": _Format(
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "document",
        "a PowerPoint document",
        (".pptx",),
        _plain,
    ),
    ".doc": _Format("application/msword", "document", "a Word document", (".doc",), _plain),
    ".ppt": _Format("application/vnd.ms-powerpoint", "document", "a PowerPoint document", (".ppt",), _plain),
}


def _refused(mime: str, name: str, kind: Kind = "photo") -> _Format:
    return _Format(mime, kind, name, (), _plain, taken=False)


_BRANDS: Final = {
    b"heic": _refused("image/heic", "a HEIC picture"),
    b"heix": _refused("image/heic", "a HEIC picture"),
    b"mif1": _refused("image/heif", "a HEIF picture"),
    b"msf1": _refused("image/heif", "a HEIF picture"),
    b"avif": _refused("image/avif", "an AVIF picture"),
    b"avis": _refused("image/avif", "an AVIF picture"),
    b"M4A ": _refused("audio/mp4", "a sound file", "video"),
}
_SIGNS: Final = (
    (b"\x89PNG\r\n\x1a\n", _PNG),
    (b"GIF87a", _GIF),
    (b"GIF89a", _GIF),
    (b"\xff\xd8\xff", _JPEG),
    (b"%PDF-", _PDF),
    (b"BM", _refused("image/bmp", "a BMP picture")),
    (b"II*\0", _refused("image/tiff", "a TIFF picture")),
    (b"MM\0*", _refused("image/tiff", "a TIFF picture")),
    (b"\0\0\x01\0", _refused("image/x-icon", "an icon")),
)


def _recognise(head: bytes, suffix: str) -> _Format | None:
    """By the first bytes. MP4 and MOV are one format with two names, and Publer goes by the name."""
    for sign, found in _SIGNS:
        if head.startswith(sign):
            return found
    if head[:4] == b"RIFF":
        return {b"WEBP": _WEBP, b"AVI ": _AVI}.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12]) or (_MOV if suffix == ".mov" else _MP4)
    if head[4:8] in (b"moov", b"mdat", b"wide", b"free", b"skip"):
        return _MP4 if suffix == ".mp4" else _MOV
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return _WEBM if b"webm" in head else _refused("video/x-matroska", "a Matroska video", "video")
    if head[:4] == b"PK\x03\x04" or head[:4] == b"\xd0\xcf\x11\xe0":
        return _OFFICE.get(suffix)
    return None
