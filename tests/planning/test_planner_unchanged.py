"""What is under way, past, or as it was: nothing is done about it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.ledger.copies import Seen
from publer_sync.planning.plan import Action, FieldChange, is_missed, is_waiting
from publer_sync.values.model import MINUTE
from publer_sync.values.problems import Location
from tests.builders import (
    DAY,
    EARLIER,
    LATER,
    LINKEDIN,
    NOW,
    SECOND,
    SOON,
    X,
    change,
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
from tests.planning.posts import DRAFT, LISTED, LIVE, LIVE_DRAFT, OUR_DRAFT, OURS, POST
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.values.model import LivePost, Post


# --- pending --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "post",
    [
        pytest.param(POST, id="as sent"),
        pytest.param(wanted(SOON, "Other", id="hello"), id="changed since"),
        pytest.param(wanted(LATER, "Hello", id="hello"), id="moved since"),
        pytest.param(wanted(SOON, "Hello"), id="its id taken out since"),
    ],
)
def test_what_was_sent_and_not_settled_is_pending(post: Post) -> None:
    plan = planned([post], state=ledger(sent(POST)))

    assert only(plan) == change(
        Action.PENDING,
        post,
        reason="an earlier apply sent it, and Publer does not list it yet; what became of it is known by Tue 24 Nov 14:20:30",
        copy=sent(POST),
        until=NOW + 30 * SECOND,
    )
    assert plan.listed == ()
    assert plan.summary["pending"] == 1


def test_what_was_sent_stays_pending_when_its_time_passes() -> None:
    post = wanted(EARLIER)

    assert said(only(planned([post], state=ledger(sent(post))))) == ("pending",)


def test_a_post_that_left_the_calendar_while_it_was_under_way_is_pending() -> None:
    assert said(only(planned(state=ledger(sent(POST))))) == ("pending",)


def test_the_old_post_waits_while_its_successor_is_under_way() -> None:
    new = wanted(LATER, "Hello", id="hello")
    state = ledger(OURS, sent(new, 2, entry=1))

    plan = planned([new], [LIVE], state)

    assert [(change.action, change.copy) for change in plan.changes] == [(Action.PENDING, LISTED)]


def test_the_minute_of_a_post_whose_successor_is_under_way_is_free_for_the_next() -> None:
    """A swap that was cut off after the first removal: nobody has to choose another time."""
    moved, swapped = wanted(LATER, "Hello", id="hello"), wanted(SOON, "Other", id="other")
    out = copy_of(replace(swapped, at=LATER), 3, post_id="p-3", removing_at=NOW, removed=True)
    plan = planned([moved, swapped], [LIVE], ledger(OURS, sent(moved, 2, entry=1), out))
    assert [said(change) for change in plan.changes] == [("create",), ("pending",)]


# --- past -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("live", "state"),
    [
        pytest.param([], ledger(), id="nothing known of it"),
        pytest.param([], ledger(copy_of(wanted(EARLIER))), id="went out, and is listed no more"),
        pytest.param([shown(EARLIER, state="published")], ledger(copy_of(wanted(EARLIER))), id="went out"),
        pytest.param([shown(EARLIER)], ledger(copy_of(wanted(EARLIER))), id="not out yet"),
        pytest.param([shown(EARLIER)], ledger(), id="one not managed here is there"),
        pytest.param([], None, id="without state"),
    ],
)
def test_a_post_whose_time_has_passed_is_left_alone(live: list[LivePost], state: Any) -> None:
    plan = planned([wanted(EARLIER)], live, state)

    assert said(only(plan)) == ("past",)
    assert plan.listed == ()


def test_a_post_at_this_very_moment_is_past_and_a_second_later_too_near() -> None:
    assert said(only(planned([wanted(NOW)], state=ledger()))) == ("past",)
    assert said(only(planned([wanted(NOW)], state=ledger(), now=NOW - SECOND))) == (
        "blocked",
        "lead",
        "would create",
    )


@pytest.mark.parametrize(
    ("state", "missed"),
    [
        pytest.param(ledger(), True, id="never sent"),
        pytest.param(None, False, id="past already at the first apply"),
        pytest.param(ledger(excused={"a-x@2026-11-24T10:20:00Z"}), False, id="told before, by its slot"),
        pytest.param(ledger(excused={"a-x#late"}), False, id="told before, by its id"),
        pytest.param(ledger(excused={"a-li@2026-11-24T10:20:00Z"}), True, id="another account's was told"),
        pytest.param(ledger(copy_of(wanted(EARLIER, id="late"))), False, id="sent in time"),
        pytest.param(ledger(sent(wanted(EARLIER, id="late"), lapsed=True)), True, id="sent, never listed"),
        pytest.param(
            ledger(sent(wanted(EARLIER, id="late"), lapsed=True), excused={"a-x@2026-11-24T10:20:00Z"}),
            True,
            id="another post of its minute was told",
        ),
    ],
)
def test_a_post_that_no_apply_put_in_place_is_missed_once(state: Any, missed: bool) -> None:
    plan = planned([wanted(EARLIER, id="late")], state=state)

    assert is_missed(only(plan)) is missed
    assert plan.summary["missed"] == missed
    assert ("missed" in codes(plan)) is missed


def test_a_draft_that_publer_scheduled_goes_unless_somebody_edited_it_since() -> None:
    draft = wanted(SOON, "A draft", draft=True, id="draft")
    ours = copy_of(draft, turned_up="scheduled", seen=Seen(SOON, "A draft"))
    for live, expected in ((shown(SOON, "A draft"), "delete"), (shown(LATER, "A draft"), "blocked")):
        [change] = [one for one in planned([draft], [live], ledger(ours)).changes if one.live]
        assert change.action == expected


def test_a_first_run_says_in_one_warning_that_old_posts_will_not_be_scheduled() -> None:
    old, older = wanted(EARLIER, line=9), wanted(EARLIER - DAY, line=3)

    one, two = planned([old, wanted(SOON, line=12)]), planned([older, old])

    assert codes(one) == codes(two) == ["no_state", "past_already"]
    assert (one.warnings[1].message, one.warnings[1].location) == (
        "the time of a post has already passed, so it will not be scheduled; to publish it, give it a new time",
        old.location,
    )
    assert two.warnings[1].message.startswith("the times of 2 posts have already passed, so they will not")
    assert codes(planned([old], state=ledger(excused={"a-x@2026-11-24T10:20:00Z"}))) == []


# --- unchanged ------------------------------------------------------------------------------------------------------


def test_what_publer_has_as_the_calendar_says_is_unchanged() -> None:
    plan = planned([POST], [LIVE], ledger(OURS))

    assert only(plan) == change(
        Action.UNCHANGED,
        POST,
        reason="Publer matches the calendar",
        copy=LISTED,
        live=LIVE,
    )
    assert plan.listed == ()
    assert plan.warnings == ()


def test_publers_own_rewriting_is_no_change() -> None:
    """What differs from what was sent but not from what was seen was Publer's doing."""
    post = wanted(SOON, "See https://example.com", link={"url": "https://example.com"})
    rewritten = {"text": "See https://short.example", "link": "https://example.com/?utm", "media": 1}
    ours = copy_of(post, seen=Seen(SOON + 20 * SECOND, **rewritten))  # type: ignore[arg-type]  # fields of several types
    live = shown(SOON + 20 * SECOND, **rewritten)  # type: ignore[arg-type]  # fields of several types

    assert said(only(planned([post], [live], ledger(ours)))) == ("unchanged",)


