"""What someone makes in Publer while a hold lasts, and what each apply says of posts on hold that may still be there."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from publer_sync.commands.running.plan_file import differ
from tests.builders import LATER, ledger, planned
from tests.commands.holds import POSTS, hold, in_place, texts, untouched
from tests.planning.posts import HOLD, LISTED, LIVE, POST
from tests.system.worlds import DAY, HOUR, NEVER, T, Want, World, end_jobs


@pytest.fixture
def world(empty_world: World) -> World:
    return in_place(empty_world)


def warnings(world: World) -> dict[str, str]:
    return {warn["code"]: warn["message"] for warn in world.plan()["warnings"]}


@pytest.mark.parametrize("how", ["command", "settings"])
def test_what_someone_makes_in_scope_while_it_lasts_is_named_by_plan_and_status(
    world: World, how: str
) -> None:
    """What was there before, the hold itself has named."""
    world.stranger("facebook", T - 40 * DAY, "an old repetition", state="recurring")
    if how == "command":
        hold(world, "--account", "facebook")
    else:
        world.settings(hold={"reason": "Why", "accounts": ["facebook"]})
        assert "on_hold.made" not in warnings(world)
        assert world.apply().code == 0
    assert "on_hold.made" not in warnings(world)
    world.stranger("facebook", T + 9 * HOUR, "made in a hurry")
    world.stranger("x", T + 9 * HOUR, "made elsewhere")
    world.stranger("facebook", T + 10 * HOUR, "only a draft", state="draft")
    message = warnings(world)["on_hold.made"]
    assert message.startswith("someone made 1 post that is in the scope of this hold and will be published: ")
    assert 'facebook "made in a hurry"; to stop it, delete it in Publer' in message
    status = world.run("status", world.top)
    assert status.code == 6
    assert "made in a hurry" in status.stdout
    document = json.loads(world.run("status", world.top, "--format", "json").stdout)
    assert [post["text"] for post in document["made_on_hold"]] == ["made in a hurry"]
    assert untouched(world)


def test_one_that_equals_a_held_post_is_adopted_and_outside_this_hold(world: World) -> None:
    hold(world)
    world.alike(POSTS[1])
    plan = world.plan()
    assert [(each["action"], each["id"]) for each in plan["changes"]] == [("adopt", "two")]
    assert "will be published" in plan["changes"][0]["reason"]
    done = world.apply()
    assert done.code == 6
    assert done.result("two")["outcome"] == "not_tried"
    assert "Run hold again" in done.result("two")["hint"]
    for _ in range(2):
        assert texts(world) == {"two", "a draft"}
        assert (world.apply().code, world.plan()["changes"]) == (0, [])
    world.write(POSTS[0], replace(POSTS[1], at=POSTS[1].at + HOUR), *POSTS[2:])
    for _ in range(2):  # its new post is outside, too
        assert world.apply().code == 0
        assert texts(world) == {"two", "a draft"}
    assert hold(world).outcomes == {"two": "removed"}
    assert texts(world) == {"a draft"}
    assert world.run("release", world.top, "--yes").code == 0
    assert texts(world) == {"one", "two", "soon", "a draft"}


def test_what_an_apply_had_sent_is_ours_and_goes_though_it_turns_up_like_a_post_by_hand(world: World) -> None:
    world.write(*POSTS, Want("late", "linkedin", T, "sent and not listed"))
    world.sandbox.faults.job_delay = NEVER
    world.apply("--timeout", "0")
    assert hold(world, "--timeout", "0", code=6).outcomes["late"] == "unverified"
    end_jobs(world.sandbox)
    world.sandbox.settle()
    assert "on_hold.made" not in warnings(world)
    done = world.apply()
    assert done.outcomes == [("held", "late", "applied")]
    assert texts(world) == {"a draft"}


def test_each_apply_tells_of_what_is_on_hold_and_may_be_a_row_that_nobody_can_read(world: World) -> None:
    """It has another id, as Publer may give one to a post that is edited there; who deletes it in Publer has peace."""
    world.sandbox.remove(world.find("one")["id"])
    row = world.alike(POSTS[0])
    world.sandbox.faults.unreadable = frozenset({row})
    assert hold(world, code=6).outcomes["one"] == "unverified"
    for _ in range(2):
        done = world.apply()
        assert (done.code, done.outcomes) == (6, [("blocked", "one", "not_tried")])
        assert "it is on hold, and Publer lists a post" in done.result("one")["message"]
    world.sandbox.remove(row)
    assert (world.apply().code, world.plan()["changes"]) == (0, [])
    assert world.run("release", world.top, "--yes").code == 6
    assert world.apply("--allow-recreate").code == 0
    assert texts(world) == {"one", "two", "soon", "a draft"}


@pytest.mark.parametrize("how", ["command", "settings"])
def test_each_apply_tells_of_what_is_on_hold_and_may_be_left_out_of_an_incomplete_list(
    world: World, how: str
) -> None:
    world.sandbox.faults.trip("rows_left_out", "GET", "/posts$", times=10**6)
    if how == "settings":
        world.settings(hold={"reason": "Why"})
    else:
        assert hold(world, code=6).outcomes["soon"] == "unverified"
    for _ in range(2):
        done = world.apply()
        assert (done.code, done.result("soon")["code"]) == (6, "listing")
        assert "may still have it" in done.result("soon")["message"]
        assert texts(world) == {"soon", "a draft"}
    world.sandbox.faults.trips.clear()
    done = world.apply()
    assert (done.code, done.outcomes) == (0, [("held", "soon", "applied")])
    assert texts(world) == {"a draft"}


def test_what_is_on_hold_and_cannot_be_seen_is_nothing_else_to_do() -> None:
    """Else an apply of a plan file would end once it has taken out the rest, and a person be asked twice."""
    state = ledger(LISTED, holds=(HOLD,))
    held = planned([POST], [LIVE], state)
    unseen = planned([POST], [], state, short=1)
    assert [change.action for change in (*held.changes, *unseen.changes)] == ["held", "blocked"]
    assert not differ(unseen, held)
    assert differ(planned([replace(POST, at=LATER)], [LIVE], ledger(LISTED)), held)
