"""The pictures are real files, made with an image library; the videos are built here, box by box."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publer_sync.networks.media import BadMedia, MediaInfo, inspect, suffix_of
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Callable

    Look = Callable[[str, bytes], MediaInfo]

PICTURES = {path.name: path.read_bytes() for path in Path(__file__).with_name("pictures").iterdir()}


def box(name: bytes, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return struct.pack(">I", 8 + len(content)) + name + content


def mvhd(seconds: float, *, scale: int = 1000, wide: bool = False) -> bytes:
    units = int(seconds * scale) if seconds >= 0 else (1 << (64 if wide else 32)) - 1
    times = struct.pack(">IQQIQ" if wide else ">IIIII", (1 << 24) if wide else 0, 0, 0, scale, units)
    return box(b"mvhd", times, bytes(80))


def tkhd(width: int, height: int, *, turned: bool = False, wide: bool = False) -> bytes:
    head = struct.pack(">I", (1 << 24) if wide else 0) + bytes(32 if wide else 20)
    one = 1 << 16
    matrix = (0, one, 0, -one, 0, 0, 0, 0, 1 << 30) if turned else (one, 0, 0, 0, one, 0, 0, 0, 1 << 30)
    return box(
        b"tkhd", head, bytes(16), struct.pack(">9i", *matrix), struct.pack(">II", width << 16, height << 16)
    )


def mp4(*moov: bytes, brand: bytes = b"isom", last: bool = True) -> bytes:
    head, index, data = box(b"ftyp", brand, bytes(4)), box(b"moov", *moov), box(b"mdat", bytes(64))
    return head + (data + index if last else index + data)


def element(name: int, content: bytes) -> bytes:
    size = (name.bit_length() + 7) // 8
    return name.to_bytes(size, "big") + (len(content) | 1 << 28).to_bytes(4, "big") + content


def webm(*parts: bytes, doctype: bytes = b"webm") -> bytes:
    return element(0x1A45DFA3, element(0x4282, doctype)) + element(0x18538067, b"".join(parts))


SOUND = box(b"trak", tkhd(0, 0))
VIDEO = mp4(mvhd(12.5), SOUND, box(b"trak", tkhd(1920, 1080)))
WEBM_INFO = element(
    0x1549A966, element(0x2AD7B1, (1_000_000).to_bytes(3, "big")) + element(0x4489, struct.pack(">d", 4500.0))
)
WEBM_SIDES = element(
    0x1654AE6B, element(0xAE, element(0xE0, element(0xB0, b"\x02\x80") + element(0xBA, b"\x01\xe0")))
)
WEBM = webm(WEBM_INFO, WEBM_SIDES, element(0x1F43B675, bytes(30)))
AVIH = struct.pack("<14I", 40_000, 0, 0, 0, 250, 0, 1, 0, 320, 240, 0, 0, 0, 0)
AVI_LIST = b"LIST" + struct.pack("<I", 4 + 8 + len(AVIH)) + b"hdrlavih" + struct.pack("<I", len(AVIH)) + AVIH
AVI = b"RIFF" + struct.pack("<I", 4 + len(AVI_LIST)) + b"AVI " + AVI_LIST
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"

WHOLE = {
    **{name: data for name, data in PICTURES.items() if not name.endswith((".avif", ".bmp", ".tiff"))},
    "clip.mp4": VIDEO,
    "clip.webm": WEBM,
    "clip.avi": AVI,
    "leaflet.pdf": PDF,
}


@pytest.mark.parametrize(
    ("name", "mime", "kind", "sides", "frames"),
    [
        ("photo.png", "image/png", "photo", (6, 4), 1),
        ("moving.png", "image/png", "photo", (5, 3), 3),
        ("still.gif", "image/gif", "gif", (7, 5), 1),
        ("moving.gif", "image/gif", "gif", (8, 6), 3),
        ("photo.jpg", "image/jpeg", "photo", (16, 8), 1),
        ("turned.jpg", "image/jpeg", "photo", (8, 16), 1),
        ("lossy.webp", "image/webp", "photo", (9, 5), 1),
        ("lossless.webp", "image/webp", "photo", (11, 5), 1),
        ("moving.webp", "image/webp", "photo", (13, 5), 2),
    ],
)
def test_a_picture_is_known_by_its_bytes(
    look: Look, name: str, mime: str, kind: str, sides: tuple[int, int], frames: int
) -> None:
    info = look(name, PICTURES[name])
    assert (info.mime, info.kind, (info.width, info.height), info.frames) == (mime, kind, sides, frames)
    assert info.size == len(PICTURES[name])
    assert info.ratio == sides[0] / sides[1]


@pytest.mark.parametrize("data", [mp4(mvhd(2)), mp4(mvhd(2), brand=b"qt  "), box(b"wide") + mp4(mvhd(2))])
def test_mp4_and_mov_are_told_apart_by_their_name(look: Look, data: bytes) -> None:
    assert look("clip.mov", data).mime == "video/quicktime"
    assert look("clip.mp4", data).mime == "video/mp4"


def test_so_are_a_webm_and_an_avi(look: Look) -> None:
    info = look("clip.webm", WEBM)
    assert (info.mime, info.width, info.height, info.duration) == ("video/webm", 640, 480, 4.5)
    info = look("clip.avi", AVI)
    assert (info.mime, info.width, info.height, info.duration) == ("video/x-msvideo", 320, 240, 10.0)


PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


@pytest.mark.parametrize(
    ("name", "data", "mime"),
    [
        ("leaflet.pdf", PDF, "application/pdf"),
        ("talk.pptx", b"PK\x03\x04" + bytes(30), PPTX),
        ("letter.doc", b"\xd0\xcf\x11\xe0" + bytes(30), "application/msword"),
    ],
)
def test_documents_are_documents(look: Look, name: str, data: bytes, mime: str) -> None:
    info = look(name, data)
    assert (info.mime, info.kind, info.ratio) == (mime, "document", None)


LFS_POINTER = b"version https://git-lfs.github.com/spec/v1\n"
HEIC = box(b"ftyp", b"heic", bytes(4))


@pytest.mark.parametrize(
    ("name", "data", "code", "message"),
    [
        ("a.png", b"", "empty", "is empty"),
        ("a.png", PICTURES["still.gif"], "extension", "is a GIF inside, but Publer goes by the name"),
        ("a.jpg", PICTURES["photo.png"], "extension", "is a PNG picture inside, but Publer goes by the name"),
        ("noend", PICTURES["photo.png"], "extension", "is a PNG picture inside, but Publer goes by the name"),
        ("a.jpg", b"<!DOCTYPE html><p>Not found", "format", "is a web page or a drawing, not a picture"),
        ("a.svg", b"\n<svg xmlns='x'/>", "format", "is a web page or a drawing, not a picture"),
        ("a.jpg", LFS_POINTER, "format", "is only a git-lfs pointer to the file"),
        ("a.jpg", b"hello", "format", "is not a picture, video or document that Publer accepts"),
        (
            "a.zip",
            b"PK\x03\x04" + bytes(30),
            "format",
            "is not a picture, video or document that Publer accepts",
        ),
        ("a.avif", PICTURES["photo.avif"], "format", "is an AVIF picture, which Publer does not accept"),
        ("a.heic", HEIC, "format", "is a HEIC picture, which Publer does not accept"),
        ("a.bmp", PICTURES["photo.bmp"], "format", "is a BMP picture, which Publer does not accept"),
        ("a.tiff", PICTURES["photo.tiff"], "format", "is a TIFF picture, which Publer does not accept"),
        ("a.mkv", webm(doctype=b"matroska"), "format", "is a Matroska video, which Publer does not accept"),
        ("a.mp4", mp4()[:40], "cut", "ends too early: it is an MP4 video, but part of it is missing"),
    ],
)
def test_a_file_that_cannot_be_published_is_named_with_a_fix(
    look: Look, name: str, data: bytes, code: str, message: str
) -> None:
    with pytest.raises(BadMedia) as caught:
        look(name, data)
    assert (caught.value.code, str(caught.value)) == (f"media.{code}", f"{name} {message}")
    assert caught.value.message == str(caught.value)
    assert caught.value.help.say


@each_of(
    ("head", "suffix", "right"),
    [
        (PICTURES["photo.png"], ".jpg", ".png"),
        (PICTURES["photo.jpg"], ".jpeg", ".jpg"),
        (VIDEO, ".mov", ".mov"),
        (VIDEO, ".jpg", ".mp4"),
        (mp4(mvhd(2), brand=b"qt  "), ".mp4", ".mov"),
        (PICTURES["photo.bmp"], ".jpg", ".jpg"),
        (b"hello", ".txt", ".txt"),
        (b"hello", "", ""),
    ],
    ids=repr,
)
def test_an_ending_goes_with_the_first_bytes_unless_they_do_not_tell(
    head: bytes, suffix: str, right: str
) -> None:
    assert suffix_of(head[:64], suffix) == right


@each_of("sides", [(0, 4), (6, 0)])
def test_a_picture_that_says_it_has_no_sides_has_no_ratio(look: Look, sides: tuple[int, int]) -> None:
    photo = PICTURES["photo.png"]
    assert look("a.png", photo[:16] + struct.pack(">II", *sides) + photo[24:]).ratio is None


def test_the_fix_for_a_wrong_suffix_is_the_right_name(look: Look) -> None:
    with pytest.raises(BadMedia) as caught:
        look("winter.set.png", PICTURES["photo.jpg"])
    assert "winter.set.jpg" in caught.value.help.say


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_a_file_without_its_last_bytes_is_cut(look: Look, name: str) -> None:
    with pytest.raises(BadMedia) as caught:
        look(name, WHOLE[name][:-8])
    assert caught.value.code == "media.cut"


def test_a_video_with_its_index_first_is_cut_too(look: Look) -> None:
    with pytest.raises(BadMedia, match="ends too early"):
        look("clip.mp4", mp4(mvhd(3), last=False)[:-8])


def test_a_file_is_inspected_again_when_it_changes(tmp_path: Path) -> None:
    file = tmp_path / "a.gif"
    for name, frames in (("still.gif", 1), ("moving.gif", 3)):
        file.write_bytes(PICTURES[name])
        assert inspect(file).frames == frames


def test_a_file_name_cannot_drive_a_terminal(look: Look) -> None:
    with pytest.raises(BadMedia) as caught:
        look("a\x1b[2J\u202e.jpg", b"hello")
    assert caught.value.message.startswith("a\ufffd[2J\ufffd.jpg is not a picture")


def test_a_missing_file_is_an_error_of_the_disk(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        inspect(tmp_path / "none.png")


def survive(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    os.utime(path, ns=(0, time.perf_counter_ns()))
    try:
        info = inspect(path)
    except BadMedia as bad:
        said = bad.message
    else:
        said = f"{path.name} has {info.size} bytes"
        assert info.size == len(data)
    assert said.startswith(path.name)


FUZZ = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@FUZZ
@given(st.binary(max_size=300), st.sampled_from(sorted(WHOLE)))
def test_no_bytes_make_it_crash(tmp_path: Path, noise: bytes, name: str) -> None:
    survive(tmp_path / name, noise)
    survive(tmp_path / name, WHOLE[name][:16] + noise)


@FUZZ
@given(st.sampled_from(sorted(WHOLE)), st.data())
def test_no_cut_or_changed_file_makes_it_crash(tmp_path: Path, name: str, data: st.DataObject) -> None:
    whole = bytearray(WHOLE[name])
    for _ in range(data.draw(st.integers(0, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    survive(tmp_path / name, bytes(whole[: data.draw(st.integers(0, len(whole)))]))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.gif", PICTURES["still.gif"][:-1] + b"\x21\xf9" + b"\x01\x00" * 500_000),
        ("a.gif", PICTURES["still.gif"][:-1] + b"\x21\xf9\x00" * 250_000),
        ("a.mp4", box(b"ftyp", b"isom", bytes(4)) + box(b"free") * 250_000),
        ("a.jpg", b"\xff\xd8\xff" + b"\xff" * 750_000),
        ("a.png", PICTURES["photo.png"][:33] + (bytes(4) + b"tEXt" + bytes(4)) * 150_000),
        ("a.webm", WEBM[:40] + b"\xec\x80" * 250_000),
        ("a.pdf", b"%PDF-" + bytes(1_250_000)),
    ],
)
def test_a_file_made_to_take_forever_does_not(tmp_path: Path, name: str, data: bytes) -> None:
    start = time.process_time()
    survive(tmp_path / name, data)
    assert time.process_time() - start < 2


@pytest.mark.parametrize("place", [(1 << 20) - 2, 1 << 20, (1 << 20) + 3, 0], ids=str)
def test_an_end_mark_is_found_wherever_blocks_meet(look: Look, place: int) -> None:
    data = bytearray(b"%PDF-" + bytes(2 << 20))
    data[len(data) - 5 - place : len(data) - place] = b"%%EOF"
    assert look("a.pdf", bytes(data[: (2 << 20) + 5])).kind == "document"


SHORTER = """\
import os, sys
from publer_sync.cli.main import main
from publer_sync.networks import media

