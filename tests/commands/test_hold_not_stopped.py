"""`hold` where Publer refuses, where somebody was faster, and where it is stopped itself: the rest goes, and what is left is named."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from unittest import mock

import pytest

from publer_sync.publer.gateway import Publer, UrgentPubler
from publer_sync.sandbox import Trip
from tests.commands.holds import POSTS, SOON, hold, in_place, texts
from tests.system.worlds import DAY, HOUR, MINUTE, World, clocks


@pytest.fixture
def world(empty_world: World) -> World:
    return in_place(empty_world)


def test_what_publer_does_not_let_go_is_named(world: World) -> None:
    world.sandbox.faults.trips = [Trip("delete_nothing", method="DELETE", times=10**6)]
    held = hold(world, code=6)
    assert set(held.outcomes.values()) == {"not_stopped"}
    text = world.run("hold", world.top, "--reason", "Accident in town", "--yes")
    assert "Not stopped: 3 posts" in text.stdout
    assert "still lists it as scheduled" in text.stdout


def test_one_post_that_publer_refuses_to_remove_keeps_no_other_in(world: World) -> None:
    world.sandbox.faults.trips = [Trip("error_before", method="DELETE", status=422, nth=1, times=2)]
    hold(world)
    assert texts(world) == {"a draft"}


def test_a_post_that_the_keys_user_may_not_delete_keeps_no_other_in(world: World) -> None:
    world.sandbox.faults.undeletable = frozenset({world.find("one")["id"]})
    held = hold(world, code=6)
    assert held.outcomes == {"soon": "removed", "one": "not_stopped", "two": "removed"}
    assert texts(world) == {"one", "a draft"}


def test_a_post_that_somebody_deletes_meanwhile_keeps_no_other_in(world: World) -> None:
    world.sandbox.faults.delete_gone = "404-any"
    theirs, real = world.find("one")["id"], world.sandbox.handle

    def handle(request: Any) -> Any:
        if request.method == "DELETE" and theirs in request.query and theirs in world.by_id():
            world.sandbox.remove(theirs)
        return real(request)

    with mock.patch.object(world.sandbox, "handle", handle):
        hold(world)
    assert texts(world) == {"a draft"}
    assert [
        len(request.query["post_ids[]"]) for request in world.sandbox.requests if request.method == "DELETE"
    ] == [1, 2, 1, 1]


def test_a_post_that_a_person_deleted_before_does_not_count_as_removed(world: World) -> None:
    world.sandbox.remove(world.find("one")["id"])
    assert "one" not in hold(world).outcomes
    release = world.run("release", world.top, "--yes")
    assert release.code == 6
    assert texts(world) == {"two", "soon", "a draft"}


def test_posts_published_meanwhile_are_named(world: World) -> None:
    with clocks(world) as to:
        hold(world)
        world.run("release", world.top, "--yes")
        world.sandbox.settle()
        to(SOON + MINUTE / 2)
        held = hold(world, code=6)
        assert held.outcomes == {"soon": "not_stopped", "one": "removed", "two": "removed"}


def test_a_post_that_was_taken_out_in_its_last_minutes_is_told_until_it_is_known_what_became_of_it(
    world: World,
) -> None:
    with clocks(world) as to:
        to(SOON - 3 * MINUTE)
        hold(world)
        to(SOON + 2 * MINUTE)
        ended = world.run("release", world.top, "--yes")
        assert ended.code == 6
        told = " ".join(ended.stdout.split())
        shows = f"whether it was published anyway shows by {SOON + HOUR:%H:%M}."
        assert f"It was removed from Publer in the last minutes before its time; {shows}" in told
        assert "new time" not in told, "that could publish it twice"
        world.sandbox.settle()
        assert world.apply().code == 0, "it was told"
        to(SOON + HOUR + 2 * MINUTE)
        later = world.run("apply", world.top, "--yes")
        assert later.code == 6
        assert "its time passed while it was on hold" in later.stdout.lower()
        assert world.apply().code == 0


def test_a_post_that_was_removed_just_at_its_time_is_created_again_once_somebody_says_so(
    world: World,
) -> None:
    """Publer may have published it first: its removal took it from the list of what was published, too."""
    with clocks(world) as to:
        to(SOON - MINUTE / 3)
        hold(world)
        assert world.run("release", world.top, "--yes").code == 6
        to(SOON + HOUR + 2 * MINUTE)
        with mock.patch.object(
            world.sandbox, "poll_seconds", 2
        ):  # by which it is known how late a removal comes
            later = world.run("apply", world.top, "--yes")
        assert later.code == 6
        why = (
            "it was removed from Publer just at its time, and it is not known whether it was published first"
        )
        assert why in " ".join(later.stdout.lower().split()).replace("publer", "Publer")
        world.write(*(replace(post, at=post.at + DAY) if post.id == "soon" else post for post in POSTS))
        [change] = world.plan()["changes"]
        assert (change["action"], change["code"], change["id"], change["reason"]) == (
            "blocked",
            "twin",
            "soon",
            why,
        )
        assert world.apply().code == 6
        assert "soon" not in texts(world)
        assert world.apply("--allow-twins").code == 0
        assert "soon" in texts(world)
        assert world.apply().code == 0


def test_a_post_to_which_an_edit_gave_another_id_goes_although_no_apply_has_listed_it_since(
    world: World,
) -> None:
    world.sandbox.faults.put_renumbers = True
    update = Publer.update

    def cut_off(*args: Any, **more: Any) -> None:
        update(*args, **more)
        raise SystemExit(137)

    world.write(*(replace(post, text="Better") if post.id == "one" else post for post in POSTS))
    with mock.patch.object(Publer, "update", cut_off):
        assert world.apply().code == 137
    assert "Better" in texts(world)
    with mock.patch.object(world.sandbox, "poll_seconds", 2):  # by which the edit is not settled yet
        assert hold(world).outcomes == {"one": "removed", "soon": "removed", "two": "removed"}
    assert texts(world) == {"a draft"}
    assert world.run("release", world.top, "--yes").code == 0
    assert texts(world) == {"Better", "two", "soon", "a draft"}
    assert world.apply().code == 0


def test_a_post_of_ours_that_someone_declined_stays_declined(world: World) -> None:
    """It is not published; release would schedule what somebody said no to."""
    world.sandbox.edit(world.find("two")["id"], state="scheduled_declined")
    world.sandbox.edit(world.find("one")["id"], state="recurring")
    held = hold(world, code=6)
    assert held.outcomes == {"one": "not_stopped", "soon": "removed"}
    assert [(each["action"], each["code"]) for each in world.plan()["changes"] if each["id"] == "two"] == [
        ("blocked", "state")
    ]
    world.run("release", world.top, "--yes")
    world.sandbox.settle()
    assert [row.text for row in world.live()].count("two") == 1


def test_stopped_halfway_it_tells_what_is_out_and_what_to_do(world: World) -> None:
    real, left = UrgentPubler.delete, [1]

    def interrupted(publer: UrgentPubler, ids: list[str]) -> frozenset[str]:
        gone = real(publer, ids)
        if left and left.pop():
            raise KeyboardInterrupt
        return gone

    with mock.patch.object(UrgentPubler, "delete", interrupted):
        ran = world.run("hold", world.top, "--yes", "--reason", "Why")
    assert ran.code == 1
    assert "Not verified: 1 post" in ran.stdout
    assert "Stopped, as asked: some posts may still be scheduled." in ran.stdout
    assert "Run hold again" in ran.stdout
    hold(world)
    assert texts(world) == {"a draft"}


def test_a_delete_that_takes_another_post_ends_it_on_the_spot(world: World) -> None:
    world.sandbox.faults.trips = [Trip("foreign_id", method="DELETE")]
    ran = world.run("hold", world.top, "--reason", "Why", "--yes", "--format", "json")
    assert ran.code == 1
    assert json.loads(ran.stdout)["error"]["code"] == "foreign_delete"
    assert world.writes() == ["DELETE"]
