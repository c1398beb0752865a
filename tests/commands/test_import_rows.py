"""`import`: every row is judged, and its words come in as they are or not at all."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from publer_sync.calendar.load import read
from tests.commands.imports import PUBLER, SETTINGS, YEAR, ImportDesk, reasons


def test_every_row_is_judged_and_nothing_is_written_while_one_is_refused(desk: ImportDesk) -> None:
    (desk.top / "old.yaml").write_text(
        f"posts:\n- at: {YEAR}-03-09 09:00\n  accounts: facebook\n  text: |\n    Old\n", encoding="utf-8"
    )
    content = (
        f"{PUBLER}\n"
        "YEAR-03-02 09:00,Good,,,,,,,,,,\n"
        '"next Friday at 2 PM","Of two\nlines",,,,,,,,,,\n'
        "\n"
        ",No date,,,,,,,,,,\n"
        "03/04/YEAR 09:00,Two ways,,,,,,,,,,\n"
        "2020-03-02 09:00,Passed,,,,,,,,,,\n"
        "YEAR-03-05 09:00,Same,,,,,,,,,,\n"
        "YEAR-03-05 09:00,Minute,,,,,,,,,,\n"
        "YEAR-03-09 09:00,Taken,,,,,,,,,,\n"
        "YEAR-03-06 09:00,,,,,,,,,,,\n"
        "YEAR-03-07 09:00,Odd,,,,,,,,newsletter,,\n"
        "YEAR-03-08 09:00,Comma, outside of quotes,,,,,,,,,,\n"
    )
    document = desk.importing(content, code=3)
    assert document["summary"] == {"rows": 11, "new": 1, "refused": 10, "skipped": 0}
    assert reasons(document) == [
        (3, '"next Friday at 2 PM" is a time in words; only Publer\'s own import knows what it means'),
        (5, "it has no date"),
        (6, f'"03/04/{YEAR} 09:00" can be 3 April {YEAR} or 4 March {YEAR}'),
        (7, "its time has passed: 2020-03-02 09:00"),
        (8, "another post has this minute on the same account: row 9"),
        (9, "another post has this minute on the same account: row 8"),
        (10, "another post has this minute on the same account: old.yaml:2"),
        (11, "it has neither text nor media"),
        (12, '"newsletter" is not a type of post'),
        (13, "it has 13 cells, but the file has 12 columns"),
    ]
    assert (document["written"], document["diff"], desk.file()) == (False, "", None)
    document = desk.importing(content, "--account", "facebook", "--partial", code=3)
    assert document["written"]
    assert (desk.file() or "").count("- id:") == 1


def test_a_row_that_validate_would_refuse_is_refused(desk: ImportDesk) -> None:
    long = "word " * 80
    document = desk.importing(
        f"{PUBLER}\nYEAR-03-02 09:00,{long},,,,,,,,,,\nYEAR-03-03 09:00,Good,,,,,,,,,,\n",
        *("--account", "x"),
        code=3,
    )
    [(row, message)] = reasons(document)
    assert row == 2
    assert "280" in message
    assert [path.name for path in desk.top.iterdir()] == ["publer.yaml"], "nothing is left behind"


def test_rows_without_a_date_and_past_ones_can_be_skipped(desk: ImportDesk) -> None:
    document = desk.importing(
        f"{PUBLER}\n,No date,,,,,,,,,,\n2020-03-02 09:00,Passed,,,,,,,,,,\nYEAR-03-02 09:00,Good,,,,,,,,,,\n",
        *("--account", "facebook", "--undated", "skip", "--past", "skip"),
    )
    assert reasons(document) == [(2, "undated"), (3, "past")]
    assert (desk.file() or "").count("- id:") == 1


# --- times ----------------------------------------------------------------------------------------------------------


def test_a_time_without_its_day_is_no_date(desk: ImportDesk) -> None:
    content = "Text,Date,Time,Facebook\nHello,,09:00:00,TRUE\nSecond,YEAR-03-02,09:00:00,TRUE\n"
    assert reasons(desk.importing(content, code=3)) == [(2, "it has no date")]
    document = desk.importing(content, "--undated", "skip")
    assert [row["action"] for row in document["rows"]] == ["skipped", "new"]


def test_times_are_in_the_calendars_zone_and_a_doubtful_hour_is_refused(desk: ImportDesk) -> None:
    spring = max(datetime(YEAR, 3, day, tzinfo=UTC) for day in range(25, 32) if _is_sunday(YEAR, 3, day))
    document = desk.importing(
        f"{PUBLER}\n{spring:%Y-%m-%d} 02:30,Gap,,,,,,,,,,\nYEAR-07-01 09:00,Summer,,,,,,,,,,\n"
        "YEAR-07-02T09:00:00Z,Offset,,,,,,,,,,\nYEAR-07-03,Day alone,,,,,,,,,,\n",
        code=3,
    )
    assert [row["scheduled_at"] for row in document["rows"]][1:3] == [
        f"{YEAR}-07-01T07:00:00Z",
        f"{YEAR}-07-02T09:00:00Z",
    ]
    assert "does not exist" in reasons(document)[0][1]
    assert reasons(document)[1] == (5, f'"{YEAR}-07-03" has no time of day')


def _is_sunday(year: int, month: int, day: int) -> bool:
    return datetime(year, month, day, tzinfo=UTC).weekday() == 6


def test_a_day_alone_takes_the_time_of_the_settings(desk: ImportDesk) -> None:
    (desk.top / "publer.yaml").write_text(f"{SETTINGS}time: 08:15\n", encoding="utf-8")
    document = desk.importing(f"{PUBLER}\nYEAR-07-03,Day alone,,,,,,,,,,\n")
    assert document["rows"][0]["scheduled_at"] == f"{YEAR}-07-03T06:15:00Z"


# --- cells ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ("Hi,https://a.example https://b.example,,", "it has several links"),
        ("Hi,,https://a.example/a.jpg,One||Two", "it has more alt texts than media"),
    ],
)
def test_what_would_be_lost_from_a_cell_is_refused(desk: ImportDesk, cells: str, message: str) -> None:
    text, link, media, alt = cells.split(",")
    document = desk.importing(f"{PUBLER}\nYEAR-03-02 09:00,{text},{link},{media},,,{alt},,,,,\n", code=3)
    [(row, found)] = reasons(document)
    assert (row, found.startswith(message)) == (2, True)


def test_quotation_marks_after_a_blank_are_those_of_the_cell(desk: ImportDesk) -> None:
    """As people write them by hand, and assistants: they would be published."""
    desk.importing(
        "Date, Message, Link\n"
        'YEAR-03-02 09:00, "Hello world", https://example.com/a\n'
        'YEAR-03-03 09:00, "Hello, ""world""", https://example.com/b\n'
        'YEAR-03-04 09:00,"Hello, ""world"",\n ""and"", "" all""",https://example.com/c\n'
    )
    assert [post.text for post in read(desk.top).desired.posts] == [
        "Hello world",
        'Hello, "world"',
        'Hello, "world",\n "and", " all"',
    ]


