"""Many calendars, one branch, all at once: none fails because of another, whoever is killed meanwhile."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.sandbox import Faults, Sandbox
from tests.conftest import EVERY
from tests.system.worlds import DAY, FIVE, T, Want, World, alive

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.system.processes import Killer, Running

POSTS = 3
WRITERS = 40 if EVERY else 9


class Office:
    """One repository with a remote, one Publer, and a calendar for each writer."""

    def __init__(self, home: Path, sandbox: Sandbox, killer: Killer, writers: int, clones: int) -> None:
        self.sandbox, self._killer = sandbox, killer
        subprocess.run(["git", "init", "-q", "--bare", "remote.git"], cwd=home, check=True)
        for number in range(clones):
            clone = home / f"clone{number}"
            subprocess.run(["git", "init", "-q", clone], check=True)
            subprocess.run(
                ["git", "remote", "add", "origin", f"file://{home}/remote.git"], cwd=clone, check=True
            )
        self.worlds = []
        for number in range(writers):
            world = World(home / f"clone{number % clones}" / f"c{number}", sandbox)
            world.home.mkdir()
            world.settings(name=f"calendar {number}", state="git:publer-sync-state")
            self.worlds.append(world)

    def write(self, turn: int) -> None:
        """New words for the posts of every calendar, each calendar on a day of its own."""
        for number, world in enumerate(self.worlds):
            world.write(
                *(
                    Want(
                        f"p{post}",
                        "x",
                        T + number * DAY + timedelta(minutes=9 * post),
                        f"{number} {post} {turn}",
                    )
                    for post in range(POSTS)
                )
            )

    def apply(self, worlds: Sequence[World], kills: int = 0) -> list[World]:
        """Apply all of them at once, and kill some; returns those that were killed. The others end well."""
        running = [(world, self._killer.start(world, "apply")) for world in worlds]
        self._kill([process for _, process in running], kills)
        ends = [(world, self._killer.end(process)) for world, process in running]
        failed = [applied for _, applied in ends if applied.code not in (0, -signal.SIGKILL)]
        assert not failed, failed[0]
        return [world for world, applied in ends if applied.code]

    def _kill(self, processes: list[Running], kills: int) -> None:
        """One after the other, while pushes and requests go on."""
        for process in random.Random(7).sample(processes, kills):
            before, started = len(self.sandbox.requests), time.monotonic()
            while len(self.sandbox.requests) < before + 3 and time.monotonic() < started + 1:
                time.sleep(0.01)
            os.kill(process.pid, signal.SIGKILL)

    def amiss(self) -> list[Any]:
        self.sandbox.settle()
        have = Counter((post["at"], post["text"]) for post in self.sandbox.posts() if alive(post))
        want = Counter((want.at, want.text) for world in self.worlds for want in world.wants)
        return [*(have - want).items(), *(want - have).items()]


@pytest.fixture
def publer(tmp_path: Path) -> Iterator[Sandbox]:
    faults = Faults(rate_limit=100_000)
    with Sandbox(FIVE, file=tmp_path / "publer.db", poll_seconds=0.1, faults=faults) as served:
        yield served
        if served.bugs:
            raise served.bugs[0]


@pytest.mark.slow
def test_a_few_calendars_start_a_branch_at_once(tmp_path: Path, publer: Sandbox, killer: Killer) -> None:
    office = Office(tmp_path, publer, killer, writers=5, clones=5)
    office.write(1)
    assert not office.apply(office.worlds)
    assert not office.amiss()


@pytest.mark.slow
def test_many_calendars_at_once_again_and_again_while_some_are_killed(
    tmp_path: Path, publer: Sandbox, killer: Killer, record_property: Any
) -> None:
    """Several of them in each clone; nobody is killed at first."""
    office = Office(tmp_path, publer, killer, writers=WRITERS, clones=4)
    for turn in range(2):
        office.write(turn)
        killed = office.apply(office.worlds, kills=turn * WRITERS // 3)
        record_property("cases", len(killed))
        assert bool(killed) is bool(turn)
        assert not killed or not office.apply(killed)
        assert not office.amiss()
