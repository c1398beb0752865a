"""Dates with names, and the times that count from them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publer_sync.calendar.document import SitePage
from publer_sync.calendar.load import read
from publer_sync.calendar.website.page_dates import date_of
from publer_sync.calendar.when.named_dates import NO_DATES, NamedDate, NamedDates
from publer_sync.calendar.when.sums import meant_sum
from publer_sync.calendar.when.wall_clock import WallClock
from publer_sync.calendar.when.zones import TimeError
from publer_sync.calendar.yaml.nodes import Mark
from tests.calendar.calendars import SETTINGS, both, judged, write

if TYPE_CHECKING:
    from pathlib import Path

DATES = "time: 07:00\ndates:\n  launch: Tue 2027-04-06\n  conf: 2027-05-20 09:30\n"
OSLO, NEW_YORK = ZoneInfo("Europe/Oslo"), ZoneInfo("America/New_York")


def posts(*times: str, more: str = "") -> str:
    """A file with a post for each time, named p1, p2, …"""
    listed = "".join(
        f"- id: p{number}\n  at: {at}\n  accounts: x\n  text: number {number}\n{more}"
        for number, at in enumerate(times, 1)
    )
    return f"posts:\n{listed}"


def local(top: Path, zone: ZoneInfo = OSLO) -> dict[str, str]:
    """The time of each post, by id; nothing else may be wrong with them."""
    _, desired, problems = both(top)
    assert problems == []
    return {post.id or "": f"{post.at.astimezone(zone):%a %m-%d %H:%M}" for post in desired.posts}


def wrong(top: Path) -> list[tuple[str, str, int]]:
    """The code, place and column of each problem."""
    return [
        (each.code, str(each.location), each.location.column) for each in judged(read(top)) if each.location
    ]


@pytest.fixture
def top(top: Path) -> Path:
    write(top, publer=SETTINGS + DATES)
    return top


# --- what a time means ------------------------------------------------------------------------------------------------

MEANINGS = {
    "launch": "Tue 04-06 07:00",
    "launch 09:00": "Tue 04-06 09:00",
    "launch - 7d 09:00": "Tue 03-30 09:00",
    "launch - 7 days 09:00": "Tue 03-30 09:00",
    "launch + 2w": "Tue 04-20 07:00",
    "launch + 1d 09:00Z": "Wed 04-07 11:00",
    "conf": "Thu 05-20 09:30",
    "conf 18:00": "Thu 05-20 18:00",
    "conf - 2h": "Thu 05-20 07:30",
    "conf + 90m": "Thu 05-20 11:00",
    "conf - 1d": "Wed 05-19 09:30",
    "conf - 1d 12:00": "Wed 05-19 12:00",
    "mon before launch 17:00": "Mon 04-05 17:00",
    "Tue before launch 17:00": "Tue 03-30 17:00",
    "tue after launch": "Tue 04-13 07:00",
    "wed after launch": "Wed 04-07 07:00",
    "tuesday after conf": "Tue 05-25 09:30",
    "first tue after conf": "Tue 05-25 09:30",
    "thu before conf": "Thu 05-13 09:30",
}


def test_times_count_from_a_date(top: Path) -> None:
    """`before` and `after` never mean the day itself; the time of day is the one given, else the date's own, else `time`."""
    write(top, a=posts(*MEANINGS))
    write(top, publer=SETTINGS + DATES)
    calendar, desired, problems = both(top)
    found = {post.id or "": f"{post.at.astimezone(OSLO):%a %m-%d %H:%M}" for post in desired.posts}
    assert [each.code for each in problems if each.code != "slot.twice"] == []
    assert list(MEANINGS.values()) == [found[f"p{number}"] for number in range(1, len(MEANINGS) + 1)]
    by_id = {post.id: post for post in desired.posts}
    counted = by_id["p3"].counted
    assert counted is not None
    assert (counted.written, counted.name, counted.date) == ("launch - 7d 09:00", "launch", "2027-04-06")
    assert str(counted.place) == "publer.yaml:9"
    assert [each.counted.date for each in desired.posts if each.counted and each.id == "p7"] == [
        "2027-05-20T07:30:00Z"
    ]
    assert calendar.problems == ()


