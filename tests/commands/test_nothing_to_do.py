"""An apply that has nothing to do writes nothing, wherever the ledger is: one may run every few minutes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests.system.worlds import DAY, HOUR, T, Want, clocks

if TYPE_CHECKING:
    from pathlib import Path

    from tests.system.worlds import World

pytestmark = pytest.mark.story

ONE, TWO = Want("one", "x", T, "One"), Want("two", "x", T + DAY, "Two")


@pytest.fixture(params=["a folder", "a file", "a branch"])
def world(request: pytest.FixtureRequest, empty_world: World) -> World:
    """One post in place, in a repository."""
    world = empty_world
    world.repository()
    places = {"a file": {"state": "../state.json"}, "a branch": {"state": "git:publer-sync-state"}}
    world.settings(**places.get(request.param, {}))
    world.write(ONE)
    assert world.apply().code == 0
    world.sandbox.settle()
    assert world.apply().code == 0
    return world


def written(world: World) -> dict[Path, object]:
    """Each file of a ledger and each branch, with all that a write changes."""
    files = [*(world.home / ".git" / "publer-sync").rglob("*.json"), *world.home.glob("state.json")]
    refs = [*(world.home / "remote.git" / "refs").rglob("*")]
    files += [each for each in refs if each.is_file()]
    return {each: (each.read_bytes(), each.stat().st_mtime_ns, each.stat().st_ino) for each in files}


def test_a_second_apply_of_the_same_writes_nothing_and_one_with_a_change_does(world: World) -> None:
    before = written(world)
    assert before
    assert world.apply().code == 0
    assert written(world) == before
    world.write(ONE, TWO)
    assert world.apply().code == 0
    assert written(world) != before


def test_after_some_hours_it_notes_that_it_ran(world: World) -> None:
    before = written(world)
    with clocks(world) as to:
        to(datetime.now(UTC) + HOUR)
        assert world.apply().code == 0
        assert written(world) == before
        to(datetime.now(UTC) + 7 * HOUR)
        assert world.apply().code == 0
        assert written(world) != before
