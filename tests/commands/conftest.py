from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.commands.team import OLD, Team
from tests.ledger.git_world import git
from tests.system.worlds import World, world_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def empty_world(tmp_path: Path) -> Iterator[World]:
    """A calendar without posts, beside a local Publer."""
    with world_in(tmp_path / "world") as world:
        yield world


@pytest.fixture
def team(empty_world: World) -> Team:
    """Ann and Bob have the same files, with a mistake in the words, and Ann applied them. Their state is in one file."""
    return _started(empty_world, "../../state.json")


@pytest.fixture
def branch_team(empty_world: World) -> Team:
    """The same with the state on a branch: each command starts git some forty times."""
    return _started(empty_world, "git:publer-sync-state")


def _started(world: World, state: str) -> Team:
    team = Team(world)
    git(world.home, "init", "-q", "--bare", "--template=", "-b", "main", "remote.git")
    git(world.home / "remote.git", "config", "uploadpack.allowFilter", "true")
    world.settings(state=state)
    team.join("ann")
    team.git("ann", "checkout", "-q", "-b", "main")
    team.commit("ann", OLD)
    team.join("bob")
    assert team.apply("ann")[0] == 0
    return team
