"""The ledger's document: what comes back, and what is refused."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publer_sync.ledger.contact import Contact, Kind
from publer_sync.ledger.copies import Copy, End, EntryFacts, Seen
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.runs import RunLine, RunRecord
from publer_sync.ledger.state import (
    FORMAT_VERSION,
    CalendarHome,
    KnownAccount,
    Moved,
    State,
    _end,
    dumps,
    loads,
    past_keys,
)
from publer_sync.values.content import (
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
from publer_sync.values.errors import StateError
from publer_sync.values.model import iso
from tests.builders import NOW, SOON, copy_of, ledger, wanted
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypothesis.strategies import DrawFn

SLOT = datetime(2027, 3, 2, 8, 0, tzinfo=UTC)
FULL = Copy(
    key=7,
    account="acc1",
    slot=SLOT,
    sent=Content("We launched! 🚀\n\u2028<b>", labels=("a",), link=Link("https://example.com")),
    id="launch",
    post_id="p1",
    seen=Seen(SLOT, "We launched!", "", None, 2, draft=True),
    shown=Seen(None, "Edited", "T", "https://example.com", 0),
    verified_at=SLOT + timedelta(seconds=1),
    requested_at=SLOT + timedelta(microseconds=5),
    job_id="j1",
    job_ended_at=SLOT,
    lapsed=True,
    removing_at=SLOT,
    removed=True,
    held=True,
    by_hand=True,
    spared=SLOT,
    moved_to="acc2",
    revising=Revision("New", ""),
    adopted=True,
    ids={"board": "1012345678901234567"},
    entry=3,
    end=End.MAYBE_PUBLISHED,
    ended_at=SLOT + timedelta(hours=1),
    evidence="p9",
    counts_from=("launch", "2027-04-06"),
    publer_said="Something went wrong",
    refused="Too long",
    turned_up="late",
    alone=True,
)
OLDER = Copy(3, "acc1", SLOT - timedelta(days=1), Content("Before"), id="launch")


def a_state(*copies: Copy) -> State:
    return State(
        "https://app.publer.com/api/v1",
        "ws1",
        "calendar",
        "Fjordlight",
        {copy.key: copy for copy in copies},
        {
            3: EntryFacts(
                twins=True,
                left=True,
                let_go=True,
                beside=("#other",),
                doubted=("",),
                told=("2027-03-09T08:00:00Z sha256:1",),
            )
        }
        if OLDER in copies
        else {},
        {"d1": {"id": "m1", "size": 3}},
        {"acc1@2027-03-02T08:00:00Z"},
        SLOT,
        next_key=8,
        contact=Contact(("create",), {"draft": 7}, ("text/facebook",), ("mastodon",), "before.json"),
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
COPIES = st.builds(
    Copy,
    key=st.just(0),
    account=st.just(""),
    slot=MOMENTS,
    sent=CONTENTS,
    post_id=st.none() | TEXTS,
    seen=st.none() | SEENS,
    shown=st.none() | SEENS,
    verified_at=st.none() | MOMENTS,
    requested_at=st.none() | MOMENTS,
    job_id=st.none() | TEXTS,
    job_ended_at=st.none() | MOMENTS,
    lapsed=st.booleans(),
    removing_at=st.none() | MOMENTS,
    removed=st.booleans(),
    held=st.booleans(),
    by_hand=st.booleans(),
    spared=st.none() | MOMENTS,
    moved_to=st.sampled_from(["", "acc2"]),
    revising=st.none() | st.builds(Revision, TEXTS, st.none() | TEXTS),
    adopted=st.booleans(),
    ids=st.dictionaries(TEXTS, TEXTS, max_size=2),
    end=st.none() | st.sampled_from(End),
    ended_at=st.none() | MOMENTS,
    evidence=st.none() | TEXTS,
    counts_from=st.none() | st.tuples(TEXTS, TEXTS),
    publer_said=TEXTS,
    refused=st.none() | TEXTS,
    turned_up=TEXTS,
    alone=st.booleans(),
)
NAMES = st.lists(TEXTS, max_size=2).map(tuple)
CONTACTS = st.builds(
    Contact, NAMES, st.dictionaries(st.sampled_from(Kind), st.integers(1)), NAMES, NAMES, backup=TEXTS
)
FACTS = st.builds(
    EntryFacts,
    st.booleans(),
    st.booleans(),
    st.booleans(),
    NAMES,
    NAMES,
    NAMES,
)
HOLDS = st.builds(
    Hold,
    TEXTS,
    MOMENTS,
    NAMES,
    NAMES,
    first=st.none() | MOMENTS,
    last=st.none() | MOMENTS,
    settings=st.booleans(),
    left_alone=st.frozensets(TEXTS, max_size=2),
)


@st.composite
def states(draw: DrawFn) -> State:
    """Entries of one to three copies, their keys mixed as they are where posts were replaced in turns."""
    keys = draw(st.permutations(range(1, 8)))
    copies: dict[int, Copy] = {}
    facts: dict[int, EntryFacts] = {}
    for bare in draw(st.lists(st.lists(COPIES, min_size=1, max_size=3), max_size=2)):
        mine, keys = sorted(keys[: len(bare)]), keys[len(bare) :]
        account, name = draw(TEXTS), draw(st.none() | TEXTS)
        for key, copy in zip(mine, bare, strict=True):
            copies[key] = replace(copy, key=key, account=account, id=name, entry=mine[0])
        if known := draw(FACTS):
            facts[mine[0]] = known
    return State(
        *draw(st.tuples(TEXTS, TEXTS, TEXTS, TEXTS)),
        copies=dict(sorted(copies.items())),
        facts=facts,
        media=draw(st.dictionaries(TEXTS, st.dictionaries(TEXTS, JSON, max_size=3), max_size=3)),
        excused=draw(st.sets(TEXTS, max_size=3)),
        last_apply=draw(st.none() | MOMENTS),
        last_good_apply=draw(st.none() | MOMENTS),
        files=draw(st.none() | TEXTS.filter(bool)),
        next_key=draw(st.integers(1)),
        contact=draw(CONTACTS),
        holds=draw(st.lists(HOLDS, max_size=2).map(tuple)),
    )


STATES = states()


@pytest.mark.slow
@given(STATES)
def test_whatever_is_kept_comes_back_and_is_the_same_document_again(state: State) -> None:
    document = dumps(state)
    again = loads(document, "x")
    assert again == state == loads(document.encode(), "x")
    assert dumps(again) == document


def test_the_strategies_know_every_field() -> None:
    """A field that is added later must be written too; FULL sets each one to something that is no default."""
    bare = Copy(1, "", SLOT, Content())
    for field in fields(Copy):
        assert getattr(FULL, field.name) != getattr(bare, field.name) or field.name == "slot"
    for field in fields(EntryFacts):
        assert getattr(a_state(OLDER, FULL).facts[3], field.name) != getattr(EntryFacts(), field.name)
    for field in fields(Contact):
        assert getattr(a_state().contact, field.name) != getattr(Contact(), field.name)
    assert loads(dumps(a_state(OLDER, FULL)), "x") == a_state(OLDER, FULL)


def test_all_that_a_state_says_beside_its_posts_comes_back() -> None:
    line = RunLine("create", "acc1", SLOT, "launch", "applied", entry=1)
    full = replace(
        a_state(OLDER, FULL),
        last_good_apply=SLOT - timedelta(days=1),
        span=(30, SLOT),
        signoff=('{"label": "sale"}',),
        holds=(Hold("a storm", SLOT),),
        runs=(RunRecord(SLOT, "apply", "Ann", "0123456", lines=(line,)),),
        home=CalendarHome("calendars/acme", "/repository/.git"),
        accounts={"acc1": KnownAccount("twitter", "Fjordlight", shared=True)},
        was=("earlier",),
        moved=Moved("client", "git:state"),
        ended=SLOT,
    )
    left_out = {"lost", "joined", "_lines"}
    for field in fields(State):
        assert getattr(full, field.name) or field.name in left_out, field.name
    back = loads(dumps(full), "x")
    for field in fields(State):
        assert getattr(back, field.name) == getattr(full, field.name) or field.name in left_out, field.name


def test_a_post_on_several_accounts_is_one_of_those_it_manages() -> None:
    both = [replace(OLDER, key=1, entry=1), replace(OLDER, key=2, entry=2, account="acc2")]
    other = replace(OLDER, key=3, entry=3, id="other")
    assert sorted(map(sorted, a_state(*both, other).posts)) == [["acc1"], ["acc1", "acc2"]]
    words = [
        replace(OLDER, key=key, entry=key, id=None, account=f"acc{key}", sent=Content(text))
        for key, text in enumerate(("Hello", "Hello", "Other"), 1)
    ]
    assert sorted(map(sorted, a_state(*words).posts)) == [["acc1", "acc2"], ["acc3"]], "by their words"


def test_what_a_hold_took_out_too_late_is_none_of_them() -> None:
    published = OLDER.ending(End.PUBLISHED, SLOT)
    held = replace(FULL, entry=published.entry, held=True).ending(End.REMOVED, SLOT)
    assert a_state(published, held).posts == []


@each_of(
    ("copy", "managed"),
    [
        (OLDER, True),
        (replace(OLDER, lapsed=True), False),
        (OLDER.ending(End.GONE, SLOT), False),
        (OLDER.ending(End.REMOVED, SLOT), False),
        (replace(OLDER, held=True).ending(End.REMOVED, SLOT), True),
    ],
)
def test_what_never_came_or_has_ended_is_none_of_them_but_what_a_hold_took_out_is(
    copy: Copy, managed: bool
) -> None:
    assert bool(a_state(copy).posts) is managed


DOCUMENT = dumps(a_state(OLDER, FULL, Copy(8, "acc2", SLOT, Content("æ")))).encode()


@given(st.integers(0, len(DOCUMENT) - 1), st.integers(0, 255))
def test_a_changed_byte_is_noticed(position: int, byte: int) -> None:
    """Either the document is refused, or it still says the same."""
    _refused_or_equal(DOCUMENT[:position] + bytes([byte]) + DOCUMENT[position + 1 :])


@each_of("flip", [0x01, 0x02, 0x20, 0x80])
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


@each_of(
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


def of_before(*changes: tuple[str, str]) -> State:
    """A document of an earlier version."""
    body = dumps(a_state(OLDER, FULL)).rpartition(',\n"checksum": ')[0]
    for now, then in changes:
        assert now in body
        body = body.replace(now, then)
    return loads(body + _end(body), "x")


def test_versions_before_this_one_are_read() -> None:
    version = ('"format_version": 5', '"format_version": 3')
    assert of_before(version) == a_state(OLDER, FULL)
    good, files = '"last_good_apply": null, ', '"files": "f1", '
    kept = of_before(version, (good, ""))
    assert kept.last_good_apply == kept.last_apply, "they kept the files of which it had done everything"
    assert of_before(version, (good, ""), (files, "")).last_good_apply is None


def test_a_newer_version_is_refused_with_a_fix() -> None:
    """Its other parts are not looked at: nobody here knows what they mean."""
    with pytest.raises(StateError, match="newer publer-sync") as caught:
        loads(json.dumps({"format_version": FORMAT_VERSION + 1}), "x")
    assert caught.value.code == "state.newer"
    assert "Update publer-sync" in (caught.value.hint or "")


def test_versions_that_know_no_copies_refuse_the_document() -> None:
    """They would take each copy for a post of its own, and drop the holds."""
    assert json.loads(dumps(a_state(FULL)))["format_version"] == 5


def test_windows_line_ends_do_no_harm() -> None:
    assert loads(DOCUMENT.replace(b"\n", b"\r\n"), "x") == loads(DOCUMENT, "x")


def test_half_a_surrogate_pair_can_be_kept() -> None:
    """Publer's JSON may hold one, and the ledger must not fail in the middle of an apply."""
    state = a_state(Copy(1, "a", SLOT, Content("x"), seen=Seen(None, "\ud83d, then \udc00")))
    assert loads(dumps(state).encode(), "x") == state


