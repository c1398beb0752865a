"""Blocked by the account or by what Publer made of the post; and posts that someone deleted there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from publer_sync.ledger.copies import End, EntryFacts
from publer_sync.planning.judge import told
from publer_sync.planning.plan import Action, Block, FieldChange, Pending, is_missed
from publer_sync.values.model import MINUTE
from tests.builders import (
    DAY,
    EARLIER,
    HOUR,
    LAST,
    LATER,
    LINKEDIN,
    NOW,
    SECOND,
    SOON,
    X,
    codes,
    copy_of,
    ledger,
    only,
    planned,
    said,
    sent,
    shown,
    wanted,
)
from tests.planning.posts import BOTH, HALF, LIVE, MOVED, OUR_DRAFT, OURS, POST
from tests.tables import each_of

if TYPE_CHECKING:
    from datetime import datetime

    from publer_sync.ledger.state import State
    from publer_sync.values.model import LivePost, Post


# --- blocked: account -----------------------------------------------------------------------------------------------


def test_nothing_is_sent_to_an_account_that_cannot_be_used() -> None:
    tired = replace(X, trouble="it has to be reconnected")
    new = wanted(LATER, "New", account=tired)
    changed = wanted(SOON, "Changed", id="hello", account=tired)

    plan = planned([new, changed], [LIVE], ledger(OURS), accounts=[tired])

    assert [said(change) for change in plan.changes] == [
        ("blocked", "account", "would update"),
        ("blocked", "account", "would create"),
    ]
    assert plan.changes[0].reason == "its account cannot be used now: it has to be reconnected"


def test_an_account_that_cannot_be_used_does_not_keep_what_left_the_calendar() -> None:
    tired = replace(X, trouble="it has to be reconnected")

    assert said(only(planned([], [LIVE], ledger(OURS), accounts=[tired]))) == ("delete",)


# --- blocked: state -------------------------------------------------------------------------------------------------


@each_of(
    ("state", "reason"),
    [
        ("scheduled_declined", "someone declined it in Publer"),
        ("scheduled_locked", "Publer has locked it: its account or the subscription is locked"),
        ("scheduled_reauth", "it waits in Publer for its account to be reconnected"),
        ("failed", 'Publer could not publish it: "Bad picture"'),
        ("draft", "someone turned it into a draft in Publer"),
        ("recycling", "someone made it recycling in Publer"),
        ("recurring", "someone made it recurring in Publer"),
        ("sideways", 'Publer shows a state that publer-sync does not know: "sideways"'),
    ],
)
def test_a_post_in_a_state_that_only_publer_can_put_right_is_blocked(state: str, reason: str) -> None:
    live = shown(SOON, "Hello", state=state, error="Bad picture" if state == "failed" else None)

    change = only(planned([POST], [live], ledger(OURS)))

    assert (change.blocks[0], change.reason) == (Block.STATE, reason)
    assert (change.copy.key, change.live) == (OURS.key, live)
    assert change.would.action is (Action.REPLACE if state == "draft" else Action.UNCHANGED)


def test_a_post_that_someone_moved_to_another_account_is_blocked_and_not_removed() -> None:
    """It would be published there: neither is it as wanted, nor does anybody here know what is."""
    moved = shown(SOON, account=LINKEDIN)

    change = only(planned([POST], [moved], ledger(OURS)))
    left = only(planned([], [moved], ledger(OURS)))

    assert said(change) == ("blocked", "state", "would unchanged")
    assert change.reason == "someone moved it to the account linkedin in Publer"
    assert said(left) == ("blocked", "edited", "would delete")


def test_a_post_that_is_listed_under_the_old_id_of_its_account_was_moved_by_nobody() -> None:
    moved = shown(SOON, account=LINKEDIN)
    change = only(planned([POST], [moved], ledger(OURS, lost=frozenset({LINKEDIN.id})), accounts=[X]))
    assert (change.blocks, change.left) == ((Block.STATE,), True)
    assert "under the id that its account had before" in change.reason
    known = only(planned([POST], [moved], ledger(OURS)))
    assert not known.left


@pytest.mark.parametrize("state", ["scheduled_declined", "recycling"])
def test_new_words_for_a_post_in_such_a_state_are_blocked(state: str) -> None:
    post = wanted(SOON, "Other", id="hello")

    change = only(planned([post], [shown(SOON, "Hello", state=state)], ledger(OURS)))

    assert said(change) == ("blocked", "state", "would update")
    assert change.diff == (FieldChange("text", "Hello", "Other"),)


def test_what_is_declined_and_left_the_calendar_goes() -> None:
    assert said(only(planned([], [shown(SOON, state="scheduled_declined")], ledger(OURS)))) == ("delete",)


# --- past, and blocked: went_out ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "out",
    [
        pytest.param(shown(SOON, state="published"), id="as it was scheduled"),
        pytest.param(shown(NOW - HOUR, state="published"), id="at its own time"),
        pytest.param(shown(NOW - HOUR, id="p-9", state="published"), id="under another id"),
    ],
)
def test_what_someone_published_early_is_past_in_its_own_slot(out: LivePost) -> None:
    plan = planned([POST], [out], ledger(OURS))

    assert said(only(plan)) == ("past",)
    assert not is_missed(only(plan))


OUT = ledger(copy_of(wanted(EARLIER, "Hello", id="hello")))
NAMELESS = ledger(copy_of(wanted(EARLIER, "Hello")))


@pytest.mark.parametrize("id", ["p-1", "p-9"], ids=["listed", "under another id"])
def test_what_was_published_needs_a_new_id_and_a_new_time_to_be_published_again(id: str) -> None:
    live = [shown(EARLIER + 2 * MINUTE, "Hello", id=id, state="published")]

    plan = planned([wanted(SOON, "Hello again", id="hello")], live, OUT)

    assert said(only(plan)) == ("blocked", "went_out", "would create")
    assert only(plan).reason == (
        'the post "hello" was published already, on Tue 24 Nov 11:22; '
        "publishing it again takes a new id and a new time"
    )
    assert said(only(planned([wanted(SOON, "Hello again", id="new")], live, OUT))) == ("create",)


def test_what_was_told_of_a_published_post_is_a_warning_from_then_on() -> None:
    again, live = wanted(SOON, id="hello"), [shown(EARLIER, state="published")]
    state = ledger(*OUT.copies.values(), facts={1: EntryFacts(told=(told(again),))})

    first, then = planned([again], live, OUT), planned([again], live, state)

    assert "went_out" not in codes(first)
    assert "went_out" in codes(then)
    assert said(only(then)) == ("blocked", "went_out", "would create")
    assert "went_out" not in codes(planned([wanted(LATER, id="hello")], live, state)), "another wish"


@pytest.mark.parametrize(
    ("post", "state", "expected"),
    [
        pytest.param(wanted(EARLIER, "Other", id="other"), NAMELESS, ("past",), id="its slot, without an id"),
        pytest.param(wanted(EARLIER, "Other", id="hello"), OUT, ("past",), id="its slot, with its id"),
        pytest.param(wanted(NOW - MINUTE, id="hello"), OUT, ("past",), id="its id, another time that passed"),
        pytest.param(wanted(SOON, "Other", id="hello"), OUT, ("blocked", "went_out", "would create"), id="its id, ahead"),
        pytest.param(wanted(SOON, "Other"), NAMELESS, ("create",), id="without an id, other words ahead"),
        pytest.param(wanted(SOON, "Other", id="new"), NAMELESS, ("create",), id="without an id: a new one ahead"),
        pytest.param(wanted(SOON, "Hello", id="new"), NAMELESS, ("blocked", "twin", "would create"), id="its words ahead"),
    ],
)  # fmt: skip
def test_which_post_of_the_calendar_it_is_that_was_published(
    post: Post, state: State, expected: tuple[str, ...]
) -> None:
    plan = planned([post], [shown(EARLIER, state="published")], state)

    assert said(only(plan)) == expected
    assert not is_missed(only(plan))


def test_a_post_without_an_id_that_was_published_is_meant_in_the_slot_of_another_copy_by_its_words_alone() -> (
    None
):
    """That one was removed for a move that somebody took back too late. Its minute is free for a new post."""
    out = replace(copy_of(wanted(EARLIER)), end=End.PUBLISHED, ended_at=EARLIER)
    removed = copy_of(wanted(SOON), 2, post_id="p-2", entry=1, end=End.REMOVED, ended_at=EARLIER - HOUR)
    live = [shown(EARLIER, state="published")]

    same, other = (
        planned([wanted(SOON, text, id="new")], live, ledger(out, removed)) for text in ("Hello", "Other")
    )

    assert said(only(same)) == ("blocked", "went_out", "would create")
    assert said(only(other)) == ("create",)


EARLY = [shown(NOW - HOUR, id="p-9", state="published")]


@pytest.mark.parametrize(
    ("post", "id", "expected"),
    [
        pytest.param(wanted(SOON, "Hello"), None, ("past",), id="as it was published"),
        pytest.param(wanted(SOON, "Hello", id="other"), "hello", ("past",), id="as it was published, under another id"),
        pytest.param(wanted(SOON, "Other"), None, ("blocked", "went_out", "would create"), id="without an id, its slot is its own"),
        pytest.param(wanted(SOON, "Other", id="hello"), "hello", ("blocked", "went_out", "would create"), id="in other words"),
        pytest.param(wanted(SOON, "Other", id="other"), "hello", ("create",), id="with an id, another id is another post"),
        pytest.param(wanted(LATER, "Other", id="hello"), "hello", ("blocked", "went_out", "would create"), id="moved"),
    ],
)  # fmt: skip
def test_a_slot_whose_post_was_published_early(post: Post, id: str | None, expected: tuple[str, ...]) -> None:
    ours = copy_of(wanted(SOON, "Hello", id=id))

    assert said(only(planned([post], EARLY, ledger(ours)))) == expected


def test_the_copies_of_what_was_published_go_even_within_the_freeze_and_whatever_is_pruned() -> None:
    """The old half of a replace was published under a new id: the new one would publish it once more."""
    now = LATER - 10 * MINUTE
    out = shown(SOON, id="p-9", state="published")

    plan = planned([MOVED], [out, BOTH[1]], HALF, now=now, prune="none")

    assert [said(change) for change in plan.listed] == [("blocked", "went_out", "would create"), ("delete",)]
    edited = planned([MOVED], [out, replace(BOTH[1], text="Edited")], HALF, now=now)
    assert ("blocked", "edited", "would delete") in [said(change) for change in edited.listed]


# --- blocked: time_passed -------------------------------------------------------------------------------------------


def test_a_post_without_an_id_that_moves_in_its_very_minute_may_be_published_already() -> None:
    """Publer lists it as scheduled still; a second later it is out."""
    ours = ledger(copy_of(wanted(NOW, "Hello")))
    change = next(
        each for each in planned([wanted(LATER, "Hello")], [shown(NOW, "Hello")], ours).changes if each.post
    )
    assert said(change) == ("blocked", "twin", "would create")
    assert "may have been published since" in change.reason


def test_the_same_words_at_another_time_without_an_id_are_another_post() -> None:
    state = ledger(copy_of(wanted(EARLIER, "Hello")))

    plan = planned([wanted(EARLIER), wanted(SOON)], [shown(EARLIER, state="published")], state)

    assert [said(change) for change in plan.changes] == [("past",), ("create",)]


def test_a_new_time_that_has_passed_leaves_the_old_copy() -> None:
    post = wanted(EARLIER, "Hello", id="hello")

    change = only(planned([post], [LIVE], ledger(OURS)))

    assert said(change) == ("blocked", "time_passed", "would replace")
    assert change.reason == "its new time has passed, and the old post is still ahead"
    assert not is_missed(change)


# --- recreate, and what this tool took out itself -------------------------------------------------------------------


def test_what_somebody_removed_is_made_again_only_where_that_is_allowed() -> None:
    change = only(planned([POST], [], ledger(OURS)))

    assert said(change) == ("recreate",)
    assert change.copy == replace(OURS, end=End.GONE, ended_at=NOW)
    assert change.reason.startswith("someone deleted it in Publer, or moved it to an account")


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        pytest.param(shown(NOW - HOUR, state="published"), ("past",), id="its words"),
        pytest.param(shown(NOW - HOUR, "Other", state="published"), ("recreate",), id="other words"),
        pytest.param(shown(NOW - HOUR, account=LINKEDIN, state="published"), ("recreate",), id="another account"),
        pytest.param(shown(NOW - DAY - HOUR, state="published"), ("recreate",), id="before it was last seen"),
        pytest.param(
            shown(NOW - HOUR, state="published", imported=True), ("blocked", "twin", "would create"), id="on the network"
        ),
    ],
)  # fmt: skip
def test_what_vanished_and_was_published_meanwhile_was_not_deleted(
    published: LivePost, expected: tuple[str, ...]
) -> None:
    assert said(only(planned([POST], [replace(published, id="p-9")], ledger(OURS)))) == expected


PICTURE = wanted(SOON, "", id="picture", media=[{"file": "sha256:1"}])


def test_pictures_that_someone_published_early_may_be_the_post() -> None:
    out = shown(NOW - HOUR, "", id="p-9", state="published", media=1)

    change = only(planned([PICTURE], [out], ledger(copy_of(PICTURE))))
    moved = only(planned([replace(PICTURE, at=LATER)], [out], ledger(copy_of(PICTURE))))

    assert said(change) == said(moved) == ("blocked", "twin", "would create")
    assert change.obstacle == out
    assert "published on Tue 24 Nov 13:20" in change.reason
    decided = ledger(copy_of(PICTURE), facts={1: EntryFacts(twins=True)})
    assert said(only(planned([PICTURE], [out], decided))) == ("create",)


def test_nothing_is_removed_on_weak_evidence() -> None:
    """The old half of a replace may have been published: the new one is not taken out for that, nor changed."""
    now = SOON + 2 * HOUR - 15 * MINUTE
    other = shown(SOON + MINUTE, "Other", id="p-9", state="published")

    plan = planned([MOVED], [other, BOTH[1]], HALF, now=now)

    assert [said(change) for change in plan.changes] == [("blocked", "twin", "would unchanged")]


def test_no_copy_is_removed_on_weak_evidence() -> None:
    """Whether one of the two goes, or both, follows once somebody has decided."""
    maybe = replace(OURS, post_id="p-0", end=End.MAYBE_PUBLISHED, ended_at=NOW, evidence="p-9")
    old, new = copy_of(wanted(LATER, id="hello"), 2, post_id="p-2"), copy_of(MOVED, 3, post_id="p-3")
    old = replace(old, slot=LAST, entry=1, seen=replace(OURS.seen, at=LAST) if OURS.seen else None)
    live = [shown(LAST, id="p-2"), shown(LATER, id="p-3")]

    def fates(*, twins: bool = False) -> list[tuple[str, ...]]:
        state = ledger(maybe, old, replace(new, entry=1), facts={1: EntryFacts(twins=twins)})
        return [said(change) for change in planned([MOVED], live, state).changes]

    assert fates() == [("blocked", "twin", "would unchanged")]
    assert fates(twins=True) == [("replace",)]


def test_a_post_of_ours_with_the_same_text_is_not_taken_for_the_one_that_vanished() -> None:
    """A weekly post has the same words each time; last week's is in the ledger."""
    before = copy_of(wanted(EARLIER), 2, post_id="p-0")
    published = shown(EARLIER, id="p-0", state="published")

    plan = planned([POST], [published], ledger(OURS, before))

    assert said(only(plan)) == ("recreate",)


