"""Reads on after an error: a file that YAML gives up on is read post by post, each as often as it takes.

So one error never hides those of other posts. The file is cut by indentation alone. Within a piece, what stopped YAML
is read as its fix has it; if there is no fix, the value is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from publer_sync.calendar.yaml.lines import spaces, take_apart
from publer_sync.calendar.yaml.nodes import Map, Mark, Seq
from publer_sync.calendar.yaml.reader import UnreadableError
from publer_sync.calendar.yaml.scalars import quoted
from publer_sync.starting.late_modules import late_module
from publer_sync.values.problems import Fix, errors_in

if TYPE_CHECKING:
    from publer_sync.calendar.yaml import slips, stops, strays, traps
    from publer_sync.calendar.yaml.lines import Lines
    from publer_sync.calendar.yaml.reader import Reader
    from publer_sync.values.problems import Problem
else:
    slips = late_module("publer_sync.calendar.yaml.slips")
    stops = late_module("publer_sync.calendar.yaml.stops")
    strays = late_module("publer_sync.calendar.yaml.strays")
    traps = late_module("publer_sync.calendar.yaml.traps")

MOST: Final = 20
"""Errors reported of one post."""
_MOST_LINES: Final = 20_000
"""Lines read to find them, so that one huge broken post does not take minutes."""


def read(reader: Reader, last: int) -> Any:
    """The data of the lines up to `last`, as far as it can be read; the first may be the fence of front matter."""
    lines, before = reader.lines, len(reader.problems)
    try:
        return reader.read("\n".join(lines.texts[:last]))
    except UnreadableError as error:
        whole = error
    found = list(slips.correct(lines, last, spaces_only=False))
    reader.problems += found
    try:
        if found:
            return reader.read("\n".join(lines.texts[:last]))
    except UnreadableError:
        pass
    data = _pieces(reader, last)
    if not [each for each in errors_in(reader.problems[before:]) if not (each.help and each.help.silence)]:
        reader.report(stops.explain(lines, whole))  # each piece can be read, but not all of them together
    return data


def _pieces(reader: Reader, last: int) -> Any:
    lines = reader.lines
    reader.lenient = True
    start = _list(lines, last)
    first = next((n for n in range(1, last + 1) if lines[n].value and lines[n].value[0] != "#"), 1)
    if not start and not lines[first].is_item:
        return _piece(reader, 1, lines.texts[:last])
    items, rest = _items(lines, start + 1, last)
    if start and items and lines[items[0][0]].indent < lines[start].indent:
        reader.report(_too_far(lines, start))
    dash = next((lines[first].indent for first, _ in items if _is_item(lines, first)), 0)
    for first, end in items:
        if not _is_item(lines, first):
            reader.report(problem := traps.dash_missing(lines, first, end, dash))
            if problem.fix is not None:
                lines.texts[first - 1] = problem.fix.text
    posts = Seq(_mark(lines, start + 1))
    for first, end in items:
        read = _piece(reader, first, lines.texts[first - 1 : end])
        for item in read if isinstance(read, Seq) else [read]:
            posts.put(item, item.mark if isinstance(item, Map) else _mark(lines, first))
    if not start:
        return posts
    data = _piece(
        reader, 1, [*lines.texts[: start - 1], *[""] * (rest - start), *lines.texts[rest - 1 : last]]
    )
    if not isinstance(data, Map):
        data = Map(_mark(lines, 1))
    main, place = lines.vocabulary.main, _mark(lines, start)
    if main in data:
        reader.report(traps.twice(lines, main, place, data.marks[main]))
    data.put(main, posts, place)
    return data


def _too_far(lines: Lines, number: int) -> Problem:
    """The key of the list is further in than its items."""
    line = lines[number]
    message, at = f"indented {spaces(line.indent)}; expected 0", (number, line.indent + 1)
    fix = Fix(number, number, line.text.strip())
    return lines.problem(
        "yaml.indent", message, at, "Remove the spaces before it", fix, length=len(line.text.strip())
    )


def _list(lines: Lines, last: int) -> int:
    """The line with the key of the list, which is indented only above all items and other keys; 0 if there is none."""
    written = [n for n in range(1, last + 1) if not traps.is_gap(lines, n)]
    above = written[:1] if any(_is_item(lines, n) for n in written[1:2]) else []
    for number in written:
        line = lines[number]
        is_place = not line.lead or (number in above and not line.is_item)
        if is_place and line.key == lines.vocabulary.main and line.value[:1] in ("", "#"):
            return number
    return 0


def _items(lines: Lines, first: int, last: int) -> tuple[list[tuple[int, int]], int]:
    """The first and last lines of the list's items, and the line where something else begins."""
    indent: int | None = None
    starts: list[int] = []
    number, vocabulary = first, lines.vocabulary
    while number <= last:
        line = lines[number]
        if _is_item(lines, number) and (indent is None or line.indent == indent):
            indent = line.indent
            starts.append(number)
        elif line.key and not line.lead:
            if line.key in vocabulary.only_items and not (starts and _lacks(lines, starts[-1], number)):
                starts.append(number)  # an item whose dash is missing, and its indentation
            elif not _belongs(lines, number, last, indent, bare=bool(starts) and not lines[starts[-1]].lead):
                break
        elif not starts and not traps.is_gap(lines, number):
            starts.append(number)
        number += 1
    ends = [n - 1 for n in starts[1:]] + [number - 1]
    return list(zip(starts, ends, strict=False)), number


