"""Calendars and their files, found by name alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from publer_sync.calendar.folder import (
    calendar_below,
    find_calendars,
    is_read,
    linked_folders,
    takes_posts,
    walk,
)
from publer_sync.values.errors import SettingsError
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

FILES = (
    "publer.yaml", "a.yaml", ".hidden.yaml", ".git/publer.yaml", "in/b.yml", "in/deep/c.md", "shop/PUBLER.YML", "shop/d.yaml",
    "shop/in/e.yaml", "z/publer.yaml/a.yaml",
)  # fmt: skip


@pytest.fixture
def top(tmp_path: Path) -> Path:
    for name in FILES:
        (tmp_path / "top" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "top" / name).write_bytes(b"")
    return tmp_path / "top"


def test_each_calendar_is_found_once(top: Path) -> None:
    (top.parent / "link").symlink_to(top / "shop")
    asked = [top, top / "shop", top.parent / "link", top / "in", top / "none", top / "a.yaml"]
    assert find_calendars(asked) == [top, top / "shop"]


def test_the_files_of_a_calendar_are_those_of_no_other(top: Path) -> None:
    found = ["a.yaml", "in/b.yml", "in/deep/c.md", "publer.yaml", "shop/PUBLER.YML", "z/publer.yaml/a.yaml"]
    assert sorted(walk(top)) == found


@each_of("name, what", [("none", "does not exist"), ("a.yaml", "is not a folder")])
def test_what_is_no_folder_is_no_calendar(top: Path, name: str, what: str) -> None:
    with pytest.raises(SettingsError, match=f'the calendar ".*{name}" {what}'):
        walk(top / name)


def test_links_to_folders_of_posts_are_named(top: Path) -> None:
    (top / "in/linked").symlink_to(top / "shop")
    (top / "empty").symlink_to(top / ".git")
    (top / ".git/publer.yaml").rename(top / ".git/config")
    assert [*linked_folders(top)] == ["in/linked"]


@each_of(
    "file, read, taken",
    [
        ("a.yaml", True, True),
        ("in/b.YML", True, True),
        ("in/c.md", True, False),
        ("README.md", False, False),
        ("a.json", False, False),
        ("publer.yml", True, False),
        ("shop/publer.yaml", False, False),
        ("approvals.yaml", False, False),
        ("in/approvals.yaml", True, True),
        (".a.yaml", True, False),
        (".in/a.yaml", True, False),
        ("../a.yaml", True, False),
        ("in//a.yaml", True, False),
        ("/a.yaml", True, False),
    ],
)
def test_which_files_hold_posts_and_take_new_ones(file: str, *, read: bool, taken: bool) -> None:
    assert (is_read(file), takes_posts(file)) == (read, taken)


@each_of(
    "file, owner",
    [
        ("a.yaml", None),
        ("in/b.yml", None),
        ("shop/d.yaml", "shop"),
        ("shop/in/new/e.yaml", "shop"),
        ("none/a.yaml", None),
        ("z/a.yaml", None),
    ],
)
def test_a_file_in_the_folder_of_another_calendar_is_of_that(top: Path, file: str, owner: str | None) -> None:
    assert calendar_below(file, top) == owner