@each_of("text", ["Hello ", "\nHello\r\n", " Hello\n\n"])
def test_outer_white_space_and_line_ends_are_no_edit(text: str) -> None:
    assert said(only(planned([POST], [shown(SOON, text)], ledger(OURS)))) == ("unchanged",)


@pytest.mark.parametrize(
    ("post", "live"),
    [
        pytest.param(wanted(SOON, "Edited"), shown(SOON, "Edited"), id="text"),
        pytest.param(wanted(LATER, "Hello", id="hello"), shown(LATER, "Hello"), id="time"),
        pytest.param(wanted(SOON, "Hello", title="New"), shown(SOON, "Hello", title="New"), id="title"),
        pytest.param(
            wanted(SOON, "Hello", link={"url": "https://b.example"}),
            shown(SOON, "Hello", link="https://b.example/"),
            id="link",
        ),
        pytest.param(wanted(SOON, "Hello", media=[{"file": "a"}]), shown(SOON, "Hello", media=1), id="media"),
    ],
)
def test_a_colleagues_edit_that_the_calendar_says_too_is_no_change(post: Post, live: LivePost) -> None:
    ours = copy_of(POST, seen=Seen(SOON, "Hello", title="", link="", media=0))

    plan = planned([post], [live], ledger(ours))

    assert said(only(plan)) == ("unchanged",)
    assert plan.warnings == ()


