"""A Publer that does not list five years at once: every command goes on, and asks for less from then on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from publer_sync.ledger.state import loads
from publer_sync.sandbox.tempers import SPAN, set_tempers
from tests.system.worlds import DAY, HOUR, T, Want, World, world_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SOON = Want("soon", "facebook", T, "Soon")
FAR = Want("far", "linkedin", T + 2 * SPAN * DAY, "Far away")
TEMPERS = ["span-refused", "span-timeout", "span-silent", "span-cut"]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path / "world") as made:
        yield made


def lists(world: World) -> list[int]:
    """The days of each list that was asked for since the log was last reset, its first page alone."""
    found = []
    for request in world.sandbox.requests:
        if request.path == "/posts" and request.method == "GET" and request.query.get("page") == ["0"]:
            first, last = (request.query.get(key, [""])[0] for key in ("from", "to"))
            if first:
                found.append((date.fromisoformat(last) - date.fromisoformat(first)).days)
    return found


def pages(world: World) -> list[str]:
    """The requests for posts since the log was last reset."""
    return [one.path for one in world.sandbox.requests if one.path == "/posts" and one.method == "GET"]


@pytest.mark.parametrize("temper", TEMPERS)
def test_a_first_apply_a_move_and_a_hold_end_well(world: World, temper: str) -> None:
    """Where a list is cut short and does not say so, an apply tells that it did not find the far post, and the next one finds it."""
    set_tempers(world.sandbox.faults, [temper])
    ends = 6 if temper == "span-cut" else 0
    world.write(SOON, FAR)
    assert world.apply().code == ends
    world.sandbox.settle()
    assert world.settled_amiss() == []
    world.write(replace(SOON, at=SOON.at + HOUR), replace(FAR, at=FAR.at + HOUR))
    assert world.apply().code == ends
    world.sandbox.settle()
    assert world.settled_amiss() == []
    assert world.run("status", world.top).code == 0
    held = world.run("hold", world.top, "--reason", "crisis", "--yes")
    world.sandbox.settle()
    assert (held.code, world.live()) == (0, []), held


@pytest.mark.parametrize("temper", ["span-refused", "span-timeout"])
def test_the_span_that_was_answered_is_asked_first_next_time(world: World, temper: str) -> None:
    set_tempers(world.sandbox.faults, [temper])
    world.apply_first(SOON)
    assert world.apply().code == 0  # an apply with a ledger keeps what it learns
    world.sandbox.reset_log()
    assert world.changes() == []
    assert lists(world)
    assert max(lists(world)) <= SPAN + 2


def test_days_that_are_never_listed_are_told_and_nothing_follows_from_them(world: World) -> None:
    world.apply_first(SOON, FAR)
    set_tempers(world.sandbox.faults, ["span-timeout"])
    world.sandbox.faults.trip("error_before", "GET", r"/posts$", nth=9, times=2, status=504)
    plan = world.plan()
    if not (gaps := [w["message"] for w in plan["warnings"] if w["code"] == "listing_short"]):
        pytest.fail(f"no part was left out: {plan['warnings']}")
    assert "does not answer in time" in gaps[0]
    assert not [change for change in plan["changes"] if change["action"] in ("create", "recreate")]


def test_hold_removes_by_id_where_nothing_can_be_listed(world: World) -> None:
    world.stranger("facebook", T + 9 * HOUR, "A colleague's")
    world.apply_first(SOON, FAR, replace(SOON, id="draft", at=T + 5 * HOUR, draft=True))
    world.sandbox.faults.longest_span = 1
    held = world.run("hold", world.top, "--reason", "crisis", "--yes")
    assert held.code == 1
    assert "2 posts by id" in held.stdout + held.stderr, held
    assert "was not kept" in held.stdout + held.stderr
    assert [row.draft for row in world.live()] == [True]
    assert world.amiss() == [line for line in world.amiss() if line.startswith("missing")]
    world.sandbox.faults.longest_span = None
    assert world.run("hold", world.top, "--reason", "crisis", "--yes").code == 0


def test_hold_takes_out_what_cannot_be_read(world: World) -> None:
    world.apply_first(SOON, FAR)
    world.sandbox.faults.state_words = {"scheduled": "queued"}
    world.sandbox.faults.unreadable = frozenset({str(world.find("Soon")["id"])})
    held = world.run("hold", world.top, "--reason", "crisis", "--yes")
    assert (held.code, world.live()) == (0, []), held


def test_a_move_lists_its_own_days_and_not_all_that_is_ahead(world: World) -> None:
    """Besides the plan, which lists everything once."""
    late = Want("late", "facebook", T + 40 * DAY, "Late")
    world.apply_first(late)
    world.sandbox.faults.per_page = 20
    for number in range(400):
        world.stranger("facebook", T + DAY + number * HOUR, f"Ahead {number}")
    world.sandbox.reset_log()
    world.changes()
    of_plan = len(pages(world))
    world.sandbox.reset_log()
    world.write(replace(late, at=late.at + HOUR))
    assert world.apply().code == 0
    assert world.writes() == ["POST", "DELETE"]
    assert of_plan > 20
    assert len(pages(world)) < of_plan + 10


def test_an_apply_notes_one_moment_for_all_that_it_saw(world: World) -> None:
    """So a push to a branch sends what changed, and not a moment for each post: some 40 kB for 10,000 of them."""
    world.apply_first(
        *(Want(f"n-{number}", "facebook", T + number * HOUR, f"N {number}") for number in range(4))
    )
    assert world.apply().code == 0
    copies = loads(world.ledger.read_bytes(), "the ledger").copies.values()
    assert len(copies) == 4
    assert len({copy.verified_at for copy in copies}) == 1
