"""An import for a terminal: what each row becomes and why not, and the file that is written."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from publer_sync.printable import one_line, printable
from publer_sync.render.file_diff import file_diff
from publer_sync.render.measure import first_words
from publer_sync.render.terminal import PLAIN, Screen
from publer_sync.render.wording import count, listing, sentence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from publer_sync.importing.importer import ImportResult
    from publer_sync.importing.rows import RowReason
    from publer_sync.render.dates import Dates

_SKIPPED = {"undated": "it has no date", "past": "its time has passed"}


def imported(found: ImportResult, *, dates: Dates, prefix: str, screen: Screen = PLAIN) -> str:
    """Everything but the question. `prefix` is the calendar's folder, before the names of its files."""
    file = f"{prefix}/{found.file}".lstrip("/")
    lines: list[str] = []
    if found.raw is not None:
        lines += [screen.paint(line, "green" if line[:1] == "+" else "") for line in _diff(file, found.raw)]
        lines.append("")
    groups = (
        ("Refused", ((each.row, reason) for each in found.refused for reason in each.reasons)),
        ("Warnings", ((row, reason) for row, few in sorted(found.warnings.items()) for reason in few)),
    )
    for title, pairs in groups:
        if rows := [*_grouped(pairs)]:
            lines += [screen.paint(title, "bold"), *rows, ""]
    skipped: dict[str, list[int]] = defaultdict(list)
    for each in found.skipped:
        skipped[each.reason].append(each.row)
    if skipped:
        rows = [f"  {_numbers(numbers)}: {_SKIPPED[reason]}" for reason, numbers in skipped.items()]
        lines += [screen.paint("Skipped", "bold"), *rows, ""]
    if found.unused:
        rows = [f"  {one_line(name)} ({count(number, 'row')})" for name, number in found.unused]
        lines += [screen.paint("Columns that are not imported", "bold"), *rows, ""]
    return "\n".join([*lines, *_closing(found, dates)]) + "\n"


def _closing(found: ImportResult, dates: Dates) -> list[str]:
    parts = [
        (len(found.new), "new post", "new posts"),
        (len(found.refused), "row refused", "rows refused"),
        (len(found.skipped), "row skipped", "rows skipped"),
    ]
    lines = [listing([count(number, one, many) for number, one, many in parts if number])]
    if found.new:
        first, last = found.new[0].at, found.new[-1].at
        span = dates.both(first) if first == last else f"{dates.both(first)} to {dates.both(last)}"
        lines.append(f"{span}, times in {dates.name}.")
    if found.raw is None and found.new:
        lines.append("Nothing is written while rows are refused; --partial writes the others.")
    return [line for line in lines if line] or ["No rows to import."]


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


def _diff(file: str, raw: bytes) -> list[str]:
    return printable(file_diff(file, None, raw)).rstrip("\n").split("\n")
