"""What a team's settings say of words and of stored posts."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from publer_sync.values.policies import Cadence, Evergreen, Hours, Pace, WordEntry
from publer_sync.values.problems import Location
from tests.tables import each_of

FIRST, LAST = date(2027, 3, 1), date(2027, 3, 9)
DAY = timedelta(days=1)
HERE = Location("publer.yaml", 3)


@each_of(
    ("written", "expression"),
    [("/cheap(est)?/", "cheap(est)?"), ("cheap", None), ("/", None), ("//", None), ("and/or", None)],
)
def test_what_is_between_two_slashes_is_an_expression(written: str, expression: str | None) -> None:
    assert WordEntry(written, Location("publer.yaml", 3)).expression == expression


@each_of(
    ("least", "most", "words"),
    [
        (3, 3, "3 a week"),
        (2, 3, "2 to 3 a week"),
        (0, 3, "at most 3 a week"),
        (3, None, "at least 3 a week"),
    ],
)
def test_a_pace_is_told_as_people_say_it(least: int, most: int | None, words: str) -> None:
    assert str(Pace(least, most, Location("publer.yaml", 3))) == words


@each_of(
    ("more", "asks"),
    [
        ({}, False),
        ({"paces": {"x": Pace(1, 3, HERE)}}, True),
        ({"quiet": frozenset({6})}, True),
        ({"hours": {"x": Hours(time(9), time(17), HERE)}}, True),
        ({"holidays": frozenset({FIRST})}, False),
    ],
)
def test_a_cadence_asks_for_something_where_it_has_a_pace_a_quiet_day_or_hours(
    more: dict[str, Any], asks: bool
) -> None:
    assert bool(Cadence(**more)) is asks


@each_of(
    ("first", "last", "before", "between", "after"),
    [
        (FIRST, LAST, False, True, False),
        (None, LAST, True, True, False),
        (FIRST, None, False, True, True),
        (None, None, True, True, True),
    ],
)
def test_a_stored_post_is_used_from_its_first_day_to_its_last(
    first: date | None, last: date | None, before: bool, between: bool, after: bool
) -> None:
    stored = Evergreen(7 * DAY, first=first, last=last)
    assert [stored.allows(FIRST), stored.allows(LAST)] == [between, between]
    assert [stored.allows(FIRST - DAY), stored.allows(LAST + DAY)] == [before, after]


@each_of(
    ("first", "last", "inside", "outside"),
    [(8, 18, (8, 12, 18), (7, 19)), (22, 6, (22, 23, 0, 6), (7, 12, 21))],
)
def test_hours_may_go_over_midnight(
    first: int, last: int, inside: tuple[int, ...], outside: tuple[int, ...]
) -> None:
    hours = Hours(time(first), time(last), Location("publer.yaml", 3))
    assert all(time(hour) in hours for hour in inside)
    assert not any(time(hour) in hours for hour in outside)


@each_of(
    ("days", "words"),
    [(1, "1 day"), (2, "2 days"), (7, "1 week"), (8, "8 days"), (14, "2 weeks"), (30, "30 days")],
)
def test_the_pause_of_a_stored_post_is_in_weeks_where_it_is_whole_ones(days: int, words: str) -> None:
    assert Evergreen(timedelta(days=days)).pause == words


def test_hours_that_begin_and_end_alike_are_that_minute() -> None:
    noon = Hours(time(12), time(12), Location("publer.yaml", 1))
    assert time(12) in noon
    assert time(11, 59) not in noon
    assert time(12, 1) not in noon
