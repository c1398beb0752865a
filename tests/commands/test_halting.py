"""An apply that is running when a hold comes: it ends before its next write to Publer, and says why."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.commands.reaching.connections import Connections
from publer_sync.commands.running import halting, shared
from publer_sync.commands.running.halting import check_holds, ending_for_holds, stoppable
from publer_sync.ledger.file_store import FileStore
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.signing import UNSIGNED
from publer_sync.machine.clock import Clock
from publer_sync.publer.gateway import Publer
from publer_sync.values.errors import HoldBegan, Interrupted
from tests.commands.reached import stand_in
from tests.conftest import KILLED, PATIENCE
from tests.system.processes import Witnessed, arm
from tests.system.worlds import HOUR, T, Want, World, world_in
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

POSTS = (Want("one", "facebook", T, "one"), Want("two", "x", T + HOUR, "two"))
STORM, FIRE = Hold("Storm", T), Hold("Fire", T)


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


@each_of(
    ("halted", "woken", "ended", "awake"),
    [
        (True, False, HoldBegan, False),  # what comes after it waits again
        (True, True, HoldBegan, True),  # someone had asked to stop: all that comes after it stops, too
        (False, True, Interrupted, True),
        (False, False, None, False),
    ],
)
def test_a_hold_that_is_announced_ends_every_wait(
    monkeypatch: pytest.MonkeyPatch, halted: bool, woken: bool, ended: type[Exception] | None, awake: bool
) -> None:
    monkeypatch.setattr(halting, "_EVERY", 0.0001)
    clock, looks = Clock(), 0

    def look() -> bool:
        nonlocal looks
        looks += 1
        return halted

    def wait() -> None:
        deadline = time.monotonic() + PATIENCE
        while not looks and time.monotonic() < deadline:
            time.sleep(0.0001)
        clock.sleep(PATIENCE if halted else 0.001)
        if clock.woken:
            raise Interrupted("stopped, as asked")

    if woken:
        clock.wake()
    raised = None
    try:
        with ending_for_holds(stand_in(halted=look), clock):
            wait()
    except Interrupted as stopped:
        raised = type(stopped)
    assert (raised, clock.woken) == (ended, awake)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_ends_every_wait_below_the_line_of_progress(
    capsys: pytest.CaptureFixture[str], number: signal.Signals
) -> None:
    connections, closed = Connections(Publer), list[str]()
    progress: Any = stand_in(close=lambda: closed.append(capsys.readouterr().err))
    before = signal.getsignal(number)
    with stoppable(connections, progress, 1.0, "text") as control:
        assert not control.stop()
        signal.raise_signal(number)
        assert (control.stop(), connections.wake.is_set()) == (True, True)
        assert (closed, capsys.readouterr().err) == ([""], STOPPING)
        assert signal.getsignal(number) is not before
    assert signal.getsignal(number) is before, "what comes after it can be stopped as it was before"


@each_of(
    ("before", "now", "told"),
    [
        ((), (), ""),
        ((STORM,), (STORM,), ""),
        ((STORM,), (), ""),
        ((STORM,), (STORM, FIRE), "(Fire)"),
        ((), (STORM, FIRE, replace(FIRE, accounts=("a",))), "(Storm; Fire)"),
    ],
)
def test_holds_that_began_after_a_plan_end_the_turn_of_its_calendar(
    before: tuple[Hold, ...], now: tuple[Hold, ...], told: str
) -> None:
    for command, then in (("apply", "Run apply again for"), ("release", "run release again")):
        if not told:
            check_holds(before, now, command)
            continue
        with pytest.raises(HoldBegan, match=re.escape(f"after this was planned {told}, so nothing")) as ended:
            check_holds(before, now, command)
        assert then in (ended.value.hint or "")
