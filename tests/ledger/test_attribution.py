"""What a listing makes of the ledger: whose post is whose, what is settled and when, what is forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from publer_sync.content import Content, Revision
from publer_sync.ledger.attribution import attribute, lapse, settles_at, shows, tidy
from publer_sync.ledger.state import Copy, Seen
from publer_sync.model import MINUTE, LivePost
from tests.builders import (
    DAY,
    EARLIER,
    LAST,
    LATER,
    LINKEDIN,
    NOW,
    SECOND,
    SOON,
    copy_of,
    ledger,
    sent,
    shown,
    wanted,
)

POST = wanted(SOON, "Hello", id="hello")
INTENT = sent(POST, job_id="j-1", ended_at=NOW - MINUTE)
LAPSED = replace(INTENT, lapsed=True)
DRAFT = sent(wanted(SOON, "Hello", draft=True))
LINKED = sent(wanted(SOON, "Hello", link={"url": "https://example.com/a"}))
OURS = copy_of(POST)


def attributed(entry: Copy, *live: LivePost) -> Copy:
    """The copy of key 1 after a listing."""
    return attribute(ledger(entry), live, now=NOW).copies[1]


# --- whose post is whose --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("intent", [INTENT, LAPSED], ids=["under way", "lapsed"])
def test_a_post_that_appears_where_a_claim_expects_it_is_managed(intent: Copy) -> None:
    assert attributed(intent, shown(SOON, title="T", media=0)) == replace(
        intent,
        post_id="p-1",
        seen=Seen(SOON, "Hello", title="T", media=0),
        verified_at=NOW,
        lapsed=False,
        job_id=None,
        requested_at=None,
        ended_at=None,
    )


@pytest.mark.parametrize("ids", [("a", "b"), ("b", "a")], ids="".join)
def test_of_two_posts_that_fit_a_claim_the_one_that_is_still_scheduled_is_managed(
    ids: tuple[str, str],
) -> None:
    scheduled, published = ids
    early = replace(shown(SOON), id=published, state="published")
    assert attributed(INTENT, early, replace(shown(SOON), id=scheduled)).post_id == scheduled


@pytest.mark.parametrize(
    ("intent", "live", "ours"),
    [
        pytest.param(INTENT, shown(SOON, " Hello\r\n"), True, id="outer white space"),
        pytest.param(INTENT, shown(SOON + 59 * SECOND), True, id="seconds of the same minute"),
        pytest.param(INTENT, shown(SOON + MINUTE), False, id="the next minute"),
        pytest.param(INTENT, shown(SOON, "Other"), False, id="other words"),
        pytest.param(INTENT, shown(SOON, account=LINKEDIN), False, id="another account"),
        pytest.param(INTENT, shown(None), False, id="no time"),
        pytest.param(INTENT, shown(SOON, media=0), True, id="as many media"),
        pytest.param(INTENT, shown(SOON, media=1), False, id="more media"),
        pytest.param(INTENT, shown(SOON, media=1, type="link"), True, id="the picture of a card"),
        pytest.param(LINKED, shown(SOON, link="https://example.com/b"), False, id="another link"),
        pytest.param(
            LINKED, shown(SOON, link="https://example.com/a?utm_source=x"), True, id="a tagged link"
        ),
        pytest.param(LINKED, shown(SOON, link=""), True, id="a link that is not listed"),
        pytest.param(INTENT, shown(SOON, state="scheduled_pending"), True, id="waiting for approval"),
        pytest.param(INTENT, shown(SOON, state="published"), True, id="out already"),
        pytest.param(INTENT, shown(SOON, state="failed"), True, id="failed"),
        pytest.param(INTENT, shown(SOON, state="draft"), False, id="someone's draft"),
        pytest.param(INTENT, shown(SOON, state="recurring"), False, id="recurring"),
        pytest.param(DRAFT, shown(SOON, state="draft"), True, id="our draft"),
        pytest.param(DRAFT, shown(SOON), False, id="scheduled where a draft was sent"),
    ],
)
def test_a_claim_matches_slot_text_and_family_of_states(intent: Copy, live: LivePost, ours: bool) -> None:
    assert attributed(intent, live).post_id == ("p-1" if ours else None)


def test_a_post_known_by_its_id_belongs_to_no_other_record() -> None:
    """Two drafts alike in one slot: one listed and ours, the other under way."""
    known = copy_of(wanted(SOON, "Hello", draft=True), 1)
    going = replace(DRAFT, key=2)

    state = attribute(ledger(known, going), [shown(SOON, state="draft")], now=NOW)

    assert [entry.post_id for entry in state.copies.values()] == ["p-1", None]


def test_one_live_post_settles_one_claim_and_those_under_way_come_first() -> None:
    state = attribute(ledger(LAPSED, replace(INTENT, key=2)), [shown(SOON)], now=NOW)

    assert [entry.post_id for entry in state.copies.values()] == [None, "p-1"]


def test_a_claim_takes_a_post_with_rewritten_links_only_where_nothing_has_its_very_text() -> None:
    linked = sent(wanted(SOON, "Read https://example.com/a"))
    rewritten = shown(SOON, "Read https://go.example.com/x", id="p-1")

    assert attributed(linked, rewritten).post_id == "p-1"
    assert attributed(linked, rewritten, shown(SOON, linked.text, id="p-2")).post_id == "p-2"


def test_what_was_refused_for_its_minute_leaves_the_post_there_to_an_earlier_claim() -> None:
    state = attribute(ledger(LAPSED, replace(INTENT, key=2)), [shown(SOON)], now=NOW, refused={2})

    assert [entry.post_id for entry in state.copies.values()] == ["p-1", None]


def test_two_live_posts_settle_two_claims() -> None:
    """A job that ran late and the one that was sent after it: both are ours, so one can go."""
    live = [shown(SOON, id="p-2"), shown(SOON + 30 * SECOND, id="p-1")]

    state = attribute(ledger(LAPSED, replace(INTENT, key=2)), live, now=NOW)

    assert {entry.post_id for entry in state.copies.values()} == {"p-1", "p-2"}


def test_what_is_being_removed_claims_nothing() -> None:
    """A post with the same words in its slot was made by someone else meanwhile."""
    ours = replace(OURS, removing_at=NOW - MINUTE)

    assert attributed(ours, shown(SOON, id="f-1")) == ours


def test_a_post_that_is_still_listed_was_not_removed() -> None:
    assert attributed(replace(OURS, removing_at=NOW - MINUTE), shown(SOON)) == OURS


def test_a_listing_changes_nothing_else_of_what_was_seen() -> None:
    """An edit in Publer is told by what was seen before, so it must not be seen in passing."""
    assert attributed(OURS, shown(LATER, "Edited")) == OURS


def test_the_state_given_stays_as_it_was() -> None:
    state = ledger(INTENT)

    attribute(state, [shown(SOON)], now=NOW)
    lapse(state, now=NOW + DAY, poll_seconds=2)

    assert state.copies == {1: INTENT}


HOURS = (SOON, LATER, LAST)


@pytest.mark.parametrize(
    ("texts", "live", "post_ids"),
    [
        pytest.param("AB", "BA", ["n-2", "n-1"], id="two"),
        pytest.param("ABC", "CAB", ["n-2", "n-3", "n-1"], id="a circle of three"),
        pytest.param("ABC", "BA-", ["n-2", "n-1", "p-3"], id="and one that is only missing"),
        pytest.param("AB", "BC", ["p-1", "p-2"], id="no circle"),
        pytest.param("AAB", "BBA", ["p-1", "p-2", "p-3"], id="words that tell none from another"),
        pytest.param("AB", "A-", ["n-1", "p-2"], id="in its own minute, a claim"),
    ],
)
def test_missing_posts_are_recognized_in_one_anothers_minutes_by_their_words(
    texts: str, live: str, post_ids: list[str]
) -> None:
    posts = [wanted(at, text) for at, text in zip(HOURS, texts, strict=False)]
    state = ledger(*(copy_of(post, n, post_id=f"p-{n}") for n, post in enumerate(posts, 1)))
    listed = [
        shown(at, text, id=f"n-{n}")
        for n, (at, text) in enumerate(zip(HOURS, live, strict=False), 1)
        if text != "-"
    ]

    after = attribute(state, listed, now=NOW).copies.values()

    assert [entry.post_id for entry in after] == post_ids


# --- effects of updates ---------------------------------------------------------------------------------------------


def test_an_edit_that_a_listing_shows_is_noted() -> None:
    ours = replace(OURS, revising=Revision("New", "T"))

    assert attributed(ours, shown(SOON, "New", title="T")) == replace(
        OURS,
        sent=Content("New", "T"),
        seen=Seen(SOON, "New", title="T"),
        verified_at=NOW,
    )


def test_an_edit_of_ours_does_not_hide_what_someone_changed_beside_it() -> None:
    ours = replace(OURS, revising=Revision("New", None))
    moved = shown(LATER, "New", media=3, state="draft")
    assert attributed(ours, moved).seen == Seen(SOON, "New")


@pytest.mark.parametrize("live", [shown(SOON, "Hello"), shown(SOON, "New", title="Old")])
def test_an_edit_that_no_listing_shows_stays_open(live: LivePost) -> None:
    ours = replace(OURS, revising=Revision("New", "T"))

    assert attributed(ours, live) == ours


def test_an_edit_whose_links_were_rewritten_is_noted_once_the_text_has_changed() -> None:
    old, new = "Old https://go.example.com/x", "New https://go.example.com/x"
    ours = replace(
        OURS,
        seen=Seen(SOON, old),
        revising=Revision("New https://example.com/a"),
        sent=Content("Old https://example.com/a"),
    )

    assert attributed(ours, shown(SOON, old)).revising is not None
    assert attributed(ours, shown(SOON, new)).sent.text == "New https://example.com/a"
    relinked = replace(ours, revising=Revision("Old https://example.com/b"))
    assert attributed(relinked, shown(SOON, old)).revising is not None


@pytest.mark.parametrize(
    ("live", "shown_"),
    [
        (shown(SOON, "New"), True),
        (shown(SOON, " New\n", title="T"), True),
        (shown(SOON, "New", title=""), False),
        (shown(SOON, "Old", title="T"), False),
    ],
)
def test_a_title_that_is_not_shown_does_not_count_against_an_edit(live: LivePost, shown_: bool) -> None:
    assert shows(live, Revision("New", "T")) is shown_


def test_what_was_sent_takes_the_words_of_an_edit_and_keeps_the_rest() -> None:
    before = Content("Old", "T", labels=("a",))

    assert before.revised(Revision("New", "")) == Content("New", labels=("a",))
    assert before.revised(Revision("New")) == Content("New", "T", labels=("a",))


# --- settled by the clock -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("times", "moment"),
    [
        pytest.param(
            {"job_id": "j", "requested_at": NOW - MINUTE, "ended_at": NOW},
            NOW + 60 * SECOND,
            id="thirty polls after the job ended",
        ),
        pytest.param({"requested_at": NOW}, NOW + 60 * SECOND, id="no job to ask: after the request"),
        pytest.param(
            {"job_id": "j", "requested_at": NOW}, NOW + DAY + 60 * SECOND, id="a job unfinished after a day"
        ),
        pytest.param({"requested_at": None}, None, id="nothing known"),
    ],
)
def test_when_the_clock_settles(times: dict[str, Any], moment: datetime | None) -> None:
    assert settles_at(sent(POST, **times), poll_seconds=2) == moment


@pytest.mark.parametrize(("seconds", "lapsed"), [(-1, False), (0, True), (1, True)])
def test_what_is_under_way_lapses_when_the_clock_settles_it(seconds: int, lapsed: bool) -> None:
    intent = sent(POST, requested_at=NOW - 60 * SECOND, ended_at=None)

    state = lapse(ledger(intent), now=NOW + seconds * SECOND, poll_seconds=2)

    assert state.copies[1] == replace(intent, lapsed=lapsed)


def test_what_is_listed_never_lapses() -> None:
    assert lapse(ledger(OURS), now=NOW + 400 * DAY, poll_seconds=2).copies == {1: OURS}


# --- what is forgotten ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slot", "kept"),
    [(SOON, True), (EARLIER, True), (NOW - DAY, True), (NOW - DAY - SECOND, False)],
)
def test_a_claim_lives_on_until_its_slot_has_passed(slot: datetime, kept: bool) -> None:
    state = ledger(replace(LAPSED, slot=slot))

    tidy(state, now=NOW)

    assert bool(state.copies) is kept


def test_old_posts_are_remembered_without_their_words() -> None:
    at = NOW - timedelta(days=31)
    old = copy_of(wanted(at, id="old"), revising={"text": "x", "title": ""})
    recent = copy_of(wanted(NOW - timedelta(days=29)), 2)
    going = sent(wanted(at), 3)
    state = ledger(old, recent, going)

    tidy(state, now=NOW)

    assert state.copies == {1: replace(old, sent=Content(), seen=None, revising=None), 2: recent, 3: going}
