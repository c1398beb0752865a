"""What becomes of a post, told by a listing, the ledger and the clock: first as a table, then through the front door."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from publer_sync.planning.plan import is_missed
from tests.builders import (
    EARLIER,
    NOW,
    SOON,
    codes,
    copy_of,
    ledger,
    only,
    planned,
    said,
    sent,
    shown,
    wanted,
)
from tests.planning.posts import DRAFT, POST
from tests.system.worlds import ACCOUNTS, DAY, HOUR, MINUTE, T, Want, World, clocks, killed, world_in
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from publer_sync.ledger.state import State
    from publer_sync.values.model import LivePost, Post

SHORT = "listing"
FOREVER = 10**6


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path / "world") as world:
        yield world


@pytest.fixture
def travel(world: World) -> Iterator[Callable[[datetime], None]]:
    with clocks(world) as to:
        yield to


def applied(world: World, *wants: Want) -> None:
    """Put these in place, and forget what it took."""
    world.write(*wants)
    done = world.apply()
    assert done.code == 0, done
    world.sandbox.settle()
    world.sandbox.reset_log()


# --- lists that lie -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("post", "state", "expected"),
    [
        pytest.param(POST, ledger(copy_of(POST)), ("blocked", SHORT, "would recreate"), id="seen before"),
        pytest.param(
            POST,
            ledger(copy_of(POST, removing_at=NOW - MINUTE, removed=True)),
            ("blocked", SHORT, "would create"),
            id="removed to make room",
        ),
        pytest.param(
            POST,
            ledger(copy_of(POST, removing_at=NOW - HOUR)),
            ("pending",),
            id="removed to make room, perhaps",
        ),
        pytest.param(POST, ledger(sent(POST)), ("pending",), id="under way"),
        pytest.param(
            POST,
            ledger(sent(POST, lapsed=True)),
            ("blocked", SHORT, "would create"),
            id="sent and never seen",
        ),
        pytest.param(POST, ledger(), ("create",), id="new"),
        pytest.param(DRAFT, ledger(), ("create",), id="a new draft"),
        pytest.param(POST, None, ("create",), id="without a state: Publer refuses a second in this minute"),
        pytest.param(DRAFT, None, ("blocked", SHORT, "would create"), id="a draft without a state"),
    ],
)
def test_nothing_follows_from_what_an_incomplete_list_lacks(
    post: Post, state: State | None, expected: tuple[str, ...]
) -> None:
    plan = planned([post], state=state, short=3)

    assert said(only(plan)) == expected
    assert "listing_short" in codes(plan)


def test_what_an_incomplete_list_shows_counts() -> None:
    plan = planned([POST], [shown(SOON)], ledger(copy_of(POST)), short=3)

    assert said(only(plan)) == ("unchanged",)


WANTS = [
    *(Want(f"post-{n}", "x", T + n * HOUR, f"Post {n}") for n in range(5)),
    *(Want(f"draft-{n}", "x", T + n * HOUR + 30 * MINUTE, f"Draft {n}", draft=True) for n in range(5)),
]


@pytest.mark.parametrize("kind", ["rows_left_out", "empty_page"])
def test_posts_that_a_list_hides_for_a_while_are_left_alone(world: World, kind: str) -> None:
    applied(world, *WANTS)
    world.sandbox.faults.trip(kind, "GET", "^/posts$", times=2)  # type: ignore[arg-type]  # one of the kinds of Trip

    done = world.apply("--allow-recreate")

    assert (done.code, world.writes()) == (0, [])


@pytest.mark.parametrize("kind", ["rows_left_out", "empty_page"])
def test_posts_that_a_list_keeps_hiding_are_not_sent_again(world: World, kind: str) -> None:
    applied(world, *WANTS)
    world.sandbox.faults.trip(kind, "GET", "^/posts$", times=FOREVER)  # type: ignore[arg-type]  # one of the kinds of Trip

    done = world.apply("--allow-recreate")
    plan = world.run("plan", world.top)

    assert (done.code, world.writes()) == (6, [])
    assert {result["outcome"] for result in done.document["results"]} == {"not_tried"}
    assert "short of its own total, even when asked again" in plan.stdout
    assert "Fix: run it again later; nothing is lost by waiting." in plan.stdout
    world.sandbox.faults.trips.clear()
    assert not world.settled_amiss()


def test_a_post_that_left_the_calendar_and_that_a_list_hides_is_reported_and_removed_later(
    world: World,
) -> None:
    applied(world, WANTS[0])
    world.write()
    world.sandbox.faults.trip("empty_page", "GET", "^/posts$", times=FOREVER)

    done = world.apply()

    assert (done.code, world.writes()) == (6, [])
    assert [(each["id"], each["code"], each["outcome"]) for each in done.document["results"]] == [
        ("post-0", "listing", "not_tried")
    ]
    world.sandbox.faults.trips.clear()
    assert not world.settled_amiss("--allow-deletes", "1")


def test_without_a_state_no_draft_is_made_from_a_list_that_lies(world: World) -> None:
    applied(world, *WANTS)
    world.ledger.unlink()
    world.sandbox.faults.trip("rows_left_out", "GET", "^/posts$", times=FOREVER)

    world.apply()

    world.sandbox.faults.trips.clear()
    assert not world.settled_amiss()


@pytest.mark.parametrize("nth", range(2, 6))
def test_drafts_that_were_sent_into_a_list_that_lies_are_not_sent_twice(world: World, nth: int) -> None:
    """Their claims are not settled by the clock while the list is incomplete, also where one list showed the post."""
    world.write(*WANTS)
    world.sandbox.faults.trip("rows_left_out", "GET", "^/posts$", nth=nth, times=FOREVER)

    first = world.apply("--timeout", "0.3")
    world.apply("--timeout", "0.3")

    assert first.code == 6 or nth > 2
    assert first.document is not None

    world.sandbox.faults.trips.clear()
    assert not world.settled_amiss()


# --- missed ---------------------------------------------------------------------------------------------------------

LATE = wanted(EARLIER, "Hello", id="late")


@pytest.mark.parametrize(
    ("live", "state", "missed"),
    [
        pytest.param([], ledger(copy_of(LATE, removing_at=EARLIER - HOUR)), True, id="removed, not back"),
        pytest.param([], ledger(copy_of(LATE)), False, id="published most likely, and listed no more"),
        pytest.param([], ledger(sent(LATE, lapsed=True)), True, id="sent and never seen"),
        pytest.param(
            [shown(EARLIER + 4 * MINUTE, id="9", state="published")],
            ledger(copy_of(LATE, removing_at=EARLIER - HOUR)),
            False,
            id="published under another id before it could be removed",
        ),
        pytest.param(
            [shown(NOW - DAY - HOUR, id="9", state="published")],
            ledger(copy_of(LATE, removing_at=EARLIER - HOUR)),
            True,
            id="the same words were published before it was last seen",
        ),
    ],
)
def test_what_was_not_published_at_its_time_is_missed(
    live: list[LivePost], state: State, missed: bool
) -> None:
    assert is_missed(only(planned([LATE], live, state))) is missed
    assert not is_missed(only(planned([LATE], live, state, short=1))), "an incomplete list may hide it"


def test_a_post_removed_to_make_room_that_never_came_back_is_told_once_with_what_it_said(
    world: World, travel: Callable[[datetime], None]
) -> None:
    launch = Want("launch", "x", T, "We launched!")
    applied(world, launch)
    world.write(replace(launch, labels=("new",)))
    assert killed(world).code == 137
    assert world.live() == [], "the old post is out, the new one never came"

    travel(T + HOUR)
    plan = world.plan()
    first, second = world.apply(), world.apply()

    assert [warning["code"] for warning in plan["warnings"]] == ["missed"]
    assert (first.code, second.code) == (6, 0)
    told = first.result("launch")
    assert told["outcome"] == "not_tried"
    assert told["message"].startswith("an earlier apply removed it from Publer to make room")
    assert told["payload"]["text"] == "We launched!"


def test_a_swap_that_was_killed_halfway_names_what_was_missed(
    world: World, travel: Callable[[datetime], None]
) -> None:
    one, two = Want("one", "x", T, "One"), Want("two", "x", T + 2 * HOUR, "Two")
    applied(world, one, two)
    world.write(replace(one, at=two.at), replace(two, at=one.at))
    assert killed(world).code == 137

    travel(T + HOUR)
    done = world.apply()

    assert done.code == 6
    assert done.result("two")["payload"]["text"] == "Two"


def test_a_missed_post_is_reported_by_the_next_apply_where_the_one_that_found_it_was_killed(
    world: World, travel: Callable[[datetime], None]
) -> None:
    applied(world)
    travel(T)
    world.write(Want("late", "x", T - HOUR, "Late"), Want("new", "x", T + DAY, "New"))
    assert killed(world).code == 137

    assert ("past", "late", "not_tried") in world.apply().outcomes
    assert ("past", "late", "not_tried") not in world.apply().outcomes


def test_a_post_that_was_missed_and_is_missed_again_at_its_new_time_is_told_again(
    world: World, travel: Callable[[datetime], None]
) -> None:
    applied(world)
    world.sandbox.faults.refuse = {ACCOUNTS["x"]: "No"}
    for moment in (T, T + 5 * HOUR):
        world.write(Want("late", "x", moment, "Late"))
        if moment > T:
            assert world.apply().outcomes == [("create", "late", "failed")]
        travel(moment + HOUR)
        assert [world.apply().code for _ in range(2)] == [6, 0]


# --- what fails at its time -----------------------------------------------------------------------------------------

UNPUBLISHED = {
    "failed": 'Publer could not publish it: "Token expired"',
    "scheduled_pending": "nobody approved it in Publer before its time",
    "scheduled_reauth": "its account was not reconnected in Publer before its time",
    "scheduled_declined": "someone declined it in Publer",
    "scheduled_locked": "Publer had locked it when its time came: its account or the subscription was locked",
    "draft": "someone turned it into a draft in Publer",
    "scheduled": None,
    "published": None,
    "recurring": None,
}


@each_of("state", UNPUBLISHED)
def test_what_kept_a_post_from_being_published_is_told(state: str) -> None:
    error = "Token expired" if state == "failed" else None
    plan = planned([LATE], [shown(EARLIER, state=state, error=error)], ledger(copy_of(LATE)))
    missed = [warning.message for warning in plan.warnings if warning.code == "missed"]

    assert missed == [why for why in [UNPUBLISHED[state]] if why]
    assert plan.summary["missed"] == len(missed)


def test_a_post_of_which_publer_made_a_draft_is_missed_as_one() -> None:
    came = replace(copy_of(LATE), turned_up="draft")
    plan = planned([LATE], [shown(EARLIER, state="draft")], ledger(came))
    assert [each.message for each in plan.warnings] == ["Publer made a draft of it when it was sent"]


@pytest.mark.parametrize("state", ["draft", "scheduled"])
def test_a_draft_that_is_still_one_at_its_time_failed_nothing(state: str) -> None:
    draft = wanted(EARLIER, "Hello", id="late", draft=True)

    plan = planned([draft], [shown(EARLIER, state=state)], ledger(copy_of(draft)))

    assert not is_missed(only(plan))


@each_of("state", [state for state in UNPUBLISHED if state.startswith("scheduled_")])
def test_a_new_time_for_a_post_that_still_waits_past_its_old_one_is_blocked(state: str) -> None:
    """A second one is not made: Publer may publish the first once somebody approves it or reconnects the account."""
    plan = planned([wanted(SOON, "Hello", id="late")], [shown(EARLIER, state=state)], ledger(copy_of(LATE)))

    assert said(only(plan)) == ("blocked", "state", "would replace")
    assert (only(plan).reason, only(plan).late) == (UNPUBLISHED[state], True)


@pytest.mark.parametrize("days", [0, 6])
def test_a_post_that_publer_could_not_publish_is_reported_once(
    world: World, travel: Callable[[datetime], None], days: int
) -> None:
    applied(world, Want("late", "x", T, "Late"), Want("fine", "facebook", T + HOUR, "Fine"))
    world.sandbox.faults.publish_error = "Token expired"
    travel(T + 10 * MINUTE)
    world.sandbox.posts()
    world.sandbox.faults.publish_error = None
    travel(T + days * DAY + 2 * HOUR)

    plan, first, second = world.run("plan", world.top), world.apply(), world.apply()

    assert 'Publer could not publish it: "Token expired"' in plan.stdout
    assert "delete it there and give it a new id and a new time in posts.yaml" in " ".join(
        plan.stdout.split()
    )
    assert (first.code, second.code) == (6, 0)
    assert first.outcomes == [("past", "late", "not_tried")]
    told = first.result("late")
    assert (told["message"], told["publer_said"]) == ("Publer could not publish it", "Token expired")


@pytest.mark.parametrize("state", ["scheduled_pending", "scheduled_reauth"])
def test_a_post_that_nobody_saw_to_in_time_is_reported_once(
    world: World, travel: Callable[[datetime], None], state: str
) -> None:
    applied(world, Want("late", "x", T, "Late"))
    world.sandbox.edit(world.find("Late")["id"], state=state)
    travel(T + HOUR)

    first, second = world.apply(), world.apply()

    assert (first.code, second.code) == (6, 0)
    assert first.result("late")["message"] == UNPUBLISHED[state]


# --- drafts whose time has passed -----------------------------------------------------------------------------------


@pytest.fixture(
    params=[pytest.param(1, marks=pytest.mark.slow), pytest.param(6, marks=pytest.mark.slow), 45],
    ids=lambda days: f"{days} days ago",
)
def old_draft(
    request: pytest.FixtureRequest, world: World, travel: Callable[[datetime], None]
) -> Callable[[str | None], Want]:
    """A draft that passed its time so many days ago, with applies in between, and what it is to be now: a week from now."""

    def make(name: str | None) -> Want:
        draft = Want(name, "x", T, "A draft", draft=True)
        applied(world, draft)
        now = T + request.param * DAY
        for moment in (T + HOUR, T + request.param * DAY):
            travel(moment)
            assert world.apply().code == 0
        return replace(draft, at=now + 7 * DAY)

    return make


@pytest.mark.parametrize(("name", "draft"), [("idea", True), ("idea", False), (None, True)])
def test_a_draft_past_its_time_moves_to_a_new_one(
    world: World, old_draft: Callable[[str | None], Want], name: str | None, draft: bool
) -> None:
    world.write(replace(old_draft(name), draft=draft))

    done = world.apply()

    assert done.outcomes == [("replace", name, "applied")]
    assert not world.settled_amiss()


def test_a_draft_past_its_time_that_left_the_calendar_is_removed(
    world: World, old_draft: Callable[[str | None], Want]
) -> None:
    old_draft("idea")
    world.write(Want("other", "x", T + 90 * DAY, "Another post"))

    assert ("delete", "idea", "applied") in world.apply().outcomes
    assert not world.settled_amiss()


def test_an_old_draft_that_publer_does_not_remove_is_not_taken_for_removed(
    world: World, old_draft: Callable[[str | None], Want]
) -> None:
    old_draft("idea")
    world.write(Want("other", "x", T + 90 * DAY, "Another post"))
    world.sandbox.faults.trip("delete_nothing", "DELETE")

    assert ("delete", "idea", "failed") in world.apply().outcomes
    assert not world.settled_amiss()


def test_a_draft_past_its_time_that_someone_deleted_is_created_again_only_if_allowed(
    world: World, old_draft: Callable[[str | None], Want]
) -> None:
    again = old_draft("idea")
    world.sandbox.remove(world.find("A draft")["id"])
    world.write(again)

    assert world.apply().outcomes == [("recreate", "idea", "not_tried")]
    assert world.apply("--allow-recreate").outcomes == [("recreate", "idea", "applied")]
    assert not world.settled_amiss()


def test_what_a_draft_said_that_someone_deleted_and_that_left_the_calendar_is_forgotten(
    world: World, old_draft: Callable[[str | None], Want], travel: Callable[[datetime], None]
) -> None:
    later = old_draft("idea").at + 40 * DAY
    world.sandbox.remove(world.find("A draft")["id"])
    world.write(Want("other", "x", T + 300 * DAY, "Another post"))

    assert world.apply().outcomes == [("create", "other", "applied")]
    assert '"end": "gone"' in world.ledger.read_text("utf-8")
    assert world.plan()["changes"] == []
    travel(later)
    assert world.apply().code == 0
    kept = json.dumps(json.loads(world.ledger.read_text("utf-8"))["posts"])
    assert ("A draft" in kept, '"idea"' in kept, "Another post" in kept) == (False, True, True), (
        "but for a line"
    )
