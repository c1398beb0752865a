"""An apply that is killed, interrupted, or not alone, at every step in turn; then one clean apply puts it right."""

from __future__ import annotations

import signal
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.system.processes import Killer, Witnessed, arm, witness
from tests.system.worlds import KEY, Applied, Template, World

if TYPE_CHECKING:
    from pathlib import Path

    from tests.system.worlds import Sweep


pytestmark = pytest.mark.slow


@pytest.mark.parametrize("after", [False, True], ids=["before it is done", "after it is done"])
def test_killed_at_any_request(after: bool, sweep: Sweep, killer: Killer) -> None:
    def case(world: World, nth: int) -> list[str] | None:
        arm(world, nth, after=after, strike=lambda: killer.send(signal.SIGKILL))
        applied = killer.apply(world)
        if witness(world).seen < nth:
            assert applied.code == 0, applied
            return None
        assert applied.code == -signal.SIGKILL, applied
        return world.settled_amiss()

    sweep(case, of=24, cases=2, sandbox=Witnessed)


def test_killed_at_any_state_write(sweep: Sweep, killer: Killer) -> None:
    """A state write is three calls: the file's fsync, the replace, the folder's fsync; a killed run meets each."""

    def case(world: World, nth: int) -> list[str] | None:
        applied = killer.apply(world, die_at=nth)
        if applied.code != -signal.SIGKILL:
            assert applied.code == 0, applied
            return None
        return world.settled_amiss()

    sweep(case, of=39, cases=3)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_at_any_request(number: signal.Signals, sweep: Sweep, killer: Killer) -> None:
    """It ends in good order, with a document that says where each post stands, and the next apply finishes."""

    def case(world: World, nth: int) -> list[str] | None:
        arm(world, nth, after=bool(nth % 2), strike=lambda: killer.send(number))
        applied = killer.apply(world)
        if witness(world).seen < nth:
            return None
        if applied.code == 1 and applied.document is not None:
            outcomes = {result["outcome"] for result in applied.document["results"]}
            assert applied.document["error"]["code"] == "interrupted", applied
            assert outcomes - {"applied", "waiting"}, applied
        return applied.amiss(codes=(0, 1)) + world.settled_amiss()

    # before the fourth, nothing is under way yet, and a signal simply ends the process
    sweep(case, first=4, of=24, sandbox=Witnessed)


def test_a_second_interrupt_ends_at_once(template: Template, tmp_path: Path, killer: Killer) -> None:
    with template.world(tmp_path / "w", sandbox=Witnessed) as world:

        def twice() -> None:
            killer.send(signal.SIGINT)
            time.sleep(0.05)  # two signals at once are one
            killer.send(signal.SIGINT)
            killer.wait()  # no longer: a request that arrives too late after its apply is another story

        arm(world, 9, after=False, strike=twice)
        applied = killer.apply(world)
        assert applied.code == 1
        assert "Stopped at once" in applied.ran.stderr
        assert witness(world).seen == 9
        assert not world.settled_amiss()


@pytest.mark.parametrize("nth", [4, 14])
def test_two_applies_at_once(
    nth: int, template: Template, tmp_path: Path, killer: Killer, second: Killer, record_property: Any
) -> None:
    """The second starts when the first sends its `nth` request, waits for it, and finds nothing to do."""
    with template.world(tmp_path / "w", sandbox=Witnessed) as world:
        ends: list[Applied] = []
        other = threading.Thread(target=lambda: ends.append(second.apply(world)))

        def meet() -> None:
            other.start()
            time.sleep(0.4)  # time enough to do everything, where nothing held it off

        arm(world, nth, after=False, strike=meet)
        ends.append(killer.apply(world))
        other.join()
        record_property("cases", 1)
        assert [applied.code for applied in ends] == [0, 0], ends
        assert sum(applied.document["summary"]["applied"] for applied in ends) == len(
            ends[0].document["results"]
        ) + len(ends[1].document["results"])
        assert not world.amiss()
        assert not world.plan()["changes"]
        assert KEY not in world.ledger.read_text("utf-8")
