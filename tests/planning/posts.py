"""One post as the calendar has it, as the ledger keeps it, and as Publer lists it; and short questions about plans."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from publer_sync.ledger.copies import End
from publer_sync.ledger.elsewhere import Elsewhere
from publer_sync.ledger.hold import Hold
from publer_sync.planning.case import Case, case_of
from publer_sync.planning.holding import OnHold
from publer_sync.planning.planner import make_plan
from publer_sync.planning.sides import CalendarSide, OtherCalendars, PublerSide
from publer_sync.values.model import Listing
from tests.builders import (
    HOUR,
    LATER,
    LINKEDIN,
    NOW,
    SETTINGS,
    SOON,
    WORKSPACE,
    X,
    copy_of,
    ledger,
    sent,
    shown,
    wanted,
)

if TYPE_CHECKING:
    from publer_sync.ledger.state import State
    from publer_sync.planning.plan import Plan
    from publer_sync.values.model import LivePost, Post

POST = wanted(SOON, "Hello", id="hello")
OURS = copy_of(POST)
LISTED = replace(OURS, verified_at=NOW)
"""It once a listing has shown it."""
LIVE = shown(SOON, "Hello")
DRAFT = wanted(SOON, "Hello", id="hello", draft=True)
OUR_DRAFT = copy_of(DRAFT)
LIVE_DRAFT = shown(SOON, "Hello", state="draft")

MOVED = wanted(LATER, "Hello", id="hello")
HALF = ledger(OURS, copy_of(MOVED, 2, post_id="p-2", entry=1))
BOTH = (LIVE, shown(LATER, "Hello", id="p-2"))

LAPSED = replace(sent(POST, 1), lapsed=True, job_id="j-1")
"""It where no listing has ever shown it."""
HOLD = Hold("a storm", NOW - HOUR)
HELD = replace(OURS, held=True, removing_at=HOLD.since).ending(End.REMOVED, HOLD.since)
"""It once the hold has taken it out."""


def blocks(plan: Plan) -> list[tuple[str, ...]]:
    """Of each change, what blocks it."""
    return [tuple(map(str, each.blocks)) for each in plan.changes]


def unreadable(account: str = X.id, id: str = "p-7") -> LivePost:
    """A row of a list that nobody can read."""
    return replace(shown(SOON, "", id=id), account_id=account, unread="its time is none")


def plan_of_moves(
    state: State,
    *desired: Post,
    live: tuple[LivePost, ...] = (LIVE,),
    elsewhere: Elsewhere | None = None,
    **more: Any,
) -> Plan:
    """The plan of a calendar whose posts move away (`giving`), or to which those of another one move (`coming`)."""
    return make_plan(
        CalendarSide(desired, SETTINGS, WORKSPACE, len(desired)),
        PublerSide(Listing(live), state, {X.id: X, LINKEDIN.id: LINKEDIN}),
        OtherCalendars(elsewhere or Elsewhere(), **more),
        now=NOW,
    )


def case(state: State | None = None, *live: LivePost, desired: tuple[Post, ...] = ()) -> Case:
    return case_of(
        CalendarSide(desired, SETTINGS, WORKSPACE, len(desired)),
        PublerSide(Listing(live), state, {X.id: X}),
        OtherCalendars(Elsewhere()),
        NOW,
        OnHold.of((), ()),
    )
