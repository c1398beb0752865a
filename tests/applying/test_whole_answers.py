"""What Publer answers to a whole apply, what it lists in place of that, and when it says nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.applying.report import Outcome
from publer_sync.values.errors import Interrupted, PlanRefused, PublerSyncError, Refused, Unclear, Unreachable
from publer_sync.values.model import Failure
from tests.applying.whole import Whole, applied
from tests.applying.whole_posts import COPY, DRAFT, LIVE, ONE, SWAP, TWO
from tests.builders import LAST, LATER, LINKEDIN, SOON, TOMORROW, X, copy_of, ledger, shown, wanted
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.values.model import Post


# --- new posts ------------------------------------------------------------------------------------------------------


def test_a_request_that_publer_refused_made_nothing() -> None:
    done = applied([ONE], Whole(errors={"new": [Refused("no", publer_said="Too long")]}), ledger())
    assert done.outcomes == {"One": "failed"}
    assert done.run.state.copies == {}
    assert done.report.exit_code == 6


@pytest.mark.parametrize("error", [Unreachable("no route"), Refused("no")])
def test_the_others_are_sent_where_one_of_two_requests_failed(error: Exception) -> None:
    done = applied([ONE, DRAFT], Whole(errors={"new": [error]}), ledger())
    assert done.outcomes == {"One": "failed", "Draft": "applied"}


@each_of("error", [PlanRefused("no"), Interrupted("stopped")])
def test_what_ends_the_run_before_a_request_leaves_takes_back_its_intents_and_those_of_later_ones(
    error: PublerSyncError,
) -> None:
    done = applied([ONE, DRAFT], Whole(errors={"new": [error]}), ledger())
    assert done.report.error is error
    assert done.run.state.copies == {}
    assert done.outcomes == {"One": "not_tried", "Draft": "not_tried"}


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


def test_a_post_of_which_publer_made_a_draft_is_named_and_not_sent_again() -> None:
    """Scheduling it by hand leads out."""
    publer = Whole(makes=lambda post: replace(post, state="draft"))
    done = applied([ONE], publer, ledger())
    assert (
        done.why("One")
        == "Publer lists it as a draft, which is not published until somebody schedules it there"
    )
    again = applied([ONE], publer, done.run.state)
    assert again.why("One") == "Publer made a draft of it when it was sent"
    assert (again.publer.wrote, again.there) == (["new One"], [("One", "draft")])
    publer.live = {key: replace(post, state="scheduled") for key, post in publer.live.items()}
    good = applied([ONE], publer, again.run.state)
    assert (good.report.exit_code, publer.wrote, good.report.results) == (0, ["new One"], ())


def test_a_draft_of_these_words_that_was_there_before_is_not_taken_for_the_post_that_was_sent() -> None:
    before = shown(SOON, "One", id="m-9", state="draft")
    done = applied([ONE], Whole(before, makes=lambda _: None), ledger())
    assert done.outcomes == {"One": "unverified"}
    assert done.there == [("One", "draft")]


def test_a_draft_that_publer_scheduled_is_removed_at_once() -> None:
    done = applied([DRAFT], Whole(makes=lambda post: replace(post, state="scheduled")), ledger())
    assert done.outcomes == {"Draft": "failed"}
    assert done.there == []


# --- edits ----------------------------------------------------------------------------------------------------------


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


def test_an_edit_is_looked_for_again_and_its_end_is_not_known_where_somebody_stops_that(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    better = replace(ONE, content=wanted(SOON, "Better").content)
    publer = Whole(LIVE, puts=lambda old, _: old)
    done = applied([better], publer, ledger(COPY), stop=lambda: bool(publer.wrote))
    assert done.outcomes == {"Better": "unverified"}
    slow = Whole(LIVE, puts=lambda old, _: old)

    def sleep(seconds: float) -> None:
        slow.clock.slept += seconds
        slow.live["p-1"] = replace(LIVE, text="Better")

    monkeypatch.setattr(slow.clock, "sleep", sleep)  # it shows after the first_applied wait
    assert applied([better], slow, ledger(COPY)).outcomes == {"Better": "applied"}


def test_an_edit_that_nothing_tells_of_any_more_is_not_said_to_be_untried() -> None:
    class Fails(Whole):
        def posts(self, **which: Any) -> Any:
            if self.wrote:
                raise Unreachable("no route")
            return super().posts(**which)

    better = replace(ONE, content=wanted(SOON, "Better").content)
    done = applied([better], Fails(LIVE), ledger(COPY))
    assert isinstance(done.report.error, Unreachable)
    assert done.outcomes == {"Better": "unverified"}


# --- removals -------------------------------------------------------------------------------------------------------


@each_of(
    ("desired", "words"),
    [([wanted(LAST, "Three", id="three")], ("-One", "-Two")), (SWAP[0], ("One", "Two"))],
)
def test_what_ends_the_run_before_a_removal_leaves_takes_back_its_intents(
    desired: list[Post], words: tuple[str, ...]
) -> None:
    """Else the next apply would wait for what nobody asked for: of posts that left the calendar, and of a swap."""
    state = ledger(COPY, copy_of(TWO, 2, post_id="p-2"))
    done = applied(desired, Whole(*SWAP[1], errors={"remove": [Interrupted("stopped")]}), state)
    assert isinstance(done.report.error, Interrupted)
    assert [done.outcomes[each] for each in words] == ["not_tried", "not_tried"]
    assert not any(copy.unsettled for copy in done.run.state.copies.values())


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
