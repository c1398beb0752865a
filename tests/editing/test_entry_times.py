"""A moved time is written in the form of the one that it replaces."""

from __future__ import annotations

from datetime import UTC, date, datetime

from publer_sync.calendar.when.zones import zone
from publer_sync.editing.entry_times import time_like
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
        (TWICE, "2027-10-30 02:30", None, "2027-10-31 02:30+01:00"),
        (TWICE, "Sat 2027-10-30 02:30", None, "Sun 2027-10-31 02:30+01:00"),
    ],
)
def test_a_time_takes_the_form_of_the_old_one(
    at: datetime, old: str | None, own_day: date | None, new: str
) -> None:
    assert time_like(at, old, OSLO, own_day) == new
