"""Posts of a series that are moved or removed: in a file of its own, at the end of a month, and the last one that is left."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.editing.entry_edits import Unsafe
from publer_sync.studio.series import day_of, later_days
from tests.studio.desk import desk_of
from tests.studio.snapshots import post, small, tried, whole
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.studio.desk import Desk

SETTINGS = """\
timezone: Europe/Berlin
accounts: {x: Me, linkedin: Us}
"""
POSTS = """\
posts:
- {id: last, at: 2027-03-12 09:00, accounts: x, text: Last, repeat: {every: week, times: 1}}
- {id: month, at: 2027-03-28 10:00, accounts: x, text: Month, repeat: {every: month, times: 3}}
- id: week
  at: 2027-04-05 00:30
  accounts: [x, linkedin]
  text: Week
  repeat: {every: week, until: 2027-05-03, except: [2027-04-19]}
- {id: late, at: 2027-07-06 09:00, accounts: x, text: Late, repeat: {every: week, times: 2, except: [2027-07-06]}}
- id: later
  at: 2027-08-03 09:00
  accounts: x
  text: Later
  repeat: {every: week, until: 2027-08-24, except: [2027-08-03, 2027-08-17]}
- {id: full, at: 2027-09-07 09:00, accounts: x, text: Full, repeat: {every: week, until: 2027-09-28, except: []}}
"""
STORY = """\
---
id: story
at: 2027-05-25 08:30
accounts: linkedin
repeat: {every: week, times: 3}
---

