"""Where a picture is found that another replaced: among the calendar's, beside them, or in the history of its repository."""

from __future__ import annotations

import hashlib
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.commands.beside.old_pictures import OldPictures
from publer_sync.values.model import MediaSource
from tests.ledger.git_world import git
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path


def digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def post(*media: MediaSource) -> Any:
    return SimpleNamespace(media=media)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> OldPictures:
    """A lamp that was replaced, a photo that left the calendar, a file with a star in its name; and a picture from the web."""
    top = tmp_path_factory.mktemp("repository") / "calendar"
    git(top.parent, "init", "-q", "--template=", "-b", "main")
    (top / "media").mkdir(parents=True)
    (top / "old").mkdir()
    for file, data in (("media/lamp.png", b"first"), ("old/photo.png", b"photo"), ("old/*.png", b"star")):
        (top / file).write_bytes(data)
    git(top, "add", "-A")
    git(top, "commit", "-qm", "one")
    (top / "media/lamp.png").write_bytes(b"second")
    (top / "old/photo.png").unlink()
    git(top, "commit", "-qam", "two")
    lamp = top / "media/lamp.png"
    lamp.write_bytes(b"third")
    (top / "media/beside.png").write_bytes(b"beside")
    web = MediaSource(digest(b"web"), url="https://example.com/lamp.png")
    return OldPictures(top, [post(MediaSource(digest(b"third"), path=lamp), web)])


@each_of(
    ("data", "name", "found"),
    [
        (b"third", "", True),
        (b"second", "lamp.png", True),
        (b"first", "lamp.png", True),
        (b"first", "", False),
        (b"beside", "beside.png", True),
        (b"photo", "photo.png", True),
        (b"star", "*.png", True),
        (b"photo", "*.png", False),
        (b"never", "lamp.png", False),
        (b"web", "lamp.png", False),
    ],
)
def test_it_is_found_by_its_name_and_known_by_its_digest(
    pictures: OldPictures, data: bytes, name: str, found: bool
) -> None:
    assert pictures.find(digest(data), name) == (data if found else None)


def test_outside_of_git_only_what_is_there_is_found(tmp_path: Path) -> None:
    lamp = tmp_path / "lamp.png"
    lamp.write_bytes(b"lamp")
    pictures = OldPictures(tmp_path, [post(MediaSource(digest(b"lamp"), path=lamp))])
    assert (pictures.find(digest(b"lamp"), ""), pictures.find(digest(b"old"), "lamp.png")) == (b"lamp", None)
    lamp.unlink()
    assert pictures.find(digest(b"lamp"), "") is None
