"""The first post and the first draft through a key: sent alone, and the others only once Publer was seen to keep it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from publer_sync.ledger.contact import Contact
from publer_sync.planning.allow import Allow
from publer_sync.values.errors import FirstContactError, Refused
from publer_sync.values.model import MINUTE, LivePost
from tests.applying.whole import SEEN, Whole, applied
from tests.applying.whole_posts import (
    ALL_BUT_REMOVALS,
    COPY,
    DRAFT,
    LIVE,
    NOTHING_SEEN,
    ONE,
    TWO,
    first_applied,
)
from tests.builders import HOUR, LAST, LATER, SOON, TOMORROW, copy_of, ledger, sent, shown, wanted
from tests.tables import each_of


def test_the_first_post_goes_alone_the_furthest_one_and_then_the_others() -> None:
    done = first_applied(ONE, TWO, wanted(LAST, "Three"), publer=Whole())
    assert done.publer.wrote == ["new Three", "new One, Two"]
    assert set(done.outcomes.values()) == {"applied"}
    assert "create" in done.run.state.contact.verified
    assert not any(copy.alone for copy in done.run.state.copies.values())


def test_the_first_draft_goes_beside_the_first_post() -> None:
    done = first_applied(ONE, DRAFT, wanted(TOMORROW, "Other draft", draft=True), publer=Whole())
    assert done.publer.wrote == ["new One", "draft Other draft", "draft Draft"]
    assert done.run.state.contact.verified == ("create", "draft")


@each_of(
    "spoilt",
    [
        lambda post: replace(post, text="Other words"),
        lambda post: replace(post, state="draft"),
        lambda post: replace(post, at=post.at + MINUTE / 2) if post.at else post,
    ],
)
def test_a_first_post_that_publer_did_not_keep_ends_the_run_with_one_post(spoilt: Any) -> None:
    done = first_applied(ONE, TWO, publer=Whole(makes=spoilt))
    if done.report.error is None:
        assert done.outcomes == {"One": "applied", "Two": "applied"}, "seconds are Publer's"
        return
    assert isinstance(done.report.error, FirstContactError)
    assert done.outcomes == {"One": "not_tried", "Two": "failed"}
    assert len(done.publer.live) == 1
    again = first_applied(ONE, TWO, publer=Whole(*done.publer.live.values()), state=done.run.state)
    assert again.run.state.contact.doubts or again.report.error is None


def test_what_publer_did_not_keep_goes_on_where_that_is_allowed() -> None:
    publer = Whole(makes=lambda post: replace(post, text=f"{post.text} (sponsored)"))
    done = first_applied(ONE, TWO, publer=publer, allow=Allow(rewritten=True))
    assert done.report.error is None
    assert done.run.state.contact.allowed == ("text/twitter",)
    assert done.outcomes == {"One": "applied", "Two": "applied"}


def test_a_doubt_keeps_more_of_its_kind_from_being_sent_and_ends_with_the_post() -> None:
    doubted = replace(copy_of(TWO, 2, post_id="p-2"), alone=True)
    live = shown(LATER, "Other words", id="p-2")
    contact = Contact(doubts={"create": 2})
    kept = applied([ONE, TWO], Whole(live), ledger(doubted), contact=contact)
    assert isinstance(kept.report.error, FirstContactError)
    assert kept.publer.wrote == []
    gone = applied(
        [ONE],
        Whole(shown(LATER, "Two", id="p-2", state="draft")),
        ledger(doubted),
        contact=contact,
        edits="overwrite",
    )
    assert gone.publer.wrote[0] == "remove p-2"
    assert gone.outcomes["One"] == "applied"


@each_of(("makes", "verified"), [(lambda post: post, True), (lambda _: None, False)])
def test_a_first_post_that_is_not_listed_ends_its_kind_for_this_run(makes: Any, verified: bool) -> None:
    done = first_applied(ONE, TWO, publer=Whole(makes=makes))
    assert ("create" in done.run.state.contact.verified) is verified
    assert done.outcomes["One"] == ("applied" if verified else "not_tried")
    assert len(done.publer.wrote) == (2 if verified else 1)


def test_a_first_post_that_an_earlier_run_sent_keeps_others_of_its_kind_until_it_shows() -> None:
    waiting = ledger(sent(ONE, alone=True, job_id="j-1"))
    done = first_applied(ONE, TWO, DRAFT, publer=Whole(), state=waiting)
    assert done.publer.wrote == ["draft Draft"]
    assert done.outcomes == {"One": "unverified", "Two": "not_tried", "Draft": "applied"}
    assert "does not list it, so no other is sent" in done.why("Two")


@each_of(
    ("live", "verified", "doubted"),
    [
        (LIVE, True, False),
        (shown(SOON, "Other words"), False, True),
        (shown(SOON, "One", state="published"), True, False),
    ],
)
def test_a_first_post_that_showed_too_late_is_judged_by_the_next_run(
    live: LivePost, verified: bool, doubted: bool
) -> None:
    state = ledger(replace(COPY, alone=True))
    done = first_applied(ONE, publer=Whole(live), state=state)
    assert ("create" in done.run.state.contact.verified, bool(done.run.state.contact.doubts)) == (
        verified,
        doubted,
    )
    assert done.run.state.copies[1].alone is doubted
    assert done.publer.wrote == []


def test_a_post_that_was_sent_before_is_no_first_one_and_keeps_no_other() -> None:
    done = first_applied(ONE, TWO, publer=Whole(), state=ledger(sent(ONE, job_id="j-1")))
    assert done.outcomes == {"One": "unverified", "Two": "applied"}
    edited = first_applied(ONE, publer=Whole(shown(SOON, "By hand")), state=ledger(COPY))
    assert not edited.run.state.contact.doubts


def test_a_first_draft_that_no_list_shows_is_lived_with_where_that_is_allowed() -> None:
    unseen = ledger(replace(sent(DRAFT, alone=True, job_id="j-1"), lapsed=True))
    other = wanted(TOMORROW, "Other draft", draft=True)
    kept = first_applied(DRAFT, other, publer=Whole(), state=unseen)
    assert kept.outcomes["Other draft"] == "not_tried"
    unseen = ledger(replace(sent(DRAFT, alone=True, job_id="j-1"), lapsed=True))
    done = first_applied(DRAFT, other, publer=Whole(), state=unseen, allow=Allow(rewritten=True))
    assert done.outcomes["Other draft"] == "applied"
    assert "listed/twitter" in done.run.state.contact.allowed


@each_of(
    ("allowed", "outcome"),
    [("listed/twitter", "unverified"), ("text/twitter", "applied"), ("text/facebook", "unverified")],
)
def test_where_publer_rewrites_words_the_minute_tells_which_post_it_is(allowed: str, outcome: str) -> None:
    publer = Whole(makes=lambda post: replace(post, text="Quite other words"))
    done = applied([ONE], publer, ledger(), contact=replace(SEEN, allowed=(allowed,)))
    assert done.outcomes == {"One": outcome}
    assert not any(copy.alone for copy in done.run.state.copies.values() if copy.post_id)


def test_three_refusals_end_a_kind() -> None:
    posts = [wanted(SOON + n * HOUR, f"Post {n}", id=f"{n}") for n in range(5)]
    done = first_applied(*posts, publer=Whole(errors={"new": [Refused("no")] * 9}))
    assert len(done.publer.wrote) == 3
    assert sorted(done.outcomes.values()) == ["failed"] * 3 + ["not_tried"] * 2


# --- what Publer had before -----------------------------------------------------------------------------------------


def test_what_publer_had_is_kept_before_the_first_write() -> None:
    kept: list[list[str]] = []

    def back_up(live: Any) -> str:
        kept.append([post.id for post in live])
        return "before.json"

    done = first_applied(ONE, publer=Whole(shown(TOMORROW, "A colleague's", id="f-1")), back_up=back_up)
    assert kept == [["f-1"]]
    assert done.report.backup == "before.json"
    first_applied(ONE, publer=Whole(*done.publer.live.values()), state=done.run.state, back_up=back_up)
    assert len(kept) == 1


def test_before_a_run_that_writes_nothing_nothing_is_kept() -> None:
    kept: list[object] = []

    def keep(live: object) -> str:
        kept.append(live)
        return "before.json"

    applied([ONE], Whole(LIVE), ledger(COPY), contact=NOTHING_SEEN, back_up=keep)
    assert kept == []


def test_people_are_told_what_goes_first_and_why() -> None:
    told: list[tuple[str, str]] = []
    first_applied(ONE, TWO, DRAFT, publer=Whole(), progress=lambda word, text: told.append((word, text)))
    assert [text for word, text in told if word == "first"] == [
        "first post and first draft through this key: sending one to see that Publer keeps it as sent"
    ]
    known: list[str] = []
    applied([ONE, TWO], Whole(), ledger(), progress=lambda word, _: known.append(word))
    assert "first" not in known
    moved = [replace(ONE, at=TOMORROW), replace(TWO, at=LAST)]
    there, state = [LIVE, shown(LATER, "Two", id="p-2")], ledger(COPY, copy_of(TWO, 2, post_id="p-2"))
    publer = Whole(*there)
    applied(moved, publer, state, contact=ALL_BUT_REMOVALS, progress=lambda word, _: known.append(word))
    assert len(publer.wrote) == 4
    assert "first" not in known, "a first removal is not sent to see whether Publer keeps it"
