"""The clock of a run."""

from __future__ import annotations

import math
import threading
from datetime import UTC, datetime, timedelta
from itertools import islice

from publer_sync.machine.clock import Clock, Deadline, growing_waits


def test_waits_grow_up_to_five_times_the_first() -> None:
    assert list(islice(growing_waits(2), 7)) == [2, 3, 4.5, 6.75, 10, 10, 10]


def test_they_may_double_and_need_no_end() -> None:
    assert list(islice(growing_waits(1, growth=2, most=math.inf), 5)) == [1, 2, 4, 8, 16]


class Stopped(Clock):
    at = 100.0

    def monotonic(self) -> float:
        return self.at


def test_a_deadline_moves_on_by_what_does_not_count() -> None:
    clock, excused = Stopped(), [7.0]
    deadline = Deadline.after(10, clock, excused=lambda: excused[0])
    assert deadline.left == 10
    clock.at += 12
    assert deadline.left == -2
    excused[0] += 5
    assert deadline.left == 3


def test_the_sooner_of_two_deadlines_counts() -> None:
    clock = Stopped()
    deadline = Deadline.after(10, clock, excused=lambda: 0.0)
    assert deadline.within(30) == deadline
    assert deadline.within(4).left == 4
    clock.at += 9
    assert deadline.within(4).left == 1


def test_a_clock_goes_by_the_first_date_that_the_service_named_and_by_the_seconds_since() -> None:
    clock, there = Stopped(), datetime(2027, 3, 1, tzinfo=UTC)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)

    clock.heard(there)
    clock.at += 60
    clock.heard(there + timedelta(days=10))

    assert clock.now() == there + timedelta(seconds=60.5)
    assert abs(clock.machine() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_clock_sleeps_until_somebody_asks_to_stop() -> None:
    clock = Clock()
    began = clock.monotonic()
    clock.sleep(0.02)
    assert clock.monotonic() - began >= 0.02
    clock.wake()
    assert clock.woken
    clock.sleep(1000)
    clock.calm()
    assert not clock.woken


def test_clocks_of_one_run_are_woken_together() -> None:
    stop = threading.Event()
    clocks = [Clock(wake=stop), Clock(timedelta(days=1), wake=stop), Clock()]
    clocks[0].wake()
    assert [clock.woken for clock in clocks] == [True, True, False]


def test_a_clock_tells_the_time_of_day_in_some_seconds() -> None:
    class Noon(Clock):
        def now(self) -> datetime:
            return datetime(2027, 3, 1, 12, tzinfo=UTC)

    later = datetime(2027, 3, 1, 12, 1, 30, tzinfo=UTC).astimezone()
    assert Noon().time_in(90) == f"{later:%H:%M:%S}"
