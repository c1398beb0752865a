"""Clocks that are wrong: every decision is by Publer's."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.ledger.state import loads
from publer_sync.machine.clock import Clock
from publer_sync.publer.sending import Sender
from tests.system.worlds import DAY, HOUR, T, Want, World, world_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

POST = Want("one", "facebook", T, "One")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path / "world") as world:
        yield world


@contextmanager
def machine(ahead: timedelta, *, follows: bool = True) -> Iterator[None]:
    """This machine's clock is ahead of the service's, which is on another machine."""
    made = Sender.__init__

    def begin(sender: Sender, **options: Any) -> None:
        made(sender, **{**options, "follows": follows})

    def now(_: Clock) -> datetime:
        return datetime.now(UTC) + ahead

    with mock.patch.object(Sender, "__init__", begin), mock.patch.object(Clock, "machine", now):
        yield


def test_a_clock_that_is_a_little_wrong_is_told_and_changes_nothing(world: World) -> None:
    world.write(POST)
    with machine(timedelta(hours=3)):
        plan = world.plan()
        assert [warning["code"] for warning in plan["warnings"]] == ["no_state", "clock", "first_contact"]
        assert "3 hours ahead of Publer's" in plan["warnings"][1]["message"]
        assert world.apply().code == 0
    state = loads(world.ledger.read_bytes(), "the ledger")
    assert state.last_apply is not None
    assert abs(state.last_apply - datetime.now(UTC)) < timedelta(minutes=2)
    with machine(timedelta(0)):
        assert [warning["code"] for warning in world.plan()["warnings"]] == []


def test_a_clock_that_is_far_off_ends_what_writes_and_hold_goes_on(world: World) -> None:
    world.apply_first(POST)
    world.write(POST, Want("two", "facebook", T + HOUR, "Two"))
    with machine(60 * DAY):
        assert "clock" in [warning["code"] for warning in world.plan()["warnings"]]
        done = world.apply()
        assert (done.code, done.document["error"]["code"]) == (1, "clock")
        assert "60 days ahead of Publer's" in done.document["error"]["message"]
        assert world.writes() == []
        held = world.run("hold", world.top, "--reason", "accident", "--yes")
        assert held.code == 0, held
    world.sandbox.settle()
    assert world.live() == []


def test_moments_that_a_wrong_clock_left_in_the_state_keep_nothing_waiting(world: World) -> None:
    """What was sent counts from now, with a warning, and not from the time that the clock had."""
    world.write(POST)
    with machine(10 * DAY, follows=False):
        world.sandbox.faults.lose = frozenset({1})
        assert world.apply("--timeout", "0").code == 6

    with machine(timedelta(0)):
        assert [warning["code"] for warning in world.plan()["warnings"]] == ["clock"]
        done = world.apply()
        assert done.code == 0, done
        assert [warning["code"] for warning in world.plan()["warnings"]] == []
    assert world.settled_amiss() == []


def test_a_post_that_is_past_by_a_clock_that_is_ahead_is_judged_by_publers(world: World) -> None:
    """Of what is past, rules only warn: it is never sent. This one would be."""
    world.write(Want("long", "linkedin", T, "word " * 700))
    with machine(T - datetime.now(UTC) + HOUR):
        assert world.run("validate", world.top).code == 0
        done = world.apply()
        assert (done.code, done.document["error"]["code"]) == (3, "calendar"), done
    assert world.writes() == []
