"""A row of Publer's list that cannot be read may be a post of the calendar: it is left alone, and nothing is sent twice."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from publer_sync.ledger.accounting import LATE
from publer_sync.ledger.copies import End, Seen
from publer_sync.planning.holding import may_be_unseen
from publer_sync.planning.plan import Action, Block, Past
from publer_sync.values.model import MINUTE
from tests.builders import (
    EARLIER,
    HOUR,
    LAST,
    LATER,
    LINKEDIN,
    NOW,
    SOON,
    copy_of,
    ledger,
    only,
    planned,
    said,
    sent,
    shown,
    wanted,
)
from tests.planning.posts import DRAFT, HELD, HOLD, LAPSED, LISTED, LIVE, LIVE_DRAFT, OURS, POST, unreadable
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.ledger.copies import Copy
    from publer_sync.values.model import LivePost


@each_of(
    ("more", "row", "told"),
    [
        ({}, {}, True),
        ({}, {"account_id": ""}, True),
        ({}, {"account_id": LINKEDIN.id}, False),
        ({"refused": "no"}, {}, True),
        ({"lapsed": False}, {}, False),
        ({"slot": EARLIER}, {}, False),
    ],
)
def test_what_was_sent_beside_the_post_that_stands_may_be_a_row_that_nobody_can_read(
    more: dict[str, Any], row: dict[str, Any], told: bool
) -> None:
    beside = replace(sent(replace(POST, at=LATER), 2, entry=1, job_id="j-1"), **{"lapsed": True, **more})
    plan = planned([POST], [LIVE], ledger(OURS, beside), unread=[replace(unreadable(), **row)])
    assert (("blocked", "unread", "would unchanged") in [said(each) for each in plan.changes]) is told


def test_a_managed_row_that_cannot_be_read_is_left_alone() -> None:
    change = only(planned([POST], [replace(LIVE, unread="its time is none")], ledger(OURS)))
    assert said(change) == ("blocked", "unread", "would unchanged")
    [gone] = planned([], [replace(LIVE, state="odd", unread="its time is none")], ledger(OURS)).changes
    assert said(gone) == ("blocked", "unread", "would delete")
    assert "it cannot be read" in gone.reason
    [odd] = planned([], [replace(LIVE, state="odd")], ledger(OURS)).changes
    assert said(odd) == ("blocked", "state", "would delete")


@each_of(
    ("row", "found"),
    [
        (unreadable(), ("unread",)),
        (unreadable(account=""), ("unread",)),
        (unreadable(account=LINKEDIN.id), ()),
        (unreadable(id="p-2"), ()),
    ],
)
def test_what_was_sent_may_be_a_row_that_cannot_be_read(row: LivePost, found: tuple[str, ...]) -> None:
    """So nothing is sent again; unless the ledger knows whose row it is."""
    known = copy_of(wanted(LAST, "Known"), 2, post_id="p-2")
    plan = planned([POST], [], ledger(LAPSED, known), unread=[row])
    [new] = [each for each in plan.changes if each.post is not None]
    assert tuple(map(str, new.blocks)) == found
    unseen = replace(sent(replace(POST, at=LATER), 3, entry=1), lapsed=True)
    moved = planned([replace(POST, at=LAST)], [LIVE], ledger(OURS, unseen, known), unread=[row])
    [other] = [each for each in moved.changes if each.post is not None]
    assert tuple(map(str, other.blocks)) == found


@each_of(
    ("more", "found"),
    [
        ({}, ("unread",)),
        ({"end": End.REMOVED, "ended_at": NOW}, ()),
        ({"moved_to": ""}, ()),
    ],
)
def test_a_row_that_cannot_be_read_may_be_a_post_that_was_sent_before_its_account_was_reconnected(
    more: dict[str, Any], found: tuple[str, ...]
) -> None:
    """Publer has it under the account's former id."""
    before = replace(LAPSED, **{"moved_to": LINKEDIN.id, **more})
    [new] = planned([POST], [], ledger(before), unread=[unreadable(account=LINKEDIN.id)]).changes
    assert tuple(map(str, new.blocks)) == found


