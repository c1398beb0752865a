"""Files that come through the page: all of their bytes, and a name that says what they are."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from publer_sync.networks.media import BadMedia
from publer_sync.studio.uploads import CutShort, received
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path


def picture(kind: str) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(made, kind)
    return made.getvalue()


@each_of(
    "name, kind, file",
    [
        ("C:\\fotos\\beach.JPEG", "jpeg", "beach.jpeg"),
        ("beach.jpg", "jpeg", "beach.jpg"),
        ("beach.jpeg", "png", "beach.png"),
        ("beach.png", "jpeg", "beach.jpg"),
        ("fotos/beach", "png", "beach.png"),
        ("..hidden. .png", "png", "hidden.png"),
        ('a:b*?"<>|\x07.png', "png", "a-b-------.png"),
        ("", "png", "picture.png"),
        (".png", "png", "png.png"),
    ],
)
def test_a_name_becomes_that_of_a_file_of_its_kind(name: str, kind: str, file: str, tmp_path: Path) -> None:
    raw = picture(kind)
    path = received(io.BytesIO(raw + b"more"), len(raw), name, tmp_path)
    assert (path.name, path.read_bytes()) == (file, raw)
    path.unlink()


def test_what_is_cut_short_or_no_picture_is_refused(tmp_path: Path) -> None:
    raw = picture("png")
    with pytest.raises(CutShort):
        received(io.BytesIO(raw), len(raw) + 1, "a.png", tmp_path)
    (tmp_path / "upload").unlink()
    for name, called in (("a.png", "a.png"), ("words", "words.bin")):
        with pytest.raises(BadMedia) as told:
            received(io.BytesIO(b"words"), 5, name, tmp_path)
        assert told.value.message.startswith(f"{called} is not a picture")
