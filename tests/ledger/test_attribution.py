"""What a listing makes of the ledger: whose post is whose, what is settled and when, what is forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from publer_sync.ledger.attribution import attribute, lapse, tidy
from publer_sync.ledger.copies import Copy, End, EntryFacts, Seen
from publer_sync.values.content import Content
from publer_sync.values.model import MINUTE, LivePost
from tests.builders import (
    DAY,
    HOUR,
    LATER,
    LINKEDIN,
    NOW,
    SECOND,
    SOON,
    X,
    copy_of,
    ledger,
    sent,
    shown,
    wanted,
)
from tests.ledger.sent import (
    AND,
    DRAFT,
    GOING,
    INTENT,
    LAPSED,
    LINKED,
    PICTURES,
    REFUSED,
    UNHEARD,
    attributed,
    listed,
)
from tests.planning.posts import OURS, POST
from tests.tables import each_of

# --- whose post is whose --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("intent", [INTENT, LAPSED], ids=["under way", "lapsed"])
def test_a_post_that_appears_where_a_claim_expects_it_is_managed(intent: Copy) -> None:
    assert attributed(intent, shown(SOON, title="T", media=0)) == replace(
        intent,
        post_id="p-1",
        seen=Seen(SOON, "Hello", title="T", media=0),
        verified_at=NOW,
        lapsed=False,
        turned_up="late" if intent is LAPSED else "",
        requested_at=None,
        job_ended_at=None,
    )


@each_of(
    ("more", "turned_up"),
    [
        ({}, "late"),
        ({"requested_at": NOW - 89 * SECOND}, ""),
        ({"requested_at": None}, ""),
        ({"job_id": "j-1"}, ""),
        ({"job_ended_at": NOW - HOUR}, ""),
        ({"refused": ""}, "refused"),
    ],
)
def test_what_appears_once_a_request_has_settled_of_which_nothing_was_heard_may_be_anybodys(
    more: dict[str, Any], turned_up: str
) -> None:
    """That apply was stopped, perhaps before its request left, and a colleague made the post by hand."""
    copy = replace(UNHEARD, **more)
    assert listed(ledger(copy), [shown(SOON)])[0].turned_up == turned_up
    assert listed(ledger(copy), [shown(SOON)], sent=[1])[0].turned_up != "late", (
        "the run that sent it is looking for it"
    )


@each_of(
    ("copy", "post"),
    [
        (replace(UNHEARD, alone=True), shown(SOON, "Other words")),
        (replace(UNHEARD, alone=True, requested_at=NOW - SECOND), shown(SOON, "Other words")),
        (replace(INTENT, alone=True, job_ended_at=None), shown(SOON, "Other words")),
        (replace(UNHEARD, sent=wanted(SOON, draft=True).content), shown(SOON)),
    ],
)
def test_other_words_and_a_scheduled_draft_are_somebody_elses_by_then(copy: Copy, post: LivePost) -> None:
    """A draft that was scheduled would be removed at once."""
    assert listed(ledger(copy), [post], sent=[1])[0].post_id == post.id
    assert listed(ledger(copy), [post])[0].post_id is None


def test_whatever_the_first_of_its_kind_says_is_it_in_a_later_run_too_once_its_job_has_ended() -> None:
    first = replace(INTENT, alone=True)
    assert listed(ledger(first), [shown(SOON, "Other words")])[0].post_id == "p-1"


@pytest.mark.parametrize("ids", [("a", "b"), ("b", "a")], ids="".join)
def test_of_two_posts_that_fit_a_claim_the_one_that_is_still_scheduled_is_managed(
    ids: tuple[str, str],
) -> None:
    scheduled, published = ids
    early = replace(shown(SOON), id=published, state="published")
    assert attributed(INTENT, early, replace(shown(SOON), id=scheduled)).post_id == scheduled


def test_of_two_posts_with_the_same_words_each_is_taken_for_the_one_with_its_labels() -> None:
    sale, calm = (sent(wanted(SOON, labels=[label]), key) for key, label in ((1, "sale"), (2, "calm")))
    live = [shown(SOON, id=f"p-{label}", labels=(label,)) for label in ("calm", "sale")]
    assert [copy.post_id for copy in listed(ledger(sale, calm), live)] == ["p-sale", "p-calm"]


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
        pytest.param(INTENT, shown(SOON, media=1), True, id="more media"),
        pytest.param(LAPSED, shown(SOON, media=1), False, id="more media, once it has settled"),
        pytest.param(PICTURES, shown(SOON, "", media=1), True, id="without words, as many media"),
        pytest.param(PICTURES, shown(SOON, "", media=2), False, id="without words, more media"),
        pytest.param(INTENT, shown(SOON, media=1, type="link"), True, id="the picture of a card"),
        pytest.param(LAPSED, shown(SOON, media=1, type="link"), True, id="the picture of a card, settled"),
        pytest.param(
            LAPSED, shown(SOON, link="https://example.com/b"), True, id="a link of its words, settled"
        ),
        pytest.param(
            INTENT.ending(End.MAYBE_PUBLISHED, NOW),
            shown(SOON, media=1),
            False,
            id="more media, and it may have been published",
        ),
        pytest.param(
            PICTURES, shown(SOON, "", media=1, labels=("sale",)), True, id="without words, with other labels"
        ),
        pytest.param(
            sent(wanted(SOON, "Read https://example.com/a"), lapsed=True),
            shown(SOON, "Read https://go.example.com/x", media=1),
            False,
            id="other links and more media, settled",
        ),
        pytest.param(LINKED, shown(SOON, link="https://example.com/b"), True, id="another link"),
        pytest.param(
            replace(LINKED, lapsed=True),
            shown(SOON, link="https://example.com/b"),
            False,
            id="another link, settled",
        ),
        pytest.param(AND, shown(SOON, "Salt &amp; pepper, from us"), True, id="an entity"),
        pytest.param(AND, shown(SOON, "Salt & pepper,\n\n from  us"), True, id="other blanks"),
        pytest.param(AND, shown(SOON, "Salt & pepper, from us\n\nThe team"), True, id="a signature"),
        pytest.param(AND, shown(SOON, "Salt & pepper, from us today"), False, id="more words in its line"),
        pytest.param(
            replace(AND, lapsed=True),
            shown(SOON, "Salt &amp; pepper, from us"),
            False,
            id="an entity, settled",
        ),
        pytest.param(
            LINKED, shown(SOON, link="https://example.com/a?utm_source=x"), True, id="a tagged link"
        ),
        pytest.param(LINKED, shown(SOON, link=""), True, id="a link that is not listed"),
        pytest.param(INTENT, shown(SOON, labels=()), True, id="as many labels"),
        pytest.param(INTENT, shown(SOON, labels=("sale",)), True, id="other labels"),
        pytest.param(LAPSED, shown(SOON, labels=("sale",)), False, id="other labels, once it has settled"),
        pytest.param(REFUSED, shown(SOON), True, id="what Publer refused"),
        pytest.param(INTENT, shown(SOON, state="scheduled_pending"), True, id="waiting for approval"),
        pytest.param(INTENT, shown(SOON, state="published"), True, id="out already"),
        pytest.param(INTENT, shown(SOON, state="failed"), True, id="failed"),
        pytest.param(INTENT, shown(SOON, state="draft"), False, id="someone's draft"),
        pytest.param(INTENT, shown(SOON, state="recurring"), False, id="recurring"),
        pytest.param(DRAFT, shown(SOON, state="draft"), True, id="our draft"),
        pytest.param(DRAFT, shown(SOON), True, id="scheduled where a draft was sent"),
        pytest.param(
            replace(DRAFT, lapsed=True),
            shown(SOON),
            False,
            id="scheduled where a draft was sent and has settled",
        ),
        pytest.param(
            DRAFT.ending(End.MAYBE_PUBLISHED, NOW),
            shown(SOON),
            False,
            id="scheduled where a draft was sent that may have been published",
        ),
    ],
)
def test_a_claim_matches_slot_text_and_family_of_states(intent: Copy, live: LivePost, ours: bool) -> None:
    assert attributed(intent, live).post_id == ("p-1" if ours else None)


def test_a_post_known_by_its_id_belongs_to_no_other_copy() -> None:
    """Two drafts alike in one slot: one listed and ours, the other under way."""
    known = copy_of(wanted(SOON, "Hello", draft=True), 1)
    going = replace(DRAFT, key=2)

    after = listed(ledger(known, going), [shown(SOON, state="draft")])

    assert [copy.post_id for copy in after] == ["p-1", None]


def test_a_post_of_another_calendar_is_never_claimed() -> None:
    assert [copy.post_id for copy in listed(ledger(INTENT), [shown(SOON)], theirs={"p-1"})] == [None]


@pytest.mark.parametrize("keys", [(1, 2), (2, 1)])
def test_one_live_post_settles_one_claim_and_those_under_way_come_first(keys: tuple[int, int]) -> None:
    lapsed, under_way = replace(LAPSED, key=keys[0]), replace(INTENT, key=keys[1])

    after = {copy.key: copy.post_id for copy in listed(ledger(lapsed, under_way), [shown(SOON)])}

    assert after == {lapsed.key: None, under_way.key: "p-1"}


def test_what_may_have_been_published_early_and_appears_after_all_was_not() -> None:
    found = attributed(INTENT.ending(End.MAYBE_PUBLISHED, NOW), shown(SOON))
    assert (found.post_id, found.end) == ("p-1", None)


def test_of_two_claims_that_have_lapsed_the_older_one_is_settled() -> None:
    after = listed(ledger(LAPSED, replace(LAPSED, key=2)), [shown(SOON)])

    assert [copy.post_id for copy in after] == ["p-1", None]


@pytest.mark.parametrize("keys", [(1, 2), (2, 1)])
def test_a_post_that_appears_is_rather_under_way_than_one_that_may_have_been_published(
    keys: tuple[int, int],
) -> None:
    before, now = sent(POST, keys[0]).ending(End.MAYBE_PUBLISHED, NOW), sent(POST, keys[1])
    copies = {copy.key: copy for copy in listed(ledger(before, now), [shown(SOON)])}
    assert copies[keys[0]] == before
    assert copies[keys[1]].post_id == "p-1"


@pytest.mark.parametrize("keys", [(1, 2), (2, 1)], ids=str)
def test_a_post_that_appears_is_rather_one_that_may_have_been_published_than_one_that_never_came(
    keys: tuple[int, int],
) -> None:
    """The other one is made again in any case; this one would stay blocked."""
    lapsed, maybe = keys
    early = replace(LAPSED, key=maybe, entry=maybe, lapsed=False, end=End.MAYBE_PUBLISHED)
    copies = listed(ledger(replace(LAPSED, key=lapsed, entry=lapsed), early), [shown(SOON)])
    assert {copy.key: (copy.post_id, copy.end) for copy in copies} == {
        maybe: ("p-1", None),
        lapsed: (None, None),
    }


def test_a_claim_takes_a_post_with_rewritten_links_only_where_nothing_has_its_very_text() -> None:
    linked = sent(wanted(SOON, "Read https://example.com/a"))
    rewritten = shown(SOON, "Read https://go.example.com/x", id="p-1")

    assert attributed(linked, rewritten).post_id == "p-1"
    assert attributed(linked, rewritten, shown(SOON, linked.text, id="p-2")).post_id == "p-2"


def test_what_was_refused_for_its_minute_leaves_the_post_there_to_an_earlier_claim() -> None:
    after = listed(ledger(LAPSED, replace(REFUSED, key=2)), [shown(SOON)])

    assert [copy.post_id for copy in after] == ["p-1", None]


def test_what_may_be_either_of_two_copies_is_the_one_that_is_not_wanted() -> None:
    """They differ in what no list shows: taken for the new one, the old one would stay as it is."""
    old, new = (
        replace(LAPSED, sent=wanted(SOON, comments=[{"text": "Old"}]).content),
        replace(INTENT, key=2, entry=1),
    )

    assert [copy.post_id for copy in listed(ledger(old, new), [shown(SOON)])] == ["p-1", None]
    unanswered = replace(old, job_id=None, job_ended_at=None)
    assert [copy.post_id for copy in listed(ledger(unanswered, new), [shown(SOON)])] == [None, "p-1"]
    assert [copy.post_id for copy in listed(ledger(LAPSED, new), [shown(SOON)])] == [None, "p-1"]
    accepted = replace(old, job_id=None)
    assert [copy.post_id for copy in listed(ledger(accepted, new), [shown(SOON)])] == ["p-1", None]
    other_words = replace(old, sent=Content("Old"))
    assert [copy.post_id for copy in listed(ledger(other_words, new), [shown(SOON)])] == [None, "p-1"]
    other_post = replace(new, entry=2)
    assert [copy.post_id for copy in listed(ledger(old, other_post), [shown(SOON)])] == [None, "p-1"]
    both = listed(ledger(old, new), [shown(SOON), shown(SOON, id="p-2")])
    assert {copy.post_id for copy in both} == {"p-1", "p-2"}
    before = replace(OURS, post_id="p-0", sent=Content("First"), end=End.REMOVED)
    three = ledger(before, replace(old, key=2, entry=1), replace(new, key=3))
    assert [copy.post_id for copy in listed(three, [shown(SOON)])] == ["p-0", "p-1", None]


def test_what_publer_refused_is_not_what_turns_up_after_a_job_that_it_ended_well() -> None:
    """They differ in what no list shows, and the refused one may be wanted again by now."""
    refused = replace(REFUSED, sent=wanted(SOON, comments=[{"text": "Old"}]).content)
    new = replace(INTENT, key=2, entry=1)
    assert [copy.post_id for copy in listed(ledger(refused, new), [shown(SOON)])] == [None, "p-1"]
    under_way = replace(new, job_ended_at=None)
    assert [copy.post_id for copy in listed(ledger(refused, under_way), [shown(SOON)])] == ["p-1", None]
    both = replace(new, refused=REFUSED.refused)
    for before in (refused, replace(refused, lapsed=True)):
        assert [copy.post_id for copy in listed(ledger(before, both), [shown(SOON)])] == ["p-1", None]


def test_two_live_posts_settle_two_claims() -> None:
    """A job that ran late and the one that was sent after it: both are ours, so one can go."""
    live = [shown(SOON, id="p-2"), shown(SOON + 30 * SECOND, id="p-1")]

    after = listed(ledger(LAPSED, replace(INTENT, key=2)), live)

    assert {copy.post_id for copy in after} == {"p-1", "p-2"}


@pytest.mark.parametrize(
    "ours",
    [
        pytest.param(OURS, id="vanished"),
        pytest.param(GOING, id="being removed"),
        pytest.param(replace(OURS, end=End.GONE, ended_at=NOW - HOUR), id="gone"),
        pytest.param(replace(INTENT, end=End.REFUSED, ended_at=NOW - HOUR), id="refused"),
        pytest.param(replace(LAPSED, end=End.NEVER_CAME, ended_at=NOW - HOUR), id="never came"),
    ],
)
def test_what_was_verified_or_has_ended_claims_nothing(ours: Copy) -> None:
    """A post with the same words in its slot was made by someone else meanwhile."""
    assert attributed(ours, shown(SOON, id="f-1")) == ours


def test_posts_that_were_exchanged_under_new_ids_are_nobodys() -> None:
    """Whose they are only the plan can tell, which adopts what equals the calendar."""
    state = ledger(OURS, copy_of(wanted(LATER, "Other"), 2, post_id="p-2"))
    live = [shown(SOON, "Other", id="n-1"), shown(LATER, "Hello", id="n-2")]

    assert listed(state, live) == [*state.copies.values()]


def test_a_claim_whose_post_is_out_already_has_ended() -> None:
    assert attributed(INTENT, shown(SOON, state="published")).end is End.PUBLISHED


# --- settled by the clock -------------------------------------------------------------------------------------------


@each_of(("seconds", "lapsed"), [(-1, False), (0, True), (1, True)])
def test_what_is_under_way_lapses_when_the_clock_settles_it(seconds: int, lapsed: bool) -> None:
    intent = sent(POST, requested_at=NOW - 90 * SECOND)

    state = lapse(ledger(intent), now=NOW + seconds * SECOND, poll_seconds=2)

    assert state.copies[1] == replace(intent, lapsed=lapsed)


def test_what_a_listing_would_not_show_does_not_lapse() -> None:
    """It would be sent again beside a post that was never looked for."""
    state = lapse(ledger(INTENT, replace(INTENT, key=2)), now=NOW + DAY, poll_seconds=2, keys=[2])
    assert [copy.lapsed for copy in state.copies.values()] == [False, True]


def test_what_was_sent_nobody_knows_when_lapses_at_once() -> None:
    assert lapse(ledger(sent(POST, requested_at=None)), now=NOW, poll_seconds=2).copies[1].lapsed


def test_what_is_listed_never_lapses() -> None:
    assert lapse(ledger(OURS), now=NOW + 400 * DAY, poll_seconds=2).copies == {1: OURS}


# --- what is forgotten ----------------------------------------------------------------------------------------------


LONG_AGO = NOW - timedelta(days=401)
LEFT = {1: EntryFacts(left=True)}


@pytest.mark.parametrize(
    ("copies", "facts", "kept"),
    [
        pytest.param([replace(OURS, end=End.GONE, ended_at=LONG_AGO)], LEFT, False, id="ended long ago"),
        pytest.param([replace(OURS, end=End.PUBLISHED, ended_at=LONG_AGO)], LEFT, False, id="published long ago"),
        pytest.param(
            [replace(OURS, end=End.GONE, ended_at=LONG_AGO + DAY)], LEFT, True, id="ended 400 days ago"
        ),
        pytest.param([replace(OURS, end=End.GONE, ended_at=LONG_AGO)], {}, True, id="wanted by the calendar"),
        pytest.param([replace(OURS, end=End.GONE, ended_at=LONG_AGO), replace(OURS, key=2, entry=1)], LEFT, True, id="one still there"),
        pytest.param(
            [
                replace(OURS, end=End.GONE, ended_at=LONG_AGO),
                replace(OURS, key=2, entry=1, end=End.PUBLISHED, ended_at=NOW - DAY),
            ],
            LEFT,
            True,
            id="another copy ended yesterday",
        ),
        pytest.param([replace(LAPSED, slot=LONG_AGO)], LEFT, True, id="a claim that nothing has ended"),
    ],
)  # fmt: skip
def test_an_entry_that_left_the_calendar_is_forgotten_long_after_its_last_copy_ended(
    copies: list[Copy], facts: dict[int, EntryFacts], kept: bool
) -> None:
    state = ledger(*copies, facts=dict(facts))

    tidy(state, now=NOW)

    assert list(state.entries()) == ([1] if kept else [])
    assert state.facts == (facts if kept else {})


def test_old_posts_are_remembered_without_their_words() -> None:
    at = NOW - timedelta(days=40)
    old = copy_of(wanted(at, id="old"), end=End.PUBLISHED, ended_at=NOW - timedelta(days=36))
    recent = copy_of(wanted(at), 2, end=End.PUBLISHED, ended_at=NOW - timedelta(days=34))
    state = ledger(old, recent)

    tidy(state, now=NOW)

    assert state.copies == {1: replace(old, sent=Content(), seen=None), 2: recent}


@pytest.mark.parametrize(
    "copy",
    [
        pytest.param(copy_of(wanted(NOW - 99 * DAY)), id="postponed in Publer"),
        pytest.param(sent(wanted(NOW - 99 * DAY)), id="under way"),
        pytest.param(copy_of(wanted(NOW - 99 * DAY, draft=True)), id="a draft"),
    ],
)
def test_what_has_not_ended_keeps_what_was_sent_and_seen_however_old_its_slot_is(copy: Copy) -> None:
    """It may be ahead in Publer, in a colleague's words."""
    state = ledger(copy)

    tidy(state, now=NOW)

    assert state.copies == {1: copy}