def _lacks(lines: Lines, start: int, number: int) -> bool:
    """Whether the item at `start` does not have the key of line `number` yet, which then lost its indentation."""
    return all(lines[n].key != lines[number].key for n in range(start, number))


def _belongs(lines: Lines, number: int, last: int, indent: int | None, *, bare: bool) -> bool:
    """Whether a key without indentation belongs to the item above, which is `bare` if it has none either."""
    key, below, vocabulary = lines[number].key, lines[number + 1], lines.vocabulary
    goes_on = any(_is_item(lines, n) and lines[n].indent == indent for n in range(number + 1, last + 1))
    if key not in vocabulary.items:
        return goes_on and key not in vocabulary.heads
    return (
        bare
        or goes_on
        or key in vocabulary.only_items
        or (below.indent > 0 and below.key in vocabulary.only_items)
    )


def _is_item(lines: Lines, number: int) -> bool:
    return lines[number].is_item or lines[number].text.strip() == "-"


def _piece(reader: Reader, first: int, texts: list[str]) -> Any:
    """The data of some lines that begin at `first`; what stops YAML is reported and skipped."""
    texts, data = list(texts), None
    found: list[Problem] = []
    dropped: set[int] = set()
    last = told = 0
    for _ in range(max(1, min(MOST, _MOST_LINES // len(texts)))):
        try:
            data = reader.read("\n".join(texts), first)
            break
        except UnreadableError as error:
            problem = stops.explain(reader.lines, _narrowed(reader, texts, first, error), first)
        if problem.location is not None and problem.location.line > last:
            found.append(problem)
            last = problem.location.line
            if _read_over(reader, texts, first, last, problem.fix):
                continue
        if last in dropped:
            break  # neither its value nor its line was the reason
        if not dropped:
            told = len(found)
        dropped.add(last)
        _drop(reader, texts, first, last)
    reader.problems += found[:told] if dropped else found  # errors after a loss may only be due to it
    if (data is None and found) or (first in dropped and not isinstance(data, Map | Seq)):
        data = Map(_mark(reader.lines, first))
        dropped.add(last)
    for part in (data if isinstance(data, Seq) else [data]) if dropped else ():
        if isinstance(part, Map):
            part.broken |= {"?"}
    return data


def _narrowed(reader: Reader, texts: list[str], first: int, error: UnreadableError) -> UnreadableError:
    """The error of the first key that cannot be read by itself: an unclosed quote runs on into later keys."""
    lines = [take_apart(text) for text in texts]
    depth = next((line.depth for line in lines if line.key), 0)
    starts = [
        n for n, line in enumerate(lines) if line.key and line.depth == depth and (not n or not line.is_item)
    ]
    for begin, end in zip(starts, [*starts[1:], len(texts)], strict=False):
        span = [" " * depth + lines[begin].text[depth:], *texts[begin + 1 : end]]
        before = len(reader.problems)
        try:
            reader.read("\n".join(span), first + begin)
        except UnreadableError as narrow:
            return narrow
        finally:
            del reader.problems[before:]
    return error


def _read_over(reader: Reader, texts: list[str], first: int, number: int, fix: Fix | None) -> bool:
    """Change the lines of a problem in line `number` so that YAML can read on; False if that is not possible."""
    lines = reader.lines
    if fix is not None:
        start, count, written = (
            fix.start_line - first,
            fix.end_line - fix.start_line + 1,
            fix.text.split("\n"),
        )
        if len(written) != count and written[0].endswith(": |"):
            words = "\n".join(line.strip() for line in written[1:])
            written = [written[0][:-1] + quoted(words), *[""] * (count - 1)]
        if len(written) == count:
            texts[start : start + count] = written
            return True
    owner = lines.owner(number)
    if owner is None or owner < first or not lines[owner].value:
        return False
    line, end = lines[owner], lines.end_of(owner)
    beside = fix is not None  # the first item of a list that goes on below
    texts[owner - first] = line.text[: line.start] + ("" if beside else "''")
    if not beside:
        texts[owner - first + 1 : end - first + 1] = [""] * (end - owner)
    reader.lost.add(owner)
    return True


def _drop(reader: Reader, texts: list[str], first: int, number: int) -> None:
    """Leave out a line and those that belong to it, or may."""
    lines = reader.lines
    end = min(max(number, lines.end_of(number), strays.end_of_doubt(lines, number)), first + len(texts) - 1)
    texts[number - first : end - first + 1] = [""] * (end - number + 1)


def _mark(lines: Lines, line: int) -> Mark:
    text = lines[line].text
    column = len(text) - len(text.lstrip()) + 1
    return Mark(lines.file, line, column, line, len(text) + 1, line, column, "m")
