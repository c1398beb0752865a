"""What rooms that render make of one calendar with everything in it (`tests/showcase`), stored as files to be read.

    python -m tests.stored              # writes all of it anew
    python -m tests.stored previewing

Each file has one element or line of a document on a line, so that a diff says what a change does to it.
"""

from __future__ import annotations

import difflib
import re
import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HERE: Final = Path(__file__).parent
ROOMS: Final = ("previewing", "render")
MOST: Final = 40
"""Lines of a difference that a test shows."""


_DIGEST: Final = re.compile(r"\b[0-9a-f]{16,64}\b")


def with_numbers(text: str) -> str:
    """With numbers for digests, equal ones by the same: those of pictures depend on the libraries that write them."""
    numbers: dict[str, int] = {}
    return _DIGEST.sub(lambda found: f"digest-{numbers.setdefault(found[0], len(numbers) + 1)}", text)


def joined(**parts: str) -> str:
    """Several texts in one file, each with its name."""
    return "\n".join(f"=== {name.replace('_', ' ')}\n{words.rstrip()}\n" for name, words in parts.items())


def folder_of(room: str) -> Path:
    return HERE / room / "stored"


def texts_of(room: str, folder: Path) -> Mapping[str, str]:
    """What the room makes now, by the name of its file."""
    texts: Mapping[str, str] = import_module(f"tests.{room}.showcase").texts(folder)
    return texts


def differences(room: str, folder: Path) -> str:
    """What differs from what is stored; "" where nothing does."""
    made = texts_of(room, folder)
    stored = {path.name: path.read_text(encoding="utf-8") for path in folder_of(room).iterdir()}
    lines: list[str] = []
    for name in sorted({*made, *stored}):
        was, now = (side.get(name, "").splitlines() for side in (stored, made))
        lines += difflib.unified_diff(was, now, f"stored/{name}", name, lineterm="", n=1)
    if len(lines) > MOST:
        lines[MOST:] = [f"and {len(lines) - MOST} lines more"]
    renew = f"If that is meant, write it anew and read the diff: python -m tests.stored {room}"
    return "\n".join([*lines, renew]) if lines else ""


def write(room: str) -> None:
    folder = folder_of(room)
    folder.mkdir(exist_ok=True)
    with TemporaryDirectory() as top:
        texts = texts_of(room, Path(top))
    for path in folder.iterdir():
        path.unlink()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def main(words: Sequence[str]) -> None:
    for room in words or ROOMS:
        write(room)


if __name__ == "__main__":
    main(sys.argv[1:])
