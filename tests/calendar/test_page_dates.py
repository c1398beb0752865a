"""The date of a page, in the forms that websites write it."""

from __future__ import annotations

import pytest

from publer_sync.calendar.website.page_dates import date_of
from publer_sync.calendar.when.zones import TimeError
from tests.tables import each_of


@each_of(
    "written, said",
    [
        ("", "None"),
        ("  ", "None"),
        (" 2027-04-06 ", "2027-04-06"),
        ("2027-04-06 10:00", "2027-04-06 10:00:00"),
        ("2027-04-06T9:05", "2027-04-06 09:05:00"),
        ("2027-04-06T10:00:30.250", "2027-04-06 10:00:30"),
        ("2027-04-06T10:00:00Z", "2027-04-06 10:00:00+00:00"),
        ("2027-04-06 10:00 +0200", "2027-04-06 10:00:00+02:00"),
        ("2027-04-06 10:00:30+05:30", "2027-04-06 10:00:30+05:30"),
        ("2027-04-06 10:00:30-05:00", "2027-04-06 10:00:30-05:00"),
        ("2027-04-06 10:00:00-12:00", "2027-04-06 10:00:00-12:00"),
        ("Apr 06 2027", "2027-04-06"),
        ("Apr 6, 2027", "2027-04-06"),
        ("April 6, 2027", "2027-04-06"),
        ("April 6 2027", "2027-04-06"),
        ("6 Apr 2027", "2027-04-06"),
        ("6 April 2027", "2027-04-06"),
        ("Tue 2027-04-06", "2027-04-06"),
        ("Tue 2027-04-06 10:00", "2027-04-06 10:00:00"),
    ],
)
def test_the_forms_that_websites_write_are_read(written: str, said: str) -> None:
    assert str(date_of(written)) == said


@each_of(
    "written, message",
    [
        ("10:00", '"10:00" is a time of day, and a page needs a day'),
        ("2027-02-29", "2027-02-29 is not a valid date"),
        ("2027-04-06 25:00", '25:00 in "2027-04-06 25:00" is not a valid time of day'),
        (
            "2027-04-06 10:00-12:00",
            '"2027-04-06 10:00-12:00" is a range of time; a post is published at one minute',
        ),
        ("soon", '"soon" is not a date publer-sync can read'),
        ("6 Aprl 2027", '"6 Aprl 2027" is not a date publer-sync can read'),
    ],
)
def test_what_is_no_date_says_why(written: str, message: str) -> None:
    with pytest.raises(TimeError) as refused:
        date_of(written)
    assert refused.value.message == message