def test_a_date_alone_is_a_day_in_the_posts_zone_and_one_with_a_time_a_moment_of_its_files_zone(
    top: Path,
) -> None:
    """Its day and its time of day are those that it has in the zone of the post."""
    write(
        top,
        a="timezone: America/New_York\n"
        + posts("launch 09:00", "conf", "conf + 1d", "conf - 1h", "tue after conf"),
        b="timezone: America/New_York\ndates: {fair: 2027-05-20 20:30}\n"
        + posts("fair", "fair + 1d").replace("id: p", "id: q"),
    )
    assert local(top, NEW_YORK) == {
        "p1": "Tue 04-06 09:00",
        "p2": "Thu 05-20 03:30",
        "p3": "Fri 05-21 03:30",
        "p4": "Thu 05-20 02:30",
        "p5": "Tue 05-25 03:30",
        "q1": "Thu 05-20 20:30",
        "q2": "Fri 05-21 20:30",
    }


def test_the_nearest_date_counts_and_null_takes_one_away(top: Path) -> None:
    (top.parent / "shared.yaml").write_text(
        "timezone: America/New_York\ndates: {launch: 2027-01-01, fair: 2027-05-01 09:00, gone: 2027-01-01}\n"
    )
    write(
        top,
        publer=f"extends: ../shared.yaml\n{SETTINGS}{DATES}  gone: null\n",
        a="dates: {conf: 2027-06-01}\n" + posts("launch", "conf", "fair"),
        b="posts:\n- {id: b, at: conf, accounts: x, text: hi}\n",
        c="posts:\n- {id: c, at: gone, accounts: x, text: hi}\n",
    )
    _, desired, problems = both(top)
    found = {post.id: f"{post.at.astimezone(OSLO):%m-%d %H:%M}" for post in desired.posts}
    assert found == {"p1": "04-06 07:00", "p2": "06-01 07:00", "p3": "05-01 15:00", "b": "05-20 09:30"}
    assert [(each.code, str(each.location)) for each in problems] == [("date.unknown", "c.yaml:2")]


def test_a_markdown_file_may_declare_dates(top: Path) -> None:
    (top / "post.md").write_text(
        "---\nid: md\nat: talk - 1d 08:00\naccounts: x\ndates: {talk: 2027-06-02}\n---\nWords\n"
    )
    assert local(top) == {"md": "Tue 06-01 08:00"}


def test_networks_and_accounts_count_too_and_a_time_alone_is_on_the_counted_day(top: Path) -> None:
    write(
        top,
        a="posts:\n- id: a\n  at: launch - 1d 09:00\n  accounts: [x, facebook, {account: linkedin, at: launch 10:00}]\n"
        "  text: hi\n  networks: {x: {at: 11:00}}\n",
    )
    _, desired, problems = both(top)
    assert problems == []
    found = {post.account.alias: f"{post.at.astimezone(OSLO):%m-%d %H:%M}" for post in desired.posts}
    assert found == {"facebook": "04-05 09:00", "x": "04-05 11:00", "linkedin": "04-06 10:00"}
    assert {post.counted.written for post in desired.posts if post.counted} == {
        "launch - 1d 09:00",
        "launch 10:00",
    }


@pytest.mark.parametrize(
    ("not_before", "fine"),
    [
        ("launch", True),
        ("launch 07:00", True),
        ("launch 07:01", False),
        ("launch + 1d", False),
        ("conf - 2w", False),
    ],
)
def test_not_before_counts_from_a_date_and_needs_no_id(top: Path, not_before: str, *, fine: bool) -> None:
    write(top, a=f"posts:\n- at: 2027-04-06\n  accounts: x\n  text: hi\n  not_before: {not_before}\n")
    assert [each.code for each in both(top)[2]] == ([] if fine else ["time.embargo"])


