"""`release`: the posts of a hold come back as the calendar has them now, and nothing else changes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.ledger import state as ledgers
from publer_sync.ledger.file_store import FileStore
from publer_sync.publer.gateway import Publer
from publer_sync.sandbox import Trip
from publer_sync.values.errors import StateError
from tests.commands.holds import texts
from tests.conftest import PATIENCE, ROOT
from tests.schemas import conforms
from tests.system.worlds import DAY, HOUR, MINUTE, T, Want, World, clocks

if TYPE_CHECKING:
    from tests.conftest import Ran

POSTS = (
    Want("one", "facebook", T, "one", labels=("sale",)),
    Want("two", "facebook", T + DAY, "two"),
    Want("three", "x", T, "three", labels=("sale",)),
    Want("draft", "x", T + HOUR, "a draft", draft=True),
)


@pytest.fixture
def world(empty_world: World) -> World:
    empty_world.stranger("facebook", T + 2 * HOUR, "a colleague's post")
    empty_world.apply_first(*POSTS)
    return empty_world


def hold(world: World, *words: str) -> None:
    ran = world.run("hold", world.top, "--reason", "Accident in town", "--yes", *words)
    assert ran.code == 0, ran


def release(world: World, *words: str) -> Ran:
    return world.run("release", world.top, "--yes", *words)


def document(world: World, *words: str, code: int = 0) -> Any:
    ran = release(world, "--format", "json", *words)
    assert ran.code == code, ran
    found = json.loads(ran.stdout)
    conforms(found, "release")
    return found


def test_every_post_comes_back_once_and_no_hold_is_left(world: World) -> None:
    hold(world)
    found = document(world)
    assert found["report"]["summary"]["applied"] == 3
    assert [held["reason"] for held in found["holds"]] == ["Accident in town"]
    assert world.settled_amiss() == []
    assert json.loads(world.ledger.read_bytes()).get("holds") is None


def test_every_hold_ends(world: World) -> None:
    hold(world, "--label", "sale")
    hold(world, "--account", "facebook")
    assert len(document(world)["holds"]) == 2
    assert world.settled_amiss() == []


def test_posts_come_back_as_the_calendar_has_them_now_and_nothing_else_is_applied(world: World) -> None:
    hold(world, "--label", "sale")
    world.write(
        Want("one", "facebook", T + 2 * DAY, "one, reworded", labels=("sale",)),
        Want("two", "facebook", T + DAY, "two, reworded"),
        POSTS[2],
        Want("new", "x", T + 3 * DAY, "new"),
    )
    release(world)
    assert texts(world) == {"one, reworded", "two", "three", "a draft"}
    assert world.settled_amiss() == []


def test_a_post_that_left_the_calendar_stays_out(world: World) -> None:
    hold(world)
    world.write(*POSTS[1:])
    assert release(world).code == 0
    assert texts(world) == {"two", "three", "a draft"}
    assert world.settled_amiss() == []


@pytest.mark.story
def test_a_post_that_waits_for_a_slot_since_is_named_and_comes_back_once_it_has_one(
    empty_world: World,
) -> None:
    world, file = empty_world, empty_world.top / "posts.yaml"
    slot = T + 2 * DAY - HOUR
    world.settings(slots={"x": [f"{slot:%a %H:%M}".lower()]})
    post = "- {{id: {id}, at: {at}, accounts: x, text: {id}}}\n"
    later = post.format(id="later", at=f"{T + HOUR:%Y-%m-%d %H:%M}")
    file.write_text(f"posts:\n{post.format(id='launch', at=f'{T:%Y-%m-%d %H:%M}')}{later}", encoding="utf-8")
    assert world.apply().code == 0
    world.sandbox.settle()
    assert world.run("hold", world.top, "--reason", "Drill", "--yes").code == 0
    file.write_text(f"posts:\n{post.format(id='launch', at='next')}{later}", encoding="utf-8")
    told = 'the post "launch" was taken out for a hold and waits for a slot since (at: next)'
    assert [told in each["message"] for each in world.plan()["warnings"] if each["code"] == "waits"] == [True]
    shown = " ".join(world.run("release", world.top, "--diff").stdout.split())
    assert told in shown
    ran = world.run("release", world.top, "--yes", "--format", "json")
    document = json.loads(ran.stdout)
    assert (ran.code, [told in each["message"] for each in document["waiting"]]) == (0, [True])
    conforms(document, "release")
    assert [row.text for row in world.live()] == ["later"]
    assert told in str(world.plan()["warnings"]), "also once the hold is over"
    assert world.run("fill", world.top, "--yes", "--offline").code == 0
    assert world.apply().code == 0
    world.sandbox.settle()
    assert {row.text for row in world.live()} == {"launch", "later"}
    assert world.plan()["warnings"] == []


def test_a_post_that_is_new_in_scope_comes_along(world: World) -> None:
    hold(world)
    world.write(*POSTS, Want("new", "x", T + 3 * DAY, "new"))
    assert world.apply().code == 0
    assert texts(world) == {"a draft"}
    assert release(world).code == 0
    assert world.settled_amiss() == []


def test_what_missed_its_time_is_named_once(world: World) -> None:
    with clocks(world) as to:
        hold(world)
        to(T + 30 * MINUTE)
        assert world.apply().code == 0
        found = document(world, code=6)
        missed = {each["id"] for each in found["report"]["results"] if each["outcome"] == "not_tried"}
        assert missed == {"one", "three"}
        world.sandbox.settle()
        assert texts(world) == {"two", "a draft"}
        assert world.apply().code == 0
        assert document(world)["holds"] == []


def test_what_publer_could_not_publish_is_told_by_the_next_apply_however_long_ago_it_was(
    world: World,
) -> None:
    """The release in between looks as far back as it has to, and tells of nothing but what was on hold."""
    with clocks(world) as to:
        hold(world, "--account", "x")
        world.sandbox.faults.publish_error = "Token expired"
        to(T + 5 * MINUTE)
        world.sandbox.faults.publish_error = None
        to(T + 4 * DAY)
        release(world)
        told = world.apply()
        assert told.code == 6
        assert (told.result("one")["message"], told.result("one")["publer_said"]) == (
            "Publer could not publish it",
            "Token expired",
        )
        assert "one" not in {each["id"] for each in world.apply().report["results"]}


def test_it_refuses_while_the_settings_hold(world: World) -> None:
    hold(world)
    world.settings(hold={"reason": "Recall"})
    ran = release(world)
    assert ran.code == 1
    assert "Remove `hold` from publer.yaml" in ran.stderr
    assert texts(world) == {"a draft"}
    world.settings()
    assert release(world).code == 0
    assert world.settled_amiss() == []


def test_a_post_too_near_to_be_sure_is_left_to_a_person(world: World) -> None:
    """Within all limits: release goes past none of them."""
    with clocks(world) as to:
        hold(world)
        to(T - MINUTE)
        found = document(world, code=6)
        assert {each["code"] for each in found["report"]["results"] if each["code"]} == {"lead"}
        world.sandbox.settle()
        assert texts(world) == {"two", "a draft"}


@pytest.mark.skipif(os.name != "posix", reason="a terminal of our own is POSIX's")
@pytest.mark.parametrize("command", ["release", "apply"])
def test_ctrl_c_at_the_question_ends_it_at_once(world: World, command: str) -> None:
    hold(world)
    if command == "apply":
        release(world)
        world.write(*POSTS, Want("new", "x", T + 3 * DAY, "new"))
    before = texts(world)
    here, there = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "publer_sync", command, world.top],
        env={**os.environ, **world.environment, "PYTHONPATH": str(ROOT)},
        stdin=there,
        stderr=there,
        stdout=subprocess.DEVNULL,
    )
    told = b""
    while b"Type yes to continue: " not in told:
        told += os.read(here, 1000)
    time.sleep(0.1)  # Python hears no signal in the microsecond before it reads, and no person is as fast
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE) == 1
    told += os.read(here, 1000)
    assert b"nothing was changed: stopped at the question" in told
    assert b"Stopping after this step" not in told
    assert texts(world) == before


def test_diff_shows_what_comes_back_and_changes_nothing(world: World) -> None:
    hold(world)
    before = world.ledger.read_bytes()
    world.sandbox.reset_log()
    found = document(world, "--diff")
    assert len(found["changes"]) == 3
    assert found["report"] is None
    told = release(world, "--diff").stdout
    assert told.endswith(f"Nothing has been changed. To put them back: publer-sync release {world.top}\n")
    assert world.writes() == []
    assert world.ledger.read_bytes() == before


def test_a_release_that_could_not_end_the_hold_does_not_say_that_it_did(world: World) -> None:
    hold(world)
    with mock.patch.object(FileStore, "write", side_effect=StateError("no space is left")):
        ran = release(world)
    assert ran.code == 1
    assert "Posts are still on hold (Accident in town). To end it: publer-sync release" in ran.stdout
    assert "has ended" not in ran.stdout
    assert "The hold has ended (Accident in town)." in release(world).stdout
    assert world.settled_amiss() == []


def test_nothing_on_hold_is_no_error(world: World) -> None:
    ran = release(world)
    assert ran.code == 0
    assert "Nothing is on hold." in ran.stdout


def test_killed_on_the_way_the_next_apply_brings_the_rest(world: World) -> None:
    hold(world)
    assert killed_release(world).code == 137
    assert world.settled_amiss() == []
    assert ledgers.loads(world.ledger.read_bytes(), "x").holds == ()


def killed_release(world: World) -> Ran:
    with mock.patch.object(Publer, "schedule", side_effect=SystemExit(137)):
        return release(world)


@pytest.mark.story
def test_an_adopted_post_may_lack_what_publer_never_showed_and_that_is_said(empty_world: World) -> None:
    world = empty_world
    world.alike(POSTS[0])
    world.apply_first(*POSTS)
    asked = world.run("hold", world.top, "--reason", "Why", "--diff")
    assert asked.code == 0
    hold(world)
    plan = world.run("release", world.top, "--diff")
    assert "has only what the calendar says" in " ".join(plan.stdout.split())


def test_diff_names_the_calendar_in_its_fixes(world: World) -> None:
    world.sandbox.edit(world.find("two")["id"], text="two, by hand")
    hold(world)
    told = " ".join(release(world, "--diff").stdout.split())
    assert f"To restore the calendar's version: publer-sync apply {world.top} --overwrite-edits=two" in told
    assert "To apply it" not in told


def test_what_was_published_or_failed_in_spite_of_the_hold_is_named_by_account(empty_world: World) -> None:
    """One of two accounts was too quick: whoever releases reads which."""
    world = empty_world
    world.apply_first(Want("both", "[facebook, x]", T, "On both"), Want("two", "facebook", T + DAY, "two"))
    world.sandbox.faults.trips = [Trip("delete_nothing", method="DELETE", times=10**6)]
    ran = world.run(
        "hold", world.top, "--reason", "Accident", "--yes", "--account", "facebook", "--to", f"{T:%Y-%m-%d}"
    )
    assert ran.code == 6
    world.sandbox.faults.trips = []
    with clocks(world) as to:
        assert world.run("hold", world.top, "--reason", "Accident", "--yes", "--account", "x").code == 0
        to(T + 5 * MINUTE)
        world.sandbox.settle()
        found = document(world, "--diff")
        assert [post["account"]["alias"] for post in found["published"]] == ["facebook"]
        told = release(world).stdout
        assert "Published before the hold took effect: 1 post" in told
        assert 'facebook  both  "On both"' in told
        assert "missed" in told.partition("Published before")[0]
