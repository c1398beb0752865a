"""Times in the calendar's zone."""

from __future__ import annotations

from datetime import UTC, datetime

from publer_sync.render.layout.dates import Dates, utc


def test_dates_are_in_the_calendars_zone_with_the_year_where_it_is_another() -> None:
    dates = Dates.around("Europe/Oslo", datetime(2026, 11, 24, tzinfo=UTC))
    late = datetime(2026, 12, 31, 23, 30, 40, tzinfo=UTC)
    assert dates.both(late) == "Fri 1 Jan 2027 00:30"
    assert dates.both(late.replace(day=1)) == "Wed 2 Dec 00:30"
    assert utc(late.replace(microsecond=9)) == "2026-12-31T23:30:40Z"


def test_the_clock_of_another_zone_stands_beside_where_it_differs() -> None:
    dates, moment = Dates("Europe/Oslo", 2027), datetime(2027, 3, 2, 11, tzinfo=UTC)
    assert dates.both(moment) == "Tue 2 Mar 12:00"
    assert dates.beside(moment, "America/New_York") == "06:00 New York"
    assert dates.beside(moment.replace(hour=3), "America/New_York") == "Mon 1 Mar 22:00 New York"
    assert [dates.beside(moment, zone) for zone in ("", "Europe/Oslo", "Europe/Berlin")] == ["", "", ""]
    moved = dates.beside_both(moment.replace(day=1), moment, "America/New_York")
    assert moved == "Mon 1 Mar 06:00 → Tue 2 Mar 06:00 New York"
