"""The ledger on a branch: of runs that push at once one wins, and calendars that push at once wait for one another."""

from __future__ import annotations

import math
import os
import sys
import threading
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING

import pytest

from publer_sync.ledger import git_remote
from publer_sync.ledger.git_command import GitResult
from publer_sync.ledger.git_remote import Fetched
from publer_sync.ledger.lock import turn
from publer_sync.machine.clock import Clock
from publer_sync.values.errors import BusyStateError, StateError
from tests.ledger.builders import QuickClock, a_state
from tests.ledger.git_world import BRANCH, World, git, raced

if TYPE_CHECKING:
    from collections.abc import Callable


pytestmark = pytest.mark.slow


def at_once(*calls: Callable[[], None]) -> list[str]:
    """The codes of what failed."""
    codes: list[str] = []

    def run(call: Callable[[], None]) -> None:
        try:
            call()
        except StateError as error:
            codes.append(error.code)

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return codes


def test_of_two_runs_the_one_that_pushes_takes_over(world: World) -> None:
    one, two = world.store(), world.store()
    one.read()
    one.write(a_state("one"))
    two.read()
    two.write(a_state("two"))
    with raced():
        one.write(a_state("three"))
    two.write(a_state("four"))
    assert world.store().read() == a_state("four")


def test_of_two_first_runs_one_wins(world: World) -> None:
    one, two = world.store(), world.store()
    assert one.read() is None
    assert two.read() is None
    one.write(a_state("one"))
    with raced():
        two.write(a_state("two"))
    assert world.store().read() == a_state("one")


def test_a_run_that_never_read_overwrites_nothing(world: World) -> None:
    world.apply("one")
    with raced():
        world.store().write(a_state("two"))


def test_runs_that_push_at_once_are_never_both_let_through(world: World) -> None:
    """Each of a few rounds has one winner, and nothing of a winner is lost."""
    stores = [world.store() for _ in range(3)]
    for attempt in range(3):
        for store in stores:
            store.read()
        states = [a_state(f"{attempt} {number}") for number in range(3)]
        calls = [partial(store.write, state) for store, state in zip(stores, states, strict=True)]
        assert at_once(*calls) == ["state.raced", "state.raced"]
        assert world.store().read() in states


def test_another_calendar_that_moved_the_branch_is_not_a_race(world: World) -> None:
    mine, other = world.store(), world.store("other")
    for mark in ("one", "two"):
        for store, calendar in ((mine, "calendar"), (other, "other")):
            if mark == "one":
                store.read()
            store.write(a_state(mark, calendar))
    assert world.store().read() == a_state("two")
    assert world.store("other").read() == a_state("two", "other")
    assert git(world.remote, "rev-list", "--count", BRANCH) == "4"
    assert git(world.remote, "fsck", "--strict", "--no-dangling") == ""


def test_a_branch_that_another_makes_while_it_is_looked_for_is_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = git_remote.Repository._over_network
    made: list[str] = []

    def slow(self: git_remote.Repository, *words: str) -> GitResult:
        if words[0] == "ls-remote" and not made:
            made.append("begun")
            world.apply("x", "other")
        return network(self, *words)

    monkeypatch.setattr(git_remote.Repository, "_over_network", slow)
    mine = world.store()
    assert mine.read() is None
    mine.write(a_state("y"))
    assert len(git(world.remote, "ls-tree", "-r", "--name-only", BRANCH).split()) == 2


# --- a busy branch ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("queue", ["of one machine", "of none"])
def test_many_calendars_can_push_at_once(world: World, monkeypatch: pytest.MonkeyPatch, queue: str) -> None:
    monkeypatch.setattr("tests.ledger.git_world.QuickClock", Clock)
    if queue == "of none":
        monkeypatch.setattr("publer_sync.ledger.git_store.turn", lambda *_: nullcontext(True))
    assert not at_once(*(partial(world.apply, "x", f"c{number}") for number in range(6)))
    assert len(git(world.remote, "ls-tree", "-r", "--name-only", BRANCH).split()) == 6


def test_a_queue_that_does_not_move_keeps_nobody_from_pushing(world: World) -> None:
    store = world.store()
    store.read()
    world.apply("x", "other")
    with turn(store._repository.queue, 0) as alone, store.lock(0.1):
        assert alone
        store.write(a_state())
    assert world.store().read() == a_state()


@pytest.mark.skipif(sys.platform == "win32", reason="everyone has a temporary folder there")
def test_a_queue_in_a_folder_of_someone_else_is_done_without(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = world.store()
    store.read()
    queue = store._repository.queue
    me = os.getuid()
    queue.parent.mkdir()
    monkeypatch.setattr(os, "getuid", lambda: me + 1)
    store.write(a_state())
    assert not queue.exists()


def never_stops_moving(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each push of the branch comes too late."""
    monkeypatch.setattr(git_remote.Repository, "fetch", lambda *_: Fetched(os.urandom(4).hex(), None))
    monkeypatch.setattr(git_remote.Repository, "tree", lambda *_: {})
    monkeypatch.setattr(
        git_remote.Repository, "push", lambda *_, **__: GitResult(1, b"!\tx\t[rejected] (fetch first)", "")
    )
    monkeypatch.setattr(git_remote.Repository, "commit", lambda *_, **__: "0" * 40)


@pytest.mark.parametrize(("timeout", "within"), [(40.0, math.inf), (300.0, 40.0)])
def test_a_branch_that_never_stops_moving_is_given_up_when_time_is_up(
    world: World, monkeypatch: pytest.MonkeyPatch, timeout: float, within: float
) -> None:
    mine, clock = world.store(), QuickClock()
    mine._clock = clock
    mine.read()
    never_stops_moving(monkeypatch)
    with (
        mine.lock(timeout),
        pytest.raises(BusyStateError, match="other calendars moved the branch") as caught,
    ):
        mine.write(a_state(), within=within)
    assert caught.value.code == "state.busy"
    assert clock.slept == pytest.approx(40)


def test_once_someone_asked_to_stop_a_busy_branch_is_soon_given_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, clock = world.store(), QuickClock()
    mine._clock = clock
    clock.wake()
    mine.read()
    never_stops_moving(monkeypatch)
    with pytest.raises(BusyStateError):
        mine.write(a_state())
    assert clock.slept == pytest.approx(10)