def test_a_series_that_counts_from_a_date_numbers_its_posts(top: Path) -> None:
    """So each stays the post that it is when the date moves."""
    series = "  repeat: {every: week, times: 4, except: [2027-04-13]}\n"
    write(top, a=posts("launch 09:00", more=series))
    assert local(top) == {"p1@1": "Tue 04-06 09:00", "p1@3": "Tue 04-20 09:00", "p1@4": "Tue 04-27 09:00"}
    write(top, publer=SETTINGS + DATES.replace("Tue 2027-04-06", "2027-04-07"))
    _, desired, (warning,) = both(top)
    assert [post.id for post in desired.posts] == ["p1@1", "p1@2", "p1@3", "p1@4"]
    assert warning.code == "repeat.except"
    write(top, a=posts("launch 09:00", more="  repeat: {every: week, days: [mon], times: 2}\n"))
    (warning,) = both(top)[2]
    assert (warning.code, warning.help and warning.help.example) == ("repeat.start", "at: mon after launch")
    write(top, a=posts("launch + 1w 09:00", more="  repeat: {every: week, days: [mon], times: 2}\n"))
    (warning,) = both(top)[2]
    assert (warning.code, warning.help and warning.help.example) == ("repeat.start", "")


def test_where_the_clocks_change_both_ways_out_are_sums(top: Path) -> None:
    write(
        top,
        publer=SETTINGS + "dates: {spring: 2027-03-29, autumn: 2027-10-31, fall: 2027-10-31 02:30+01:00}\n",
        a=posts("spring - 1d 02:30", "autumn 02:30", "fall", "fall - 1h"),
    )
    _, desired, problems = both(top)
    assert [each.help and each.help.say for each in problems] == [
        "Write spring - 1d 03:30, or give an offset: spring - 1d 02:30+01:00",
        "Write autumn 02:30+02:00 for the first time, autumn 02:30+01:00 for the second",
    ]
    assert {post.id: f"{post.at:%H:%M}" for post in desired.posts} == {"p3": "01:30", "p4": "00:30"}
    write(top, a=posts("spring - 1d 03:30", "autumn 02:30+02:00", "autumn 02:30+01:00", "fall + 1d"))
    found = {post.id: f"{post.at:%m-%d %H:%M}" for post in both(top)[1].posts}
    assert found == {"p1": "03-28 01:30", "p2": "10-31 00:30", "p3": "10-31 01:30", "p4": "11-01 01:30"}


@pytest.mark.parametrize(
    "name",
    ["next", "first", "before", "after", "today", "date", "mon", "wednes", "sunday", "9a", "a-b", "_a"],
)
def test_names_that_mean_something_else_in_a_time_are_none(top: Path, name: str) -> None:
    write(top, publer=f"{SETTINGS}{DATES}  {name}: 2027-01-01\n", a=posts("launch", "conf"))
    (problem,) = both(top)[2]
    assert (problem.code, str(problem.location)) == ("key.value", "publer.yaml:11")


# --- what is wrong ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "code", "say"),
    [
        ("lunch - 7d", "date.unknown", "Did you mean launch? The dates are: conf, launch\nat: launch - 7d"),
        ("tomorrow", "date.unknown", "The dates are: conf, launch"),
        ("launch - 2h", "date.sum", "Give `launch` a time, or count in days, with a time of day at the end"),
        ("conf - 2h 09:00", "date.sum", "Remove one of them\nat: conf - 2h"),
        ("launch -7d", "time.form", "Write it as a sum\nat: launch - 7d"),
        ("launch-7d 9:00", "time.form", "Write it as a sum\nat: launch - 7d 9:00"),
        ("7 days before launch at 09:00", "time.form", "Write it as a sum\nat: launch - 7d 09:00"),
        ("the day after launch", "time.form", "Write it as a sum\nat: launch + 1d"),
        ("Launch, 09:00", "time.form", "Write it as a sum\nat: launch 09:00"),
        ("first mon before launch", "date.sum", "Count days or weeks from the name"),
        ("mon before launch - 7d", "date.sum", "Count days or weeks from the name"),
        ("launch 25:00", "time.form", "Hours go from 00 to 23"),
        ("launch - 0d", "time.form", "Write the day as year-month-day"),
        ("next 09:00", "time.form", "Write the day as year-month-day"),
    ],
)
def test_a_sum_that_cannot_be_is_told_at_its_place_with_the_fix(
    top: Path, at: str, code: str, say: str
) -> None:
    write(top, a=posts(at))
    (problem,) = both(top)[2]
    assert (problem.code, str(problem.location)) == (code, "a.yaml:3")
    assert problem.location is not None
    assert problem.location.column == 7
    assert str(problem.help).startswith(say)
    if (fix := problem.fix) is not None:
        write(top, a=posts(fix.text.partition(": ")[2]))
        assert both(top)[2] == []
    assert (fix is not None) == (code == "time.form" and "sum" in say)


