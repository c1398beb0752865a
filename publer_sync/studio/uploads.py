"""Pictures, videos and documents that come through the page: judged by their content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publer_sync.machine.durable import shortened
from publer_sync.networks.media import inspect, suffix_of

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Protocol

    class Stream(Protocol):
        def read(self, length: int, /) -> bytes: ...


MOST_BYTES: Final = 200 << 20
"""Of one file: Publer takes no larger video (Publer docs, "Media", as the rules know it)."""
_CHUNK: Final = 1 << 16


class CutShort(Exception):
    """Less came than was announced."""


def received(stream: Stream, length: int, name: str, folder: Path) -> Path:
    """A file in `folder` with the `length` bytes that come; its ending says what it is. Raises CutShort, BadMedia and OSError."""
    raw = folder / "upload"
    with raw.open("xb") as file:
        left = length
        while left > 0:
            chunk = stream.read(min(_CHUNK, left))
            if not chunk:
                raise CutShort
            file.write(chunk)
            left -= len(chunk)
    with raw.open("rb") as file:
        head = file.read(64)
    path = folder / _named(name, head)
    raw.rename(path)
    inspect(path)
    return path


def _named(name: str, head: bytes) -> str:
    """The name as a file can have it, with the ending that its content has."""
    last = name.replace("\\", "/").rpartition("/")[2]
    bare = "".join(letter if letter.isprintable() and letter not in ':*?"<>|' else "-" for letter in last)
    stem, dot, suffix = bare.strip().lstrip(".").rpartition(".")
    stem, suffix = (stem, f".{suffix.lower()}") if dot else (suffix, "")
    right = suffix_of(head, suffix)
    if right == ".jpg" and suffix == ".jpeg":
        right = suffix
    return shortened(stem.strip(" .") or "picture", right or ".bin")