def test_an_entry_is_one_line_with_all_its_copies() -> None:
    """So that git shows what an apply changed, whatever the text holds."""
    lines = dumps(a_state(OLDER, Copy(4, "acc2", SLOT, Content("Between")), FULL)).split("\n")
    posts = [line.strip().rstrip(",") for line in lines if line.strip().startswith("{")][1:]
    keys = [(entry["key"], [copy["key"] for copy in entry["copies"]]) for entry in map(json.loads, posts)]
    assert keys == [(3, [3, 7]), (4, [4])]


def test_the_document_can_be_read_by_others() -> None:
    data = json.loads(dumps(a_state(OLDER, FULL)))
    assert data["workspace"] == {"id": "ws1", "name": "Fjordlight"}
    (entry,) = data["posts"]
    assert (entry["id"], entry["account"]) == ("launch", "acc1")
    assert entry["copies"][1]["digest"] == FULL.sent.digest
    assert entry["copies"][1]["slot"] == "2027-03-02T08:00:00Z"
    assert entry["copies"][1]["end"] == "maybe_published"


@each_of("end", ["", "lost", 7, None])
def test_an_end_that_nobody_knows_is_not_read_as_another(end: object) -> None:
    body = DOCUMENT.decode().replace('"maybe_published"', json.dumps(end))
    body = body.rpartition(',\n"checksum"')[0]
    digest = hashlib.sha256(body.encode()).hexdigest()[:32]
    with pytest.raises(StateError, match="damaged"):
        loads(f'{body},\n"checksum": "{digest}"\n}}\n', "x")


