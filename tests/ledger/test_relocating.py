"""What becomes of a state that moves to where there is something already."""

from __future__ import annotations

import pytest

from publer_sync.ledger.hold import Hold
from publer_sync.ledger.relocating import relocated
from publer_sync.values.errors import StateError
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


@pytest.mark.parametrize(("post_id", "told"), [("p-1", True), ("p-9", False)])
def test_where_an_earlier_move_was_cut_off_and_the_state_was_used_since_the_way_on_is_told(
    post_id: str, told: bool
) -> None:
    state, there = ledger(copy_of(wanted(LATER))), ledger(copy_of(wanted(SOON), post_id=post_id))
    with pytest.raises(StateError) as caught:
        relocated(state, there, state.calendar, "git:state")
    assert ("publer-sync forget --all --state git:state" in (caught.value.hint or "")) is told
