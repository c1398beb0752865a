"""Dates, times and durations, as a calendar and as people elsewhere write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publer_sync.calendar.when import times
from publer_sync.calendar.when.times import When
from publer_sync.calendar.when.zones import TimeError
from publer_sync.values.content import Duration
from publer_sync.values.problems import Help
from publer_sync.values.timezones import time_zone, with_offset, zone_names
from tests.tables import each_of

DAY = date(2027, 3, 2)
NAIVE = datetime(2026, 1, 1)  # noqa: DTZ001 — a local time


def refused(text: str) -> TimeError:
    with pytest.raises(TimeError) as caught:
        times.read(text)
    return caught.value


@each_of(
    ("text", "when"),
    [
        ("2027-03-02 09:00", When(DAY, time(9))),
        ("2027-3-2 9:00", When(DAY, time(9))),
        ("Tue 2027-03-02 09:00", When(DAY, time(9))),
        ("tuesday, 2027-03-02 09:00", When(DAY, time(9))),
        ("Tues 2027-03-02", When(DAY, None)),
        ("2027-03-02", When(DAY, None)),
        ("10:30", When(None, time(10, 30))),
        ("2027-03-02T09:00:00", When(DAY, time(9))),
        ("2027-03-02 09:00:00.000Z", When(DAY, time(9), UTC)),
        ("2027-03-02 09:00 +02:00", When(DAY, time(9), timezone(timedelta(hours=2)))),
        ("2027-03-02T09:00-0330", When(DAY, time(9), timezone(-timedelta(hours=3, minutes=30)))),
        ("2027-03-02T09:00:00-11:00", When(DAY, time(9), timezone(-timedelta(hours=11)))),
        ("2027-03-02 09:00-09:00", When(DAY, time(9), timezone(-timedelta(hours=9)))),
        ("2027-03-02 12:00+12:45", When(DAY, time(12), timezone(timedelta(hours=12, minutes=45)))),
        ("2027-03-02 00:00", When(DAY, time(0))),
        ("2028-02-29", When(date(2028, 2, 29), None)),
    ],
)
def test_what_is_read(text: str, when: When) -> None:
    assert times.read(text) == when


@each_of(
    ("text", "say"),
    [
        ("2027-03-02 24:00", "Midnight is 00:00 of the next day"),
        ("2027-03-02 24:30", "Hours go from 00 to 23"),
        ("2027-03-02 23:60", "Minutes go from 00 to 59"),
        ("2027-03-00", "Days start at 01"),
        ("2027-03-32", "March 2027 has 31 days"),
        ("0000-03-02", "Years start at 0001"),
        ("2027-00-02", "Write year-month-day: 2027-03-02 is the second of March"),
    ],
)
def test_where_hours_and_minutes_end_is_said(text: str, say: str) -> None:
    assert refused(text).help.say == say


@each_of(
    ("text", "written"),
    [
        ("2.3.2027", "2027-03-02"),
        ("02.03.2027 9:00", "2027-03-02 09:00"),
        ("24/12/2027 18:00", "2027-12-24 18:00"),
        ("2027/03/02 9am", "2027-03-02 09:00"),
        ("2 March 2027, 9:30 p.m.", "2027-03-02 21:30"),
        ("March 2nd, 2027 12:05am", "2027-03-02 00:05"),
        ("20270302", "2027-03-02"),
        ("2027-03-02 09:00:30", "2027-03-02 09:00"),
        ("Di 2027-03-02 09:00", "2027-03-02 09:00"),
        ("2027-03-02 1430", "2027-03-02 14:30"),
        ("20270302T143000", "2027-03-02 14:30"),
        ("2.3.2027, 14 Uhr", "2027-03-02 14:00"),
        ("2027-03-02 noon", "2027-03-02 12:00"),
        ("2027-03-02 09:00 UTC", "2027-03-02 09:00Z"),
        ("2027-03-02 09:00:30Z", "2027-03-02 09:00Z"),
        ("2027-03-02 2pm UTC+2", "2027-03-02 14:00+02:00"),
        ("2027-03-02 1am UTC-5", "2027-03-02 01:00:00-05:00"),
        ("2027年3月2日 午前9時", "2027-03-02 09:00"),
        ("2027年3月2日 午後11時", "2027-03-02 23:00"),
        ("Mo 2027-03-01 09:00", "2027-03-01 09:00"),
        ("2027-03-02 9am UTC-9", "2027-03-02 09:00-09:00"),
        ("2027年3月2日 午後9時30分", "2027-03-02 21:30"),
        ("2 March 2027 12pm", "2027-03-02 12:00"),
        ("2 March 2027 12:30am", "2027-03-02 00:30"),
    ],
)
def test_other_notations_are_refused_with_a_line_to_paste(text: str, written: str) -> None:
    found = refused(text)
    assert (found.code, found.written, found.help.paste) == ("time.form", written, f"at: {written}")
    assert times.read(written)


def test_day_and_month_that_may_be_swapped_are_never_guessed() -> None:
    found = refused("3/2/2027 9am")
    assert found.written is None
    assert found.help == Help("Write the one you mean: Tue 2027-03-02 09:00 or Wed 2027-02-03 09:00")


def test_midnight_is_either_end_of_the_day() -> None:
    found = refused("2027-03-02 midnight")
    assert found.help == Help("Write the one you mean: Tue 2027-03-02 00:00 or Wed 2027-03-03 00:00")


@each_of(
    "words",
    [
        "9:00 in the evening", "09:00 - 11:00", "1pm2", "morning", "after lunch", "09:00 EST", "9am CET",
        "09:00 New York", "09:00 Asia/Tokyo", "9-11", "9am-11", "9am +1", "15am", "0pm", "half 9 pm", "~9am", "9am?",
        "9am +01:60", "UTC", "午前午後9時", "午後13時", "12am",
    ],
)  # fmt: skip
def test_a_time_that_is_only_partly_understood_has_no_line_to_paste(words: str) -> None:
    found = refused(f"2027-03-04 {words}")
    assert found.written is None
    assert found.help.paste == ""
    assert found.help.example == "at: 2027-03-02 09:00"


@each_of(
    ("text", "key", "paste", "written"),
    [
        ("8.3.2027", "except", "2027-03-08", "2027-03-08"),
        ("2027-04-01 09:00", "until", "until: 2027-04-01", None),  # it may leave out that day's post
        ("April 1, 2027 9am", "until", "", None),
        ("April 1, 2027", "until", "until: 2027-04-01", "2027-04-01"),
        ("3/4/2027", "until", "", None),
        ("10:30", "until", "", None),
        ("Easter", "except", "", None),
        ("April 1, 2027 or later", "until", "", None),
    ],
)
def test_where_a_day_is_expected_the_fix_is_a_day(
    text: str, key: str, paste: str, written: str | None
) -> None:
    with pytest.raises(TimeError) as caught:
        times.read_date(text, key)
    assert (caught.value.code, caught.value.help.paste, caught.value.written) == ("time.form", paste, written)


def test_the_example_of_a_day_has_the_key_that_it_is_for() -> None:
    for key in ("except", "holidays", "until"):
        with pytest.raises(TimeError) as caught:
            times.read_date("Easter", key)
        assert caught.value.help.example.startswith(f"{key}: ")


@each_of(
    ("text", "paste", "written"),
    [
        ("noon", "time: 12:00", "12:00"),
        ("9am", "time: 09:00", "09:00"),
        ("900", "time: 09:00", "09:00"),
        ("2027-03-02 10:30", "time: 10:30", None),
        ("10:30+02:00", "time: 10:30", None),
        ("9am EST", "", None),
        ("early", "", None),
    ],
)
def test_where_a_time_of_day_is_expected_the_fix_is_one(text: str, paste: str, written: str | None) -> None:
    with pytest.raises(TimeError) as caught:
        times.read_time(text)
    assert (caught.value.code, caught.value.help.paste, caught.value.written) == ("time.form", paste, written)


@each_of(
    "text",
    [
        "", "tomorrow", "noon", "9am", "2027-03", "2027-W10-2", "2027-03-02x09:00", "25:00", "2027-13-01",
        "2027-02-29", "mon 09:00", "may 09:00",
    ],
)  # fmt: skip
def test_what_is_not_a_time_is_refused_with_help(text: str) -> None:
    assert refused(text).code == "time.form"
    assert str(refused(text).help)


@each_of(
    ("text", "help"),
    [
        (
            "2027-04-01 09:00-11:00",
            "Write one time: 09:00 or 11:00. Add seconds if you mean an offset from UTC: 2027-04-01T09:00:00-11:00",
        ),
        ("2027-04-01 09:00 -1100", "Write one time: 09:00 or 11:00. Add seconds if you mean an offset from UTC: 2027-04-01T09:00:00-11:00"),
        ("2027-04-01T09:00-10", "Write one time: 09:00 or 10:00. Add seconds if you mean an offset from UTC: 2027-04-01T09:00:00-10:00"),
        ("2027-04-01 09:00-17:30", "Write one time: 09:00 or 17:30"),
        ("09:00-11:00", "Write one time: 09:00 or 11:00. Add seconds if you mean an offset from UTC: 09:00:00-11:00"),
        ("09:00-10:30", "Write one time: 09:00 or 10:30"),
    ],
)  # fmt: skip
def test_two_times_are_no_offset(text: str, help: str) -> None:
    assert (refused(text).code, refused(text).help.say) == ("time.range", help)


@each_of(
    "text",
    [
        "2027-04-01 09:00+05:20",
        "2027-04-01 09:00:00-13:00",
        "2027-04-01 09:00+14:30",
        "09:00+25:00",
        "09:00+00:60",
        "09:00-09:60",
        "09:00-24:00",
    ],
)
def test_an_offset_is_one_that_a_place_has(text: str) -> None:
    assert refused(text).code == "time.offset"


@pytest.mark.slow
@given(st.datetimes(NAIVE, NAIVE.replace(year=2040)), st.sampled_from(sorted(zone_names())))
def test_what_is_written_with_an_offset_reads_back(local: datetime, name: str) -> None:
    at = local.replace(second=0, microsecond=0, tzinfo=time_zone(name))
    offset = at.utcoffset()
    assert offset is not None
    when = times.read(f"{at:%Y-%m-%d} {with_offset(at.time(), offset)}")
    assert (when.date, when.time, when.offset and when.offset.utcoffset(None)) == (
        at.date(),
        at.time(),
        offset,
    )


def test_a_wrong_weekday_names_both_corrections_and_chooses_none() -> None:
    found = refused("Wed 2027-03-02 09:00")
    assert found.message == "2027-03-02 is a Tuesday, not a Wednesday"
    assert found.help == Help(
        "Write Tue 2027-03-02 09:00 if the date is right, Wed 2027-03-03 09:00 if the weekday is"
    )
    assert found.written is None


@pytest.mark.slow
@given(st.text(max_size=40) | st.from_regex(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4} ?[0-9:apm]{0,7}"))
def test_any_text_is_a_time_or_refused_in_one_line(text: str) -> None:
    try:
        when: When | None = times.read(text)
        said = ""
    except TimeError as found:
        when, said = None, found.message
    assert (when is None) is bool(said)
    assert said.isprintable()
    assert when is None or when.date or when.time


# --- durations --------------------------------------------------------------------------------------------------------


@each_of(
    ("text", "number", "unit"),
    [
        ("1m", 1, "Minute"), ("90m", 90, "Minute"), ("60m", 1, "Hour"), ("24h", 1, "Day"), ("3d", 3, "Day"),
        ("2w", 14, "Day"), ("3 days", 3, "Day"),
    ],
)  # fmt: skip
def test_a_duration_takes_the_largest_unit_that_holds_it(text: str, number: int, unit: str) -> None:
    assert times.duration(text) == Duration(number, unit)


@each_of("text", ["", "0m", "1", "m", "1y", "-1d", "1.5h", "999999d", "１d"])
def test_what_is_not_a_duration_is_none(text: str) -> None:
    assert times.duration(text) is None


@each_of(
    "text, say",
    [
        ("Sat 9999-12-31", "Write Fri 9999-12-31 if the date is right"),
        ("Thu 9999-12-31", "Write Fri 9999-12-31 if the date is right, Thu 9999-12-30 if the weekday is"),
        ("Sun 0001-01-01", "Write Mon 0001-01-01 if the date is right"),
        ("Tue 0001-01-01", "Write Mon 0001-01-01 if the date is right, Tue 0001-01-02 if the weekday is"),
    ],
)
def test_no_weekday_is_offered_that_is_outside_the_calendar(text: str, say: str) -> None:
    assert (refused(text).code, refused(text).help.say) == ("time.weekday", say)