file, top = sys.argv[1:]
real = media._format_of

def saved_meanwhile(head, suffix):
    os.truncate(file, 0)
    return real(head, suffix)

media._format_of = saved_meanwhile
main(["validate", top])
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(WHOLE))
def test_a_file_that_gets_shorter_while_it_is_read_is_an_error_and_no_crash(
    tmp_path: Path, name: str
) -> None:
    """In a process of its own: mapped memory that is no longer there would end it with SIGBUS."""
    (tmp_path / "publer.yaml").write_text("timezone: UTC\naccounts: {x: twitter/Me}\n")
    (tmp_path / "posts.yaml").write_text(
        "posts:\n- at: 2027-03-02 09:00\n  accounts: x\n  text: |\n    Look\n"
        f"  media:\n  - file: {name}\n    alt: A lamp\n"
    )
    (tmp_path / name).write_bytes(WHOLE[name] + bytes(100_000))
    ran = subprocess.run(
        [sys.executable, "-c", SHORTER, tmp_path / name, tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode in (0, 3), ran  # what a container's first bytes say is enough for some
    assert ran.stderr == ""


def test_a_document_is_one_by_what_is_in_it_and_not_by_its_name_alone(tmp_path: Path) -> None:
    (tmp_path / "real.docx").write_bytes(b"PK\x03\x04" + bytes(60))
    (tmp_path / "renamed.docx").write_bytes(b"A letter that somebody renamed")
    assert inspect(tmp_path / "real.docx").kind == "document"
    with pytest.raises(BadMedia):
        inspect(tmp_path / "renamed.docx")
