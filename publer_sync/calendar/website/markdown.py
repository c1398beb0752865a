"""A post in a Markdown file: its keys in the front matter between two `---` lines, its text below."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from publer_sync.calendar.yaml import recovery
from publer_sync.calendar.yaml.nodes import Map, Mark
from publer_sync.starting.late_modules import late_module
from publer_sync.values.problems import Fix, Help, Location, Problem

if TYPE_CHECKING:
    from publer_sync.calendar.yaml import traps
    from publer_sync.calendar.yaml.lines import Lines
    from publer_sync.calendar.yaml.reader import Reader
else:
    traps = late_module("publer_sync.calendar.yaml.traps")

_FENCE: Final = re.compile(r"---[ \t]*")
_LIKE_FENCE: Final = re.compile(r"(?!-[ \t]*\Z)(?:[-\u2010-\u2015\u2212]{1,10}|[-_=*~+]{2,10})[ \t]*")
"""What becomes of --- in a word processor, or is typed for it."""


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
    _correct_fences(reader)
    end = front_matter_end(lines)
    if not end:
        say = "Write them there; only README.md is left out"
        help_ = Help(say, example="---\nat: 2027-03-02 09:00\naccounts: all\n---")
        here = Location(lines.file, 1)
        reader.report(
            Problem(
                "error",
                "markdown.front",
                "this file does not start with the keys of a post, between two lines ---",
                here,
                help_,
            )
        )
        return None
    closed, reader.in_items = end > 1 and _is_fence(lines, end), True
    data = recovery.read(reader, end - closed) if end > 1 else None
    if data is None:
        data = Map(Mark(lines.file, 1, 1, 1, 1, 1, 1, "m"))
    if not closed:
        at = (min(end + 1, len(lines)), 1)
        message = "the line --- that ends the keys is missing above these words"
        if end == len(lines):
            message = "the line --- that ends the keys is missing"
        say = "Put a line --- between the keys of the post and its words"
        reader.report(lines.problem("markdown.front", message, at, say))
    if isinstance(data, Map):
        _put_text(reader, data, end + 1, closed=closed)
    return data


def _correct_fences(reader: Reader) -> None:
    """Correct in place what stands for the lines --- around the keys."""
    lines = reader.lines
    first = next((n for n in range(1, len(lines) + 1) if lines.texts[n - 1].strip()), 0)
    if not first or lines[first + 1].lead or lines[first + 1].key not in lines.vocabulary.items:
        return
    if _is_fence(lines, first) and first > 1:
        fix = Fix(1, first, "---")
        message = "empty lines stand above the line ---, which has to be the first"
        reader.report(lines.problem("markdown.front", message, (first, 1), "Remove them", fix, length=3))
        lines.texts[:first] = ["---", *[""] * (first - 1)]
        return
    if not _LIKE_FENCE.fullmatch(lines.texts[first - 1]) or first > 1:
        return
    rest = range(2, len(lines) + 1)
    closing = next((n for n in rest if _LIKE_FENCE.fullmatch(lines.texts[n - 1])), None)
    for number in (1, *((closing,) if closing else ())):
        if not _is_fence(lines, number):
            _correct_fence(reader, number)


def _correct_fence(reader: Reader, number: int) -> None:
    lines = reader.lines
    sign = lines.texts[number - 1].strip()
    names = dict.fromkeys(unicodedata.name(each, "another sign").lower() for each in sign)
    message = f'"{sign}" ({", ".join(names)}) is not ---: the keys of a post stand between two lines of three hyphens'
    fix = Fix(number, number, "---")
    say = "Write three hyphens"
    reader.report(lines.problem("markdown.front", message, (number, 1), say, fix, length=len(sign)))
    lines.texts[number - 1] = "---"


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
    return _FENCE.fullmatch(lines.texts[number - 1]) is not None


def _next_fence(lines: Lines, number: int) -> int | None:
    return next((n for n in range(number + 1, len(lines) + 1) if _is_fence(lines, n)), None)


def _first_words(lines: Lines, last: int, *, closed: bool) -> int | None:
    """The first line that is text rather than a key; if a fence follows, only after an empty line."""
    for number in range(2, last + 1):
        line, above = lines[number], lines.texts[number - 2].strip()
        comment = line.value.startswith("#") and (closed or above)
        if line.lead or line.key or not line.value or comment or (closed and (above or number == last)):
            continue
        if re.split(r"\W", line.value, maxsplit=1)[0] not in lines.vocabulary.keys:
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
