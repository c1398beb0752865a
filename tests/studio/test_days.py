"""On which days a post could be: what keeps it from one, and what is only told."""

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
timezone: UTC
time: 09:00
accounts:
  x: {name: Me, provider: twitter}
  facebook: {name: Us, provider: facebook}
dates: {soon: nonsense}
cadence: {quiet: [sun], holidays: [2027-03-26, 2027-03-28]}
"""
POSTS = """\
posts:
- {id: weekly, at: 2027-03-02 09:00, accounts: x, text: Weekly, repeat: {every: week, times: 3}}
- {at: 2027-03-03 09:00, accounts: x, text: No id}
- {id: both, at: 2027-03-04 09:00, accounts: [x, facebook], text: Both, not_before: 2027-03-03 10:00}
- {id: vague, at: 2027-03-05 09:00, accounts: x, text: Vague, not_before: soon - 2d}
- {id: late, at: 2027-03-06 09:00, accounts: [x, {account: facebook, at: 10:00}], text: Late}
- {id: half, accounts: [{account: x, at: 2027-03-07 09:00}, facebook], text: Half}
- {id: waits, at: next, accounts: x, text: Waits}
- {id: tip, evergreen: {every: 1w}, accounts: x, text: Tip}
- {use: tip, at: 2027-03-15 12:00}
- {use: tip, at: 2027-03-20 12:00}
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "publer.yaml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "posts.yaml").write_text(POSTS, encoding="utf-8")
    with desk_of(tmp_path) as desk:
        yield desk


@pytest.fixture
def posts(desk: Desk) -> dict[str, Any]:
    return {each["id"] or each["text"]: each for each in desk.posts}


@each_of(
    "name, day, more, why, say",
    [
        ("weekly", "2027-03-02", {"part": "2027-03-02"}, "", ""),
        ("weekly", "2027-03-09", {"part": "2027-03-02"}, "taken", "x has a post at 09:00: weekly."),
        ("weekly", "2027-03-09", {"part": "2027-03-09"}, "", ""),
        ("weekly", "2027-03-09", {}, "", ""),
        ("weekly", "2027-03-03", {"part": "2027-03-02"}, "taken", 'x has a post at 09:00: "No id".'),
        ("No id", "2027-03-03", {}, "", ""),
        ("No id", "2027-03-02", {}, "taken", "x has a post at 09:00: weekly."),
        ("both", "2027-03-05", {}, "taken", "x has a post at 09:00: vague."),
        ("both", "2027-03-03", {"time": "09:59"}, "not_before", "Not before 2027-03-03 10:00."),
        ("both", "2027-03-03", {"time": "10:00"}, "", ""),
        ("vague", "2027-03-01", {}, "", ""),
        ("late", "2027-03-28", {}, "quiet", "Sun 28 Mar is a quiet day."),
        ("late", "2027-03-26", {}, "quiet", "Fri 26 Mar is a holiday."),
        ("waits", "2027-03-05", {}, "", ""),
        ("tip", "2027-03-08", {}, "", ""),
        ("tip", "2027-03-17", {}, "rests", "It is used on Mon 15 Mar; its uses are 1 week apart."),
        ("tip", "2027-03-18", {}, "rests", "It is used on Sat 20 Mar; its uses are 1 week apart."),
        ("tip", "2027-03-27", {}, "", ""),
    ],
)
def test_a_day_has_what_is_against_it(
    desk: Desk, posts: dict[str, Any], name: str, day: str, more: Any, why: str, say: str
) -> None:
    found = day_of(desk, posts[name], day, **more)
    assert (found.get("why", ""), found.get("say", "")) == (why, say)
    assert found["ok"] is (why in ("", "quiet", "rests"))
    assert bool(found.get("swap")) is (name == "both" and why == "taken"), "a post of a series does not swap"
    assert found.get("time") == {"waits": "09:01", "tip": "09:00"}.get(name)


def day_of(desk: Desk, post: Any, day: str, **more: Any) -> Any:
    asked = {"key": post["key"], "from": day, "to": day, **more}
    return desk.send("/studio/days", asked).body["days"][day]


def test_the_minutes_before_it_is_published_and_the_first_one_after_are_told(
    desk: Desk, posts: dict[str, Any]
) -> None:
    both = posts["both"]
    for hour, minute, why in ((8, 44, None), (8, 45, "frozen"), (8, 59, "frozen"), (9, 0, "gone")):
        desk.clock.at = datetime(2027, 3, 4, hour, minute, tzinfo=UTC)
        assert day_of(desk, both, "2027-03-04", time="09:00").get("why") == why
        (post,) = desk.get(f"/studio/cards?keys={both['key']}")["posts"]
        assert (post["past"], bool(post["fate"]), post["frozen"]) == (hour == 9, hour == 9, why == "frozen")
    assert day_of(desk, posts["vague"], "2027-03-04", time="09:00")["why"] == "past"
    assert desk.change(both, edit={"note": "Late"}).status == 422


def test_a_series_goes_by_the_post_that_is_meant_else_by_its_first(desk: Desk, posts: dict[str, Any]) -> None:
    weekly = posts["weekly"]
    desk.clock.at = datetime(2027, 3, 5, tzinfo=UTC)
    found = [day_of(desk, weekly, "2027-03-10", **more).get("why") for more in ({"part": "2027-03-09"}, {})]
    assert found == [None, "gone"]


@each_of(
    "more, told",
    [
        ({"accounts": ["facebook"]}, {"ok": True, "time": "09:00"}),
        ({"accounts": ["x"]}, {"ok": True}),
        ({"of": "x"}, {"ok": True}),
        (
            {"accounts": ["facebook"], "of": "x"},
            {
                "ok": False,
                "why": "unsafe",
                "say": "It has no time on facebook: give it one there first.",
                "swap": None,
            },
        ),
    ],
)
def test_the_first_time_of_an_account_is_told_beside_others_that_have_one(
    desk: Desk, posts: dict[str, Any], more: Any, told: Any
) -> None:
    assert day_of(desk, posts["half"], "2027-03-08", **more) == told
