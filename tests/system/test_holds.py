"""Holds and releases that meet faults, kills and running applies; nothing stays scheduled, nothing else is touched."""

from __future__ import annotations

import json
import signal
import threading
import time
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.applying.following import Follower
from publer_sync.ledger.file_store import FileStore
from publer_sync.machine.clock import Clock
from publer_sync.sandbox import Trip
from tests.conftest import EVERY
from tests.system.processes import Killer, Witnessed, arm, witness
from tests.system.test_faults import FAULTS
from tests.system.worlds import Template, _briefly, tripped

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Ran
    from tests.system.worlds import Applied, Sweep, World

pytestmark = pytest.mark.slow

SOME_FAULTS = [
    *("dropped after", "500 before", "502 after", "garbage", "429", "rows left out", "down from here on")
]
MORE_FAULTS = [
    *("slow", "an empty page", "rows left out from here on", "answers lost from here on"),
    "the plan lost its API from here on",
]
"""The others are other forms of what these are, which every command reads with the same code."""
HOLD = ("--reason", "Accident in town", "--timeout", "20")


def run(world: World, command: str, *words: str) -> Ran:
    with mock.patch.object(Clock, "sleep", _briefly):
        return world.run(command, world.top, "--yes", "--format", "json", *words)


def scheduled(world: World) -> set[str]:
    """What of ours is scheduled; a colleague's post that a later apply adopts is not ours yet."""
    rows = {row.text for row in world.live() if not row.draft}
    return rows - {"made by hand already"}


def unmanaged_amiss(world: World) -> list[str]:
    return [line for line in world.amiss() if "not managed here" in line]


def then_all_is_well(world: World) -> list[str]:
    """A hold without a fault takes out all that is left; then everything comes back, once."""
    held = run(world, "hold", *HOLD)
    out = [] if held.code == 0 else [f"the clean hold ends with {held.code}: {held.stdout}{held.stderr}"]
    world.sandbox.settle()
    out += [f"still scheduled: {text}" for text in sorted(scheduled(world))]
    out += unmanaged_amiss(world)
    out += [
        f"on hold, and yet: {change['action']} {change['reason']}"
        for change in world.plan()["changes"]
        if change["action"] == "held"
    ]
    released = run(world, "release")
    if released.code != 0:
        out.append(f"the release ends with {released.code}: {released.stdout}")
    world.sandbox.settle()
    return out + world.settled_amiss("--allow-recreate")


@pytest.mark.parametrize("name", FAULTS if EVERY else [*SOME_FAULTS, *MORE_FAULTS])
def test_a_fault_at_any_request_of_a_hold(name: str, sweep: Sweep) -> None:
    def case(world: World, nth: int) -> list[str] | None:
        trip = Trip(**FAULTS[name], nth=nth)
        held = tripped(world, [trip], "hold", "--reason", "Accident in town")
        if trip.seen < nth:
            return None
        amiss = [f"exit {held.code}"] if held.code not in (0, 1, 6) else []
        amiss += unmanaged_amiss(world)
        if held.code == 0:
            amiss += [f"exit 0, yet scheduled: {text}" for text in scheduled(world)]
        return amiss + then_all_is_well(world)

    sweep(case, of=8)


@pytest.mark.parametrize("name", SOME_FAULTS)
def test_a_fault_at_any_request_of_a_release(name: str, sweep: Sweep) -> None:
    def case(world: World, nth: int) -> list[str] | None:
        assert run(world, "hold", *HOLD).code == 0
        trip = Trip(**FAULTS[name], nth=nth)
        released = tripped(world, [trip], "release")
        if trip.seen < nth:
            return None
        amiss = [f"exit {released.code}"] if released.code not in (0, 1, 6) else []
        world.sandbox.settle()
        if world.plan()["holds"]:  # it ended before it could end the hold, and says so
            amiss += [f"on hold, yet exit {released.code}"] if released.code != 1 else []
            run(world, "release")
        return amiss + world.settled_amiss()

    sweep(case, of=16)


@pytest.mark.parametrize(("command", "of"), [("hold", 8), ("release", 16)])
def test_killed_at_any_request(command: str, of: int, sweep: Sweep, killer: Killer) -> None:
    def case(world: World, nth: int) -> list[str] | None:
        if command == "release":
            assert run(world, "hold", *HOLD).code == 0
        arm(world, nth, after=bool(nth % 2), strike=lambda: killer.send(signal.SIGKILL))
        done = killer.run(world, command, *(HOLD if command == "hold" else ()))
        if witness(world).seen < nth:
            assert done.code == 0, done
            return None
        return unmanaged_amiss(world) + then_all_is_well(world)

    sweep(case, of=of, cases=2, sandbox=Witnessed)


