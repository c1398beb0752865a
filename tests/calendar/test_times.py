"""Times as people write them, the hours that clocks leave out or repeat, and the same rules on every machine."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta, timezone
from importlib import resources
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publer_sync.calendar import times
from publer_sync.calendar.times import Trouble, When
from publer_sync.content import Duration

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2027, 3, 2)


def trouble(text: str) -> Trouble:
    with pytest.raises(Trouble) as caught:
        times.read(text)
    return caught.value


@pytest.mark.parametrize(
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
        ("2027-03-02 00:00", When(DAY, time(0))),
        ("2028-02-29", When(date(2028, 2, 29), None)),
    ],
)
def test_what_is_read(text: str, when: When) -> None:
    assert times.read(text) == when


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2.3.2027", "2027-03-02"),
        ("02.03.2027 9:00", "2027-03-02 09:00"),
        ("24/12/2027 18:00", "2027-12-24 18:00"),
        ("2027/03/02 9am", "2027-03-02 09:00"),
        ("2 March 2027, 9:30 p.m.", "2027-03-02 21:30"),
        ("March 2nd, 2027 12am", "2027-03-02 00:00"),
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
    ],
)
def test_other_forms_are_refused_with_the_line_to_paste(text: str, written: str) -> None:
    found = trouble(text)
    assert (found.code, found.written, found.help) == ("time.form", written, f"at: {written}")
    assert times.read(written)


def test_day_and_month_that_may_be_swapped_are_never_guessed() -> None:
    found = trouble("3/2/2027 9am")
    assert found.written is None
    assert found.help == "one of these:\n  at: 2027-03-02 09:00\n  at: 2027-02-03 09:00"


@pytest.mark.parametrize(
    ("text", "readings", "place"),
    [
        ("2027-03-02 09:00 EST", ["09:00-05:00"], "America/New_York"),
        ("2027-07-02 9am ET", ["09:00-04:00"], "America/New_York"),
        ("2027-07-02 9am CET", ["09:00+02:00", "09:00+01:00"], "Europe/Berlin"),
        ("2027-03-02 09:00 New York", ["09:00-05:00"], "America/New_York"),
        ("2027-03-02 09:00 Asia/Tokyo", ["09:00+09:00"], "Asia/Tokyo"),
    ],
)
def test_the_name_of_a_clock_is_never_dropped(text: str, readings: list[str], place: str) -> None:
    found, day = trouble(text), text[:10]
    assert found.help is not None
    assert found.help.endswith(f"\ntimezone: {place}")
    assert [line.strip() for line in found.help.splitlines() if line.strip().startswith("at:")] == [
        f"at: {day} {each}" for each in readings
    ]
    assert all(times.read(f"{day} {each}").offset is not None for each in readings)


def test_midnight_is_of_either_end_of_the_day() -> None:
    found = trouble("2027-03-02 midnight")
    assert found.help == "one of these:\n  at: 2027-03-02 00:00\n  at: 2027-03-03 00:00"


@pytest.mark.parametrize("words", ["9:00 in the evening", "09:00 - 11:00", "1pm2", "morning", "after lunch"])
def test_a_time_that_is_not_understood_whole_is_given_no_line_that_would_change_it(words: str) -> None:
    found = trouble(f"2027-03-04 {words}")
    assert found.written is None
    assert found.help is not None
    assert found.help.startswith("year, month, day, and 24 hours: 2027-03-04 ")


@pytest.mark.parametrize(
    ("text", "key", "help", "written"),
    [
        ("8.3.2027", "except", "2027-03-08", "2027-03-08"),
        ("2027-04-01 09:00", "until", "until: 2027-04-01", "2027-04-01"),
        ("April 1, 2027", "until", "until: 2027-04-01", "2027-04-01"),
        ("3/4/2027", "until", "one of these:\n  until: 2027-03-04\n  until: 2027-04-03", None),
        ("10:30", "until", "until: 2027-03-02", None),
        ("Easter", "except", "2027-03-02", None),
    ],
)
def test_where_a_day_stands_the_cure_is_a_day(text: str, key: str, help: str, written: str | None) -> None:
    with pytest.raises(Trouble) as caught:
        times.read_date(text, key)
    assert (caught.value.code, caught.value.help, caught.value.written) == ("time.form", help, written)


@pytest.mark.parametrize(
    ("text", "help", "written"),
    [
        ("noon", "time: 12:00", "12:00"),
        ("9am", "time: 09:00", "09:00"),
        ("900", "time: 09:00", "09:00"),
        ("2027-03-02 10:30", "time: 10:30", "10:30"),
        ("9am EST", "time: 09:00", None),
        ("early", "time: 09:00", None),
    ],
)
def test_where_a_time_of_day_stands_the_cure_is_one(text: str, help: str, written: str | None) -> None:
    with pytest.raises(Trouble) as caught:
        times.read_time(text)
    assert (caught.value.code, caught.value.help, caught.value.written) == ("time.form", help, written)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tomorrow",
        "noon",
        "9am",
        "2027-03",
        "2027-W10-2",
        "2027-03-02x09:00",
        "25:00",
        "2027-13-01",
        "2027-02-29",
    ],
)
def test_what_says_no_time_is_refused_with_an_example(text: str) -> None:
    assert trouble(text).code == "time.form"
    assert trouble(text).help


def test_a_wrong_weekday_names_both_corrections() -> None:
    found = trouble("Wed 2027-03-02 09:00")
    assert found.message == "2027-03-02 is a Tuesday, not a Wednesday"
    assert found.help == "either the day or the date:\n  Tue 2027-03-02 09:00\n  Wed 2027-03-03 09:00"


@given(st.text(max_size=40) | st.from_regex(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4} ?[0-9:apm]{0,7}"))
def test_any_text_is_a_time_or_a_trouble_with_a_message_of_one_line(text: str) -> None:
    try:
        when: When | None = times.read(text)
        said = ""
    except Trouble as found:
        when, said = None, found.message
    assert (when is None) is bool(said)
    assert said.isprintable()
    assert when is None or when.date or when.time


# --- clocks that change -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "day", "at", "message", "help"),
    [
        (
            "Europe/Oslo",
            date(2027, 3, 28),
            time(2, 30),
            "02:30 does not exist on Sun 28 Mar 2027 in Europe/Oslo: the clock goes from 02:00 to 03:00",
            "2027-03-28 03:30, or with an offset: 2027-03-28 02:30+01:00",
        ),
        (
            "Europe/Oslo",
            date(2027, 10, 31),
            time(2, 30),
            "02:30 happens twice on Sun 31 Oct 2027 in Europe/Oslo",
            "say which: 2027-10-31 02:30+02:00 (the first), 2027-10-31 02:30+01:00 (the second)",
        ),
        (
            "Australia/Lord_Howe",
            date(2027, 10, 3),
            time(2, 10),
            "02:10 does not exist on Sun 3 Oct 2027 in Australia/Lord_Howe: the clock goes from 02:00 to 02:30",
            "2027-10-03 02:40, or with an offset: 2027-10-03 02:10+10:30",
        ),
    ],
)
def test_an_hour_left_out_or_repeated_names_both_ways_out(
    place: str, day: date, at: time, message: str, help: str
) -> None:
    with pytest.raises(Trouble) as caught:
        times.moment(day, at, times.zone(place))
    assert (caught.value.message, caught.value.help) == (message, help)


def test_the_ways_out_of_an_hour_are_themselves_fine() -> None:
    first, second = timezone(timedelta(hours=2)), timezone(timedelta(hours=1))
    day, at = date(2027, 10, 31), time(2, 30)
    assert times.moment(day, at, second) - times.moment(day, at, first) == timedelta(hours=1)


def test_the_minutes_beside_a_gap_are_fine() -> None:
    oslo = times.zone("Europe/Oslo")
    assert times.moment(date(2027, 3, 28), time(1, 59), oslo) == datetime(2027, 3, 28, 0, 59, tzinfo=UTC)
    assert times.moment(date(2027, 3, 28), time(3), oslo) == datetime(2027, 3, 28, 1, tzinfo=UTC)


def test_the_ends_of_time_are_a_trouble_and_no_crash() -> None:
    with pytest.raises(Trouble):
        times.moment(date(1, 1, 1), time(0), times.zone("Asia/Tokyo"))
    with pytest.raises(Trouble):
        times.moment(date(9999, 12, 31), time(23), timezone(-timedelta(hours=5)))


# --- zones ------------------------------------------------------------------------------------------------------------


def test_rules_come_from_the_package_and_not_from_the_machine(tmp_path: Path) -> None:
    """On a machine whose Oslo has London's clocks, Oslo still has its own."""
    (tmp_path / "Europe").mkdir()
    london = resources.files("tzdata").joinpath("zoneinfo", "Europe", "London").read_bytes()
    (tmp_path / "Europe" / "Oslo").write_bytes(london)
    zoneinfo.reset_tzpath([str(tmp_path)])
    zoneinfo.ZoneInfo.clear_cache()
    times.zone.cache_clear()
    try:
        assert zoneinfo.ZoneInfo("Europe/Oslo").utcoffset(datetime(2027, 1, 1)) == timedelta(0)  # noqa: DTZ001 - a wall clock
        assert times.moment(DAY, time(9), times.zone("Europe/Oslo")) == datetime(2027, 3, 2, 8, tzinfo=UTC)
    finally:
        zoneinfo.reset_tzpath()
        zoneinfo.ZoneInfo.clear_cache()


