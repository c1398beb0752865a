"""Where the pages of a pull request find pictures and files that are there, were replaced, or are gone."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from publer_sync.action import pages
from publer_sync.action.inputs import Event, Pull
from publer_sync.action.pages import Place
from publer_sync.values.problems import Location
from tests.github.repository import Repo
from tests.networks.test_media import VIDEO

BLOB = "https://github.com/o/r/blob"


def digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, empty_repository: Path) -> Place:
    """Before the pull request there were old.png, gone.png and film.mp4; now there is new.png, and gone.png is elsewhere."""
    repo = Repo(tmp_path_factory.mktemp("pictures"), empty_repository)
    media = repo.work / "calendar" / "media"
    repo.commit(
        {
            "calendar/may.yaml": "posts: []\n",
            "calendar/same.yaml": "posts: []\n",
            "calendar/media/old.png": "old",
        }
    )
    (media / "film.mp4").write_bytes(VIDEO)
    base = repo.commit({"calendar/media/gone.png": "gone", "calendar/media/swapped.png": "before"})
    (media / "gone.png").unlink()
    (media / "film.mp4").unlink()
    head = repo.commit(
        {
            "calendar/may.yaml": "posts: [ ]\n",
            "calendar/media/new.png": "new",
            "calendar/media/swapped.png": "after",
        }
    )
    environment = {"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "o/r", "GITHUB_WORKSPACE": str(repo.work)}
    event = replace(Event.of(environment), pull=Pull(7, head, from_outside=False, base=base))
    pages._changed.cache_clear()
    return Place(event, "calendar", head)


@pytest.fixture
def place(made: Place, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.chdir(made.event.workspace)
    return made


def without_base(place: Place) -> Place:
    assert place.event.pull is not None
    return replace(place, event=replace(place.event, pull=replace(place.event.pull, base="")))


def test_a_picture_that_is_there_has_its_address_and_one_elsewhere_none(place: Place, tmp_path: Path) -> None:
    assert (
        place.picture(Path("calendar/media/new.png")) == f"{BLOB}/{place.sha}/calendar/media/new.png?raw=true"
    )
    assert place.file(Path("calendar/media/new.png")) == f"{BLOB}/{place.sha}/calendar/media/new.png"
    assert place.picture(tmp_path / "x.png") is None
    assert place.file(tmp_path / "x.png") is None


def test_an_old_picture_is_shown_where_it_was(place: Place) -> None:
    assert place.event.pull is not None
    base, here = place.event.pull.base, Path("calendar/media/new.png")

    def old(content: bytes, name: str, path: Path | None, where: Place = place) -> str | None:
        return where.old_picture(digest(content), name, path)

    def at(commit: str, name: str) -> str:
        return f"{BLOB}/{commit}/calendar/media/{name}?raw=true"

    swapped = Path("calendar/media/swapped.png")
    assert old(b"old", "old.png", here) == at(place.sha, "old.png"), "it is still there"
    assert old(b"gone", "gone.png", here) == at(base, "gone.png"), "it was there before"
    assert old(b"before", "swapped.png", swapped) == at(base, "swapped.png"), "it has the same name"
    assert old(b"before", "", swapped) == at(base, "swapped.png")
    assert old(b"x", "never.png", here) is None
    assert old(b"gone", "gone.png", place.event.workspace.parent / "x.png") is None, (
        "outside of the repository"
    )
    assert old(b"gone", "gone.png", here, without_base(place)) is None
    assert old(b"old", "old.png", here, without_base(place)) == at(place.sha, "old.png")
    assert old(b"gone", "gone.png", None) == at(base, "gone.png"), "nothing takes its place"
    assert old(b"new", "new.png", None) == at(place.sha, "new.png"), "another post shows it"
    assert old(b"new", "old.png", None) is None, "another content"
    assert old(b"new", "other.png", None) is None
    assert old(b"gone", "", None) is None
    assert old(b"gone", "gone.png", None, without_base(place)) is None
    assert old(b"before", "", swapped, without_base(place)) is None
    outside = place.event.workspace.parent / "outside.png"
    outside.write_bytes(b"there")
    assert old(b"there", "outside.png", outside) is None
    unknown = replace(place, event=replace(place.event, pull=replace(place.event.pull, base="f" * 40)))
    assert old(b"before", "", swapped, unknown) == at("f" * 40, "swapped.png"), "where git has no such commit"
    assert old(b"gone", "gone.png", None, unknown) is None
    assert old(b"old", "old.png", here, replace(place, event=replace(place.event, pull=None))) == at(
        place.sha, "old.png"
    )
    assert place.old_file(digest(b"gone"), "gone.png", None) == f"{BLOB}/{base}/calendar/media/gone.png"
    assert place.old_file(digest(b"x"), "x.png", None) is None
    assert place.addresses.gone is not None
    assert place.addresses.gone(digest(b"gone"), "gone.png") == f"{BLOB}/{base}/calendar/media/gone.png"


def test_what_an_old_video_was_is_told_where_it_can_be_read(place: Place) -> None:
    assert place.old_figures(digest(VIDEO), "film.mp4", None) == "0:12, 1920 x 1080, 1 kB"
    assert place.old_figures(digest(b"x"), "film.mp4", None) == ""
    assert place.old_figures(digest(b"x"), "film.mp4", Path("calendar/media/new.png")) == "", (
        "another content"
    )


def test_a_line_is_shown_among_the_changes_of_a_file_that_changed(place: Place) -> None:
    review = place.review(Location("may.yaml", 3))
    assert review is not None
    assert review.startswith("https://github.com/o/r/pull/7/files#diff-")
    assert review.endswith("R3")
    assert place.review(Location("same.yaml", 3)) is None
    assert without_base(place).review(Location("same.yaml", 3)) is not None, "nobody knows what changed"
    assert replace(place, event=replace(place.event, pull=None)).review(Location("may.yaml", 3)) is None
    unknown = replace(place.event, pull=Pull(7, place.sha, from_outside=False, base="e" * 40))
    assert replace(place, event=unknown).review(Location("same.yaml", 3)) is not None
