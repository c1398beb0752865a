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


def importing(top: Path, old: bytes, new: bytes, *problems: Problem) -> ImportResult:
    """An import whose file reads with other words, or has these problems too."""
    (top / "publer.yaml").write_text("workspace: W\naccounts: {x: X}\n", encoding="utf-8")
    calendar = read(top)

    def read_again(raw: bytes) -> tuple[Calendar, Sequence[Problem]]:
        return read(top, instead={FILE: raw.replace(old, new)}), problems

    rules = RowRules(
        calendar.groups,
        calendar.settings.accounts,
        "UTC",
        None,
        datetime(2027, 1, 1, tzinfo=UTC),
        accounts=("x",),
    )
    return import_rows(calendar, layout_of(CSV, "a.csv", {}), rules, FILE, read_again, partial=True)


def test_a_text_that_reads_back_otherwise_is_refused(tmp_path: Path) -> None:
    found = importing(tmp_path, b"Hello", b"Hallo")
    assert found.refused == [RefusedRow(2, (UNEQUAL,))]
    assert [post.text for post in found.new] == ["World"]


def test_an_error_that_no_row_has_stops_the_import(tmp_path: Path) -> None:
    stray = Problem("error", "file.big", "the file is too large", Location(FILE, 1))
    with pytest.raises(CalendarError):
        importing(tmp_path, b"", b"", stray)