def test_without_any_date_a_word_is_no_time_and_a_sum_says_how_to_declare_one(top: Path) -> None:
    write(top, publer=SETTINGS, a=posts("tomorrow 09:00", "launch - 7d"))
    first, second = both(top)[2]
    assert (first.code, second.code) == ("time.form", "date.unknown")
    assert second.help is not None
    assert second.help.example == "dates:\n  launch: 2027-04-06"


@pytest.mark.parametrize(
    ("line", "code", "say"),
    [
        ("fair: 6.4.2027", "time.form", "fair: 2027-04-06"),
        ("fair: 09:00", "time.alone", "fair: 2027-04-06 09:00"),
        ("fair: launch + 7d", "date.sum", "fair: 2027-04-06"),
        ("fair: conf", "date.sum", "fair: 2027-04-06"),
        ("fair: Mon 2027-04-06", "time.weekday", "Tue 2027-04-06"),
        ("fair: 2027-03-28 02:30", "time.gap", "2027-03-28 03:30"),
        ("fair: 2027-02-30", "time.form", "February 2027 has 28 days"),
        ("sat: 2027-04-06", "key.value", ""),
        ("today: 2027-04-06", "key.value", ""),
        ("Fair: 2027-04-06", "key.value", ""),
    ],
)
def test_a_date_that_cannot_be_is_told_once_where_it_is_declared(
    top: Path, line: str, code: str, say: str
) -> None:
    """The posts that count from it are not told as well."""
    write(top, publer=f"{SETTINGS}{DATES}  {line}\n", a=posts("fair - 1d 09:00", "launch", "conf"))
    (problem,) = both(top)[2]
    assert (problem.code, str(problem.location)) == (code, "publer.yaml:11")
    assert say in str(problem.help)


def test_a_post_whose_time_counts_needs_an_id_at_any_level(top: Path) -> None:
    """Otherwise a date that moves after it was published would publish it again."""
    head = "accounts: x\n  text: hi\n"
    write(
        top,
        a=f"posts:\n- at: launch 09:00\n  {head}- at: 2027-03-01\n  {head}  networks: {{x: {{at: launch 10:00}}}}\n",
        b=f"defaults: {{networks: {{x: {{at: launch 11:00}}}}}}\nposts:\n- at: 2027-03-02\n  {head}",
    )
    found = [(each.code, str(each.location)) for each in both(top)[2]]
    assert found == [("date.id", "a.yaml:2"), ("date.id", "a.yaml:8"), ("date.id", "b.yaml:1")]


def test_a_date_that_nothing_counts_from_is_a_warning_unless_calendars_share_it(top: Path) -> None:
    (top.parent / "shared.yaml").write_text("dates: {fair: 2027-05-01}\n")
    settings = f"extends: ../shared.yaml\n{SETTINGS}{DATES}"
    write(top, publer=settings, a="dates: {launch: 2027-04-07}\n" + posts("launch"))
    assert wrong(top) == [("date.unused", "publer.yaml:10", 3), ("date.unused", "publer.yaml:11", 3)]
    write(
        top,
        b=posts("launch - 1w", more="  not_before: conf - 9w\n").replace("p1", "q1").replace("number", "no"),
    )
    assert wrong(top) == []
    write(top, b=posts("lunch").replace("p1", "q1"))
    assert [code for code, *_ in wrong(top)] == ["date.unknown"], "what may be why comes first"


@pytest.mark.parametrize(
    "name", ["påske", "ostern_2027", "пасха", "復活祭", "부활절", "عيد", "होली", "pa\u030aske"]
)
def test_a_name_is_small_letters_of_any_script(top: Path, name: str) -> None:
    written = f"{name} - 1d 09:00"
    write(
        top,
        publer=f"{SETTINGS}{DATES}  {name}: 2027-03-28\n",
        a=posts(written, f"mon after {name}", "launch", "conf"),
    )
    assert local(top) == {
        "p1": "Sat 03-27 09:00",
        "p2": "Mon 03-29 07:00",
        "p3": "Tue 04-06 07:00",
        "p4": "Thu 05-20 09:30",
    }


