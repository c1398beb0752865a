"""What `validate` found: for people with the lines as they are written, one line each for grep and editors, for GitHub."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from publer_sync.render.layout.dates import Dates
from publer_sync.render.layout.file_diff import diffs_data
from publer_sync.render.layout.measure import width
from publer_sync.render.layout.phrases import Span
from publer_sync.render.layout.terminal import PLAIN, Screen
from publer_sync.render.layout.wording import count, fix_parts
from publer_sync.starting.late_modules import late_module
from publer_sync.values.printable import one_line, printable, without_commands
from publer_sync.values.problems import Help, errors_in, path_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from publer_sync.render.layout import documents
    from publer_sync.render.layout.documents import FixesData
    from publer_sync.values.problems import Location, Problem
else:
    documents = late_module("publer_sync.render.layout.documents")

_WITH_SOURCE = 10
_COLORS = {"error": "red bold", "warning": "yellow"}


def text(
    problems: Sequence[Problem],
    lines: Callable[[str], Sequence[str]],
    *,
    prefix: str,
    figures: str,
    files: int,
    span: tuple[datetime, datetime] | None,
    timezone: str,
    screen: Screen = PLAIN,
) -> str:
    """The first ten errors with their source, the rest and the warnings a line each, then the totals.

    `lines` gives a file's lines by its name in a Location; `prefix` is how the calendar's folder is written where the
    user is; `span` is the first and the last time of the calendar, `figures` says how many posts it has.
    """
    errors = errors_in(problems)
    warnings = [problem for problem in problems if problem.severity == "warning"]
    out: list[str] = []
    for problem in errors[:_WITH_SOURCE]:
        out += [*_full(problem, lines, prefix, screen), ""]
    if rest := errors[_WITH_SOURCE:]:
        out.append(f"… and {len(rest):,} more, one line each (--format concise shows all so):")
        out += [*(_line(problem, prefix) for problem in rest), ""]
    if warnings:
        out.append(screen.paint(count(len(warnings), "warning"), "yellow"))
        out += [*(f"  {_line(problem, prefix)}" for problem in warnings), ""]
    if errors:
        places = [problem.location for problem in errors if problem.location]
        bad = len({place.file for place in places})
        where = f" in {bad:,} of {count(files, 'file')}" if 0 < bad <= files else ""
        if any(place.is_outside for place in places):
            where = f" in {count(bad, 'file')}"
        out.append(screen.paint(f"{count(len(errors), 'error')}{where}.", "bold") + " Nothing was sent.")
    else:
        calm = "No errors." if warnings else "No problems."
        out.append(f"{_spanned(figures, span, timezone)}. {calm}")
    return without_commands("\n".join(out)) + "\n"


def totals_line(problems: Sequence[Problem], *, figures: str) -> str:
    """How many posts and problems a calendar has."""
    found = Counter(problem.severity for problem in problems)
    wrong = [count(found[each], each) for each in ("error", "warning") if found[each]]
    return ", ".join([figures, *(wrong or ["no problems"])])


def concise(problems: Iterable[Problem], *, prefix: str) -> str:
    """`file:line:column: severity: message; help [code]`, a line each; nothing at all where there is no problem."""
    return without_commands("".join(f"{_line(problem, prefix)}\n" for problem in problems))


def github(problems: Iterable[Problem], *, prefix: str) -> str:
    """Annotations on the lines (GitHub docs, "Workflow commands for GitHub Actions")."""
    return "".join(f"{_annotation(problem, prefix)}\n" for problem in problems)


def _spanned(figures: str, span: tuple[datetime, datetime] | None, timezone: str) -> str:
    if span is None:
        return figures
    first, last = span
    dates = Dates(timezone)
    until = dates.day(last)
    # The year is said once where both ends share it.
    since = Dates(timezone, dates.local(last).year).day(first)
    return f"{figures}, {until if dates.day(first) == until else f'{since} to {until}'}"


# --- fixes ----------------------------------------------------------------------------------------------------------


def fix_total(fixes: int, files: int, *, would: bool) -> str:
    """`would`: nothing is written, and what follows is the calendar with the fixes."""
    more = f" With {'it' if fixes == 1 else 'them'}:" if would else ""
    return f"{count(fixes, 'fix', 'fixes')} in {count(files, 'file')}.{more}"


def fix_data(
    fixes: Sequence[Problem], files: Mapping[str, bytes], before: Mapping[str, bytes], *, written: bool
) -> FixesData:
    """The keys that --fix adds to the document of validate."""
    return {
        "written": written,
        "fixes": [documents.problem_data(each) for each in fixes],
        "files": diffs_data(files, before),
    }


# --- one problem ----------------------------------------------------------------------------------------------------


def _full(problem: Problem, lines: Callable[[str], Sequence[str]], prefix: str, screen: Screen) -> list[str]:
    severity = screen.paint(problem.severity, _COLORS[problem.severity])
    code = screen.paint(one_line(problem.code), "dim")
    out = [f"{severity}: {one_line(problem.message)}   {code}"]
    place = problem.location
    if place is not None:
        out.append(f"  {_path(place, prefix)}:{place.line}:{place.column}")
        out += _excerpt(lines(place.file), place, problem.length, screen)
    for where, message in problem.related:
        out.append(f"  {_path(where, prefix)}:{where.line}: {one_line(message)}")
    return [*out, *_fix(problem, screen)]


def _fix(problem: Problem, screen: Screen) -> list[str]:
    out: list[str] = []
    for words, lines in fix_parts(problem.help):
        out += [*(screen.lay_out((Span(words),), indent=2) if words else ()), *_indented(lines)]
    return out


def _indented(lines: str) -> list[str]:
    return [f"    {line}" for line in printable(lines).rstrip().split("\n")] if lines.strip() else []


def _excerpt(lines: Sequence[str], place: Location, length: int, screen: Screen) -> list[str]:
    """The line with a mark under what is meant, and the line before it, by which people find the place."""
    if not 1 <= place.line <= len(lines):
        return []
    above = place.line > 1 and lines[place.line - 2].strip()
    numbers = [place.line - 1, place.line] if above else [place.line]
    gutter = len(str(place.line))
    room = screen.width - gutter - 5
    out = []
    for number in numbers:
        start, shown = _window(lines[number - 1], place.column if number == place.line else 1, room)
        out.append(f"  {screen.paint(f'{number:>{gutter}} |', 'dim')} {shown}".rstrip())
        if number == place.line:
            column = place.column - 1 - start
            before = width(shown[:column]) if start == 0 else width(shown[: column + 2])
            meant = _tame(lines[number - 1])[place.column - 1 : place.column - 1 + length]
            carets = "^" * max(1, min(width(meant), room - before))
            out.append(" " * (gutter + 5 + before) + screen.paint(carets, "red"))
    return out


def _window(line: str, column: int, room: int) -> tuple[int, str]:
    """The part of a long line around a column, and how many characters it leaves out in front."""
    line = _tame(line)
    if width(line) <= room:
        return 0, line
    start = 0 if width(line[:column]) <= room // 2 else max(0, column - room // 3)
    start += len(line[start:]) - len(line[start:].lstrip(" ")) if start else 0
    part = line[start : start + room - 4]
    while width(part) > room - 4:
        part = part[:-1]
    front = "… " if start else ""
    back = " …" if start + len(part) < len(line) else ""
    return start, f"{front}{part}{back}"


def _tame(line: str) -> str:
    """A source line made harmless character by character, so that columns still count."""
    if line.isprintable():
        return line
    return "".join(printable(char).replace("\n", " ") for char in line)


def _line(problem: Problem, prefix: str) -> str:
    place = problem.location
    where = f"{_path(place, prefix)}:{place.line}:{place.column}: " if place else ""
    help_ = problem.help or Help()
    fix = one_line(help_.say).rstrip(".:") if not (help_.paste or help_.ways or help_.example) else ""
    fix = f"; {fix[0].lower()}{fix[1:]}" if fix else ""
    return f"{where}{problem.severity}: {one_line(problem.message)}{fix} [{one_line(problem.code)}]"


def _path(place: Location, prefix: str) -> str:
    """The file as it can be opened from the user's folder."""
    folder = "" if prefix in ("", ".", "./") else one_line(prefix).rstrip("/")
    return path_in(folder, one_line(place.file))


def _annotation(problem: Problem, prefix: str) -> str:
    place = problem.location
    fields = {"title": problem.code}
    if place is not None:
        fields = {"file": _path(place, prefix), "line": str(place.line), "col": str(place.column), **fields}
    escaped = {key: _data(value).replace(":", "%3A").replace(",", "%2C") for key, value in fields.items()}
    values = ",".join(f"{key}={value}" for key, value in escaped.items())
    said = "\n".join(part for part in (problem.message, str(problem.help or "")) if part)
    return f"::{problem.severity} {values}::{_data(said)}"


def _data(text: str) -> str:
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
