"""Times in the calendar's zone."""

from __future__ import annotations

from datetime import UTC, datetime

from publer_sync.render.dates import Dates, utc


def test_dates_are_in_the_calendars_zone_with_the_year_where_it_is_another() -> None:
    dates = Dates.around("Europe/Oslo", datetime(2026, 11, 24, tzinfo=UTC))
    late = datetime(2026, 12, 31, 23, 30, 40, tzinfo=UTC)
    assert dates.both(late) == "Fri 1 Jan 2027 00:30"
    assert dates.both(late.replace(day=1)) == "Wed 2 Dec 00:30"
    assert utc(late.replace(microsecond=9)) == "2026-12-31T23:30:40Z"