@pytest.mark.parametrize(
    "texts",
    [
        ['"Hello there', "Bye", 'a 24"'],
        ['"Hello" she said', "Bye", '"a"'],
        ['"Hello" ', '"Bye', '"'],
    ],
)
def test_quotation_marks_after_a_blank_that_do_not_hold_the_cell_are_words(
    desk: ImportDesk, texts: list[str]
) -> None:
    """A cell of several lines, or a sentence that begins with a quotation: as one, they would take other rows with them."""
    rows = "".join(f"YEAR-03-0{day} 09:00, {text}\n" for day, text in enumerate(texts, 2))
    desk.importing(f"Date,Message\n{rows}")
    assert [post.text for post in read(desk.top).desired.posts] == [text.strip() for text in texts]


NASTY = ("#hash", "no", "10:30", "- dash", "key: value # more", "'a' \"b\"", "{x} [y]", "a\n---\nb", "*a &b", "= good", "tab\there", "  in\n    out")  # fmt: skip


def test_every_text_reads_back_as_it_was(desk: ImportDesk) -> None:
    cells = ['"' + text.replace('"', '""') + '"' for text in NASTY]
    desk.importing(
        f"{PUBLER}\n"
        + "".join(f"YEAR-03-{day:02} 09:00,{cell},,,,,,,,,,\n" for day, cell in enumerate(cells, 1))
    )
    shown = json.loads(desk.run("validate", "calendar", "--format", "json").stdout)
    assert shown["problems"] == [each for each in shown["problems"] if each["severity"] == "warning"]
    posts = read(desk.top).desired.posts
    assert [post.text.strip() for post in posts] == [text.strip() for text in NASTY]