def test_a_post_that_a_list_shows_on_another_account_is_no_row_there() -> None:
    """A colleague moved it: what else its old account lacks is looked for there alone."""
    moved = copy_of(wanted(LAST, "Moved"), 2, post_id="p-2", moved_to=LINKEDIN.id)
    there = shown(LAST, "Moved", id="p-2", account=LINKEDIN)
    row = unreadable(account=LINKEDIN.id)
    plan = planned([POST], [there], ledger(LAPSED, moved), unread=[row])
    [new] = [each for each in plan.changes if each.post is not None]
    assert new.blocks == ()


AT_LAST = replace(sent(replace(POST, at=LATER), 3, entry=1), lapsed=True)
"""A copy of the post that was sent for another minute, and never found."""


@each_of(
    ("copies", "live", "settings", "told"),
    [
        ([LAPSED], [], {}, True),
        ([replace(LAPSED, refused="No")], [], {}, True),  # it may have been made all the same
        ([replace(LAPSED, sent=DRAFT.content)], [], {}, False),
        ([replace(LAPSED, slot=NOW - HOUR / 2)], [], {}, False),
        ([LAPSED], [], {"unread": [unreadable(account=LINKEDIN.id)]}, False),
        ([LAPSED], [], {"unread": [unreadable(account="")]}, True),
        ([LAPSED], [], {"accounts": [LINKEDIN]}, False),
        ([LAPSED], [], {"waiting": [POST]}, False),
        ([LAPSED], [], {"prune": "none"}, False),
        ([OURS, AT_LAST], [LIVE], {"prune": "none"}, True),
        (
            [OURS, AT_LAST],
            [replace(LIVE, state="published")],
            {"prune": "none"},
            True,
        ),
    ],
)
def test_what_left_the_calendar_and_may_be_a_row_that_cannot_be_read_is_told(
    copies: list[Copy], live: list[LivePost], settings: dict[str, Any], told: bool
) -> None:
    plan = planned([], live, ledger(*copies), **{"unread": [unreadable()], **settings})
    assert [said(each) for each in plan.changes if Block.UNREAD in each.blocks] == (
        [("blocked", "unread", "would unchanged")] if told else []
    )


def test_a_copy_beside_that_of_the_calendar_that_may_be_a_row_that_cannot_be_read_is_told() -> None:
    row = [unreadable()]
    plan = planned([POST], [LIVE], ledger(OURS, AT_LAST), unread=row)
    assert [said(each) for each in plan.changes] == [("unchanged",), ("blocked", "unread", "would unchanged")]
    again = planned([POST], [], ledger(LAPSED, AT_LAST), unread=row)
    assert [said(each) for each in again.changes] == [("blocked", "unread", "would create")], "once"


def test_what_is_adopted_may_stand_beside_what_was_sent_for_another_minute() -> None:
    for at, told in ((LATER, [("blocked", "unread", "would unchanged")]), (SOON, [])):
        here = shown(at, "Hello", id="f-1")
        plan = planned([replace(POST, at=at)], [here], ledger(LAPSED), unread=[unreadable()])
        assert [said(each) for each in plan.changes if each.blocks] == told


def test_a_post_whose_new_time_has_passed_may_still_go_out_at_the_one_that_it_was_sent_for() -> None:
    over = replace(POST, at=EARLIER)
    plan = planned([over], [], ledger(AT_LAST), unread=[unreadable()])
    assert [said(each) for each in plan.changes if each.blocks] == [("blocked", "unread", "would unchanged")]
    assert not [each for each in planned([over], [], ledger(AT_LAST)).changes if each.blocks]


def test_a_post_that_a_row_that_cannot_be_read_may_be_is_told_once_it_is_over() -> None:
    """It may have been published: a new time could publish it twice."""
    over = replace(POST, at=EARLIER)
    out = replace(LAPSED, slot=EARLIER, end=End.MAYBE_PUBLISHED, evidence="p-7", ended_at=NOW)
    row = replace(unreadable(), id="p-7")
    [past] = planned([over], [row], ledger(out)).changes
    assert isinstance(past, Past)
    assert (past.missed, past.doubted) == (True, True)
    assert "it is not known whether this post was published" in past.reason
    [known] = planned([over], [replace(row, unread="")], ledger(out)).changes
    assert isinstance(known, Past)
    assert known.doubted is False
    moved = only(planned([replace(POST, at=LATER)], [row], ledger(out)))
    assert (said(moved)[:2], moved.obstacle) == (("blocked", "twin"), None)


