"""`hold` in the settings: what the next apply takes out, what plan says meanwhile, and how posts come back."""

from __future__ import annotations

from dataclasses import replace
from unittest import mock

import pytest

from publer_sync.applying.following import Follower
from publer_sync.commands import apply
from publer_sync.values.errors import Interrupted
from tests.commands.holds import texts
from tests.system.worlds import (
    ACCOUNTS,
    DAY,
    HOUR,
    MINUTE,
    NEVER,
    T,
    Want,
    World,
    clocks,
    end_jobs,
    end_jobs_at,
    killed,
)

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


def test_apply_takes_out_what_is_scheduled_and_drafts_stay(world: World) -> None:
    world.settings(hold=HOLD)
    plan = world.plan()
    assert plan["summary"]["held"] == 3
    assert [change["action"] for change in plan["changes"]] == ["held"] * 3
    assert [warn["code"] for warn in plan["warnings"]] == ["on_hold"]
    assert (
        "(Accident in town): 3 posts are kept out of Publer from the next apply on;"
        in plan["warnings"][0]["message"]
    )
    done = world.apply()
    assert done.code == 0, done
    assert done.document["summary"]["applied"] == 3
    assert texts(world) == {"a draft"}
    assert not [line for line in world.amiss() if "not managed here" in line]


def test_on_hold_nothing_is_to_do_and_the_exit_code_says_so(world: World) -> None:
    world.settings(hold=HOLD)
    world.apply()
    ran = world.run("plan", world.top, "--detailed-exitcode")
    assert ran.code == 0
    assert "Nothing to do." in ran.stdout
    assert "3 on hold" in ran.stdout
    plan = world.plan()
    assert plan["summary"]["held"] == 3
    assert "3 posts are kept out of Publer;" in plan["warnings"][0]["message"]
    world.sandbox.reset_log()
    assert world.apply().code == 0
    assert world.writes() == []


def test_plan_tells_the_posts_that_an_apply_has_yet_to_take_out(world: World) -> None:
    world.settings(hold=HOLD)
    world.apply()
    one = world.find("a draft")
    world.sandbox.edit(one["id"], state="scheduled")
    (warning,) = (warn for warn in world.plan()["warnings"] if warn["code"] == "on_hold")
    assert "4 posts are kept out of Publer, 1 of them from the next apply on;" in warning["message"]


@pytest.mark.story
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


# --- while an earlier apply has something under way ------------------------------------------------------------------


LATE = Want("late", "linkedin", T, "sent and not listed")
NEW = Want("new", "facebook", T + DAY, "new")


@pytest.fixture
def without_end(world: World) -> World:
    """An earlier apply had sent one post more when it was killed, and Publer's job does not end."""
    world.sandbox.faults.job_delay = NEVER
    world.write(*POSTS, LATE)
    with mock.patch.object(Follower, "follow", side_effect=SystemExit(137)):
        assert world.run("apply", world.top, "--yes").code == 137
    world.settings(hold=HOLD)
    world.sandbox.reset_log()
    return world


@pytest.fixture
def under_way(without_end: World) -> World:
    """It ends once a post was taken out."""
    end_jobs_at(without_end.sandbox, "DELETE")
    return without_end


def asked_before_the_first_delete(world: World) -> int:
    """How often Publer was asked about jobs until then."""
    requests = world.sandbox.requests
    first = next(number for number, request in enumerate(requests) if request.method == "DELETE")
    return sum("job_status" in request.path for request in requests[:first])


def test_posts_are_out_before_what_is_under_way_is_waited_for(under_way: World) -> None:
    done = under_way.apply()
    assert done.code == 0, done
    assert asked_before_the_first_delete(under_way) == 1
    assert done.outcomes == [("held", name, "applied") for name in ("late", "one", "three", "two")]
    assert texts(under_way) == {"a draft"}
    assert not [line for line in under_way.amiss() if "not managed here" in line]
    assert under_way.apply().outcomes == []


