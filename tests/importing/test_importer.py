"""What the file would say is read again, and only what reads back as it was is written."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from publer_sync.calendar.load import read
from publer_sync.importing.dialects import layout_of
from publer_sync.importing.importer import UNEQUAL, ImportResult, import_rows
from publer_sync.importing.rows import RefusedRow, RowRules
from publer_sync.values.errors import CalendarError
from publer_sync.values.problems import Location, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from publer_sync.calendar.load import Calendar

FILE = "new.yaml"
CSV = b"Date,Text,Link(s)\n2027-03-02 09:00,Hello,\n2027-03-03 09:00,World,\n"


def importing(
    top: Path,
    old: bytes,
    new: bytes,
    *problems: Problem,
    csv: bytes = CSV,
    partial: bool = True,
    until: bytes = b"",
    as_typed: bool = False,
) -> ImportResult:
    """An import whose file reads with other words, or has these problems too: `until` it has these bytes."""
    (top / "publer.yaml").write_text("workspace: W\naccounts: {x: X}\n", encoding="utf-8")
    calendar = read(top)

    def read_again(raw: bytes) -> tuple[Calendar, Sequence[Problem]]:
        left = () if until and until in raw else problems
        return read(top, instead={FILE: raw.replace(old, new)}), left

    rules = RowRules(
        calendar.groups,
        calendar.settings.accounts,
        "UTC",
        None,
        datetime(2027, 1, 1, tzinfo=UTC),
        accounts=("x",),
        as_typed=as_typed,
    )
    return import_rows(calendar, layout_of(csv, "a.csv", {}), rules, FILE, read_again, partial=partial)


def test_a_text_that_reads_back_otherwise_is_refused(tmp_path: Path) -> None:
    found = importing(tmp_path, b"Hello", b"Hallo")
    assert found.refused == [RefusedRow(2, (UNEQUAL,))]
    assert [post.text for post in found.new] == ["World"]


@pytest.mark.parametrize("place", [Location(FILE, 1), None])
def test_an_error_that_no_row_has_stops_the_import(tmp_path: Path, place: Location | None) -> None:
    stray = Problem("error", "file.big", "the file is too large", place)
    with pytest.raises(CalendarError):
        importing(tmp_path, b"", b"", stray)


def test_rows_are_written_beside_refused_ones_only_where_that_is_asked_for(tmp_path: Path) -> None:
    partly = importing(tmp_path, b"Hello", b"Hallo")
    assert partly.raw is not None
    assert b"World" in partly.raw
    assert importing(tmp_path, b"Hello", b"Hallo", partial=False).raw is None
    assert importing(tmp_path, b"", b"", partial=False).raw is not None
    assert importing(tmp_path, b"", b"", csv=CSV.replace(b"2027", b"soon")).raw is None, "no row is left"


def test_two_posts_in_one_minute_are_told_by_their_rows_and_not_by_lines_of_a_file_to_come(
    tmp_path: Path,
) -> None:
    twice = Problem(
        "warning",
        "slot.twice",
        "new.yaml:2 and old.yaml:7 have this minute",
        Location(FILE, 2),
        related=((Location(FILE, 7), "the other one"), (Location("old.yaml", 9), "a third")),
    )
    length = Problem("warning", "text.length", "too long", Location(FILE, 2))
    found = importing(tmp_path, b"", b"", twice, length, length)
    told = {row: [each.message for each in reasons] for row, reasons in found.warnings.items()}
    same = "another post has this minute on the same account: "
    assert found.refused == []
    assert told == {2: [f"{same}row 3 and old.yaml:9", "too long"], 3: [f"{same}row 2 and old.yaml:9"]}


def test_a_problem_of_another_file_is_no_rows_and_without_one_there_are_no_warnings(tmp_path: Path) -> None:
    elsewhere = Problem("warning", "text.length", "too long", Location("old.yaml", 2))
    for problems in ((elsewhere,), ()):
        found = importing(tmp_path, b"", b"", *problems)
        assert (found.warnings, found.refused, len(found.new)) == ({}, [], 2)


def test_rows_that_are_refused_are_in_the_order_of_the_file(tmp_path: Path) -> None:
    csv = CSV.replace(b"2027-03-03 09:00", b"soon")
    assert [each.row for each in importing(tmp_path, b"Hello", b"Hallo", csv=csv).refused] == [2, 3]


def test_posts_are_written_in_order_of_time_beside_files_with_errors(tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text("posts: [Hello]\n", encoding="utf-8")
    found = importing(tmp_path, b"", b"", csv=CSV.replace(b"2027-03-02", b"2027-03-04"))
    assert [post.row for post in found.new] == [3, 2]


def test_a_picture_alone_is_a_post(tmp_path: Path) -> None:
    csv = b"Date,Text,Link(s),Media URL(s)\n2027-03-02 09:00,,,https://a.example/1.png\n"
    found = importing(tmp_path, b"", b"", csv=csv)
    assert ([post.text for post in found.new], found.ids) == ([""], {2: "post-2027-03-02"})


@pytest.mark.parametrize("as_typed", [False, True])
def test_a_line_that_looks_like_a_key_is_words_only_where_somebody_says_so(
    tmp_path: Path, as_typed: bool
) -> None:
    wrong = Problem("error", "text.length", "too long", Location(FILE, 2))
    assert importing(tmp_path, b"", b"", wrong, until=b"ignore:", as_typed=as_typed).refused
    odd = Problem("error", "text.key", "it looks like a key", Location(FILE, 2))
    found = importing(tmp_path, b"", b"", odd, until=b"ignore:", as_typed=as_typed)
    assert bool(found.refused) is not as_typed
    assert (b"text.key: as it was typed" in (found.raw or b"")) is as_typed


def test_columns_with_content_that_say_nothing_here_are_named(tmp_path: Path) -> None:
    csv = b"Date,Text,Link(s),Campaign,,Sent\n2027-03-02 09:00,Hello,,Spring,9,no\n2027-03-03 09:00,World,,\n"
    assert importing(tmp_path, b"", b"", csv=csv).unused == [("Campaign", 1), ("column 5", 1)]


def test_an_error_of_a_row_is_no_warning_and_refuses_it(tmp_path: Path) -> None:
    wrong = Problem("error", "text.length", "too long", Location(FILE, 2))
    found = importing(tmp_path, b"Hello", b"Hello", wrong)
    assert [(each.row, each.reasons[0].message) for each in found.refused] == [
        (2, "too long"),
        (3, "too long"),
    ]
    assert found.warnings == {}
