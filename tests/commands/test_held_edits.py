"""What someone edited in Publer before a hold took it out: it comes back edited, or not before somebody decides."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.commands.holding import hold_one
from publer_sync.publer.gateway import UrgentPubler
from tests.system.worlds import DAY, HOUR, T, Want, World

if TYPE_CHECKING:
    from tests.conftest import Ran

POSTS = (
    Want("one", "facebook", T, "one"),
    Want("two", "facebook", T + DAY, "two"),
    Want("draft", "x", T + HOUR, "a draft", draft=True),
)
HOLD = ("--reason", "Accident in town", "--yes")


@pytest.fixture
def world(empty_world: World) -> World:
    """A colleague has reworded one post in Publer, moved another, and scheduled a draft."""
    empty_world.apply_first(*POSTS)
    empty_world.sandbox.edit(empty_world.find("one")["id"], text="one, by hand")
    empty_world.sandbox.edit(empty_world.find("two")["id"], at=T + DAY + HOUR)
    empty_world.sandbox.edit(empty_world.find("a draft")["id"], state="scheduled")
    return empty_world


def take_out(world: World, how: str) -> None:
    """By the command, by the settings, or by a command that is killed once Publer has removed everything."""
    if how == "settings":
        world.settings(hold={"reason": "Accident in town"})
        assert world.apply().code == 0
        world.settings()
    elif how == "killed":
        real = UrgentPubler.delete

        def last_breath(publer: UrgentPubler, ids: list[str]) -> frozenset[str]:
            real(publer, ids)
            raise SystemExit(137)

        with mock.patch.object(UrgentPubler, "delete", last_breath):
            assert world.run("hold", world.top, *HOLD).code == 137
        assert world.run("hold", world.top, *HOLD).code == 0
    else:
        assert world.run("hold", world.top, *HOLD).code == 0
    world.sandbox.settle()
    assert world.live() == []


def put_back(world: World, how: str, code: int) -> dict[str, Any]:
    """The results by id."""
    command = "apply" if how == "settings" else "release"
    ran = world.run(command, world.top, "--yes", "--format", "json")
    assert ran.code == code, ran
    world.sandbox.settle()
    document = json.loads(ran.stdout)
    results = (document if how == "settings" else document["report"])["results"]
    return {result["id"]: result for result in results}


def words(ran: Ran) -> str:
    return " ".join(ran.stdout.split())


@pytest.mark.parametrize("how", ["command", "killed", "settings"])
def test_an_edit_stays_out_until_somebody_decides(world: World, how: str) -> None:
    take_out(world, how)
    results = put_back(world, how, 6)
    assert {name: (each["outcome"], each["code"]) for name, each in results.items()} == {
        "one": ("not_tried", "edited"),
        "two": ("not_tried", "edited"),
        "draft": ("applied", None),
    }
    told = words(world.run("plan", world.top))
    assert "Someone edited it in Publer before the hold took it out" in told
    assert "In Publer then: one{+, by hand+}" in told
    assert "To restore the calendar's version: publer-sync apply" in told
    done = world.apply("--overwrite-edits")
    assert done.code == 0, done
    assert {row.text for row in world.live()} == {"one", "two", "a draft"}
    assert world.plan()["changes"] == []


def test_pull_writes_the_edits_while_the_hold_lasts_and_release_brings_them_back(world: World) -> None:
    take_out(world, "command")
    ran = world.run("pull", world.top, "--yes")
    assert ran.code == 0, ran
    text = (world.top / "posts.yaml").read_text("utf-8")
    assert '"one, by hand"' in text
    assert f"{T + DAY + HOUR:%Y-%m-%d %H:%M}" in text
    assert "draft: true" not in text  # someone scheduled it, and pull writes that, too
    assert world.run("pull", world.top, "--yes").stdout.count("+++") == 0
    put_back(world, "command", 0)
    assert [(row.text, row.at) for row in world.live() if row.account == "facebook"] == [
        ("one, by hand", T),
        ("two", T + DAY + HOUR),
    ]
    assert world.plan()["changes"] == []


def test_an_edit_that_the_calendar_says_too_is_none(world: World) -> None:
    take_out(world, "command")
    world.write(Want("one", "facebook", T, "one, by hand"), Want("two", "facebook", T + DAY + HOUR, "two"))
    put_back(world, "command", 0)
    assert {row.text for row in world.live()} == {"one, by hand", "two"}
    assert world.settled_amiss() == []


def test_a_draft_that_someone_scheduled_comes_back_scheduled(world: World) -> None:
    """Also a second time, and without a word about it in the plan but that someone scheduled it."""
    for _ in range(2):
        take_out(world, "command")
        put_back(world, "command", 6)
        (draft,) = (row for row in world.live() if row.text == "a draft")
        assert not draft.draft
        plan = world.plan()
        assert not [change for change in plan["changes"] if change["id"] == "draft"]
        assert "scheduled_by_hand" in {warn["code"] for warn in plan["warnings"]}


def test_with_edits_overwritten_the_calendar_wins(world: World) -> None:
    world.settings(edits="overwrite")
    ran = world.run("hold", world.top, *HOLD)
    assert "Release puts back the calendar's version (edits: overwrite)." in words(ran)
    put_back(world, "command", 0)
    assert {row.text for row in world.live()} == {"one", "two", "a draft"}


def test_past_the_lock_of_an_apply_that_hangs_the_edits_are_kept_beside_it(world: World) -> None:
    store = world.store()
    with store.lock(1), mock.patch.object(hold_one, "LOCK_SECONDS", 0.0):
        assert world.run("hold", world.top, *HOLD, "--timeout", "0").code == 1
    world.sandbox.settle()
    assert world.live() == []
    assert {name: each["code"] for name, each in put_back(world, "command", 6).items()} == {
        "one": "edited",
        "two": "edited",
        "draft": None,
    }


@pytest.mark.story
def test_plan_counts_a_post_on_two_accounts_as_the_one_that_it_lists(empty_world: World) -> None:
    empty_world.apply_first(Want("both", "[facebook, x]", T, "On both"), Want("two", "x", T + DAY, "two"))
    take_out(empty_world, "command")
    told = words(empty_world.run("plan", empty_world.top))
    assert "2 posts are kept out of Publer" in told
    assert told.endswith("2 on hold.")


def test_pull_names_what_was_published_and_what_failed_by_account(empty_world: World) -> None:
    world = empty_world
    world.write()
    now = datetime.now(UTC)
    for account, state in (
        ("x", "published"),
        ("facebook", "published"),
        ("x", "published"),
        ("x", "failed"),
    ):
        world.stranger(account, now - HOUR, f"{account} {state}", state=state)
    told = world.run("pull", world.top, "--diff").stdout
    assert "Not for a calendar: 1 failed (1 on x), 3 published (1 on facebook, 2 on x)." in told
    found = json.loads(world.run("pull", world.top, "--diff", "--format", "json").stdout)
    assert found["over"] == {"failed": {"x": 1}, "published": {"facebook": 1, "x": 2}}
