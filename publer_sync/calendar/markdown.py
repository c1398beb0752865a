"""A post in a Markdown file: its keys in the front matter between two `---` lines, its text below."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from publer_sync.calendar.yaml import recovery, traps
from publer_sync.calendar.yaml.nodes import Map, Mark
from publer_sync.problems import Help, Location, Problem

if TYPE_CHECKING:
    from publer_sync.calendar.yaml.lines import Lines
    from publer_sync.calendar.yaml.reader import Reader

_FENCE: Final = re.compile(r"---[ \t]*")


def front_matter_end(lines: Lines) -> int:
    """The last line of the front matter: its closing fence, or the line after which one is missing; 0 if there is none."""
    if not _is_fence(lines, 1):
        return 0
    fence = _next_fence(lines, 1)
    words = _first_words(lines, fence or len(lines), closed=fence is not None)
    return words - 1 if words else fence or len(lines)


def read(reader: Reader) -> object:
    """The post as a map; plain words if the front matter holds no keys, None if there is none."""
    lines = reader.lines
    end = front_matter_end(lines)
    if not end:
        say = "Start it with the keys of the post between two lines ---; only README.md is left out"
        help_ = Help(say, example="---\nat: 2027-03-02 09:00\naccounts: all\n---")
        here = Location(lines.file, 1)
        reader.report(Problem("error", "markdown.front", "this file has no front matter", here, help_))
        return None
    closed, reader.in_items = end > 1 and _is_fence(lines, end), True
    data = recovery.read(reader, end - closed) if end > 1 else None
    if data is None:
        data = Map(Mark(lines.file, 1, 1, 1, 1, 1, 1, "m"))
    if not closed:
        at = (min(end + 1, len(lines)), 1)
        message = "the front matter is not closed: a line --- is missing above these words"
        if end == len(lines):
            message = "the front matter is not closed"
        say = "Put a line --- between the keys of the post and its words"
        reader.report(lines.problem("markdown.front", message, at, say))
    if isinstance(data, Map):
        _put_text(reader, data, end + 1, closed=closed)
    return data


def _put_text(reader: Reader, data: Map, start: int, *, closed: bool) -> None:
    lines, last = reader.lines, len(reader.lines)
    if (second := _second_post(lines, start)) is not None:
        message = "a second post starts here; a Markdown file holds one"
        reader.report(
            lines.problem("markdown.second", message, (second, 1), "Move it into a file of its own", length=3)
        )
        last = second - 1
    first = next((n for n in range(start, last + 1) if lines.texts[n - 1].strip()), None)
    if first is None:
        data.broken |= frozenset() if closed else {"text"}
        return
    mark = Mark(lines.file, first, 1, last, 1, first, 1, "|")
    if "text" in data:
        reader.report(traps.twice(lines, "text", data.marks["text"], mark))
    else:
        data.put("text", "\n".join(lines.texts[start - 1 : last]), mark)


def _is_fence(lines: Lines, number: int) -> bool:
    return number <= len(lines) and _FENCE.fullmatch(lines.texts[number - 1]) is not None


def _next_fence(lines: Lines, number: int) -> int | None:
    return next((n for n in range(number + 1, len(lines) + 1) if _is_fence(lines, n)), None)


def _first_words(lines: Lines, last: int, *, closed: bool) -> int | None:
    """The first line that is text rather than a key; if a fence follows, only after an empty line."""
    for number in range(2, last + 1):
        line, above = lines[number], lines.texts[number - 2].strip()
        comment = line.value.startswith("#") and (closed or above)
        if line.lead or line.key or not line.value or comment or (closed and (above or number == last)):
            continue
        word = re.match(r"\w*", line.value)
        if word is None or word[0] not in lines.vocabulary.keys:
            return number
    return None


def _second_post(lines: Lines, start: int) -> int | None:
    """The fence in the text that the keys of another post follow."""
    for number in range(start, len(lines)):
        below = lines[number + 1]
        if _is_fence(lines, number) and not below.lead and below.key in lines.vocabulary.items:
            end = _next_fence(lines, number)
            keys = end is not None and all(
                lines[n].key or lines[n].lead or not lines[n].value for n in range(number + 1, end)
            )
            if keys or (below.key == "at" and re.search("[0-9]", below.value)):
                return number
    return None