def test_what_vanished_is_blocked_like_a_create() -> None:
    near = wanted(NOW + MINUTE, "Near")
    held = wanted(SOON, "Held")
    state = ledger(copy_of(near, 1), copy_of(held, 2, post_id="p-2"))

    plan = planned([near, held], [shown(SOON, "In the way", id="f-1")], state)

    assert [said(change) for change in plan.changes] == [
        ("blocked", "lead", "would recreate"),
        ("blocked", "slot", "would recreate"),
    ]


@pytest.mark.parametrize("since", [NOW - SECOND, NOW - HOUR], ids=["answered", "long ago"])
def test_what_this_tool_took_out_itself_is_made_again_unasked(since: datetime) -> None:
    ours = replace(OURS, removing_at=since, removed=since > NOW - MINUTE)

    change = only(planned([POST], [], ledger(ours)))

    assert said(change) == ("create",)
    assert change.copy.end is End.REMOVED


@each_of("live", [[LIVE], []])
@each_of("desired", [[POST], [wanted(LATER, id="hello")], []])
def test_a_removal_whose_outcome_is_not_known_is_waited_for(
    live: list[LivePost], desired: list[Post]
) -> None:
    """It may take effect after this listing: nothing follows from that, whatever it shows."""
    ours = replace(OURS, removing_at=NOW - MINUTE)

    assert said(only(planned(desired, live, ledger(ours)))) == ("pending",)


