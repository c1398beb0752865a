"""A use of a stored post says beside it what is otherwise, and the stored post stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from publer_sync.calendar.load import read
from publer_sync.editing.entry_edits import EntryEdits, Wanted
from tests.editing.test_entry_edits import SETTINGS, at
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from publer_sync.editing.writing import Writable

STORED = """\
posts:
- id: tip
  evergreen: {every: 8w}
  accounts: ACCOUNTS
  text: Old
  link: {url: https://a.example, title: A}
  networks: {linkedin: {at: '12:00'}}
- use: tip
  at: 2027-03-09 09:00
"""
NEW = "|\n    New"
BOTH = ("x", "linkedin")


def use_of(top: Path, accounts: str, *lines: str) -> EntryEdits:
    (top / "publer.yaml").write_text(SETTINGS)
    own = "".join(f"  {line}\n" for line in lines)
    (top / "posts.yaml").write_text(STORED.replace("ACCOUNTS", accounts) + own)
    calendar = read(top)
    assert calendar.problems == ()
    placed = {each.alias: each for each in calendar.placed if each.entry.stored is not None}
    return EntryEdits(calendar, next(iter(placed.values())).entry.document, placed, firm=False)


def lines_of(task: EntryEdits, accounts: str) -> str:
    """Of the use, below its first line; the stored post has to be as it was."""
    stored, _, use = task.document.raw.decode().partition("- use: tip\n")
    assert stored == STORED.replace("ACCOUNTS", accounts).partition("- use: tip\n")[0]
    return use


@each_of(
    ("accounts", "own", "key", "wanted", "after"),
    [
        ("[x, linkedin]", "", "text", dict.fromkeys(BOTH, "New"), f"  text: {NEW}\n"),
        ("[x, linkedin]", "text: Newer", "text", dict.fromkeys(BOTH, "New"), "  text: New\n"),
        ("[x, linkedin]", "text: Newer", "text", dict.fromkeys(BOTH), "  text: null\n"),
        ("[x, linkedin]", "", "text", {"x": "New"}, "  networks:\n    x:\n      text: |\n        New\n"),
        ("[x, linkedin]", "", "link", dict.fromkeys(BOTH, "https://b.example"), "  link:\n    url: https://b.example\n"),
        ("[x, linkedin]", "", "link", dict.fromkeys(BOTH), "  link: null\n"),
        ("[x, linkedin]", "", "title", dict.fromkeys(BOTH, "T"), "  title: T\n"),
        ("x", "text: Newer", "text", {"x": None}, "  text: null\n"),
        ("x", "", "link", {"x": None}, "  link: null\n"),
        ("x", "link: {url: https://c.example, title: C}", "link", {"x": "https://b.example"}, "  link: {url: https://b.example, title: C}\n"),
        ("x", "link: https://c.example", "link", {"x": "https://b.example"}, "  link: https://b.example\n"),
        ("[{account: x, text: Own}]", "accounts: x", "text", {"x": "New"}, "  accounts:\n  - account: x\n    text: |\n      New\n"),
        ("[x, linkedin]", "", "title", dict.fromkeys(BOTH), ""),
        ("[facebook, second]", "accounts: [facebook, second]", "text", {"second": "New"}, "  accounts: [facebook, {account: second, text: New}]\n"),
        ("[facebook, second]", "", "text", {"second": "New"}, "  accounts:\n  - facebook\n  - account: second\n    text: |\n      New\n"),
    ],
)  # fmt: skip
def test_what_a_use_says_otherwise_stands_beside_it(
    tmp_path: Path, accounts: str, own: str, key: str, wanted: Mapping[str, Writable], after: str
) -> None:
    task = use_of(tmp_path, accounts, *([own] if own else []))
    task.write(key, {alias: Wanted(value) for alias, value in wanted.items()})
    assert lines_of(task, accounts) == f"  at: 2027-03-09 09:00\n{after}"


@each_of(
    ("accounts", "wanted", "after"),
    [
        ("[x, linkedin]", {"linkedin": at(9, 13)}, "  at: 2027-03-09 09:00\n  networks:\n    linkedin:\n      at: 13:00\n"),
        ("[x, linkedin]", {"linkedin": at(10, 13)}, "  at: 2027-03-09 09:00\n  networks:\n    linkedin:\n      at: 2027-03-10 13:00\n"),
        ("[x, linkedin]", {"x": at(10, 10), "linkedin": at(10, 12)}, "  at: 2027-03-10 10:00\n"),
        ("[facebook, second]", {"second": at(9, 11)}, "  at: 2027-03-09 09:00\n  accounts:\n  - facebook\n  - account: second\n    at: 2027-03-09 11:00\n"),
    ],
)  # fmt: skip
def test_a_use_moves_as_any_other_post(
    tmp_path: Path, accounts: str, wanted: Mapping[str, datetime], after: str
) -> None:
    task = use_of(tmp_path, accounts)
    task.write("at", {alias: Wanted(moment) for alias, moment in wanted.items()})
    assert lines_of(task, accounts) == after
    assert {alias: task.moment_of(alias) for alias in wanted} == wanted


def test_a_use_leaves_some_of_the_accounts_of_its_stored_post(tmp_path: Path) -> None:
    task = use_of(tmp_path, "[x, linkedin, facebook]")
    task.remove({"x"})
    assert lines_of(task, "[x, linkedin, facebook]") == (
        "  at: 2027-03-09 09:00\n  accounts: [linkedin, facebook]\n"
    )


def test_a_use_with_accounts_of_its_own_leaves_some_of_them_and_keeps_what_they_say(tmp_path: Path) -> None:
    task = use_of(tmp_path, "[x, linkedin]", "accounts: [x, {account: linkedin, text: Own}]")
    task.remove({"x"})
    assert lines_of(task, "[x, linkedin]") == (
        "  at: 2027-03-09 09:00\n  accounts: [{account: linkedin, text: Own}]\n"
    )


def test_a_time_of_day_of_one_of_two_accounts_of_a_use_is_written_as_one(tmp_path: Path) -> None:
    networks = "networks: {facebook: {at: '12:00'}}"
    task = use_of(tmp_path, "[facebook, second]", networks)
    task.write("at", {"second": Wanted(at(9, 11))})
    assert "  - account: second\n    at: 11:00\n" in lines_of(task, "[facebook, second]")


@pytest.mark.parametrize(("key", "value"), [("text", "Old"), ("title", None)])
def test_without_its_own_words_a_use_says_those_of_its_stored_post(
    tmp_path: Path, key: str, value: str | None
) -> None:
    assert use_of(tmp_path, "[x, linkedin]", "text: Own", "title: T").outer_value("x", key) == value