def test_what_does_not_show_in_time_is_unverified_and_the_next_apply_removes_it(without_end: World) -> None:
    world = without_end
    done = world.apply("--timeout", "0.1")
    assert done.code == 6
    assert asked_before_the_first_delete(world) == 1
    assert [outcome for _, _, outcome in done.outcomes] == ["unverified", "applied", "applied", "applied"]
    end_jobs(world.sandbox)
    assert texts(world) == {"a draft", "sent and not listed"}
    assert world.apply().outcomes == [("held", "late", "applied")]
    assert texts(world) == {"a draft"}
    world.settings()
    assert world.settled_amiss() == []


def test_the_rest_of_the_apply_goes_on_once_what_is_on_hold_is_out(under_way: World) -> None:
    under_way.write(*POSTS, LATE, NEW)
    under_way.settings(hold={**HOLD, "accounts": ["x", "linkedin"]})
    done = under_way.apply()
    assert done.code == 0, done
    assert asked_before_the_first_delete(under_way) == 1
    assert texts(under_way) == {"one", "two", "new", "a draft"}


def test_a_post_that_has_its_label_since_today_goes_first_too(under_way: World) -> None:
    """Nothing that was sent says so: the calendar alone does."""
    under_way.write(*POSTS[:1], replace(POSTS[1], labels=("calm",)), *POSTS[2:], LATE)
    under_way.settings(hold={**HOLD, "labels": ["calm"]})
    assert under_way.apply().code == 0
    assert asked_before_the_first_delete(under_way) == 1
    assert texts(under_way) == {"one", "three", "a draft", "sent and not listed"}


def test_a_hold_that_left_the_settings_after_an_apply_was_cut_off_holds_nothing_any_more(
    without_end: World,
) -> None:
    assert killed(without_end, at="delete").code == 137
    end_jobs(without_end.sandbox)
    without_end.settings()
    assert without_end.apply().code == 0
    assert without_end.settled_amiss() == []


def test_a_post_under_way_that_left_the_calendar_goes_as_soon_as_it_shows(under_way: World) -> None:
    under_way.write(*POSTS)
    done = under_way.apply()
    assert (done.code, len(done.outcomes)) == (0, 4)
    assert texts(under_way) == {"a draft"}


def test_a_plan_file_is_applied_in_the_same_order(under_way: World) -> None:
    file = under_way.home / "plan.json"
    assert under_way.run("plan", under_way.top, "--out", file).code == 0
    under_way.sandbox.reset_log()
    ran = under_way.run("apply", file, "--yes")
    assert ran.code == 0, ran
    assert asked_before_the_first_delete(under_way) == 1
    assert texts(under_way) == {"a draft"}


def test_a_plan_that_is_another_one_afterwards_is_not_carried_out(under_way: World) -> None:
    """What someone agreed to did not have it: only what is on hold is out."""
    under_way.settings(hold={**HOLD, "accounts": ["facebook"]})
    file = under_way.home / "plan.json"
    assert under_way.run("plan", under_way.top, "--out", file).code == 0
    under_way.sandbox.faults.refuse = {ACCOUNTS["linkedin"]: "Something went wrong"}
    ran = under_way.run("apply", file, "--yes")
    assert ran.code == 5, ran
    assert "What is on hold is out of Publer; nothing else was done" in " ".join(ran.stderr.split())
    assert texts(under_way) == {"three", "a draft"}


def test_someone_is_asked_again_only_where_the_rest_is_another_plan(under_way: World) -> None:
    asked: list[str] = []
    under_way.write(*POSTS, LATE, NEW)
    under_way.settings(hold={**HOLD, "accounts": ["x"]})
    with (
        mock.patch.object(apply, "need_answer"),
        mock.patch.object(apply, "confirm", asked.append),
    ):
        ran = under_way.run("apply", under_way.top)
    assert ran.code == 0, ran
    assert len(asked) == 1
    assert texts(under_way) == {"one", "two", "new", "a draft", "sent and not listed"}


