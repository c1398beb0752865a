"""`--timeout` holds, whatever hangs: jobs, listings, answers that drip; and a wait says what it is for."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from publer_sync.commands.running import writing
from publer_sync.publer import sending
from tests.system.worlds import MINUTE, T, Want, world_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.system.worlds import World


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(writing, "LEAST_PATIENCE", 0.5)
    monkeypatch.setattr(sending, "QUIET", 0.1)
    with world_in(tmp_path) as world:
        world.write(Want("one", "x", T, "One"), Want("two", "x", T + MINUTE, "Two"))
        yield world


def test_a_job_that_hangs_costs_the_timeout_and_a_listing_tells(world: World) -> None:
    world.sandbox.faults.trip("slow", "GET", "^/job_status/", times=99, seconds=30)
    started = time.monotonic()
    applied = world.apply("--timeout", "0.5")
    assert time.monotonic() - started < 8
    assert applied.code == 0, applied
    assert "waiting  for Publer's answer: asked to report on a job; until " in applied.ran.stderr


@pytest.mark.parametrize("nth", [1, 2], ids=["the first listing", "the listing after the job"])
def test_a_listing_that_hangs_ends_the_run_in_time(world: World, nth: int) -> None:
    world.sandbox.faults.trip("slow", "GET", "^/posts$", nth=nth, times=99, seconds=30)
    started = time.monotonic()
    applied = world.apply("--timeout", "0.5")
    assert time.monotonic() - started < 8
    assert applied.code == 1
    assert "to list the posts" in applied.document["error"]["message"]
    world.sandbox.faults.trips = []
    world.sandbox.settle()
    assert not world.settled_amiss()


def test_server_errors_with_rate_headers_are_not_waited_out_as_a_limit(world: World) -> None:
    world.sandbox.faults.rate_window = 90 / world.sandbox.poll_seconds
    world.sandbox.faults.trip("error_after", "GET", "^/posts$", status=503, times=3)
    started = time.monotonic()
    assert world.apply("--timeout", "0.5").code == 0
    assert time.monotonic() - started < 8


def test_the_wait_for_the_limit_does_not_count_against_the_timeout(world: World) -> None:
    """Four requests a second; the two posts need more, and their job outlasts the timeout but for the waits."""
    world.write(
        *(Want(f"n{number}", "x", T + timedelta(minutes=number), f"Post {number}") for number in range(3))
    )
    faults = world.sandbox.faults
    faults.rate_limit, faults.rate_window = 4, 1 / world.sandbox.poll_seconds
    faults.job_delay = 1.5 / world.sandbox.poll_seconds
    assert world.apply("--timeout", "0.4").code == 0


@pytest.mark.parametrize("command", ["plan", "accounts"])
def test_a_command_that_only_reads_says_what_it_waits_for(world: World, command: str) -> None:
    world.sandbox.faults.trip("slow", "GET", "^/accounts$", seconds=0.5)
    ran = world.run(command, *([world.top] if command == "plan" else []))
    assert ran.code == 0
    assert "waiting for Publer's answer: asked to list the accounts; until " in ran.stderr
