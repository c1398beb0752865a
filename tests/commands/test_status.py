"""`status`: what is ahead, what needs attention, and how the last days went."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.ledger.copies import End
from publer_sync.ledger.hold import Hold
from publer_sync.render.layout.measure import width
from publer_sync.sandbox import Trip
from tests.commands.side_by_side import SideBySide
from tests.conftest import Ran
from tests.schemas import conforms
from tests.system.worlds import ACCOUNTS, DAY, T, Want, World, clocks

if TYPE_CHECKING:
    from tests.conftest import Ran

NOW = datetime.now(UTC)
POSTS = (
    Want("first", "x", T, "The first post of the month"),
    Want("second", "x", T + 20 * DAY, "The second, after a long silence"),
    Want("third", "facebook", T, "A post on another account"),
)


@pytest.fixture
def world(empty_world: World) -> World:
    empty_world.apply_first(*POSTS)
    return empty_world


def status(world: World, *words: str) -> Ran:
    return world.run("status", world.top, *words)


def line(world: World) -> str:
    """What the table of several calendars says of it."""
    table, _, _ = world.run("status", world.home).stdout.partition("──")
    return " ".join(table.split()).partition("calendar ")[2].partition("calendar ")[2]


def document(world: World) -> Any:
    ran = status(world, "--format", "json")
    found = json.loads(ran.stdout)
    conforms(found, "status")
    assert ran.code == (6 if found["urgent"] or found["failed"] else 0)
    return found


def ahead(found: Any) -> dict[str, int]:
    return {each["account"]["alias"]: each["ahead"] for each in found["accounts"]}


def test_what_is_ahead_and_where_an_account_is_silent(world: World) -> None:
    world.sandbox.requests.clear()
    found = document(world)
    assert {request.method for request in world.sandbox.requests} == {"GET"}
    assert ahead(found) == {"facebook": 1, "x": 2, "linkedin": 0, "mastodon": 0, "bluesky": 0}
    x = next(each for each in found["accounts"] if each["account"]["alias"] == "x")
    assert x["next"]["text"] == POSTS[0].text
    assert [gap["to"][:10] for gap in x["gaps"]] == [f"{T:%Y-%m-%d}", f"{T + 20 * DAY:%Y-%m-%d}"]
    assert found["last_apply"] is not None
    assert 0 < found["requests_left"] < 1000
    text = status(world).stdout
    assert "linkedin    nothing ahead" in text
    assert "2 ahead until" in text
    assert ": 20 days" in text


@pytest.mark.slow
def test_an_apply_in_which_posts_failed_is_no_good_apply(world: World) -> None:
    good = document(world)["last_good_apply"]
    assert good == document(world)["last_apply"]
    assert "last good apply: " in status(world).stdout
    assert "partial" not in status(world).stdout
    world.sandbox.faults.job_fails = "Something went wrong"
    world.write(*POSTS, Want("late", "x", T + 3 * DAY, "Refused"))
    time.sleep(1)  # the state keeps seconds
    assert world.apply().code == 6
    found = document(world)
    assert (found["last_good_apply"], found["last_apply"] > good) == (good, True)
    assert world.plan()["last_good_apply"] == good
    assert "last apply, partial: " in status(world).stdout
    world.sandbox.faults.job_fails = None
    assert world.apply("--account", "facebook").code == 0
    assert document(world)["last_good_apply"] == good, "it was not for the whole calendar"
    told = status(world).stdout
    assert "last apply, partial: " in told
    assert "not everything was done" not in told, "everything that it was for was done"
    assert world.apply().code == 0
    assert document(world)["last_good_apply"] > good
    before = document(world)["last_good_apply"]
    time.sleep(1)
    assert world.apply().code == 0
    assert document(world)["last_good_apply"] > before, "one with nothing to do is good too"


def test_posts_that_are_not_managed_are_counted_and_listed_with_v(world: World) -> None:
    world.stranger("facebook", T + DAY, "Made by a colleague")
    world.stranger("facebook", T + 2 * DAY, "A colleague's draft", state="draft")
    assert ahead(document(world))["facebook"] == 2
    assert [post["text"] for post in document(world)["unmanaged"]] == [
        "Made by a colleague",
        "A colleague's draft",
    ]
    brief, whole = status(world), status(world, "-v")
    assert (brief.code, whole.code) == (0, 0)
    assert "Not managed here: 2 posts ahead; -v lists them." in brief.stdout
    assert "Made by a colleague" not in brief.stdout
    assert "Made by a colleague" in whole.stdout


def test_an_edit_in_publer_needs_someone_and_the_fix_is_named(world: World) -> None:
    world.sandbox.edit(world.find(POSTS[0].text)["id"], text="A colleague's words")
    assert [(each["kind"], each["code"], each["id"]) for each in document(world)["urgent"]] == [
        ("blocked", "edited", "first")
    ]
    ran = status(world)
    assert "1 post needs attention" in ran.stdout
    assert "--overwrite-edits" in ran.stdout


@pytest.mark.parametrize(
    ("state", "kind"), [("scheduled_pending", "waiting"), ("scheduled_declined", "blocked")]
)
def test_what_waits_for_a_person_in_publer_needs_someone(world: World, state: str, kind: str) -> None:
    world.sandbox.edit(world.find(POSTS[0].text)["id"], state=state)
    assert [(each["kind"], each["id"]) for each in document(world)["urgent"]] == [(kind, "first")]


def test_what_someone_deleted_needs_someone(world: World) -> None:
    world.sandbox.remove(world.find(POSTS[0].text)["id"])
    assert [each["kind"] for each in document(world)["urgent"]] == ["recreate"]
    assert "--allow-recreate" in status(world).stdout


def test_the_last_days_count_what_was_published_and_tell_what_failed_in_publers_words(world: World) -> None:
    for days, state in ((1, "published"), (6, "published"), (9, "published"), (2, "failed"), (12, "failed")):
        error = "The token has expired" if state == "failed" else None
        world.sandbox.add(
            account_id=ACCOUNTS["facebook"],
            at=NOW - timedelta(days=days),
            text=f"{days} days ago",
            state=state,
            error=error,
        )
    found = document(world)
    assert found["published"] == 2
    assert [(post["text"], post["publer_said"]) for post in found["failed"]] == [
        ("2 days ago", "The token has expired")
    ]
    text = status(world).stdout
    assert "Last 7 days: 2 posts published, 1 failed. To list them:" in " ".join(text.split())
    assert 'Publer said: "The token has expired"' in text
    assert "Fix the cause, then schedule it again in Publer." in " ".join(text.split())


def test_the_last_days_count_what_left_no_trace(world: World) -> None:
    """Also what Publer renumbered is no such post."""
    world.sandbox.remove(world.find(POSTS[0].text)["id"])
    with clocks(world) as to:
        to(T + 3 * DAY)
        assert (document(world)["published"], document(world)["not_found"]) == (1, 1)
        told = " ".join(status(world).stdout.split())
        assert f"1 post published, 1 not found. To list them: publer-sync results {world.top}" in told
        assert line(world) == "1 not found, a gap on x, 1 ahead"


def test_the_line_of_one_of_several_says_what_a_hold_did_not_take_out(world: World) -> None:
    assert line(world) == "a gap on facebook, x, 3 ahead"
    world.sandbox.faults.trips.append(Trip("delete_nothing", "DELETE", times=99))
    assert world.run("hold", world.top, "--reason", "Storm", "--account", "x", "--yes").code != 0
    world.sandbox.faults.trips.clear()
    assert line(world) == "2 posts on hold but still scheduled in Publer, a gap on facebook, x, 3 ahead"
    assert world.apply().code == 0
    world.sandbox.settle()
    assert line(world) == "2 on hold, a gap on facebook, 1 ahead"


def test_it_fits_80_columns(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    world.sandbox.edit(world.find(POSTS[0].text)["id"], text="A colleague's words " * 8)
    lines = status(world).stdout.splitlines()
    assert [line for line in lines if width(line) > 80 and "publer-sync apply" not in line] == []


def test_of_other_calendars_posts_none_was_made_during_a_hold_and_uses_that_are_over_count(
    empty_world: World,
) -> None:
    pair = SideBySide.in_place(empty_world)
    week = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    pair.settings("acme", slots={"x": [f"{day} 09:00" for day in week]})
    stored = "posts:\n- {id: tip, accounts: x, evergreen: {every: 26w}, text: Tip}\n"
    (pair.top("acme") / "stored.yaml").write_text(stored, encoding="utf-8")
    store, yesterday = pair.store("acme"), NOW - DAY
    state = store.read()
    use = replace(state.copies[1], key=2, entry=2, id=f"tip@{yesterday:%Y-%m-%d}", slot=yesterday)
    state.put(replace(use, post_id="b" * 24).ending(End.PUBLISHED, yesterday))
    with store.lock(1):
        store.write(replace(state, holds=(Hold("Storm", yesterday),)))
    [found] = pair.json("status", "acme")
    assert (len(found["holds"]), found["made_on_hold"]) == (1, [])
    assert datetime.fromisoformat(f"{found['stores'][0]['until']}T00:00Z") > NOW + 26 * 7 * DAY - 3 * DAY


def test_before_the_first_apply_nothing_needs_anyone(empty_world: World) -> None:
    ran = status(empty_world)
    assert ran.code == 0, ran
    assert "never applied" in ran.stdout


def test_an_invalid_calendar_is_3(world: World) -> None:
    (world.top / "more.yaml").write_text("posts:\n- at: never\n", encoding="utf-8")
    assert status(world).code == 3


@pytest.mark.story
def test_a_silence_is_as_long_as_the_cadence_allows(empty_world: World) -> None:
    """From Monday to the Monday after next: not more than 14 days, but with a whole week between."""
    monday = T + (7 - T.weekday()) * DAY
    posts = [
        Want(f"{alias}{days}", alias, monday + days * DAY, f"{alias} {days}")
        for alias, far in (("x", 14), ("facebook", 13), ("linkedin", 14))
        for days in (0, far)
    ]
    empty_world.apply_first(*posts)
    settings = empty_world.top / "publer.yaml"
    cadence = "cadence: {x: 1/week, facebook: 1/week, linkedin: 0-3/week}\n"
    settings.write_text(settings.read_text(encoding="utf-8") + cadence, encoding="utf-8")
    gaps = {
        each["account"]["alias"]: [gap["from"][:10] for gap in each["gaps"]]
        for each in document(empty_world)["accounts"]
    }
    assert f"{monday:%Y-%m-%d}" in gaps["x"]
    assert f"{monday:%Y-%m-%d}" not in gaps["facebook"]
    assert f"{monday:%Y-%m-%d}" not in gaps["linkedin"]


@pytest.mark.story
def test_after_a_crisis_it_says_what_is_so(empty_world: World) -> None:
    """What missed its time is missed, what someone declined is not ahead, and a post is counted once, as it is listed."""
    world = empty_world
    both = Want("both", "[facebook, x]", T + DAY, "It fails on both")
    world.write(
        Want("gone", "x", T, "Its time passes on hold"), both, Want("no", "x", T + 9 * DAY, "Declined")
    )
    assert world.apply().code == 0
    world.sandbox.settle()
    world.sandbox.edit(world.find("Declined")["id"], state="scheduled_declined")
    world.stranger("facebook", T + 9 * DAY, "a colleague's, declined", state="scheduled_declined")
    assert ahead(document(world))["x"] == 2
    with clocks(world) as to:
        assert (
            world.run("hold", world.top, "--reason", "Accident", "--yes", "--to", f"{T:%Y-%m-%d}").code == 0
        )
        to(T + timedelta(hours=2))
        during = status(world).stdout
        assert "Last 7 days: nothing published, 1 missed on hold." in during
        assert "0 posts are kept out of Publer" in during
        assert world.run("release", world.top, "--yes").code == 6
        world.sandbox.faults.publish_error = "The token has expired"
        to(T + DAY + timedelta(minutes=5))
        found, text = document(world), status(world).stdout
        assert (found["missed"], found["held"], found["published"]) == (1, 0, 0)
        assert ahead(found) == dict.fromkeys(ACCOUNTS, 0)
        assert "nothing ahead" in text
        assert [each["kind"] for each in found["urgent"]] == ["missed", "missed", "blocked"]
        assert found["failed"] == []
        assert "2 posts need attention" in text
        assert "Last 7 days: nothing published, 1 failed, 1 missed on hold." in text
        assert "Not managed here" not in text
        assert world.apply().code == 6
        told = status(world).stdout
        assert "2 posts need attention" in told
        assert told.count("It fails on both") == 1
        assert "facebook, x  It fails on both" in told
        step = "publish it in Publer, or add a post for facebook, x with a new id and a new time."
        assert step in " ".join(told.split())
        assert document(world)["failed"][0]["publer_said"] == "The token has expired"
