"""The cadence of the settings, on the posts of a calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest

from publer_sync.calendar.load import read
from publer_sync.rules.cadence import Rhythm
from publer_sync.values.policies import Cadence, Hours
from publer_sync.values.problems import Location
from publer_sync.values.timezones import time_zone
from tests.rules.builders import post

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from publer_sync.values.problems import Problem

MONDAY = date(2027, 3, 1)


class Desk:
    """A calendar whose posts are given by their days, counted from a Monday."""

    def __init__(self, top: Path) -> None:
        self.top = top
        self.settings("{}")

    def settings(self, cadence: str, more: str = "") -> None:
        accounts = "{linkedin: Us, boss: linkedin/Boss, x: Me, facebook: Page}"
        (self.top / "publer.yaml").write_text(
            f"timezone: Europe/Oslo\naccounts: {accounts}\ngroups: {{words: [x, linkedin]}}\n"
            f"cadence: {cadence}\n{more}",
            encoding="utf-8",
        )

    def posts(
        self, days: Iterable[int], accounts: str = "linkedin", more: str = "", hour: str = "09:00"
    ) -> None:
        items = "".join(
            f"- at: {MONDAY + timedelta(days=day)} {hour[:3]}{number:02}\n"
            f"  text: {number} of {accounts}\n{f'  {more}' if more else ''}\n"
            for number, day in enumerate(days)
        )
        name = f"{len(list(self.top.iterdir()))}.yaml"
        (self.top / name).write_text(f"accounts: {accounts}\nposts:\n{items}", encoding="utf-8")

    def problems(self, now: datetime | None = None) -> list[Problem]:
        calendar = read(self.top)
        return [
            each for each in calendar.judge(calendar.desired, now=now) if each.code[:5] in ("caden", "key.v")
        ]

    def told(self) -> list[tuple[str, str]]:
        return [(each.code.removeprefix("cadence."), str(each.location)) for each in self.problems()]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_weeks_with_too_many_posts_are_told_at_the_first_that_is_too_many(desk: Desk) -> None:
    desk.settings("{linkedin: 0-2/week}")
    desk.posts([0, 3, 6, 6, 7, 13, 14])
    (problem,) = desk.problems()
    assert (problem.severity, problem.code, str(problem.location)) == ("warning", "cadence.many", "1.yaml:9")
    assert problem.message == "4 posts on linkedin in the week of Mon 1 Mar; its cadence is at most 2 a week"
    assert str(problem.help) == "Move to another week: 1.yaml:9, 1.yaml:12"


def test_one_post_is_too_many_where_none_is_wanted(desk: Desk) -> None:
    desk.settings("{linkedin: 0/week}")
    desk.posts([0])
    (problem,) = desk.problems()
    assert problem.message == "1 post on linkedin in the week of Mon 1 Mar; its cadence is at most 0 a week"


def test_whole_weeks_with_too_few_are_told_once_at_the_setting(desk: Desk) -> None:
    desk.settings("{linkedin: 2-4/week}")
    desk.posts([3, 7, 8, 14, 29], "linkedin")
    desk.posts([40], "x")
    (problem,) = desk.problems()
    assert (problem.severity, problem.code, str(problem.location)) == (
        "warning",
        "cadence.few",
        "publer.yaml:4",
    )
    assert problem.message == "too few posts on linkedin in 3 of 4 weeks; its cadence is 2 to 4 a week"
    assert str(problem.help) == "Add posts in the weeks of Mon 15 Mar (1), Mon 22 Mar (0), Mon 29 Mar (1)"
    assert "in the only whole week" in desk.problems(datetime(2027, 3, 23, tzinfo=UTC))[0].message, (
        "what is past is past"
    )


def test_the_fix_names_the_week_or_the_first_weeks_with_too_few(desk: Desk) -> None:
    """The week of the last post is a whole one where that is on its Sunday."""
    desk.settings("{linkedin: 1+/week}")
    for weeks, listed in (
        (1, "week of Mon 8 Mar (0)"),
        (4, "weeks of Mon 8 Mar (0), Mon 15 Mar (0), Mon 22 Mar (0), Mon 29 Mar (0)"),
        (5, "weeks of Mon 8 Mar (0), Mon 15 Mar (0), Mon 22 Mar (0), Mon 29 Mar (0) and 1 more"),
    ):
        desk.posts([0])
        desk.posts([7 * weeks + 6], "x")
        (problem,) = desk.problems()
        assert f"in {weeks} of {weeks + 1} weeks" in problem.message
        assert str(problem.help) == f"Add posts in the {listed}"


def test_an_account_without_any_post_has_too_few_and_one_whose_posts_all_say_why_has_not(desk: Desk) -> None:
    desk.settings("{boss: 1+/week, facebook: 1+/week}")
    desk.posts([0, 20], "x")
    desk.posts([0], "facebook", "ignore: {cadence.few: a quiet spring}")
    assert [each.message.split()[4] for each in desk.problems()] == ["boss"]
    desk.posts([1], "facebook")
    assert [each.message.split()[4] for each in desk.problems()] == ["boss", "facebook"]


def test_a_week_ends_on_sunday_night_in_the_calendars_zone(desk: Desk) -> None:
    desk.settings("{linkedin: 1/week, quiet: [mon]}")
    desk.posts([7], hour="00:00")
    desk.posts([13], hour="23:00")
    assert desk.told() == [("quiet", "1.yaml:3"), ("many", "2.yaml:3")]


def test_posts_on_quiet_days_are_told_unless_they_are_drafts(desk: Desk) -> None:
    desk.settings("{quiet: [Sat, sun]}")
    desk.posts([4, 5, 6], "[x, linkedin]")
    desk.posts([5, 6], more="draft: true")
    assert [each.message for each in desk.problems()] == [
        "Sat 6 Mar is a quiet day (linkedin, x)",
        "Sun 7 Mar is a quiet day (linkedin, x)",
    ]


def test_drafts_count_for_nothing(desk: Desk) -> None:
    desk.settings("{linkedin: 1/week}")
    desk.posts([0, 7, 13])
    desk.posts([0, 1, 2, 14, 28], more="draft: true")
    assert desk.told() == [("many", "1.yaml:9")]


@pytest.mark.parametrize(
    ("cadence", "aliases"),
    [
        ("{all: 1+/week}", ["linkedin", "boss", "x", "facebook"]),
        ("{all: 1+/week, words: 0-9/week}", ["boss", "facebook"]),
        ("{words: 0-9/week, linkedin: 1+/week}", ["linkedin"]),
        ("{words: 1+/week, linkedin: 0-9/week}", ["x"]),
        ("{twitter: 1+/week}", ["x"]),
        ("{facebook: null}", []),
    ],
)
def test_each_account_that_a_word_means_counts_by_itself_and_the_nearest_word_wins(
    desk: Desk, cadence: str, aliases: list[str]
) -> None:
    desk.settings(cadence)
    desk.posts([0, 20], "[all]")
    found = [each.message.split()[4] for each in desk.problems() if each.code == "cadence.few"]
    assert found == aliases


def test_a_network_means_every_account_on_it(desk: Desk) -> None:
    (desk.top / "publer.yaml").write_text(
        "timezone: UTC\naccounts: {us: linkedin/Us, boss: linkedin/Boss, x: Me}\ncadence: {linkedin: 1+/week}\n"
    )
    desk.posts([0, 20], "all")
    assert [each.message.split()[4] for each in desk.problems()] == ["us", "boss"]


def test_a_rule_can_be_silenced_on_a_post_and_for_the_calendar(desk: Desk) -> None:
    desk.settings("{linkedin: 1/week, quiet: [mon]}")
    desk.posts([0, 1, 13])
    desk.posts([0], more="ignore: {cadence.many: a launch, cadence.quiet: a launch}")
    assert desk.told() == [("quiet", "1.yaml:3"), ("many", "1.yaml:6")]
    desk.settings("{linkedin: 1/week}", "ignore: {cadence.few: a quiet year}\n")
    desk.posts([28])
    assert desk.told() == [("many", "1.yaml:6")]


@pytest.mark.parametrize(
    ("cadence", "code", "column"),
    [
        ("{linkedin: 4-2/week}", "key.value", 21),
        ("{linkedin: 2 a day}", "key.value", 21),
        ("{linkedn: 2/week}", "account.unknown", 11),
        ("{tiktok: 2/week}", "account.unknown", 11),
        ("{quiet: [funday]}", "key.value", 19),
    ],
)
def test_what_is_wrong_is_told_at_its_place(desk: Desk, cadence: str, code: str, column: int) -> None:
    desk.settings(cadence)
    (problem,) = read(desk.top).problems
    assert problem.location is not None
    assert (problem.code, problem.location.line, problem.location.column) == (code, 4, column)


def test_settings_that_calendars_share_may_name_accounts_that_one_lacks(desk: Desk) -> None:
    (desk.top.parent / "agency.yaml").write_text(
        "cadence: {tiktok: 2/week, linkedin: 1+/week, quiet: [sun]}\n", encoding="utf-8"
    )
    (desk.top / "publer.yaml").write_text(
        "extends: ../agency.yaml\ntimezone: UTC\naccounts: {linkedin: Us}\ncadence: {quiet: null}\n",
        encoding="utf-8",
    )
    desk.posts([0, 6, 20])
    assert read(desk.top).problems == ()
    assert desk.told() == [("few", "../agency.yaml:1")]


def test_a_post_outside_of_the_hours_is_told_in_its_own_zone(desk: Desk) -> None:
    desk.settings("{hours: '07:00-21:00'}")
    for number, hour in enumerate(("03:00", "07:00", "21:00", "21:05", "12:00")):
        desk.posts([number], hour=hour)
    told = [each.message for each in desk.problems()]
    assert told == ["03:00 is outside the hours of linkedin, 07:00-21:00"]


def test_hours_are_those_of_the_nearest_word_and_may_pass_midnight(desk: Desk) -> None:
    desk.settings("{hours: {all: 08:00-18:00, x: 20:00-02:00, words: '09:00 - 17:00'}}")
    (desk.top / "a.yaml").write_text(
        "posts:\n"
        "- {at: 2027-03-01 23:00, accounts: x, text: a}\n"
        "- {at: 2027-03-02 02:00, accounts: x, text: b}\n"
        "- {at: 2027-03-02 03:00, accounts: x, text: c}\n"
        "- {at: 2027-03-02 08:30, accounts: [linkedin, facebook], text: d}\n"
        "- {at: 2027-03-02 03:00, accounts: facebook, text: e, draft: true}\n"
        "- {at: 2027-03-02 22:00, accounts: facebook, text: f, ignore: {cadence.hours: a concert}}\n",
        encoding="utf-8",
    )
    assert desk.told() == [("hours", "a.yaml:4"), ("hours", "a.yaml:5")]
    (desk.top / "b.yaml").write_text(
        "timezone: America/New_York\nposts:\n"
        "- {at: 2027-03-03 16:00, accounts: linkedin, text: g}\n"
        "- {at: 2027-03-04 04:00, accounts: linkedin, text: h}\n",
        encoding="utf-8",
    )
    assert desk.told()[2:] == [("hours", "b.yaml:4")], "four there is ten here, in the evening or the morning"


def test_a_post_without_a_zone_of_its_own_keeps_to_the_hours_of_the_calendars() -> None:
    hours = Hours(time(9), time(17), Location("publer.yaml", 4))
    winter = datetime(2027, 3, 1, 16, 30, tzinfo=UTC)
    told = {
        zone: [
            problem.message
            for at in (winter - timedelta(minutes=30), winter)
            for _, problem in Rhythm(
                [replace(post("linkedin", at, text="a"), zone=zone)],
                Cadence(hours={"linkedin": hours}),
                time_zone("Europe/Oslo"),
            ).check_posts()
        ]
        for zone in ("", "UTC")
    }
    assert told == {"": ["17:30 is outside the hours of linkedin, 09:00-17:00"], "UTC": []}


def test_hours_that_cannot_be_are_told_at_their_place(desk: Desk) -> None:
    for hours in ("7-21", "07:00", "25:00-26:00", "{x: 9am-5pm}"):
        desk.settings(f"{{hours: {hours}}}")
        assert [each.code for each in desk.problems()] == ["key.value"], hours