def test_a_post_whose_minute_has_just_passed_unseen_waits_and_the_rest_does_not() -> None:
    """Publer may be late; only apply does not wait for it."""
    due = copy_of(wanted(NOW - 20 * MINUTE, "Due", id="due"), 2, post_id="p-2")
    posts = [wanted(LATER, "Due", id="due"), wanted(LATER + MINUTE, "New", id="new")]

    plan = planned(posts, [], ledger(due))

    assert [said(change) for change in plan.changes] == [("pending",), ("create",)]
    assert isinstance(plan.changes[0], Pending)
    assert plan.changes[0].late
    after = planned(posts[:1], [], ledger(due), now=NOW + HOUR)
    assert said(only(after)) == ("recreate",)


def test_a_post_that_publer_could_not_publish_gets_its_new_time() -> None:
    failed = shown(EARLIER, state="failed", error="Token expired")
    state = ledger(copy_of(wanted(EARLIER, "Hello", id="hello")))

    assert said(only(planned([wanted(SOON, "Hello", id="hello")], [failed], state))) == ("create",)


def test_a_claim_that_lapsed_is_made_again_in_its_own_entry() -> None:
    claim = sent(POST, lapsed=True)

    change = only(planned([POST], [], ledger(claim)))

    assert said(change) == ("create",)
    assert change.copy == claim


def test_a_post_whose_new_time_is_this_very_minute_was_published_already() -> None:
    out = copy_of(wanted(EARLIER, "Hello", id="hello")).ending(End.PUBLISHED, NOW)
    assert said(only(planned([wanted(NOW, "Hello", id="hello")], [], ledger(out)))) == ("past",)


def test_a_draft_that_left_the_calendar_and_that_someone_scheduled_is_told_as_what_it_is() -> None:
    change = only(planned([], [LIVE], ledger(OUR_DRAFT)))
    assert said(change) == ("blocked", "edited", "would delete")
    assert change.reason.endswith(", and someone scheduled this draft in Publer, where it will be published")
    assert only(planned([], [LIVE], ledger(OURS))).reason == "no longer in the calendar"
