"""`hold` in the settings: what the next apply takes out, what plan says meanwhile, and how posts come back."""

from __future__ import annotations

import pytest

from tests.system.worlds import DAY, HOUR, MINUTE, T, Want, World, clocks, killed

POSTS = (
    Want("one", "facebook", T, "one", labels=("sale",)),
    Want("two", "facebook", T + HOUR, "two"),
    Want("three", "x", T, "three", labels=("sale",)),
    Want("draft", "x", T + HOUR, "a draft", draft=True),
)
HOLD = {"reason": "Accident in town"}


@pytest.fixture
def world(empty_world: World) -> World:
    empty_world.stranger("facebook", T + 2 * HOUR, "a colleague's post")
    empty_world.apply_first(*POSTS)
    return empty_world


def texts(world: World) -> set[str]:
    """What of ours is in Publer."""
    return {row.text for row in world.live()}


def test_apply_takes_out_what_is_scheduled_and_drafts_stay(world: World) -> None:
    world.settings(hold=HOLD)
    plan = world.plan()
    assert plan["summary"]["held"] == 3
    assert [change["action"] for change in plan["changes"]] == ["held"] * 3
    assert [warn["code"] for warn in plan["warnings"]] == ["on_hold"]
    assert "Accident in town" in plan["warnings"][0]["message"]
    done = world.apply()
    assert done.code == 0, done
    assert done.document["summary"]["applied"] == 3
    assert texts(world) == {"a draft"}
    assert not [line for line in world.amiss() if "foreign" in line]


def test_on_hold_nothing_is_to_do_and_the_exit_code_says_so(world: World) -> None:
    world.settings(hold=HOLD)
    world.apply()
    ran = world.run("plan", world.top, "--detailed-exitcode")
    assert ran.code == 0
    assert "Nothing to do." in ran.stdout
    assert "3 on hold" in ran.stdout
    assert world.plan()["summary"]["held"] == 3
    world.sandbox.reset_log()
    assert world.apply().code == 0
    assert world.writes() == []


def test_the_freeze_and_the_limit_of_deletes_do_not_apply(empty_world: World) -> None:
    world = empty_world
    many = [Want(f"p{number}", "x", T + number * MINUTE, f"post {number}") for number in range(25)]
    world.apply_first(*many)
    world.settings(hold=HOLD, limits={"delete": 0, "freeze_minutes": 100000})
    assert world.plan()["refusals"] == []
    assert world.apply().code == 0
    assert texts(world) == set()


def test_a_scope_leaves_everything_else_alone(world: World) -> None:
    world.settings(hold={**HOLD, "accounts": "facebook", "labels": ["sale"]})
    world.write(
        *POSTS,
        Want("new", "facebook", T + DAY, "new"),
        Want("off", "facebook", T + DAY + HOUR, "off", labels=("sale",)),
    )
    assert world.apply().code == 0
    assert texts(world) == {"two", "three", "a draft", "new"}
    assert world.plan()["summary"]["held"] == 2


def test_once_the_hold_has_left_the_settings_the_next_apply_puts_posts_back(world: World) -> None:
    world.settings(hold=HOLD)
    world.apply()
    world.settings()
    plan = world.plan()
    assert {(change["action"], change["reason"]) for change in plan["changes"]} == {
        ("create", "it was on hold")
    }
    assert world.settled_amiss() == []


def test_both_posts_of_a_replace_go(world: World) -> None:
    world.write(Want("one", "facebook", T + 3 * DAY, "one", labels=("sale",)), *POSTS[1:])
    assert killed(world, "delete").code == 137
    assert sorted(row.text for row in world.live()).count("one") == 2
    world.settings(hold={**HOLD, "labels": ["sale"]})
    assert world.apply().code == 0
    assert texts(world) == {"two", "a draft"}
    world.settings()
    assert world.settled_amiss() == []


def test_what_a_hold_made_miss_its_time_is_told_once_it_ends(world: World) -> None:
    with clocks(world) as to:
        world.settings(hold=HOLD)
        world.apply()
        to(T + 30 * MINUTE)
        assert world.plan()["summary"]["missed"] == 0
        assert world.apply().code == 0
        world.settings()
        done = world.apply()
        assert done.code == 6
        missed = [result for result in done.document["results"] if result["outcome"] == "not_tried"]
        assert {(result["id"], result["message"]) for result in missed} == {
            ("one", "its time passed while it was on hold"),
            ("three", "its time passed while it was on hold"),
        }
        assert world.apply().code == 0


def test_an_unknown_account_is_an_error_and_nothing_is_done(world: World) -> None:
    world.settings(hold={**HOLD, "accounts": ["facebok"]})
    ran = world.run("apply", world.top, "--yes")
    assert ran.code == 3
    assert "facebok" in ran.stderr
    assert "Did you mean" in ran.stderr


def test_a_hold_needs_a_reason(world: World) -> None:
    world.settings(hold={"accounts": ["facebook"]})
    ran = world.run("validate", world.top)
    assert ran.code == 3
    assert "reason" in ran.stderr + ran.stdout


def test_status_says_what_is_on_hold_and_how_to_end_it(world: World) -> None:
    world.settings(hold=HOLD)
    world.apply()
    ran = world.run("status", world.top)
    assert ran.code == 6
    assert "Accident in town" in ran.stdout
    assert "remove `hold` from publer.yaml" in ran.stdout.replace("\n", " ")
