"""What a whole apply comes to in a Publer in memory: each way of a post, and what stops it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.applying.report import Outcome
from publer_sync.ledger.contact import Contact
from publer_sync.ledger.copies import End, Seen
from publer_sync.planning.allow import Allow
from publer_sync.planning.planner import Scope
from publer_sync.values.content import Content
from publer_sync.values.errors import (
    FirstContactError,
    Interrupted,
    PlanRefused,
    PublerSyncError,
    Refused,
    StateError,
    Unclear,
    Unreachable,
    UnrequestedDelete,
)
from publer_sync.values.model import MINUTE, Failure, Limits, Listing, LivePost, MediaSource
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

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from publer_sync.ledger.copies import Copy
    from publer_sync.ledger.state import State
    from publer_sync.values.model import Post

ONE, TWO, DRAFT = (
    wanted(SOON, "One", id="one"),
    wanted(LATER, "Two", id="two"),
    wanted(LAST, "Draft", id="draft", draft=True),
)
COPY, LIVE = copy_of(ONE), shown(SOON, "One")
ALL_BUT_REMOVALS = replace(SEEN, verified=("create", "draft", "update"))


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


SWAP = ([replace(ONE, at=LATER), replace(TWO, at=SOON)], [LIVE, shown(LATER, "Two", id="p-2")])


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


def test_a_second_apply_writes_nothing() -> None:
    done = applied([ONE], Whole(LIVE), ledger(COPY), files="f-1")
    assert (done.publer.wrote, done.report.unchanged, done.report.results) == ([], 1, ())
    assert done.run.state.files == "f-1"


def test_words_are_handed_on_one_post_after_the_other() -> None:
    """C gives its words to B, which gives its own to A: an edit waits for a new post, and a new one for the edit."""
    b, c = wanted(LATER, "B", id="b"), wanted(LAST, "C", id="c")
    live = [shown(LATER, "B", id="p-2"), shown(LAST, "C", id="p-3")]
    state = ledger(copy_of(b, 2, post_id="p-2"), copy_of(c, 3, post_id="p-3"))
    desired = [
        wanted(SOON, "B", id="a"),
        replace(b, content=wanted(LATER, "C").content),
        replace(c, at=TOMORROW, content=wanted(LAST, "Other").content),
    ]
    done = applied(desired, Whole(*live), state)
    assert set(done.outcomes.values()) == {"applied"}
    assert done.publer.wrote == ["new Other", "remove p-3", "edit p-2", "new B"]
    stuck = applied(
        desired,
        Whole(*live, errors={"edit": [Refused("no")]}),
        ledger(copy_of(b, 2, post_id="p-2"), copy_of(c, 3, post_id="p-3")),
    )
    assert stuck.outcomes == {"B": "not_tried", "C": "failed", "Other": "applied"}


def test_what_is_published_next_is_the_next_managed_post_ahead() -> None:
    others = [
        shown(NOW + HOUR, "A colleague's", id="f-1"),
        shown(NOW - HOUR, "Out", id="p-2", state="published"),
    ]
    draft = shown(LAST, "Draft", id="p-3", state="draft")
    state = ledger(COPY, copy_of(DRAFT, 3, post_id="p-3"))
    done = applied([ONE, DRAFT], Whole(LIVE, draft, *others), state)
    assert done.report.next_out == (SOON, "x", "One")
    some = applied([ONE, DRAFT], Whole(LIVE, draft, *others), state, scope=Scope(frozenset({LINKEDIN.id})))
    assert some.report.next_out == (SOON, "x", "One"), "also by its alias where its account is left out"
    assert applied([], Whole(), ledger()).report.next_out is None


@each_of(("draft", "twice"), [(False, (1, SOON)), (True, None)])
def test_a_replace_that_was_cut_off_says_until_when_both_are_there(draft: bool, twice: Any) -> None:
    old = wanted(SOON, "One", id="one", draft=draft)
    live = shown(SOON, "One", state="draft" if draft else "scheduled")
    publer = Whole(live, errors={"remove": [PlanRefused("no")]})
    done = applied([replace(old, at=TOMORROW)], publer, ledger(copy_of(old)))
    assert done.report.error is not None
    assert done.report.twice == twice


@each_of(("at", "outcome"), [(SOON, "waiting"), (NOW + HOUR, "not_tried")])
def test_a_post_whose_page_does_not_answer_waits_until_its_time_is_near(at: Any, outcome: str) -> None:
    page = "https://example.com/new"
    post = replace(wanted(at, "One", id="one"), when_live=page)
    done = applied([post], Whole(), ledger(), unanswered={page: "answers 404"})
    assert (done.outcomes, done.publer.wrote) == ({"One": outcome}, [])
    assert done.run.state.files is None


def test_what_stays_in_publer_though_it_left_the_calendar_is_not_touched() -> None:
    done = applied([], Whole(LIVE), ledger(COPY), prune="none", files="f-1")
    assert (done.publer.wrote, done.report.results) == ([], ())
    assert done.run.state.copies[1].sent == COPY.sent


def test_a_post_that_somebody_moved_to_another_account_is_there_once_nothing_is_left_on_the_old_one() -> None:
    there = replace(ONE, account=LINKEDIN)
    moved = replace(COPY, moved_to=LINKEDIN.id)
    other = copy_of(TWO, 2, post_id="p-2")
    live = [shown(SOON, "One", account=LINKEDIN), shown(LATER, "Two", id="p-2")]
    done = applied([there, TWO], Whole(*live), ledger(moved, other))
    assert {key: (copy.account, copy.moved_to) for key, copy in done.run.state.copies.items()} == {
        1: (LINKEDIN.id, ""),
        2: (X.id, ""),
    }
    half = copy_of(replace(ONE, at=LATER), 2, post_id="p-2", entry=1)
    both = applied(
        [there], Whole(live[0], shown(LATER, "One", id="p-2")), ledger(moved, half), stop=lambda: True
    )
    assert [copy.on for copy in both.run.state.copies.values()] == [LINKEDIN.id, X.id]


def test_the_next_post_of_one_that_somebody_moved_takes_its_entry_along_and_no_other() -> None:
    there = replace(ONE, account=LINKEDIN, at=LAST)
    other = copy_of(TWO, 2, post_id="p-2")
    live = [shown(SOON, "One", account=LINKEDIN), shown(LATER, "Two", id="p-2")]
    done = applied([there, TWO], Whole(*live), ledger(replace(COPY, moved_to=LINKEDIN.id), other))
    assert done.outcomes == {"One": "applied"}
    assert [copy.account for copy in done.run.state.copies.values()] == [LINKEDIN.id, X.id, LINKEDIN.id]


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


class ByDay(Whole):
    """Lists what is on these days and accounts, as Publer does; what was sent `after` so many seconds. The `listings` of these are short."""

    after_seconds = 0.0
    listings = 0
    short_ones: Sequence[int] = ()

    def posts(self, **which: Any) -> Listing:
        since, until, ids = which["since"], which["until"], which["account_ids"]
        self.listings += 1
        live = [post for post in self.live.values() if self._is_listed(post)]
        return Listing(
            tuple(
                post
                for post in live
                if post.at and since <= post.at.date() <= until and post.account_id in ids
            ),
            int(self.listings in self.short_ones),
        )

    def undated_drafts(self, **_: Any) -> Listing:
        return Listing(tuple(post for post in self.live.values() if post.at is None))

    def _is_listed(self, post: LivePost) -> bool:
        return not post.id.startswith("n-") or self.clock.slept >= self.after_seconds


def at_the_question(**changed: LivePost | None) -> Callable[[Whole], None]:
    """What a colleague does while the question waits: posts by their ids (`p_1`), None for one that is deleted."""

    def meanwhile(publer: Whole) -> None:
        publer.clock.slept = 2 * MINUTE.total_seconds()
        for name, post in changed.items():
            publer.live.pop(name.replace("_", "-"))
            if post is not None:
                publer.live[post.id] = post

    return meanwhile


@each_of("moved", [replace(LIVE, at=TOMORROW + 9 * DAY), replace(LIVE, account_id=LINKEDIN.id)])
@pytest.mark.parametrize("first", [TWO, wanted(LATER, "Two", id="two", labels=["new"])])
def test_a_post_that_somebody_moved_to_any_day_or_account_meanwhile_is_not_made_again(
    moved: LivePost, first: Post
) -> None:
    """Where a list of its old day lacks it, also one that was made for another post, it is looked for everywhere."""
    done = applied(
        [replace(ONE, at=TOMORROW), first],
        ByDay(*SWAP[1]),
        ledger(COPY, copy_of(TWO, 2, post_id="p-2")),
        meanwhile=at_the_question(p_1=moved),
    )
    assert done.outcomes["One"] == "not_tried"
    assert [post for post in done.publer.live.values() if post.text == "One"] == [moved]


@each_of(
    "moved",
    [
        replace(LIVE, at=TOMORROW + 9 * DAY),
        replace(LIVE, account_id=LINKEDIN.id),
        replace(LIVE, at=None, state="draft"),
    ],
)
@pytest.mark.parametrize("first", ["", "create"])
@pytest.mark.parametrize("short", [(), (3,)])
def test_where_somebody_moved_a_post_to_is_listed_as_long_as_it_is_waited_for_the_new_one(
    moved: LivePost, first: str, short: tuple[int, ...]
) -> None:
    """Also where a later list is of everything, of the days that posts are on: one is short, or the first post is followed."""
    publer = ByDay(LIVE)
    publer.after_seconds, publer.short_ones = 3 * MINUTE.total_seconds() - 55, short
    done = applied(
        [replace(ONE, at=TOMORROW)],
        publer,
        ledger(COPY),
        contact=replace(SEEN, verified=tuple(kind for kind in SEEN.verified if kind != first)),
        meanwhile=at_the_question(p_1=moved),
    )
    assert done.outcomes == {"One": "not_tried"}
    assert done.publer.live == {"p-1": moved}


HALF = (replace(ONE, at=LATER), [LIVE, shown(LATER, "One", id="p-2")])
"""A move that was cut off once the new post was there."""
EDITED, AS_DRAFT = replace(LIVE, text="A colleague's"), replace(HALF[1][1], state="draft")


@each_of(
    ("changed", "outcome", "left"),
    [
        ({"p_2": None}, "unverified", {"p-1"}),
        ({"p_2": AS_DRAFT}, "failed", {"p-1", "p-2"}),
        ({"p_1": EDITED}, "not_tried", {"p-1", "p-2"}),
        ({"p_1": replace(LIVE, state="draft")}, "not_tried", {"p-1", "p-2"}),
        ({"p_1": None}, "applied", {"p-2"}),
        ({"p_1": None, "p_2": None}, "unverified", set()),
        ({"p_1": replace(LIVE, state="published")}, "not_tried", {"p-1"}),
        (
            {"p_1": replace(LIVE, state="published"), "p_2": replace(HALF[1][1], text="A colleague's")},
            "failed",
            {"p-1", "p-2"},
        ),
        (
            {"p_1": replace(LIVE, state="published"), "p_2": replace(HALF[1][1], account_id=LINKEDIN.id)},
            "failed",
            {"p-1", "p-2"},
        ),
    ],
)
def test_of_two_versions_that_an_earlier_apply_left_none_goes_that_somebody_made_the_last_one_or_edited(
    changed: dict[str, LivePost | None], outcome: str, left: set[str]
) -> None:
    """People see both in Publer, and decide for one of them while the question waits."""
    later, live = HALF
    state = ledger(COPY, replace(copy_of(later, 2, post_id="p-2"), entry=1))
    done = applied([later], Whole(*live), state, meanwhile=at_the_question(**changed))
    assert (done.outcomes, set(done.publer.live)) == ({"One": outcome}, left)


def test_of_two_versions_that_an_earlier_apply_left_the_new_one_goes_where_the_old_one_froze_meanwhile() -> (
    None
):
    """It is published, and the new one would be as well."""
    soon = NOW + 16 * MINUTE
    state = ledger(
        copy_of(wanted(soon, "One", id="one")), replace(copy_of(HALF[0], 2, post_id="p-2"), entry=1)
    )
    live = shown(soon, "One"), shown(LATER, "One", id="p-2")
    done = applied([HALF[0]], Whole(*live), state, meanwhile=at_the_question())
    assert (done.publer.wrote, done.outcomes) == (["remove p-2"], {"One": "not_tried"})
    assert done.why("One").endswith("within 15 minutes; the new one was removed again")


@each_of(
    ("changed", "told"),
    [
        ({"p_1": EDITED}, "; the new version is in Publer too: delete one of the two, or both are published"),
        ({"p_1": replace(LIVE, state="draft")}, "; the new version is in Publer too"),
        ({"p_1": EDITED, "p_2": AS_DRAFT}, "; the new version is in Publer too"),
        ({"p_1": EDITED, "p_2": None}, ""),
    ],
)
def test_of_an_edited_post_it_is_told_that_an_earlier_apply_left_its_new_version_too(
    changed: dict[str, LivePost | None], told: str
) -> None:
    later, live = HALF
    state = ledger(COPY, replace(copy_of(later, 2, post_id="p-2"), entry=1))
    done = applied([later], Whole(*live), state, meanwhile=at_the_question(**changed))
    assert done.why("One") == f"someone edited it in Publer meanwhile{told}"


@each_of(
    ("desired", "changed", "why"),
    [
        (
            [replace(ONE, at=TOMORROW), wanted(LAST, "Three", id="three")],
            {"p_2": AS_DRAFT},
            "Publer lists the new post in another state, draft, so the old one stays",
        ),
        (
            [replace(ONE, at=LAST), wanted(SOON, "Three", id="three")],
            {"p_2": None, "p_3": shown(LAST, "A colleague's", id="p-3")},
            "the new post is no longer in Publer, so the old one stays",
        ),
    ],
)
def test_an_old_version_stays_where_the_newer_one_that_was_to_be_replaced_cannot_take_its_place(
    desired: list[Post], changed: dict[str, LivePost | None], why: str
) -> None:
    """The newer one became a draft; or it is gone, and what the next one needs its minute from stays."""
    later, live = HALF
    three = copy_of(wanted(LAST, "Three", id="three"), 3, post_id="p-3")
    state = ledger(COPY, replace(copy_of(later, 2, post_id="p-2"), entry=1), three)
    publer = Whole(*live, shown(LAST, "Three", id="p-3"))
    done = applied(desired, publer, state, meanwhile=at_the_question(**changed))
    assert ("One", "scheduled") in done.there
    assert done.report.exit_code == 6
    assert why in {each.why.message for each in done.report.results if each.change.post is None}


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


# --- what Publer says ---------------------------------------------------------------------------------------------------


def test_a_request_that_publer_refused_made_nothing() -> None:
    done = applied([ONE], Whole(errors={"new": [Refused("no", publer_said="Too long")]}), ledger())
    assert done.outcomes == {"One": "failed"}
    assert done.run.state.copies == {}
    assert done.report.exit_code == 6


@each_of("error", [PlanRefused("no"), Interrupted("stopped")])
def test_what_ends_the_run_before_a_request_leaves_takes_back_its_intents_and_those_of_later_ones(
    error: PublerSyncError,
) -> None:
    done = applied([ONE, DRAFT], Whole(errors={"new": [error]}), ledger())
    assert done.report.error is error
    assert done.run.state.copies == {}
    assert done.outcomes == {"One": "not_tried", "Draft": "not_tried"}


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

    monkeypatch.setattr(slow.clock, "sleep", sleep)  # it shows after the first wait
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


def test_an_intent_is_saved_before_its_request_leaves_and_its_job_before_anything_else() -> None:
    publer = Whole()
    saved: list[tuple[int, list[str | None]]] = []

    def save(state: Any, within: float = 0) -> None:
        saved.append((len(publer.wrote), [copy.job_id for copy in state.copies.values()]))

    applied([ONE], publer, ledger(), save=save)
    assert (0, [None]) in saved, "the intent, while nothing is sent"
    assert (1, ["j-0"]) in saved

    saved.clear()
    publer = Whole(LIVE)

    def removing(state: Any, within: float = 0) -> None:
        saved.append((len(publer.wrote), [copy.job_id for copy in state.copies.values() if copy.removing_at]))

    applied([], publer, ledger(COPY), save=removing, limits=Limits(delete=9))
    assert (0, [None]) in saved, "a removal, too"


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


def test_a_post_that_was_sent_before_is_no_first_one_and_keeps_no_other() -> None:
    done = first(ONE, TWO, publer=Whole(), state=ledger(sent(ONE, job_id="j-1")))
    assert done.outcomes == {"One": "unverified", "Two": "applied"}
    edited = first(ONE, publer=Whole(shown(SOON, "By hand")), state=ledger(COPY))
    assert not edited.run.state.contact.doubts


def test_a_first_draft_that_no_list_shows_is_lived_with_where_that_is_allowed() -> None:
    unseen = ledger(replace(sent(DRAFT, alone=True, job_id="j-1"), lapsed=True))
    other = wanted(TOMORROW, "Other draft", draft=True)
    kept = first(DRAFT, other, publer=Whole(), state=unseen)
    assert kept.outcomes["Other draft"] == "not_tried"
    unseen = ledger(replace(sent(DRAFT, alone=True, job_id="j-1"), lapsed=True))
    done = first(DRAFT, other, publer=Whole(), state=unseen, allow=Allow(rewritten=True))
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


def test_a_first_edit_of_what_somebody_touched_or_that_was_published_is_not_made_good() -> None:
    better = replace(ONE, content=wanted(SOON, "Better").content)
    touched = first(better, publer=Whole(LIVE), state=ledger(COPY), meanwhile=_now(text="By hand"))
    assert (touched.outcomes, touched.publer.wrote) == ({"Better": "not_tried"}, [])
    out = Whole(LIVE, puts=lambda old, _: replace(old, state="published"))
    published = first(better, publer=out, state=ledger(COPY))
    assert (published.outcomes, published.publer.wrote) == ({"Better": "failed"}, ["edit p-1"])
    gone = first(better, publer=Whole(LIVE, puts=lambda *_: None), state=ledger(COPY))
    assert (gone.outcomes, gone.publer.wrote) == ({"Better": "failed"}, ["edit p-1"])


BETTER = [replace(post, content=wanted(SOON, f"Better {post.id}").content) for post in (ONE, TWO)]
BOTH = [LIVE, shown(LATER, "Two", id="p-2")]


@each_of("puts", [lambda *_: None, lambda old, _: replace(old, state="published")])
def test_a_first_edit_under_which_a_post_that_was_ahead_is_gone_or_published_ends_edits(puts: Any) -> None:
    """All that the others would come to is the same."""
    state = ledger(COPY, copy_of(TWO, 2, post_id="p-2"))
    done = first(*BETTER, publer=Whole(*BOTH, puts=puts), state=state)
    assert len(done.publer.wrote) == 1
    assert sorted(done.outcomes.values()) == ["failed", "not_tried"]


def test_what_a_colleague_edited_since_the_plan_stays_where_a_first_edit_is_made_good_by_a_replace() -> None:
    state = ledger(COPY, copy_of(TWO, 2, post_id="p-2"))

    def meanwhile(publer: Whole) -> None:
        publer.live["p-2"] = replace(publer.live["p-2"], text="By hand")

    publer = Whole(*BOTH, puts=lambda old, _: old)
    done = first(*BETTER, publer=publer, state=state, meanwhile=meanwhile)
    assert done.outcomes == {"Better one": "applied", "Better two": "not_tried"}
    assert publer.live["p-2"].text == "By hand"


def test_an_option_for_one_post_lets_through_no_words_that_another_one_still_has() -> None:
    moved = [replace(live, at=(live.at or NOW) + 30 * MINUTE) for live in BOTH]
    state = ledger(COPY, copy_of(TWO, 2, post_id="p-2"))
    desired = [replace(ONE, content=wanted(SOON, "Other").content), replace(TWO, content=ONE.content)]
    named = Allow(edits=frozenset({"two"}))
    done = applied(desired, Whole(*moved), state, allow=named)
    assert (done.outcomes, done.publer.wrote) == ({"Other": "not_tried", "One": "not_tried"}, [])
    both = applied(desired, Whole(*moved), state.clone(), allow=Allow(edits=True))
    assert set(both.outcomes.values()) == {"applied"}


def test_an_edit_that_publer_did_not_keep_says_nothing_of_other_networks() -> None:
    there = replace(TWO, account=LINKEDIN)
    live = [LIVE, shown(LATER, "Two", id="p-2", account=LINKEDIN)]
    state = ledger(COPY, copy_of(there, 2, post_id="p-2"))
    better = [replace(post, content=wanted(SOON, f"Better {post.id}").content) for post in (ONE, there)]
    publer = Whole(*live, puts=lambda old, new: old if old.id == "p-1" else new)
    done = first(*better, publer=publer, state=state)
    assert done.outcomes == {"Better one": "applied", "Better two": "applied"}
    assert done.publer.wrote[:2] == ["edit p-1", "edit p-2"]


def test_a_first_edit_that_publer_did_not_answer_or_refused_thrice_ends_edits() -> None:
    posts = [wanted(SOON + n * HOUR, f"Post {n}", id=f"{n}") for n in range(5)]
    live = [shown(post.at, post.text, id=f"p-{n}") for n, post in enumerate(posts, 1)]
    better = [replace(post, content=wanted(SOON, f"Better {post.id}").content) for post in posts]

    def state() -> Any:
        return ledger(*(copy_of(post, n, post_id=f"p-{n}") for n, post in enumerate(posts, 1)))

    silent = first(*better, publer=Whole(*live, errors={"edit": [Unclear("no answer")]}), state=state())
    assert silent.publer.wrote == ["edit p-1"]
    assert sorted(silent.outcomes.values()) == ["not_tried"] * 4 + ["unverified"]
    refused = first(*better, publer=Whole(*live, errors={"edit": [Refused("no")] * 9}), state=state())
    assert len(refused.publer.wrote) == 3
    assert sorted(refused.outcomes.values()) == ["failed"] * 3 + ["not_tried"] * 2


GOING = [LIVE, shown(LATER, "Two", id="p-2")]


def removing(publer: Whole, **more: Any) -> Applied:
    state = ledger(COPY, copy_of(TWO, 2, post_id="p-2"))
    return applied([wanted(LAST, "Three", id="three")], publer, state, contact=ALL_BUT_REMOVALS, **more)


def test_a_first_removal_that_came_to_nothing_verifies_none() -> None:
    touched = removing(Whole(*GOING), meanwhile=_now(text="By hand"))
    assert touched.outcomes == {"-One": "not_tried", "-Two": "applied", "Three": "applied"}
    refused = removing(Whole(*GOING, stays=["p-1"]))
    assert refused.outcomes == {"-One": "failed", "-Two": "applied", "Three": "applied"}
    silent = removing(Whole(*GOING, errors={"remove": [Unclear("no answer")]}))
    assert silent.outcomes == {"-One": "unverified", "-Two": "not_tried", "Three": "applied"}
    assert "delete" not in silent.run.state.contact.verified


@pytest.mark.parametrize("allowed", [False, True])
def test_a_first_removal_that_publer_confirms_and_still_lists_ends_the_run_unless_that_is_allowed(
    allowed: bool,
) -> None:
    class Keeps(Whole):
        def delete(self, ids: Any) -> frozenset[str]:
            self._begin("remove", " ".join(ids))
            if "p-1" not in ids:
                self.live = {key: post for key, post in self.live.items() if key not in ids}
            return frozenset(ids)

    done = removing(Keeps(*GOING), allow=Allow(rewritten=allowed))
    assert isinstance(done.report.error, FirstContactError) is not allowed
    assert len([each for each in done.publer.wrote if each.startswith("remove")]) == (2 if allowed else 1)
    assert bool(done.run.state.contact.doubts) is not allowed


@each_of(
    "lost",
    [
        {"state": "draft"},
        {"state": "published"},
        {"at": NOW + MINUTE},
    ],
)
def test_what_leaves_with_a_first_removal_by_itself_or_on_request_ends_nothing(lost: dict[str, Any]) -> None:
    """One that is due, one that is not listed as ahead, and one that another calendar removes at that moment."""

    class TakesMore(Whole):
        def delete(self, ids: Any) -> frozenset[str]:
            gone = super().delete(ids)
            self.live.pop("f-1", None)
            return gone

    other = replace(shown(TOMORROW, "Another", id="f-1"), **lost)
    done = removing(TakesMore(*GOING, other))
    is_lost = lost.get("state") == "draft"
    assert (done.report.error is not None) is is_lost
    theirs = replace(copy_of(wanted(TOMORROW, "Another"), 1, post_id="f-1"), removing_at=NOW)
    done = removing(TakesMore(*GOING, shown(TOMORROW, "Another", id="f-1")), known={"acme": ledger(theirs)})
    assert done.report.error is None
    unasked = replace(theirs, removing_at=None)
    done = removing(TakesMore(*GOING, shown(TOMORROW, "Another", id="f-1")), known={"acme": ledger(unasked)})
    assert done.report.error is not None


def test_a_post_of_ours_that_leaves_with_a_first_removal_is_lost_too() -> None:
    class TakesMore(Whole):
        def delete(self, ids: Any) -> frozenset[str]:
            gone = super().delete(ids)
            self.live.pop("p-3", None)
            return gone

    state = ledger(COPY, copy_of(wanted(LAST, "Three", id="three"), 3, post_id="p-3"))
    live = [LIVE, shown(LAST, "Three", id="p-3")]
    done = applied([wanted(LAST, "Three", id="three")], TakesMore(*live), state, contact=ALL_BUT_REMOVALS)
    assert isinstance(done.report.error, FirstContactError)


def test_what_is_done_at_the_first_look_is_looked_for_no_further() -> None:
    better = replace(ONE, content=wanted(SOON, "Better").content)
    assert applied([better], Whole(LIVE), ledger(COPY)).publer.clock.slept == 0
    assert removing(Whole(*GOING)).publer.clock.slept <= 2, "the new post alone is waited for"


@each_of("refuses", [True, False])
def test_a_post_whose_picture_did_not_come_is_not_sent(refuses: bool) -> None:
    source = MediaSource("sha256:a", path=Path("a.png"))
    content = Content.from_json({"text": "Look", "type": "photo", "media": [{"file": source.digest}]})
    post = replace(wanted(SOON, id="look"), content=content, media=(source,))
    done = applied([post, TWO], Whole(error=Refused("too large") if refuses else None), ledger())
    assert done.outcomes == {"Look": "failed" if refuses else "applied", "Two": "applied"}
    assert ("new Look" in " ".join(done.publer.wrote)) is not refuses


def test_what_should_have_made_room_and_stays_keeps_the_new_post_from_being_sent() -> None:
    labelled = wanted(SOON, "One", id="one", labels=["new"])
    done = applied([labelled], Whole(LIVE, stays=["p-1"]), ledger(COPY))
    assert (done.outcomes, done.publer.wrote) == ({"One": "failed"}, ["remove p-1"])
    assert done.run.state.copies.keys() == {1}


def test_a_short_list_verifies_no_removal() -> None:
    done = removing(Whole(*GOING, short=1))
    assert "delete" not in done.run.state.contact.verified


def test_before_a_run_that_writes_nothing_nothing_is_kept() -> None:
    kept: list[object] = []

    def keep(live: object) -> str:
        kept.append(live)
        return "before.json"

    applied([ONE], Whole(LIVE), ledger(COPY), contact=NOTHING, back_up=keep)
    assert kept == []


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


@each_of(
    "desired",
    [
        [replace(ONE, at=TOMORROW), TWO],
        [wanted(SOON, "One", id="one", labels=["new"]), TWO],
        SWAP[0],
    ],
)
def test_nothing_is_replaced_while_publer_still_lists_the_first_post_that_was_removed(
    desired: list[Post],
) -> None:
    """The new post would be published beside the old one. What replaces nothing is sent all the same."""
    kept, new = wanted(LAST, "Kept", id="kept"), replace(wanted(LAST, "New", id="new"), account=LINKEDIN)
    live = [*SWAP[1], shown(LAST, "Kept", id="p-3")]
    state = ledger(COPY, copy_of(TWO, 2, post_id="p-2"), copy_of(kept, 3, post_id="p-3"))
    doubting = replace(SEEN, verified=("create", "draft", "update"), doubts={"delete": 3})
    done = applied([*desired, kept, new], Whole(*live), state, contact=doubting)
    assert done.publer.wrote == ["new New"]
    assert isinstance(done.report.error, FirstContactError)
    assert done.outcomes["One"] == "not_tried"
    assert not any(copy.unsettled for copy in done.run.state.copies.values())


@each_of(
    ("desired", "live", "others", "words"),
    [
        ([HALF[0]], HALF[1], [replace(copy_of(HALF[0], 2, post_id="p-2"), entry=1)], "One"),
        ([], [LIVE], [], "-One"),
        (
            [wanted(LAST, "Waits", id="waits")],
            [LIVE, shown(LAST, "Old", id="p-2")],
            [copy_of(wanted(TOMORROW, "Old", id="old"), 2, post_id="p-2", seen=Seen(LAST, "Old"))],
            "Waits",
        ),
        (
            [replace(TWO, content=ONE.content)],
            SWAP[1],
            [copy_of(TWO, 2, post_id="p-2")],
            "One",
        ),
    ],
)
def test_what_waits_for_no_removal_is_sent_while_publer_still_lists_the_first_post_that_was_removed(
    desired: list[Post], live: list[LivePost], others: list[Copy], words: str
) -> None:
    """Be that the old half of a replace, or a post that left the calendar. What waits for a minute or words goes on waiting."""
    new = replace(wanted(LAST, "New", id="new"), account=LINKEDIN)
    doubting = replace(ALL_BUT_REMOVALS, doubts={"delete": 1})
    done = applied([*desired, new], Whole(*live), ledger(COPY, *others), contact=doubting)
    assert done.publer.wrote == ["new New"]
    assert isinstance(done.report.error, FirstContactError)
    assert (done.outcomes["New"], done.outcomes[words]) == ("applied", "not_tried")
    assert not any(copy.unsettled for copy in done.run.state.copies.values())


def test_nothing_more_is_replaced_where_it_is_not_known_what_became_of_the_first_removal() -> None:
    state = ledger(COPY, copy_of(TWO, 2, post_id="p-2"))
    moved = [replace(ONE, at=TOMORROW), replace(TWO, at=LAST)]
    publer = Whole(*SWAP[1], errors={"remove": [Unclear("no answer")]})
    done = applied(moved, publer, state, contact=replace(SEEN, verified=("create", "draft", "update")))
    assert [each.split()[0] for each in done.publer.wrote] == ["new", "remove"]
    assert sorted(done.outcomes.values()) == ["failed", "not_tried"]


class TakesMore(Whole):
    """Each removal takes a colleague's post along."""

    def delete(self, ids: Any) -> frozenset[str]:
        gone = super().delete(ids)
        self.live.pop("f-1", None)
        return gone


