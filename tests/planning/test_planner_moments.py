"""Where a plan turns on a moment: what it is just before, at the moment itself, and just after."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.ledger.accounting import LATE
from publer_sync.ledger.copies import End, Seen
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.state import KnownAccount
from publer_sync.planning.blocks import LEAD
from publer_sync.planning.plan import Past, Pending
from publer_sync.values.model import MINUTE
from tests.builders import (
    DAY,
    HOUR,
    LATER,
    NOW,
    SECOND,
    SOON,
    copy_of,
    ledger,
    planned,
    sent,
    shown,
    wanted,
)
from tests.planning.posts import unreadable

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from publer_sync.ledger.copies import Copy
    from publer_sync.planning.plan import Change, Plan
    from publer_sync.values.model import LivePost, Post

FREEZE = 15 * MINUTE
MIDNIGHT = NOW.replace(hour=23, minute=0) - 2 * DAY
"""Of yesterday, in Oslo."""
STORM = Hold("a storm", NOW - HOUR)


def post(at: datetime, text: str = "Hello", **more: Any) -> Post:
    return wanted(at, text, id="hello", **more)


def kept(at: datetime, **more: Any) -> Copy:
    """Sent for a minute and listed there yesterday."""
    return replace(copy_of(post(at)), **more)


def draft_that_left(at: datetime) -> Plan:
    copy = replace(copy_of(wanted(at, draft=True)), turned_up="scheduled", seen=Seen(at, "Hello"))
    return planned([], [shown(at)], ledger(copy))


def beside(other: LivePost) -> Plan:
    """Of a post whose minute has passed, wanted later, and another copy of it."""
    second = replace(copy_of(post(LATER), 2, post_id="p-2"), entry=1)
    return planned([post(LATER)], [shown(LATER, id="p-2"), other], ledger(kept(other.at or NOW), second))


def lost(at: datetime) -> Plan:
    known = {"a-old": KnownAccount("twitter", "Before")}
    return planned([], [], ledger(kept(at, account="a-old"), lost=frozenset({"a-old"}), accounts=known))


MOMENTS: dict[str, tuple[Callable[[timedelta], Plan], str]] = {
    "a post of this minute": (
        lambda d: planned([post(NOW + d)], [], ledger()),
        "past missed | past missed | blocked lead",
    ),
    "a post of this minute, listed": (
        lambda d: planned([post(NOW + d)], [shown(NOW + d)], ledger(kept(NOW + d))),
        "past | past | unchanged",
    ),
    "a post that has a minute left": (
        lambda d: planned([post(NOW + LEAD + d)], [], ledger()),
        "blocked lead | create | create",
    ),
    "other words when Publer freezes": (
        lambda d: planned(
            [post(NOW + FREEZE + d, "New")], [shown(NOW + FREEZE + d)], ledger(kept(NOW + FREEZE + d))
        ),
        "blocked freeze | blocked freeze | update",
    ),
    "other words when its time has come": (
        lambda d: planned([post(NOW + d, "New")], [shown(NOW + d)], ledger(kept(NOW + d))),
        "past | past | blocked freeze",
    ),
    "moved ahead when its time has come": (
        lambda d: planned([post(LATER)], [shown(NOW + d)], ledger(kept(NOW + d))),
        "unchanged | unchanged | blocked freeze",
    ),
    "it left when its time has come": (
        lambda d: planned([], [shown(NOW + d)], ledger(kept(NOW + d))),
        "unchanged | unchanged | blocked freeze",
    ),
    "a draft that Publer scheduled left": (
        lambda d: draft_that_left(NOW + d),
        "unchanged | unchanged | blocked freeze",
    ),
    "a second copy when its time has come": (
        lambda d: beside(shown(NOW + d)),
        "pending late | pending late | blocked freeze",
    ),
    "moved ahead when it is not listed": (
        lambda d: planned([post(LATER)], [], ledger(kept(NOW + d))),
        "pending late | pending late | recreate",
    ),
    "moved ahead an hour after it was listed": (
        lambda d: planned([post(LATER)], [], ledger(kept(NOW - LATE + d))),
        "recreate | recreate | pending late",
    ),
    "a second copy an hour after it was due": (
        lambda d: beside(shown(NOW - LATE + d)),
        "unchanged | unchanged | pending late",
    ),
    "one published an hour after a post that nobody sent": (
        lambda d: planned(
            [post(NOW - 3 * HOUR)],
            [shown(NOW - 3 * HOUR + LATE + d, id="m-1", state="published")],
            ledger(),
        ),
        "past | past | past missed",
    ),
    "one published an hour before a post that nobody sent": (
        lambda d: planned(
            [post(NOW - 3 * HOUR)],
            [shown(NOW - 3 * HOUR - LATE + d, id="m-1", state="published")],
            ledger(),
        ),
        "past missed | past | past",
    ),
    "one published since yesterday, without a state": (
        lambda d: planned([post(LATER)], [shown(MIDNIGHT + d, id="m-1", state="published")]),
        "create | blocked twin | blocked twin",
    ),
    "one published when another post of the same words was due, without a state": (
        lambda d: planned(
            [post(LATER), wanted(NOW - 3 * HOUR)],
            [shown(NOW - 3 * HOUR + d, id="m-1", state="published")],
        ),
        "past + blocked twin | past + create | past + create",
    ),
    "one published an hour after another post of the same words, without a state": (
        lambda d: planned(
            [post(LATER), wanted(NOW - 3 * HOUR)],
            [shown(NOW - 3 * HOUR + LATE + d, id="m-1", state="published")],
        ),
        "past + create | past + blocked twin | past + blocked twin",
    ),
    "another post a minute before": (
        lambda d: planned([post(SOON)], [shown(SOON - MINUTE + d, "Other", id="m-1")], ledger()),
        "create | create | blocked slot",
    ),
    "another post a minute after": (
        lambda d: planned([post(SOON)], [shown(SOON + MINUTE + d, "Other", id="m-1")], ledger()),
        "blocked slot | create | create",
    ),
    "what was sent a minute before": (
        lambda d: planned(
            [post(SOON)], [], ledger(sent(wanted(SOON - MINUTE + d, "Other", id="other"), job_id="j"))
        ),
        "pending + create | pending + create | pending",
    ),
    "a hold since the minute of a post that nobody sent": (
        lambda d: planned([post(NOW - HOUR)], [], ledger(holds=(Hold("a storm", NOW - HOUR + d),))),
        "past | past | past missed",
    ),
    "on hold and in a state that nobody knows, after an hour": (
        lambda d: planned(
            [post(NOW - LATE + d)],
            [shown(NOW - LATE + d, state="dreaming")],
            ledger(kept(NOW - LATE + d), holds=(STORM,)),
        ),
        "past | past | held",
    ),
    "on hold and hidden by an incomplete list, after an hour": (
        lambda d: planned([post(LATER)], [], ledger(kept(NOW - LATE + d), holds=(STORM,)), short=1),
        "held | held | blocked listing",
    ),
    "left, and hidden by an incomplete list": (
        lambda d: planned([], [], ledger(kept(NOW + d)), short=1),
        "nothing | nothing | blocked listing",
    ),
    "left, and may be a row that nobody can read": (
        lambda d: planned(
            [], [], ledger(sent(post(NOW + d), lapsed=True, requested_at=NOW - DAY)), unread=[unreadable()]
        ),
        "nothing | nothing | blocked unread",
    ),
    "left, and in a state that nobody knows": (
        lambda d: planned([], [shown(NOW + d, state="dreaming")], ledger(kept(NOW + d))),
        "unchanged | unchanged | blocked state",
    ),
    "a removal of its last five minutes, wanted later": (
        lambda d: planned(
            [post(LATER)],
            [],
            ledger(kept(NOW - MINUTE, removed=True, removing_at=NOW - 6 * MINUTE + d)),
        ),
        "create | pending late | pending late",
    ),
    "a new time that passed three days before the last apply": (
        lambda d: planned([wanted(NOW - 4 * DAY + d)], [shown(SOON)], ledger(copy_of(wanted(SOON)))),
        "past missed + delete | blocked time_passed | blocked time_passed",
    ),
    "a new time that passed before the last good apply": (
        lambda d: planned(
            [wanted(NOW - 2 * DAY + d)],
            [shown(SOON)],
            ledger(copy_of(wanted(SOON)), last_good_apply=NOW - 2 * DAY),
        ),
        "past missed + delete | blocked time_passed | blocked time_passed",
    ),
    "an hour after the minute of what was removed just before it": (
        lambda d: planned(
            [post(LATER)],
            [],
            ledger(kept(NOW - LATE + d, removed=True, removing_at=NOW - LATE + d - MINUTE)),
        ),
        "create | create | pending late",
    ),
    "on an account that left": (lambda d: lost(NOW + d), "nothing | nothing | blocked account"),
    "a post that may be published, and is past": (
        lambda d: planned([post(NOW + d)], [], ledger(kept(NOW - HOUR).ending(End.MAYBE_PUBLISHED, NOW))),
        "past | past | blocked lead twin",
    ),
}


BY_THE_MINUTE = {  # the others by the second
    "moved ahead when it is not listed",
    "moved ahead an hour after it was listed",
    "a second copy an hour after it was due",
    "what was sent a minute before",
    "on hold and hidden by an incomplete list, after an hour",
    "left, and hidden by an incomplete list",
    "left, and may be a row that nobody can read",
    "an hour after the minute of what was removed just before it",
    "on an account that left",
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_plan_turns_at_the_moment_itself(moment: str) -> None:
    make, told = MOMENTS[moment]
    unit = MINUTE if moment in BY_THE_MINUTE else SECOND
    assert " | ".join(_told(make(shift)) for shift in (-unit, timedelta(), unit)) == told


def _told(plan: Plan) -> str:
    return " + ".join(map(_change, plan.changes)) or "nothing"


def _change(change: Change) -> str:
    words = [str(change.action), *map(str, change.blocks)]
    words += ["missed"] if isinstance(change, Past) and change.missed else []
    words += ["late"] if isinstance(change, Pending) and change.late else []
    return " ".join(words)
