"""How many requests, and pushes of the ledger, an ordinary apply takes: more of either is more waiting for everybody."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.ledger.git_world import BRANCH, git
from tests.system.worlds import DAY, HOUR, T, Want

if TYPE_CHECKING:
    from tests.system.worlds import World

pytestmark = [pytest.mark.story, pytest.mark.slow]

ONE, TWO, THREE = (
    Want(each, "x", T + n * DAY, each.title()) for n, each in enumerate(("one", "two", "three"))
)


@pytest.fixture
def world(empty_world: World) -> World:
    """Two posts in place, whose ledger is on a branch."""
    world = empty_world
    world.repository()
    world.settings(state=f"git:{BRANCH}")
    world.apply_first(ONE, TWO)
    assert world.apply().code == 0
    return world


def pushes(world: World) -> int:
    return int(git(world.home / "remote.git", "rev-list", "--count", BRANCH))


@pytest.mark.parametrize(
    ("wants", "pushed", "writes", "lists"),
    [
        pytest.param((ONE, TWO), 0, [], 2, id="nothing"),
        pytest.param((ONE, TWO, THREE), 3, ["POST"], None, id="a new post"),
        pytest.param((replace(ONE, text="Other"), TWO), 2, ["PUT"], 3, id="an edit"),
        pytest.param((replace(ONE, at=T + HOUR), TWO), 4, ["POST", "DELETE"], None, id="a moved post"),
        pytest.param((TWO,), 2, ["DELETE"], 3, id="a removed post"),
    ],
)
def test_an_ordinary_apply(
    world: World, wants: tuple[Want, ...], pushed: int, writes: list[str], lists: int | None
) -> None:
    """`lists` is None where it lists until Publer shows a new post."""
    world.write(*wants)
    world.sandbox.reset_log()
    before = pushes(world)
    assert world.apply().code == 0
    assert (pushes(world) - before, world.writes()) == (pushed, writes)
    reads = Counter(each.path.rpartition("/")[2] for each in world.sandbox.requests if each.method == "GET")
    assert (reads["workspaces"], reads["accounts"]) == (1, 1)
    assert lists in (None, reads["posts"])
