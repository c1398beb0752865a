"""The ledger's document: what comes back, and what is refused."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publer_sync.content import (
    AutoDelete,
    Comment,
    Content,
    Duration,
    Link,
    Medium,
    Part,
    Poll,
    Revision,
    Share,
)
from publer_sync.errors import StateError
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.state import FORMAT_VERSION, Copy, Seen, State, dumps, loads, past_keys
from publer_sync.model import LivePost, iso

SLOT = datetime(2027, 3, 2, 8, 0, tzinfo=UTC)
FULL = Copy(
    key=7,
    account="acc1",
    slot=SLOT,
    sent=Content("We launched! 🚀\n\u2028<b>", labels=("a",), link=Link("https://example.com")),
    id="launch",
    post_id="p1",
    seen=Seen(SLOT, "We launched!", "", None, 2, draft=True),
    verified_at=SLOT + timedelta(seconds=1),
    requested_at=SLOT + timedelta(microseconds=5),
    job_id="j1",
    ended_at=SLOT,
    lapsed=True,
    removing_at=SLOT,
    held=True,
    revising=Revision("New", ""),
    replaces=3,
    adopted=True,
    ids={"board": "1012345678901234567"},
)


def a_state(*copies: Copy) -> State:
    return State(
        "https://app.publer.com/api/v1",
        "ws1",
        "calendar",
        "Fjordlight",
        {copy.key: copy for copy in copies},
        {"d1": {"id": "m1", "size": 3}},
        {"acc1@2027-03-02T08:00:00Z"},
        SLOT,
        next_key=8,
        files="f1",
    )


TEXTS = st.text(max_size=20)
MOMENTS = st.datetimes(min_value=datetime(1, 1, 3), max_value=datetime(9999, 12, 29), timezones=st.just(UTC))  # noqa: DTZ001 — hypothesis adds the zone
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
DURATIONS = st.builds(Duration, st.integers(0, 9), TEXTS)
MEDIA = st.lists(st.builds(Medium, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS), max_size=2).map(tuple)
OWN_KEYS = {field.name for field in fields(Content)}
"""What a network's own field is never called."""
CONTENTS = st.builds(
    Content,
    TEXTS,
    TEXTS,
    TEXTS,
    link=st.none() | st.builds(Link, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS),
    media=MEDIA,
    poll=st.none() | st.builds(Poll, st.lists(TEXTS).map(tuple), st.none() | DURATIONS, TEXTS),
    thread=st.lists(st.builds(Part, TEXTS, MEDIA), max_size=2).map(tuple),
    comments=st.lists(st.builds(Comment, TEXTS, MEDIA, DURATIONS, TEXTS), max_size=2).map(tuple),
    share=st.none() | st.builds(Share, st.lists(TEXTS).map(tuple), st.none() | DURATIONS, TEXTS),
    auto_delete=st.none() | st.builds(AutoDelete, DURATIONS, st.booleans()),
    labels=st.lists(TEXTS, max_size=2).map(tuple),
    draft=st.booleans(),
    network=st.dictionaries(TEXTS.filter(lambda key: key not in OWN_KEYS), JSON, max_size=3),
)
SEENS = st.builds(
    Seen,
    st.none() | MOMENTS,
    TEXTS,
    st.none() | TEXTS,
    st.none() | TEXTS,
    st.none() | st.integers(0, 20),
    draft=st.booleans(),
)
RECORDS = st.builds(
    Copy,
    key=st.integers(0, 9),
    account=TEXTS,
    slot=MOMENTS,
    sent=CONTENTS,
    id=st.none() | TEXTS,
    post_id=st.none() | TEXTS,
    seen=st.none() | SEENS,
    verified_at=st.none() | MOMENTS,
    requested_at=st.none() | MOMENTS,
    job_id=st.none() | TEXTS,
    ended_at=st.none() | MOMENTS,
    lapsed=st.booleans(),
    removing_at=st.none() | MOMENTS,
    held=st.booleans(),
    revising=st.none() | st.builds(Revision, TEXTS, st.none() | TEXTS),
    replaces=st.none() | st.integers(0, 9),
    adopted=st.booleans(),
    ids=st.dictionaries(TEXTS, TEXTS, max_size=2),
)
NAMES = st.lists(TEXTS, max_size=2).map(tuple)
HOLDS = st.builds(
    Hold,
    TEXTS,
    MOMENTS,
    NAMES,
    NAMES,
    first=st.none() | MOMENTS,
    last=st.none() | MOMENTS,
    settings=st.booleans(),
)
STATES = st.builds(
    State,
    TEXTS,
    TEXTS,
    TEXTS,
    TEXTS,
    st.lists(RECORDS, max_size=3).map(lambda copies: {copy.key: copy for copy in copies}),
    st.dictionaries(TEXTS, st.dictionaries(TEXTS, JSON, max_size=3), max_size=3),
    st.sets(TEXTS, max_size=3),
    st.none() | MOMENTS,
    st.none() | TEXTS.filter(bool),
    st.integers(1),
    st.lists(HOLDS, max_size=2).map(tuple),
)


