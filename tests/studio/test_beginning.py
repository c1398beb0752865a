"""What a new post begins with, where it is written, and what is told of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.studio.beginning import beginning_of
from publer_sync.studio.orders import FreshRequest, read_request
from tests.studio.desk import desk_of
from tests.studio.snapshots import opened
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.studio.desk import Desk

FILES = {
    "publer.yaml": "timezone: UTC\ntime: 09:00\naccounts: {x: Me, facebook: Us}\n",
    "2027-03.yaml": """\
posts:
- {id: soon, at: 2027-03-09 13:00, accounts: facebook, text: Soon}
- {id: one, at: 2027-03-10 09:00, accounts: x, text: One}
- {id: two, at: 2027-03-11 09:00, accounts: facebook, text: Two}
- {at: 2027-03-12 09:00, accounts: x, text: As many letters as a post is called with}
- {at: 2027-03-13 09:00, accounts: x, text: More letters than a post is called with!!}
""",
    "store.yaml": "posts:\n- {id: tip, evergreen: {every: 1w}, accounts: x, text: Tip}\n",
    "2027-07-all.yaml": "accounts: x\ndates: {fair: 2027-07-20}\nposts:\n- {id: july, at: fair 09:00, text: July}\n",
    "2027-08-late.yaml": "accounts: x\ntime: 10:00\nposts:\n- {id: august, at: 2027-08-02, text: August}\n",
    "2027-09-none.yaml": "",
    "2027-10-bare.yaml": "accounts: x\n",
}
MANY = "As many letters as a post is called with"
MORE = "More letters than a post is called with!!"
NOON = datetime(2027, 3, 9, 12, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with desk_of(tmp_path, now=NOON) as desk:
        yield desk


@pytest.fixture
def posts(desk: Desk) -> dict[str, Any]:
    return {each["id"] or each["text"]: each for each in desk.posts}


@each_of(
    "hour, minute, body, begins",
    [
        (12, 0, {}, "2027-03-09 12:01 facebook"),
        (12, 0, {"day": "2027-03-09"}, "2027-03-09 12:01 facebook"),
        (12, 0, {"day": "2027-03-10"}, "2027-03-10 09:01 x"),
        (12, 0, {"day": "2027-03-11"}, "2027-03-11 09:01 facebook"),
        (12, 0, {"from": "2027-03-20"}, "2027-03-20 09:00 x"),
        (12, 0, {"from": "2027-01-20"}, "2027-03-09 12:01 facebook"),
        (20, 59, {}, "2027-03-09 21:00 facebook"),
        (21, 0, {}, "2027-03-10 09:00 facebook"),
        (21, 0, {"day": "2027-03-09"}, "2027-03-09 21:00 facebook"),
    ],
)
def test_it_begins_on_the_accounts_of_the_last_post_in_the_next_free_minute(
    desk: Desk, hour: int, minute: int, body: Any, begins: str
) -> None:
    desk.clock.at = NOON.replace(hour=hour, minute=minute)
    told = desk.send("/studio/fresh", body).body
    assert f"{told['day']} {told['time']} {' '.join(told['accounts'])}" == begins


SLOTTED = FILES["publer.yaml"] + "slots: {x: [tue 12:15, tue 14:00, wed 09:00], facebook: [fri 10:00]}\n"


@each_of(
    ("last", "hour", "minute", "body", "begins"),
    [
        ((), 12, 0, {}, "2027-03-12 10:00 facebook"),
        (("x",), 12, 0, {}, "2027-03-09 12:15 x"),
        (("x",), 12, 1, {}, "2027-03-09 14:00 x"),
        (("x",), 13, 45, {}, "2027-03-09 14:00 x"),
        (("x",), 13, 46, {}, "2027-03-16 12:15 x"),
        (("x",), 12, 0, {"day": "2027-03-09"}, "2027-03-09 12:15 x"),
        (("x",), 12, 0, {"from": "2027-03-10"}, "2027-03-16 12:15 x"),
        (("x", "facebook"), 12, 0, {}, "2027-03-09 12:15 x facebook"),
        (("facebook", "x"), 12, 0, {}, "2027-03-12 10:00 facebook x"),
        # an account that left the settings meanwhile
        (("gone", "x"), 12, 0, {}, "2027-03-09 12:15 x"),
        (("gone",), 12, 0, {}, "2027-03-12 10:00 facebook"),
    ],
)
def test_it_begins_in_the_next_free_slot_of_the_accounts_used_last(
    tmp_path: Path, last: tuple[str, ...], hour: int, minute: int, body: Any, begins: str
) -> None:
    """Which is a quarter of an hour away, at least."""
    calendar = opened(tmp_path, {**FILES, "publer.yaml": SLOTTED}, now=NOON.replace(hour=hour, minute=minute))
    told = beginning_of(calendar, read_request(FreshRequest, body), last)
    assert f"{told['day']} {told['time']} {' '.join(told['accounts'])}" == begins


@each_of(
    "order, file, below",
    [
        ({"day": "2027-03-10", "time": "09:00"}, "2027-03.yaml", "- {id: one"),
        ({"day": "2027-03-10", "time": "08:00", "texts": {"facebook": "Own"}}, "2027-03.yaml", "- {id: soon"),
        ({"day": "2027-07-10"}, "2027-07-all.yaml", "posts:"),
        ({"day": "2027-08-10"}, "2027-08.yaml", "posts:"),
        ({"day": "2027-09-10"}, "2027-09.yaml", "posts:"),
        ({"day": "2027-09-10", "file": "2027-09-none.yaml"}, "2027-09-none.yaml", "posts:"),
        ({"day": "2027-10-10"}, "2027-10.yaml", "posts:"),
    ],
)
def test_it_is_written_where_it_changes_no_other(desk: Desk, order: Any, file: str, below: str) -> None:
    new = {"calendar": "", "accounts": ["facebook"], "text": "New", "comment": {"text": "C"}, **order}
    told = desk.send("/studio/change", {"do": {"new": new}})
    assert told.status == 200, told.say
    assert told.lines[-3:] == ["+ comments:", "+ - text: |", "+ C"]
    above = desk.read(file).partition("- id: new")[0].splitlines()[-1]
    assert above.startswith(below)
    assert desk.send("/studio/undo", {}).status == 200


@each_of(
    "name, order, say",
    [
        (
            "one",
            {"duplicate": {"day": "2027-03-09", "time": "12:00"}},
            "Tue 9 Mar, 12:00 has passed. Nothing was written.",
        ),
        (
            "tip",
            {"move": {"day": "2027-03-09", "time": "12:00"}},
            "Tue 9 Mar, 12:00 has passed. Nothing was written.",
        ),
        ("tip", {"move": {"day": "2027-03-09", "time": "12:01"}}, "a use of tip added on Tue 9 Mar, 12:01"),
        (MANY, {"remove": {}}, '"As many letters as a post is called with" removed'),
        (MORE, {"remove": {}}, '"More letters than a post is called with!…" removed'),
    ],
)
def test_it_is_named_with_its_day_and_not_for_the_minute_that_is_now(
    desk: Desk, posts: dict[str, Any], name: str, order: Any, say: str
) -> None:
    assert desk.tried(posts[name], **order).say == say


def test_the_day_of_another_year_has_that_once_it_is_far(desk: Desk) -> None:
    desk.clock.at = datetime(2027, 8, 1, 12, tzinfo=UTC)
    for day, say in (("2028-01-31", "Mon 31 Jan, 09:00"), ("2028-02-01", "Tue 1 Feb 2028, 09:00")):
        assert desk.do("one", duplicate={"day": day}).say == f"one duplicated on {say}"
