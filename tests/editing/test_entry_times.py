"""A moved time is written in the form of the one that it replaces."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from publer_sync.calendar.layers import TOP
from publer_sync.calendar.when.named_dates import NamedDate, NamedDates
from publer_sync.calendar.when.wall_clock import WallClock
from publer_sync.calendar.when.zones import zone
from publer_sync.editing.entry_times import date_of, day_like, sum_like, time_like, when_of
from tests.tables import each_of

OSLO = zone("Europe/Oslo")
MOVED = datetime(2027, 3, 9, 9, 30, tzinfo=UTC)
TWICE = datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
"""Half past two in Oslo for the second time on that day."""


@each_of(
    ("at", "old", "own_day", "new"),
    [
        (MOVED, "2027-03-05 09:00", None, "2027-03-09 10:30"),
        (MOVED, "Fri 2027-03-05 09:00", None, "Tue 2027-03-09 10:30"),
        (MOVED, "2027-03-05T09:00", None, "2027-03-09T10:30"),
        (MOVED, "2027-03-05T09:00+09:00", None, "2027-03-09T18:30+09:00"),
        (MOVED, "2027-03-05T09:00:00-11:00", None, "2027-03-08T22:30:00-11:00"),
        (MOVED, "2027-03-05 09:00-08:00", None, "2027-03-09 01:30:00-08:00"),
        (MOVED, "2027-03-05", None, "2027-03-09 10:30"),
        (MOVED, "09:00", date(2027, 3, 9), "10:30"),
        (MOVED, "09:00", date(2027, 3, 8), "2027-03-09 10:30"),
        (MOVED, "09:00", None, "2027-03-09 10:30"),
        (MOVED, "some day", None, "Tue 2027-03-09 10:30"),
        (MOVED, None, None, "2027-03-09 10:30"),
        (MOVED, "2027-03-05 09:00", None, "2027-03-09 10:30"),
        (TWICE, "2027-10-30 02:30", None, "2027-10-31 02:30+01:00"),
        (TWICE, "Sat 2027-10-30 02:30", None, "Sun 2027-10-31 02:30+01:00"),
    ],
)
def test_a_time_takes_the_form_of_the_old_one(
    at: datetime, old: str | None, own_day: date | None, new: str
) -> None:
    assert time_like(at, old, OSLO, own_day) == new


def test_a_day_alone_gets_a_time_only_where_that_is_not_the_usual_one() -> None:
    for usual, new in ((time(10, 30), "2027-03-09"), (time(9), "2027-03-09 10:30")):
        assert time_like(MOVED, "2027-03-05", OSLO, None, usual) == new


LAUNCH = NamedDate("launch", date(2027, 3, 4), TOP, datetime(2027, 3, 4, 9, tzinfo=UTC))
FAIR = NamedDate("fair", date(2027, 3, 4), TOP)
LATE = NamedDate("late", date(2027, 3, 4), TOP, datetime(2027, 3, 4, 23, 30, tzinfo=UTC))
"""Half past twelve in Oslo, on the next day."""
SHOW = NamedDate("show", date(2027, 3, 4), TOP)
CLOCK = WallClock(OSLO, dates=NamedDates({"launch": LAUNCH, "fair": FAIR, "late": LATE, "show": SHOW}))


@each_of(
    ("at", "old", "new"),
    [
        (datetime(2027, 3, 4, 12, tzinfo=UTC), "launch + 2h", "launch + 3h"),
        (datetime(2027, 3, 5, 9, tzinfo=UTC), "launch + 2h", "launch + 1d"),
        (datetime(2027, 3, 6, 9, tzinfo=UTC), "fair + 1d 09:00", "fair + 2d 10:00"),
        (datetime(2027, 3, 18, 8, tzinfo=UTC), "fair + 1w 09:00", "fair + 2w 09:00"),
        (datetime(2027, 3, 11, 8, tzinfo=UTC), "fair + 1d 09:00", "fair + 7d 09:00"),
        (datetime(2027, 3, 9, 8, tzinfo=UTC), "mon after fair 09:00", "tue after fair 09:00"),
        (datetime(2027, 3, 9, 8, tzinfo=UTC), "first Mon after fair 09:00", "first tue after fair 09:00"),
        (datetime(2027, 3, 2, 8, tzinfo=UTC), "Mon before fair 09:00", "Tue before fair 09:00"),
        (datetime(2027, 3, 16, 8, tzinfo=UTC), "Mon after fair 09:00", "fair + 12d 09:00"),
        (datetime(2027, 3, 6, 9, tzinfo=UTC), "2027-03-05 09:00", None),
        (datetime(2027, 3, 6, 9, tzinfo=UTC), "nowhere + 1d 09:00", None),
        (datetime(2027, 3, 6, 9, tzinfo=UTC), "fair + 1d", "fair + 2d 10:00"),
        (datetime(2027, 3, 4, 11, tzinfo=UTC), "launch + 90m", "launch + 120m"),
        (datetime(2600, 3, 6, 9, tzinfo=UTC), "fair + 1d 09:00", None),
        (datetime(2027, 3, 7, 8, tzinfo=UTC), "late + 3d 09:00", "late + 2d 09:00"),
        (datetime(2027, 3, 11, 8, tzinfo=UTC), "show 09:00", "show + 7d 09:00"),
        (datetime(2027, 3, 6, 9, tzinfo=UTC), "fair + 1d 09:00+05:00", "fair + 2d 14:00+05:00"),
    ],
)
def test_a_time_that_counts_from_a_date_goes_on_counting(at: datetime, old: str, new: str | None) -> None:
    assert sum_like(at, old, CLOCK) == new


def test_a_sum_with_a_time_keeps_one_though_it_is_the_usual_one() -> None:
    usual = WallClock(OSLO, time(10), dates=CLOCK.dates)
    for old, new in (("fair + 1d 09:00", "fair + 2d 10:00"), ("fair + 1d", "fair + 2d")):
        assert sum_like(datetime(2027, 3, 6, 9, tzinfo=UTC), old, usual) == new


def test_what_is_no_time_means_none() -> None:
    for written in (None, 9, "some day"):
        assert when_of(written, CLOCK) is None
        assert date_of(written, CLOCK) is None


@each_of(
    ("day", "old", "new"),
    [
        (date(2027, 3, 6), "fair + 1d", "fair + 2d"),
        (date(2027, 3, 18), "fair + 1w", "fair + 2w"),
        (date(2027, 3, 9), "mon after fair", "tue after fair"),
        (date(2027, 3, 16), "mon after fair", "fair + 12d"),
        (date(2027, 3, 6), "2027-03-05", "2027-03-06"),
        (date(2027, 3, 6), "nowhere + 1d", "2027-03-06"),
        (date(2027, 3, 6), "late + 3d", "late + 1d"),
        (date(2027, 3, 11), "show", "show + 7d"),
        (date(2027, 3, 6), None, "2027-03-06"),
    ],
)
def test_a_day_that_counts_from_a_date_goes_on_counting(day: date, old: str | None, new: str) -> None:
    assert day_like(day, old, CLOCK) == new