@given(STATES)
def test_whatever_is_kept_comes_back(state: State) -> None:
    document = dumps(state)
    assert loads(document, "x") == state
    assert loads(document.encode(), "x") == state


@given(STATES)
def test_the_same_state_is_always_the_same_document(state: State) -> None:
    assert dumps(loads(dumps(state), "x")) == dumps(state)


def test_the_strategies_know_every_field() -> None:
    """A field that is added later must be written too; FULL sets each one to something that is no default."""
    bare = Copy(1, "", SLOT, Content())
    for field in fields(Copy):
        assert getattr(FULL, field.name) != getattr(bare, field.name) or field.name == "slot"
    assert loads(dumps(a_state(FULL)), "x") == a_state(FULL)


DOCUMENT = dumps(a_state(FULL, Copy(8, "acc2", SLOT, Content("æ")))).encode()


@given(st.integers(0, len(DOCUMENT) - 1), st.integers(0, 255))
def test_a_changed_byte_is_noticed(position: int, byte: int) -> None:
    """Either the document is refused, or it still says the same."""
    _refused_or_equal(DOCUMENT[:position] + bytes([byte]) + DOCUMENT[position + 1 :])


@pytest.mark.parametrize("flip", [0x01, 0x02, 0x20, 0x80])
def test_a_flipped_bit_is_noticed_anywhere(flip: int) -> None:
    for position, byte in enumerate(DOCUMENT):
        _refused_or_equal(DOCUMENT[:position] + bytes([byte ^ flip]) + DOCUMENT[position + 1 :])


def test_a_document_that_ends_early_is_noticed() -> None:
    for length in range(len(DOCUMENT)):
        _refused_or_equal(DOCUMENT[:length])


def _refused_or_equal(document: bytes) -> None:
    try:
        verdict = dumps(loads(document, "x"))
    except StateError as error:
        verdict = error.code
    assert verdict in (DOCUMENT.decode(), "state.damaged", "state.newer")


@pytest.mark.parametrize(
    "document",
    [
        "",
        "null",
        "[]",
        "7",
        '"text"',
        "{}",
        '{"format_version": null}',
        '{"format_version": "1"}',
        '{"format_version": 1}',
        "[" * 100_000,
        b"\xff\xfe{\x00}\x00",
        DOCUMENT.replace(b'"\n}\n', b'", "posts": []\n}\n'),
        DOCUMENT.replace(b'"launch"', b'"lunch"'),
        DOCUMENT + DOCUMENT,
        b"<<<<<<< HEAD\n" + DOCUMENT,
    ],
)
def test_what_publer_sync_did_not_write_is_refused(document: str | bytes) -> None:
    with pytest.raises(StateError, match=r"the state in here\.json is damaged") as caught:
        loads(document, "here.json")
    assert caught.value.code == "state.damaged"
    assert caught.value.exit_code == 1


