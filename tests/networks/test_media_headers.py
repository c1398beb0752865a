"""What the headers of media files say: the files of `test_media`, and parts of them in other orders and sizes."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING

import pytest

from publer_sync.networks.media import BadMedia, MediaInfo
from publer_sync.networks.media_headers import Bytes, CutError
from tests.networks.test_media import (
    AVI,
    AVIH,
    PICTURES,
    SOUND,
    VIDEO,
    WEBM,
    WEBM_INFO,
    WEBM_SIDES,
    WHOLE,
    box,
    element,
    mp4,
    mvhd,
    tkhd,
    webm,
)
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Callable

    Look = Callable[[str, bytes], MediaInfo]

# --- pictures -------------------------------------------------------------------------------------------------------


@each_of(
    ("old", "new"),
    [(b"\xff\xe1", b"\xff\xe2"), (b"Exif\0\0", b"Exix\0\0")],
)
def test_only_what_a_camera_says_turns_a_picture(look: Look, old: bytes, new: bytes) -> None:
    turned = PICTURES["turned.jpg"]
    assert old in turned
    info = look("other.jpg", turned.replace(old, new, 1))
    assert (info.width, info.height) == (16, 8)


@each_of(
    ("mark", "order", "value", "turned"),
    [
        (mark, order, value, turned)
        for mark, order in ((b"II*\0", "<"), (b"MM\0*", ">"))
        for value, turned in ((1, False), (6, True))
    ],
)
def test_a_picture_that_lies_on_its_side_is_known_whatever_the_order_of_bytes(
    look: Look, mark: bytes, order: str, value: int, *, turned: bool
) -> None:
    """Another tag comes first, with a value that would say the opposite."""
    tags = ((0x0101, 1 if turned else 6), (0x0112, value))
    tiff = mark + struct.pack(f"{order}IH", 8, len(tags))
    for tag, said in tags:
        tiff += struct.pack(f"{order}HHIHH", tag, 3, 1, said, 0)
    camera = b"\xff\xe1" + struct.pack(">H", 8 + len(tiff)) + b"Exif\0\0" + tiff
    info = look("a.jpg", PICTURES["photo.jpg"][:2] + camera + PICTURES["photo.jpg"][2:])
    assert (info.width, info.height) == ((8, 16) if turned else (16, 8))


@each_of(
    ("before", "after"),
    [
        (b"\xff\x01\xff", b""),
        (b"\xff\xe1\x00\x10Exif\0\0II*\0\x08\0\0\0", b""),
        (b"\xff\xfe\x00\x02", b""),
        (b"", b"whatever follows the end of a picture"),
    ],
)
def test_an_odd_but_complete_picture_is_accepted(look: Look, before: bytes, after: bytes) -> None:
    photo = PICTURES["photo.jpg"]
    assert look("a.jpg", photo[:2] + before + photo[2:] + after).width == 16


def with_chunks(*names: bytes) -> bytes:
    """A WebP in which each picture, and all that is said of it, is empty."""
    content = b"WEBPVP8X" + struct.pack("<II", 10, 0) + bytes([12, 0, 0, 4, 0, 0])
    content += b"".join(name + bytes(4) for name in names)
    return b"RIFF" + struct.pack("<I", len(content)) + content


@each_of(
    ("chunks", "frames"),
    [
        ((b"VP8 ",), 1),
        ((b"ANIM", b"ANMF", b"EXIF", b"XMP "), 1),
        ((b"ANIM", b"ANMF", b"ANMF", b"ANMF"), 3),
    ],
)
def test_frames_of_a_webp_are_told_from_what_else_is_in_it(
    look: Look, chunks: tuple[bytes, ...], frames: int
) -> None:
    info = look("a.webp", with_chunks(*chunks))
    assert (info.width, info.height, info.frames) == (13, 5, frames)


# --- videos ---------------------------------------------------------------------------------------------------------


@each_of(
    ("data", "sides", "duration"),
    [
        (VIDEO, (1920, 1080), 12.5),
        (mp4(mvhd(3), box(b"trak", tkhd(640, 360)), last=False), (640, 360), 3.0),
        (mp4(mvhd(8, wide=True), box(b"trak", tkhd(640, 360, wide=True))), (640, 360), 8.0),
        (mp4(mvhd(8), box(b"trak", tkhd(1920, 1080, turned=True))), (1080, 1920), 8.0),
        (mp4(mvhd(0), box(b"trak", tkhd(640, 360))), (640, 360), None),
        (mp4(mvhd(3), box(b"trak", tkhd(640, 360)), SOUND), (640, 360), 3.0),
        (mp4(mvhd(3), box(b"trak", tkhd(640, 0)), box(b"trak", tkhd(320, 240))), (320, 240), 3.0),
        (mp4(mvhd(3), box(b"trak", tkhd(0, 360)), box(b"trak", tkhd(320, 240))), (320, 240), 3.0),
        (mp4(mvhd(3), box(b"trak", tkhd(640, 360)), box(b"trak", tkhd(320, 240))), (640, 360), 3.0),
        (mp4(mvhd(-1), box(b"trak", tkhd(640, 360))), (640, 360), None),
        (mp4(mvhd(-1, wide=True)), (None, None), None),
        (mp4(mvhd(5, scale=0)), (None, None), None),
        (mp4(mvhd(0), box(b"mvex", box(b"mehd", bytes(4), struct.pack(">I", 7000)))), (None, None), 7.0),
        (mp4(mvhd(0, scale=0), box(b"mvex", box(b"mehd", bytes(7), b"\7"))), (None, None), None),
        (mp4(mvhd(0), box(b"udta", box(b"mehd", bytes(7), b"\7"))), (None, None), None),
        (mp4(mvhd(0), box(b"mvex", box(b"trex", bytes(4)))), (None, None), None),
        (mp4(mvhd(0), box(b"mvex", box(b"mehd", b"\1\0\0\0", struct.pack(">Q", 7000)))), (None, None), 7.0),
        (box(b"ftyp", b"isom", bytes(4)) + box(b"mdat", bytes(64)) + box(b"moov"), (None, None), None),
        (mp4(mvhd(4), box(b"mvex", box(b"mehd", bytes(4), struct.pack(">I", 7000)))), (None, None), 4.0),
        (mp4(mvhd(4), box(b"trak", box(b"edts"))), (None, None), 4.0),
        (mp4(mvhd(4), box(b"trak", box(b"edts"), tkhd(640, 360))), (640, 360), 4.0),
        (mp4(mvhd(4), b"\0\0\0\x07junk"), (None, None), 4.0),
        (mp4(mvhd(4), b"\0\0\0\x20junk"), (None, None), 4.0),
        (mp4(mvhd(4)) + b"\0\0\0\0mdat" + bytes(64), (None, None), 4.0),
        (box(b"ftyp", b"isom", bytes(4)) + b"\0\0\0\0moov" + mvhd(4), (None, None), 4.0),
        (
            box(b"ftyp", b"isom", bytes(4)) + b"\0\0\0\1mdat" + struct.pack(">Q", 80) + bytes(64) + box(b"moov", mvhd(4)),
            (None, None),
            4.0,
        ),
    ],
    ids=lambda data: repr(data[-60:]),
)  # fmt: skip
def test_a_video_is_read_for_its_sides_and_length(
    look: Look, data: bytes, sides: tuple[int | None, int | None], duration: float | None
) -> None:
    info = look("clip.mp4", data)
    assert (info.mime, info.kind) == ("video/mp4", "video")
    assert ((info.width, info.height), info.duration) == (sides, duration)


EBML = element(0x1A45DFA3, element(0x4282, b"webm"))
CLUSTER = element(0x1F43B675, bytes(30))
PARTS = WEBM_INFO + WEBM_SIDES + CLUSTER
ENDLESS = b"\x01" + b"\xff" * 7
"""The length of what is written as it comes, such as a live stream."""


def test_a_stream_may_end_anywhere_and_a_film_is_as_long_as_it_says(look: Look) -> None:
    for name, parts in (("a.webm", PARTS), ("b.webm", PARTS[:-8])):
        info = look(name, EBML + (0x18538067).to_bytes(4, "big") + ENDLESS + parts)
        assert ((info.width, info.height), info.duration) == ((640, 480), 4.5)
    longer = (len(PARTS) + 100 | 1 << 28).to_bytes(4, "big")
    with pytest.raises(BadMedia, match="ends too early"):
        look("c.webm", EBML + (0x18538067).to_bytes(4, "big") + longer + PARTS)


def length(units: bytes, *, nanoseconds: int = 1_000_000) -> bytes:
    """How long a film is, in units of so many nanoseconds, and when it was made."""
    unit, made = element(0x2AD7B1, nanoseconds.to_bytes(4, "big")), element(0x4461, bytes(8))
    return element(0x1549A966, unit + element(0x4489, units) + made)


def track(width: int, height: int) -> bytes:
    sides = element(0xB0, width.to_bytes(2, "big")) + element(0xBA, height.to_bytes(2, "big"))
    return element(0x1654AE6B, element(0xAE, element(0xE0, sides)))


@each_of(
    ("parts", "sides", "duration"),
    [
        ((WEBM_INFO, WEBM_SIDES), (640, 480), 4.5),
        ((WEBM_SIDES, CLUSTER), (640, 480), None),
        ((length(struct.pack(">d", 4500.0), nanoseconds=2_000_000),), (None, None), 9.0),
        ((length(struct.pack(">f", 4500.0)), track(640, 480), track(320, 240)), (640, 480), 4.5),
        ((length(b"\1\1\1"), WEBM_SIDES), (640, 480), None),
        ((WEBM_INFO, WEBM_SIDES, CLUSTER, b"\0what a recorder left"), (640, 480), 4.5),
        *(((length(struct.pack(">d", odd)), CLUSTER), (None, None), None) for odd in (-4500.0, 1e30, float("nan"))),
    ],
)  # fmt: skip
def test_a_webm_is_read_until_its_first_pictures(
    look: Look, parts: tuple[bytes, ...], sides: tuple[int | None, int | None], duration: float | None
) -> None:
    info = look("clip.webm", webm(*parts))
    assert ((info.width, info.height), info.duration) == (sides, duration)


def test_the_length_of_an_avi_without_frames_is_unknown(look: Look) -> None:
    assert look("a.avi", AVI).duration == 10.0
    assert look("b.avi", AVI.replace(AVIH, AVIH[:16] + bytes(4) + AVIH[20:])).duration is None


# --- what is incomplete ---------------------------------------------------------------------------------------------


PHOTO = PICTURES["photo.jpg"]


@each_of(
    ("name", "data"),
    [
        ("a.jpg", PHOTO[:2] + b"\xff\xe1\x00\x01" + PHOTO[2:]),
        ("a.jpg", PHOTO.replace(b"\xff\xda\x00", b"\xff\xda\x00\x01", 1)),
        ("a.jpg", b"\xff\xd8\xff\xda\x00\x02\xff\xd9"),
        ("a.jpg", b"\xff\xd8\xff\xfe\x00\x02\x00\xfe\x00\x02" + PHOTO[2:]),
        ("a.gif", PICTURES["still.gif"][:-1] + b"\x99" + bytes(9)),
        ("a.gif", PICTURES["still.gif"][:-1] + b"\x99\x00\x00\x3b"),
        ("a.webp", PICTURES["lossy.webp"][:12] + b"NONE" + PICTURES["lossy.webp"][16:]),
        ("a.webm", WEBM[:4] + bytes(50) + b"webm"),
        ("a.webm", webm(bytes(9) + b"\x80", WEBM_SIDES)),
        ("a.avi", AVI.replace(b"avih", b"none")),
        ("a.mp4", box(b"ftyp", b"isom", bytes(4)) + box(b"mdat", bytes(30))),
        ("a.mp4", box(b"ftyp", b"isom", bytes(4)) + b"\0\0\0\4" + box(b"moov", mvhd(3))),
    ],
)
def test_a_file_that_makes_no_sense_inside_is_refused(look: Look, name: str, data: bytes) -> None:
    with pytest.raises(BadMedia, match="ends too early"):
        look(name, data)


@pytest.mark.parametrize("name", ["lossless.webp", "clip.avi"])
def test_a_byte_that_only_fills_up_may_be_missing(look: Look, name: str) -> None:
    whole = WHOLE[name]
    for more, cut in ((1, False), (2, True)):
        data = whole[:4] + struct.pack("<I", len(whole) - 8 + more) + whole[8:]
        if not cut:
            assert look(name, data).width in (11, 320)
            continue
        with pytest.raises(BadMedia, match="ends too early"):
            look(name, data)


def test_nothing_is_read_before_the_first_byte_or_behind_the_last() -> None:
    data = Bytes(io.BytesIO(b"abc"))
    assert data.part(1, 2) == b"bc"
    for start in (-1, 2):
        with pytest.raises(CutError):
            data.part(start, 2)


@each_of("now", [b"a", b"abcdef"])
def test_a_file_ends_where_it_did_when_it_was_opened_or_before(now: bytes) -> None:
    file = io.BytesIO(b"abc")
    data = Bytes(file)
    file.truncate(0)
    file.seek(0)
    file.write(now)
    with pytest.raises(CutError):
        data.part(0, 2 if len(now) < 3 else 4)