def taking_more(*swap: Post, **more: Any) -> Applied:
    """A swap whose first removal, which is the ledger's first one too, takes a colleague's post along."""
    theirs, save = shown(TOMORROW, "A colleague's", id="f-1"), more.pop("save", lambda _, within=0: None)
    state = ledger(COPY, copy_of(TWO, 2, post_id="p-2"))
    publer = TakesMore(*SWAP[1], theirs, **more)
    return applied([*SWAP[0], *swap], publer, state, contact=ALL_BUT_REMOVALS, save=save)


def test_what_made_room_goes_back_where_the_first_removal_took_something_else_along() -> None:
    """Nothing else is sent: no new post, and above all no second removal."""
    done = taking_more(replace(wanted(SOON, "Three", id="three"), account=LINKEDIN))
    assert done.publer.wrote == ["remove p-2", "new Two"]
    assert isinstance(done.report.error, FirstContactError)
    assert {post.text: post.at for post in done.publer.live.values()} == {"One": SOON, "Two": LATER}
    assert done.why("Two").endswith("the old post was put back")
    assert (done.outcomes["One"], done.outcomes["Three"]) == ("not_tried", "not_tried")
    assert not any(copy.unsettled for copy in done.run.state.copies.values())


@each_of("error", [Interrupted("stopped, as asked"), PlanRefused("locked")])
def test_what_a_first_removal_took_along_is_told_also_where_the_run_is_stopped_before_its_own_post_is_back(
    error: PublerSyncError,
) -> None:
    done = taking_more(errors={"new": [error]})
    assert done.publer.wrote == ["remove p-2", "new Two"]
    assert isinstance(done.report.error, FirstContactError)
    assert "A colleague's" in done.report.error.message
    assert done.report.error.message.endswith(f"; then the run was stopped: {error.message}")
    assert done.why("Two").startswith("its old post was taken out to make room")
    assert done.outcomes == {"One": "not_tried", "Two": "failed"}


def test_what_a_first_removal_took_along_is_told_also_where_the_ledger_cannot_be_saved() -> None:
    def save(state: State, within: float = 0) -> None:
        if any(copy.text == "Two" and copy.awaiting for copy in state.copies.values()):
            raise StateError("disk full")

    done = taking_more(save=save)
    assert isinstance(done.report.error, StateError)
    [note] = done.report.notes
    assert "A colleague's" in note.message


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
