"""`not_before`: no account of a post has an earlier time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.calendar.calendars import both, codes, write
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

POST = "posts:\n- at: 2027-03-02 16:00\n  text: hi\n"


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        ("accounts: x\n  not_before: Tue 2027-03-02 16:00", None),
        ("accounts: x\n  not_before: Tue 2027-03-02 16:01", 2),
        ("accounts: x\n  not_before: 2027-03-02", None),
        ("accounts: x\n  not_before: 2027-03-03", 2),
        ("accounts: x\n  not_before: 2027-03-02 15:00Z", None),
        ("accounts: x\n  not_before: 2027-03-02 15:01Z", 2),
        ("accounts: x\n  not_before: null", None),
        ("accounts: x\n  not_before: 2027-03-02 15:00\n  networks: {x: {at: 14:59}}", 6),
        ("not_before: 2027-03-02 15:00\n  accounts:\n  - facebook\n  - {account: x, at: 14:00}", 7),
        ("accounts: x\n  networks: {x: {not_before: 2027-03-03}}", 2),
        ("accounts: facebook\n  networks: {x: {not_before: 2027-03-03}, facebook: {}}", None),
    ],
)
def test_a_time_before_not_before_is_an_error_where_it_is_written(
    top: Path, lines: str, line: int | None
) -> None:
    write(top, a=f"{POST}  {lines}\n")
    found = [each for each in both(top)[2] if each.severity == "error"]
    assert [(each.code, each.location.line) for each in found if each.location] == (
        [("time.embargo", line)] if line else []
    )


@pytest.mark.parametrize(
    ("zone", "day", "code"),
    [
        ("America/Santiago", "2027-09-05", []),  # begins at 01:00
        ("America/Santiago", "2027-09-06", ["time.embargo"]),
        ("America/Havana", "2027-11-07", []),  # has its first hour twice
        ("Europe/Berlin", "0001-01-01", ["time.form"]),
        ("Europe/Berlin", "9999-10-02", ["time.form"]),
    ],
)
def test_a_day_alone_is_its_first_instant_whatever_the_clocks_do_at_midnight(
    top: Path, zone: str, day: str, code: list[str]
) -> None:
    at = "2027-11-07 02:00" if zone == "America/Havana" else "2027-09-05 01:00"
    write(top, a=f"timezone: {zone}\naccounts: x\nposts:\n- {{at: {at}, text: hi, not_before: {day}}}\n")
    assert codes(top) == code


def test_it_counts_for_a_whole_file_and_each_post_can_be_told_apart(top: Path) -> None:
    head = "accounts: [x, linkedin]\ndefaults: {not_before: 2027-03-03}\n"
    write(top, a=head + POST + "- at: 2027-03-02 17:00\n  not_before: null\n  text: there\n")
    _, _, (problem,) = both(top)
    assert problem.message == "the time of this post is before its `not_before`, 2027-03-03"
    assert [str(problem.location), *(str(place) for place, _ in problem.related)] == ["a.yaml:4", "a.yaml:2"]


def test_a_series_is_told_once(top: Path) -> None:
    series = "  id: a\n  accounts: x\n  repeat: {every: day, times: 9}\n  not_before: 2027-03-05\n"
    write(top, a=POST + series)
    assert codes(top) == ["time.embargo"]


@pytest.mark.parametrize(
    ("at", "own"),
    [
        ("2027-03-09 17:00", "20:00-05:00"),  # the next day in Oslo
        ("2027-03-09 17:00", "05:00+09:00"),  # the day before
        ("2027-03-09 17:00", "20:00+01:00"),
        ("2027-03-09 20:00-05:00", "21:00"),
        ("2027-03-09 20:00-05:00", "10:00"),
        ("2027-03-09 20:00-05:00", "20:00+09:00"),
        ("fair 17:00", "20:00-05:00"),
    ],
)
def test_the_first_of_a_series_is_when_it_would_be_without_the_others(top: Path, at: str, own: str) -> None:
    """A time of day with an offset may be on another day in the zone of the file: each of the series is as far from its own."""
    head = "dates: {fair: 2027-03-09}\n"
    lines = f"- at: {at}\n  id: a\n  accounts: [x, linkedin]\n  text: hi\n  networks: {{x: {{at: {own}}}}}\n"
    write(top, a=f"{head}posts:\n{lines}")
    alone = {post.account.alias: post.at for post in both(top)[0].desired.posts}
    write(top, a=f"{head}posts:\n{lines}  repeat: {{every: week, times: 3}}\n")
    series = both(top)[0].desired.posts
    assert not [each for each in both(top)[2] if each.severity == "error"]
    for alias, first in alone.items():
        found = [(post.id, post.at) for post in series if post.account.alias == alias]
        assert found == [(f"a@{_part(at, n)}", first + timedelta(weeks=n)) for n in range(3)]


def _part(at: str, number: int) -> str:
    if at.startswith("fair"):
        return f"{number + 1}"
    first = datetime(2027, 3, 10 if "-05:00" in at else 9, tzinfo=UTC)
    return f"{first + timedelta(weeks=number):%Y-%m-%d}"


@pytest.mark.parametrize(
    ("written", "code", "fix"),
    [
        ("Mon 2027-03-02 15:00", "time.weekday", None),
        ("2.3.2027 15:00", "time.form", "  not_before: 2027-03-02 15:00"),
        ("20270302", "time.form", None),
        ("15:00", "time.alone", None),
        ("2027-03-28 02:30", "time.gap", None),
    ],
)
def test_one_that_cannot_be_read_is_told_at_its_line(
    top: Path, written: str, code: str, fix: str | None
) -> None:
    write(top, a=f"{POST}  accounts: x\n  not_before: {written}\n")
    _, _, (problem,) = both(top)
    assert (problem.code, str(problem.location)) == (code, "a.yaml:5")
    if fix:
        assert problem.fix is not None
        assert problem.fix.text == fix


@each_of(
    ("keys", "times", "told"),
    [
        ("at: 10:00", [], {"3:31 time.alone": "Give the day before the time\nFor example:\nat: 2027-03-02 10:00"}),
        ("at: 10:00, id: a, repeat: {every: day, times: 2}", [], {"3:31 time.alone": "Give the day before the time\nFor example:\nat: 2027-03-02 10:00"}),
        ("id: a", [], {"3:3 time.none": "Add a time\nFor example:\nat: 2027-03-02 09:00"}),
        ("at: 2027-03-01", [], {"3:31 time.alone": "Add a time of day; for the whole file, write `time: 09:00` above its posts\nFor example:\nat: 2027-03-01 09:00"}),
        ("at: fair", [], {"3:31 date.id": "Add an id\nFor example:\nid: launch-teaser", "3:31 time.alone": "Add a time of day; for the whole file, write `time: 09:00` above its posts\nFor example:\nat: fair 09:00"}),
        ("at: fair + 1d, id: a", [], {"3:31 time.alone": "Add a time of day; for the whole file, write `time: 09:00` above its posts\nFor example:\nat: fair + 1d 09:00"}),
        ("at: fair 09:00", ["2027-05-01 07:00"], {"3:31 date.id": "Add an id\nFor example:\nid: launch-teaser"}),
        ("at: fair 09:00, id: a b", ["2027-05-01 07:00"], {"3:47 key.value": "Write it in this form\nFor example:\nid: launch"}),
        ("at: fair 09:00, id: a", ["2027-05-01 07:00"], {}),
        ("at: fair 09:00, id: a, repeat: {every: day, times: 2}", ["2027-05-01 07:00", "2027-05-02 07:00"], {}),
        ("at: 2027-03-01 09:00, id: a, repeat: {every: day, times: 2}, networks: {x: {at: 2027-03-02 10:00}}", [], {"3:107 repeat.at": "Leave out the day\nat: 10:00"}),
        ("at: 2027-03-01 09:00, id: a, repeat: {every: day, times: 2}, networks: {x: {at: 2027-03-02}}", [], {"3:107 repeat.at": "Leave out the day"}),
        ("at: 2027-03-01 09:00, id: a, repeat: {every: day, times: 2}, networks: {x: {at: 10:00}}", ["2027-03-01 09:00", "2027-03-02 09:00"], {}),
        ("id: a, evergreen: {every: 4w}, networks: {x: {at: 2027-03-02 10:00}}", [], {"3:77 evergreen.at": "Leave out the day\nat: 10:00"}),
        ("id: a, evergreen: {every: 4w}, networks: {x: {at: 2027-03-02}}", [], {"3:77 evergreen.at": "Leave out the day"}),
        ("id: a, evergreen: {every: 4w}, networks: {x: {at: next}}", [], {"3:77 evergreen.at": "Leave out the day"}),
        ("id: a, evergreen: {every: 4w}, networks: {x: {at: 10:00}}", [], {}),
        ("at: next", [], {}),
        ("at: next, id: a, repeat: {every: day, times: 2}", [], {"3:31 slot.next": "Write a time\nFor example:\nat: 2027-03-02 09:00"}),
        ("at: 2027-03-01 09:00, networks: {x: {at: next}}", [], {"3:68 slot.next": "Write a time\nFor example:\nat: 2027-03-02 09:00"}),
        ("at: next, networks: {x: {at: 2027-03-02 10:00}}", [], {"3:56 slot.next": "Leave out the day"}),
        ("at: next, networks: {x: {at: 10:00}}", [], {}),
        ("at: 2027-03-28 02:30", [], {"3:31 time.gap": "Write 2027-03-28 03:30, or give an offset: 2027-03-28 02:30+01:00"}),
        ("at: change 02:30, id: a", [], {"3:31 time.gap": "Write change 03:30, or give an offset: change 02:30+01:00"}),
        ("at: 2027-03-27 02:30, id: a, repeat: {every: day, times: 2}", ["2027-03-27 01:30"], {"3:31 time.gap": "Leave the day out, under repeat; or give the whole series another time, such as 03:30\nexcept: [2027-03-28]"}),
        ("at: 2027-03-27 02:30, id: a, repeat: {every: day, times: 2, except: [2027-03-29]}", ["2027-03-27 01:30"], {"3:31 time.gap": "Leave the day out, under repeat; or give the whole series another time, such as 03:30\nexcept: [2027-03-29, 2027-03-28]"}),
        ("at: 2027-03-01 09:00, not_before: 10:00", ["2027-03-01 08:00"], {"3:61 time.alone": "Give the day before the time\nFor example:\nnot_before: 2027-03-02 10:00"}),
        ("at: 2027-03-01 09:00, networks: {x: {at: 25:00}}", [], {"3:68 time.form": "Hours go from 00 to 23"}),
        ("at: 25:00, networks: {x: {at: 2027-03-01 09:00}}", [], {"3:31 time.form": "Hours go from 00 to 23"}),
        ("at: 2027-03-01 09:00, networks: {x: {at: 2027-03-02}}", ["2027-03-02 08:00"], {}),
        ("at: 2027-03-01 09:00, not_before: fare", ["2027-03-01 08:00"], {"3:61 date.unknown": "Did you mean fair? The dates are: change, fair\nnot_before: fair"}),
        ("at: 2027-03-01 09:00, not_before: fair", ["2027-03-01 08:00"], {"3:31 time.embargo": "Write a later time; if it may be published earlier, change `not_before`"}),
    ],
)  # fmt: skip
def test_a_time_that_a_post_cannot_have_is_told_where_it_is(
    top: Path, keys: str, times: list[str], told: dict[str, str]
) -> None:
    head = "dates: {fair: 2027-05-01, change: 2027-03-28}\n"
    write(top, a=f"{head}posts:\n- {{accounts: x, text: hi, {keys}}}\n")
    _, desired, problems = both(top)
    assert sorted(f"{post.at:%Y-%m-%d %H:%M}" for post in desired.posts) == times
    assert {
        f"{each.location.line}:{each.location.column} {each.code}": str(each.help)
        for each in problems
        if each.location is not None and each.severity == "error"
    } == told


def test_an_account_of_a_post_that_waits_has_its_own_time_of_day_in_the_nearest_offset(top: Path) -> None:
    lines = "networks: {x: {at: 10:00+02:00}}, accounts: [%s]"
    for entries, own in (
        ("x", "10:00:00+02:00"),
        ("{account: x, at: 11:00}", "11:00:00+02:00"),
        ("{account: x, at: 11:00-05:00}", "11:00:00-05:00"),
        ("{account: x}", "10:00:00+02:00"),
        ("linkedin", "None"),
    ):
        write(top, a=f"posts:\n- {{at: next, text: hi, {lines % entries}}}\n")
        (placed,) = both(top)[0].placed
        assert [str(each.own) for each in placed.moments] == [own]