ODD = (
    "#NAVN?", "#NAME?", "#REF!", "#BEZUG!", "#¡VALOR!", "#N/A", "#I/T", "#ЗНАЧ!", "####", "########", "=SUM(A1)", '=TEXT(A2;"dd")', "=A1",
    "=B2&C2", "+CONCAT(A1:A3)", "=Sheet1!A1", "Fresh_x000D_", "_x000a_rye", "Err:508",
)  # fmt: skip
NOT_ODD = (
    "#rye",
    "#1",
    "## Rye",
    "=)",
    "= good",
    "+47 22 33 44 55",
    "+1",
    "#NewName",
    "Look at #N/A today",
    "@fjordlight (the lamp)",
    "max_x000_y",
    "#A",
)


def test_what_a_spreadsheet_shows_in_place_of_words_is_no_post(desk: ImportDesk) -> None:
    def quoted(text: str) -> str:
        return '"' + text.replace('"', '""') + '"'

    head = "Text,When,Link\n"
    columns = ("--columns", "text=Text,at=When,link=Link", "--account", "facebook")
    rows = "".join(f"{quoted(text)},YEAR-03-{number:02} 09:00,\n" for number, text in enumerate(ODD, 1))
    document = desk.importing(head + rows, *columns, code=3)
    found = reasons(document)
    assert [row for row, _ in found] == [*range(2, 2 + len(ODD))]
    assert all(message.startswith('the column "Text" ') for _, message in found)
    assert desk.file() is None
    document = desk.importing(f"{head}Rye,####,\nRye,YEAR-03-02 09:00,#REF!\n", *columns, code=3)
    assert [message.partition(" shows")[0] for _, message in reasons(document)] == [
        'the column "When"',
        'the column "Link"',
    ]
    rows = "".join(f"{quoted(text)},YEAR-03-{number:02} 09:00,\n" for number, text in enumerate(NOT_ODD, 1))
    assert desk.importing(head + rows, *columns)["file"]


def test_a_cell_that_is_longer_than_any_post_is_named(desk: ImportDesk) -> None:
    """Mostly a quotation mark that nobody closed."""
    rows = f"text,date\nfine,YEAR-03-02 10:00\n{'a' * 140_000},YEAR-03-03 10:00\n"
    found = desk.importing(rows, "--columns", "text=text,at=date", "--account", "x", code=1)
    assert found["error"]["message"] == "row 3 of march.csv has a cell of more than 131,072 characters"
    assert desk.file() is None


def test_cells_are_words_and_no_yaml(desk: ImportDesk) -> None:
    """What they look like in a file is told as words, and there is a way to publish them as they are."""
    rows = 'Date,Text\nYEAR-03-02 09:00,"Hours:\ndraft: true"\nYEAR-03-03 09:00,"One\\nTwo"\nYEAR-03-04 09:00,Three\n'
    flags = ("--account", "facebook", "--columns", "text=Text,at=Date")
    told = desk.importing(rows, *flags, code=3)
    key, newline = (row["reasons"] for row in told["rows"] if row["action"] == "refused")
    assert [each["message"] for each in key] == ['"draft: true" looks like a key of the calendar\'s files']
    assert [each["help"] for each in newline] == [
        "Start a new line where one is meant, or add --as-typed to publish it as it is"
    ]
    assert "indent" not in json.dumps(told)
    assert desk.file() is None
    desk.importing(rows, *flags, "--as-typed")
    assert (desk.file() or "").count("  ignore:") == 2
    assert [post.text for post in read(desk.top).desired.posts] == [
        "Hours:\ndraft: true",
        "One\\nTwo",
        "Three",
    ]
    assert desk.run("validate", "calendar").code == 0
