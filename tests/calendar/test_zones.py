"""Time zones by name, the hours that clocks skip or repeat, and the same rules on every machine."""

from __future__ import annotations

import json
import zoneinfo
from datetime import UTC, date, datetime, time, timedelta, timezone
from importlib import resources
from typing import TYPE_CHECKING

import pytest

from publer_sync.calendar.when import zones
from publer_sync.calendar.when.zones import TimeError
from publer_sync.values import timezones
from tests.calendar.calendars import SETTINGS, both, codes, one, write
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Cli

DAY = date(2027, 3, 2)

# --- clocks that change -----------------------------------------------------------------------------------------------


@each_of(
    ("place", "day", "at", "message", "help"),
    [
        (
            "Europe/Oslo",
            date(2027, 3, 28),
            time(2, 30),
            "02:30 does not exist on Sun 28 Mar 2027 in Europe/Oslo: the clocks go from 02:00 to 03:00",
            "Write 2027-03-28 03:30, or give an offset: 2027-03-28 02:30+01:00",
        ),
        (
            "Europe/Oslo",
            date(2027, 10, 31),
            time(2, 30),
            "02:30 happens twice on Sun 31 Oct 2027 in Europe/Oslo",
            "Write 2027-10-31 02:30+02:00 for the first time, 2027-10-31 02:30+01:00 for the second",
        ),
        (
            "Australia/Lord_Howe",
            date(2027, 10, 3),
            time(2, 10),
            "02:10 does not exist on Sun 3 Oct 2027 in Australia/Lord_Howe: the clocks go from 02:00 to 02:30",
            "Write 2027-10-03 02:40, or give an offset: 2027-10-03 02:10+10:30",
        ),
    ],
)
def test_an_hour_that_is_skipped_or_repeated_names_both_fixes(
    place: str, day: date, at: time, message: str, help: str
) -> None:
    with pytest.raises(TimeError) as caught:
        zones.moment(day, at, zones.zone(place))
    assert (caught.value.message, str(caught.value.help)) == (message, help)


def test_both_fixes_of_a_repeated_hour_work() -> None:
    first, second = timezone(timedelta(hours=2)), timezone(timedelta(hours=1))
    day, at = date(2027, 10, 31), time(2, 30)
    assert zones.moment(day, at, second) - zones.moment(day, at, first) == timedelta(hours=1)


def test_the_minutes_beside_a_gap_are_fine() -> None:
    oslo = zones.zone("Europe/Oslo")
    assert zones.moment(date(2027, 3, 28), time(1, 59), oslo) == datetime(2027, 3, 28, 0, 59, tzinfo=UTC)
    assert zones.moment(date(2027, 3, 28), time(3), oslo) == datetime(2027, 3, 28, 1, tzinfo=UTC)


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1, 12, 31), date(9999, 10, 1), date(9999, 12, 31)])
def test_the_ends_of_time_are_refused(day: date) -> None:
    """Weeks and months are counted from each post, and so is the day before and after it."""
    for zone in (zones.zone("Asia/Tokyo"), timezone(-timedelta(hours=5))):
        with pytest.raises(TimeError, match="day that a post can have"):
            zones.moment(day, time(23), zone)


@pytest.mark.parametrize("year", [9998, 9999])
def test_a_post_that_is_parked_near_the_end_of_time_is_told_how(top: Path, year: int) -> None:
    """It took everything with it where the account has a cadence."""
    settings = f"{SETTINGS}cadence: {{x: 1-2/week}}\n"
    write(top, publer=settings, a=f"accounts: x\nposts:\n- {{at: {year}-12-31 09:00, text: Later}}\n")
    calendar, desired, _ = both(top)
    [found] = calendar.judge(desired, now=datetime(2027, 1, 1, tzinfo=UTC))
    assert str(found.location) == "a.yaml:3"
    if year == 9998:
        assert found.code == "time.far"
    else:
        assert (found.code, "comment it out, or write a year like 2099" in str(found.help)) == (
            "time.form",
            True,
        )


