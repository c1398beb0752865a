"""Imports in memory: judges every row, writes the new file, and reads the calendar with it."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import field
from typing import TYPE_CHECKING

from publer_sync.calendar.when.zones import zone
from publer_sync.calendar.yaml.nodes import Map
from publer_sync.editing.new_posts import AS_TYPED, AS_WORDS, new_file, new_id, of_words, written_time
from publer_sync.importing.rows import NO, NewPost, RefusedRow, RowReason, SkippedRow, judge_row
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import CalendarError
from publer_sync.values.model import normal_text
from publer_sync.values.problems import errors_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from publer_sync.calendar.load import Calendar
    from publer_sync.editing.writing import Writable
    from publer_sync.importing.dialects import Layout
    from publer_sync.importing.rows import RowRules
    from publer_sync.values.problems import Location, Problem

_MINUTE = "Give one of them another time"
UNEQUAL = RowReason("its text would not read back unchanged", "Write this post into the calendar by hand")


@dataclass(slots=True)
class ImportResult:
    """What comes of each row. `raw` is the file to write, or None."""

    file: str
    dialect: str
    rows: int
    new: list[NewPost] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    skipped: list[SkippedRow] = field(default_factory=list)
    ids: dict[int, str] = field(default_factory=dict)
    """The id of each new post, by its row."""
    warnings: dict[int, list[RowReason]] = field(default_factory=dict)
    """What validate would warn of, by row."""
    silenced: dict[int, dict[str, str]] = field(default_factory=dict)
    """What a new post silences, by row."""
    unused: list[tuple[str, int]] = field(default_factory=list)
    """Columns that are not imported, and how many rows have content there."""
    raw: bytes | None = None


def import_rows(
    calendar: Calendar,
    layout: Layout,
    rules: RowRules,
    file: str,
    read: Callable[[bytes], tuple[Calendar, Sequence[Problem]]],
    *,
    partial: bool,
) -> ImportResult:
    """`read` reads the calendar with a new file of these bytes, and judges it."""
    out = ImportResult(file, layout.dialect, len(layout.rows), unused=_unused(layout))
    for row in layout.rows:
        match judge_row(row, layout, rules):
            case NewPost() as post:
                out.new.append(post)
            case RefusedRow() as refused:
                out.refused.append(refused)
            case SkippedRow() as skipped:
                out.skipped.append(skipped)
    out.new.sort(key=lambda post: (post.at, post.row))
    raw = _settled(calendar, out, rules, read)
    out.refused.sort(key=lambda each: each.row)
    out.raw = raw if out.new and (partial or not out.refused) else None
    return out


def _settled(
    calendar: Calendar,
    out: ImportResult,
    rules: RowRules,
    read: Callable[[bytes], tuple[Calendar, Sequence[Problem]]],
) -> bytes:
    """The file of the good rows, once the calendar is valid with it. Every other row becomes a refused one."""
    while out.new:
        raw, starts = _written(calendar, out, rules)
        after, problems = read(raw)
        out.warnings = _by_row([each for each in problems if each.severity == "warning"], out, starts)
        errors = errors_in(problems)
        for post in out.new:
            if post.warnings:
                out.warnings.setdefault(post.row, []).extend(post.warnings)
        failed = _by_row(errors, out, starts)
        if rules.as_typed and _silenced(errors, out, starts):
            continue
        if strays := [each for each in errors if not _rows_of(each, out, starts)]:
            raise CalendarError(tuple(strays), "the calendar would have errors with the new file")
        for row in _unequal(after, out):
            failed.setdefault(row, []).append(UNEQUAL)
        if not failed:
            return raw
        out.new = [post for post in out.new if post.row not in failed]
        out.refused += [RefusedRow(row, tuple(reasons)) for row, reasons in failed.items()]
    out.warnings = {}
    return b""


def _written(calendar: Calendar, out: ImportResult, rules: RowRules) -> tuple[bytes, list[int]]:
    """The file, and the line on which each post begins."""
    where = zone(rules.timezone)
    used = {entry.id for entry in calendar.entries if entry.id}
    values: list[Mapping[str, Writable]] = []
    out.ids = {}
    for post in out.new:
        out.ids[post.row] = new_id(post.text, post.at.astimezone(where), used)
        used.add(out.ids[post.row])
        at = written_time(post.at, where, weekday=True)
        ignore = {"ignore": silenced} if (silenced := out.silenced.get(post.row)) else {}
        values.append({"id": out.ids[post.row], "at": at, **post.value, **ignore})
    return new_file(values, top=calendar.top, file=out.file)


def _silenced(problems: Sequence[Problem], out: ImportResult, starts: Sequence[int]) -> bool:
    """Silence what only asks whether words are meant; whether there was anything."""
    before = {row: {*codes} for row, codes in out.silenced.items()}
    for problem in problems:
        for row in _rows_of(problem, out, starts) if problem.code in AS_WORDS else ():
            out.silenced.setdefault(row, {})[problem.code] = AS_TYPED
    return before != {row: {*codes} for row, codes in out.silenced.items()}


def _by_row(
    problems: Sequence[Problem], out: ImportResult, starts: Sequence[int]
) -> dict[int, list[RowReason]]:
    """The problems by the row that has them, in the new file or as the other one of two."""
    found: dict[int, list[RowReason]] = defaultdict(list)
    for problem in problems:
        rows = _rows_of(problem, out, starts)
        there = [str(place) for place in _places(problem) if place.file != out.file]
        for row in rows:
            told = of_words(problem)
            reason = RowReason(told.message, told.help.say if told.help else "")
            if problem.code == "slot.twice":  # its message names lines of a file that does not exist yet
                others = " and ".join([*(f"row {each}" for each in rows if each != row), *there])
                reason = RowReason(f"another post has this minute on the same account: {others}", _MINUTE)
            if reason not in found[row]:
                found[row].append(reason)
    return dict(found)


def _rows_of(problem: Problem, out: ImportResult, starts: Sequence[int]) -> list[int]:
    lines = [place.line for place in _places(problem) if place.file == out.file]
    posts = [bisect_right(starts, line) - 1 for line in lines]
    return list(dict.fromkeys(out.new[number].row for number in posts if number >= 0))


def _places(problem: Problem) -> list[Location]:
    places = (problem.location, *(place for place, _ in problem.related))
    return [place for place in places if place is not None]


def _unequal(after: Calendar, out: ImportResult) -> list[int]:
    """The rows whose text would not read back as it is."""
    texts = {
        entry.id: entry.data.get("text", "")
        for entry in after.entries
        if entry.document.file == out.file and isinstance(entry.data, Map)
    }
    return [post.row for post in out.new if normal_text(str(texts.get(out.ids[post.row], ""))) != post.text]


def _unused(layout: Layout) -> list[tuple[str, int]]:
    found = []
    for number, name in enumerate(layout.names):
        if number not in layout.columns:
            cells = [row.cells[number] for row in layout.rows if number < len(row.cells)]
            if filled := sum(cell.strip().lower() not in NO for cell in cells):
                found.append((name.strip() or f"column {number + 1}", filled))
    return found