@pytest.mark.parametrize(
    ("name", "help"),
    [
        ("CET", "timezone: Europe/Berlin"),
        ("EST", "timezone: America/New_York"),
        ("europe/berlin", "timezone: Europe/Berlin"),
        ("Berlin", "timezone: Europe/Berlin"),
        ("New York", "timezone: America/New_York"),
        ("Europe/Berlim", "timezone: Europe/Berlin"),
        ("UTC+2", "use a place such as Europe/Berlin or America/New_York"),
        ("Europe", "use a place such as Europe/Berlin or America/New_York"),
        ("", "use a place such as Europe/Berlin or America/New_York"),
        ("../../etc/passwd", "use a place such as Europe/Berlin or America/New_York"),
        ("x" * 5000, "use a place such as Europe/Berlin or America/New_York"),
    ],
)
def test_what_is_no_place_is_refused_with_the_likeliest_one(name: str, help: str) -> None:
    with pytest.raises(Trouble) as caught:
        times.zone(name)
    assert (caught.value.code, caught.value.help) == ("time.zone", help)


# --- durations --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("1m", 1, "Minute"),
        ("90m", 90, "Minute"),
        ("60m", 1, "Hour"),
        ("24h", 1, "Day"),
        ("3d", 3, "Day"),
        ("2w", 14, "Day"),
        ("3 days", 3, "Day"),
    ],
)
def test_a_duration_takes_the_largest_unit_that_holds_it(text: str, number: int, unit: str) -> None:
    assert times.duration(text) == Duration(number, unit)


@pytest.mark.parametrize("text", ["", "0m", "1", "m", "1y", "-1d", "1.5h", "999999d", "１d"])
def test_what_is_no_duration_is_none(text: str) -> None:
    assert times.duration(text) is None
