"""States of the formats before entries had copies: what they said is still meant, and the next write is of today's format.

The documents in `old_states` are as the commit 4d3d3ea wrote them.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from publer_sync.ledger.accounting import account
from publer_sync.ledger.attribution import attribute
from publer_sync.ledger.copies import Copy, End, Seen
from publer_sync.ledger.entries import before_entries
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.signing import Keys
from publer_sync.ledger.state import State, dumps, loads
from publer_sync.values.content import Content, Link, Medium, Revision
from publer_sync.values.errors import UntrustedStateError
from publer_sync.values.model import MINUTE, LivePost
from tests.tables import each_of

DOCUMENTS = {path.stem: path.read_bytes() for path in (Path(__file__).parent / "old_states").glob("*.json")}
APPLY = datetime(2027, 3, 2, 8, 0, tzinfo=UTC)
"""When the last apply was."""
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
KEY = "0123456789abcdef0123456789abcdef"


def read(name: str) -> State:
    return loads(DOCUMENTS[name], name)


def entries(state: State) -> list[list[int]]:
    return [[copy.key for copy in entry.copies] for entry in state.entries().values()]


def ends(state: State) -> dict[int, End | None]:
    return {copy.key: copy.end for copy in state.copies.values()}


@each_of("name", sorted(DOCUMENTS))
def test_the_next_write_is_of_todays_format_and_says_the_same(name: str) -> None:
    state = read(name)
    document = dumps(state)

    assert json.loads(DOCUMENTS[name])["format_version"] in (1, 2)
    assert json.loads(document)["format_version"] == 5
    assert loads(document, "x") == state


def test_the_old_and_the_new_post_of_a_replace_are_one_entry() -> None:
    state = read("replace_half_done")

    assert entries(state) == [[1, 2], [3, 4], [5, 6, 7], [8, 9], [11]]
    assert set(ends(state).values()) == {None}
    assert [copy.post_id for copy in state.entries()[1].copies] == ["p-1", "p-2"]
    assert state.entries()[3].newest.under_way
    assert state.copies[4].job_ended_at == APPLY + 2 * MINUTE
    assert state.copies[4].ended_at is None


def test_all_copies_of_an_entry_have_the_id_that_was_sent_last() -> None:
    assert [copy.id for copy in read("replace_half_done").entries()[8].copies] == ["after", "after"]


def test_a_post_that_was_put_back_is_one_entry_with_the_one_that_was_removed() -> None:
    state = read("put_back")

    assert entries(state) == [[1, 3], [4, 6], [7], [8]]
    assert state.copies[1].removing_at == APPLY + MINUTE
    assert state.copies[3].under_way


def of_the_first_format(*more: dict[str, Any], last_apply: datetime | None = APPLY) -> dict[int, Copy]:
    usual = {"account": "a-x", "slot": "2027-03-02T08:00:00Z", "digest": "d", "sent": {"text": "Hello"}}
    return before_entries([{**usual, "key": key, **each} for key, each in enumerate(more, 1)], last_apply)


def test_two_posts_that_replace_each_other_are_one_entry() -> None:
    """No version wrote that: a file may have been merged by hand."""
    assert {copy.entry for copy in of_the_first_format({"replaces": 2}, {"replaces": 1}).values()} == {1, 2}
    three = of_the_first_format({"replaces": 2}, {"replaces": 3}, {"replaces": 2})
    assert len(three) == 3


@each_of(
    ("more", "last_apply", "end"),
    [
        ({"post_id": "p-1"}, APPLY, End.PUBLISHED),
        ({"post_id": "p-1"}, APPLY - MINUTE, None),
        ({"post_id": "p-1"}, None, None),
        ({}, APPLY, None),
        ({"post_id": "p-1", "removing_at": "2027-03-02T07:00:00Z"}, APPLY, None),
        ({"post_id": "p-1", "sent": {"text": "Hello", "draft": True}}, APPLY, None),
    ],
)
def test_what_had_come_to_its_minute_by_the_last_apply_was_published(
    more: dict[str, Any], last_apply: datetime | None, end: End | None
) -> None:
    assert of_the_first_format(more, last_apply=last_apply)[1].end is end


def test_what_was_set_aside_as_lost_is_gone_and_what_was_never_seen_keeps_its_claim() -> None:
    state = read("set_aside")

    assert ends(state) == {1: End.GONE, 2: End.REMOVED, 3: None, 4: None}
    assert [copy.lapsed for copy in state.copies.values()] == [False, False, True, False]
    assert state.copies[1].ended_at is not None


def test_what_the_last_apply_knew_to_have_passed_was_published() -> None:
    state = read("past")

    assert ends(state) == {
        1: End.PUBLISHED,
        2: None,
        3: None,
        4: None,
        5: None,
        6: End.PUBLISHED,
        7: End.PUBLISHED,
    }
    assert state.copies[1].ended_at == APPLY - DAY
    assert state.excused == {"a-x@2027-03-01T08:00:00Z", "a-x#missed"}
    assert (state.files, state.last_apply, state.next_key) == ("f1", APPLY, 20)
    assert state.last_good_apply == APPLY, "it kept that the last apply did everything"


def test_a_past_post_that_publer_lists_as_failed_was_not_published_after_all() -> None:
    """No listing ever showed it as published: that it had passed was all that the state said."""
    failed = LivePost(
        "p-7", "a-x", "failed", APPLY - 2 * HOUR, "Could not be published", error="Something went wrong"
    )

    copy = attribute(read("past"), [failed], now=APPLY + DAY, poll_seconds=2).copies[7]

    assert (copy.end, copy.publer_said) == (End.FAILED, "Something went wrong")


def test_a_removal_whose_outcome_was_not_known_is_done_once_a_listing_does_not_show_the_post() -> None:
    state = attribute(read("put_back"), [], now=APPLY + HOUR, poll_seconds=2)

    after = account(state, [], account_ids=["a-x"], now=APPLY + HOUR, poll_seconds=2, others=(), theirs=())

    assert (after.copies[1].end, after.copies[4].end) == (End.REMOVED, End.REMOVED)


def test_holds_and_what_they_took_out_stay() -> None:
    state = read("held")

    assert state.holds == (
        Hold("Accident in town", APPLY + MINUTE, ("a-x",), ("a",), first=APPLY, last=APPLY + 9 * DAY),
        Hold("Strike", APPLY + 2 * MINUTE, settings=True),
    )
    assert [(copy.held, copy.end) for copy in state.copies.values()] == [
        (True, None),
        (False, None),
        (True, None),
    ]


def test_all_else_that_a_record_said_is_kept() -> None:
    state = read("all_else")

    assert state.copies == {
        1: Copy(
            1,
            "a-x",
            APPLY + DAY,
            Content("Words", "Title", link=Link("https://example.com"), media=(Medium("sha256:1"),)),
            post_id="p-1",
            seen=Seen(APPLY + DAY, "Words", "Title", "https://example.com", 1),
            verified_at=APPLY - HOUR,
            requested_at=APPLY + MINUTE,
            revising=Revision("New words", "New title"),
            adopted=True,
            ids={"board": "1012345678901234567"},
        )
    }
    assert state.media == {"sha256:1": {"id": "m-1", "name": "lamp.jpg"}}


def test_the_signature_of_an_older_format_still_counts() -> None:
    assert loads(DOCUMENTS["signed"], "x", Keys.of(KEY)) == read("signed")
    with pytest.raises(UntrustedStateError):
        loads(DOCUMENTS["signed"], "x", Keys.of(KEY[::-1]))
