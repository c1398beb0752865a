"""What an import makes of CSV files: their columns, their rows, and what people are told.

Each section is about a kind of file. Each line has a row or a file, and what is told of it.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from functools import cache
from typing import TYPE_CHECKING, Any

from publer_sync.calendar.load import read
from publer_sync.importing.account_names import account_names
from publer_sync.importing.dialects import layout_of
from publer_sync.importing.import_page import document, text
from publer_sync.importing.importer import import_rows
from publer_sync.importing.rows import RowRules
from publer_sync.render.layout.dates import Dates
from publer_sync.values.errors import CalendarError, PublerSyncError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.values.problems import Problem

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
SETTINGS = """\
timezone: Europe/Oslo
accounts:
  x: Fjordlight
  page: {name: Page, provider: facebook}
  pins: 63c675b54e299e9cf2b667ea # Pins, Fjordlight; business
  shop: {name: Shop, provider: google}
  insta: {name: fjordlight, provider: instagram}
groups: {both: [x, page]}
"""
PUBLER = (
    "Date,Text,Link(s),Media URL(s),Title,Label(s),Alt text(s),Comment(s),"
    "Board/Album,Post subtype,CTA,Reminder,Account"
)
METRICOOL = (
    "Text,Date,Time,Draft,Facebook,Twitter/X,Picture Url 1,Alt text picture 1,Picture Url 2,Facebook title"
)
BUFFER = "Text,Image URL,Tags,Posting Time"
OPTIONS: dict[str, dict[str, Any]] = {
    "": {"accounts": ("x",)},
    "for two accounts": {"accounts": ("x", "page")},
    "for a shop": {"accounts": ("shop",)},
    "for Instagram": {"accounts": ("insta",)},
    "as drafts": {"accounts": ("x",), "drafts": True},
    "without what is undated or past": {"accounts": ("x",), "skip_undated": True, "skip_past": True},
    "at nine": {"accounts": ("x",), "default_time": time(9)},
    "as typed": {"accounts": ("x",), "as_typed": True},
    "day first": {"accounts": ("x",), "order": "dmy"},
}
FILES: dict[str, tuple[str, Sequence[str], Sequence[str]]] = {
    "rows of Publer": (
        PUBLER,
        (
            "2027-03-02 09:00,Hello,,,,,,,,,,,",
            "2027-03-02,Hello,,,,,,,,,,,",
            ",Hello,,,,,,,,,,,",
            "soon,Hello,,,,,,,,,,,",
            "2027-02-02 09:00,Hello,,,,,,,,,,,",
            "02/03/2027 09:00,Hello,,,,,,,,,,,",
            "02/03/27 9:05 pm,Hello,,,,,,,,,,,",
            "13/14/2027 09:00,Hello,,,,,,,,,,,",
            "2027-03-28 02:30,Hello,,,,,,,,,,,",
            "2027-03-02T09:00:00+05:00,Hello,,,,,,,,,,,",
            "2027-03-02 09:00,,,,,,,,,,,,",
            "2027-03-02 09:00,Hello,https://a.example,,,,,,,,,,",
            "2027-03-02 09:00,Hello,lamp,,,,,,,,,,",
            '2027-03-02 09:00,Hello,"https://a.example, https://b.example",,,,,,,,,,',
            "2027-03-02 09:00,Hello,,https://a.example/a.jpg,,,A lamp,,,,,,",
            '2027-03-02 09:00,Hello,,"https://a.example/a.jpg, https://a.example/b.jpg",,,One||Two,,,,,,',
            "2027-03-02 09:00,Hello,,https://a.example/a.jpg,,,One||Two,,,,,,",
            "2027-03-02 09:00,Hello,,a.jpg,,,,,,,,,",
            "2027-03-02 09:00,Hello,,,News,,,,,,,,",
            '2027-03-02 09:00,Hello,,,,"sale, tips",,,,,,,',
            "2027-03-02 09:00,Hello,,,,,,First||Second,,,,,",
            "2027-03-02 09:00,Hello,,,,,,,Lamps,,,,",
            "2027-03-02 09:00,Hello,,https://a.example/a.jpg,,,,,Lamps,,,,",
            "2027-03-02 09:00,Hello,,,,,,,,Story,,,",
            "2027-03-02 09:00,Hello,,,,,,,,Nonsense,,,",
            "2027-03-02 09:00,Hello,https://a.example,,,,,,,,Book,,",
            "2027-03-02 09:00,Hello,https://a.example,,,,,,,,Nonsense,,",
            "2027-03-02 09:00,Hello,,,,,,,,,,Yes,",
            "2027-03-02 09:00,Hello,,,,,,,,,,Perhaps,",
            "2027-03-02 09:00,draft: true,,,,,,,,,,,",
            '2027-03-02 09:00,"Hello\nid: one",,,,,,,,,,,',
            "2027-03-02 09:00,TODO: words,,,,,,,,,,,",
            "2027-03-02 09:00,Hello,,,,,,,,,,,,,more",
            ",,,,,,,,,,,,",
        ),
        (
            "",
            "for two accounts",
            "for a shop",
            "for Instagram",
            "as drafts",
            "without what is undated or past",
            "at nine",
            "as typed",
            "day first",
        ),
    ),
    "rows of Metricool": (
        METRICOOL,
        (
            "Hello,2027-03-02,09:00,,TRUE,FALSE,,,,",
            "Hello,2027-03-02,09:00,TRUE,TRUE,TRUE,,,,",
            "Hello,2027-03-02,,,TRUE,,,,,",
            "Hello,,09:00,,TRUE,,,,,",
            "Hello,2027-03-02,09:00,,FALSE,FALSE,,,,",
            "Hello,2027-03-02,09:00,,TRUE,TRUE,https://a.example/a.jpg,A lamp,https://a.example/b.jpg,",
            "Hello,2027-03-02,09:00,maybe,TRUE,,,,,",
            "Hello,2027-03-02,09:00,,perhaps,,,,,",
            "Hello,2027-03-02,09:00,,TRUE,TRUE,,,,News",
        ),
        ("",),
    ),
    "rows of Buffer": (
        BUFFER,
        (
            "Hello,,,2027-03-02 09:00",
            'Hello,https://a.example/a.jpg,"sale,tips",2027-03-02 09:00',
            "Hello,,,",
        ),
        ("",),
    ),
}
WHOLE: dict[str, bytes] = {
    "several posts": b"Date,Text,Link(s)\n2027-03-02 09:00,One,\n2027-03-03 09:00,Two,\n2027-03-04 09:00,Three,\n",
    "several posts, one refused": b"Date,Text,Link(s)\n2027-03-02 09:00,One,\nsoon,Two,\n2027-03-04 09:00,Three,\n",
    "two in one minute": b"Date,Text,Link(s)\n2027-03-02 09:00,One,\n2027-03-02 09:00,Two,\n",
    "two alike": b"Date,Text,Link(s)\n2027-03-02 09:00,One,\n2027-03-05 09:00,One,\n",
    "a column that is not imported": b"Date,Text,Link(s),Mood\n2027-03-02 09:00,One,,good\n2027-03-03 09:00,Two,,\n",
    "no rows": b"Date,Text,Link(s)\n",
    "nothing": b"",
    "no header": b"2027-03-02 09:00,One\n",
    "without a header, as Hootsuite has it": b"02/03/2027 09:00,One,https://a.example\n",
    "Hootsuite with a header": b"Date,Message,Link\n2027-03-02 09:00,One,https://a.example\n",
    "semicolons": b"Date;Text;Link(s)\n2027-03-02 09:00;One, two;\n",
    "tabs": b"Date\tText\tLink(s)\n2027-03-02 09:00\tOne\t\n",
    "its separator named": b"sep=;\nDate;Text;Link(s)\n2027-03-02 09:00;One;\n",
    "a mark and Windows lines": b"\xef\xbb\xbfDate,Text,Link(s)\r\n2027-03-02 09:00,One,\r\n",
    "UTF-16": "Date,Text,Link(s)\n2027-03-02 09:00,Blåbær,\n".encode("utf-16"),
    "Latin": "Date,Text,Link(s)\n2027-03-02 09:00,Blåbær,\n".encode("latin-1"),
    "zeros": b"Date,Text,Link(s)\n2027-03-02 09:00,\0,\n",
    "a workbook": b"PK\x03\x04rest",
    "an open quotation mark": b'Date,Text,Link(s)\n2027-03-02 09:00,"One,\n',
    "text after a quotation mark": b'Date,Text,Link(s)\n2027-03-02 09:00,"One" two,\n',
    "blanks before quotation marks": b'Date, Text, Link(s)\n2027-03-02 09:00, "One, two", ""\n',
    "a quotation in words": b'Date,Text,Link(s)\n2027-03-02 09:00, "One" she said,\n',
    "a cell that is too long": b'Date,Text,Link(s)\n2027-03-02 09:00,"' + b"a" * 140_000 + b'",\n',
}


@cache
def _calendar(top: Path) -> Calendar:
    (top / "publer.yaml").write_text(SETTINGS, encoding="utf-8")
    return read(top)


def _imported(top: Path, csv: bytes, *, partial: bool = True, **options: Any) -> Iterator[str]:
    calendar = _calendar(top)

    def read_again(raw: bytes) -> tuple[Calendar, Sequence[Problem]]:
        after = read(top, instead={"new.yaml": raw})
        return after, [each for each in after.problems if each.location and each.location.file == "new.yaml"]

    rules: dict[str, Any] = {"accounts": ("x",), **options}
    rows = RowRules(
        calendar.groups,
        calendar.settings.accounts,
        "Europe/Oslo",
        rules.pop("default_time", None),
        NOW,
        names=account_names(calendar),
        **rules,
    )
    try:
        found = import_rows(
            calendar, layout_of(csv, "a.csv", {}), rows, "new.yaml", read_again, partial=partial
        )
    except CalendarError as error:
        yield from (f"{problem.code}: {problem.message}" for problem in error.problems)
        return
    except PublerSyncError as error:
        yield f"{type(error).__name__} {error.code}: {error.message} > {error.hint}"
        return
    told = text(found, dates=Dates("Europe/Oslo"), prefix="")
    yield from (line for line in told.splitlines() if line.strip() and line[:3] not in ("---", "+++", "@@ "))
    rows_of: Mapping[str, Any] = document(found, calendar="calendar", source="a.csv", written=False)
    yield f"{rows_of['dialect']} {rows_of['summary']}"


@cache
def _of_row(head: str, row: str, option: str, top: Path) -> str:
    return " / ".join(_imported(top, f"{head}\n{row}\n".encode(), **OPTIONS[option]))


def rows_of(kind: str, option: str, top: Path) -> Iterator[str]:
    """What is told of each row; with an option, where that is not what is told without it."""
    head, rows, _ = FILES[kind]
    for row in rows:
        told = _of_row(head, row, option, top)
        if not option or told != _of_row(head, row, "", top):
            shown = row.replace("\n", "\\n")
            yield f"{shown} | {told}"


def whole_files(top: Path) -> Iterator[str]:
    for name, csv in WHOLE.items():
        for partial in (True, False):
            told = [*_imported(top, csv, partial=partial)]
            if partial or told != [*_imported(top, csv)]:
                yield f"{name}{'' if partial else ', whole or not at all'} | {' / '.join(told)}"


HEADINGS: dict[str, tuple[str, str]] = {
    f"{kind}; {option}" if option else kind: (kind, option)
    for kind, (_, _, options) in FILES.items()
    for option in options
} | {"whole files": ("", "")}


def section(heading: str, top: Path) -> Iterator[str]:
    kind, option = HEADINGS[heading]
    return rows_of(kind, option, top) if kind else whole_files(top)
