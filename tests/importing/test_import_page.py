"""What an import says of its rows."""

from __future__ import annotations

from datetime import UTC, datetime

from publer_sync.importing.import_page import document, text
from publer_sync.importing.importer import ImportResult
from publer_sync.importing.rows import NewPost, RefusedRow, RowReason, SkippedRow
from publer_sync.render.layout.dates import Dates
from publer_sync.render.layout.terminal import Screen

AT = datetime(2027, 3, 2, 9, tzinfo=UTC)


def test_rows_with_one_reason_are_told_together_and_what_there_is_not_has_no_heading() -> None:
    late, long = RowReason("its time has passed", "Correct it"), RowReason("too long")
    found = ImportResult("new.yaml", "publer", 7, unused=[])
    found.refused = [RefusedRow(row, (late,)) for row in (2, 3, 4, 9)] + [RefusedRow(6, (late, long))]
    found.skipped = [SkippedRow(7, "undated")]
    told = text(found, dates=Dates("UTC"), prefix="").split("\n")
    assert told[:4] == [
        "Refused",
        "  rows 2-4, 6, 9: its time has passed",
        "    Correct it.",
        "  row 6: too long",
    ]
    assert told[4:7] == ["", "Skipped", "  row 7: it has no date"]
    assert "Warnings" not in told
    assert "Columns that are not imported" not in told


def test_new_posts_alone_have_no_heading_of_what_is_wrong() -> None:
    found = ImportResult("new.yaml", "publer", 1, unused=[])
    found.new, found.raw = [NewPost(2, AT, ("x",), "Hello", {})], b"posts:\n- at: 2027-03-02 09:00\n"
    told = text(found, dates=Dates("UTC"), prefix="")
    assert "Refused" not in told
    assert "+- at: 2027-03-02 09:00" in told
    assert "1 new post" in told
    colored = Screen(color=True)
    lines = text(found, dates=Dates("UTC"), prefix="", screen=colored).split("\n")
    assert colored.paint("+- at: 2027-03-02 09:00", "green") in lines
    assert "@@ -0,0 +1,2 @@" in lines
    for raw, diff in ((found.raw, True), (None, False)):
        found.raw = raw
        made = document(found, calendar="calendar", source="a.csv", written=False)["diff"]
        assert ("+- at: 2027-03-02 09:00" in made, bool(made)) == (diff, diff)
    for dialect, tool in (("publer", "publer"), ("", None)):
        found.dialect = dialect
        assert document(found, calendar="calendar", source="a.csv", written=False)["dialect"] == tool
