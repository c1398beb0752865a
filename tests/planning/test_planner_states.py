"""Blocked by the account or by what Publer made of the post; and posts that someone deleted there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from publer_sync.model import MINUTE
from publer_sync.planning.plan import Action, Block, FieldChange, is_missed
from tests.builders import (
    EARLIER,
    HOUR,
    LATER,
    LINKEDIN,
    NOW,
    SOON,
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
from tests.planning.posts import LIVE, OURS, POST

if TYPE_CHECKING:
    from publer_sync.model import LivePost


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


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("scheduled_declined", "someone declined it in Publer"),
        ("scheduled_locked", "Publer has locked it: its account or the subscription is locked"),
        ("scheduled_reauth", "it waits in Publer for its account to be reconnected"),
        ("published", "someone published it early in Publer"),
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
    assert (change.copy, change.live) == (OURS, live)
    assert change.would.action is (Action.REPLACE if state == "draft" else Action.UNCHANGED)


def test_a_post_that_someone_moved_to_another_account_is_blocked_and_not_removed() -> None:
    """It would be published there: neither is it as wanted, nor does anybody here know what is."""
    moved = shown(SOON, account=LINKEDIN)

    change = only(planned([POST], [moved], ledger(OURS)))
    left = only(planned([], [moved], ledger(OURS)))

    assert said(change) == ("blocked", "state", "would unchanged")
    assert change.reason == "someone moved it to another account in Publer"
    assert said(left) == ("blocked", "edited", "would delete")


@pytest.mark.parametrize("state", ["scheduled_declined", "recycling"])
def test_new_words_for_a_post_in_such_a_state_are_blocked(state: str) -> None:
    post = wanted(SOON, "Other", id="hello")

    change = only(planned([post], [shown(SOON, "Hello", state=state)], ledger(OURS)))

    assert said(change) == ("blocked", "state", "would update")
    assert change.diff == (FieldChange("text", "Hello", "Other"),)


def test_what_is_declined_and_left_the_calendar_goes() -> None:
    assert said(only(planned([], [shown(SOON, state="scheduled_declined")], ledger(OURS)))) == ("delete",)


def test_what_was_published_early_under_another_id_is_not_sent_again() -> None:
    """Publer gives what a person publishes at once a new id; its words tell."""
    out = shown(NOW - HOUR, "Hello", id="p-9", state="published")

    change = only(planned([POST], [out], ledger(OURS)))

    assert said(change) == ("blocked", "state", "would unchanged")
    assert change.live is None, "it is not ours"
    assert change.obstacle == out


# --- blocked: went_out, time_passed ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "live",
    [
        pytest.param([shown(EARLIER, "Hello", state="published")], id="listed"),
        pytest.param([], id="listed no more"),
    ],
)
def test_an_id_that_has_gone_out_needs_a_new_one_for_a_new_post(live: list[LivePost]) -> None:
    state = ledger(copy_of(wanted(EARLIER, "Hello", id="hello")))

    plan = planned([wanted(SOON, "Hello again", id="hello")], live, state)

    assert said(only(plan)) == ("blocked", "went_out", "would create")
    assert only(plan).reason == 'the post "hello" was published already; a new post needs a new id'
    assert said(only(planned([wanted(SOON, "Hello again", id="new")], live, state))) == ("create",)


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
    assert change.copy == OURS
    assert change.reason == "someone deleted it in Publer"


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        pytest.param(shown(NOW - HOUR, state="published"), "blocked", id="since it was last seen"),
        pytest.param(shown(NOW - HOUR, "Other", state="published"), "recreate", id="other words"),
        pytest.param(
            shown(NOW - HOUR, account=LINKEDIN, state="published"), "recreate", id="another account"
        ),
    ],
)
def test_a_published_post_with_its_text_since_it_was_last_seen_may_be_it(
    published: LivePost, expected: str
) -> None:
    change = only(planned([POST], [replace(published, id="p-9")], ledger(OURS)))

    assert str(change.action) == expected


def test_a_published_post_from_before_the_day_it_was_last_seen_is_another_one() -> None:
    """Seen yesterday at noon: what went out on the day before cannot be it."""
    plan = planned([POST], [shown(NOW - 40 * HOUR, id="p-9", state="published")], ledger(OURS))

    assert said(only(plan)) == ("recreate",)


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


def test_what_this_tool_took_out_itself_is_made_again_unasked() -> None:
    ours = replace(OURS, removing_at=NOW - MINUTE)

    change = only(planned([POST], [], ledger(ours)))

    assert said(change) == ("create",)
    assert change.copy == ours


def test_a_claim_that_lapsed_is_no_entry() -> None:
    change = only(planned([POST], [], ledger(sent(POST, lapsed=True))))

    assert said(change) == ("create",)
    assert change.copy is None
