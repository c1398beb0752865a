"""Dates as spreadsheets write them: what can mean two days is never guessed."""

from __future__ import annotations

from datetime import UTC, date, time, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from publer_sync.calendar.when.zones import TimeError
from publer_sync.importing.dates import DayTime, Unreadable, read
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.importing.dates import Order

DAY, NINE = date(2027, 3, 14), time(9, 0)


@each_of(
    ("text", "order", "expected"),
    [
        ("2027-03-14 09:00", None, DayTime(DAY, NINE, None)),
        ("2027/3/14 9:00", None, DayTime(DAY, NINE, None)),
        ("2027-03-14T09:00:00Z", None, DayTime(DAY, NINE, UTC)),
        ("2027-03-14T09:00+01:00", None, DayTime(DAY, NINE, timezone(timedelta(hours=1)))),
        ("14.03.2027 09:00", None, DayTime(DAY, NINE, None)),
        ("14. 3. 2027, 09:00", None, DayTime(DAY, NINE, None)),
        ("3/14/2027 9:00 AM", None, DayTime(DAY, NINE, None)),
        ("3/14/2027 9:00\u202fAM", None, DayTime(DAY, NINE, None)),
        ("14/3/2027 9 am", None, DayTime(DAY, NINE, None)),
        ("3/14/2027 12:30 a.m.", None, DayTime(DAY, time(0, 30), None)),
        ("3/14/2027 12:30PM", None, DayTime(DAY, time(12, 30), None)),
        ("2027-03-14", None, DayTime(DAY, None, None)),
        ("Mar 14, 2027 9:00 PM", None, DayTime(DAY, time(21, 0), None)),
        ("Sunday, March 14th, 2027 at 9 am", "dmy", DayTime(DAY, NINE, None)),
        ("Mar 14, 2027, 9:00\u202fAM GMT", None, DayTime(DAY, NINE, UTC)),
        ("14-Mar-2027 09:00", "mdy", DayTime(DAY, NINE, None)),
        ("So. 14. März 2027, 09:00", None, DayTime(DAY, NINE, None)),
        ("14 de marzo de 2027 9:00", None, DayTime(DAY, NINE, None)),
        ("mar 2 mars 2027", None, DayTime(date(2027, 3, 2), None, None)),
        ("03/04/2027 09:00", "dmy", DayTime(date(2027, 4, 3), NINE, None)),
        ("03/04/2027 09:00", "mdy", DayTime(date(2027, 3, 4), NINE, None)),
        ("03.04.2027 09:00", None, DayTime(date(2027, 4, 3), NINE, None)),
        ("04/04/2027 09:00", None, DayTime(date(2027, 4, 4), NINE, None)),
        ("04.04.2027 09:00", "mdy", DayTime(date(2027, 4, 4), NINE, None)),
        ("03.14.2027 09:00", "mdy", DayTime(DAY, NINE, None)),
        ("02.03.27 09:00", "mdy", DayTime(date(2027, 2, 3), NINE, None)),
        ("1/23/27 17:30", "mdy", DayTime(date(2027, 1, 23), time(17, 30), None)),
        ("27-03-14 09:00", "ymd", DayTime(DAY, NINE, None)),
        ("2027-03-04 09:00", "dmy", DayTime(date(2027, 3, 4), NINE, None)),
    ],
)
def test_a_date_with_one_meaning_is_read(text: str, order: Order | None, expected: DayTime) -> None:
    assert read(text, order) == expected


@each_of(
    ("text", "order", "message"),
    [
        ("03/04/2027 09:00", None, '"03/04/2027 09:00" can be 3 April 2027 or 4 March 2027'),
        ("03-04-2027 09:00", None, '"03-04-2027 09:00" can be 3 April 2027 or 4 March 2027'),
        ("23/01/2027 09:00", "mdy", '"23/01/2027 09:00" is not a date in the order mdy'),
        (
            "02.03.2027 09:00",
            "mdy",
            '"02.03.2027 09:00" puts the day first, as dots do, and --dates mdy does not',
        ),
        ("2027/23/01 09:00", "mdy", '"2027/23/01 09:00" is not a valid date'),
        ("31/02/2027 09:00", None, '"31/02/2027 09:00" is not a valid date'),
        ("2027-13-01 09:00", None, '"2027-13-01 09:00" is not a valid date'),
        ("2027-03-014 09:00", None, '"2027-03-014 09:00" is not a valid date'),
        ("14/03/027 09:00", None, '"14/03/027 09:00" is not a valid date'),
        (
            "next Friday at 2 PM",
            None,
            '"next Friday at 2 PM" is a time in words; only Publer\'s own import knows what it means',
        ),
        ("Mon, Mar 14, 2027 9:00 AM", None, '"Mon, Mar 14, 2027 9:00 AM" is a Sunday'),
        ("Feb 30, 2027", None, '"Feb 30, 2027" is not a valid date'),
        ("14-Mar-27", None, '"14-Mar-27" has a year of two digits'),
        ("Mar 14, 2027 9", None, '"Mar 14, 2027 9" is not a date and a time'),
        (
            "Someday 14 Mar 2027",
            None,
            '"Someday 14 Mar 2027" is a time in words; only Publer\'s own import knows what it means',
        ),
        ("46448.375", None, '"46448.375" is a number, not a date'),
        ("2027-03-14 25:00", None, '"2027-03-14 25:00" has no valid time of day'),
        ("2027-03-14 13:00 PM", None, '"2027-03-14 13:00 PM" has no valid time of day'),
        ("2027-03-14 09:00:30", None, '"2027-03-14 09:00:30" has seconds; Publer publishes at a full minute'),
        ("2027-03-14 09-00", None, '"2027-03-14 09-00" is not a date and a time'),
        ("2 Bananas 2027", None, '"2 Bananas 2027" is not a date and a time'),
        ("2027-03-14 09", None, '"2027-03-14 09" is not a date and a time'),
    ],
)
def test_anything_else_is_refused_with_the_reason(text: str, order: Order | None, message: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(text, order)
    assert refused.value.message == message


@each_of(
    ("text", "code"),
    [
        ("14 March 2027 09:00-11:00", "time.range"),
        ("14.3.2027 09:00 - 11:00", ""),
        ("2027-03-14 09:00-11:00", "time.range"),
        ("2027-03-14 09:00 +19:00", "time.offset"),
    ],
)
def test_two_times_are_no_offset(text: str, code: str) -> None:
    with pytest.raises((TimeError, Unreadable)) as refused:
        read(text, None)
    assert getattr(refused.value, "code", "") == code
    assert read("2027-03-14T09:00:00-11:00", None).offset == timezone(-timedelta(hours=11))