def test_an_offset_becomes_utc() -> None:
    here = datetime(2027, 3, 2, 10, 30, tzinfo=timezone(timedelta(hours=2, minutes=30)))
    assert iso(here) == "2027-03-02T08:00:00Z"
    assert iso(SLOT + timedelta(microseconds=5)) == "2027-03-02T08:00:00.000005Z"


def test_a_clone_can_be_changed_alone() -> None:
    state = a_state(OLDER, FULL)
    other = state.clone()
    other.drop(FULL)
    other.put(Copy(other.new_key(), "b", SLOT, Content()))
    other.excused.clear()
    other.media.clear()
    other.note(3, left=False)
    assert state == a_state(OLDER, FULL)
    assert list(other.copies) == [3, 8]
    assert other.next_key == 9
    assert other.facts[3] == replace(state.facts[3], left=False)


def test_a_document_written_after_others_is_that_of_a_new_state() -> None:
    """Lines of entries that stay the same are kept, also by clones. Equal is not the same: 1 is no truth in JSON."""
    state = State("s", "ws1", "calendar", next_key=9)
    for key in (1, 2, 3):
        state.put(replace(FULL, key=key, entry=key, sent=Content("Words", network={"album": 1})))

    def steps() -> Iterator[State]:
        yield state
        state.put(replace(state.copies[2], sent=Content("Words", network={"album": True})))
        yield state
        other = state.clone()
        other.note(3, left=True)
        other.put(replace(FULL, key=8, entry=1))
        yield other
        other.forget(2)
        yield other
        yield state

    for each in steps():
        assert dumps(each) == dumps(loads(dumps(each), "here"))
    assert '"album": true' in dumps(state)