@pytest.mark.parametrize(("command", "of"), [("hold", 8), ("release", 22)])
def test_killed_at_any_state_write(command: str, of: int, sweep: Sweep, killer: Killer) -> None:
    """At each call that makes the state durable: the file's fsync, the replace, the folder's fsync."""

    def case(world: World, nth: int) -> list[str] | None:
        if command == "release":
            assert run(world, "hold", *HOLD).code == 0
        done = killer.run(world, command, *(HOLD if command == "hold" else ()), die_at=nth)
        if done.code != -signal.SIGKILL:
            assert done.code == 0, done
            return None
        world.sandbox.settle()
        amiss = unmanaged_amiss(world)
        if command == "release" and nth % 2:  # some go on with the release, some with another hold
            released = run(world, "release")
            amiss += [f"exit {released.code}"] if released.code else []
            return amiss + world.settled_amiss()
        return amiss + then_all_is_well(world)

    sweep(case, of=of, cases=2)


# --- a hold in the settings, and an earlier apply that was cut off ---------------------------------------------------


def cut_off(world: World) -> None:
    """An apply that had sent its first posts; then someone puts everything on hold in the settings."""
    with mock.patch.object(Follower, "follow", side_effect=SystemExit(137)):
        assert run(world, "apply").code == 137
    world.settings(hold={"reason": "Accident in town"})


def then_settings_and_all_is_well(world: World) -> list[str]:
    held = world.apply()
    out = [] if held.code == 0 else [f"the clean apply on hold ends with {held.code}: {held}"]
    world.sandbox.settle()
    out += [f"still scheduled: {text}" for text in sorted(scheduled(world))] + unmanaged_amiss(world)
    world.settings()
    return out + world.settled_amiss("--allow-recreate")


@pytest.mark.parametrize("name", SOME_FAULTS)
def test_a_fault_at_any_request_of_an_apply_with_a_hold_in_the_settings(name: str, sweep: Sweep) -> None:
    def case(world: World, nth: int) -> list[str] | None:
        cut_off(world)
        trip = Trip(**FAULTS[name], nth=nth)
        applied = tripped(world, [trip])
        if trip.seen < nth:
            return None
        amiss = applied.amiss() + unmanaged_amiss(world)
        if applied.code == 0:
            world.sandbox.settle()
            amiss += [f"exit 0, yet scheduled: {text}" for text in scheduled(world)]
        return amiss + then_settings_and_all_is_well(world)

    sweep(case, of=8)


def test_killed_at_any_request_of_an_apply_with_a_hold_in_the_settings(sweep: Sweep, killer: Killer) -> None:
    def case(world: World, nth: int) -> list[str] | None:
        cut_off(world)
        arm(world, nth, after=bool(nth % 2), strike=lambda: killer.send(signal.SIGKILL))
        done = killer.apply(world)
        if witness(world).seen < nth:
            assert done.code == 0, done
            return None
        return unmanaged_amiss(world) + then_settings_and_all_is_well(world)

    sweep(case, of=8, sandbox=Witnessed)


# --- while an apply is running --------------------------------------------------------------------------------------


def meeting(
    world: World, killer: Killer, second: Killer, nth: int, *, announced: bool = False
) -> tuple[Applied, Applied]:
    """An apply, and a hold that starts at its `nth` request, which may take until the hold is `announced`."""
    ends: list[Applied] = []
    other = threading.Thread(target=lambda: ends.append(second.run(world, "hold", *HOLD)))

    def meet() -> None:
        other.start()
        while announced and other.is_alive() and not [*world.ledger.parent.glob("hold-*")]:
            time.sleep(0.005)

    arm(world, nth, after=bool(nth % 2), strike=meet)
    applied = killer.apply(world)
    witness(world).nth = 0
    if other.ident is not None:
        other.join()
    return applied, ends[0] if ends else applied


@pytest.mark.parametrize("announced", [False, True], ids=["while it starts", "once it is announced"])
def test_a_hold_at_any_request_of_an_apply(
    announced: bool, sweep: Sweep, killer: Killer, second: Killer
) -> None:
    def case(world: World, nth: int) -> list[str] | None:
        applied, held = meeting(world, killer, second, nth, announced=announced)
        return None if applied is held else _met(world, applied, held) + then_all_is_well(world)

    sweep(case, of=20, cases=2, sandbox=Witnessed)