def test_of_what_never_was_in_publer_only_the_last_keeps_its_words() -> None:
    """Each refused attempt would leave its words in the state otherwise."""
    refused = replace(INTENT, end=End.REFUSED, ended_at=NOW - HOUR)
    state = ledger(refused, replace(refused, key=2, entry=1))

    tidy(state, now=NOW)

    assert state.copies == {1: replace(refused, sent=Content()), 2: replace(refused, key=2, entry=1)}


def test_what_was_in_publer_keeps_its_words_for_a_while_also_once_another_took_its_place() -> None:
    published = replace(OURS, end=End.PUBLISHED, ended_at=NOW - HOUR)
    state = ledger(published, replace(OURS, key=2, entry=1, post_id="p-2"))

    tidy(state, now=NOW)

    assert state.copies[1] == published


@each_of(
    ("draft", "state", "claimed"),
    [
        (False, "scheduled", True),
        (True, "draft", True),
        (True, "scheduled", False),
    ],
)
def test_the_first_of_its_kind_takes_what_came_into_its_minute_but_no_scheduled_post_for_a_draft(
    draft: bool, state: str, claimed: bool
) -> None:
    """A colleague's post came there at that moment: a draft that Publer scheduled would be removed at once."""
    first = sent(wanted(SOON, draft=draft), alone=True)
    live = [shown(SOON, "Something else", id="p-9", state=state)]
    after = attribute(ledger(first), live, now=NOW, poll_seconds=2.0, theirs=(), fresh=True, sent=[1])
    assert (after.copies[1].post_id == "p-9") is claimed