@pytest.mark.parametrize("day", ["9998-12-31", "9999-06-01", str(zones.LAST_DAY)])
def test_a_post_that_is_parked_for_thousands_of_years_is_a_warning_everywhere(
    cli: Cli, tmp_path: Path, day: str
) -> None:
    top = tmp_path / "calendar"
    top.mkdir()
    settings = "timezone: Pacific/Kiritimati\naccounts: {x: Fjordlight}\ncadence: {x: 0-2/week}\n"
    write(top, publer=settings, a=f"accounts: x\nposts:\n- {{at: {day} 09:00, text: Later}}\n")
    ran = cli("validate", top, "--format", "json")
    assert (ran.code, [each["code"] for each in json.loads(ran.stdout)["problems"]]) == (0, ["time.far"])
    ran = cli("plan", top, "--sandbox", "--to", day, "--format", "json")
    assert (ran.code, [each["action"] for each in json.loads(ran.stdout)["changes"]]) == (0, ["create"])
    assert cli("preview", top, "--out", tmp_path / "preview.html").code == 0


# --- zones ------------------------------------------------------------------------------------------------------------


def test_rules_come_from_the_package_and_not_from_the_machine(tmp_path: Path) -> None:
    """On a machine whose Oslo has London's clocks, Oslo still has its own."""
    (tmp_path / "Europe").mkdir()
    london = resources.files("tzdata").joinpath("zoneinfo", "Europe", "London").read_bytes()
    (tmp_path / "Europe" / "Oslo").write_bytes(london)
    zoneinfo.reset_tzpath([str(tmp_path)])
    zoneinfo.ZoneInfo.clear_cache()
    timezones.time_zone.cache_clear()
    try:
        assert zoneinfo.ZoneInfo("Europe/Oslo").utcoffset(datetime(2027, 1, 1)) == timedelta(0)  # noqa: DTZ001 - a wall clock
        assert zones.moment(DAY, time(9), zones.zone("Europe/Oslo")) == datetime(2027, 3, 2, 8, tzinfo=UTC)
    finally:
        zoneinfo.reset_tzpath()
        zoneinfo.ZoneInfo.clear_cache()


@each_of(
    ("name", "say", "paste"),
    [
        ("europe/berlin", "Write its full name", "timezone: Europe/Berlin"),
        ("Berlin", "Write its full name", "timezone: Europe/Berlin"),
        ("New York", "Write its full name", "timezone: America/New_York"),
        ("Eastern", "Write the one you mean: Canada/Eastern or US/Eastern", ""),
        ("Europe/Berlim", "Did you mean Europe/Berlin? Name a place in that time zone", ""),
        ("CET", "Name a place in that time zone", ""),
        ("EST", "Name a place in that time zone", ""),
        ("UTC+2", "Name a place in that time zone", ""),
        ("Europe", "Name a place in that time zone", ""),
        ("", "Name a place in that time zone", ""),
        ("../../etc/passwd", "Name a place in that time zone", ""),
        ("x" * 5000, "Name a place in that time zone", ""),
    ],
)
def test_what_is_not_a_time_zone_is_refused(name: str, say: str, paste: str) -> None:
    """CET and EST are no places: many share them, and only in winter."""
    with pytest.raises(TimeError) as caught:
        zones.zone(name)
    found = caught.value
    assert (found.code, found.help.say, found.help.paste) == ("time.zone", say, paste)
    assert (found.written is None) is (paste == "")


@each_of(
    ("day", "found"),
    [
        ("0001-12-31", ["time.form"]),
        ("0002-01-01", []),
        ("9999-09-30", []),
        ("9999-10-01", ["time.form"]),
    ],
)
def test_a_post_has_a_day_around_which_weeks_can_be_counted(top: Path, day: str, found: list[str]) -> None:
    write(top, a=one("x").replace("2027-03-01 09:00", f"{day} 09:00+00:00"))
    assert codes(top) == found