def test_a_post_that_a_person_turned_into_a_draft_is_unchanged_once_the_calendar_says_draft() -> None:
    plan = planned([DRAFT], [LIVE_DRAFT], ledger(OURS))

    assert said(only(plan)) == ("unchanged",)
    assert plan.warnings == ()


def test_a_draft_that_a_person_scheduled_is_unchanged_once_the_calendar_says_so() -> None:
    assert said(only(planned([POST], [LIVE], ledger(OUR_DRAFT)))) == ("unchanged",)


def test_a_draft_of_ours_that_a_person_scheduled_stays_with_a_warning() -> None:
    plan = planned([DRAFT], [LIVE], ledger(OUR_DRAFT))

    assert said(only(plan)) == ("unchanged",)
    assert plan.warnings[0].code == "scheduled_by_hand"
    assert plan.warnings[0].location == Location("2026-12.yaml", 3)


def test_new_words_for_a_draft_that_a_person_scheduled_leave_it_scheduled() -> None:
    post = wanted(SOON, "Hello again", id="hello", draft=True)

    change = only(planned([post], [LIVE], ledger(OUR_DRAFT)))

    assert said(change) == ("update",)
    assert change.diff == (FieldChange("text", "Hello", "Hello again"),)


def test_a_draft_as_wanted_is_unchanged_without_a_warning() -> None:
    plan = planned([DRAFT], [LIVE_DRAFT], ledger(OUR_DRAFT))

    assert said(only(plan)) == ("unchanged",)
    assert plan.warnings == ()


def test_a_post_that_waits_for_approval_is_unchanged_and_waiting() -> None:
    plan = planned([POST], [shown(SOON, "Hello", state="scheduled_pending")], ledger(OURS))

    assert said(only(plan)) == ("unchanged",)
    assert is_waiting(only(plan))
    assert plan.summary["waiting"] == 1
    assert codes(plan) == ["waiting"]


def test_what_left_the_calendar_stays_under_prune_none_with_a_warning() -> None:
    plan = planned(state=ledger(OURS), live=[LIVE], prune="none")

    assert said(only(plan)) == ("unchanged",)
    assert codes(plan) == ["left_calendar"]
    assert plan.refusals == ()


def test_what_is_on_an_account_that_left_the_settings_stays_with_a_warning() -> None:
    plan = planned([], [LIVE], ledger(OURS), accounts=[LINKEDIN])

    assert said(only(plan)) == ("unchanged",)
    assert only(plan).account.id == X.id
    assert codes(plan) == ["account_left"]
    assert plan.refusals == ()


@pytest.mark.parametrize("state", ["recycling", "recurring"])
def test_what_left_the_calendar_and_recurs_in_publer_stays_with_a_warning(state: str) -> None:
    plan = planned([], [shown(SOON, "Hello", state=state)], ledger(OURS))

    assert said(only(plan)) == ("unchanged",)
    assert codes(plan) == ["left_calendar"]


@pytest.mark.parametrize(
    ("post", "warnings"),
    [
        pytest.param(wanted(LATER, "Hello", id="hello"), ["not_out_yet"], id="moved meanwhile"),
        pytest.param(wanted(LATER, "Other", id="hello"), ["not_out_yet"], id="reworded meanwhile"),
    ],
)
def test_a_post_whose_time_has_come_is_unchanged_until_publer_publishes_it(
    post: Post, warnings: list[str]
) -> None:
    old = wanted(NOW - MINUTE, "Hello", id="hello")

    plan = planned([post], [shown(NOW - MINUTE, "Hello")], ledger(copy_of(old)))

    assert said(only(plan)) == ("unchanged",)
    assert codes(plan) == warnings


def test_a_post_whose_time_has_come_is_not_deleted() -> None:
    old = wanted(NOW - MINUTE, "Hello")

    assert said(only(planned([], [shown(NOW - MINUTE, "Hello")], ledger(copy_of(old))))) == ("unchanged",)


# --- matching to the ledger: what is no change ----------------------------------------------------------------------


@pytest.mark.parametrize("id", [None, "renamed"])
def test_an_id_added_renamed_or_taken_out_is_no_change(id: str | None) -> None:
    change = only(planned([replace(POST, id=id)], [LIVE], ledger(OURS)))

    assert said(change) == ("unchanged",)
    assert change.copy == LISTED
