"""A file of posts that is read again: where the lines of one post alone differ, only that post is read."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from publer_sync.calendar.files import decoded
from publer_sync.calendar.shape.schema import vocabulary
from publer_sync.calendar.yaml.lines import Lines
from publer_sync.calendar.yaml.nodes import Map, Seq
from publer_sync.calendar.yaml.reader import Budget, Reader, TooMuchError, UnreadableError
from publer_sync.calendar.yaml.slips import has_odd_spaces
from publer_sync.starting.late_patterns import late_pattern
from publer_sync.values.alike import same_ends

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.calendar.document import Document
    from publer_sync.calendar.yaml.nodes import Mark
    from publer_sync.values.problems import Problem

_ANCHOR: Final = late_pattern(r"(?<![^\s\[{,])&\S")


def read_again(old: Document, raw: bytes) -> Document | None:
    """The file with new bytes, where only lines of one post differ and there are as many as before; otherwise None: read all of it.

    The other posts stay the same objects. The post is read together with its neighbours: that they still say the same proves
    that it ends where it did. Anything unusual, such as an anchor or an error, needs a reading of the whole file.
    """
    data, main = old.data, vocabulary().main
    if data is None or old.problems:
        return None
    posts = data.get(main)
    if not isinstance(posts, Seq) or not posts or data.marks[main].style != "s":
        return None
    problems: list[Problem] = []
    lines = decoded(old.path, old.file, raw, problems)[0].split("\n")
    if problems or len(lines) != len(old.written):
        return None
    if (number := _differing(old.written, lines, data, posts)) is None:
        return None
    first, end = _span(posts, number, len(lines))
    if (read := _read(old, lines, posts, number)) is None:
        return None
    new, whole = Seq(posts.mark), data.without(frozenset())
    new += [*posts[:number], read[0], *posts[number + 1 :]]
    new.marks += [*posts.marks[:number], read[1], *posts.marks[number + 1 :]]
    whole[main] = new
    written = (*old.written[: first - 1], *lines[first - 1 : end - 1], *old.written[end - 1 :])
    return replace(old, lines=written, written=written, data=whole, raw=raw, base=old.base or old)


def _span(posts: Seq, number: int, last: int) -> tuple[int, int]:
    """The first line of a post, and that of what follows it in a file of so many lines."""
    end = posts.marks[number + 1].line if number + 1 < len(posts) else last + 1
    return posts.marks[number].line, end


def _differing(written: Sequence[str], lines: Sequence[str], data: Map, posts: Seq) -> int | None:
    """The number of the post that contains every line that differs; None where no single post does."""
    above, below = same_ends(written, lines)
    number = bisect_right(posts.marks, above + 1, key=lambda mark: mark.line) - 1
    if number < 0 or not (dash := _dash(written, posts.marks[number])):
        return None
    first, end = _span(posts, number, len(lines))
    if number + 1 == len(posts) and any(mark.key_line > first for mark in data.marks.values()):
        return None  # another key stands below the posts
    return number if lines[first - 1].startswith(dash) and len(lines) - below < end else None


def _dash(written: Sequence[str], mark: Mark) -> str:
    """The dash in front of a post, with its indentation and spaces; "" where something else is in front of it."""
    before = written[mark.line - 1][: mark.column - 1]
    return before if before.strip(" ") == "-" else ""


def _read(old: Document, lines: list[str], posts: Seq, number: int) -> tuple[Map, Mark] | None:
    """The post of this number as the lines say it."""
    words, main = vocabulary(), vocabulary().main
    low, high = max(0, number - 1), min(len(posts), number + 2)
    first = posts.marks[low].line
    end = _span(posts, high - 1, len(lines))[1]
    text = "\n".join([f"{main}:", *lines[first - 1 : end - 1], *[""][: high < len(posts)]])
    was = "\n".join(old.written[first - 1 : end - 1])
    if has_odd_spaces(text, words) or "<<<<<<<" in text or ">>>>>>>" in text or _ANCHOR.search(was):
        return None
    problems: list[Problem] = []
    reader = Reader(Lines(old.file, lines, words), Budget(), problems)
    try:
        whole: Any = reader.read(text, first - 1)
    except (UnreadableError, TooMuchError):
        return None
    read, at = whole[main], number - low
    if problems or reader.anchors or len(whole) > 1 or not isinstance(read, Seq) or len(read) != high - low:
        return None
    item, read[at] = read[at], posts[number]
    return (item, read.marks[at]) if isinstance(item, Map) and read == posts[low:high] else None
