"""What a plan and a listing say about posts that people made, edited or removed in Publer."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.ledger.copies import End
from publer_sync.planning.planner import Scope
from publer_sync.pulling.findings import Findings, find
from tests.builders import (
    DAY,
    EARLIER,
    LATER,
    LINKEDIN,
    NOW,
    SOON,
    X,
    copy_of,
    ledger,
    planned,
    shown,
    wanted,
)
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.model import LivePost, Post

POST = wanted(SOON, "Hello", id="hello")
ACCOUNTS = {X.id: X, LINKEDIN.id: LINKEDIN}


def found(desired: list[Post], live: list[LivePost], state: Any = None, **more: Any) -> Findings:
    plan = planned(desired, live, state)
    managed = {each.post_id for each in state.copies.values()} if state else set()
    return find(plan, live, managed, ACCOUNTS, Scope(), now=NOW, **more)


@each_of(
    ("live", "fields"),
    [
        (shown(SOON, "Hello!"), {"text"}),
        (shown(LATER, "Hello"), {"time"}),
        (shown(SOON, "Hello", state="draft"), {"draft"}),
        (shown(LATER, "Hello!", state="draft"), {"draft", "text", "time"}),
    ],
)
def test_an_edit_is_told_by_its_fields(live: LivePost, fields: set[str]) -> None:
    (pair,) = found([POST], [live], ledger(copy_of(POST))).pairs
    assert (set(pair.fields), pair.conflict) == (fields, "")


def test_a_draft_that_someone_scheduled_is_an_edit() -> None:
    draft = wanted(SOON, "Hello", id="hello", draft=True)
    (pair,) = found([draft], [shown(SOON, "Hello")], ledger(copy_of(draft))).pairs
    assert pair.fields == {"draft"}


def test_an_edit_that_the_calendar_says_too_is_none() -> None:
    moved = replace(POST, at=LATER)
    assert found([moved], [shown(LATER, "Hello")], ledger(copy_of(POST))) == Findings()


def test_a_post_that_somebody_made_again_as_the_calendar_wants_it_is_no_edit() -> None:
    """It is adopted, whatever the one was that an apply removed before."""
    gone = copy_of(wanted(SOON, "Old words", id="hello")).ending(End.REMOVED, NOW)
    assert found([POST], [shown(SOON, "Hello", id="p-9")], ledger(gone)) == Findings()


def test_an_edit_of_what_the_calendar_changed_as_well_is_a_conflict() -> None:
    (pair,) = found([replace(POST, at=LATER)], [shown(SOON, "Hello!")], ledger(copy_of(POST))).pairs
    assert pair.conflict == "edited in Publer, and the calendar's time changed too"


def test_changed_media_are_left() -> None:
    state = ledger(copy_of(POST, seen=replace(copy_of(POST).seen, media=0)))  # type: ignore[type-var]  # a copy that was seen
    (left,) = found([POST], [shown(SOON, "Hello", media=1)], state).left
    assert left.reason == "its media were changed in Publer"


@each_of(
    ("live", "counted"),
    [
        (shown(None, state="draft"), {"undated": 1}),
        (shown(EARLIER), {"past": 1}),
        (shown(SOON, state="scheduled_pending"), {"pending": 1}),
        (shown(SOON, state="published_posted"), {"published": 1}),
        (shown(SOON, account=replace(X, id="a-else")), {}),
        (shown(SOON, id="p-else"), {"elsewhere": 1}),
    ],
)
def test_what_is_not_for_this_calendar_is_not_written(live: LivePost, counted: dict[str, int]) -> None:
    findings = found([], [live], elsewhere={"p-else"})
    assert (findings.new, findings.left, findings.counted) == ([], [], counted)


@pytest.mark.parametrize("live", [shown(SOON, "Theirs", id="p-else"), shown(LATER, "Hello", id="p-else")])
def test_a_post_of_another_calendar_is_no_conflict(live: LivePost) -> None:
    findings = found([POST], [live], elsewhere={"p-else"})
    assert findings == Findings(counted=Counter(elsewhere=1))
    assert len(found([POST], [live]).pairs) == 1


@each_of(
    ("live", "why"),
    [
        (shown(SOON, type="link", link=""), "its link"),
        (shown(SOON, media=2), "which media"),
        (shown(SOON, ""), "neither text nor media"),
        (shown(SOON, type="poll"), "this poll"),
    ],
)
def test_what_publer_shows_too_little_of_is_left(live: LivePost, why: str) -> None:
    (left,) = found([], [live]).left
    assert why in left.reason


def test_a_post_that_someone_deleted_is_removed() -> None:
    state = ledger(copy_of(POST, verified_at=NOW - DAY))
    assert found([POST], [], state).removed == [POST]
