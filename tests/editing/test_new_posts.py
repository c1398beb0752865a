"""How new posts are written."""

from __future__ import annotations

from datetime import UTC, datetime

from publer_sync.calendar.zones import zone
from publer_sync.editing.new_posts import written_time
from tests.tables import each_of


@each_of(
    ("when", "text"),
    [
        (datetime(2027, 3, 2, 8, 0, tzinfo=UTC), "Tue 2027-03-02 09:00"),
        (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), "Sun 2027-10-31 02:30+02:00"),
        (datetime(2027, 10, 31, 1, 30, tzinfo=UTC), "Sun 2027-10-31 02:30+01:00"),
    ],
)
def test_a_time_is_local_and_certain(when: datetime, text: str) -> None:
    assert written_time(when, zone("Europe/Oslo"), weekday=True) == text