@each_of(
    ("first", "live", "fresh", "claimed"),
    [
        (sent(POST, alone=True), {}, False, True),
        (sent(POST), {}, False, False),
        (sent(POST, alone=True, lapsed=True), {}, True, False),
        (sent(POST, alone=True, end=End.MAYBE_PUBLISHED), {}, True, False),
        (sent(POST, alone=True), {"unread": "its type is none"}, True, False),
        (replace(DRAFT, alone=True), {"state": "draft"}, True, True),
        (replace(DRAFT, alone=True), {"state": "draft"}, False, False),
    ],
)
def test_the_first_of_its_kind_takes_what_is_in_its_minute_only_until_it_is_judged(
    first: Copy, live: dict[str, Any], fresh: bool, claimed: bool
) -> None:
    there = replace(shown(SOON, "Something else", id="p-9"), **live)
    [after] = listed(ledger(first), [there], fresh=fresh, sent=[1])
    assert (after.post_id == "p-9") is claimed


@each_of(
    ("more", "live", "found"),
    [
        ({}, {}, True),
        ({"lapsed": True}, {}, False),
        ({"end": End.MAYBE_PUBLISHED}, {}, False),
        ({"key": 2}, {}, False),
        ({}, {"text": "Something else"}, False),
        ({"sent": Content(text="")}, {"text": ""}, False),
        ({}, {"state": "recurring"}, False),
    ],
)
def test_what_a_run_sent_is_known_where_publer_made_a_draft_of_it(
    more: dict[str, Any], live: dict[str, Any], found: bool
) -> None:
    """Any other run leaves such a draft to whoever made it."""
    there = replace(shown(SOON, "Hello", id="p-9", state="draft"), **live)
    after = attribute(ledger(replace(sent(POST), **more)), [there], now=NOW, poll_seconds=2.0, sent=[1])
    [copy] = after.copies.values()
    assert (copy.post_id, copy.turned_up) == (("p-9", "draft") if found else (None, ""))


