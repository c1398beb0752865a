"""What is shown of each picture, video and document of a post, wherever the file is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from publer_sync.previewing.addresses import Addresses
from publer_sync.previewing.tiles import PostMedia
from publer_sync.values.model import MediaSource
from tests.builders import SOON, X, wanted
from tests.previewing.test_marking import GIT, Told, files
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.values.content import Json

KEYS = ("kind", "name", "note", "picture", "address", "film", "left_out")
SOURCES = tuple(MediaSource(f"sha256:{name}", Path(name)) for name in ("a.jpg", "b.mp4", "c.pdf"))
ADDRESSES = Addresses(
    file=lambda path: f"{GIT}/{path.name}" if path.suffix != ".pdf" else None,
    gone=lambda _digest, name: f"{GIT}/old/{name}" if name else None,
)


def old(digest: str, name: str) -> bytes | None:
    assert digest
    assert name is not None
    return digest[7:].encode() if digest in ("sha256:lost", "sha256:film") else None


def tile(media: list[Json], sources: tuple[MediaSource, ...] = SOURCES, **more: Any) -> Any:
    post = replace(wanted(SOON, media=media), media=sources)
    known = {"sha256:film": "film.mp4"}
    [made] = PostMedia(post, [X], Told(), ADDRESSES, known=known, **more).tiles(post.content.media)
    return made


@each_of(
    "media, shown",
    [
        (files("a.jpg"), ("photo", "a.jpg", "", "of a.jpg", f"{GIT}/a.jpg", "", "")),
        (files("b.mp4"), ("video", "b.mp4", "", "still of b.mp4", f"{GIT}/b.mp4", "", "")),
        (files("c.pdf"), ("document", "c.pdf", "", "still of c.pdf", "", "", "")),
        (files("zz"), ("photo", "a file", "", "", "", "", "")),
        (files("film"), ("video", "film.mp4", "", "", "", "", "")),
        ([{"id": "m-1"}], ("photo", "one from Publer's library", "", "", "", "", "")),
        (
            [{"url": "https://e.example/x.gif?a=1"}],
            (
                *("gif", "x.gif (e.example)", "not in the calendar folder", ""),
                *("https://e.example/x.gif?a=1", "", ""),
            ),
        ),
        (
            [{"url": "ftp://e.example/x.mp4"}],
            ("video", "one from Publer's library", "not in the calendar folder", "", "", "", ""),
        ),
        (
            files("b.mp4", thumbnail="sha256:a.jpg"),
            ("video", "b.mp4", "cover a.jpg", "of a.jpg", f"{GIT}/b.mp4", "", ""),
        ),
        (
            files("b.mp4", thumbnail="sha256:c.pdf"),
            ("video", "b.mp4", "cover c.pdf", "still of b.mp4", f"{GIT}/b.mp4", "", ""),
        ),
        (
            files("b.mp4", thumbnail="sha256:zz"),
            ("video", "b.mp4", "cover set", "still of b.mp4", f"{GIT}/b.mp4", "", ""),
        ),
    ],
)
def test_of_each_file_there_is_what_is_known_of_it(media: list[Json], shown: tuple[str, ...]) -> None:
    made = tile(media)
    assert tuple(getattr(made, key) for key in KEYS) == shown
    assert made.lacks_alt is (made.kind in ("photo", "gif"))
    far, whole = tile(media, far=True), tile(media, whole=True)
    assert far == replace(
        made, picture="", width=0, height=0, left_out="far" if "of a.jpg" in made.picture else ""
    )
    assert whole == replace(made, film="film of b.mp4" if made.name == "b.mp4" else "")


@each_of(
    "media, shown",
    [
        (files("lost"), ("photo", "a file", "", "of lost", "", "", "")),
        (files("film"), ("video", "film.mp4", "", "still of film, film.mp4", f"{GIT}/old/film.mp4", "", "")),
        (
            files("film", thumbnail="sha256:lost"),
            ("video", "film.mp4", "cover set", "of lost", f"{GIT}/old/film.mp4", "", ""),
        ),
        (files("gone"), ("photo", "a file", "", "", "", "", "")),
        ([{"id": "m-1"}], ("photo", "one from Publer's library", "", "", "", "", "")),
        (
            [{"url": "https://e.example/x.gif"}],
            (
                *("gif", "x.gif (e.example)", "not in the calendar folder", ""),
                *("https://e.example/x.gif", "", ""),
            ),
        ),
    ],
)
def test_of_a_file_that_left_the_calendar_there_is_what_its_history_has(
    media: list[Json], shown: tuple[str, ...]
) -> None:
    made = tile(media, (), old=old)
    assert tuple(getattr(made, key) for key in KEYS) == shown


def test_an_alt_text_is_missed_where_there_is_none() -> None:
    made = tile(files("a.jpg", alt="A\nlamp", caption="C"))
    assert (made.lacks_alt, made.alt, made.caption) == (False, "A ¶ lamp", "C")
