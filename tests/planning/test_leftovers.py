"""Copies that the calendar does not ask for, and when each of them goes, stays or is waited for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from publer_sync.ledger.copies import End, Seen
from publer_sync.ledger.state import KnownAccount
from publer_sync.planning.leftovers import is_late, pending
from publer_sync.planning.plan import Action, Block, Pending
from publer_sync.values.model import MINUTE
from tests.builders import (
    EARLIER,
    HOUR,
    LAST,
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
from tests.planning.posts import (
    BOTH,
    DRAFT,
    HALF,
    HOLD,
    LIVE,
    LIVE_DRAFT,
    MOVED,
    OUR_DRAFT,
    OURS,
    POST,
    case,
    unreadable,
)
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.ledger.copies import Copy


def test_a_post_whose_minute_has_just_passed_is_waited_for() -> None:
    minute = NOW - MINUTE
    here = copy_of(replace(POST, at=minute))
    other = copy_of(replace(POST, at=LATER), 2, post_id="p-2", entry=1)
    plan = planned([], [shown(LATER, "Hello", id="p-2")], ledger(here, other))
    assert [isinstance(each, Pending) and each.late for each in plan.changes] == [True]


def test_a_draft_that_publer_scheduled_goes_and_nothing_else_does() -> None:
    scheduled = replace(OUR_DRAFT, turned_up="scheduled", seen=Seen(SOON, "Hello"))
    plan = planned([DRAFT], [LIVE], ledger(scheduled))
    assert ("delete",) in [said(each) for each in plan.changes]
    frozen = wanted(NOW + 5 * MINUTE, "Hello", id="hello", draft=True)
    plan = planned(
        [frozen],
        [shown(frozen.at, "Hello")],
        ledger(replace(copy_of(frozen), turned_up="scheduled", seen=Seen(frozen.at, "Hello"))),
    )
    assert ("delete",) in [said(each) for each in plan.changes], "the freeze does not protect it"


def test_a_copy_that_is_being_published_is_left_to_its_end() -> None:
    old = copy_of(replace(POST, at=NOW - MINUTE))
    new = copy_of(POST, 2, post_id="p-2", entry=1)
    plan = planned([POST], [shown(NOW - MINUTE, "Hello"), shown(SOON, "Hello", id="p-2")], ledger(old, new))
    assert not any(each.action is Action.DELETE or each.action is Action.REPLACE for each in plan.changes)


@each_of(
    ("copy", "more", "told"),
    [
        (OURS, {"short": 1}, [("blocked", "listing", "would unchanged")]),
        (OUR_DRAFT, {"short": 1}, [("blocked", "listing", "would unchanged")]),
        (OURS, {}, []),
        (OURS, {"short": 1, "prune": "none"}, []),
        (replace(OURS, removed=True, removing_at=EARLIER), {"short": 1}, []),
        (replace(OURS, slot=NOW - 2 * HOUR, seen=None), {"short": 1}, []),
        (replace(OURS, post_id=None, lapsed=True), {"short": 1}, []),
    ],
)
def test_what_left_the_calendar_and_may_be_hidden_by_a_short_list_is_told(
    copy: Copy, more: dict[str, Any], told: list[tuple[str, ...]]
) -> None:
    """Nothing is removed that nobody sees, and Publer would publish it: the next apply checks again."""
    plan = planned([], [], ledger(copy), **more)
    assert [said(each) for each in plan.changes] == told


def test_what_came_up_late_is_not_removed_unasked() -> None:
    late = replace(OURS, turned_up="late")
    change = only(planned([], [LIVE], ledger(late)))
    assert change.blocks == (Block.TWIN,)
    assert change.obstacle == LIVE
    assert change.reason.startswith("no apply saw it come")
    out = copy_of(replace(POST, at=EARLIER), 2, post_id="p-2", entry=1).ending(End.PUBLISHED, NOW)
    second = only(planned([], [LIVE], ledger(late, out)))
    assert said(second)[0] == "delete", "whoever made it, it would say the same twice"
    edited = only(planned([], [replace(LIVE, text="By hand")], ledger(OURS)))
    assert edited.reason == "no longer in the calendar, and edited in Publer since the last apply"


def test_where_prune_keeps_what_left_its_other_copy_goes() -> None:
    other = copy_of(replace(POST, at=LATER), 2, post_id="p-2", entry=1)
    plan = planned([], [LIVE, shown(LATER, "Hello", id="p-2")], ledger(OURS, other), prune="none")
    assert sorted(said(each)[0] for each in plan.changes) == ["delete", "unchanged"]


def test_what_waits_for_a_slot_here_stays_and_is_not_said_to_move() -> None:
    (told,) = (
        each for each in planned([], [LIVE], ledger(OURS), waiting=[POST]).warnings if each.code == "waits"
    )
    assert told.message.endswith("stays in Publer as it is: in the calendar it waits for a slot (at: next)")


def test_until_when_a_post_waits_is_told_while_that_is_ahead() -> None:
    coming = sent(POST, job_id="j-1", requested_at=NOW)
    until, why = pending(case(), [coming])
    assert until > NOW
    assert "known by" in why
    told = (NOW, "an earlier apply sent it, and Publer does not list it yet")
    assert pending(case(), [replace(coming, requested_at=EARLIER, job_ended_at=EARLIER)]) == told


@each_of(
    ("more", "late"),
    [
        ({}, True),
        ({"end": End.GONE}, False),
        ({"seen": Seen(NOW - MINUTE, "Hello", draft=True)}, False),
        ({"removing_at": NOW - HOUR, "removed": True}, False),
        ({"removing_at": NOW - 2 * MINUTE, "removed": True}, True),
        ({"removing_at": NOW - HOUR}, True),
        ({"slot": NOW - HOUR, "seen": None}, False),
        ({"slot": NOW + MINUTE, "seen": None}, False),
    ],
)
def test_within_the_hour_after_its_minute_nobody_knows_whether_a_post_was_published(
    more: dict[str, Any], late: bool
) -> None:
    copy = replace(copy_of(wanted(NOW - MINUTE)), **more)
    assert is_late(case(ledger(copy)), copy) is late
    assert not is_late(case(ledger(copy), shown(NOW - MINUTE)), copy), "it is listed"


def test_a_draft_that_publer_scheduled_goes_once_beside_the_one_that_stands() -> None:
    scheduled = replace(OUR_DRAFT, turned_up="scheduled", seen=Seen(SOON, "Hello"))
    stands = copy_of(DRAFT, 2, post_id="p-2", entry=1)
    live = [LIVE, replace(LIVE_DRAFT, id="p-2")]
    plan = planned([DRAFT], live, ledger(scheduled, stands))
    assert sorted(said(each)[0] for each in plan.changes) == ["delete", "unchanged"]


def test_a_copy_whose_minute_came_is_not_removed_though_another_was_published() -> None:
    out = copy_of(POST, 2, post_id="p-2", entry=1).ending(End.PUBLISHED, NOW)
    late = copy_of(replace(POST, at=NOW - MINUTE))
    assert planned([], [shown(NOW - MINUTE, "Hello")], ledger(late, out)).changes == ()
    ahead = planned([], [LIVE], ledger(OURS, out))
    assert [said(each) for each in ahead.changes] == [("delete",)]


def test_where_prune_keeps_a_post_that_cannot_stand_its_other_copy_stays_too() -> None:
    other = copy_of(replace(POST, at=LATER), 2, post_id="p-2", entry=1)
    live = [LIVE, shown(LATER, "Hello", id="p-2", state="scheduled_declined")]
    plan = planned([], live, ledger(OURS, other), prune="none")
    assert [said(each)[0] for each in plan.changes] == ["unchanged"]


def test_what_is_in_an_unknown_state_without_a_time_may_be_published_any_time() -> None:
    odd = replace(LIVE, state="odd", at=None)
    assert said(only(planned([], [odd], ledger(OURS)))) == ("blocked", "state", "would delete")
    past = replace(LIVE, state="odd", at=EARLIER)
    assert said(only(planned([], [past], ledger(OURS)))) == ("unchanged",)


OTHER_COPY = copy_of(wanted(LATER, "Hello", id="hello"), 2, post_id="p-2", entry=1)


@each_of(
    ("row", "told"),
    [
        ({"state": "queued"}, [("blocked", "state", "would unchanged")]),
        ({"state": "", "unread": "its time is none"}, [("blocked", "unread", "would unchanged")]),
        ({"state": "queued", "at": NOW - MINUTE}, []),
        ({"state": "failed"}, []),
    ],
)
def test_of_a_second_copy_that_nobody_can_tell_what_becomes_of_it_is_told(
    row: dict[str, Any], told: list[tuple[str, ...]]
) -> None:
    """Publer may publish it, too: whether the post stands, was published, or left the calendar."""
    there = replace(shown(LATER, "Hello", id="p-2"), **row)
    state = ledger(OURS, OTHER_COPY)
    plan = planned([POST], [LIVE, there], state)
    assert [said(each) for each in plan.changes if each.blocks] == told
    out = planned([POST], [replace(LIVE, state="published"), there], state)
    assert [said(each) for each in out.changes if each.blocks] == told
    gone = planned([], [replace(LIVE, **row), shown(LATER, "Hello", id="p-2")], state)
    assert [said(each) for each in gone.changes if each.blocks] == told


def test_a_post_that_is_past_in_the_calendar_and_ahead_in_publer_may_be_hidden_by_a_short_list() -> None:
    over = replace(POST, at=EARLIER)
    moved = replace(copy_of(over), seen=Seen(LATER, "Hello"))
    plan = planned([over], [], ledger(moved), short=1)
    assert [said(each) for each in plan.changes if each.blocks] == [("blocked", "listing", "would unchanged")]
    assert not [each for each in planned([over], [], ledger(copy_of(over)), short=1).changes if each.blocks]


@each_of("more", [{"short": 1}, {"unread": [unreadable()]}])
def test_a_new_post_of_an_earlier_replace_that_no_list_shows_is_not_made_again(more: dict[str, Any]) -> None:
    plan = planned([MOVED], [LIVE], HALF, **more)
    [replaced] = [each for each in plan.changes if each.post is not None]
    assert said(replaced) == ("blocked", *map(str, replaced.blocks), "would replace")
    assert set(replaced.blocks) == {Block.LISTING if "short" in more else Block.UNREAD}


def test_a_replace_whose_earlier_copies_are_all_listed_waits_for_no_whole_list() -> None:
    plan = planned([replace(POST, at=LAST)], BOTH, HALF, short=1)
    assert not [each for each in plan.changes if each.blocks]


def test_what_is_on_hold_and_left_the_calendar_is_told_at_each_apply_where_no_list_can_be_relied_on() -> None:
    """Also where prune keeps it, where it waits for a slot, and once an apply has seen that it left."""
    unread: dict[str, Any] = {"unread": [unreadable()]}
    state = ledger(replace(OURS, verified_at=NOW).ending(End.GONE, NOW), holds=(HOLD,))
    for more in ({}, {"prune": "none"}, {"waiting": [POST]}):
        plan = planned([], [], state, **unread, **more)
        assert [said(each) for each in plan.changes] == [("blocked", "unread", "would unchanged")], more
    state.note(1, left=True)
    assert len(planned([], [], state, **unread).changes) == 1
    assert not planned([], [], state).changes
    assert not planned([], [], state, accounts=[LINKEDIN], **unread).changes
    hidden = planned([], [], ledger(OURS, holds=(HOLD,)), short=1, prune="none")
    assert [said(each) for each in hidden.changes] == [("blocked", "listing", "would unchanged")]
    free = planned([], [], ledger(OURS, holds=(replace(HOLD, first=LATER),)), short=1, prune="none")
    assert not free.changes


def test_of_an_account_that_left_nothing_is_waited_for_once_the_time_for_it_is_over() -> None:
    """No list tells what became of a removal there: it is blocked like the rest of the account, and can be forgotten."""
    doubt = replace(OURS, removing_at=NOW - HOUR)
    state = ledger(doubt, accounts={X.id: KnownAccount("twitter", "Fjordlight")}, lost=frozenset({X.id}))
    [change] = planned([], [], state, accounts=[LINKEDIN]).changes
    assert (said(change)[:2], change.blocks) == (("blocked", "account"), (Block.ACCOUNT,))
    fresh = ledger(replace(doubt, removing_at=NOW), accounts=state.accounts, lost=state.lost)
    [waits] = planned([], [], fresh, accounts=[LINKEDIN]).changes
    assert waits.action is Action.PENDING
