"""Publer says no to everything: told once, in its words, and never once per post."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.system.worlds import HOUR, T, Want, world_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.system.worlds import World

UPGRADE = "Please upgrade to Business to access our API."


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path) as world:
        world.write(*(Want(f"n{hour}", "x", T + hour * HOUR, f"Post {hour}") for hour in range(4)))
        yield world


@pytest.mark.parametrize("command", [("plan",), ("apply", "--yes")], ids=lambda words: words[0])
def test_a_plan_without_the_api_is_named_first(world: World, command: tuple[str, ...]) -> None:
    """Such a plan still answers which workspaces there are."""
    world.sandbox.faults.trip("upgrade", path="^/(?!workspaces$)", times=10**6)
    ran = world.run(command[0], world.top, *command[1:])
    assert ran.code == 1
    assert ran.stderr.startswith(f'error: Publer\'s plan has no API access (403): "{UPGRADE}"\n')
    assert "Business or higher" in ran.stderr
    assert len(world.sandbox.requests) == 2


def test_accounts_names_it_too(world: World) -> None:
    world.sandbox.faults.trip("upgrade", path="^/accounts$", times=10**6)
    ran = world.run("accounts")
    assert (ran.code, ran.stderr.count(UPGRADE)) == (1, 1)


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "^/posts/schedule$"), ("PUT", "^/posts/"), ("DELETE", "^/posts$")]
)
def test_a_plan_that_ends_in_the_middle_ends_the_run_and_is_told_once(
    world: World, method: str, path: str
) -> None:
    assert world.apply().code == 0
    kept = world.wants[2]
    changed = [
        Want("n0", "x", T, "Edited"),
        Want("n1", "x", T + 90 * HOUR, "Moved"),
        Want("n9", "x", T + 9 * HOUR, "New"),
        kept,
    ]
    world.write(*changed)
    world.sandbox.faults.trip("upgrade", method, path)

    applied = world.apply()

    assert applied.code == 1
    assert applied.document["error"]["code"] == "publer.plan"
    assert str(applied.document).count(UPGRADE) == 1
    assert all(UPGRADE not in str(result) for result in applied.document["results"])
    world.sandbox.settle()
    assert not world.settled_amiss()


def test_a_locked_subscription_ends_the_run_without_waiting_for_its_posts(world: World) -> None:
    world.sandbox.faults.plan_locked = True
    applied = world.apply()
    assert applied.code == 1
    assert applied.document["error"]["message"] == "Publer has locked the subscription, and schedules nothing"
    world.sandbox.faults.plan_locked = False
    assert not world.settled_amiss()


def test_a_picture_that_publer_refuses_with_200_fails_its_post_alone_and_for_certain(world: World) -> None:
    world.sandbox.faults.upload_error = "undefined method 'content_type' for nil"
    world.write(Want("shows", "x", T, "A picture", picture="one.png"), Want("tells", "x", T + HOUR, "Words"))
    applied = world.apply()
    assert applied.outcomes == [("create", "shows", "failed"), ("create", "tells", "applied")]
    message = applied.result("shows")["message"]
    assert "Publer refused to take one.png (200)" in message
    assert "may have" not in message


def test_imports_that_publer_never_reports_on_are_given_up_together(world: World) -> None:
    """Publer fetches one thing at a time, so the others are not waited for one after the other."""
    world.sandbox.faults.finished = None
    addresses = [f"https://example.com/{number}.png" for number in range(3)]
    pictures = [Want(f"n{hour}", "x", T + hour * HOUR, "It", address=a) for hour, a in enumerate(addresses)]
    world.write(*pictures)
    started = time.monotonic()
    applied = world.apply("--timeout", "30")
    assert time.monotonic() - started < 10
    assert {outcome for *_, outcome in applied.outcomes} == {"failed"}
    assert "does not say whether it fetched https://example.com/0.png" in applied.result("n0")["message"]
