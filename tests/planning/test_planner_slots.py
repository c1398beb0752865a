"""Blocked by the minute: another post in it, too soon to change, or too soon to create."""

from __future__ import annotations

from dataclasses import replace

import pytest

from publer_sync.ledger.copies import Seen
from publer_sync.planning.plan import Block
from publer_sync.values.model import MINUTE, Limits
from tests.builders import (
    HOUR,
    LAST,
    LATER,
    LINKEDIN,
    NOW,
    SECOND,
    SOON,
    TOMORROW,
    X,
    copy_of,
    ledger,
    only,
    planned,
    said,
    sent,
    shown,
    wanted,
)
from tests.planning.posts import DRAFT, LIVE, OURS, POST
from tests.tables import each_of

# --- blocked: slot --------------------------------------------------------------------------------------------------


@each_of(("seconds", "blocked"), [(0, True), (59, True), (-59, True), (60, False), (-60, False), (61, False)])
def test_less_than_a_minute_from_a_post_that_stays_is_too_near(seconds: int, blocked: bool) -> None:
    other = shown(SOON + seconds * SECOND, "Flash sale", id="f-1")

    change = only(planned([POST], [other], ledger()))

    if blocked:
        assert said(change) == ("blocked", "slot", "would create")
        assert change.obstacle == other
        assert change.reason == 'another post is already scheduled for this minute: "Flash sale"'
    else:
        assert said(change) == ("create",)


@each_of(
    ("state", "blocked"),
    [
        ("scheduled", True),
        ("scheduled_declined", True),
        ("recycling", True),
        ("recurring", True),
        ("draft", False),
        ("published", False),
        ("failed", False),
    ],
)
def test_which_unmanaged_posts_hold_a_slot(state: str, blocked: bool) -> None:
    change = only(planned([POST], [shown(SOON, "Other", state=state)], ledger()))

    assert (Block.SLOT in change.blocks) is blocked


def test_a_draft_needs_no_slot() -> None:
    assert said(only(planned([DRAFT], [shown(SOON, "Other")], ledger()))) == ("create",)


def test_an_unchanged_post_of_ours_holds_its_slot() -> None:
    near = shown(SOON + 30 * SECOND, "Moved a little", id="p-2")
    kept = wanted(SOON + MINUTE, "Moved a little")
    ours = copy_of(kept, 2, post_id="p-2", seen=Seen(SOON + 30 * SECOND, "Moved a little"))

    plan = planned([POST, kept], [near], ledger(ours))

    assert [said(change) for change in plan.changes] == [("blocked", "slot", "would create"), ("unchanged",)]


@each_of(("seconds", "blocked"), [(0, True), (59, True), (-59, True), (60, False), (-60, False)])
def test_a_post_under_way_holds_its_slot(seconds: int, blocked: bool) -> None:
    """It was sent for one post, and another wants its minute by now."""
    going = sent(wanted(LATER, "Other", id="other"))
    near = wanted(LATER + seconds * SECOND, "New", id="new")

    plan = planned([wanted(LAST, "Other", id="other"), near], [], ledger(going))

    change = next(change for change in plan.changes if change.post is near)
    assert said(change) == (("blocked", "slot", "would create") if blocked else ("create",))
    assert ("pending",) in map(said, plan.changes)
    assert change.obstacle is None


def test_a_draft_under_way_holds_no_slot() -> None:
    draft = wanted(SOON, "A draft", id="draft", draft=True)

    plan = planned([POST, draft], [], ledger(sent(draft, 2)))

    assert sorted(map(said, plan.changes)) == [("create",), ("pending",)]


def test_a_slot_that_a_replace_frees_is_free() -> None:
    moved = wanted(LATER, "Hello", id="hello")
    new = wanted(SOON, "New")

    plan = planned([moved, new], [LIVE], ledger(OURS))

    assert [said(change) for change in plan.changes] == [("create",), ("replace",)]


