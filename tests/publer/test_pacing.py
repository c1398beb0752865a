"""The request budget, in seconds of an imaginary clock."""

from __future__ import annotations

from itertools import pairwise

import pytest

from publer_sync.publer.pacing import LONGEST, Quota, RequestBudget
from tests.tables import each_of


def run(budget: RequestBudget, *, requests: int, start: float = 0.0, took: float = 0.05) -> list[float]:
    """Send one request after the other and return when each was sent."""
    now, sent = start, []
    for _ in range(requests):
        now += budget.delay(now)
        sent.append(now)
        now += took
        budget.record(now, Quota())
    return sent


def most_in(moments: list[float], *, window: float) -> int:
    return max(sum(1 for other in moments if start <= other <= start + window) for start in moments)


def test_nothing_is_held_back_before_nine_tenths_are_used() -> None:
    sent = run(RequestBudget(), requests=90)
    assert sent[-1] == pytest.approx(89 * 0.05)


def test_the_last_tenth_is_spread_over_what_is_left_of_the_window() -> None:
    sent = run(RequestBudget(), requests=100)
    steps = [b - a for a, b in pairwise(sent[89:])]
    assert all(8 < step < 13 for step in steps)


@each_of("took", [0.0, 0.01, 0.4, 1.1, 3.0])
def test_no_sliding_window_ever_holds_more_than_the_limit(took: float) -> None:
    assert most_in(run(RequestBudget(), requests=450, took=took), window=120) <= 100


def test_a_long_run_still_makes_nearly_fifty_requests_a_minute() -> None:
    sent = run(RequestBudget(), requests=1000)
    assert sent[-1] < 1000 / 100 * 120


def test_requests_long_ago_do_not_count() -> None:
    budget = RequestBudget()
    run(budget, requests=100)
    budget.record(250.0, None)
    assert budget.left(250.0) < 100
    assert (budget.delay(1000.0), budget.left(1000.0)) == (0, 100)


def test_the_headers_know_of_requests_that_others_sent() -> None:
    """The limit is counted per user, so another run may have used most of it."""
    budget = RequestBudget()
    budget.record(0.0, Quota(limit=100, remaining=4, reset_in=60.0))
    assert budget.delay(0.0) == pytest.approx(60 / 5, abs=0.1)


def test_nothing_left_waits_for_the_reset() -> None:
    budget = RequestBudget()
    budget.record(0.0, Quota(limit=100, remaining=0, reset_in=38.0))
    assert budget.delay(0.0) == pytest.approx(38, abs=0.2)
    assert budget.delay(38.2) == 0


def test_plenty_left_by_the_headers_outweighs_our_own_count() -> None:
    """A short window of the service is over long before our two minutes are."""
    budget, now = RequestBudget(), 0.0
    for number in range(300):
        now += budget.delay(now) + 0.01
        budget.record(now, Quota(limit=20, remaining=19 - number % 20, reset_in=1.0 - number % 20 / 20))
    assert now < 60


def test_a_smaller_limit_in_the_headers_is_obeyed() -> None:
    budget = RequestBudget()
    budget.record(0.0, Quota(limit=10, remaining=1, reset_in=20.0))
    assert budget.limit == 10
    assert budget.delay(0.0) == pytest.approx(10, abs=0.2)


@each_of("quota", [None, Quota(), Quota(limit=10)])
def test_a_request_that_tells_of_no_remaining_ones_uses_up_what_the_headers_left(quota: Quota | None) -> None:
    budget = RequestBudget()
    budget.record(0.0, Quota(limit=10, remaining=1, reset_in=20.0))
    budget.record(1.0, quota)
    assert budget.delay(1.0) == pytest.approx(19, abs=0.2)
    assert budget.left(1.0) == 0


def test_headers_that_leave_the_limit_out_leave_it_as_it_was() -> None:
    budget = RequestBudget()
    budget.record(0.0, Quota(limit=10, remaining=9, reset_in=20.0))
    budget.record(1.0, Quota(remaining=1, reset_in=19.0))
    assert (budget.limit, budget.left(1.0)) == (10, 1)
    assert (budget.left(20.0), budget.left(20.1)) == (1, 10), "until the moment that they name"


@each_of(
    ("answers", "window"),
    [
        ([(0, 1, 60), (10, 0, 50)], 120),
        ([(0, 1, 60), (50, 0, 10), (61, 1, 30)], 120),
        ([(0, 1, 60), (10, 0, 50), (61, 1, 59), (70, 0, 50)], 110),
        ([(0, 1, 60), (10, 0, 50), (61, 1, 59), (70, 0, 50), (121, 1, 30), (125, 0, 26)], 110),
        ([(0, 1, 60), (10, 0, 50), (61, 1, 59), (70, 0, 50), (121, 1, 68), (125, 0, 64)], 119),
        ([(0, 1, 60), (10, 0, 50), (200, 1, 60), (210, 0, 50)], 120),
    ],
)
def test_a_limit_that_is_used_up_twice_shows_how_long_a_window_may_be(
    answers: list[tuple[int, int, int]], window: float
) -> None:
    """The request before those that used it up counts no longer; of what several windows show, the longest is safe."""
    budget = RequestBudget()
    for now, remaining, reset_in in answers:
        budget.record(float(now), Quota(limit=2, remaining=remaining, reset_in=float(reset_in)))
    assert budget.window == window


def test_remaining_without_a_reset_waits_until_our_oldest_request_is_forgotten() -> None:
    budget = RequestBudget()
    budget.record(0.0, Quota())
    budget.record(30.0, Quota(limit=100, remaining=0))
    assert budget.delay(30.0) == pytest.approx(90, abs=0.2)


def test_after_a_429_the_budget_waits_as_told_and_then_goes_on() -> None:
    budget = RequestBudget()
    budget.record(0.0, Quota())
    budget.refuse(0.0, 38.0)
    assert budget.delay(0.0) == pytest.approx(38.0)
    assert budget.delay(38.1) == 0


def test_headers_that_stop_coming_give_way_to_our_own_count() -> None:
    """Some answers carry them only once the limit is reached."""
    budget = RequestBudget()
    budget.record(0.0, Quota(limit=100, remaining=0, reset_in=10.0))
    sent = run(budget, requests=120, start=20.0)
    assert most_in(sent, window=120) <= 100


def test_a_window_that_is_over_by_the_headers_is_over_whatever_we_counted() -> None:
    budget = RequestBudget()
    for number in range(20):
        budget.record(number / 20, Quota(limit=20, remaining=19 - number, reset_in=1.0))
    assert budget.delay(1.0) > 0
    assert budget.delay(2.5) == 0


def test_a_limit_below_what_was_sent_waits_until_enough_of_it_is_forgotten() -> None:
    budget = RequestBudget()
    for number in range(30):
        budget.record(float(number), Quota())
    budget.record(30.0, Quota(limit=10, remaining=9, reset_in=1.0))
    budget.record(32.0, Quota())
    budget.record(33.0, Quota())
    # Of 33 requests, those up to second 23 have to be forgotten before fewer than 10 are left.
    assert 33 + budget.delay(33.0) == pytest.approx(23 + 120, abs=0.2)


@each_of("seconds", [1e4, 1e9, float("inf")])
def test_no_header_makes_a_run_wait_longer_than_five_minutes(seconds: float) -> None:
    budget = RequestBudget()
    budget.refuse(0.0, seconds)
    assert budget.delay(0.0) <= LONGEST
    budget.record(0.0, Quota(limit=100, remaining=0, reset_in=seconds))
    assert budget.delay(0.0) <= LONGEST
