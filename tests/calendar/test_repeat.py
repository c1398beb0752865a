"""The days of a series."""

from __future__ import annotations

from datetime import date, time, timedelta, timezone
from typing import Any

from publer_sync.calendar.when.repeat import MAX_OCCURRENCES, every, first_day, occurrences
from publer_sync.calendar.when.times import When
from tests.tables import each_of


def days(first: str, unit: str, **how: Any) -> list[str]:
    return [f"{day:%m-%d}" for day in occurrences(date.fromisoformat(first), 1, unit, **how)]


@each_of(
    ("text", "found"),
    [("week", (1, "w")), ("2w", (2, "w")), ("3 days", (3, "d")), ("2 months", (2, "m")), ("Month", (1, "m"))],
)
def test_how_often_is_a_number_of_units(text: str, found: tuple[int, str]) -> None:
    assert every(text) == found


@each_of("text", ["", "w", "2m", "0d", "year", "every week"])
def test_a_bare_m_and_other_words_are_not_read(text: str) -> None:
    """`2m` is two minutes everywhere else."""
    assert every(text) is None


def test_the_last_day_is_included_and_the_first_need_not_be_one_of_the_weekdays() -> None:
    found = days("2027-03-02", "w", weekdays=(0, 3), until=date(2027, 3, 11))
    assert found == ["03-04", "03-08", "03-11"]


def test_a_month_without_the_day_is_left_out() -> None:
    assert days("2027-01-31", "m", times=4) == ["01-31", "03-31", "05-31", "07-31"]


def test_a_series_ends_one_day_past_the_most_there_may_be() -> None:
    assert len(days("2027-01-01", "d", until=date(9999, 1, 1))) == MAX_OCCURRENCES + 1


@each_of(
    ("at", "offset", "zone", "day"),
    [
        ("23:30", None, 14, 5),  # wherever the machine is, as below
        ("00:30", None, -12, 5),
        ("23:30", -5, 1, 6),
        ("00:30", 2, -5, 4),
        ("00:30", 14, None, 5),
        ("23:30", -12, None, 5),
        ("", None, 1, 5),
        ("", -5, 1, 5),
    ],
)
def test_a_series_begins_on_the_day_that_its_first_time_has_in_its_zone(
    at: str, offset: int | None, zone: int | None, day: int
) -> None:
    written, there = (None if each is None else timezone(timedelta(hours=each)) for each in (offset, zone))
    when = When(date(2027, 3, 5), time.fromisoformat(at) if at else None, written)
    assert first_day(when, there) == date(2027, 3, day)
