"""What becomes of a state that moves to where there is something already."""

from __future__ import annotations

import pytest

from publer_sync.ledger.hold import Hold
from publer_sync.ledger.relocating import relocated
from publer_sync.values.errors import StateError
from tests.builders import NOW, SOON, copy_of, ledger, wanted
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
