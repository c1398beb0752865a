"""What a pull writes proves right, or is left with a reason and lines to paste, and takes nothing else with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.calendar.load import read
from publer_sync.editing.new_posts import AS_WORDS
from publer_sync.ledger.copies import End, Seen
from publer_sync.planning.planner import Scope
from publer_sync.pulling.downloads import Downloads
from publer_sync.pulling.findings import find
from publer_sync.pulling.puller import Options, PullResult, Reading, pull
from publer_sync.values.model import LiveMedium
from publer_sync.values.problems import Location, Problem
from tests.builders import LINKEDIN, NOW, X, copy_of, ledger, planned, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from publer_sync.values.model import LivePost, Post

    Spoil = Callable[[Reading], Reading]

ACCOUNTS = {"x": X, "linkedin": LINKEDIN}
SETTINGS = "timezone: Europe/Oslo\naccounts: {x: Fjordlight, linkedin: Fjordlight AS}\n"
POSTS = """\
posts:
- id: one
  at: 2026-12-01 09:00
  accounts: [x, linkedin]
  text: One
- id: two
  at: 2026-12-02 09:00
  accounts: [x, linkedin]
  text: Two
"""
OTHER = """\
posts:
- at: 2026-12-03 09:00
  accounts: [x, linkedin]
  text: Three
- at: 2026-12-04 09:00
  accounts: [x, linkedin]
  text: Four
