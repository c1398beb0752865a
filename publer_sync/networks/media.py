"""What a media file really is, read from its bytes rather than its name, and whether Publer accepts it."""

from __future__ import annotations

import struct
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from publer_sync.networks import media_headers as headers
from publer_sync.networks.media_headers import Bytes, CutError, Facts
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.problems import Help

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from publer_sync.networks.kinds import MediaKind


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """`size` in bytes, sides in pixels as a person sees them (turned), `duration` in seconds; None if unknown."""

    mime: str
    kind: MediaKind
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
    """A file that cannot be published. `message` is for people and names the file."""

    def __init__(self, code: str, message: str, help: Help) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.help = help


def inspect(path: Path) -> MediaInfo:
    """Read the headers of the file at `path`, once in a run unless it changes.

    Raises BadMedia for what no network could show: a file that is empty, incomplete, of another format or not what its
    name says; OSError if it cannot be read.
    """
    found = path.stat()
    return _inspect(path, found.st_size, found.st_mtime_ns)


def suffix_of(head: bytes, suffix: str = "") -> str:
    """The ending of a file's name that goes with its first 64 bytes; `suffix`, which it has now, where they do not tell.

    Of a Word document and a picture that Publer does not accept, only names and `inspect` tell more.
    """
    if head[4:12] == b"ftypqt  ":
        return _MOV.suffixes[0]
    found = _format_of(head, suffix)
    return next(iter(found.suffixes), suffix) if found is not None else suffix


@lru_cache(maxsize=4096)
def _inspect(path: Path, size: int, _changed: int) -> MediaInfo:
    name = "".join(letter if letter.isprintable() else "\ufffd" for letter in path.name)
    if size == 0:
        raise BadMedia("media.empty", f"{name} is empty", Help("Copy the picture or video there again"))
    with path.open("rb", buffering=0) as file:
        return _info(Bytes(file), name, path.suffix.lower())


def _info(data: Bytes, name: str, suffix: str) -> MediaInfo:
    head = data.part(0, min(64, data.size))
    found = _format_of(head, suffix)
    if found is None:
        raise _unknown(head, name)
    if not found.suffixes:
        help_ = Help("Save it as JPG, PNG, GIF or WebP, or a video as MP4 or MOV")
        raise BadMedia("media.format", f"{name} is {found.name}, which Publer does not accept", help_)
    if suffix not in found.suffixes:
        right = name[: len(name) - len(suffix)] + found.suffixes[0]
        message = f"{name} is {found.name} inside, but Publer goes by the name"
        raise BadMedia("media.extension", message, Help(f"Rename it to {right}, also in the calendar"))
    try:
        facts = found.read(data)
    except (CutError, struct.error) as error:
        message = f"{name} ends too early: it is {found.name}, but part of it is missing"
        help_ = Help("Copy or export it again; a download or git lfs pull may have stopped halfway")
        raise BadMedia("media.cut", message, help_) from error
    return MediaInfo(found.mime, found.kind, data.size, *facts)


def _unknown(head: bytes, name: str) -> BadMedia:
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith(b"version https://git-lfs"):
        what = "only a git-lfs pointer to the file"
        fix = "Run git lfs pull; in a workflow, check out with lfs: true"
    elif text.startswith((b"<!doctype", b"<html", b"<head", b"<body", b"<?xml", b"<svg", b"<error")):
        what, fix = "a web page or a drawing, not a picture", "Save the picture itself, as JPG or PNG"
    else:
        what = "not a picture, video or document that Publer accepts"
        fix = "Save it as JPG, PNG, GIF, WebP, MP4, MOV or PDF"
    return BadMedia("media.format", f"{name} is {what}", Help(fix))


# --- the formats ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Format:
    """`suffixes` are those with which Publer accepts it, the usual one first; none: Publer does not accept it."""

    mime: str
    kind: MediaKind
    name: str
    suffixes: tuple[str, ...] = ()
    read: Callable[[Bytes], Facts] = headers.nothing


_PNG = _Format("image/png", "photo", "a PNG picture", (".png",), headers.png)
_GIF = _Format("image/gif", "gif", "a GIF", (".gif",), headers.gif)
_JPEG = _Format("image/jpeg", "photo", "a JPEG picture", (".jpg", ".jpeg"), headers.jpeg)
_WEBP = _Format("image/webp", "photo", "a WebP picture", (".webp",), headers.webp)
_MP4 = _Format("video/mp4", "video", "an MP4 video", (".mp4",), headers.mp4)
_MOV = _Format("video/quicktime", "video", "a QuickTime video", (".mov",), headers.mp4)
_WEBM = _Format("video/webm", "video", "a WebM video", (".webm",), headers.webm)
_AVI = _Format("video/x-msvideo", "video", "an AVI video", (".avi",), headers.avi)
_PDF = _Format("application/pdf", "document", "a PDF", (".pdf",), headers.pdf)
_TIFF = _Format("image/tiff", "photo", "a TIFF picture")
_MATROSKA = _Format("video/x-matroska", "video", "a Matroska video")

_OPEN_XML: Final = "application/vnd.openxmlformats-officedocument"
_OFFICE: Final = {
    suffix: _Format(mime, "document", name, (suffix,))
    for suffix, name, mime in (
        (".docx", "a Word document", f"{_OPEN_XML}.wordprocessingml.document"),
        (".pptx", "a PowerPoint document", f"{_OPEN_XML}.presentationml.presentation"),
        (".doc", "a Word document", "application/msword"),
        (".ppt", "a PowerPoint document", "application/vnd.ms-powerpoint"),
    )
}
"""All are zip or OLE files: only their names tell them apart."""

_BRANDS: Final = {
    **dict.fromkeys((b"heic", b"heix"), _Format("image/heic", "photo", "a HEIC picture")),
    **dict.fromkeys((b"mif1", b"msf1"), _Format("image/heif", "photo", "a HEIF picture")),
    **dict.fromkeys((b"avif", b"avis"), _Format("image/avif", "photo", "an AVIF picture")),
    b"M4A ": _Format("audio/mp4", "video", "a sound file"),
}
"""Files built like MP4 that are not videos, by the brand in their first box."""

_SIGNATURES: Final = (
    (b"\x89PNG\r\n\x1a\n", _PNG),
    (b"GIF87a", _GIF),
    (b"GIF89a", _GIF),
    (b"\xff\xd8\xff", _JPEG),
    (b"%PDF-", _PDF),
    (b"BM", _Format("image/bmp", "photo", "a BMP picture")),
    (b"II*\0", _TIFF),
    (b"MM\0*", _TIFF),
    (b"\0\0\x01\0", _Format("image/x-icon", "photo", "an icon")),
)


def _format_of(head: bytes, suffix: str) -> _Format | None:
    """By the first bytes. MP4 and MOV are one format with two names, and Publer goes by the name."""
    for signature, found in _SIGNATURES:
        if head.startswith(signature):
            return found
    if head[:4] == b"RIFF":
        return {b"WEBP": _WEBP, b"AVI ": _AVI}.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12]) or (_MOV if suffix == ".mov" else _MP4)
    if head[4:8] in (b"moov", b"mdat", b"wide", b"free", b"skip"):
        return _MP4 if suffix == ".mp4" else _MOV
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return _WEBM if b"webm" in head else _MATROSKA
    if head[:4] == b"PK\x03\x04" or head[:4] == b"\xd0\xcf\x11\xe0":
        return _OFFICE.get(suffix)
    return None
