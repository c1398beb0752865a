"""A copy and its entry: what is under way and in doubt, when that settles, and which copy stands for the entry."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.ledger.copies import Copy, End, EntryFacts, LedgerEntry, Seen, undated, what_it_says
from publer_sync.values.content import Content, Link, Medium, Revision
from publer_sync.values.model import MINUTE, Family, LivePost
from tests.builders import DAY, LATER, NOW, SECOND, SOON, X, copy_of, sent, wanted
from tests.planning.posts import OURS, POST
from tests.tables import each_of

if TYPE_CHECKING:
    from datetime import datetime

INTENT = sent(POST, job_id="j-1", job_ended_at=NOW - MINUTE)
LAPSED = replace(INTENT, lapsed=True)
GOING = replace(OURS, removing_at=NOW - MINUTE)
DRAFT = copy_of(wanted(SOON, "Hello", draft=True))


def test_a_copy_tells_what_was_sent() -> None:
    content = Content("t", "T", link=Link("u"), media=(Medium("a"), Medium("b")), draft=True)
    copy = Copy(1, "a", SOON, content)
    assert (copy.text, copy.title, copy.draft) == ("t", "T", True)
    assert (copy.place.account, copy.place.at) == ("a", SOON)


def test_a_copy_without_an_entry_is_the_first_of_its_own() -> None:
    assert (copy_of(POST, 7).entry, copy_of(POST, 7, entry=3).entry) == (7, 3)


@pytest.mark.parametrize(
    ("copy", "under_way", "in_doubt"),
    [
        pytest.param(INTENT, True, False, id="sent"),
        pytest.param(LAPSED, False, False, id="settled unseen"),
        pytest.param(replace(INTENT, end=End.REFUSED), False, False, id="refused"),
        pytest.param(OURS, False, False, id="listed"),
        pytest.param(GOING, False, True, id="its DELETE has no answer"),
        pytest.param(replace(GOING, removed=True), False, False, id="its DELETE was answered"),
        pytest.param(replace(GOING, end=End.PUBLISHED), False, False, id="published"),
    ],
)
def test_what_is_sent_or_removed_is_unsettled_until_it_is_known(
    copy: Copy, under_way: bool, in_doubt: bool
) -> None:
    assert (copy.under_way, copy.removal_in_doubt) == (under_way, in_doubt)
    assert copy.unsettled is (under_way or in_doubt)
    assert LedgerEntry(1, (OURS, copy)).unsettled is (under_way or in_doubt)


@pytest.mark.parametrize(
    ("copy", "still"),
    [
        pytest.param(DRAFT, True, id="listed as a draft"),
        pytest.param(replace(DRAFT, seen=None), True, id="never shown as anything else"),
        pytest.param(replace(DRAFT, seen=Seen(SOON, "Hello")), False, id="scheduled by someone"),
        pytest.param(replace(DRAFT, post_id=None), False, id="not known to be there"),
        pytest.param(replace(DRAFT, end=End.GONE), False, id="ended"),
        pytest.param(OURS, False, id="no draft"),
    ],
)
def test_a_draft_is_one_as_long_as_it_is_in_publer(copy: Copy, still: bool) -> None:
    assert copy.still_draft is still


def test_a_copy_is_published_where_a_listing_last_showed_it() -> None:
    assert INTENT.minute == SOON
    assert replace(OURS, seen=Seen(LATER + 30 * SECOND, "Hello")).minute == LATER
    assert replace(OURS, seen=Seen(None, "Hello")).minute == SOON
    assert replace(OURS, shown=Seen(LATER, "Edited")).minute == LATER, "someone moved it"


@each_of(
    ("copy", "publishes"),
    [
        (OURS, True),
        (DRAFT, False),
        (replace(DRAFT, seen=None), False),
        (replace(DRAFT, shown=Seen(SOON, "Hello")), True),
        (replace(OURS, shown=Seen(SOON, "Hello", draft=True)), False),
    ],
)
def test_a_post_is_published_at_its_minute_unless_a_listing_last_showed_a_draft(
    copy: Copy, publishes: bool
) -> None:
    assert copy.publishes_itself is publishes


@each_of(
    ("copy", "given_up", "unseen"),
    [
        (INTENT, False, False),
        (LAPSED, True, True),
        (replace(LAPSED, job_id=None), True, True),
        (replace(LAPSED, job_id=None, job_ended_at=None), True, False),
        (replace(INTENT, refused=""), True, False),
        (replace(LAPSED, end=End.NEVER_CAME), False, False),
        (OURS, False, False),
    ],
)
def test_nothing_more_is_expected_of_what_was_refused_or_settled_unseen(
    copy: Copy, given_up: bool, unseen: bool
) -> None:
    assert (copy.given_up, copy.unseen) == (given_up, unseen)
    as_draft = replace(copy, sent=replace(copy.sent, draft=True))
    assert (copy.unseen_draft, as_draft.unseen_draft) == (False, unseen)


@each_of(
    ("copy", "alone"),
    [
        (GOING.ending(End.MAYBE_PUBLISHED, NOW), True),
        (GOING.ending(End.MAYBE_PUBLISHED, NOW, evidence="p-9"), False),
        (OURS.ending(End.MAYBE_PUBLISHED, NOW), False),
        (GOING.ending(End.REMOVED, NOW), False),
        (GOING, False),
    ],
)
def test_whether_its_removal_alone_leaves_open_that_it_was_published(copy: Copy, alone: bool) -> None:
    assert copy.removed_at_its_time is alone


def test_a_draft_that_publer_scheduled_is_one_that_was_sent_as_a_draft() -> None:
    turned_up = replace(DRAFT, turned_up="scheduled")
    known = (turned_up, replace(DRAFT, turned_up="late"), replace(OURS, turned_up="scheduled"))
    assert [copy.scheduled_draft for copy in known] == [True, False, False]


@each_of(
    ("more", "text", "at", "waits"),
    [
        ({"refused": "No"}, "Hello", SOON, True),
        ({"refused": "No"}, "Other", SOON, False),
        ({"refused": "No"}, "Hello", LATER, False),
        ({"refused": "No", "lapsed": True}, "Hello", SOON, False),
        ({}, "Hello", SOON, False),
    ],
)
def test_the_same_again_in_its_minute_waits_until_a_refusal_is_settled(
    more: dict[str, Any], text: str, at: datetime, waits: bool
) -> None:
    assert replace(INTENT, **more).waits_to_say(Content(text), at) is waits


# --- settled by the clock -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("times", "moment"),
    [
        pytest.param(
            {"job_id": "j", "requested_at": NOW - MINUTE, "job_ended_at": NOW},
            NOW + 60 * SECOND,
            id="thirty polls after the job ended",
        ),
        pytest.param(
            {"requested_at": NOW}, NOW + 90 * SECOND, id="no job to ask: after the request left at the latest"
        ),
        pytest.param(
            {"job_id": "j", "requested_at": NOW}, NOW + DAY + 60 * SECOND, id="a job unfinished after a day"
        ),
        pytest.param({"requested_at": None}, None, id="nothing known"),
    ],
)
def test_when_the_clock_settles_a_create(times: dict[str, Any], moment: datetime | None) -> None:
    assert sent(POST, **times).settles_at(poll_seconds=2) == moment


@pytest.mark.parametrize(
    ("copy", "moment"),
    [
        pytest.param(GOING, NOW + 30 * SECOND, id="a DELETE"),
        pytest.param(
            replace(OURS, requested_at=NOW, revising=Revision("New")), NOW + 90 * SECOND, id="a PUT"
        ),
        pytest.param(replace(OURS, requested_at=NOW), None, id="neither"),
    ],
)
def test_when_the_clock_settles_a_removal_or_an_edit(copy: Copy, moment: datetime | None) -> None:
    """A request may leave for half a minute after its intent, and then take effect within thirty polls."""
    assert copy.removal_settles_at(poll_seconds=2) == moment


@pytest.mark.parametrize(
    ("copy", "now", "awaited"),
    [
        pytest.param(
            INTENT, NOW + DAY, True, id="a create, whatever the clock says, until a listing was made"
        ),
        pytest.param(replace(INTENT, refused=""), NOW, False, id="what Publer refused"),
        pytest.param(GOING, NOW + 29 * SECOND, True, id="a removal that may still take effect"),
        pytest.param(GOING, NOW + 30 * SECOND, False, id="a removal that no longer may"),
        pytest.param(replace(GOING, removed=True), NOW, False, id="a removal that was answered"),
        pytest.param(OURS, NOW, False, id="nothing"),
    ],
)
def test_what_waiting_can_tell(copy: Copy, now: datetime, awaited: bool) -> None:
    assert copy.awaited(now, poll_seconds=2, refused=False) is awaited
    assert copy.awaited(now, poll_seconds=2, refused=True) is (awaited or copy.under_way)


def test_a_copy_that_is_accounted_for_keeps_what_it_was() -> None:
    edited = replace(OURS, revising=Revision("New"))

    ended = edited.ending(End.FAILED, NOW, publer_said="Something went wrong")

    assert ended == replace(OURS, end=End.FAILED, ended_at=NOW, publer_said="Something went wrong")


# --- entries --------------------------------------------------------------------------------------------------------


def entry(*copies: Copy, facts: EntryFacts | None = None) -> LedgerEntry:
    numbered = tuple(replace(copy, key=key, entry=1) for key, copy in enumerate(copies, 1))
    return LedgerEntry(1, numbered, facts or EntryFacts())


@pytest.mark.parametrize(
    ("copies", "newest"),
    [
        pytest.param([OURS, INTENT], 2, id="the last that was sent"),
        pytest.param([OURS, LAPSED], 1, id="before a claim: what is there"),
        pytest.param([LAPSED, LAPSED], 2, id="claims alone"),
        pytest.param([OURS, replace(OURS, end=End.REMOVED)], 1, id="what has not ended"),
        pytest.param(
            [replace(OURS, end=End.GONE), replace(INTENT, end=End.REFUSED)], 1, id="what Publer has had"
        ),
        pytest.param(
            [replace(OURS, end=End.GONE), replace(INTENT, end=End.NEVER_CAME)], 1, id="not what never came"
        ),
        pytest.param(
            [replace(INTENT, end=End.REFUSED), replace(INTENT, end=End.NEVER_CAME)], 2, id="what it never had"
        ),
    ],
)
def test_the_newest_copy_stands_for_the_entry(copies: list[Copy], newest: int) -> None:
    assert entry(*copies).newest.key == newest


def test_an_entry_has_the_account_and_the_id_of_its_copies() -> None:
    assert (entry(OURS).account, entry(OURS).id) == (X.id, "hello")


def test_the_copy_that_was_published_is_known_whatever_came_after_it() -> None:
    out = entry(OURS, replace(OURS, end=End.PUBLISHED), INTENT)

    assert out.published == out.copies[1]
    assert [copy.key for copy in out.open] == [1, 3]
    assert entry(OURS, replace(OURS, end=End.MAYBE_PUBLISHED)).published is None


def test_weak_evidence_counts_until_someone_decides() -> None:
    maybe = replace(OURS, end=End.MAYBE_PUBLISHED, evidence="p-9")

    assert entry(maybe, INTENT).maybe_published == entry(maybe).copies[0]
    assert entry(maybe, facts=EntryFacts(twins=True)).maybe_published is None


def test_facts_that_say_nothing_are_none() -> None:
    assert not EntryFacts()
    assert all((EntryFacts(twins=True), EntryFacts(left=True), EntryFacts(told=("x",))))


def test_an_entry_is_a_line_once_it_left_the_calendar_and_its_words_are_forgotten() -> None:
    left, forgotten = EntryFacts(left=True), replace(OURS, end=End.PUBLISHED, sent=Content())
    told = [
        entry(forgotten, facts=left),
        entry(forgotten),
        entry(forgotten, replace(OURS, end=End.PUBLISHED), facts=left),
        entry(replace(forgotten, end=None), facts=left),
    ]
    assert [each.is_line for each in told] == [True, False, False, False]


@each_of(
    ("content", "without"),
    [
        (Content("Read https://e.example/?utm_campaign=1"), Content("Read https://e.example/")),
        (
            Content("Read", link=Link("https://e.example/?a=1&utm_campaign=1")),
            Content("Read", link=Link("https://e.example/?a=1")),
        ),
        (
            Content("Read https://e.example/?utm_campaign=1", link=Link("https://f.example/")),
            Content("Read https://e.example/", link=Link("https://f.example/")),
        ),
        (Content("Read", link=Link("https://e.example/")), Content("Read", link=Link("https://e.example/"))),
    ],
)
def test_what_a_post_says_is_the_same_whatever_day_its_links_name(content: Content, without: Content) -> None:
    assert undated(content) == without
    assert what_it_says(content) == what_it_says(without) != what_it_says(Content("Other"))


def test_what_is_empty_says_nothing() -> None:
    assert what_it_says(Content()) is None
    assert what_it_says(Content(media=(Medium("a"),))) is not None


# --- what a listing showed ------------------------------------------------------------------------------------------


def test_seen_is_what_the_listing_showed() -> None:
    live = LivePost("p", "a", "draft_dated", SOON, "t", media=1)
    assert Seen.of(live) == Seen(SOON, "t", None, None, 1, draft=True)


def test_what_a_listing_does_not_show_stays_as_it_was_seen() -> None:
    live = LivePost("p", "a", "scheduled", SOON, "new", title="", link=None, media=None)
    before = Seen(None, "old", "title", "link", 2)
    assert Seen.of(live, before) == Seen(SOON, "new", "", "link", 2)
    live = replace(live, title=None, link="", media=0)
    assert Seen.of(live, before) == Seen(SOON, "new", "title", "", 0)


EDITED = Seen(LATER, "Better words", title="T", link="https://example.com/a", media=1)
TAKEN_OUT = replace(OURS, held=True, shown=EDITED).ending(End.REMOVED, NOW)


def test_what_a_hold_took_out_is_known_as_someone_had_edited_it() -> None:
    kept = TAKEN_OUT.kept
    assert kept is not None
    assert (kept.id, kept.account_id, kept.at, kept.text) == ("p-1", X.id, LATER, "Better words")
    assert (kept.title, kept.link, kept.media) == ("T", "https://example.com/a", 1)
    assert replace(TAKEN_OUT, end=None, removing_at=NOW).kept == kept
    assert kept.family is Family.SCHEDULED
    as_draft = replace(TAKEN_OUT, shown=replace(EDITED, draft=True)).kept
    assert as_draft is not None
    assert as_draft.family is Family.DRAFT


@each_of(
    "more",
    [{"held": False}, {"shown": None}, {"end": End.GONE}, {"end": None}],
    ids=str,
)
def test_nothing_is_kept_of_what_no_hold_took_out_or_nobody_edited(more: dict[str, Any]) -> None:
    assert replace(TAKEN_OUT, **more).kept is None


def test_what_was_moved_to_another_account_is_kept_as_it_was_seen_there() -> None:
    moved = replace(TAKEN_OUT, shown=None, moved_to="a-li").kept
    assert moved is not None
    assert (moved.account_id, moved.text) == ("a-li", "Hello")


def test_an_entry_is_made_anew_once_a_copy_of_it_or_what_is_noted_changes() -> None:
    """Equal ones are not the same: only what is the same needs no look."""
    first, facts = entry(OURS, INTENT), EntryFacts()
    same = replace(first, facts=first.facts)
    assert same.is_made_of(first)
    other = replace(first, copies=(first.copies[0], replace(first.copies[1])))
    assert not other.is_made_of(first)
    assert not replace(first, copies=first.copies[:1]).is_made_of(first)
    assert not replace(first, facts=facts).is_made_of(first)


@each_of(
    ("account", "moved_to", "end", "on"),
    [
        ("a-x", "", None, "a-x"),
        ("a-x", "a-li", None, "a-li"),
        ("a-x", "a-ig", None, "a-ig"),
        ("a-li", "", None, "a-li"),
        ("a-li", "a-ig", None, "a-ig"),
        ("a-x", "", End.REMOVED, "a-li"),
        ("a-x", "a-li", None, "a-li"),
    ],
)
def test_an_entry_of_another_account_looks_for_what_is_left_where_it_is(
    account: str, moved_to: str, end: End | None, on: str
) -> None:
    copy = replace(copy_of(wanted(SOON)), account=account, moved_to=moved_to, end=end).under("a-li")
    assert (copy.account, copy.moved_to) == ("a-li", on if on != "a-li" else "")