@pytest.mark.parametrize(
    ("name", "small"),
    [("Påske", "påske"), ("ÅPNING", "åpning"), ("Пасха", "пасха"), ("Őszi", "őszi")],
)
def test_a_name_with_capitals_of_any_script_is_told(top: Path, name: str, small: str) -> None:
    write(top, publer=f"{SETTINGS}{DATES}  {name}: 2027-03-28\n", a=posts("launch", "conf"))
    (problem,) = [each for each in judged(read(top)) if each.severity == "error"]
    assert str(problem.location) == "publer.yaml:11"
    assert small in f"{problem.help}{problem.message}" or "small letters" in problem.message
    if problem.code == "date.name":
        assert str(problem.help) == f"Write `{small}`, here and where it is used"


SERIES = "posts:\n- id: tip\n  at: 2027-03-02\n  accounts: x\n  text: A tip\n  repeat: {every: week, %s}\n"


@pytest.mark.parametrize(
    ("ends", "days"),
    [
        ("until: launch", ["03-02", "03-09", "03-16", "03-23", "03-30", "04-06"]),
        ("until: launch - 1w", ["03-02", "03-09", "03-16", "03-23", "03-30"]),
        ("until: fri before launch", ["03-02", "03-09", "03-16", "03-23", "03-30"]),
        ("until: conf - 9w", ["03-02", "03-09", "03-16"]),
        ("until: launch, except: [launch, launch - 2w, 2027-03-09]", ["03-02", "03-16", "03-30"]),
    ],
)
def test_the_end_of_a_series_and_what_it_leaves_out_count_too(top: Path, ends: str, days: list[str]) -> None:
    write(top, a=SERIES % ends)
    _, desired, problems = both(top)
    assert [each for each in problems if each.code not in ("date.unused", "text.again")] == []
    assert [f"{post.at:%m-%d}" for post in desired.posts] == days
    assert (
        not [place for code, place, _ in wrong(top) if code == "date.unused" and place == "publer.yaml:9"]
        or "launch" not in ends
    )


@pytest.mark.parametrize(
    ("ends", "code", "say"),
    [
        ("until: lunch", "date.unknown", "until: launch"),
        ("until: launch 09:00", "date.sum", "launch + 1w"),
        ("until: conf - 2h", "date.sum", "Count in days or weeks"),
        ("until: launch -7d", "time.form", "until: launch - 7d"),
        ("until: launch, except: [lunch]", "date.unknown", "launch"),
        ("until: launch, except: [launch - 1d]", "repeat.except", "Check the date"),
    ],
)
def test_a_bound_that_cannot_be_read_is_told_at_its_place(top: Path, ends: str, code: str, say: str) -> None:
    write(top, a=SERIES % ends)
    found = [each for each in both(top)[2] if each.code != "date.unused"]
    assert [(each.code, str(each.location)) for each in found] == [(code, "a.yaml:6")]
    assert say in str(found[0].help)


def test_holidays_count_too_in_the_calendars_zone(top: Path) -> None:
    cadence = "cadence: {holidays: [launch, launch - 1d, mon after launch, 2027-12-25]}\n"
    write(top, publer=SETTINGS + DATES + cadence, a=posts("conf"))
    calendar = read(top)
    assert sorted(map(str, calendar.settings.cadence.holidays)) == [
        "2027-04-05",
        "2027-04-06",
        "2027-04-12",
        "2027-12-25",
    ]
    assert wrong(top) == []
    write(top, publer=SETTINGS + DATES + "cadence: {holidays: [lunch]}\n", a=posts("conf", "launch"))
    assert [code for code, *_ in wrong(top)] == ["date.unknown"]


def test_a_post_says_where_dates_belong(top: Path) -> None:
    write(top, a="posts:\n- {id: a, at: launch, accounts: x, text: hi, dates: {talk: 2027-04-01}}\n")
    (problem,) = both(top)[2]
    assert problem.message == "`dates` belongs to files and settings, not to the post"
    assert "above `posts`, or into publer.yaml" in str(problem.help)


def test_a_sum_outside_the_calendar_is_an_error_too() -> None:
    clock = WallClock(OSLO, dates=NamedDates({"old": NamedDate("old", date(900, 1, 1), MARK)}))
    with pytest.raises(TimeError) as error:
        clock.read("old - 99999w")
    assert (error.value.code, error.value.help.say) == ("date.sum", "Choose a day near this one")