def test_a_slot_that_a_delete_frees_is_free() -> None:
    old = copy_of(wanted(LATER, "Old"), seen=Seen(SOON, "Old"))

    plan = planned([wanted(SOON, "New")], [shown(SOON, "Old")], ledger(old))

    assert [said(change) for change in plan.changes] == [("create",), ("delete",)]


def test_posts_swap_their_slots() -> None:
    one, two = wanted(SOON, "One", id="1"), wanted(LATER, "Two", id="2")
    live = [shown(SOON, "One", id="p-1"), shown(LATER, "Two", id="p-2")]
    state = ledger(copy_of(one, 1, post_id="p-1"), copy_of(two, 2, post_id="p-2"))

    plan = planned([replace(one, at=LATER), replace(two, at=SOON)], live, state)

    assert [(said(change), change.live.id if change.live else None) for change in plan.changes] == [
        (("replace",), "p-2"),
        (("replace",), "p-1"),
    ]


def test_posts_that_swap_are_blocked_together_by_what_blocks_one_of_them() -> None:
    """One option lets both through. Another post in one of the minutes leaves no swap."""
    one, two = wanted(SOON, "One", id="1"), wanted(LATER, "Two", id="2")
    live = [shown(SOON, "One by hand", id="p-1"), shown(LATER, "Two", id="p-2")]
    state = ledger(copy_of(one, 1, post_id="p-1"), copy_of(two, 2, post_id="p-2"))
    desired = [replace(one, at=LATER), replace(two, at=SOON)]

    assert [
        (change.blocks, change.reason.partition(":")[0]) for change in planned(desired, live, state).changes
    ] == [
        ((Block.EDITED,), 'it swaps times with "One by hand"'),
        ((Block.EDITED,), "edited in Publer since the last apply, and the calendar says something else"),
    ]

    live.append(shown(SOON + SECOND / 2, "In the way", id="f-1"))
    blocks = [change.blocks for change in planned(desired, live, state).changes]
    assert blocks == [(Block.SLOT,), (Block.SLOT, Block.EDITED)]


@pytest.mark.parametrize("order", [1, -1])
def test_what_waits_for_a_post_that_is_blocked_is_blocked_too(order: int) -> None:
    """The last of a chain of moves runs into a post not managed here, so none of them can go."""
    times = [SOON + hours * HOUR for hours in range(5)]
    old = [wanted(at, f"Post {n}", id=f"id-{n}") for n, at in enumerate(times)]
    state = ledger(*(copy_of(post, n + 1, post_id=f"p-{n}") for n, post in enumerate(old)))
    live = [shown(post.at, post.text, id=f"p-{n}") for n, post in enumerate(old)]
    unmanaged = shown(SOON + 5 * HOUR, "In the way", id="f-1")
    desired = [replace(post, at=post.at + HOUR) for post in old][::order]

    plan = planned(desired, [*live, unmanaged], state)

    assert {said(change) for change in plan.changes} == {("blocked", "slot", "would replace")}
    assert [change.obstacle.id for change in plan.changes if change.obstacle] == [
        "p-1",
        "p-2",
        "p-3",
        "p-4",
        "f-1",
    ]


def test_a_slot_is_held_by_a_post_that_is_itself_kept_from_moving() -> None:
    edited = shown(SOON, "Hello, edited")
    moved, new = wanted(LATER, "Hello", id="hello"), wanted(SOON, "New")

    plan = planned([moved, new], [edited], ledger(OURS))

    assert [said(change) for change in plan.changes] == [
        ("blocked", "slot", "would create"),
        ("blocked", "edited", "would replace"),
    ]


