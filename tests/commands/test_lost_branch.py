"""The branch with the ledger was deleted, or set back: nothing is applied as if it had never been there."""

from __future__ import annotations

import json
import subprocess
from contextlib import chdir
from typing import TYPE_CHECKING

import pytest

from tests.ledger.git_world import COPY, REF, git
from tests.system.worlds import T, Want, World

if TYPE_CHECKING:
    from collections.abc import Iterator

POST = Want("launch", "x", T, "We launched")

pytestmark = pytest.mark.slow


@pytest.fixture
def world(empty_world: World) -> Iterator[World]:
    """A calendar whose ledger is on a branch that was deleted once it had been applied."""
    world = empty_world
    git(world.home, "init", "-q", "--template=", "-b", "main")
    git(world.home, "init", "-q", "--bare", "--template=", "-b", "main", "remote.git")
    git(world.home / "remote.git", "config", "uploadpack.allowFilter", "true")
    git(world.home, "remote", "add", "origin", f"file://{world.home / 'remote.git'}")
    (world.home / ".gitignore").write_text("remote.git\npubler.db*\n")
    with chdir(world.home):
        world.settings(state="git:publer-sync-state")
        world.apply_first(POST)
        delete(world)
        world.sandbox.reset_log()
        yield world


def delete(world: World) -> None:
    git(world.home / "remote.git", "update-ref", "-d", REF)


def test_what_writes_ends_with_the_command_that_brings_it_back(world: World) -> None:
    [warning] = [warn for warn in world.plan()["warnings"] if warn["code"] == "lost"]
    assert "was deleted" in warning["message"]
    for words in (("apply", "--yes"), ("release", "--yes"), ("pull", "--yes")):
        name, *more = words
        ran = world.run(name, "calendar", *more, "--format", "json")
        assert (ran.code, json.loads(ran.stdout)["error"]["code"]) == (1, "lost"), ran
    ran = world.run("forget", "launch", "--yes", "--format", "json")
    assert (ran.code, json.loads(ran.stdout)["error"]["code"]) == (1, "lost"), ran
    assert world.writes() == []
    ran = world.run("apply", "calendar", "--yes")
    command = next(line for line in ran.stderr.splitlines() if "git fetch" in line).partition(": ")[2]
    subprocess.run(command, shell=True, check=True, capture_output=True)
    assert world.plan()["summary"]["unchanged"] == 1
    assert world.apply().code == 0
    assert world.writes() == []


def test_first_adopts_what_is_there_and_the_branch_is_there_again(world: World) -> None:
    assert not [warn for warn in world.plan("--first")["warnings"] if warn["code"] == "lost"]
    assert world.apply("--first").summary["applied"] == 1
    assert (world.writes(), len(world.live())) == ([], 1)
    assert len(set(git(world.home / "remote.git", "rev-parse", REF, COPY).split())) == 1
    assert world.apply().code == 0


def test_hold_takes_out_what_was_managed_and_first_does_not_pass_it(world: World) -> None:
    ran = world.run("hold", "calendar", "--reason", "Storm", "--yes")
    assert (ran.code, world.live()) == (0, []), ran
    delete(world)
    ran = world.run("apply", "calendar", "--yes", "--first")
    assert (ran.code, world.live()) == (1, [])
    assert "add --first" not in ran.stderr
    command = next(line for line in ran.stderr.splitlines() if "git fetch" in line).partition(": ")[2]
    subprocess.run(command, shell=True, check=True, capture_output=True)
    assert (world.apply().code, world.live()) == (0, [])
    assert world.run("release", "calendar", "--yes").code == 0
    assert len(world.live()) == 1
    assert not world.settled_amiss()