# --- in general ---------------------------------------------------------------------------------------------------------

MARK = Mark("a.yaml", 1, 1, 1, 1, 1, 1, "")
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
ZONES = st.sampled_from([OSLO, NEW_YORK, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Asia/Kathmandu"), UTC])


@given(day=DAYS, zone=ZONES, days=st.integers(-400, 400), weekday=st.integers(0, 6), before=st.booleans())
def test_whatever_the_day_days_are_of_the_calendar_and_weekdays_are_strictly_beside_it(
    day: date, zone: ZoneInfo, days: int, weekday: int, *, before: bool
) -> None:
    clock = WallClock(zone, dates=NamedDates({"launch": NamedDate("launch", day, MARK)}))
    if days:
        when = clock.read(f"launch {'+' if days > 0 else '-'} {abs(days)}d 12:00")
        assert when is not None
        assert (when.date, when.time) == (day + timedelta(days=days), time(12))
    name = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[weekday]
    when = clock.read(f"{name} {'before' if before else 'after'} launch")
    assert when is not None
    assert when.date is not None
    away = (when.date - day).days
    assert when.date.weekday() == weekday
    assert -7 <= away <= -1 if before else 1 <= away <= 7
    assert when.time is None


@given(
    day=DAYS,
    clock_time=st.times(),
    zone=ZONES,
    minutes=st.integers(-9999, 9999),
)
def test_whatever_the_moment_hours_and_minutes_are_elapsed_time_across_every_change_of_clocks(
    day: date, clock_time: time, zone: ZoneInfo, minutes: int
) -> None:
    moment = datetime.combine(day, clock_time.replace(second=0, microsecond=0), UTC)
    clock = WallClock(zone, dates=NamedDates({"conf": NamedDate("conf", moment.date(), MARK, moment)}))
    if minutes == 0:
        return
    when = clock.read(f"conf {'+' if minutes > 0 else '-'} {abs(minutes)}m")
    assert when is not None
    assert when.date is not None
    assert when.time is not None
    found = datetime.combine(when.date, when.time, when.offset or zone).astimezone(UTC)
    assert found == moment + timedelta(minutes=minutes)


@given(st.text("launchmonbefrt +-0123456789:dhwZ", max_size=30))
def test_whatever_is_written_is_a_time_or_an_error_for_people(text: str) -> None:
    clock = WallClock(OSLO, dates=NamedDates({"launch": NamedDate("launch", date(2027, 4, 6), MARK)}))
    told: TimeError | None = None
    try:
        when = clock.read(text)
    except TimeError as error:
        told, when = error, None
    assert (when is None) == (told is not None)
    assert when is None or when.date or when.time
    assert told is None or (told.message and str(told.help))


def test_a_time_that_counts_in_a_file_without_a_time_zone_waits_for_that_alone(top: Path) -> None:
    write(top, a=f"timezone: Nowhere\n{posts('launch - 1d 09:00')}")
    assert [code for code, _, _ in wrong(top) if code != "date.unused"] == ["time.zone"]


def test_of_many_dates_the_first_are_named_where_one_is_not_known(top: Path) -> None:
    names = [f"n{chr(97 + number)}" for number in range(10)]
    write(top, publer=SETTINGS)
    for known, more in ((names[:8], ""), (names, " and 2 more")):
        dates = ", ".join(f"{name}: 2027-05-01" for name in known)
        write(top, a=f"dates: {{{dates}}}\n{posts('zzzz - 1d 09:00')}")
        (problem,) = [each for each in judged(read(top)) if each.code == "date.unknown"]
        assert str(problem.help) == f"The dates are: {', '.join(names[:8])}{more}"


def test_a_sum_as_it_should_be_is_not_another_one() -> None:
    names = frozenset({"launch"})
    assert [meant_sum(each, names) for each in ("launch - 1d", "Launch - 1d", "lunch -1d")] == [
        None,
        "launch - 1d",
        None,
    ]


def test_a_time_of_a_page_without_an_offset_is_unknown_where_no_zone_is() -> None:
    page = SitePage("a", date_of("2027-04-06 10:00"), Mark("a.md", 2, 1, 2, 1, 2, 1))
    assert NO_DATES.of_page(page, None).known == {"date": None}