def test_a_newer_version_is_refused_with_a_fix() -> None:
    """Its other parts are not looked at: nobody here knows what they mean."""
    with pytest.raises(StateError, match="newer publer-sync") as caught:
        loads(json.dumps({"format_version": FORMAT_VERSION + 1}), "x")
    assert caught.value.code == "state.newer"
    assert "Update publer-sync" in (caught.value.hint or "")


def test_only_a_state_with_holds_is_refused_by_versions_that_know_none() -> None:
    """They would drop the holds, and put every post back."""
    held = replace(a_state(FULL), holds=(Hold("Accident in town", SLOT),))
    assert json.loads(dumps(held))["format_version"] == 2
    assert json.loads(dumps(a_state(FULL)))["format_version"] == 1


def test_windows_line_ends_do_no_harm() -> None:
    assert loads(DOCUMENT.replace(b"\n", b"\r\n"), "x") == loads(DOCUMENT, "x")


def test_half_a_surrogate_pair_can_be_kept() -> None:
    """Publer's JSON may hold one, and the ledger must not fail in the middle of an apply."""
    state = a_state(Copy(1, "a", SLOT, Content("x"), seen=Seen(None, "\ud83d, then \udc00")))
    assert loads(dumps(state).encode(), "x") == state


def test_a_post_is_one_line() -> None:
    """So that git shows what an apply changed, whatever the text holds."""
    lines = dumps(a_state(FULL)).split("\n")
    assert [line.strip().startswith("{") for line in lines].count(True) == 2
    assert sum("We launched!" in line for line in lines) == 1


def test_the_document_can_be_read_by_others() -> None:
    data = json.loads(dumps(a_state(FULL)))
    assert data["workspace"] == {"id": "ws1", "name": "Fjordlight"}
    assert data["posts"][0]["digest"] == FULL.sent.digest
    assert data["posts"][0]["slot"] == "2027-03-02T08:00:00Z"


def test_an_offset_becomes_utc() -> None:
    here = datetime(2027, 3, 2, 10, 30, tzinfo=timezone(timedelta(hours=2, minutes=30)))
    assert iso(here) == "2027-03-02T08:00:00Z"
    assert iso(SLOT + timedelta(microseconds=5)) == "2027-03-02T08:00:00.000005Z"


def test_a_copy_can_be_changed_alone() -> None:
    state = a_state(FULL)
    other = state.clone()
    other.drop(FULL)
    other.put(Copy(other.new_key(), "b", SLOT, Content()))
    other.excused.clear()
    other.media.clear()
    assert state == a_state(FULL)
    assert list(other.copies) == [8]
    assert other.next_key == 9


def test_a_record_tells_what_was_sent() -> None:
    content = Content("t", "T", link=Link("u"), media=(Medium("a"), Medium("b")), draft=True)
    copy = Copy(1, "a", SLOT, content)
    assert (copy.text, copy.title, copy.draft) == ("t", "T", True)
    assert copy.under_way
    assert not Copy(1, "a", SLOT, Content(), lapsed=True).under_way
    assert not Copy(1, "a", SLOT, Content(), post_id="p").under_way
    assert (copy.place.account, copy.place.at) == ("a", SLOT)


def test_seen_is_what_the_listing_showed() -> None:
    live = LivePost("p", "a", "draft_dated", SLOT, "t", media=1)
    assert Seen.of(live) == Seen(SLOT, "t", None, None, 1, draft=True)


def test_what_a_listing_does_not_show_stays_as_it_was_seen() -> None:
    live = LivePost("p", "a", "scheduled", SLOT, "new", title="", link=None, media=None)
    assert Seen.of(live, Seen(None, "old", "title", "link", 2)) == Seen(SLOT, "new", "", "link", 2)


def test_a_missed_post_is_remembered_by_slot_and_by_id() -> None:
    assert past_keys("a", SLOT, None) == ("a@2027-03-02T08:00:00Z",)
    assert past_keys("a", SLOT, "launch") == ("a@2027-03-02T08:00:00Z", "a#launch")