"""


@pytest.fixture
def top(tmp_path: Path) -> Path:
    for name, text in (("publer", SETTINGS), ("more", OTHER), ("posts", POSTS)):
        (tmp_path / f"{name}.yaml").write_text(text)
    return tmp_path


def posts(top: Path) -> tuple[Post, ...]:
    return read(top).bind(ACCOUNTS).posts


def pulled(
    top: Path,
    edits: Mapping[tuple[str, str], str],
    *new: LivePost,
    spoil: Spoil = lambda reading: reading,
    without: tuple[str, str] | None = None,
    sent: str = "",
    options: Options | None = None,
    held: bool = False,
    media: Downloads | None = None,
) -> PullResult:
    """Once somebody gave posts other texts in Publer, and made new ones there; `spoil` is what goes wrong as it is read again.

    `held`: a hold took the edited ones out since.
    """
    calendar = read(top)
    wanted = calendar.bind(ACCOUNTS).posts
    live = [
        shown(
            post.at,
            edits.get((post.text, str(post.account.alias)), post.text),
            account=post.account,
            id=f"p-{n}",
        )
        for n, post in enumerate(wanted)
        if (post.text, str(post.account.alias)) != without
    ]
    before = [replace(post, content=replace(post.content, text=sent or post.text)) for post in wanted]
    copies = [copy_of(post, n + 1, post_id=f"p-{n}") for n, post in enumerate(before)]
    if held:
        edited = {each.id: each for each, post in zip(live, wanted, strict=True) if each.text != post.text}
        live = [each for each in live if each.id not in edited]
        for n, copy in enumerate(copies):
            if (was := edited.get(copy.post_id or "")) is not None:
                out = replace(copy, held=True, removing_at=NOW, shown=Seen(copy.slot, was.text))
                copies[n] = out.ending(End.REMOVED, NOW)
    state = ledger(*copies)
    by_id = {account.id: account for account in ACCOUNTS.values()}

    def reading(files: Mapping[str, bytes]) -> Reading:
        after = read(top, instead=files)
        desired = after.bind(ACCOUNTS).posts
        found = Reading(after, (), desired, planned(desired, [*live, *new], state))
        return spoil(found) if files else found

    plan = planned(wanted, [*live, *new], state)
    managed = {copy.post_id for copy in state.copies.values() if copy.post_id}
    found = find(plan, [*live, *new], managed, by_id, Scope(), now=NOW)
    return pull(calendar, found, by_id, (), options or Options(), reading, media or Downloads())


def texts(result: PullResult, file: str) -> list[str]:
    """The lines with a text in a file as it would be."""
    return [line.strip() for line in result.files[file].decode().splitlines() if "text:" in line]


def left(result: PullResult) -> list[tuple[str, str]]:
    return sorted((each.account.alias or "", each.reason) for each in result.left)


EDITS = {("One", "x"): "One!", ("Two", "x"): "Two!", ("Three", "x"): "Three!", ("Four", "x"): "Four!"}


def test_edits_and_new_posts_that_prove_right_are_all_written(top: Path) -> None:
    at = posts(top)[0].at.replace(hour=15)
    new = [shown(at, "New", account=account, id=f"n-{account.id}") for account in (X, LINKEDIN)]
    result = pulled(top, EDITS, *new)
    assert not result.left
    assert (len(result.edited), [len(each.lives) for each in result.added]) == (4, [2])
    assert set(result.files) == {"posts.yaml", "more.yaml", "pulled-2026-12.yaml"}


def test_what_was_edited_before_a_hold_took_it_out_is_written_too(top: Path) -> None:
    edits = {("One", "x"): "One!", ("One", "linkedin"): "One!"}
    result = pulled(top, edits, held=True)
    assert not result.left
    assert texts(result, "posts.yaml") == ["text: One!", "text: Two"]


def test_a_file_that_breaks_a_rule_is_named_by_its_id_in_publer_instead(top: Path) -> None:
    piece = LiveMedium("5f1", "lamp.png")
    new = shown(posts(top)[0].at.replace(hour=15), "New", id="n-1", type="photo", media=1, pieces=(piece,))

    def too_large(reading: Reading) -> Reading:
        entry = next(each for each in reading.calendar.entries if each.id == "new")
        error = Problem("error", "media.size", "too large", entry.place)
        named = b"media/lamp.png" in entry.document.raw
        return replace(reading, errors=(error,) if named else ())

    media = Downloads({"5f1": "media/lamp.png"}, {"media/lamp.png": top / "lamp.png"})
    result = pulled(top, {}, new, spoil=too_large, media=media)
    assert not result.left
    assert "- id: 5f1  # lamp.png" in result.files["pulled-2026-12.yaml"].decode()
    assert result.media == {}


def test_a_new_post_is_written_as_the_file_reads_it_that_it_joins(top: Path) -> None:
    there = "timezone: America/New_York\ndefaults: {draft: true}\nposts:\n- at: 2026-12-05 09:00\n  accounts: x\n  text: There\n  draft: false\n"
    (top / "pulled-2026-12.yaml").write_text(there)
    result = pulled(top, {}, shown(datetime(2026, 12, 1, 15, tzinfo=UTC), "New", id="n-1"))
    assert not result.left
    added = result.files["pulled-2026-12.yaml"].decode().removeprefix(there)
    assert "2026-12-01 10:00" in added
    assert "draft: false" in added


@pytest.mark.parametrize("there", ["- {\n", "accounts: [x, nobody]\nposts: []\n"])
def test_a_new_post_joins_no_file_that_cannot_be_read(top: Path, there: str) -> None:
    (top / "pulled-2026-12.yaml").write_text(there)
    result = pulled(top, {}, shown(datetime(2026, 12, 1, 15, tzinfo=UTC), "New", id="n-1"))
    assert {*result.files} == {"pulled-2026-12-2.yaml"}


def test_a_new_post_that_would_not_equal_publers_on_one_account_is_left_on_all(top: Path) -> None:
    at = posts(top)[0].at.replace(hour=15)
    new = [shown(at, "New", account=account, id=f"n-{account.id}") for account in (X, LINKEDIN)]

    def one_differs(reading: Reading) -> Reading:
        assert reading.plan is not None
        changes = [each for each in reading.plan.changes if each.live is None or each.live.id != f"n-{X.id}"]
        return replace(reading, plan=replace(reading.plan, changes=tuple(changes)))

    result = pulled(top, {}, *new, spoil=one_differs)
    assert not result.files
    reason = "in the files, it would differ from what Publer has"
    assert left(result) == [("linkedin", reason), ("x", reason)]
    assert {each.live.id for each in result.left if each.live} == {f"n-{X.id}", f"n-{LINKEDIN.id}"}
    assert {each.paste.splitlines()[0] for each in result.left} == {"- id: new"}


@pytest.mark.parametrize("below", [0, 3])
@pytest.mark.parametrize("text", ["One!", "Two!", "Three!", "Four!"])
def test_an_error_leaves_the_post_that_has_its_line_and_no_other(top: Path, text: str, below: int) -> None:
    """On its first line, too, and with no id to tell it by."""
    number = ["Three!", "Four!", "One!", "Two!"].index(text)

    def refused(reading: Reading) -> Reading:
        entry = reading.calendar.entries[number]
        place = replace(entry.place, line=entry.place.line + below)
        error = Problem("error", "text.length", "the text is too long", place)
        return replace(reading, errors=(error,)) if text.encode() in entry.document.raw else reading

    result = pulled(top, EDITS, spoil=refused)
    assert {pair.live.text for pair in result.edited} == {*EDITS.values()} - {text}
    assert left(result) == [("x", "the text is too long")]


def test_an_error_in_a_post_without_an_id_leaves_all_of_a_file_that_grew(top: Path) -> None:
    """Which of its posts it was, nothing tells."""
    (top / "more.yaml").rename(top / "pulled-2026-12.yaml")
    new = shown(posts(top)[0].at.replace(hour=15), "New", id="n-1")

    def refused(reading: Reading) -> Reading:
        document = next(each for each in reading.calendar.documents if each.file == "pulled-2026-12.yaml")
        error = Problem("error", "text.length", "too long", Location(document.file, 2, 3))
        return replace(reading, errors=(error,)) if b"!" in document.raw else reading

    result = pulled(top, EDITS, new, spoil=refused)
    assert {pair.live.text for pair in result.edited} == {"One!", "Two!"}
    assert [each.id for each in result.added] == ["new"]


def other_words(post: Post) -> Post:
    return replace(post, content=replace(post.content, text="Changed as well"))


@pytest.mark.parametrize(
    "stray",
    [
        pytest.param(lambda post: [], id="a post that is gone"),
        pytest.param(lambda post: [other_words(post)], id="a post with other words"),
        pytest.param(lambda post: [replace(post, id="other")], id="a post of another id"),
        pytest.param(lambda post: [post, post], id="a post that came"),
    ],
)
def test_an_edit_that_would_change_another_post_is_left_and_the_others_are_written(
    top: Path, stray: Callable[[Post], list[Post]]
) -> None:
    """The lines of the second post mean its other account, too."""

    def spoiled(reading: Reading) -> Reading:
        if b"Two!" not in next(each.raw for each in reading.calendar.documents if each.file == "posts.yaml"):
            return reading
        found: list[Post] = []
        for post in reading.posts:
            is_other = (post.id, post.account.alias) == ("two", "linkedin")
            found += stray(post) if is_other else [post]
        return replace(reading, posts=tuple(found))

    edits = {("One", "x"): "One!", ("Two", "linkedin"): "Two"}
    result = pulled(top, {**edits, ("Two", "x"): "Two!"}, spoil=spoiled)
    assert left(result)[0][1] == "its lines can't be changed without changing other posts too"
    assert "Two!" not in {pair.live.text for pair in result.edited}
    if len(stray(posts(top)[0])) < 2:
        assert {pair.live.text for pair in result.edited} == {"One!"}
        assert texts(result, "posts.yaml").count("text: Two") == 1


def test_a_post_that_would_come_leaves_the_edits_of_its_account_alone(top: Path) -> None:
    def spoiled(reading: Reading) -> Reading:
        if not any(b"Three!" in each.raw for each in reading.calendar.documents):
            return reading
        two = next(each for each in reading.posts if (each.id, each.account.alias) == ("two", "linkedin"))
        return replace(reading, posts=(*reading.posts, two))

    result = pulled(top, {("One", "x"): "One!", ("Three", "linkedin"): "Three!"}, spoil=spoiled)
    assert left(result) == [("linkedin", "its lines can't be changed without changing other posts too")]
    assert [pair.live.text for pair in result.edited] == ["One!"]


def test_what_the_calendar_changed_as_well_is_written_only_where_publer_is_preferred(top: Path) -> None:
    edits = {
        (text, alias): f"{text}!" for text in ("One", "Two", "Three", "Four") for alias in ("x", "linkedin")
    }
    told = pulled(top, edits, sent="Before")
    assert (len(told.conflicts), told.edited, told.files) == (8, [], {})
    preferred = pulled(top, edits, sent="Before", options=Options(prefer="publer"))
    assert (preferred.conflicts, preferred.left) == ([], [])
    assert texts(preferred, "posts.yaml") == ["text: One!", "text: Two!"]


def test_what_somebody_removed_stays_in_the_files_unless_that_is_asked_for(top: Path) -> None:
    kept = pulled(top, {}, without=("Two", "linkedin"))
    assert ([post.text for post in kept.kept], kept.removed, kept.files) == (["Two"], [], {})
    removed = pulled(top, {}, without=("Two", "linkedin"), options=Options(removed=True))
    assert ([post.text for post in removed.removed], removed.kept) == (["Two"], [])
    assert b"id: two" in removed.files["posts.yaml"]
    assert len(removed.files) == 1


def test_a_rule_that_asks_whether_words_are_meant_is_silenced_for_what_is_in_publer(top: Path) -> None:
    new = shown(posts(top)[0].at.replace(hour=15), "New", id="n-1")

    def asks(code: str) -> Spoil:
        def spoil(reading: Reading) -> Reading:
            entry = next(each for each in reading.calendar.entries if each.id == "new")
            error = Problem("error", code, "is it meant?", entry.place)
            return reading if b"ignore" in entry.document.raw else replace(reading, errors=(error,))

        return spoil

    def asks_of_one(reading: Reading) -> Reading:
        entry = next(each for each in reading.calendar.entries if each.id == "one")
        error = Problem("error", code, "is it meant?", entry.place)
        return replace(reading, errors=(error,)) if b"One!" in entry.document.raw else reading

    code = min(AS_WORDS)
    told = pulled(top, {}, new, spoil=asks(code))
    assert f"{code}: as it is in Publer" in told.files["pulled-2026-12.yaml"].decode()
    assert not told.left
    assert left(pulled(top, {}, new, spoil=asks("text.length"))) == [("x", "is it meant?")]
    assert left(pulled(top, {("One", "x"): "One!"}, spoil=asks_of_one)) == [("x", "is it meant?")]
    nowhere = Problem("error", code, "is it meant?")
    lost = pulled(top, {}, new, spoil=lambda reading: replace(reading, errors=(nowhere,)))
    assert left(lost) == [("x", "is it meant?")], "without a place it may be any"


@pytest.mark.parametrize("prefer", [None, "publer"])
def test_two_posts_in_one_minute_are_a_conflict_unless_publer_is_preferred(top: Path, prefer: Any) -> None:
    def refused(reading: Reading) -> Reading:
        entry = next(each for each in reading.calendar.entries if each.id == "one")
        error = Problem("error", "slot.twice", "two posts in this minute", entry.place)
        return replace(reading, errors=(error,)) if b"One!" in entry.document.raw else reading

    result = pulled(top, {("One", "x"): "One!"}, spoil=refused, options=Options(prefer=prefer))
    assert len(result.conflicts) == (prefer is None)
    assert len(result.left) == (prefer is not None)