@each_of(
    ("more", "found"),
    [
        ({}, True),
        ({"fresh": False}, False),
        ({"alone": False}, False),
        ({"copy": {"post_id": "p-1"}}, False),
        ({"copy": {"lapsed": True}}, False),
        ({"text": "Something else"}, False),
        ({"at": SOON + DAY + MINUTE}, False),
        ({"at": SOON - DAY}, True),
        ({"account": LINKEDIN}, False),
    ],
)
def test_the_first_of_its_kind_is_found_by_its_words_within_a_day(more: dict[str, Any], found: bool) -> None:
    more = {"fresh": True, "alone": True, "copy": {}, "text": "Hello", "at": SOON + DAY, "account": X, **more}
    first = replace(sent(POST, alone=more["alone"]), **more["copy"])
    live = [shown(more["at"], more["text"], id="p-9", account=more["account"])]
    after = attribute(ledger(first), live, now=NOW, poll_seconds=2.0, fresh=more["fresh"])
    assert (after.copies[1].post_id == "p-9") is found


@each_of(
    ("old", "more", "found"),
    [
        ({}, {}, False),
        ({}, {"state": "scheduled"}, True),
        ({"entry": 7}, {}, True),
        ({"post_id": None}, {}, True),
        ({"post_id": "p-8"}, {}, True),
        ({"sent": Content(text="Something else")}, {}, True),
    ],
)
def test_the_first_of_its_kind_is_not_the_post_that_it_replaces_published_under_another_id(
    old: dict[str, Any], more: dict[str, Any], found: bool
) -> None:
    """Somebody published it by hand while what replaces it was sent, and Publer lists that later."""
    first = replace(sent(POST, 2, alone=True), entry=1)
    was = replace(copy_of(replace(POST, at=SOON + HOUR)), **old)
    live = [
        shown(NOW, id="p-9", **{"state": "published", **more}),
        shown(SOON + HOUR, "Another", id="p-8"),
    ]
    after = attribute(ledger(was, first), live, now=NOW, poll_seconds=2.0, fresh=True)
    assert (after.copies[2].post_id == "p-9") is found


