"""Many calendars, one branch, all at once: none fails because of another, whoever is killed meanwhile."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.sandbox import Faults, Sandbox
from tests.conftest import ROOT
from tests.system.worlds import DAY, FIVE, T, Want, World, alive

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

POSTS = 3


class Office:
    """One repository with a remote, one Publer, and a calendar for each writer."""

    def __init__(self, home: Path, sandbox: Sandbox, writers: int, clones: int) -> None:
        self.sandbox = sandbox
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
        running = [(world, self._start(world)) for world in worlds]
        killer = threading.Thread(target=self._kill, args=([process for _, process in running], kills))
        killer.start()
        ends = [(world, process, process.communicate()) for world, process in running]
        killer.join()
        failed = [
            (process.returncode, told) for _, process, told in ends if process.returncode not in (0, -9)
        ]
        assert not failed, failed[0]
        return [world for world, process, _ in ends if process.returncode]

    def _start(self, world: World) -> subprocess.Popen[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PUBLER")}
        return subprocess.Popen(
            [sys.executable, "-m", "publer_sync", "apply", world.top, "--yes", "--format", "json"],
            env={**kept, **world.environment, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _kill(self, processes: list[subprocess.Popen[str]], kills: int) -> None:
        """One after the other, while pushes and requests go on."""
        for process in random.Random(7).sample(processes, kills):
            before = len(self.sandbox.requests)
            while len(self.sandbox.requests) < before + 3 and process.poll() is None:
                time.sleep(0.01)
            process.kill()

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


def test_a_few_calendars_start_a_branch_at_once(tmp_path: Path, publer: Sandbox) -> None:
    office = Office(tmp_path, publer, writers=5, clones=5)
    office.write(1)
    assert not office.apply(office.worlds)
    assert not office.amiss()


@pytest.mark.slow
@pytest.mark.parametrize("clones", [1, 20], ids=["in one clone", "in a clone each"])
def test_twenty_calendars_at_once_again_and_again(tmp_path: Path, publer: Sandbox, clones: int) -> None:
    office = Office(tmp_path, publer, writers=20, clones=clones)
    for turn in range(3):
        office.write(turn)
        assert not office.apply(office.worlds)
        assert not office.amiss()


@pytest.mark.slow
@pytest.mark.parametrize("writers", [20, 40])
def test_many_calendars_at_once_while_some_are_killed(
    tmp_path: Path, publer: Sandbox, writers: int, record_property: Any
) -> None:
    office = Office(tmp_path, publer, writers=writers, clones=2)
    for turn in range(2):
        office.write(turn)
        killed = office.apply(office.worlds, kills=writers // 3)
        record_property("cases", len(killed))
        assert killed
        assert not office.apply(killed)
        assert not office.amiss()
