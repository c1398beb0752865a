"""Reading on after a mistake: a file that YAML gives up on is read post by post, and a broken post key by key.

So one mistake never hides those of others. Cuts are made by indentation alone, each piece is read once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from publer_sync.calendar.yaml import slips
from publer_sync.calendar.yaml import stops as yaml_stops
from publer_sync.calendar.yaml import traps as yaml_traps
from publer_sync.calendar.yaml.nodes import Map, Mark, Seq
from publer_sync.calendar.yaml.reader import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.calendar.yaml.reader import Reader
    from publer_sync.problems import Problem

MOST = 20
"""Mistakes that are said of one value."""
_POSTS = re.compile(r"posts *:[ \t]*(#.*)?")
_KEY_AT = re.compile(r" *([A-Za-z_][\w.-]*) *:(?= |\t|$)")


def read(reader: Reader, first: int, last: int, *, mended: bool = False) -> Any:
    """The data of the lines `first` to `last` (from 1, both included), with what of it can be read."""
    before = len(reader.problems)
    try:
        return reader.read("\n".join(reader.lines[first - 1 : last]), first)
    except UnreadableError as error:
        del reader.problems[before:]
        reader.word_anchors.clear()
        found = []
        if not mended:
            found = yaml_traps.merge_marks(reader.file, reader.lines, first, last)
            found += slips.mend(reader.file, reader.lines, first, last, spaces_only=False)
        if found:
            reader.problems += found
            return read(reader, first, last, mended=True)
        reader.lenient = True
        data = _file(reader, first, last)
        if len(reader.problems) == before:
            reader.problems.append(_explained(reader, error))
        return data


def _explained(reader: Reader, error: UnreadableError) -> Problem:
    return yaml_stops.explain(reader.file, reader.lines, error.words, error.at, error.start)


def _file(reader: Reader, first: int, last: int) -> Map:
    lines = reader.lines
    start = next((n for n in range(first, last + 1) if _POSTS.fullmatch(lines[n - 1])), None)
    if start is None:
        return _mapping(reader, _cut(lines, first, last, 0), 0, first)
    items, indent, rest = _items(lines, start + 1, last)
    head = _cut(lines, first, start - 1, 0) + (_cut(lines, rest, last, 0) if rest <= last else [])
    data = _mapping(reader, head, 0, first)
    posts = Seq(_mark(reader.file, lines, start + 1))
    for begin, end in items:
        post = _post(reader, begin, end, indent)
        posts.put(post, post.mark if isinstance(post, Map) else _mark(reader.file, lines, begin))
    data.put("posts", posts, _mark(reader.file, lines, start))
    return data


def _items(lines: Sequence[str], first: int, last: int) -> tuple[list[tuple[int, int]], int, int]:
    """The spans of the list's items, their indentation, and the line where something else begins."""
    indent: int | None = None
    starts: list[int] = []
    number = first
    while number <= last:
        text = lines[number - 1]
        stripped = text.lstrip(" ")
        inside = len(text) - len(stripped)
        is_item = stripped.startswith("- ") or stripped == "-"
        if is_item and (indent is None or inside == indent):
            indent = inside
            starts.append(number)
        elif inside == 0 and _KEY_AT.match(text) and not is_item:
            break
        number += 1
    ends = [n - 1 for n in starts[1:]] + [number - 1]
    return list(zip(starts, ends, strict=False)), indent or 0, number


def _post(reader: Reader, first: int, last: int, indent: int) -> Any:
    before = len(reader.problems)
    try:
        data = reader.read("\n".join(reader.lines[first - 1 : last]), first)
    except UnreadableError as error:
        del reader.problems[before:]
        failed = error
    else:
        return data[0] if isinstance(data, list) and data else data
    text = reader.lines[first - 1]
    inner = text[:indent] + " " + text[indent + 1 :]
    depth = len(inner) - len(inner.lstrip(" "))
    data = _mapping(reader, _cut_post(reader.lines, first, last, depth), depth, first)
    if len(reader.problems) == before:
        reader.problems.append(_explained(reader, failed))
        data.broken |= {"?"}
    return data


def _cut_post(lines: Sequence[str], first: int, last: int, depth: int) -> list[tuple[int, int]]:
    """Like `_cut`, where the first line starts with the item's dash."""
    starts = [first, *(begin for begin, _ in _cut(lines, first + 1, last, depth))]
    starts = list(dict.fromkeys(starts))
    return list(zip(starts, [n - 1 for n in starts[1:]] + [last], strict=True))


def _cut(lines: Sequence[str], first: int, last: int, depth: int) -> list[tuple[int, int]]:
    """The spans that start with a key at `depth`; what stands before the first key goes with it."""
    starts = []
    for number in range(first, last + 1):
        text = lines[number - 1]
        if len(text) > depth and text[depth] != " " and not text[:depth].strip() and _KEY_AT.match(text):
            starts.append(number)
    if not starts:
        return [(first, last)] if any(lines[n - 1].strip() for n in range(first, last + 1)) else []
    return list(zip(starts, [n - 1 for n in starts[1:]] + [last], strict=True))


def _mapping(reader: Reader, spans: list[tuple[int, int]], depth: int, first: int) -> Map:
    out = Map(_mark(reader.file, reader.lines, first, depth + 1))
    for begin, end in spans:
        lines = list(reader.lines[begin - 1 : end])
        lines[0] = (
            re.sub(r"\A *(- +)", lambda match: " " * len(match[0]), lines[0]) if begin == first else lines[0]
        )
        before = len(reader.problems)
        try:
            data = reader.read("\n".join(lines), begin)
        except UnreadableError as error:
            del reader.problems[before:]
            reader.problems += _all_of(reader, list(lines), begin, error)
            match = _KEY_AT.match(lines[0])
            out.broken |= {match[1] if match else "?"}
            if any(_KEY_AT.match(line.lstrip()) for line in lines[1:]):
                out.broken |= {"?"}  # a key that stands at the wrong depth was lost with this one
            continue
        for key, value in data.items() if isinstance(data, Map) else ():
            if key in out.marks:
                reader.problems.append(yaml_traps.twice(key, out.marks[key], data.marks[key]))
            else:
                out.put(key, value, data.marks[key])
        if isinstance(data, Map):
            out.broken |= data.broken
    return out


def _all_of(reader: Reader, lines: list[str], begin: int, error: UnreadableError) -> list[Problem]:
    """What is wrong with one value: each mistake is read over, as long as that shows one further down."""
    found: list[Problem] = []
    while len(found) < MOST:
        problem = _explained(reader, error)
        last = found[-1].location if found else None
        if last is not None and (problem.location is None or problem.location.line <= last.line):
            break
        found.append(problem)
        blanked = yaml_stops.blanked(reader.lines, problem)
        if blanked is None:
            break
        for number, text in blanked.items():
            if begin <= number < begin + len(lines):
                lines[number - begin] = text
        before = len(reader.problems)
        try:
            reader.read("\n".join(lines), begin)
            break
        except UnreadableError as other:
            error = other
        finally:
            del reader.problems[before:]
    return found


def _mark(file: str, lines: Sequence[str], line: int, column: int | None = None) -> Mark:
    text = lines[line - 1] if line <= len(lines) else ""
    column = column or len(text) - len(text.lstrip()) + 1
    return Mark(file, line, column, line, len(text) + 1, line, column, "m")
