"""What becomes of a state that moves to where there is something already."""

from __future__ import annotations

from dataclasses import replace

import pytest

from publer_sync.ledger.hold import Hold
from publer_sync.ledger.relocating import MOVE, applied_since, relocated, was_cut_off
from publer_sync.ledger.runs import RunRecord
from publer_sync.values.errors import StateError
from publer_sync.values.model import MINUTE
from tests.builders import LATER, NOW, SOON, copy_of, ledger, wanted
from tests.ledger.builders import a_state


def test_onto_one_that_has_only_a_hold_both_holds_stay() -> None:
    state, there = ledger(copy_of(wanted(SOON))), a_state()
    state.holds, there.holds = (Hold("Storm", NOW),), (Hold("Flood", NOW),)
    moved = relocated(state, there, "acme", "git:state")
    assert {hold.reason for hold in moved.holds} == {"Storm", "Flood"}
    assert (moved.calendar, moved.copies) == ("acme", state.copies)


def test_one_that_manages_posts_is_never_overwritten() -> None:
    with pytest.raises(StateError, match="it manages posts"):
        relocated(ledger(copy_of(wanted(SOON))), ledger(copy_of(wanted(SOON), post_id="p-2")), "acme", "x")
    for way, hint in (
        ("", "Choose another name or place. Nothing was changed."),
        ("Apply it. ", "Apply it. Nothing was changed."),
    ):
        with pytest.raises(StateError) as caught:
            relocated(ledger(), ledger(copy_of(wanted(SOON))), "acme", "x", way=way)
        assert caught.value.hint == hint


def test_a_move_that_was_cut_off_goes_on_from_there() -> None:
    state = ledger(copy_of(wanted(SOON)))
    moved = relocated(state, replace(state, calendar="acme"), "acme", "x")
    assert (moved.calendar, moved.copies) == ("acme", state.copies)


def test_a_move_was_cut_off_where_both_places_have_one_calendar_with_the_same_posts() -> None:
    state, there = ledger(copy_of(wanted(LATER))), ledger(copy_of(wanted(SOON)))
    assert was_cut_off(state, there, state.calendar)
    assert not was_cut_off(state, there, "another")
    assert not was_cut_off(state, ledger(copy_of(wanted(SOON), post_id="p-9")), state.calendar)
    assert not was_cut_off(state, ledger(copy_of(wanted(LATER))), state.calendar), "it goes on by itself"


@pytest.mark.parametrize("since", [(False, True), (True, False), (True, True), (False, False)])
def test_what_was_applied_since_the_move_is_known_by_its_runs(since: tuple[bool, bool]) -> None:
    state, there = ledger(copy_of(wanted(LATER))), ledger(copy_of(wanted(SOON)))
    state.runs = (RunRecord(NOW, "apply"),)
    there.runs = (*state.runs, RunRecord(NOW + MINUTE, MOVE))
    for each, was_applied in zip((state, there), since, strict=True):
        each.runs += (RunRecord(NOW + 2 * MINUTE, "apply"),) if was_applied else ()
    assert applied_since(state, there) == since
    before = RunRecord(NOW - MINUTE, MOVE)
    state.runs, there.runs = (before, *state.runs), (before, *there.runs)
    assert applied_since(state, there) == since, "an earlier move is known to both"
    state.runs = (before, RunRecord(NOW, "apply"), RunRecord(NOW + MINUTE, "apply"))
    assert applied_since(state, there) == (False, since[1]), "at that moment is not since"
    state.runs, there.runs = state.runs[1:], ()
    assert applied_since(state, there) == (False, False), "nobody knows when it was"
