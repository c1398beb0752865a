"""A hold takes posts out by Publer's ids: whatever account they are on now, whatever workspace and accounts are called now."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from publer_sync.commands import hold as command
from publer_sync.sandbox import SeedAccount
from publer_sync.values.errors import Unreachable
from tests.conftest import THREE
from tests.system.worlds import ACCOUNTS, DAY, FIVE, T, Want

if TYPE_CHECKING:
    from tests.system.worlds import World

pytestmark = pytest.mark.story

ONE, TWO = Want("one", "x", T, "One"), Want("two", "x", T + DAY, "Two")
HOLD = ("--reason", "Accident in town", "--yes")


@pytest.fixture
def world(empty_world: World) -> World:
    """Two posts of X in place; the settings name the workspace and X by their names."""
    empty_world.settings(accounts={"x": "My X Account"})
    empty_world.apply_first(ONE, TWO)
    return empty_world


def scheduled(world: World) -> list[str]:
    world.sandbox.settle()
    return sorted(post["text"] for post in world.sandbox.posts() if post["state"] == "scheduled")


def hold(world: World, *words: str) -> int:
    ran = world.run("hold", world.top, *HOLD, *words)
    assert "Traceback" not in ran.stderr
    return ran.code


def test_a_post_that_a_colleague_moved_to_an_account_of_nobody_is_out(world: World) -> None:
    for post in world.sandbox.posts():
        if post["text"] == "One":
            world.sandbox.edit(post["id"], account_id=ACCOUNTS["mastodon"])
    theirs = world.stranger("mastodon", T + 2 * DAY, "Of a colleague")
    assert hold(world) == 0
    assert scheduled(world) == ["Of a colleague"]
    assert theirs in {post["id"] for post in world.sandbox.posts()}


def test_a_workspace_that_was_renamed_is_the_same(world: World) -> None:
    world.sandbox.add_workspace(replace(FIVE, workspace_name="A new name"))
    assert world.run("plan", world.top).code == 3, "everything else asks for the new name"
    assert hold(world) == 0
    assert scheduled(world) == []


@pytest.mark.parametrize("words", [(), ("--account", "x")])
def test_an_account_that_was_renamed_is_the_same(world: World, words: tuple[str, ...]) -> None:
    world.sandbox.add_workspace(
        replace(THREE, accounts=(SeedAccount(ACCOUNTS["x"], "twitter", "A new name"),))
    )
    assert world.run("plan", world.top).code == 3
    assert hold(world, *words) == 0
    assert scheduled(world) == []


def test_an_account_that_was_connected_again_is_the_same(world: World) -> None:
    world.sandbox.reconnect(ACCOUNTS["x"], "acc0000000000000000ffffff")
    assert hold(world) == 0
    assert scheduled(world) == []


def test_where_publer_does_not_answer_the_hold_is_written_and_says_so(world: World) -> None:
    """From then on no apply schedules anything, whoever runs it."""
    settings = (world.top / "publer.yaml").read_text().replace(THREE.workspace_name, THREE.workspace_id)
    (world.top / "publer.yaml").write_text(settings)
    with mock.patch.object(command, "open_for_hold", side_effect=Unreachable("Publer does not answer")):
        ran = world.run("hold", world.top, *HOLD)
    assert ran.code != 0
    assert "The hold is written; nothing is out yet here: run hold again, or release." in " ".join(
        ran.stderr.split()
    )
    assert world.plan()["summary"]["held"] == 2
    assert hold(world) == 0
    assert scheduled(world) == []


def test_a_post_that_a_colleague_moved_to_an_account_that_is_on_hold_is_out(world: World) -> None:
    """As Publer has it, whichever account the calendar says. What becomes of it, whoever moved it has to say: it stays out."""
    world.settings(accounts={"x": "My X Account", "linkedin": "Company LinkedIn Page"})
    one = world.find("One")["id"]
    world.sandbox.edit(one, account_id=ACCOUNTS["linkedin"])
    assert hold(world, "--account", "linkedin") == 0
    assert scheduled(world) == ["Two"]
    for _ in range(2):
        done = world.apply()
        assert (done.code, done.result("one")["code"], scheduled(world)) == (6, "edited", ["Two"])
