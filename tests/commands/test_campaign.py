"""A campaign that counts from a date with a name: the date moves, everything moves with it, and nothing is published twice."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from tests.system.worlds import DAY, HOUR, T, World, clocks

if TYPE_CHECKING:
    from datetime import datetime

DECLARED = "publer.yaml"
POSTS = """\
accounts: x
posts:
- id: teaser
  at: launch - 7d 09:00
  accounts: [x, facebook]
  text: Seven days
- id: launch-day
  at: launch 10:00
  text: It is here
- id: tips
  at: launch + 1d 12:00
  repeat: {every: day, times: 3}
  text: A tip
- id: fixed
  at: %s 15:00
  text: Whatever moves
"""


def lines(world: World, launch: datetime, **more: Any) -> None:
    world.settings(dates={"launch": f"{launch:%Y-%m-%d}"}, **more)


@pytest.fixture
def world(empty_world: World) -> World:
    """Everything is in place, and the launch is at T."""
    (empty_world.top / "posts.yaml").write_text(POSTS % f"{T + 2 * DAY:%Y-%m-%d}", encoding="utf-8")
    lines(empty_world, T)
    assert empty_world.apply().code == 0
    empty_world.sandbox.settle()
    assert empty_world.plan()["changes"] == []
    return empty_world


def texts(world: World, *words: str) -> str:
    ran = world.run(*words)
    assert ran.code == 0, ran
    return " ".join(ran.stdout.split())


def when(moment: datetime) -> str:
    return f"{moment:%a} {moment.day} {moment:%b %Y}"


def test_one_line_moves_the_campaign_and_each_move_is_shown(world: World) -> None:
    lines(world, T + 7 * DAY)
    plan = world.plan()
    assert Counter(change["action"] for change in plan["changes"]) == {"replace": 6}
    (warning,) = [each for each in plan["warnings"] if each["code"] == "date_moved"]
    moved = (
        f"he date `launch` moved from {when(T)} to {when(T + 7 * DAY)}: 5 posts (on 2 accounts) move with it"
    )
    assert warning["message"] == f"t{moved}"
    assert warning["source"] == {"file": "publer.yaml", "line": 4}
    teaser = next(change for change in plan["changes"] if change["id"] == "teaser")
    assert teaser["counted_from"] == {
        "written": "launch - 7d 09:00",
        "name": "launch",
        "date": f"{T + 7 * DAY:%Y-%m-%d}",
        "source": {"file": "publer.yaml", "line": 4},
    }
    shown = texts(world, "plan", str(world.top), "-v")
    assert moved in shown
    assert "posts.yaml:3 · launch - 7d 09:00" in shown
    assert moved in texts(world, "plan", str(world.top), "--format", "markdown").replace("\\", "")
    assert world.apply().code == 0
    world.sandbox.settle()
    assert world.plan()["changes"] == []
    assert {row.at for row in world.live() if row.text == "Seven days"} == {T}
    assert sorted(str(row.at) for row in world.live() if row.text == "A tip") == [
        str(T + number * DAY + 3 * HOUR) for number in (8, 9, 10)
    ]


def test_a_date_that_moves_says_what_it_leaves_out_of_a_series_and_lets_in(world: World) -> None:
    series = "posts:\n- id: tip\n  at: %s 09:00\n  accounts: x\n  text: A daily tip\n  ignore: {text.again: a tip}\n  repeat: {every: day, until: launch - 1d, except: [launch - 3d]}\n"
    (world.top / "posts.yaml").write_text(series % f"{T - 10 * DAY:%Y-%m-%d}", encoding="utf-8")
    lines(world, T - 4 * DAY)
    assert world.apply().code == 0
    world.sandbox.settle()

    def day(days: int) -> str:
        return f"tip@{T + days * DAY:%Y-%m-%d}"

    assert [each["code"] for each in world.plan()["warnings"]] == []
    lines(world, T - 5 * DAY)
    (warning,) = [each for each in world.plan()["warnings"] if each["code"] == "date_series"]
    assert warning["message"].endswith(
        f"the series tip loses 2 posts: {day(-8)}, {day(-5)} and gets one more post: {day(-7)}"
    )
    assert warning["source"] == {"file": "publer.yaml", "line": 4}
    lines(world, T - 2 * DAY)
    (warning,) = [each for each in world.plan()["warnings"] if each["code"] == "date_series"]
    let_in = ", ".join(map(day, (-7, -4, -3)))
    assert warning["message"].endswith(f"loses one post: {day(-5)} and gets 3 more posts: {let_in}")


def test_a_date_that_moves_back_lets_days_in_too_late_to_be_missed(world: World) -> None:
    """Two were published, and the series was over; a day that an apply could have put in place is missed as ever."""
    series = "posts:\n- id: tip\n  at: %s 09:00\n  accounts: x\n  text: Each day\n  ignore: {text.again: a series}\n  repeat: {every: day, until: launch - 1d}\n"
    (world.top / "posts.yaml").write_text(series % f"{T - 10 * DAY:%Y-%m-%d}", encoding="utf-8")
    lines(world, T - 8 * DAY)
    assert world.apply().code == 0
    with clocks(world) as to:
        to(T - 6 * DAY + HOUR)
        lines(world, T - 4 * DAY)
        plan = world.plan()
        assert (plan["summary"]["missed"], plan["summary"]["past"], plan["summary"]["create"]) == (0, 5, 1)
        (warning,) = [each for each in plan["warnings"] if each["code"] == "date_series"]
        ahead, *late = (f"tip@{T + days * DAY:%Y-%m-%d}" for days in (-5, -8, -7, -6))
        assert warning["message"].endswith(
            f"gets one more post: {ahead} and gets 3 more posts: {', '.join(late)}, too late to be published"
        )
        assert "too late to be published" in world.run("plan", world.top).stdout.replace("\n", " ")
        applied = world.run("apply", world.top, "--yes")
        assert applied.code == 0, "nothing failed"
        assert "too late to be published" in " ".join(applied.stdout.split())
        assert world.plan()["warnings"] == [], "and it is told once"
        lines(world, T - 2 * DAY)
        to(T - 2 * DAY)  # no apply ran while the two days that were let in were ahead
        assert world.plan()["summary"]["missed"] == 0
        sooner = (
            (world.top / "posts.yaml").read_text(encoding="utf-8").replace("until: launch - 1d", "times: 8")
        )
        (world.top / "posts.yaml").write_text(sooner, encoding="utf-8")
        assert world.plan()["summary"]["missed"] == 2, "days that no date let in"


def test_a_day_left_out_gives_no_other_post_of_a_numbered_series_another_number(world: World) -> None:
    """Two of three were published, then the launch moves: the step that plan names leaves the third as it is."""
    posts = world.top / "posts.yaml"
    with clocks(world) as to:
        to(T + 2 * DAY + 4 * HOUR)
        lines(world, T + DAY)
        plan = world.plan()
        assert {(each["id"], each["action"]) for each in plan["changes"]} >= {
            ("tips@2", "blocked"),
            ("tips@3", "replace"),
        }
        shown = " ".join(world.run("plan", world.top).stdout.split())
        day = f"{T + 3 * DAY:%Y-%m-%d}"
        assert f"For this day alone: leave it out there (except: [{day}]) and add a post for it." in shown
        text = posts.read_text(encoding="utf-8")
        posts.write_text(text.replace("times: 3}", f"times: 3, except: [{day}]}}"), encoding="utf-8")
        tips = [each for each in world.plan()["changes"] if "tips" in each["id"]]
        assert [(each["id"], each["action"]) for each in tips] == [("tips@3", "replace")]
        world.apply()
        to(T + 20 * DAY)
        published = Counter(
            post["text"] for post in world.sandbox.posts() if post["state"].startswith("published")
        )
        assert published["A tip"] == 3


def test_a_day_that_was_there_at_the_last_apply_is_missed_however_its_series_ends(world: World) -> None:
    series = "posts:\n- id: tip\n  at: %s 09:00\n  accounts: x\n  text: Each day\n  ignore: {text.again: a series}\n  repeat: {every: day, until: launch - 1d}\n"
    (world.top / "posts.yaml").write_text(series % f"{T - 10 * DAY:%Y-%m-%d}", encoding="utf-8")
    lines(world, T - 8 * DAY)
    world.stranger("x", T - 9 * DAY, "in its place")
    assert world.apply().code == 6
    with clocks(world) as to:
        to(T - 8 * DAY)
        assert world.plan()["summary"]["missed"] == 1


def test_a_date_that_moves_after_a_post_was_published_publishes_it_no_second_time(world: World) -> None:
    with clocks(world) as to:
        to(T + DAY + 4 * HOUR)
        lines(world, T + 7 * DAY)
        plan = world.plan()  # the teaser's new time has passed, too
        assert {(change["id"], change["action"], change["code"]) for change in plan["changes"]} == {
            ("launch-day", "blocked", "went_out"),
            ("tips@1", "blocked", "went_out"),
            ("tips@2", "replace", None),
            ("tips@3", "replace", None),
        }
        (warning,) = [each for each in plan["warnings"] if each["code"] == "date_moved"]
        assert warning["message"].endswith("2 posts move with it")
        assert world.apply().code == 6, "what was published is told once"
        assert world.apply().code == 0
        to(T + 20 * DAY)
        published = [post for post in world.sandbox.posts() if post["state"].startswith("published")]
        assert Counter(post["text"] for post in published) == {
            "Seven days": 2,
            "It is here": 1,
            "A tip": 3,
            "Whatever moves": 1,
        }


def test_a_time_that_counts_is_explained_as_a_sum_previewed_and_exported(world: World) -> None:
    text = texts(world, "explain", "launch-day", "--calendar", str(world.top), "--offline")
    assert f"counts from launch 10:00 launch is {when(T)}, publer.yaml:4" in text
    ran = world.run("explain", "tips@2", "--calendar", world.top, "--offline", "--format", "json")
    ((post,),) = ([each["accounts"][0]] for each in json.loads(ran.stdout)["posts"])
    assert (post["id"], post["counted_from"]["written"]) == ("tips@2", "launch + 1d 12:00")
    exported = json.loads(world.run("export", world.top, "--format", "json").stdout)["posts"]
    assert {each["id"]: "counted_from" in each for each in exported} == {
        **dict.fromkeys(("teaser", "launch-day", "tips@1", "tips@2", "tips@3"), True),
        "fixed": False,
    }
    page = world.home / "page.html"
    assert world.run("preview", world.top, "--out", page).code == 0
    told = page.read_text(encoding="utf-8")
    assert f"counted from launch ({when(T)}): launch - 7d 09:00" in told
    assert "2 of 3" in told


def test_a_post_that_counted_from_nothing_moves_with_its_date_from_the_first_apply_on(world: World) -> None:
    """Its time stays, so nothing is sent; that apply notes what it counts from."""
    calendar = world.top / "posts.yaml"
    calendar.write_text(
        calendar.read_text(encoding="utf-8").replace(f"{T + 2 * DAY:%Y-%m-%d} 15:00", "launch + 2d 15:00"),
        encoding="utf-8",
    )
    world.sandbox.reset_log()
    assert world.plan()["changes"] == []
    assert world.apply().code == 0
    assert world.writes() == []
    lines(world, T + 7 * DAY)
    (warning,) = [each for each in world.plan()["warnings"] if each["code"] == "date_moved"]
    assert "6 posts (on 2 accounts) move" in warning["message"]


def test_pull_leaves_a_time_that_counts_with_the_line_to_paste(world: World) -> None:
    (day,) = (post for post in world.sandbox.posts() if post["text"] == "It is here")
    world.sandbox.edit(day["id"], at=T + 5 * HOUR, text="It is here!")
    before = (world.top / "posts.yaml").read_bytes()
    ran = world.run("pull", world.top, "--yes", "--format", "json")
    assert ran.code == 6
    (left,) = json.loads(ran.stdout)["posts"]
    assert left["reason"] == "its time counts from a date with a name"
    assert left["paste"] == f"at: {T + 5 * HOUR:%a %Y-%m-%d %H:%M}"
    assert (world.top / "posts.yaml").read_bytes() == before
    world.sandbox.edit(day["id"], at=T + HOUR)
    assert world.run("pull", world.top, "--yes").code == 0
    assert "It is here!" in (world.top / "posts.yaml").read_text(encoding="utf-8")
    assert "at: launch 10:00" in (world.top / "posts.yaml").read_text(encoding="utf-8")


def test_pull_writes_a_time_of_day_on_a_counted_day_and_leaves_out_a_day_of_a_numbered_series(
    world: World,
) -> None:
    calendar = world.top / "posts.yaml"
    text = calendar.read_text(encoding="utf-8").replace(
        "  text: Seven", "  networks: {x: {at: 11:00}}\n  text: Seven"
    )
    calendar.write_text(text, encoding="utf-8")
    assert world.apply().code == 0
    world.sandbox.settle()
    on_x = next(post for post in world.sandbox.posts() if post["at"] == T - 7 * DAY + 2 * HOUR)
    world.sandbox.edit(on_x["id"], at=T - 7 * DAY + 4 * HOUR)
    assert world.run("pull", world.top, "--yes").code == 0
    assert "networks: {x: {at: 13:00}}" in calendar.read_text(encoding="utf-8")
    second = next(post for post in world.sandbox.posts() if post["at"] == T + 2 * DAY + 3 * HOUR)
    world.sandbox.edit(second["id"], text="Another tip")
    (left,) = json.loads(world.run("pull", world.top, "--yes", "--format", "json").stdout)["posts"]
    assert left["paste"] == "except: [launch + 2d]"


def test_a_line_that_moves_many_posts_is_named_as_any_other(world: World) -> None:
    many = "".join(
        f"- id: p{number}\n  at: launch + {number}d\n  text: number {number}\n" for number in range(1, 21)
    )
    (world.top / "posts.yaml").write_text(f"accounts: x\ntime: 08:00\nposts:\n{many}", encoding="utf-8")
    world.settings(dates={"launch": f"{T:%Y-%m-%d}"}, limits={"delete": 50})
    assert world.apply().code == 0
    world.sandbox.settle()
    lines(world, T + 30 * DAY)
    told = [each["message"] for each in world.plan()["warnings"] if each["code"] == "change.many"]
    assert len(told) == 1
    assert told[0].startswith("this line changes 20 posts: launch;")