def test_someone_is_asked_again_where_the_rest_is_another_plan(under_way: World) -> None:
    """Also where a folder of calendars is applied: no is an answer then as well, and only what is on hold is out."""
    asked: list[str] = []

    def no_the_second_time(question: str) -> None:
        asked.append(question)
        if len(asked) > 1:
            raise Interrupted("nothing was changed: the answer was not yes", code="declined")

    under_way.settings(hold={**HOLD, "accounts": ["facebook"]})
    under_way.sandbox.faults.refuse = {ACCOUNTS["linkedin"]: "Something went wrong"}
    with (
        mock.patch.object(apply, "need_answer"),
        mock.patch.object(apply, "confirm", no_the_second_time),
    ):
        ran = under_way.run("apply", under_way.home)
    assert (ran.code, len(asked)) == (1, 2), ran
    told = " ".join(ran.stdout.split())
    assert "error: the answer was not yes. What is on hold is out of Publer; nothing else was done" in told
    assert texts(under_way) == {"three", "a draft"}


def test_an_edit_that_leaves_publer_is_told_by_plan_and_by_the_report(world: World) -> None:
    row = world.find("two")
    world.sandbox.edit(row["id"], text="two, as a colleague says it")
    world.settings(hold=HOLD)
    [told] = [warn["message"] for warn in world.plan()["warnings"] if warn["code"] == "hold_edited"]
    assert "two" in told
    ran = world.run("apply", world.top, "--yes")
    assert ran.code == 0
    assert "as a colleague says it" in " ".join(ran.stdout.split())
    world.settings()
    world.sandbox.settle()
    back = world.run("apply", world.top, "--yes")
    assert back.code == 6
    assert "In Publer then: two{+, as a colleague says it+}" in " ".join(back.stdout.split())


@pytest.mark.parametrize("how", ["a state that nobody knows", "a row that cannot be read"])
def test_what_publer_lists_in_a_way_that_nobody_can_read_is_taken_out_and_comes_back(
    world: World, how: str
) -> None:
    """It was sent to be published. What the list does not show of it, nobody edited."""
    three = world.find("three")["id"]
    if how.startswith("a state"):
        world.sandbox.edit(three, state="queued")
    else:
        world.sandbox.faults.unreadable = frozenset({three})
    world.settings(hold={**HOLD, "accounts": ["x"]})
    done = world.apply()
    assert (done.code, done.outcomes) == (0, [("held", "three", "applied")])
    assert texts(world) == {"one", "two", "a draft"}
    assert not [post for post in world.sandbox.posts() if post["id"] == three]
    world.settings()
    assert world.apply().code == 0
    assert texts(world) == {"one", "two", "three", "a draft"}


def test_an_adopted_post_whose_labels_nobody_knows_is_named_by_a_hold_by_label(world: World) -> None:
    """At the apply that begins it with 6, as the command does, and by each plan after that."""
    adopted = Want("adopted", "facebook", T + 5 * HOUR, "adopted")
    world.alike(adopted)
    world.write(*POSTS, adopted)
    assert world.apply().code == 0
    world.settings(hold={**HOLD, "labels": ["sale"]})
    done = world.apply()
    assert (done.code, done.result("adopted")["outcome"]) == (6, "not_tried")
    assert "shows those of this adopted post" in done.result("adopted")["message"]
    assert texts(world) == {"two", "adopted", "a draft"}
    assert world.apply().code == 0
    told = {warn["code"]: warn["message"] for warn in world.plan()["warnings"]}
    assert 'facebook "adopted"' in told["on_hold.unlabelled"]
    accounts = {alias: number for alias, number in ACCOUNTS.items() if alias != "facebook"}
    world.settings(hold={**HOLD, "labels": ["sale"]}, accounts=accounts)
    world.write(*(post for post in POSTS if post.account != "facebook"))
    ran = world.run("plan", world.top)
    assert (ran.code, '"adopted"' in " ".join(ran.stdout.split())) == (0, True), ran
    world.settings(hold={**HOLD, "labels": ["sale"]})
    world.write(*POSTS, replace(adopted, labels=("sale",)))
    assert world.apply().code == 0
    assert texts(world) == {"two", "a draft"}
