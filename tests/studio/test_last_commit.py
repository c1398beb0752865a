"""Which files of a calendar differ from the last commit, before and now; and which posts a part of it has."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from publer_sync.calendar.folder import APPROVALS
from publer_sync.studio.last_commit import LastCommit
from publer_sync.studio.part import seen_places
from tests.studio.snapshots import PAGES, post, small, whole
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pytest

PAGE = "---\nsocial:\n- {at: 2027-03-05 09:00, accounts: x, text: Page}\n---\n\nWords\n"

SIGNED = "signoff: [{by: kari}]\npeople: {kari: Kari}\n"


@each_of(
    ("settings", "before", "differing"),
    [
        ("", {}, ["posts.yaml"]),
        ("", {"posts.yaml": b"posts: []\n"}, ["posts.yaml"]),
        ("", {"posts.yaml": whole(post()).encode()}, []),
        ("", {"gone.yaml": b"posts: []\n"}, ["gone.yaml", "posts.yaml"]),
        (
            "",
            {"README.md": b"Words", ".hidden/a.yaml": b"", "a/.b.yaml": b"", APPROVALS: b"a"},
            ["posts.yaml"],
        ),
        # those of another calendar in a folder of this one
        ("", {"a/publer.yaml": b"", "a/b.yaml": b"", "ab/c.yaml": b""}, ["ab/c.yaml", "posts.yaml"]),
        (SIGNED, {APPROVALS: b"a", "README.md": b"Words"}, [APPROVALS, "posts.yaml"]),
        # rules that several calendars share are not the calendar's own
        ("extends: ../shared.yaml\n", {}, ["posts.yaml"]),
        # nor are pages of a website
        (PAGES, {"blog/a.md": b"Other words"}, ["posts.yaml"]),
    ],
)
def test_what_differs_from_the_last_commit(
    tmp_path_factory: pytest.TempPathFactory, settings: str, before: Mapping[str, bytes], differing: list[str]
) -> None:
    top = tmp_path_factory.mktemp("commit") / "social"
    top.mkdir()
    (top.parent / "shared.yaml").write_text("people: {ola: Ola}\n")
    files = {"posts.yaml": whole(post()), **({"blog/a.md": PAGE} if settings == PAGES else {})}
    commit = LastCommit(small(top, files, settings))
    assert commit.differing() == {}
    commit.found = {"publer.yaml": (top / "publer.yaml").read_bytes(), **before}
    found = commit.differing()
    assert [*found] == differing
    assert all(was == before.get(file) for file, (was, _) in found.items())


def test_a_link_that_leads_nowhere_in_the_commit_is_what_git_has_of_it(tmp_path: Path) -> None:
    (tmp_path / ".kept").mkdir()
    (tmp_path / ".kept" / "tips.yaml").write_text(whole(post()))
    (tmp_path / "tips.yaml").symlink_to(".kept/tips.yaml")
    commit = LastCommit(small(tmp_path, {}))
    settings, link, tips = (tmp_path / "publer.yaml").read_bytes(), b".kept/tips.yaml", whole(post()).encode()
    commit.found = {"publer.yaml": settings, "tips.yaml": link}
    assert commit.differing() == {"tips.yaml": (link, tips)}
    commit.found = {**commit.found, ".kept/tips.yaml": tips}
    assert commit.differing() == {}


def test_a_part_has_the_posts_of_its_days_and_those_without_a_time(tmp_path: Path) -> None:
    posts = {
        "first": post(at="2027-03-01 00:00"),
        "last": post(at="2027-03-31 23:59", id="last"),
        "before": post(at="2027-02-28 23:59", id="before"),
        "after": post(at="2027-04-01 00:00", id="after"),
        "nowhere": post(on="nobody", id="nowhere"),
        "later": post(on="nobody", at="2027-04-02 09:00", id="later"),
        "no time": post(at="soon", id="soon"),
    }
    snapshot = small(tmp_path, {f"{name}.yaml": whole(text) for name, text in posts.items()}).snapshot
    found = {place.file for place in seen_places(snapshot, date(2027, 3, 1), date(2027, 4, 1))}
    assert found == {f"{name}.yaml" for name in ("first", "last", "nowhere", "no time")}
