"""A minute that a new post needs: what is taken out of Publer for it, and how that comes back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.applying.report import Outcome
from publer_sync.ledger.copies import Seen
from publer_sync.values.errors import PlanRefused, Unreachable, UnrequestedDelete
from publer_sync.values.model import MINUTE, Failure, Listing, LivePost
from tests.applying.whole import Whole, applied
from tests.applying.whole_posts import ALL_BUT_REMOVALS, COPY, LIVE, ONE, SWAP, TWO, ByDay, at_the_question
from tests.builders import DAY, LATER, LINKEDIN, NOW, SOON, X, copy_of, ledger, shown, wanted
from tests.tables import each_of

if TYPE_CHECKING:
    from datetime import datetime

    from publer_sync.ledger.state import State


def test_in_its_own_minute_the_old_post_goes_first() -> None:
    labelled = wanted(SOON, "One", id="one", labels=["new"])
    done = applied([labelled], Whole(LIVE), ledger(COPY))
    assert done.publer.wrote == ["remove p-1", "new One"]
    assert done.outcomes == {"One": "applied"}


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


def test_what_should_have_made_room_and_stays_keeps_the_new_post_from_being_sent() -> None:
    labelled = wanted(SOON, "One", id="one", labels=["new"])
    done = applied([labelled], Whole(LIVE, stays=["p-1"]), ledger(COPY))
    assert (done.outcomes, done.publer.wrote) == ({"One": "failed"}, ["remove p-1"])
    assert done.run.state.copies.keys() == {1}


def test_nothing_is_sent_before_the_ledger_has_its_intent_where_a_post_that_was_to_make_room_stays() -> None:
    """Of two posts that swap their minutes, someone edited one while the question waited; another account's is sent all the same."""
    swap, live = SWAP
    saved: list[set[str]] = [set()]

    class Watched(Whole):
        def schedule(self, items: Any, *, draft: bool) -> str:
            job = super().schedule(items, draft=draft)
            assert "Three" in saved[-1]
            return job

    def save(state: State, within: float = 0) -> None:
        saved.append({copy.text for copy in state.copies.values() if copy.awaiting})

    done = applied(
        [*swap, replace(wanted(SOON, "Three", id="three"), account=LINKEDIN)],
        Watched(*live),
        ledger(COPY, copy_of(TWO, 2, post_id="p-2")),
        save=save,
        meanwhile=at_the_question(p_2=replace(live[1], text="A colleague's")),
    )
    assert done.publer.wrote == ["new Three"]
    assert done.outcomes == {"One": "not_tried", "Two": "not_tried", "Three": "applied"}


def test_what_made_room_comes_back_where_its_new_words_stay_with_the_post_that_has_them() -> None:
    """Two's new words are refused, so One, which gets the old ones, keeps its own."""
    one, two = wanted(LATER, "One", id="one"), wanted(SOON, "Two", id="two")
    desired = [
        wanted(SOON, "Two", id="one", labels=["new"]),
        wanted(LATER, "Three", id="two", labels=["new"]),
    ]
    publer = Whole(
        shown(LATER, "One"),
        shown(SOON, "Two", id="p-2"),
        makes=lambda post: Failure("no", X.id) if post.text == "Three" else post,
    )
    done = applied(desired, publer, ledger(copy_of(one), copy_of(two, 2, post_id="p-2")))
    assert done.publer.wrote == ["remove p-1", "new Three", "new One"]
    assert done.there == [("One", "scheduled"), ("Two", "scheduled")]
    assert done.outcomes == {"Two": "failed", "Three": "failed"}
    assert done.why("Two") == (
        'the post "two" still says this in Publer, or may: its own change comes first, and was not done; '
        "the old post was put back"
    )


# --- the run ends before the new post is there ----------------------------------------------------------------------


@pytest.mark.parametrize("writes", range(1, 5))
def test_who_asks_to_stop_waits_for_what_was_taken_out_to_make_room(writes: int) -> None:
    posts, live = SWAP
    publer = Whole(*live)
    done = applied(
        posts, publer, ledger(COPY, copy_of(TWO, 2, post_id="p-2")), stop=lambda: len(publer.wrote) >= writes
    )
    assert done.outcomes == {"One": "applied", "Two": "applied"}
    assert {post.text: post.at for post in publer.live.values()} == {"One": LATER, "Two": SOON}


def test_what_is_out_when_the_run_ends_is_told_as_that() -> None:
    posts, live = SWAP
    publer = Whole(*live, errors={"remove": [None, PlanRefused("no")]})
    done = applied(posts, publer, ledger(COPY, copy_of(TWO, 2, post_id="p-2")))
    assert done.report.error is not None
    [out] = [result for result in done.report.results if result.change.id == "two"]
    assert (out.outcome, "not in Publer yet" in out.why.message) == (Outcome.FAILED, True), out
    assert done.report.twice == (1, SOON)