def _met(world: World, applied: Applied, held: Applied) -> list[str]:
    out = [] if applied.code in (0, 1, 6) else [f"the apply ends with {applied.code}: {applied}"]
    out += (
        [] if held.code in (0, 6) else [f"the hold ends with {held.code}: {held.ran.stdout}{held.ran.stderr}"]
    )
    out += unmanaged_amiss(world)
    if held.code == 0:
        world.sandbox.settle()
        out += [f"the hold says 0, and this is scheduled: {text}" for text in sorted(scheduled(world))]
    if applied.code == 1 and applied.document["error"]["code"] not in ("hold", "state.raced"):
        out.append(f"the apply ends for another reason: {applied.document['error']}")
    return out


@pytest.mark.parametrize("kind", ["drop_after", "error_before", "garbage", "slow"])
def test_a_hold_during_an_apply_with_a_fault_at_any_request(
    kind: Any, sweep: Sweep, killer: Killer, second: Killer
) -> None:
    def case(world: World, nth: int) -> list[str]:
        world.sandbox.faults.trips = [Trip(kind, nth=nth, seconds=0.05)]
        applied, held = meeting(world, killer, second, 4 + 5 * (nth % 5))
        world.sandbox.faults.trips = []
        amiss = unmanaged_amiss(world)
        if held is not applied and held.code == 0:
            world.sandbox.settle()
            amiss += [f"the hold says 0, and this is scheduled: {text}" for text in scheduled(world)]
        return amiss + then_all_is_well(world)

    sweep(case, of=45, last=45, sandbox=Witnessed)


@pytest.fixture(scope="module")
def on_a_branch(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return Template(tmp_path_factory.mktemp("template"), branch="publer-sync-state")


def test_a_hold_at_any_request_of_an_apply_with_its_state_on_a_branch(
    on_a_branch: Template,
    tmp_path: Path,
    killer: Killer,
    second: Killer,
    record_property: Any,
) -> None:
    amiss, cases = [], 0
    for nth in range(4, 44, 4) if EVERY else (6, 16):
        with on_a_branch.world(tmp_path / str(nth), sandbox=Witnessed, poll_seconds=0.03) as world:
            applied, held = meeting(world, killer, second, nth)
            if applied is held:
                break
            cases += 1
            amiss += [f"at request {nth}: {what}" for what in _met(world, applied, held)]
            amiss += [f"at request {nth}: {what}" for what in then_all_is_well(world)]
    record_property("cases", cases)
    assert cases > 1  # how often apply polls, and so how many requests it has, depends on the time
    assert not amiss, "\n".join(amiss)


def test_a_hold_does_not_wait_for_an_apply_that_hangs(
    template: Template, tmp_path: Path, killer: Killer, second: Killer
) -> None:
    """Its posts go past the lock; what it had sent is followed once it has ended."""
    with template.world(tmp_path / "w") as world:
        world.sandbox.faults.trips = [Trip("slow", method="PUT", seconds=9)]
        apply = threading.Thread(target=lambda: killer.apply(world))
        apply.start()
        while "PUT" not in [trip.method for trip in world.sandbox.faults.trips if trip.seen]:
            time.sleep(0.01)
        started = time.monotonic()
        hold = threading.Thread(target=lambda: second.run(world, "hold", *HOLD))
        hold.start()
        while scheduled(world) and time.monotonic() - started < 8.5:
            time.sleep(0.05)
        took = time.monotonic() - started
        apply.join()
        hold.join()
        assert took < 8
        assert not then_all_is_well(world)
        assert not list(world.ledger.parent.glob("hold-*"))


@pytest.mark.parametrize("nth", [5, 6, 7])
def test_killed_past_the_lock_of_an_apply_that_hangs_its_posts_come_back_by_themselves(
    nth: int, template: Template, tmp_path: Path, killer: Killer, record_property: Any
) -> None:
    """What it had removed is beside the lock: nobody has to say that those posts are to be created again."""
    record_property("cases", 1)
    with template.world(tmp_path / "w", sandbox=Witnessed) as world:
        arm(world, nth, after=True, strike=lambda: killer.send(signal.SIGKILL))
        with FileStore(world.ledger, clock=Clock()).lock(1):
            assert killer.run(world, "hold", *HOLD).code == -signal.SIGKILL
        world.sandbox.settle()
        assert len(scheduled(world)) < 2
        assert not unmanaged_amiss(world)
        assert run(world, "hold", *HOLD).code == 0
        assert run(world, "release").code == 0
        world.sandbox.settle()
        assert not world.settled_amiss()


def test_the_document_names_what_is_under_way(template: Template, tmp_path: Path) -> None:
    with template.world(tmp_path / "w", job_delay=10**6) as world:
        run(world, "apply", "--timeout", "0.1")
        held = run(world, "hold", "--reason", "Why", "--timeout", "0.1")
        assert held.code == 6
        outcomes = {post["outcome"] for post in json.loads(held.stdout)["posts"]}
        assert "unverified" in outcomes
