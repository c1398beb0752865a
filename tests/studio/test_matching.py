"""Which post of the last commit is which post now."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from publer_sync.calendar.load import read
from publer_sync.studio.matching import pairs_of
from publer_sync.studio.open_calendar import Snapshot
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pytest

    from publer_sync.calendar.posts import Entry

NOW = datetime(2027, 2, 20, 12, tzinfo=UTC)
SETTINGS = """\
workspace: W
timezone: UTC
accounts: {x: X, linkedin: L, facebook: F}
cadence:
  x: {weekly: 3, at: ["12:00"]}
slots:
  x: ["12:00"]
"""


def post(at: str, text: str, id: str = "", on: str = "x") -> str:
    name = f"id: {id}, " if id else ""
    return f"- {{{name}at: {at}, accounts: {on}, text: {text}}}\n"


A, B = post("2027-03-02 09:00", "One", "a"), post("2027-03-03 09:00", "Two", "b")
NAMELESS, SAME = post("2027-03-02 09:00", "One"), post("2027-03-03 09:00", "One")
SERIES = post("2027-03-02 09:00, repeat: {every: day, until: 2027-03-03}", "One")
LONGER = post("2027-03-01 09:00, repeat: {every: day, until: 2027-03-03}", "One")
BOTH = post("2027-03-02 09:00", "One", "a", "[x, linkedin]")
ON_X, ON_LINKEDIN = (
    post("2027-03-02 09:00", "One", "a"),
    post("2027-03-02 10:00", "One", "c", "linkedin"),
)
FILE_X, FILE_LINKEDIN = "accounts: x\n", "accounts: linkedin\n"
BARE, BARE_A = "- {at: 2027-03-02 09:00, text: One}\n", "- {id: a, at: 2027-03-03 09:00, text: One}\n"
NO_TIME = post("soon", "One")


def _name(entry: Entry | None) -> str:
    return f"{entry.id or 'post'}:{entry.place.line}" if entry else "-"


def told(tmp_path: Path, before: Sequence[str], after: Sequence[str]) -> list[str]:
    sides = []
    for name, posts in (("before", before), ("after", after)):
        top = tmp_path / name
        top.mkdir()
        (top / "publer.yaml").write_text(SETTINGS, encoding="utf-8")
        heads = [each for each in posts if each[0] != "-"]
        text = "".join([*heads, "posts:\n", *(each for each in posts if each[0] == "-")])
        (top / "posts.yaml").write_text(text, encoding="utf-8")
        calendar = read(top)
        sides.append((Snapshot(calendar, NOW), calendar.entries))
    (old, was), (new, now) = sides
    return [
        f"{_name(pair.was)} {_name(pair.now)}"
        + (f" {pair.at[0]:%d.%H} {pair.at[1]:%d.%H}" if pair.at else "")
        for pair in pairs_of(old, was, new, now)
    ]


@each_of(
    ("before", "after", "pairs"),
    [
        ([A, B], [A, B], ["a:2 a:2 02.09 02.09", "b:3 b:3 03.09 03.09"]),
        ([A, B], [B], ["b:3 b:2 03.09 03.09", "a:2 -"]),
        ([A], [A, B], ["a:2 a:2 02.09 02.09", "- b:3"]),
        ([A], [post("2027-03-05 10:00", "Other", "a")], ["a:2 a:2 02.09 05.10"]),
        # without an id, by the words or the minute on one account
        ([NAMELESS], [post("2027-03-05 11:00", "One")], ["post:2 post:2 02.09 05.11"]),
        ([NAMELESS], [post("2027-03-02 09:00", "Better")], ["post:2 post:2 02.09 02.09"]),
        ([NAMELESS], [post("2027-03-02 09:00", "One", on="linkedin")], ["- post:2", "post:2 -"]),
        # on other accounts alone, by the id
        ([A], [post("2027-03-05 09:00", "One", "a", "linkedin")], ["a:2 a:2 02.09 05.09"]),
        ([FILE_X, BARE], [FILE_LINKEDIN, BARE], ["- post:3", "post:3 -"]),
        (
            [FILE_X, BARE, BARE_A],
            [FILE_LINKEDIN, BARE, BARE_A],
            ["- post:3", "a:4 a:4 03.09 03.09", "post:3 -"],
        ),
        # series, and parts of them
        ([SERIES], [NAMELESS, SAME], ["post:2 post:2 02.09 02.09", "post:2 post:3 03.09 03.09"]),
        ([NAMELESS, SAME], [SERIES], ["post:2 post:2 02.09 02.09"]),
        ([SERIES], [NAMELESS], ["post:2 post:2 02.09 02.09"]),
        ([post("2027-03-01 09:00", "One"), SERIES], [LONGER], ["post:3 post:2 02.09 02.09"]),
        # and accounts
        ([BOTH], [ON_X, ON_LINKEDIN], ["a:2 a:2 02.09 02.09", "a:2 c:3 02.09 02.10"]),
        ([ON_X, ON_LINKEDIN], [BOTH], ["a:2 a:2 02.09 02.09"]),
        # without a time, by the id or the lines
        ([NO_TIME], [NO_TIME], ["post:2 post:2"]),
        ([NO_TIME, NO_TIME], [NO_TIME, NO_TIME], ["post:2 post:2", "post:3 post:3"]),
        ([NO_TIME, NO_TIME], [NO_TIME], ["post:2 post:2", "post:3 -"]),
        ([NO_TIME], [NAMELESS], ["- post:2", "post:2 -"]),
        ([post("soon", "One", "a")], [A], ["a:2 a:2"]),
        ([A], [post("soon", "One", "a")], ["a:2 a:2"]),
        (
            [post("next", "One"), post("next", "Two")],
            [post("next", "Two"), post("next", "One")],
            ["post:3 post:2", "post:2 post:3"],
        ),
        ([post("next", "One", "a")], [post("next", "Other", "a")], ["a:2 a:2"]),
        ([post("next", "One")], [post("next", "One", "a")], ["- a:2", "post:2 -"]),
    ],
)
def test_which_post_is_which(
    tmp_path_factory: pytest.TempPathFactory, before: list[str], after: list[str], pairs: list[str]
) -> None:
    assert told(tmp_path_factory.mktemp("sides"), before, after) == pairs
