"""Posts of a series that are moved or removed: in a file of its own, at the end of a month, and the last one that is left."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.studio.desk import desk_of
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
