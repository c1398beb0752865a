"""Media of new posts as files: what they are called, and that nothing which is there is written over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from publer_sync.pulling.downloads import Downloads, download
from publer_sync.values.errors import OutputError
from publer_sync.values.model import LiveMedium
from tests.builders import SOON, shown

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def top(tmp_path: Path) -> Path:
    top = tmp_path / "calendar"
    for folder in (top / "media", tmp_path / "shared", tmp_path / "workshop"):
        folder.mkdir(parents=True)
    return top


def fetched(top: Path, *names: str, data: bytes = b"new") -> Downloads:
    """Of a post with a medium of each of these names; Publer refuses to give those that are called refused."""
    pieces = tuple(LiveMedium(f"id-{name}", name, path=f"https://cdn/{name}") for name in names)
    return download(
        [shown(SOON, pieces=pieces)],
        lambda url: None if "refused" in url else data,
        top=top,
        shared=[top.parent / "shared"],
        folder=top.parent / "workshop",
    )


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("lamp.png", "lamp.png"),
        ("My lamp (1).png", "My-lamp-1-.png"),
        (".hidden.png", "hidden.png"),
        ("--flag.png", "flag.png"),
        ("_draft_.png", "_draft_.png"),
        ("../../lamp.png", "lamp.png"),
        ("lampe 🚀 größe.png", "lampe-größe.png"),
    ],
)
def test_a_file_is_called_as_in_publer_with_a_name_that_is_safe_everywhere(
    top: Path, name: str, file: str
) -> None:
    assert fetched(top, name).names == {f"id-{name}": f"media/{file}"}


def test_a_name_that_does_not_say_what_it_is_gives_way_to_that_of_the_address(top: Path) -> None:
    piece = LiveMedium("5f1", "My lamp", path="https://cdn/a/5f1%20lamp.png?size=large")
    post = shown(SOON, pieces=(piece,))
    found = download([post], lambda _: b"new", top=top, shared=(), folder=top.parent / "workshop")
    assert found.names == {"5f1": "media/5f1-lamp.png"}


def test_what_is_no_medium_and_what_publer_refuses_keeps_its_id(top: Path) -> None:
    assert fetched(top, "notes.xyz", "refused.png", "lamp.png").names == {"id-lamp.png": "media/lamp.png"}


def test_a_medium_without_an_id_is_not_fetched(top: Path) -> None:
    """By what would its post name the file?"""
    nameless = shown(SOON, pieces=(LiveMedium("", "lamp.png", path="https://cdn/lamp.png"),))
    found = download([nameless], lambda url: b"new", top=top, shared=[], folder=top.parent / "workshop")
    assert (found.names, found.fetched) == ({}, {})


def test_a_medium_without_an_address_is_not_fetched(top: Path) -> None:
    nowhere = shown(SOON, pieces=(LiveMedium("5f1", "lamp.png"),))
    found = download([nowhere], lambda url: b"new", top=top, shared=[], folder=top.parent / "workshop")
    assert (found.names, found.fetched) == ({}, {})


def test_a_file_that_is_there_is_used_where_it_is_the_same_and_never_written_over(top: Path) -> None:
    (top / "media" / "same.png").write_bytes(b"new")
    (top / "media" / "other.png").write_bytes(b"old")
    (top / "media" / "broken.png").symlink_to("nowhere.png")
    found = fetched(top, "same.png", "other.png", "broken.png")
    assert found.names == {
        "id-same.png": "media/same.png",
        "id-other.png": "media/other-2.png",
        "id-broken.png": "media/broken-2.png",
    }
    assert set(found.fetched) == {"media/other-2.png", "media/broken-2.png"}
    assert found.fetched["media/other-2.png"].read_bytes() == b"new"


def test_a_file_of_a_folder_that_is_not_shared_is_not_named(top: Path) -> None:
    """A calendar that names it is refused."""
    outside, shared = top.parent / "outside.png", top.parent / "shared" / "shared.png"
    for file in (outside, shared):
        file.write_bytes(b"new")
        (top / "media" / file.name).symlink_to(file)
    assert fetched(top, "outside.png", "shared.png").names == {
        "id-outside.png": "media/outside-2.png",
        "id-shared.png": "media/shared.png",
    }


def test_a_media_folder_may_lead_to_a_shared_one_and_nowhere_else(top: Path) -> None:
    (top / "media").rmdir()
    (top / "media").symlink_to(top.parent / "shared")
    assert fetched(top, "lamp.png").names == {"id-lamp.png": "media/lamp.png"}
    (top / "media").unlink()
    (top / "media").symlink_to(top.parent)
    with pytest.raises(OutputError, match="a link that leads out of the calendar"):
        fetched(top, "lamp.png")
    assert fetched(top).names == {}, "where nothing is fetched it is in nobody's way"


def test_the_same_content_is_one_file_until_no_post_names_it(top: Path) -> None:
    one, other = (
        LiveMedium("1", "a.png", path="https://cdn/1"),
        LiveMedium("2", "a.png", path="https://cdn/2"),
    )
    posts = [shown(SOON, pieces=(piece,)) for piece in (one, other)]
    found = download(posts, lambda _: b"new", top=top, shared=(), folder=top.parent / "workshop")
    assert (set(found.names.values()), len(found.fetched)) == ({"media/a.png"}, 1)
    assert (found.drop([one]), len(found.fetched)) == (True, 1)
    assert (found.drop([other]), len(found.fetched)) == (True, 0)
    assert not found.drop([one, other])
