"""What changes between two applies: the calendar after one that was cut off, and the posts by a colleague."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from publer_sync.ledger import state as ledgers
from tests.applying.wants import ONE, TWO
from tests.system.worlds import HOUR, MINUTE, T, World

# --- cut off in the middle, and then the calendar is another one ----------------------------------------------------


def test_what_was_being_removed_is_no_removal_by_hand(world: World) -> None:
    world.apply_first(ONE, TWO)
    _down_at(world, "DELETE")
    world.write(TWO)
    cut_off = world.apply()
    assert (cut_off.code, cut_off.outcomes) == (1, [("delete", "one", "unverified")])
    _up(world)
    world.write(ONE, TWO)
    assert [action for action, _, _ in world.changes()] in ([], ["create"]), "pending until it is settled"
    assert not world.settled_amiss()


def test_a_move_that_was_cut_off_can_be_taken_back(world: World) -> None:
    world.apply_first(ONE)
    _down_at(world, "DELETE")
    world.write(replace(ONE, at=T + HOUR))
    cut_off = world.apply()
    assert cut_off.code == 1
    assert cut_off.document["apply_again_by"] == f"{T:%Y-%m-%dT%H:%M:%SZ}"
    _up(world)
    world.write(ONE)
    assert not world.settled_amiss()


@pytest.mark.parametrize("carried_out", [True, False])
def test_a_move_that_was_cut_off_goes_on_with_the_new_post_that_it_made(
    world: World, *, carried_out: bool
) -> None:
    world.apply_first(ONE)
    _down_at(world, "DELETE", carried_out=carried_out)
    world.write(replace(ONE, at=T + HOUR))
    assert world.apply().code == 1
    _up(world)
    assert len(world.live()) == (1 if carried_out else 2)
    world.sandbox.reset_log()
    assert not world.settled_amiss()
    assert world.writes() == ([] if carried_out else ["DELETE"])


def test_words_of_an_update_that_was_cut_off_are_ours(world: World) -> None:
    world.apply_first(ONE)
    _down_at(world, "PUT")
    world.write(replace(ONE, text="Second words"))
    assert world.apply().code == 1
    _up(world)
    world.write(replace(ONE, text="Third words"))
    assert world.changes() == [("update", None, "one")]
    assert not world.settled_amiss()


def _down_at(world: World, method: str, *, carried_out: bool = True) -> None:
    """Answer neither the first request of this method nor anything after it. `carried_out`: that request does what it asks for."""
    real = world.sandbox.handle

    def handle(request: Any) -> Any:
        if request.method == method and not world.sandbox.faults.trips:
            world.sandbox.faults.trip("drop_after" if carried_out else "drop_before", times=10**6)
        return real(request)

    world.sandbox.handle = handle  # type: ignore[method-assign]  # what cannot be said by a number beforehand


def _up(world: World) -> None:
    world.sandbox.faults.trips = []
    del world.sandbox.handle


# --- a colleague in Publer's own screens ----------------------------------------------------------------------------


def test_an_edit_by_hand_is_kept_until_it_may_be_overwritten(world: World) -> None:
    world.apply_first(ONE)
    world.sandbox.edit(world.find(ONE.text)["id"], text="A colleague's words")
    done = world.apply()
    assert (done.code, done.outcomes) == (6, [("blocked", "one", "not_tried")])
    assert not world.writes()
    assert not world.settled_amiss("--overwrite-edits")


def test_a_move_by_hand_is_kept_until_it_may_be_overwritten(world: World) -> None:
    world.apply_first(ONE)
    world.sandbox.edit(world.find(ONE.text)["id"], at=T + 30 * MINUTE)
    assert world.changes() == [("blocked", "edited", "one")]
    assert world.apply().code == 6
    assert not world.writes()
    assert not world.settled_amiss("--overwrite-edits")


def test_what_was_removed_by_hand_stays_away_until_it_may_be_made_again(world: World) -> None:
    world.apply_first(ONE)
    world.sandbox.remove(world.find(ONE.text)["id"])
    done = world.apply()
    assert (done.code, done.outcomes) == (6, [("recreate", "one", "not_tried")])
    assert not world.writes()
    assert not world.settled_amiss("--allow-recreate")


def test_an_unmanaged_post_in_the_slot_stays_and_the_rest_is_done(world: World) -> None:
    world.stranger("facebook", T, "a colleague was first")
    world.write(ONE, TWO)
    done = world.apply()
    assert (done.code, done.outcomes) == (6, [("blocked", "one", "not_tried"), ("create", "two", "applied")])
    assert done.result("one")["code"] == "slot"
    assert world.amiss() == [f"missing: {ONE.row}"]


def test_a_twin_is_made_only_where_it_is_meant(world: World) -> None:
    world.stranger("facebook", T + 7 * HOUR, ONE.text)
    world.write(ONE)
    assert world.apply().result("one")["code"] == "twin"
    assert not world.writes()
    assert world.apply("--allow-twins").code == 0
    assert not world.amiss()


def test_only_an_apply_that_may_make_a_twin_notes_that_there_is_one(world: World) -> None:
    """Of a post with one, nothing tells later whether it was moved too late."""
    world.apply_first(ONE)
    world.sandbox.remove(world.find(ONE.text)["id"])
    world.stranger("facebook", T + 7 * HOUR, ONE.text)
    for flags, noted in ((), False), (("--allow-recreate", "--allow-twins"), True):
        world.apply(*flags)
        facts = ledgers.loads(world.ledger.read_bytes(), "the ledger").facts
        assert any(fact.twins for fact in facts.values()) is noted
