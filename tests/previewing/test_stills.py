"""What is seen of a video or a PDF on a page: what its own header says, and a picture where a program can make one."""

from __future__ import annotations

import os
import zlib
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from publer_sync.previewing.stills import note_of, of_bytes, still_of, weight
from tests.networks.test_media import VIDEO, box, mp4, mvhd, tkhd
from tests.previewing.test_mistakes import NOW, SETTINGS, write
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Cli

PAGES = b"<< /Type /Pages /Count %d /Kids [3 0 R] >>"
PAGE = b"<< /Type /Page /MediaBox [0 0 595 842] >>"
PROGRAM = """#!/bin/sh
echo "$0 $*" >> "{log}"
cat "{picture}"
"""


def pdf(pages: int, *, packed: bool = False) -> bytes:
    body = PAGES % pages + b"\n" + PAGE
    if packed:
        stream = zlib.compress(body)
        body = b"<< /Type /ObjStm /N 2 /First 8 /Filter /FlateDecode >>\nstream\n" + stream + b"\nendstream"
    return b"%PDF-1.5\n1 0 obj\n" + body + b"\nendobj\n%%EOF"


@pytest.mark.parametrize("packed", [False, True])
def test_a_pdf_says_its_pages_and_its_size(tmp_path: Path, packed: bool) -> None:
    file = tmp_path / "guide.pdf"
    file.write_bytes(pdf(12, packed=packed))
    assert note_of(file) == "12 pages, 210 x 297 mm, 1 kB"
    assert of_bytes(file.read_bytes(), "guide.pdf", note_of) == note_of(file)


