"""Small copies of pictures: how large they are, how many a page takes, and what it is without Pillow."""

from __future__ import annotations

import sys
import warnings
from base64 import b64decode
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from publer_sync.previewing.thumbnails import FEWER, NO_PICTURE, SIDES, Thumbnails
from publer_sync.values.errors import SettingsError
from tests.networks.test_media import VIDEO
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path


def picture(path: Path, colour: str, size: tuple[int, int] = (1300, 900), **more: Any) -> Path:
    Image.new("RGB", size, colour).save(path, **more)
    return path


@pytest.mark.story
def test_once_half_of_a_page_is_used_pictures_are_smaller_and_then_left_out(tmp_path: Path) -> None:
    first, second, third = (picture(tmp_path / f"{name}.png", name) for name in ("red", "green", "blue"))
    size = len(Thumbnails().of(first).url)
    assert (Thumbnails(size).of(first).width, Thumbnails(size - 1).of(first)) == (SIDES[0], NO_PICTURE)
    page = Thumbnails(2 * size)
    assert page.of(first).width == SIDES[0]
    assert (page.of(first).url, page.full) == (Thumbnails().of(first).url, False), "the same is there once"
    assert page.of(second).width == FEWER[0]
    small = Thumbnails(size + 10)
    assert small.of(first).width == SIDES[0]
    assert (small.of(third), small.full) == (NO_PICTURE, True)
    assert small.of(first).width == SIDES[0], "what the page has it shows again"


@pytest.mark.story
def test_a_picture_that_did_not_fit_is_there_once_pictures_are_smaller(tmp_path: Path) -> None:
    red = picture(tmp_path / "red.png", "red")
    size = len(Thumbnails().of(red).url)
    page = Thumbnails(size - 1)
    assert page.of(red) == NO_PICTURE
    assert page.film_of_bytes(bytes(size * 3 // 8), "film.mp4")
    assert page.of(red).width == FEWER[0]


def test_a_small_picture_stays_as_it_is_and_one_lies_as_its_camera_says(tmp_path: Path) -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    found = Thumbnails().of(picture(tmp_path / "turned.jpg", "red", (60, 40), exif=turned))
    assert found[1:] == (40, 60)
    assert found.url.startswith("data:image/webp;base64,")


@each_of("data", [b"", b"no picture", b"\x89PNG\r\n\x1a\n and then nothing"])
def test_what_is_no_picture_has_none(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "broken.png").write_bytes(data)
    page = Thumbnails()
    assert (
        page.of(tmp_path / "broken.png")
        == page.of_bytes(data)
        == page.of(tmp_path / "gone.png")
        == NO_PICTURE
    )
    assert page.still(tmp_path / "gone.mp4") == NO_PICTURE
    assert not page.full


def test_a_picture_that_would_fill_the_memory_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a few kilobytes it may be thousands of pixels wide and high."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        shown = [
            bool(Thumbnails().of(picture(tmp_path / f"{side}.png", "red", (side, side))).url)
            for side in (30, 40, 60)
        ]
    assert shown == [True, False, False]


def test_a_short_video_is_on_the_page_itself_and_a_long_one_is_not(tmp_path: Path) -> None:
    film = tmp_path / "film.MP4"
    film.write_bytes(VIDEO)
    page = Thumbnails()
    assert page.film(film).startswith("data:video/mp4;base64,")
    assert page.film_of_bytes(VIDEO, "film.webm").startswith("data:video/webm;base64,")
    assert page.film_of_bytes(VIDEO, "film.avi") == page.film(tmp_path / "gone.mp4") == ""
    film.write_bytes(bytes(1_500_000))
    assert page.film(film)
    film.write_bytes(bytes(1_500_001))
    assert page.film(film) == ""
    assert Thumbnails(2 * len(VIDEO)).film_of_bytes(VIDEO, "film.mp4")
    assert not Thumbnails(2 * len(VIDEO) - 2).film_of_bytes(VIDEO, "film.mp4"), "half of what is left"
    page.served = True
    assert page.film_of_bytes(VIDEO, "film.mp4") == ""


def test_a_film_takes_room_of_the_pictures(tmp_path: Path) -> None:
    shown = picture(tmp_path / "red.png", "red")
    size = len(Thumbnails().of(shown).url)
    page = Thumbnails(size + 10)
    assert page.film_of_bytes(b"short", "film.mp4")
    assert (page.of(shown), page.full) == (NO_PICTURE, True)


def test_without_pillow_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(SettingsError, match="Pillow, which is not installed"):
        Thumbnails()


def test_a_picture_with_clear_parts_keeps_them() -> None:
    data = BytesIO()
    Image.new("RGBA", (4, 4), (255, 0, 0, 0)).save(data, "PNG")
    url = Thumbnails().of_bytes(data.getvalue()).url
    with Image.open(BytesIO(b64decode(url.partition(",")[2]))) as found:
        assert found.mode == "RGBA"


def test_a_picture_of_two_files_takes_its_room_once(tmp_path: Path) -> None:
    data = picture(tmp_path / "red.png", "red", (40, 40)).read_bytes()
    page = Thumbnails(len(Thumbnails().of_bytes(data).url) + 10)
    assert page.of_bytes(data).url == page.of_bytes(data).url != ""
    assert page.of(tmp_path / "red.png").url
    assert not page.full
