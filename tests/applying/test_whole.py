"""What a whole apply comes to in a Publer in memory: each way of a post, and what stops it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from publer_sync.applying.report import Outcome
from publer_sync.errors import (
    FirstContactError,
    Interrupted,
    PlanRefused,
    Refused,
    StateError,
    Unclear,
    Unreachable,
)
from publer_sync.ledger.contact import Contact
from publer_sync.ledger.copies import End, Seen
from publer_sync.model import MINUTE, Failure, LivePost
from publer_sync.planning.allow import Allow
from tests.applying.whole import SEEN, Applied, Whole, applied
from tests.builders import (
    DAY,
    HOUR,
    LAST,
    LATER,
    LINKEDIN,
    NOW,
    SOON,
    TOMORROW,
    X,
    copy_of,
    ledger,
    sent,
    shown,
    wanted,
)
from tests.tables import each_of

ONE, TWO, DRAFT = (
    wanted(SOON, "One", id="one"),
    wanted(LATER, "Two", id="two"),
    wanted(LAST, "Draft", id="draft", draft=True),
)
COPY, LIVE = copy_of(ONE), shown(SOON, "One")


# --- each way ---------------------------------------------------------------------------------------------------------


def test_new_posts_and_drafts_are_sent_listed_and_noted() -> None:
    done = applied([ONE, TWO, DRAFT], Whole(), ledger())
    assert done.outcomes == {"One": "applied", "Two": "applied", "Draft": "applied"}
    assert done.publer.wrote == ["new One, Two", "draft Draft"]
    assert done.there == [("Draft", "draft"), ("One", "scheduled"), ("Two", "scheduled")]
    for copy in done.run.state.copies.values():
        assert copy.post_id in done.publer.live
        assert copy.verified_at is not None
    assert done.report.exit_code == 0
    assert done.run.state.last_good_apply == done.run.state.last_apply
    assert not done.run.sent or done.report.error is None


def test_words_are_edited_in_place_and_everything_else_is_replaced() -> None:
    better, moved = replace(ONE, content=wanted(SOON, "Better").content), replace(TWO, at=TOMORROW)
    live = [LIVE, shown(LATER, "Two", id="p-2")]
    done = applied([better, moved], Whole(*live), ledger(COPY, copy_of(TWO, 2, post_id="p-2")))
    assert done.outcomes == {"Better": "applied", "Two": "applied"}
    assert done.publer.wrote == ["edit p-1", "new Two", "remove p-2"]
    assert done.there == [("Better", "scheduled"), ("Two", "scheduled")]
    assert {copy.end for copy in done.run.state.copies.values()} == {None, End.REMOVED}


def test_in_its_own_minute_the_old_post_goes_first() -> None:
    labelled = wanted(SOON, "One", id="one", labels=["new"])
    done = applied([labelled], Whole(LIVE), ledger(COPY))
    assert done.publer.wrote == ["remove p-1", "new One"]
    assert done.outcomes == {"One": "applied"}


def test_what_left_the_calendar_goes_last() -> None:
    done = applied([TWO], Whole(LIVE), ledger(COPY))
    assert done.publer.wrote == ["new Two", "remove p-1"]
    assert done.outcomes == {"-One": "applied", "Two": "applied"}
    assert done.run.state.facts[1].left
    assert done.run.state.copies[1].end is End.REMOVED


def test_a_minute_that_is_needed_is_free_before_the_new_post_is_sent() -> None:
    """What left the calendar has it; and two posts that swap theirs."""
    moved_by_hand = replace(copy_of(wanted(LATER, "Old"), seen=Seen(SOON, "Old")))
    done = applied([wanted(SOON, "New")], Whole(shown(SOON, "Old")), ledger(moved_by_hand))
    assert done.publer.wrote == ["remove p-1", "new New"]
    live = [LIVE, shown(LATER, "Two", id="p-2")]
    swap = [replace(ONE, at=LATER), replace(TWO, at=SOON)]
    done = applied(swap, Whole(*live), ledger(COPY, copy_of(TWO, 2, post_id="p-2")))
    assert done.outcomes == {"One": "applied", "Two": "applied"}
    assert done.there == [("One", "scheduled"), ("Two", "scheduled")]
    assert {post.text: post.at for post in done.publer.live.values()} == {"One": LATER, "Two": SOON}


def test_a_second_apply_writes_nothing() -> None:
    done = applied([ONE], Whole(LIVE), ledger(COPY), files="f-1")
    assert (done.publer.wrote, done.report.unchanged, done.report.results) == ([], 1, ())
    assert done.run.state.files == "f-1"


# --- what happened since the plan ----------------------------------------------------------------------------------------


def _now(**changes: Any) -> Any:
    def change(publer: Whole) -> None:
        publer.clock.slept += 120  # the page of the plan is old
        publer.live["p-1"] = replace(publer.live["p-1"], **changes)

    return change


def _gone(publer: Whole) -> None:
    publer.clock.slept += 120
    del publer.live["p-1"]


@each_of(
    ("meanwhile", "outcome", "why"),
    [
        (_now(text="By hand"), "not_tried", "someone edited it in Publer meanwhile"),
        (_now(at=LATER), "not_tried", "someone edited it in Publer meanwhile"),
        (_now(state="published"), "not_tried", "it was published meanwhile"),
        (_gone, "not_tried", "someone removed it in Publer meanwhile"),
    ],
)
def test_a_post_that_somebody_touched_since_the_plan_is_left_alone(
    meanwhile: Any, outcome: str, why: str
) -> None:
    better = replace(ONE, content=wanted(SOON, "Better").content)
    done = applied([better], Whole(LIVE), ledger(COPY), meanwhile=meanwhile)
    assert (done.outcomes, done.publer.wrote) == ({"Better": outcome}, [])
    assert done.why("Better") == why
    done = applied([TWO], Whole(LIVE), ledger(COPY), meanwhile=meanwhile)
    assert done.publer.wrote == ["new Two"]
    assert done.outcomes["-One"] == outcome


def test_a_move_that_was_published_meanwhile_is_not_published_twice() -> None:
    done = applied([replace(ONE, at=TOMORROW)], Whole(LIVE), ledger(COPY), meanwhile=_now(state="published"))
    assert done.outcomes == {"One": "not_tried"}
    assert done.there == [("One", "published")]


def test_an_old_post_that_is_published_before_the_new_one_is_listed_takes_the_new_one_away_again() -> None:
    publer = Whole(LIVE)

    def makes(post: LivePost) -> LivePost:
        publer.live["p-1"] = replace(LIVE, state="published")
        return post

    publer.makes = makes
    done = applied([replace(ONE, at=TOMORROW)], publer, ledger(COPY))
    assert done.outcomes == {"One": "not_tried"}
    assert done.there == [("One", "published")]


# --- what Publer says ---------------------------------------------------------------------------------------------------


def test_a_request_that_publer_refused_made_nothing() -> None:
    done = applied([ONE], Whole(errors={"new": [Refused("no", publer_said="Too long")]}), ledger())
    assert done.outcomes == {"One": "failed"}
    assert done.run.state.copies == {}
    assert done.report.exit_code == 6


def test_a_plan_of_publers_that_allows_nothing_ends_the_run_and_takes_the_intent_back() -> None:
    done = applied([ONE], Whole(errors={"new": [PlanRefused("no")]}), ledger())
    assert isinstance(done.report.error, PlanRefused)
    assert done.run.state.copies == {}
    assert done.outcomes == {"One": "not_tried"}


@each_of(("arrived", "outcome"), [(True, "applied"), (False, "unverified")])
def test_a_request_without_an_answer_is_judged_by_what_publer_lists(arrived: bool, outcome: str) -> None:
    lost = [Unclear("no answer")]
    publer = Whole(after={"new": lost}) if arrived else Whole(errors={"new": lost})
    done = applied([ONE], publer, ledger())
    assert done.outcomes == {"One": outcome}
    assert len(done.run.state.copies) == 1


def test_a_post_that_publers_job_refused_failed_with_publers_words_and_the_others_stand() -> None:
    publer = Whole(makes=lambda post: Failure("Too long", X.id) if post.text == "One" else post)
    done = applied([ONE, replace(TWO, account=LINKEDIN)], publer, ledger())
    assert done.outcomes == {"One": "failed", "Two": "applied"}
    assert (
        next(each.why.publer_said for each in done.report.results if each.outcome is Outcome.FAILED)
        == "Too long"
    )


def test_a_post_that_never_shows_is_not_verified_and_an_old_one_stays() -> None:
    done = applied([replace(ONE, at=TOMORROW)], Whole(LIVE, makes=lambda _: None), ledger(COPY))
    assert done.outcomes == {"One": "unverified"}
    assert done.there == [("One", "scheduled")]
    assert done.publer.wrote == ["new One"]


def test_what_is_listed_in_another_state_is_told() -> None:
    done = applied([ONE], Whole(makes=lambda post: replace(post, state="scheduled_reauth")), ledger())
    assert done.outcomes == {"One": "failed"}
    assert done.why("One") == "Publer lists it, but in another state: scheduled_reauth"
    done = applied([ONE], Whole(makes=lambda post: replace(post, state="scheduled_pending")), ledger())
    assert done.outcomes == {"One": "waiting"}


def test_a_draft_that_publer_scheduled_is_removed_at_once() -> None:
    done = applied([DRAFT], Whole(makes=lambda post: replace(post, state="scheduled")), ledger())
    assert done.outcomes == {"Draft": "failed"}
    assert done.there == []


@each_of(
    ("puts", "outcome"),
    [
        (lambda _, new: new, "applied"),
        (lambda old, _: old, "failed"),
        (lambda _, new: replace(new, id="p-9"), "applied"),
        (lambda _, new: replace(new, id="p-9", text="Another's"), "failed"),
        (lambda *_: None, "failed"),
        (lambda _, new: replace(new, at=LATER), "failed"),
        (lambda _, new: replace(new, state="published"), "failed"),
        (lambda _, new: replace(new, state="draft"), "failed"),
    ],
)
def test_an_edit_is_done_once_publer_lists_its_words(puts: Any, outcome: str) -> None:
    better = replace(ONE, content=wanted(SOON, "Better").content)
    done = applied([better], Whole(LIVE, puts=puts), ledger(COPY))
    assert done.outcomes == {"Better": outcome}
    copy = done.run.state.copies[1]
    assert (copy.sent.text == "Better") is any(post.text == "Better" for post in done.publer.live.values())


@each_of(("arrived", "outcome"), [(True, "applied"), (False, "unverified")])
def test_an_edit_without_an_answer_is_judged_by_what_publer_lists(arrived: bool, outcome: str) -> None:
    better = replace(ONE, content=wanted(SOON, "Better").content)
    lost = [Unclear("no answer")]
    publer = Whole(LIVE, after={"edit": lost}) if arrived else Whole(LIVE, errors={"edit": lost})
    done = applied([better], publer, ledger(COPY))
    assert done.outcomes == {"Better": outcome}
    assert (done.run.state.copies[1].revising is None) is arrived


def test_what_publer_answers_to_have_removed_and_still_lists_was_not_removed() -> None:
    class Keeps(Whole):
        def delete(self, ids: Any) -> frozenset[str]:
            self._begin("remove", " ".join(ids))
            return frozenset(ids)

    done = applied([TWO], Keeps(LIVE), ledger(COPY))
    assert done.outcomes == {"-One": "failed", "Two": "applied"}
    assert done.run.state.copies[1].end is None


def test_what_publer_refuses_to_remove_stays_and_is_told() -> None:
    done = applied([TWO], Whole(LIVE, stays=["p-1"]), ledger(COPY))
    assert done.outcomes == {"-One": "failed", "Two": "applied"}
    assert done.run.state.copies[1].removing_at is None


# --- who stops it -------------------------------------------------------------------------------------------------------


def test_a_run_that_is_stopped_says_what_it_did_not_try() -> None:
    done = applied([ONE, TWO], Whole(), ledger(), stop=lambda: True)
    assert isinstance(done.report.error, Interrupted)
    assert done.outcomes == {"One": "not_tried", "Two": "not_tried"}
    assert done.publer.wrote == []
    assert done.run.state.last_apply == NOW - DAY


def test_without_a_ledger_nothing_leaves() -> None:
    def save(_: object, within: float = 0) -> None:
        raise StateError("the disk is full")

    done = applied([ONE], Whole(), ledger(), save=save)
    assert isinstance(done.report.error, StateError)
    assert done.publer.wrote == []


# --- the first of each kind ----------------------------------------------------------------------------------------------


NOTHING = Contact()


def first(*desired: Any, publer: Whole, state: Any = None, **more: Any) -> Applied:
    return applied(desired, publer, state or ledger(), contact=NOTHING, **more)


def test_the_first_post_goes_alone_the_furthest_one_and_then_the_others() -> None:
    done = first(ONE, TWO, wanted(LAST, "Three"), publer=Whole())
    assert done.publer.wrote == ["new Three", "new One, Two"]
    assert set(done.outcomes.values()) == {"applied"}
    assert "create" in done.run.state.contact.verified
    assert not any(copy.alone for copy in done.run.state.copies.values())


def test_the_first_draft_goes_beside_the_first_post() -> None:
    done = first(ONE, DRAFT, wanted(TOMORROW, "Other draft", draft=True), publer=Whole())
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
    done = first(ONE, TWO, publer=Whole(makes=spoilt))
    if done.report.error is None:
        assert done.outcomes == {"One": "applied", "Two": "applied"}, "seconds are Publer's"
        return
    assert isinstance(done.report.error, FirstContactError)
    assert done.outcomes == {"One": "not_tried", "Two": "failed"}
    assert len(done.publer.live) == 1
    again = first(ONE, TWO, publer=Whole(*done.publer.live.values()), state=done.run.state)
    assert again.run.state.contact.doubts or again.report.error is None


def test_what_publer_did_not_keep_goes_on_where_that_is_allowed() -> None:
    publer = Whole(makes=lambda post: replace(post, text=f"{post.text} (sponsored)"))
    done = first(ONE, TWO, publer=publer, allow=Allow(rewritten=True))
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
    done = first(ONE, TWO, publer=Whole(makes=makes))
    assert ("create" in done.run.state.contact.verified) is verified
    assert done.outcomes["One"] == ("applied" if verified else "not_tried")
    assert len(done.publer.wrote) == (2 if verified else 1)


def test_a_first_post_that_an_earlier_run_sent_keeps_others_of_its_kind_until_it_shows() -> None:
    waiting = ledger(sent(ONE, alone=True, job_id="j-1"))
    done = first(ONE, TWO, DRAFT, publer=Whole(), state=waiting)
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
    done = first(ONE, publer=Whole(live), state=state)
    assert ("create" in done.run.state.contact.verified, bool(done.run.state.contact.doubts)) == (
        verified,
        doubted,
    )
    assert done.run.state.copies[1].alone is doubted
    assert done.publer.wrote == []


def test_three_refusals_end_a_kind() -> None:
    posts = [wanted(SOON + n * HOUR, f"Post {n}", id=f"{n}") for n in range(5)]
    done = first(*posts, publer=Whole(errors={"new": [Refused("no")] * 9}))
    assert len(done.publer.wrote) == 3
    assert sorted(done.outcomes.values()) == ["failed"] * 3 + ["not_tried"] * 2


def test_the_first_edit_goes_alone_and_one_that_publer_did_not_keep_is_made_good_by_a_new_post() -> None:
    live = [LIVE, shown(LATER, "Two", id="p-2")]
    state = ledger(COPY, copy_of(TWO, 2, post_id="p-2"))
    better = [replace(post, content=wanted(SOON, f"Better {post.id}").content) for post in (ONE, TWO)]
    kept = first(*better, publer=Whole(*live), state=state)
    assert kept.publer.wrote == ["edit p-1", "edit p-2"]
    assert "update" in kept.run.state.contact.verified
    lost = first(
        *better,
        publer=Whole(*live, puts=lambda old, _: old),
        state=ledger(COPY, copy_of(TWO, 2, post_id="p-2")),
    )
    assert lost.publer.wrote[0] == "edit p-1"
    assert "edit p-2" not in lost.publer.wrote
    assert lost.outcomes == {"Better one": "applied", "Better two": "applied"}
    assert lost.there == [("Better one", "scheduled"), ("Better two", "scheduled")]
    assert lost.run.state.contact.replaces == ("twitter",)


def test_an_edit_that_somebody_else_made_at_that_moment_is_not_undone() -> None:
    better = replace(ONE, content=wanted(SOON, "Better").content)
    done = first(
        better, publer=Whole(LIVE, puts=lambda old, _: replace(old, text="A colleague's")), state=ledger(COPY)
    )
    assert done.publer.wrote == ["edit p-1"]
    assert done.there == [("A colleague's", "scheduled")]


def test_the_first_removal_goes_alone_and_nothing_may_go_with_it() -> None:
    live = [LIVE, shown(LATER, "Two", id="p-2"), shown(TOMORROW, "A colleague's", id="f-1")]
    state = ledger(COPY, copy_of(TWO, 2, post_id="p-2"))
    desired = [wanted(LAST, "Three", id="three")]
    fine = applied(
        desired, Whole(*live), state, contact=replace(SEEN, verified=("create", "draft", "update"))
    )
    assert fine.publer.wrote == ["new Three", "remove p-1", "remove p-2"]
    assert "delete" in fine.run.state.contact.verified

    class TakesMore(Whole):
        def delete(self, ids: Any) -> frozenset[str]:
            gone = super().delete(ids)
            self.live.pop("f-1", None)
            return gone

    state = ledger(COPY, copy_of(TWO, 2, post_id="p-2"))
    lost = applied(
        desired, TakesMore(*live), state, contact=replace(SEEN, verified=("create", "draft", "update"))
    )
    assert lost.publer.wrote == ["new Three", "remove p-1"]
    assert isinstance(lost.report.error, FirstContactError)
    assert "A colleague's" in lost.report.error.message


def test_what_publer_had_is_kept_before_the_first_write() -> None:
    kept: list[list[str]] = []

    def back_up(live: Any) -> str:
        kept.append([post.id for post in live])
        return "before.json"

    done = first(ONE, publer=Whole(shown(TOMORROW, "A colleague's", id="f-1")), back_up=back_up)
    assert kept == [["f-1"]]
    assert done.report.backup == "before.json"
    first(ONE, publer=Whole(*done.publer.live.values()), state=done.run.state, back_up=back_up)
    assert len(kept) == 1


@pytest.mark.parametrize("error", [Unreachable("no route"), Refused("no")])
def test_the_others_are_sent_where_one_of_two_requests_failed(error: Exception) -> None:
    done = applied([ONE, DRAFT], Whole(errors={"new": [error]}), ledger())
    assert done.outcomes == {"One": "failed", "Draft": "applied"}