class Down(Whole):
    """Lists nothing once so much was written."""

    writes = 0

    def posts(self, **which: Any) -> Listing:
        if len(self.wrote) >= self.writes:
            raise Unreachable("no network")
        return super().posts(**which)


def late(publer: Whole) -> None:
    """The question waits for two minutes."""
    publer.clock.slept = 120


@each_of(
    ("publer", "one", "two"),
    [
        (Down(*SWAP[1]), "not_tried", "not_tried"),
        (Whole(*SWAP[1], errors={"remove": [PlanRefused("locked")]}), "not_tried", "not_tried"),
        (Whole(*SWAP[1], errors={"remove": [UnrequestedDelete("another one")]}), "not_tried", "unverified"),
    ],
)
def test_what_ends_the_run_before_a_swap_is_sent_takes_back_its_new_posts(
    publer: Whole, one: str, two: str
) -> None:
    """Whatever ends it. Of what Publer was asked to remove, a listing decides."""
    state = ledger(COPY, copy_of(TWO, 2, post_id="p-2"))
    done = applied(SWAP[0], publer, state, meanwhile=late)
    assert done.report.error is not None
    assert done.outcomes == {"One": one, "Two": two}
    assert not any(copy.awaiting for copy in done.run.state.copies.values())
    assert any(copy.removal_in_doubt for copy in done.run.state.copies.values()) is (two == "unverified")


def test_what_is_out_when_the_listing_after_the_first_removal_fails_is_told_as_that() -> None:
    class DownLater(Down):
        writes = 1

    state = ledger(COPY, copy_of(TWO, 2, post_id="p-2"))
    done = applied(SWAP[0], DownLater(*SWAP[1]), state, contact=ALL_BUT_REMOVALS)
    assert isinstance(done.report.error, Unreachable)
    assert done.publer.wrote == ["remove p-2"]
    assert done.why("Two").startswith("its old post was taken out to make room")
    assert done.outcomes == {"One": "not_tried", "Two": "failed"}


# --- it is put back, unless its words were published ----------------------------------------------------------------


@each_of("at", [SOON, NOW + 5 * DAY])
def test_what_made_room_is_not_put_back_where_its_new_version_was_published_at_once(at: datetime) -> None:
    """Under an id that tells nothing, and long before the minute for which it was sent, or days."""
    one, labelled = wanted(at, "One", id="one"), wanted(at, "One", id="one", labels=["new"])

    def published(post: LivePost) -> LivePost:
        return replace(post, id="100000001", state="published", at=NOW)

    done = applied([labelled], ByDay(shown(at, "One"), makes=published), ledger(copy_of(one)))
    assert done.publer.wrote == ["remove p-1", "new One"]
    assert done.there == [("One", "published")]
    assert done.report.exit_code == 6


@each_of(
    ("out", "back"),
    [([("pub-1", "p-1")], True), ([("pub-1", "p-1"), ("pub-2", None)], False), ([("pub-1", None)], False)],
)
@pytest.mark.parametrize("known", [False, True])
def test_what_made_room_is_put_back_where_only_another_post_that_says_the_same_was_published(
    out: list[tuple[str, str | None]], back: bool, known: bool
) -> None:
    """One of a series, under a new id, whether or not the ledger knows that; and nothing beside it that may be the new version."""
    due, later = (wanted(at, "Good morning", id=name) for at, name in ((MINUTE + NOW, "a"), (LATER, "b")))
    state = ledger(copy_of(due), copy_of(later, 2, post_id="p-2"))

    class Publishes(Whole):
        def schedule(self, items: Any, *, draft: bool) -> str:
            for new, old in out if "new Good morning" not in self.wrote else ():
                self.live.pop(old or "", None)
                self.live[new] = shown(MINUTE + NOW, "Good morning", id=new, state="published")
                if known and old == "p-1":
                    state.put(replace(state.copies[1], post_id=new))
            return super().schedule(items, draft=draft)

    refused = iter([Failure("Not today", X.id)])
    done = applied(
        [due, wanted(LATER, "Good morning", id="b", labels=["new"])],
        Publishes(
            shown(MINUTE + NOW, "Good morning"),
            shown(LATER, "Good morning", id="p-2"),
            makes=lambda post: next(refused, post),
        ),
        state,
    )
    assert done.publer.wrote == ["remove p-2", "new Good morning", *(["new Good morning"] if back else [])]
    assert done.report.exit_code == 6