# --- on hold ----------------------------------------------------------------------------------------------------------


@each_of(
    ("copy", "told"),
    [
        (OURS, True),
        (OURS.ending(End.GONE, NOW), True),
        (LAPSED, True),
        (replace(OURS, removing_at=NOW), True),
        (replace(OURS, removing_at=NOW, removed=True), False),
        (OURS.ending(End.FAILED, NOW), False),
        (sent(wanted(SOON), 1), False),
        (sent(wanted(SOON), 1).ending(End.NEVER_CAME, NOW), False),
        (replace(LAPSED, slot=NOW - LATE), False),
        (replace(LAPSED, slot=NOW - LATE + MINUTE), True),
        (replace(OURS, slot=EARLIER, seen=Seen(LATER, "Hello")), True),
        (replace(OURS, slot=LATER, seen=Seen(EARLIER, "Hello")), True),
    ],
)
def test_what_no_list_shows_may_be_in_publer_all_the_same(copy: Copy, told: bool) -> None:
    """Until its minute is long past; an edit may have given it another id."""
    assert may_be_unseen(copy, NOW) is told


@each_of(
    ("copy", "live", "row", "told"),
    [
        (LAPSED, [], unreadable(), ("blocked", "unread", "would unchanged")),
        (LAPSED, [], unreadable(account=LINKEDIN.id), ("held",)),
        (LISTED.ending(End.GONE, NOW), [], unreadable(), ("blocked", "unread", "would unchanged")),
        (HELD, [], unreadable(), ("held",)),
        (OURS, [LIVE], unreadable(), ("held",)),
        (OURS, [LIVE_DRAFT], unreadable(), ("held",)),
    ],
)
def test_what_is_on_hold_and_may_be_a_row_that_cannot_be_read_is_told(
    copy: Copy, live: list[LivePost], row: LivePost, told: tuple[str, ...]
) -> None:
    """At each apply, not by the hold alone: Publer would publish it, and it can be removed by hand alone."""
    change = only(planned([POST], live, ledger(copy, holds=(HOLD,)), unread=[row]))
    assert said(change) == told
    assert only(planned([POST], [], ledger(holds=(HOLD,)), unread=[row])).action is Action.HELD, "never sent"


def test_beside_what_is_on_hold_another_copy_may_be_a_row_that_cannot_be_read() -> None:
    plan = planned([POST], [LIVE], ledger(OURS, AT_LAST, holds=(HOLD,)), unread=[unreadable()])
    assert [said(each) for each in plan.changes] == [("held",), ("blocked", "unread", "would unchanged")]


@each_of(
    ("copy", "told"),
    [
        (OURS, ("blocked", "listing", "would unchanged")),
        (LAPSED, ("blocked", "listing", "would unchanged")),
        (replace(OURS, removing_at=NOW - MINUTE, removed=True), ("held",)),
        (replace(OURS, seen=Seen(SOON, "Hello", draft=True)), ("held",)),
        (HELD, ("held",)),
    ],
)
def test_what_is_on_hold_and_may_be_left_out_of_an_incomplete_list_is_told(
    copy: Copy, told: tuple[str, ...]
) -> None:
    assert said(only(planned([POST], [], ledger(copy, holds=(HOLD,)), short=1))) == told


OLD = replace(OURS, slot=LATER, post_id="p-3", key=3, entry=1)
"""A copy that Publer had, at the time before."""


@each_of(
    ("old", "told"),
    [
        (OLD, True),
        (replace(OLD, removing_at=NOW - MINUTE, removed=True), False),
        (replace(OLD, seen=Seen(EARLIER, "Hello")), False),
    ],
)
def test_a_copy_beside_that_of_the_calendar_that_an_incomplete_list_may_lack_is_told(
    old: Copy, told: bool
) -> None:
    changes = planned([POST], [LIVE], ledger(OURS, old), short=1).changes
    assert [said(each) for each in changes] == [
        ("unchanged",),
        *([("blocked", "listing", "would unchanged")] if told else []),
    ]
    assert [said(each) for each in planned([POST], [], ledger(OURS, OLD), short=1).changes] == [
        ("blocked", "listing", "would recreate")
    ], "once"
