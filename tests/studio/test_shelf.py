"""What the page shows of a video or a document: a frame or the first page, made by programs that may be missing."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from publer_sync.previewing.thumbnails import NO_PICTURE
from publer_sync.studio.shelf import MediaShelf, ServedThumbnails
from tests.networks.test_media import VIDEO
from tests.previewing.test_stills import PROGRAM, pdf
from tests.studio.desk import desk_of

if TYPE_CHECKING:
    from pathlib import Path

POSTS = """posts:
- id: film
  at: 2027-03-02 09:00
  accounts: x
  text: A film
  media: [{file: media/film.mp4}]
- id: guide
  at: 2027-03-03 09:00
  accounts: linkedin
  title: A guide
  text: Read it
  media: [{file: media/guide.pdf}]
"""


def calendar(top: Path) -> Path:
    (top / "media").mkdir(parents=True)
    (top / "media" / "film.mp4").write_bytes(VIDEO)
    (top / "media" / "guide.pdf").write_bytes(pdf(3))
    (top / "publer.yaml").write_text("timezone: UTC\naccounts: {x: Me, linkedin: Us}\n", "utf-8")
    (top / "posts.yaml").write_text(POSTS, "utf-8")
    return top


@pytest.mark.skipif(os.name == "nt", reason="the programs are shell scripts")
def test_a_frame_and_a_first_page_are_on_the_page_and_in_the_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    Image.new("RGB", (64, 36), "teal").save(tmp_path / "still.png")
    for name in ("ffmpeg", "pdftoppm"):
        (tools / name).write_text(
            PROGRAM.format(log=tmp_path / "log", picture=tmp_path / "still.png"), "utf-8"
        )
        (tools / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    with desk_of(calendar(tmp_path / "calendar")) as desk:
        page = desk.page
        assert not (tmp_path / "log").exists(), "made once a browser asks for it"
        for name, words in (("film", "0:12, 1920 x 1080"), ("guide", "3 pages, 210 x 297 mm")):
            thumb = desk.post(name)["media"][0]["thumb"]
            assert f'<img src="{thumb}"' in page
            assert words in page
            assert desk.ask("GET", thumb.replace("media/", "")).status == 404
            told = desk.ask("GET", thumb)
            assert (told.status, told.headers["Content-Type"]) == (200, "image/webp")
            assert Image.open(io.BytesIO(told.raw)).size == (64, 36)
        assert (tmp_path / "log").read_text("utf-8").count("\n") == 2
        thumbnails = ServedThumbnails(MediaShelf(3))
        film = thumbnails.still(desk.top / "media" / "film.mp4")
        assert (film.width, film.height) == (960, 540)
        assert (thumbnails.still(desk.top / "media" / "guide.pdf").width, film.url is None) == (0, False)
        (tmp_path / "broken.mp4").write_text("words")
        assert thumbnails.still(tmp_path / "broken.mp4") == NO_PICTURE


def test_only_a_picture_that_can_be_read_has_a_small_copy(tmp_path: Path) -> None:
    shelf = MediaShelf(2)
    thumbnails = ServedThumbnails(shelf)
    for name, size in (("wide.png", (2000, 500)), ("thin.png", (2, 1000)), ("small.png", (8, 6))):
        Image.new("RGB", size, "teal").save(tmp_path / name)
    (tmp_path / "broken.png").write_text("words")
    (tmp_path / "notes.txt").write_text("words")
    raw = (tmp_path / "small.png").read_bytes()
    (tmp_path / "no-width.png").write_bytes(raw[:16] + bytes(4) + raw[20:])
    (tmp_path / "no-height.png").write_bytes(raw[:20] + bytes(4) + raw[24:])
    for name in ("none.png", "broken.png", "notes.txt", "no-width.png", "no-height.png"):
        assert thumbnails.of(tmp_path / name) == NO_PICTURE
    for name in ("none.mp4", "notes.txt"):
        assert thumbnails.still(tmp_path / name) == NO_PICTURE
    for name in ("wide.png", "thin.png", "small.png"):
        small = thumbnails.of(tmp_path / name)
        kept = shelf.picture((small.url or "").removeprefix("/studio/media/2-")) or b""
        assert Image.open(io.BytesIO(kept)).size == (small.width, small.height)
    run, _, last = (shelf.address(tmp_path / "small.png") or "").partition("-")[2].rpartition(".")
    for picture in (
        "x.0",
        f"x.{last}",
        f"{run}.{int(last) + 1}",
        f"{run}.99",
        f"{run}.x",
        f"{run}.²",
        f"{run}.{chr(ord('٠') + int(last))}",
        run,
        f"{run}.0",
    ):
        (tmp_path / "wide.png").unlink(missing_ok=True)
        assert shelf.picture(picture) is None


def test_without_the_programs_the_page_promises_no_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with desk_of(calendar(tmp_path / "calendar")) as desk:
        assert [desk.post(name)["media"][0]["thumb"] for name in ("film", "guide")] == [None, None]
        assert "/studio/media/" not in desk.page