def test_what_is_known_of_an_entry_is_kept_until_it_says_nothing() -> None:
    state = a_state(FULL)
    state.note(3, twins=True)
    state.note(3, left=True)
    assert state.facts == {3: EntryFacts(twins=True, left=True)}
    state.note(3, twins=False, left=False)
    assert state.facts == {}


def test_entries_have_their_copies_in_the_order_in_which_they_were_sent() -> None:
    state = a_state(FULL, Copy(4, "acc2", SLOT, Content()), OLDER)
    assert {key: entry.copies for key, entry in state.entries().items()} == {
        3: (OLDER, FULL),
        4: (Copy(4, "acc2", SLOT, Content()),),
    }
    assert state.entries()[3].facts == state.facts[3]
    assert state.entries()[4].facts == EntryFacts()


def test_an_id_is_that_of_the_whole_entry() -> None:
    other = Copy(4, "acc1", SLOT, Content(), id="other")
    state = a_state(OLDER, other, FULL)
    state.identify(FULL, "renamed")
    assert [copy.id for copy in state.copies.values()] == ["renamed", "other", "renamed"]


def test_a_forgotten_entry_is_gone_with_all_its_copies() -> None:
    other = Copy(4, "acc1", SLOT, Content())
    state = a_state(OLDER, other, FULL)
    state.forget(3)
    assert (state.copies, state.facts) == ({4: other}, {})


def test_a_missed_post_is_remembered_by_slot_and_by_id() -> None:
    assert past_keys("a", SLOT, None) == ("a@2027-03-02T08:00:00Z",)
    assert past_keys("a", SLOT, "launch") == ("a@2027-03-02T08:00:00Z", "a#launch")


def test_a_calendar_with_another_name_keeps_those_that_it_had() -> None:
    """So that a checkout from before it was renamed is not taken for another calendar."""
    first = State("https://example.com", "w-1", "first")
    once = first.renamed("second")
    assert (once.calendar, once.was) == ("second", ("first",))
    back = once.renamed("third").renamed("first")
    assert back.was == ("second", "third")
    assert loads(dumps(back), "here").was == back.was
    assert replace(back, was=()) == first


def test_a_state_says_something_of_posts_where_it_has_copies_or_a_hold() -> None:
    assert not ledger().is_used
    assert ledger(holds=(Hold("a storm", NOW),)).is_used
    assert ledger(copy_of(wanted(SOON))).is_used
