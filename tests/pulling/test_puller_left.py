"""What a pull writes of posts that were made in Publer, and what it leaves out once the files are read again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.calendar.load import read
from publer_sync.editing.new_posts import AS_WORDS
from publer_sync.pulling.downloads import Downloads
from publer_sync.pulling.findings import Findings, Pair
from publer_sync.pulling.puller import Options, Reading, pull
from publer_sync.values.model import LiveMedium
from publer_sync.values.problems import Location, Problem
from tests.builders import LINKEDIN, shown
from tests.calendar.calendars import CASES
from tests.pulling.test_puller import ACCOUNTS, EDITS, SETTINGS, left, posts, pulled, top

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["top"]


def test_of_what_somebody_removed_a_day_of_a_series_alone_is_left(top: Path) -> None:
    series = (
        "- {id: tips, at: 2026-12-05 09:00, accounts: linkedin, text: Two, repeat: {every: day, times: 2}}\n"
    )
    (top / "series.yaml").write_text(f"posts:\n{series}")
    result = pulled(top, {}, without=("Two", "linkedin"), options=Options(removed=True))
    assert [post.id for post in result.removed] == ["two"]
    assert [each.post and each.post.id for each in result.left] == ["tips@2026-12-05", "tips@2026-12-06"]


def test_a_post_that_would_have_more_than_publer_shows_is_written_without_what_is_added(top: Path) -> None:
    (top / "publer.yaml").write_text(f"{SETTINGS}append: Yours\nutm: {{source: us}}\n")
    at = posts(top)[0].at.replace(hour=15)
    new = [
        shown(at, "New", id="n-1", link="https://a.example", type="link", account=LINKEDIN),
        shown(at, "Other\n\nYours", id="n-2"),
    ]
    data = pulled(top, {}, *new).files["pulled-2026-12.yaml"].decode()
    of_other, _, of_new = data.partition("- id: new")
    assert of_new.endswith("  append: null\n  utm: null\n")
    assert "null" not in of_other


def test_only_files_that_a_new_post_names_are_written(top: Path) -> None:
    new = shown(posts(top)[0].at.replace(hour=15), "New", id="n-1", media=1, pieces=(LiveMedium("m-1"),))
    (top / "media").mkdir()
    (top / "media/a.png").write_bytes((CASES / "pixel.png").read_bytes())
    files = {f"media/{name}.png": top / f"{name}.tmp" for name in ("a", "b")}
    media = Downloads({"m-1": "media/a.png", "m-2": "media/b.png"}, dict(files))
    assert pulled(top, {}, new, media=media).media == {"media/a.png": files["media/a.png"]}


def test_new_posts_stay_out_of_a_file_that_has_none(top: Path) -> None:
    (top / "pulled-2026-12.yaml").write_text("# soon\n")
    new = shown(posts(top)[0].at.replace(hour=15), "New", id="n-1")
    result = pulled(top, {}, new)
    assert [*result.files] == ["pulled-2026-12-2.yaml"]


def test_a_rule_that_silencing_does_not_satisfy_leaves_the_post(top: Path) -> None:
    def asks(reading: Reading) -> Reading:
        entry = next((each for each in reading.calendar.entries if each.id == "new"), None)
        error = Problem("error", min(AS_WORDS), "is it meant?", entry.place if entry else None)
        return replace(reading, errors=(error,) if entry else ())

    new = shown(posts(top)[0].at.replace(hour=15), "New", id="n-1")
    assert left(pulled(top, {}, new, spoil=asks)) == [("x", "is it meant?")]


def test_a_post_that_two_errors_blame_is_one_conflict(top: Path) -> None:
    def refused(reading: Reading) -> Reading:
        entry = next(each for each in reading.calendar.entries if each.id == "one")
        related = ((entry.place, "and this one"),)
        error = Problem("error", "slot.twice", "two posts in this minute", entry.place, related=related)
        return replace(reading, errors=(error,)) if b"One!" in entry.document.raw else reading

    assert len(pulled(top, {("One", "x"): "One!"}, spoil=refused).conflicts) == 1


def test_an_error_above_all_posts_of_a_file_may_be_of_each_edit(top: Path) -> None:
    def refused(reading: Reading) -> Reading:
        error = Problem("error", "key.unknown", "no such key", Location("posts.yaml", 0))
        return replace(reading, errors=(error,))

    result = pulled(top, EDITS, spoil=refused)
    assert {reason for _, reason in left(result)} == {"no such key"}
    assert (len(result.left), result.files) == (4, {})


def test_what_cannot_be_planned_is_left(top: Path) -> None:
    new = shown(posts(top)[0].at.replace(hour=15), "New", id="n-1")
    result = pulled(top, {("One", "x"): "One!"}, new, spoil=lambda reading: replace(reading, plan=None))
    assert left(result) == [("x", "in the files, it would differ from what Publer has")] * 2
    assert result.files == {}


@pytest.mark.parametrize("prefer", [None, "publer"])
def test_a_conflict_that_no_side_can_decide_is_left_where_publer_is_preferred(top: Path, prefer: Any) -> None:
    calendar = read(top)
    post = posts(top)[0]
    pair = Pair(post, shown(post.at, "One!"), frozenset({"text"}), "the labels changed too", undone=False)
    by_id = {account.id: account for account in ACCOUNTS.values()}
    result = pull(
        calendar,
        Findings(pairs=[pair]),
        by_id,
        (),
        Options(prefer=prefer),
        lambda files: Reading(read(top, instead=files), (), posts(top), None),
        Downloads(),
    )
    assert (result.edited, result.files) == ([], {})
    assert result.conflicts == ([] if prefer else [pair])
    assert [each.reason for each in result.left] == (["the labels changed too"] if prefer else [])