A long story.
"""
WEEK = "- repeat: {every: week, until: 2027-05-03, except: [2027-04-19]}"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    for name, text in (("publer.yaml", SETTINGS), ("posts.yaml", POSTS), ("story.md", STORY)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    with desk_of(tmp_path) as desk:
        yield desk


@pytest.fixture
def posts(desk: Desk) -> dict[str, Any]:
    return {each["id"] or each["text"]: each for each in desk.posts}


@pytest.mark.story
@each_of(
    "name, order, lines",
    [
        (
            "last",
            {"move": {"day": "2027-03-13", "series": "this"}},
            [
                f"{sign} - {POSTS.splitlines()[1][2:].replace('03-12', day)}"
                for sign, day in (("-", "03-12"), ("+", "03-13"))
            ],
        ),
        ("last", {"remove": {"series": "this"}}, [f"- {POSTS.splitlines()[1]}"]),
        (
            "month",
            {"move": {"day": "2027-03-27", "series": "all"}},
            [
                f"{sign} - {POSTS.splitlines()[2][2:].replace('03-28', day)}"
                for sign, day in (("-", "03-28"), ("+", "03-27"))
            ],
        ),
        (
            "week",
            {"move": {"day": "2027-04-13", "part": "2027-04-12", "series": "all"}},
            [
                WEEK,
                "+ repeat: {every: week, until: 2027-04-05}",
                "+ - id: week-2",
                "+ at: 2027-04-13 00:30",
                "+ accounts: [x, linkedin]",
                "+ text: |",
                "+ Week",
                "+ repeat:",
                "+ every: week",
                "+ until: 2027-05-04",
                "+ except: [2027-04-20]",
            ],
        ),
        (
            "week",
            {"remove": {"part": "2027-04-26", "series": "this"}},
            [WEEK, f"+{WEEK[1:].replace(']', ', 2027-04-26]')}"],
        ),
        *(
            (
                "late",
                {"move": {"day": "2027-07-14", "series": series}},
                [
                    f"- {POSTS.splitlines()[8]}",
                    "+ - {id: late, at: 2027-07-14 09:00, accounts: x, text: Late, repeat: {every: week, times: 1}}",
                ],
            )
            for series in ("this", "all")
        ),
        (
            "later",
            {"move": {"day": "2027-08-11", "series": "all"}},
            [
                "- at: 2027-08-03 09:00",
                "+ at: 2027-08-11 09:00",
                "- repeat: {every: week, until: 2027-08-24, except: [2027-08-03, 2027-08-17]}",
                "+ repeat: {every: week, until: 2027-08-25, except: [2027-08-18]}",
            ],
        ),
        (
            "full",
            {"remove": {"part": "2027-09-21", "series": "all"}},
            [
                f"{sign} {POSTS.splitlines()[-1].replace('09-28', day)}"
                for sign, day in (("-", "09-28"), ("+", "09-14"))
            ],
        ),
        (
            "story",
            {"move": {"day": "2027-06-02", "part": "2027-06-01", "series": "this"}},
            [
                "+ ---",
                "+ id: story-2027-06-01",
                "+ at: 2027-06-02 08:30",
                "+ accounts: linkedin",
                "+ ---",
                "+",
                "+ A long story.",
                "- repeat: {every: week, times: 3}",
                "+ repeat: {every: week, times: 3, except: [2027-06-01]}",
            ],
        ),
        (
            "story",
            {"move": {"day": "2027-06-02", "part": "2027-06-01", "series": "all"}},
            [
                "+ ---",
                "+ id: story-2",
                "+ at: 2027-06-02 08:30",
                "+ accounts: linkedin",
                "+ repeat:",
                "+ every: week",
                "+ times: 2",
                "+ ---",
                "+",
                "+ A long story.",
                "- repeat: {every: week, times: 3}",
                "+ repeat: {every: week, times: 1}",
            ],
        ),
    ],
)
def test_the_lines_say_what_is_left_and_what_is_alone(
    desk: Desk, posts: dict[str, Any], name: str, order: Any, lines: list[str]
) -> None:
    assert [each.strip() for each in desk.tried(posts[name], **order).lines] == lines


def test_several_of_its_posts_are_left_out_at_once(desk: Desk) -> None:
    post = {key: desk.post("week")[key] for key in ("key", "revision")}
    chosen = [{**post, "part": part} for part in ("2027-04-12", "2027-04-26")]
    told = desk.send("/studio/change", {"posts": chosen, "do": {"remove": {}}})
    assert (told.status, told.say) == (200, "2 posts removed")
    assert told.lines == [WEEK, f"+{WEEK[1:].replace('[', '[2027-04-12, ').replace(']', ', 2027-04-26]')}"]


def test_all_of_it_moves_only_while_its_first_post_is_ahead(desk: Desk) -> None:
    desk.clock.at = datetime(2027, 4, 6, tzinfo=UTC)
    told = desk.do("week", move={"day": "2027-04-14", "series": "all"})
    assert (told.status, told.say.partition(",")[0]) == (422, "Week was for Mon 5 Apr")
    assert desk.do("week", move={"day": "2027-04-14", "part": "2027-04-12", "series": "all"}).status == 200


COUNTED = "every: week, until: launch + 3w"
DAYS = "every: week, days: [tue, thu], "


def gone(day: str, series: str = "this") -> dict[str, Any]:
    return {"remove": {"part": day, "series": series}}


def to(day: str, part: str | None = None, **more: str) -> dict[str, Any]:
    return {"move": {"day": day, "series": "all", **({"part": part} if part else {}), **more}}


@each_of(
    ("at", "repeat", "do", "new"),
    [
        # one that is left out, among others in order, or after those that are not
        ("", "every: week, times: 4", gone("2027-03-16"), ["repeat: {every: week, times: 4, except: [2027-03-16]}"]),
        ("", "every: week, times: 4, except: [2027-03-23]", gone("2027-03-16"), ["repeat: {every: week, times: 4, except: [2027-03-16, 2027-03-23]}"]),
        ("", "every: week, times: 6, except: [2027-03-23, 2027-03-09, 2027-03-30]", gone("2027-03-16"), ["repeat: {every: week, times: 6, except: [2027-03-23, 2027-03-09, 2027-03-30, 2027-03-16]}"]),
        # an end, in the form of the one before; what is left out after it goes
        ("", "every: week, times: 5, except: [2027-03-09, 2027-03-23]", gone("2027-03-16", "all"), ["repeat: {every: week, times: 1}"]),
        ("", "every: week, until: tue 2027-03-23", gone("2027-03-16", "all"), ["repeat: {every: week, until: Tue 2027-03-09}"]),
        ("", "every: week, until: 2027-03-30, except: [2027-03-09, 2027-03-23]", gone("2027-03-30", "all"), ["repeat: {every: week, until: 2027-03-16, except: [2027-03-09]}"]),
        ("", "every: week, until: 2027-03-30, except: [2027-03-23]", gone("2027-03-16", "all"), ["repeat: {every: week, until: 2027-03-09}"]),
        # with days that count from a date with a name, an end does too, and with others none does
        ("launch 09:00", COUNTED, gone("3", "all"), ["repeat: {every: week, until: launch + 7d}"]),
        ("launch 09:00", "every: week, until: 2027-03-23", gone("3", "all"), ["repeat: {every: week, until: launch + 7d}"]),
        ("", COUNTED, gone("2027-03-16", "all"), ["repeat: {every: week, until: 2027-03-09}"]),
        ("launch 09:00", COUNTED, gone("3"), ["repeat: {every: week, until: launch + 3w, except: [launch + 14d]}"]),
        ("launch 09:00", COUNTED, to("2027-03-03"), ["at: launch + 1d 09:00", "repeat: {every: week, until: launch + 22d}"]),
        # all of it moves: an end and what is left out go with it, where they have to
        ("", "every: week, until: 2027-03-23", to("2027-03-03"), ["at: 2027-03-03 09:00", "repeat: {every: week, until: 2027-03-24}"]),
        ("", "every: week, until: 2027-03-25", to("2027-03-03"), ["at: 2027-03-03 09:00"]),
        ("", "every: week, until: 2027-03-25, except: [2027-03-09]", to("2027-03-03"), ["at: 2027-03-03 09:00", "repeat: {every: week, until: 2027-03-25, except: [2027-03-10]}"]),
        ("", "every: week, until: tue 2027-03-23, except: [tue 2027-03-09]", to("2027-03-02", time="10:00"), ["at: 2027-03-02 10:00"]),
        ("", "every: 3 days, until: 2027-03-20", to("2027-03-03"), ["at: 2027-03-03 09:00", "repeat: {every: 3 days, until: 2027-03-21}"]),
        # weekdays
        ("", f"{DAYS}times: 6", to("2027-03-03"), ["at: 2027-03-03 09:00", "repeat: {every: week, days: [wed, thu], times: 6}"]),
        ("", f"{DAYS}times: 6", to("2027-03-09"), ["at: 2027-03-09 09:00"]),
        ("", f"{DAYS}times: 6", to("2027-03-04"), "the series has a post on that weekday already"),
        ("", f"{DAYS}until: 2027-03-18", to("2027-03-05"), "Fri 2027-03-05 is not before the next post of its series"),
        ("", f"{DAYS}until: 2027-03-18", to("2027-03-08"), "Mon 2027-03-08 is not before the next post of its series"),
        ("", f"{DAYS}until: 2027-03-18, except: [2027-03-09, 2027-03-11]", to("2027-03-03"), ["at: 2027-03-03 09:00", "repeat: {every: week, days: [wed, thu], until: 2027-03-18, except: [2027-03-10, 2027-03-11]}"]),
        ("", "every: week, days: [tue], until: 2027-03-18", to("2027-03-05"), ["at: 2027-03-05 09:00", "repeat: {every: week, days: [fri], until: 2027-03-21}"]),
        # months
        ("", "every: month, times: 3", to("2027-03-28"), ["at: 2027-03-28 09:00"]),
        ("", "every: month, times: 3", to("2027-03-29"), "not every month has a 29th: the moved series would not be in the same months"),
        ("2027-03-31 09:00", "every: month, times: 3", to("2027-03-30"), "not every month has a 31st: the moved series would not be in the same months"),
        ("2027-03-31 09:00", "every: month, times: 3", to("2027-03-31", time="10:00"), ["at: 2027-03-31 10:00"]),
        ("", "every: month, until: 2027-06-02, except: [2027-04-02]", to("2027-04-05"), ["at: 2027-04-05 09:00", "repeat: {every: month, until: 2027-07-05, except: [2027-05-05]}"]),
        # some of it moves
        (
            "",
            "every: week, times: 5, except: [2027-03-09, 2027-03-23]",
            to("2027-03-17", "2027-03-16"),
            ["repeat: {every: week, times: 1}", "- id: one-2", "at: 2027-03-17 09:00", "accounts: x", "text: |", "One", "repeat:", "every: week", "times: 3", "except: [2027-03-24]"],
        ),
        (
            "2027-11-02 09:00",
            "every: month, until: 2028-02-02",
            to("2027-12-05", "2027-12-02"),
            ["repeat: {every: month, until: 2027-11-02}", "- id: one-2", "at: 2027-12-05 09:00", "accounts: x", "text: |", "One", "repeat:", "every: month", "until: 2028-02-05"],
        ),
    ],
)  # fmt: skip
def test_the_days_of_a_series_are_written_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, at: str, repeat: str, do: Any, new: list[str] | str
) -> None:
    """It has a post each Tuesday at nine, from 2 March on, unless `at` is another time."""
    text = post(f"repeat: {{{repeat}}}", at=at or "2027-03-02 09:00")
    told, *lines = tried(tmp_path_factory.mktemp("series"), text, "one", do, "dates: {launch: 2027-03-02}\n")
    assert ([each[2:] for each in lines if each[0] == "+"] or told) == new


def test_a_day_that_is_left_out_leaves_the_lines_of_the_others(tmp_path: Path) -> None:
    text = post("repeat:\n  every: week\n  times: 4\n  except:\n  - 2027-03-23 # a holiday")
    assert tried(tmp_path, text, "one", gone("2027-03-09"))[1:] == ["+ - 2027-03-09"]


def test_days_that_would_meet_or_are_not_known_are_refused(tmp_path: Path) -> None:
    (entry,) = small(tmp_path, {"a.yaml": whole(post(f"repeat: {{{DAYS}times: 4}}"))}).keys.entries.values()
    assert later_days(entry, 2, date(2027, 3, 10)) == [date(2027, 3, 10), date(2027, 3, 11)]
    with pytest.raises(Unsafe, match="Thu 2027-03-04 is not before the next post of its series"):
        later_days(entry, 0, date(2027, 3, 4))
    with pytest.raises(Unsafe, match="its days cannot be read"):
        day_of(entry, "2027-03-03")
