"""What a change says of itself: where a post was, and when the first of it is due."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from publer_sync.planning.notes import Warn
from publer_sync.planning.plan import Action, FieldChange, Held, Unchanged, awaited_page, moved_from, soonest
from tests.builders import LAST, LATER, SOON, X, change, copy_of, plan, shown, wanted
from tests.tables import each_of

if TYPE_CHECKING:
    from datetime import datetime

MOVED = change(
    Action.REPLACE,
    wanted(LATER),
    live=shown(SOON),
    diff=(
        FieldChange("text", "Old", "New"),
        FieldChange("scheduled_at", SOON.isoformat(), LATER.isoformat()),
    ),
)


def test_only_a_change_of_the_time_moves_a_post() -> None:
    reworded = change(
        Action.UPDATE, wanted(SOON), live=shown(SOON), diff=(FieldChange("text", "Old", "New"),)
    )
    assert moved_from(reworded) is None
    assert moved_from(MOVED) == SOON
    assert moved_from(change(Action.CREATE, wanted(SOON))) is None


@each_of(
    ("new", "old", "first"),
    [(LATER, SOON, SOON), (SOON, LATER, SOON), (SOON, None, SOON)],
)
def test_the_sooner_of_two_times_decides_how_soon_a_change_is_due(
    new: datetime, old: datetime | None, first: datetime
) -> None:
    one = change(Action.REPLACE, wanted(new), live=shown(old))
    assert soonest(one) == first


def test_only_a_new_post_waits_for_a_page() -> None:
    waits = replace(wanted(SOON), when_live="https://example.com/a")
    assert awaited_page(change(Action.CREATE, waits)) == "https://example.com/a"
    assert awaited_page(change(Action.UPDATE, waits)) == ""


def test_a_post_that_the_calendar_has_is_told_at_its_time_there() -> None:
    """Where it was sent, and where Publer shows it until it is settled, is another matter."""
    old = wanted(SOON)
    one = Unchanged(post=wanted(LATER), account=X, copy=copy_of(old), live=shown(SOON), reason="")
    assert one.at == LATER
    assert replace(one, post=None).at == SOON
    gone = change(Action.DELETE, None, live=shown(None, state="draft"), copy=copy_of(wanted(LAST)))
    assert gone.at == LAST
    left = replace(one, post=None, copy=copy_of(wanted(LAST)))
    assert left.at == SOON, "Publer shows where it is"
    assert replace(left, live=shown(None)).at == replace(left, live=None).at == LAST


@pytest.mark.parametrize("code", ["state_left", "state_unseen", "state_ci"])
def test_a_state_in_a_place_that_may_be_wrong_ends_every_apply(code: str) -> None:
    """Plan says so beforehand; nothing else that it warns of ends one."""
    others = [Warn("left_calendar", "it stays"), Warn("state_elsewhere", "a note")]
    warn = Warn(code, "the state is somewhere else")
    assert plan(warnings=(*others, warn)).ended_by is warn
    assert plan(warnings=tuple(others)).ended_by is None


def test_a_plan_lists_and_counts_what_happens() -> None:
    kept, gone = (
        Held(account=X, post=wanted(SOON), live=live, reason="a storm") for live in (None, shown(SOON))
    )
    silent = [change(Action.UNCHANGED, wanted(SOON)), change(Action.PAST, wanted(SOON)), kept]
    told = [
        gone,
        change(Action.PAST, wanted(SOON), missed=True),
        change(Action.UNCHANGED, wanted(SOON), waiting=True),
    ]
    found = plan([*silent, *told, change(Action.CREATE, wanted(SOON))], unmanaged=3)
    assert kept not in found.listed
    assert gone in found.listed
    counted = {name: number for name, number in found.summary.items() if number}
    assert counted == {
        "create": 1,
        "unchanged": 2,
        "past": 2,
        "missed": 1,
        "waiting": 1,
        "held": 2,
        "foreign": 3,
    }


def test_a_new_post_moves_from_nowhere() -> None:
    again = change(Action.CREATE, wanted(LATER), diff=(FieldChange("scheduled_at", "a", "b"),))
    assert moved_from(again) is None
    assert (
        awaited_page(change(Action.RECREATE, replace(wanted(SOON), when_live="https://a.example")))
        == "https://a.example"
    )
    assert awaited_page(change(Action.CREATE, wanted(SOON))) == ""
