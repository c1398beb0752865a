"""An apply that is running when a hold comes: it ends before its next write to Publer, and says why."""

from __future__ import annotations

import os
import signal
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.commands.running import shared
from publer_sync.commands.running.halting import ending_for_holds
from publer_sync.ledger.file_store import FileStore
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.signing import UNSIGNED
from publer_sync.machine.clock import Clock
from publer_sync.values.errors import HoldBegan, Interrupted
from tests.commands.reached import stand_in
from tests.conftest import KILLED, PATIENCE
from tests.system.processes import Witnessed, arm
from tests.system.worlds import HOUR, T, Want, World, world_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

POSTS = (Want("one", "facebook", T, "one"), Want("two", "x", T + HOUR, "two"))


@pytest.fixture
def running(tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path / "world", sandbox=Witnessed) as world:
        world.apply_first(*POSTS)
        yield world


@pytest.fixture
def world(running: World) -> World:
    return running


def announce(world: World) -> None:
    store = FileStore(world.ledger, clock=Clock(), keys=UNSIGNED)
    store.announce(Hold("Accident in town", datetime.now(UTC)))


STOPPING = "Stopping after this step. Press Ctrl-C again to stop at once.\n"
AT_ONCE = "stopped at once; the next apply looks at what was under way before it sends anything"


def test_ctrl_c_ends_an_apply_after_its_step_a_second_one_at_once_and_one_at_the_question(
    running: World,
) -> None:
    world = running
    world.write(Want("one", "facebook", T, "other words"), POSTS[1])
    world.sandbox.reset_log()

    def press(times: int) -> None:
        told: Any = sys.stderr
        for number in range(times):
            os.kill(os.getpid(), signal.SIGINT)
            deadline = time.monotonic() + PATIENCE
            while told.getvalue().count("top") <= number and time.monotonic() < deadline:
                time.sleep(0.005)

    arm(world, 4, after=True, strike=lambda: press(1))
    once = world.apply()
    assert (once.code, world.writes(), STOPPING in once.ran.stderr) == (1, [], True)
    assert once.document["error"]["message"] == "stopped, as asked"
    for style in ("json", "text"):
        arm(world, 4, after=True, strike=lambda: press(2))
        with mock.patch.object(os, "_exit", side_effect=SystemExit(KILLED)) as left:
            ran = world.run("apply", world.top, "--yes", "--format", style)
        assert (ran.code, left.call_args) == (KILLED, mock.call(1))
        assert (STOPPING in ran.stderr, ran.stderr.splitlines()[-1]) == (True, f"S{AT_ONCE[1:]}.")
        assert (AT_ONCE in ran.stdout) is (style == "json")

    def sits_there() -> bool:
        sys.stdin = mock.Mock(readline=lambda: press(1))
        return True

    with mock.patch.object(shared, "can_ask", sits_there):
        ran = world.run("apply", world.top)
    assert (ran.code, "nothing was changed: stopped at the question" in ran.stderr) == (1, True)
    assert world.writes() == []


def test_an_apply_that_a_hold_ends_says_so(running: World) -> None:
    running.write(Want("one", "facebook", T + 2 * HOUR, "one"), POSTS[1])
    running.sandbox.reset_log()
    arm(running, 5, after=True, strike=lambda: announce(running))
    applied = running.apply()
    assert (applied.code, running.writes()) == (1, ["POST"])
    assert applied.document["error"]["code"] == "hold"


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


def test_a_hold_that_is_announced_ends_every_wait() -> None:
    clock = Clock()
    for halted in (True, False):
        store: Any = stand_in(halted=lambda halted=halted: halted)
        if not halted:
            with ending_for_holds(store, clock):
                clock.sleep(0.01)
            with pytest.raises(Interrupted) as stopped, ending_for_holds(store, clock):
                raise Interrupted("stopped, as asked")
            assert not isinstance(stopped.value, HoldBegan)
            continue

        def wait(clock: Clock = clock) -> None:
            clock.sleep(PATIENCE)
            raise Interrupted("stopped, as asked")

        with pytest.raises(HoldBegan), ending_for_holds(store, clock):
            wait()
        assert not clock.woken, "what comes after it waits again"
