"""`import` as a command: what it asks, where it writes, and which files and options it refuses."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from publer_sync.commands import import_csv
from publer_sync.values.errors import InputError
from tests.commands.imports import GOOD, PUBLER, YEAR, ImportDesk, reasons
from tests.conftest import run_here
from tests.system.worlds import DAY, T, world_in
from tests.tables import each_of


def test_diff_shows_and_writes_nothing(desk: ImportDesk) -> None:
    (desk.home / "march.csv").write_text(GOOD.replace("YEAR", str(YEAR)), encoding="utf-8")
    ran = desk.run("import", "march.csv", "--account", "facebook", "--diff")
    assert ran.code == 0
    assert "+++ b/calendar/imported-march.yaml" in ran.stdout
    assert ("1 new post." in ran.stdout, ran.stderr) == (True, "")
    assert [path.name for path in desk.top.iterdir()] == ["publer.yaml"]


def test_where_nobody_can_be_asked_it_needs_yes(desk: ImportDesk) -> None:
    (desk.home / "march.csv").write_text(GOOD.replace("YEAR", str(YEAR)), encoding="utf-8")
    ran = desk.run("import", "march.csv", "--account", "facebook")
    assert (ran.code, desk.file()) == (64, None)
    assert "Add --yes, or --diff to see what would change." in ran.stderr


@pytest.mark.parametrize(("answer", "code"), [("no", 1), ("yes", 0)])
def test_on_a_terminal_it_asks(
    desk: ImportDesk, monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    monkeypatch.setattr("publer_sync.commands.import_csv.need_answer", lambda **_: None)
    (desk.home / "march.csv").write_text(GOOD.replace("YEAR", str(YEAR)), encoding="utf-8")
    args = ("import", "march.csv", "--account", "facebook")
    ran = run_here(args, {"HOME": str(desk.home)}, cwd=desk.home, stdin=f"{answer}\n")
    assert (ran.code, desk.file() is not None) == (code, answer == "yes")
    assert "This writes 1 post to imported-march.yaml; Publer is not changed." in ran.stderr


@pytest.mark.story
def test_what_was_imported_is_created_once(tmp_path: Path) -> None:
    """From the file of another tool to Publer: apply creates the posts, and nothing is left to do."""
    with world_in(tmp_path / "home") as world:
        world.write()
        csv = tmp_path / "march.csv"
        csv.write_text(
            f"Date,Text,Link(s)\n{T:%Y-%m-%d %H:%M},Hello,\n{T + DAY:%Y-%m-%d %H:%M},Second,\n",
            encoding="utf-8",
        )
        flags = ("--account", "facebook", "--account", "x", "--yes")
        assert world.run("import", csv, world.top, *flags).code == 0
        assert world.apply().code == 0
        assert sorted((row.account, row.text) for row in world.live()) == [
            ("facebook", "Hello"),
            ("facebook", "Second"),
            ("x", "Hello"),
            ("x", "Second"),
        ]
        assert world.changes() == []


def test_the_next_command_can_be_pasted_whatever_the_folder_is_called(desk: ImportDesk) -> None:
    desk.top.rename(desk.home / "our calendar")
    (desk.home / "march.csv").write_text(f"{YEAR}-03-02 09:00,Hello,\n", encoding="utf-8")
    ran = desk.run("import", "march.csv", "our calendar", "--account", "facebook", "--yes")
    assert ran.stderr.endswith("Next: publer-sync plan 'our calendar'\n"), ran


def test_the_text_names_rows_with_the_same_reason_together(desk: ImportDesk) -> None:
    soon = datetime.now(UTC) + 40 * DAY
    rows = "".join(f",Words {number},,,,,,,,x,,\n" for number in range(4))
    (desk.home / "march.csv").write_text(
        f"{PUBLER.replace('CTA', 'Budget')}\n{soon:%Y-%m-%d} 09:00,Good,,,,,,,,,BUY,\n{rows}",
        encoding="utf-8",
    )
    ran = desk.run("import", "march.csv", "--account", "facebook", "--diff")
    assert ran.code == 3
    assert ran.stdout == (
        "Refused\n"
        "  rows 3-6: it has no date\n"
        "    Add one, or add --undated skip.\n"
        '  rows 3-6: "x" is not a type of post\n'
        "    The types are status, photo, video, link, gif, poll, carousel, document, article, reel, story, short, event, offer.\n"
        "\n"
        "Columns that are not imported\n"
        "  Budget (1 row)\n"
        "\n"
        "1 new post, 4 rows refused.\n"
        f"{ran.stdout.splitlines()[-2]}\n"
        "Nothing is written while rows are refused; --partial writes the others.\n"
    )


# --- where it writes ------------------------------------------------------------------------------------------------


def test_an_existing_file_is_never_changed(desk: ImportDesk) -> None:
    desk.importing(GOOD)
    before = desk.file()
    assert desk.importing(GOOD, code=64)["error"]["message"] == "imported-march.yaml already exists"
    document = desk.importing(GOOD, "--account", "facebook", "--to", "again.yaml", code=3)
    assert "another post has this minute" in reasons(document)[0][1]
    assert (desk.file(), desk.file("again.yaml")) == (before, None)


@pytest.mark.parametrize("to", ["plans/spring.yaml", "calendar/plans/spring.yaml"])
def test_to_counts_from_here_or_from_the_top(desk: ImportDesk, to: str) -> None:
    desk.importing(GOOD, "--account", "facebook", "--to", to)
    assert desk.file("plans/spring.yaml")


@pytest.mark.parametrize(("to", "path"), [("spring.yaml", ""), ("plans/2027/spring.yaml", "../../")])
def test_the_new_file_names_the_schema_that_the_calendar_has(desk: ImportDesk, to: str, path: str) -> None:
    (desk.top / ".schema").mkdir()
    (desk.top / ".schema" / "calendar.schema.json").write_text("{}")
    desk.importing(GOOD, "--account", "facebook", "--to", to)
    line = f"# yaml-language-server: $schema={path}.schema/calendar.schema.json\n"
    assert str(desk.file(to)).startswith(f"{line}posts:\n- id: ")
    assert desk.run("validate", "calendar").code == 0


@pytest.mark.parametrize("to", ["../out.yaml", "publer.yaml", ".hidden.yaml", "post.md", "post.txt"])
def test_to_names_a_post_file_in_the_calendar(desk: ImportDesk, to: str) -> None:
    assert desk.importing(GOOD, "--account", "facebook", "--to", to, code=64)["error"]["code"] == "usage"
    assert not (desk.home / "out.yaml").exists()


def test_to_names_no_file_of_another_calendar(desk: ImportDesk) -> None:
    (desk.top / "brand").mkdir()
    (desk.top / "brand" / "publer.yaml").write_text("timezone: UTC\naccounts: {x: Other}\n")
    document = desk.importing(GOOD, "--account", "facebook", "--to", "brand/march.yaml", code=64)
    assert document["error"]["message"] == "--to: brand/march.yaml belongs to another calendar, brand"
    assert desk.file("brand/march.yaml") is None


# --- what it refuses ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "flags", "code", "message"),
    [
        ("Name,Price\nLamp,3\n", (), 64, "march.csv is not a CSV of a tool that publer-sync knows"),
        ("Name,Text\nLamp,Hi\n", ("--columns", "text=Text"), 64, "no column of march.csv has the time"),
        ("Name,Text\nLamp,Hi\n", ("--columns", "at=When"), 64, '--columns: there is no column "When"'),
        ("Name,Text\nLamp,Hi\n", ("--columns", "words=Text"), 64, '--columns: "words=Text" is not a key'),
        ("Name,Text\nLamp,Hi\n", ("--columns", "text= "), 64, '--columns: "text=" is not a key and a column'),
        ("Name,Text\nLamp,Hi\n", ("--columns", "text=Text,text=Name"), 64, "--columns names two columns for text"),
        ("Name,Text\nLamp,Hi\n", ("--columns", "at=Name,text=Name"), 64, '--columns: two keys name the column "Name"'),
        (GOOD, ("--account", "nobody"), 64, '--account: there is no account "nobody" here'),
        ("Date,Text,Text,Link(s)\n,,,\n", (), 64, 'march.csv has two columns "text"'),
        ("Date,Text - one,Text - two,Link(s)\n,,,\n", (), 64, 'march.csv has two columns "text"'),
        (b"PK\x03\x04rest", (), 1, "march.csv is a workbook, not a CSV file"),
        ("Date,Text,Link(s)\n,Größe,\n".encode("latin-1"), (), 1, "march.csv is not in UTF-8"),
        ('Date,Text,Link(s)\n,"never closed,\n', (), 1, "row 2 of march.csv can't be read"),
        ("\n\n", (), 1, "march.csv has no rows"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_understood_is_refused(
    desk: ImportDesk, content: str | bytes, flags: tuple[str, ...], code: int, message: str
) -> None:
    assert desk.importing(content, *flags, code=code)["error"]["message"].startswith(message)
    assert desk.file() is None


def test_columns_of_no_known_tool_are_shown_with_an_example_of_the_option(desk: ImportDesk) -> None:
    (desk.home / "march.csv").write_text("Name,Price\nLamp,3\n", encoding="utf-8")
    ran = desk.run("import", "march.csv", "--yes")
    hint = (
        "  Its first row is: Name, Price\n  Name the columns. For example: --columns text=Message,at=Date\n"
    )
    assert ran.stderr.endswith(hint)


def test_a_file_without_an_end_is_not_read_to_its_end(desk: ImportDesk, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    for name, message in (
        ("/dev/zero", "is not a regular file"),
        (str(tmp_path / "pipe.csv"), "is not a regular file"),
    ):
        ran = desk.run("import", name, "--account", "x", "--yes", "--format", "json")
        assert ran.code == 1
        assert message in json.loads(ran.stdout)["error"]["message"]
    large = b"Text,Date\n" + b"a" * (9 << 20)
    assert desk.importing(large, code=1)["error"]["message"].endswith("is larger than 8 MB")


def test_a_calendar_with_errors_is_named_first(desk: ImportDesk) -> None:
    (desk.top / "old.yaml").write_text("posts:\n- text: no time\n", encoding="utf-8")
    error = desk.importing(GOOD, code=3)["error"]
    assert (error["code"], error["message"]) == ("calendar", "the calendar has errors")
    assert desk.file() is None


@each_of(
    ("source", "file"),
    [
        ("März (2).csv", "imported-M-rz-2.yaml"),
        ("(é).csv", "imported-csv.yaml"),
        (".csv", "imported-csv.yaml"),
    ],
)
def test_the_new_file_is_called_as_the_old_one(desk: ImportDesk, source: str, file: str) -> None:
    desk.importing(GOOD, name=source)
    (desk.top / file).unlink()


def test_a_file_is_read_up_to_the_limit_and_one_that_cannot_be_is_told(
    desk: ImportDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = len(GOOD.replace("YEAR", str(YEAR)))
    monkeypatch.setattr(import_csv, "MAX_BYTES", size - 1)
    assert desk.importing(GOOD, code=1)["error"]["message"] == "march.csv is larger than 0 MB"
    monkeypatch.setattr(import_csv, "MAX_BYTES", size)
    assert desk.importing(GOOD)["written"]
    with pytest.raises(InputError, match=r"^gone\.csv cannot be read: No such file or directory$"):
        import_csv._bytes(Path("gone.csv"))
