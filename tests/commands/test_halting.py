"""An apply that is running when a hold comes: it ends before its next write to Publer, and says why."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from publer_sync.ledger.file_store import FileStore
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.signing import UNSIGNED
from publer_sync.machine.clock import Clock
from tests.system.processes import Witnessed, arm
from tests.system.worlds import HOUR, T, Want, World, world_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

POSTS = (Want("one", "facebook", T, "one"), Want("two", "x", T + HOUR, "two"))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path / "world", sandbox=Witnessed) as world:
        world.apply_first(*POSTS)
        yield world


def announce(world: World) -> None:
    store = FileStore(world.ledger, clock=Clock(), keys=UNSIGNED)
    store.announce(Hold("Accident in town", datetime.now(UTC)))


@pytest.mark.parametrize(
    ("nth", "sent"),
    [(3, []), (4, []), (5, ["POST"]), (6, ["POST"])],
    ids=["listing", "its last page", "creating", "asking for the job"],
)
def test_an_apply_ends_before_its_next_write(world: World, nth: int, sent: list[str]) -> None:
    """The old post of a replace is not removed any more; the hold takes out both."""
    world.write(Want("one", "facebook", T + 2 * HOUR, "one"), POSTS[1])
    world.sandbox.reset_log()
    arm(world, nth, after=True, strike=lambda: announce(world))
    applied = world.apply()
    assert world.writes() == sent
    assert applied.code == 1
    assert applied.document["error"]["code"] == "hold"
    assert "someone put posts on hold" in applied.document["error"]["message"]


def test_the_next_apply_has_the_hold_and_what_was_announced_is_gone(world: World) -> None:
    announce(world)
    assert [hold["reason"] for hold in world.plan()["holds"]] == ["Accident in town"]
    assert world.apply().code == 0
    assert world.live() == []
    assert not list(world.ledger.parent.glob("hold-*"))