def test_a_slot_is_held_by_what_left_the_calendar_and_cannot_go() -> None:
    old = wanted(NOW + 10 * MINUTE, "Old")
    plan = planned(
        [wanted(NOW + 10 * MINUTE + 0 * SECOND, "New", account=LINKEDIN), wanted(NOW + 11 * MINUTE, "Next")],
        [shown(NOW + 10 * MINUTE + 30 * SECOND, "Old")],
        ledger(copy_of(old, seen=Seen(NOW + 10 * MINUTE + 30 * SECOND, "Old"))),
    )

    assert [said(change) for change in plan.changes] == [
        ("create",),
        ("blocked", "freeze", "would delete"),
        ("blocked", "slot", "would create"),
    ]


def test_a_slot_held_by_an_edited_post_that_left_the_calendar_is_had_with_the_same_option() -> None:
    """A colleague exchanged two posts, and then one of them left the calendar."""
    one, two = wanted(SOON, "One", id="1"), wanted(LATER, "Two", id="2")
    live = [shown(LATER, "One", id="p-1"), shown(SOON, "Two", id="p-2")]
    state = ledger(copy_of(one, 1, post_id="p-1"), copy_of(two, 2, post_id="p-2"))

    assert [said(change) for change in planned([one], live, state).changes] == [
        ("blocked", "edited", "would replace"),
        ("blocked", "edited", "would delete"),
    ]


def test_the_reason_told_is_that_of_the_first_block() -> None:
    tired = replace(X, trouble="it has to be reconnected")
    going = sent(wanted(LATER, "Other", id="other"))
    desired = [wanted(LAST, "Other", id="other"), wanted(LATER, "New", id="new", account=tired)]

    change = planned(desired, [], ledger(going), accounts=[tired]).changes[0]

    assert change.blocks == (Block.ACCOUNT, Block.SLOT)
    assert change.reason == "its account cannot be used now: it has to be reconnected"


# --- blocked: freeze ------------------------------------------------------------------------------------------------


@each_of(("minutes", "freeze", "blocked"), [(15, 15, True), (16, 15, False), (16, 20, True), (1, 0, False)])
def test_what_goes_out_within_the_freeze_is_not_changed(minutes: int, freeze: int, blocked: bool) -> None:
    old = wanted(NOW + minutes * MINUTE, "Hello", id="hello")
    new = wanted(NOW + minutes * MINUTE, "Hello again", id="hello")
    live, state = [shown(old.at, "Hello")], ledger(copy_of(old))
    limits = Limits(freeze_minutes=freeze)

    changed = only(planned([new], live, state, limits=limits))
    moved = only(planned([replace(old, at=TOMORROW)], live, state, limits=limits))
    left = only(planned([], live, state, limits=limits))

    if blocked:
        assert [said(change) for change in (changed, moved, left)] == [
            ("blocked", "freeze", "would update"),
            ("blocked", "freeze", "would replace"),
            ("blocked", "freeze", "would delete"),
        ]
        assert (
            changed.reason == f"the post in Publer publishes within {freeze} minutes (limits.freeze_minutes)"
        )
    else:
        assert [said(change) for change in (changed, moved, left)] == [("update",), ("replace",), ("delete",)]


def test_a_draft_does_not_freeze() -> None:
    old = wanted(NOW + 5 * MINUTE, "Hello", id="hello", draft=True)

    plan = planned([], [shown(old.at, "Hello", state="draft")], ledger(copy_of(old)))

    assert said(only(plan)) == ("delete",)


# --- blocked: lead --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("seconds", "blocked"), [(119, True), (120, False)])
def test_a_create_less_than_two_minutes_ahead_is_too_late(seconds: int, blocked: bool) -> None:
    change = only(planned([POST], [], ledger(), now=SOON - seconds * SECOND))

    assert said(change) == (("blocked", "lead", "would create") if blocked else ("create",))


def test_a_replace_whose_new_time_is_too_near_is_too_late() -> None:
    post = wanted(NOW + MINUTE, "Hello", id="hello")

    assert said(only(planned([post], [LIVE], ledger(OURS)))) == ("blocked", "lead", "would replace")
