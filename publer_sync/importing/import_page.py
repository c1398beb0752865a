"""What an import makes of each row and why not, and the file that it writes, for a terminal and as JSON."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Literal, TypedDict

from publer_sync.render.layout.dates import utc
from publer_sync.render.layout.documents import FORMAT_VERSION
from publer_sync.render.layout.file_diff import file_diff
from publer_sync.render.layout.measure import first_words
from publer_sync.render.layout.terminal import PLAIN, Screen
from publer_sync.render.layout.wording import count, counts, listing, sentence
from publer_sync.values.printable import one_line, printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from publer_sync.importing.importer import ImportResult
    from publer_sync.importing.rows import NewPost, RowReason
    from publer_sync.render.layout.dates import Dates
    from publer_sync.values.documented import Also, Moment, Version

_SKIPPED = {"undated": "it has no date", "past": "its time has passed"}


def text(found: ImportResult, *, dates: Dates, prefix: str, screen: Screen = PLAIN) -> str:
    """Everything but the question. `prefix` is the calendar's folder, before the names of its files."""
    lines: list[str] = []
    if found.raw is not None:
        diff = printable(file_diff(f"{prefix}/{found.file}".lstrip("/"), None, found.raw))
        added = (
            screen.paint(line, "green" if line[:1] == "+" else "") for line in diff.rstrip("\n").split("\n")
        )
        lines += [*added, ""]
    skipped: dict[str, list[int]] = defaultdict(list)
    for each in found.skipped:
        skipped[each.reason].append(each.row)
    groups: dict[str, Iterable[str]] = {
        "Refused": _grouped((each.row, reason) for each in found.refused for reason in each.reasons),
        "Warnings": _grouped((row, reason) for row, few in sorted(found.warnings.items()) for reason in few),
        "Skipped": (f"  {_numbers(rows)}: {_SKIPPED[reason]}" for reason, rows in skipped.items()),
        "Columns that are not imported": (
            f"  {one_line(name)} ({count(number, 'row')})" for name, number in found.unused
        ),
    }
    for title, told in groups.items():
        if rows := [*told]:
            lines += [screen.paint(title, "bold"), *rows, ""]
    return "\n".join([*lines, *_closing(found, dates)]) + "\n"


def _closing(found: ImportResult, dates: Dates) -> list[str]:
    parts = counts(
        (len(found.new), "new post", "new posts"),
        (len(found.refused), "row refused", "rows refused"),
        (len(found.skipped), "row skipped", "rows skipped"),
    )
    lines = [listing(parts) or "No rows to import."]
    if found.new:
        first, last = found.new[0].at, found.new[-1].at
        span = dates.both(first) if first == last else f"{dates.both(first)} to {dates.both(last)}"
        lines.append(f"{span}, times in {dates.name}.")
        if found.raw is None:
            lines.append("Nothing is written while rows are refused; --partial writes the others.")
    return lines


def _grouped(pairs: Iterable[tuple[int, RowReason]]) -> Iterable[str]:
    """Rows that have the same reason, together."""
    rows: dict[RowReason, list[int]] = defaultdict(list)
    for row, reason in pairs:
        rows[reason].append(row)
    for reason, numbers in rows.items():
        yield f"  {_numbers(numbers)}: {first_words(reason.message, 300)}"
        if reason.fix:
            yield f"    {sentence(first_words(reason.fix, 300))}"


def _numbers(rows: list[int]) -> str:
    """`row 2`, or `rows 2-5, 9`."""
    spans: list[list[int]] = [[rows[0]]]
    for before, row in pairwise(sorted(rows)):
        if row == before + 1:
            spans[-1].append(row)
        else:
            spans.append([row])
    texts = [str(span[0]) if len(span) == 1 else f"{span[0]}-{span[-1]}" for span in spans]
    return f"{'row' if len(rows) == 1 else 'rows'} {', '.join(texts)}"


# --- JSON -----------------------------------------------------------------------------------------------------------


class ReasonData(TypedDict):
    """A reason, and what to do."""

    message: str
    help: str


class RowData(TypedDict):
    """What became of a row."""

    row: Annotated[int, "as a spreadsheet shows it"]
    action: Literal["new", "refused", "skipped"]
    id: Annotated[str | None, "the new post's id in the calendar"]
    accounts: Annotated[list[str], "aliases"]
    scheduled_at: Moment | None
    reasons: Annotated[list[ReasonData], "why a row is refused or skipped (`undated` or `past`)"]
    warnings: Annotated[list[ReasonData], "what `validate` will warn of"]


class UnusedData(TypedDict):
    """A column that is not imported."""

    column: str
    rows: Annotated[int, "how many have something there"]


class RowCountData(TypedDict):
    """How many rows."""

    rows: int
    new: int
    refused: int
    skipped: int


class ImportDocument(TypedDict):
    """What publer-sync import --format json prints."""

    format_version: Version
    calendar: Annotated[str, "the calendar's name"]
    source: Annotated[str, "the name of the CSV file"]
    dialect: Annotated[
        str | None,
        Also('{"enum": ["publer", "buffer", "metricool", "hootsuite", null]}'),
        "the tool whose columns the file has: `publer`, `buffer`, `metricool` or `hootsuite`; null if `--columns` names them all",
    ]
    file: Annotated[str, "the new file, from the calendar's top"]
    written: Annotated[
        bool,
        "whether the file was written; false with `--diff`, and while rows are refused without `--partial`",
    ]
    summary: Annotated[
        RowCountData, "how many rows, and how many of them are `new` posts, `refused` and `skipped`"
    ]
    rows: Annotated[list[RowData], "what became of each row"]
    unused: Annotated[list[UnusedData], "columns with content that are not imported"]
    diff: Annotated[str, "a unified diff of the new file; empty where nothing would be written"]


def document(found: ImportResult, *, calendar: str, source: str, written: bool) -> ImportDocument:
    """`source` is the CSV file; `written` says whether the new file was saved."""
    rows = {
        **{each.row: _new(each, found) for each in found.new},
        **{each.row: _row(each.row, "refused", _reasons(each.reasons)) for each in found.refused},
        **{
            each.row: _row(each.row, "skipped", [{"message": each.reason, "help": ""}])
            for each in found.skipped
        },
    }
    return {
        "format_version": FORMAT_VERSION,
        "calendar": calendar,
        "source": source,
        "dialect": found.dialect or None,
        "file": found.file,
        "written": written,
        "summary": {
            "rows": found.rows,
            "new": len(found.new),
            "refused": len(found.refused),
            "skipped": len(found.skipped),
        },
        "rows": [row for _, row in sorted(rows.items())],
        "unused": [{"column": name, "rows": number} for name, number in found.unused],
        "diff": file_diff(found.file, None, found.raw) if found.raw is not None else "",
    }


def _new(post: NewPost, found: ImportResult) -> RowData:
    return {
        **_row(post.row, "new", []),
        "id": found.ids.get(post.row),
        "accounts": [*post.accounts],
        "scheduled_at": utc(post.at),
        "warnings": _reasons(found.warnings.get(post.row, ())),
    }


def _row(number: int, action: Literal["new", "refused", "skipped"], reasons: list[ReasonData]) -> RowData:
    return {
        "row": number,
        "action": action,
        "id": None,
        "accounts": [],
        "scheduled_at": None,
        "reasons": reasons,
        "warnings": [],
    }


def _reasons(reasons: Iterable[RowReason]) -> list[ReasonData]:
    return [{"message": each.message, "help": each.fix} for each in reasons]