def test_of_several_with_its_words_the_first_of_its_kind_is_the_nearest_and_none_without_words() -> None:
    far, near = shown(SOON + DAY, id="p-8"), shown(SOON - HOUR, id="p-9")
    for post, found in ((POST, "p-9"), (wanted(SOON, ""), None)):
        live = [replace(each, text=post.text) for each in (far, near)]
        after = attribute(ledger(sent(post, alone=True)), live, now=NOW, poll_seconds=2.0, fresh=True)
        assert after.copies[1].post_id == found


def test_what_was_sent_to_an_account_that_its_entry_left_since_is_found_there() -> None:
    """Somebody moved the post in Publer, and this version of it had not been listed."""
    unseen = replace(LAPSED, account=LINKEDIN.id, moved_to=X.id)
    found = attribute(ledger(unseen), [shown(POST.at, POST.text)], now=NOW, poll_seconds=0.0)
    assert found.copies[unseen.key].post_id == "p-1"
    elsewhere = shown(POST.at, POST.text, account=LINKEDIN)
    found = attribute(ledger(unseen), [elsewhere], now=NOW, poll_seconds=0.0)
    assert found.copies[unseen.key].post_id is None


@each_of(
    ("text", "shown_text", "turned_up"),
    [
        ("Hello", "Hello", "scheduled"),
        ("Hello", "Other", ""),
        ("", "", ""),
        ("https://a.example", "https://a.example", ""),
    ],
)
def test_a_draft_that_publer_scheduled_is_known_by_its_words_alone(
    text: str, shown_text: str, turned_up: str
) -> None:
    """Without words, what is scheduled in its minute may be anybody's."""
    state = ledger(sent(wanted(SOON, text, draft=True, media=[{"file": "a"}])))
    after = attribute(state, [shown(SOON, shown_text, id="p-9")], now=NOW, poll_seconds=2.0)
    assert after.copies[1].turned_up == turned_up


@each_of(
    ("draft", "state", "claimed"),
    [
        (False, "dreaming", True),
        (True, "dreaming", True),
        (False, "draft", False),
        (True, "recurring", False),
    ],
)
def test_a_post_in_a_state_that_no_document_names_may_be_what_was_sent(
    draft: bool, state: str, claimed: bool
) -> None:
    after = attribute(
        ledger(sent(wanted(SOON, draft=draft))),
        [shown(SOON, id="p-9", state=state)],
        now=NOW,
        poll_seconds=2.0,
    )
    assert (after.copies[1].post_id == "p-9") is claimed