def test_a_video_says_its_length_and_shape_and_a_broken_file_nothing(tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_bytes(VIDEO)
    assert note_of(tmp_path / "film.mp4").startswith("0:12, 1920 x 1080, ")
    (tmp_path / "broken.mp4").write_bytes(b"no video")
    assert (note_of(tmp_path / "broken.mp4"), note_of(tmp_path / "gone.pdf")) == ("", "")


def test_without_the_programs_there_is_no_picture_and_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for name, data in (("film.mp4", VIDEO), ("guide.pdf", pdf(1))):
        (tmp_path / name).write_bytes(data)
        assert still_of(tmp_path / name) is None


@pytest.mark.skipif(os.name == "nt", reason="the programs are shell scripts")
def test_a_program_is_given_a_sound_file_and_what_to_make_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools, log = tmp_path / "tools", tmp_path / "log"
    tools.mkdir()
    (tmp_path / "picture").write_bytes(b"a picture")
    for name in ("ffmpeg", "pdftoppm"):
        (tools / name).write_text(PROGRAM.format(log=log, picture=tmp_path / "picture"), encoding="utf-8")
        (tools / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    Image.new("RGB", (2, 2)).save(tmp_path / "picture.jpg")
    short, silent = mp4(mvhd(1), box(b"trak", tkhd(64, 36))), mp4(mvhd(-1), box(b"trak", tkhd(64, 36)))
    for name, data, words in (
        ("long.mp4", VIDEO, "-ss 1.00 -i file:"),
        ("short.mp4", short, "-ss 0.50 -i file:"),
        ("unknown.mp4", silent, "-ss 0.00 -i file:"),
        ("guide.pdf", pdf(3), "-f 1 -l 1 -scale-to 960 -png "),
        ("broken.mp4", b"no video", ""),
        ("not-a.pdf", (tmp_path / "picture.jpg").read_bytes(), ""),
    ):
        (tmp_path / name).write_bytes(data)
        log.write_text("")
        assert still_of(tmp_path / name) == (b"a picture" if words else None), name
        asked = log.read_text(encoding="utf-8")
        assert f"{words}{tmp_path / name}" in asked if words else not asked, name


@pytest.mark.skipif(os.name == "nt", reason="the programs are shell scripts")
@each_of("script", ["exit 0", "echo half a picture; exit 1", "exit 1"])
def test_a_program_that_fails_makes_no_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    (tmp_path / "ffmpeg").write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (tmp_path / "ffmpeg").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    film = tmp_path / f"{len(script)}.mp4"
    film.write_bytes(VIDEO)
    assert still_of(film) is None


@each_of(
    "body, told",
    [
        (b"<< /Count 7 /Kids [3 0 R] /Type /Pages >>", "7 pages, 1 kB"),
        (b"<< /Type /Pages /Count 2 >> << /Type /Pages /Count 1 >>", "2 pages, 1 kB"),
        (PAGE, "210 x 297 mm, 1 kB"),
        (b"", "1 kB"),
    ],
)
def test_a_pdf_says_what_is_in_it(tmp_path: Path, body: bytes, told: str) -> None:
    (tmp_path / "guide.pdf").write_bytes(b"%PDF-1.5\n" + body + b"\n%%EOF")
    assert note_of(tmp_path / "guide.pdf") == told


@each_of(
    "size, told",
    [(1, "1 kB"), (99_400, "99 kB"), (99_999, "100 kB"), (100_000, "0.1 MB"), (3_400_000, "3.4 MB")],
)
def test_a_size_is_told_as_people_say_it(size: int, told: str) -> None:
    assert weight(size) == told


@pytest.mark.skipif(os.name == "nt", reason="the programs are shell scripts")
def test_both_sides_of_a_change_have_a_frame_a_page_and_their_figures(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    top, tools, log = tmp_path / "calendar", tmp_path / "tools", tmp_path / "log"
    (top / "media").mkdir(parents=True)
    tools.mkdir()
    Image.new("RGB", (64, 36), "teal").save(tmp_path / "still.png")
    for name in ("ffmpeg", "pdftoppm"):
        (tools / name).write_text(PROGRAM.format(log=log, picture=tmp_path / "still.png"), encoding="utf-8")
        (tools / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    for name, data in (
        ("old.mp4", VIDEO), ("new.mp4", VIDEO + bytes(8)), ("old.pdf", pdf(3)), ("new.pdf", pdf(5, packed=True)),
    ):  # fmt: skip
        (top / "media" / name).write_bytes(data)
    (top / "publer.yaml").write_text(SETTINGS, encoding="utf-8")
    posts = {
        "film": "accounts: facebook\ntext: A film\nmedia: [{{file: media/{0}.mp4}}]",
        "guide": "accounts: linkedin\ntext: A guide\ntitle: Guide\nmedia: [{{file: media/{0}.pdf}}]",
    }
    write(top, {name: words.format("old") for name, words in posts.items()})
    assert cli("apply", top, *NOW, "--yes").code == 0
    write(top, {name: words.format("new") for name, words in posts.items()})
    plan, out = tmp_path / "plan.json", tmp_path / "page.html"
    assert cli("plan", top, *NOW, "--out", plan).code == 0
    assert cli("preview", top, "--plan", plan, "--out", out).code == 0
    page = out.read_text(encoding="utf-8")
    sides = page.partition('data-title="A film"')[2].partition('class="post"')[0]
    assert sides.count("0:12, 1920 x 1080") == 2
    assert sides.count("<video") == 1, "the old one plays in its place"
    document = page.partition('data-title="Guide"')[2].partition('class="post"')[0]
    assert "3 pages, 210 x 297 mm" in document
    assert "5 pages, 210 x 297 mm" in document
    assert document.count("<img") == 2
    assert 'class="film" controls' in page.partition('data-title="A film"')[2].partition('class="seen"')[2]
    runs = log.read_text(encoding="utf-8").splitlines()
    films = [run for run in runs if "ffmpeg" in run]
    assert films
    for run in films:
        assert "-protocol_whitelist file,pipe" in run, (
            "a film that names another place would be followed there"
        )
        assert "-i file:/" in run
