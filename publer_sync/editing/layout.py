"""How an edit changes the lines of a file, for each form that YAML has for a value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from publer_sync.calendar.shape.schema import vocabulary
from publer_sync.calendar.website import markdown
from publer_sync.calendar.yaml.lines import Lines
from publer_sync.calendar.yaml.nodes import Map, Seq
from publer_sync.editing.edits import Append, Arrange, Drop, Edit, Put
from publer_sync.editing.extent import OddLayout, block_end, children, dash_of, end_of
from publer_sync.editing.source import Splice
from publer_sync.editing.writing import (
    UNDER_A_BAR,
    fits_block,
    indented,
    inline,
    item_lines,
    key_lines,
    quoted,
    single_quoted,
)
from publer_sync.values.post_keys import POST_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from publer_sync.calendar.document import Document
    from publer_sync.calendar.yaml.nodes import Mark
    from publer_sync.editing.source import Point, Source
    from publer_sync.editing.writing import Writable

ORDER: Final = tuple(key.name for key in POST_KEYS.values() if key.placed)
"""A new key goes below those that come before it here, and any other key below them all."""
_HEADER: Final = re.compile(r"[|>][-+0-9]{0,2}")


def splices(source: Source, document: Document, edit: Edit, *, quoting: bool) -> list[Splice]:
    """What the edit changes; with `quoting`, texts stand in double quotes. Raises OddLayout."""
    holder: Any = document.data
    for step in edit.path[:-1]:
        holder = holder[step]
    return _Layout(source, document, quoting=quoting).splices(holder, edit.path[-1], edit)


class _Layout:
    """The lines of one file, and how each edit changes them. Every edit raises OddLayout where it can't be made."""

    def __init__(self, source: Source, document: Document, *, quoting: bool) -> None:
        self.source, self.document, self.quoting = source, document, quoting
        self.body = 0
        """The line of a Markdown file below which its text stands; 0 in YAML."""
        if document.kind == "markdown":
            lines = Lines(document.file, list(document.lines), vocabulary())
            self.body = markdown.front_matter_end(lines)

    def splices(self, holder: Any, last: str | int, edit: Edit) -> list[Splice]:
        match holder, edit:
            case Map(), Put(_, value):
                key = str(last)
                if key not in holder.marks:
                    return self.insert(holder, key, value)
                mark = holder.marks[key]
                if self.body and mark.key_line > self.body:
                    return self.put_body(mark, value)
                if holder.mark.style == "{":
                    return [self.put_inline(holder[key], mark, value)]
                return self.put(holder, key, value)
            case Map(), Drop():
                return self.drop_key(holder, str(last))
            case Map(), Append(_, items):
                return self.append(holder, str(last), items)
            case Map(), Arrange(_, order):
                return self.arrange(holder, str(last), order)
            case Seq(), Put(_, value) if isinstance(last, int):
                return self.put_item(holder, last, value)
            case Seq(), Drop() if isinstance(last, int):
                return self.drop_item(holder, last)
            case _:
                raise OddLayout

    # --- values

    def put(self, holder: Map, key: str, value: Writable) -> list[Splice]:
        """Another value for a key that has its own line."""
        mark, old, source = holder.marks[key], holder[key], self.source
        words = isinstance(value, str) and fits_block(value) and not self.quoting
        if mark.style in ("|", ">") and isinstance(value, str):
            return self.put_block(mark, value) if words else self.unblock(mark, value)
        lines = key_lines(key, value) if words or not isinstance(value, str) else []
        if len(lines) < 2 and mark.style not in ("m", "s"):
            return [self.put_inline(old, mark, value, flow=False)]
        if mark.style == "s" and self.has_comment(mark.key_line + 1, dash_of(source, mark, old.marks[0])[0]):
            raise OddLayout
        lines = lines or [f"{key}: {inline(value, flow=False)}"]
        end = end_of(source, old, mark)
        first = f"{lines[0]}{self.rest(end)}"
        text = "\n".join([first, *indented(lines[1:], " " * (mark.key_column - 1))])
        return [Splice((mark.key_line, mark.key_column), source.end_of_line(end[0]), text)]

    def has_comment(self, first: int, end: int) -> bool:
        return any(self.source.line(number).lstrip().startswith("#") for number in range(first, end))

    def put_inline(self, old: Any, mark: Mark, value: Writable, *, flow: bool = True) -> Splice:
        start, end = (mark.line, mark.column), end_of(self.source, old, mark)
        written = inline(value, flow=flow)
        if isinstance(value, str):
            if mark.style == "'" and not self.quoting:
                written = single_quoted(value)
            elif mark.style == '"' or self.quoting:
                written = quoted(value)
        before = self.source.line(start[0])[: start[1] - 1]
        return Splice(start, end, f" {written}" if before.endswith(":") else written)

    def put_block(self, mark: Mark, text: str) -> list[Splice]:
        """Another text under `|`, indented as the old one."""
        source, last = self.source, block_end(self.source, mark)
        filled = next((n for n in range(mark.line + 1, last + 1) if not source.is_blank(n)), None)
        header = self.header(mark)
        new = "|" + "".join(sign for sign in header[1:] if sign in "-+")
        explicit = any(sign.isdigit() for sign in header)
        depth = source.indent(filled) if filled and not explicit else mark.key_column + 1
        lines = indented(text.split("\n"), " " * depth)
        out = [Splice((mark.line, mark.column), (mark.line, mark.column + len(header)), new)]
        if last > mark.line:
            return [*out, source.replace_lines(mark.line + 1, last, lines)]
        return [*out, source.insert_below(mark.line, lines)]

    def unblock(self, mark: Mark, text: str) -> list[Splice]:
        """A text in quotes, if it cannot stand under `|`."""
        last, stop = block_end(self.source, mark), mark.column + len(self.header(mark))
        return [
            Splice((mark.line, mark.column), (mark.line, stop), quoted(text)),
            Splice(self.source.end_of_line(mark.line), self.source.end_of_line(last), ""),
        ]

    def header(self, mark: Mark) -> str:
        match = _HEADER.match(self.source.line(mark.line), mark.column - 1)
        if match is None:
            raise OddLayout
        return match[0]

    def put_body(self, mark: Mark, value: Writable) -> list[Splice]:
        """Another text of a Markdown file."""
        if not isinstance(value, str) or self.quoting:
            raise OddLayout
        last = max(n for n in range(mark.line, mark.end_line + 1) if not self.source.is_blank(n))
        return [self.source.replace_lines(mark.line, last, value.split("\n"))]

    def rest(self, end: Point) -> str:
        """What follows a value in its line, which is at most a comment."""
        return self.source.line(end[0])[end[1] - 1 :].rstrip()

    # --- keys

    def insert(self, holder: Map, key: str, value: Writable) -> list[Splice]:
        source = self.source
        own = {k: m for k, m in holder.marks.items() if m.key_line >= holder.mark.line}
        if holder.mark.style == "{":
            ends = [end_of(source, holder[k], m) for k, m in own.items()]
            at = max(ends, default=(holder.mark.line, holder.mark.column + 1))
            return [Splice(at, at, f"{', ' if ends else ''}{key}: {inline(value)}")]
        if self.body and holder is self.document.data:
            own = {k: m for k, m in own.items() if m.key_line <= self.body}
            if key == "text":
                return [source.insert_below(self.body, ["", *str(value).split("\n")])]
        lines = key_lines(key, value, prose=key in UNDER_A_BAR)
        if self.quoting and isinstance(value, str):
            lines = [f"{key}: {quoted(value)}"]
        if not own:
            if not self.body:
                raise OddLayout
            return [source.insert_below(1, lines)]
        above = [k for k in own if _rank(k) <= _rank(key)] or [next(iter(own))]
        number = max(end_of(source, holder[k], own[k])[0] for k in above)
        return [source.insert_below(number, indented(lines, " " * (own[above[0]].key_column - 1)))]

    def drop_key(self, holder: Map, key: str) -> list[Splice]:
        source, mark = self.source, holder.marks[key]
        start, end = (mark.key_line, mark.key_column), end_of(source, holder[key], mark)
        after = [m for m in holder.marks.values() if (m.key_line, m.key_column) >= end]
        if self.body and mark.key_line > self.body:
            raise OddLayout
        if holder.mark.style == "{":
            return [self.drop_inline(holder, start, end)]
        if not source.line(start[0])[: start[1] - 1].strip():
            return [source.remove_lines(start[0], end[0])]
        if not after:
            raise OddLayout
        below = min((m.key_line, m.key_column) for m in after)
        if "#" in source.part(end, below):
            raise OddLayout
        return [Splice(start, below, "")]

    def drop_inline(self, holder: Map | Seq, start: Point, end: Point) -> Splice:
        """One of several values in brackets, with the comma after it, or before it if it is the last."""
        ends = [end_of(self.source, value, mark) for value, mark in children(holder)]
        marks = holder.marks.values() if isinstance(holder, Map) else holder.marks
        later = [place for mark in marks if (place := (mark.key_line, mark.key_column)) >= end]
        if not later:
            above = max((place for place in ends if place <= start), default=start)
            if "#" in self.source.part(above, start):
                raise OddLayout
            return Splice(above, end, "")
        between = self.source.part(end, min(later))
        if "#" not in between:
            return Splice(start, min(later), "")
        before, comma, _ = between.partition(",")
        if not comma or before.strip():
            raise OddLayout
        return Splice(start, (end[0], end[1] + len(before) + 1), "")

    # --- items

    def put_item(self, holder: Seq, index: int, value: Writable) -> list[Splice]:
        source, mark, old = self.source, holder.marks[index], holder[index]
        if holder.mark.style == "[" or isinstance(value, str):
            return [self.put_inline(old, mark, value, flow=holder.mark.style == "[")]
        start, end = dash_of(source, holder.mark, mark), end_of(source, old, mark)
        first, *more = item_lines(value)
        text = "\n".join([f"{first}{self.rest(end)}", *indented(more, " " * (start[1] - 1))])
        return [Splice(start, source.end_of_line(end[0]), text)]

    def drop_item(self, holder: Seq, index: int) -> list[Splice]:
        source, mark = self.source, holder.marks[index]
        end = end_of(source, holder[index], mark)
        if holder.mark.style == "[":
            return [self.drop_inline(holder, (mark.line, mark.column), end)]
        if len(holder) == 1:
            raise OddLayout
        first, last = dash_of(source, holder.mark, mark)[0], end[0]
        if source.line(first)[: holder.mark.column - 1].strip():
            raise OddLayout
        while source.is_blank(first - 1) and source.is_blank(last + 1) and last + 1 < len(source.lines):
            last += 1
        return [source.remove_lines(first, last)]

    def append(self, holder: Map, key: str, items: Sequence[Writable]) -> list[Splice]:
        source, mark, old = self.source, holder.marks[key], holder[key]
        end = end_of(source, old, mark)
        if mark.style == "[":
            if old or holder.mark.style == "{":
                at = max(
                    (end_of(source, *child) for child in children(old)), default=(mark.line, mark.column + 1)
                )
                written = ", ".join(map(inline, items))
                return [Splice(at, at, f", {written}" if old else written)]
            lines = [line for item in items for line in item_lines(item)]
            gap = Splice((mark.key_line, mark.key_column + len(key) + 1), end, "")
            return [gap, source.insert_below(end[0], indented(lines, " " * (mark.key_column - 1)))]
        if mark.style != "s":
            raise OddLayout
        dash = dash_of(source, old.mark, old.marks[-1])
        apart = len(old) > 1 and source.is_blank(dash[0] - 1)
        lines = [line for item in items for line in [*([""] if apart else []), *item_lines(item)]]
        return [source.insert_below(end[0], indented(lines, " " * (dash[1] - 1)))]

    def arrange(self, holder: Map, key: str, order: Sequence[int]) -> list[Splice]:
        """The same items in another order, each with the comment lines right above it; what is between them stays."""
        mark, old = holder.marks[key], holder[key]
        if mark.style == "[":
            places = [
                ((item.line, item.column), end_of(self.source, value, item)) for value, item in children(old)
            ]
        else:
            places = list(self.blocks(old, mark))
        parts = [self.source.part(*place) for place in places]
        return [
            Splice(*place, parts[number])
            for place, number in zip(places, order, strict=True)
            if parts[number] != self.source.part(*place)
        ]

    def blocks(self, items: Seq, mark: Mark) -> Iterator[tuple[Point, Point]]:
        """Where each item of a list begins, with the comment lines right above it, and ends."""
        source, above = self.source, mark.key_line
        for value, item in children(items):
            line, column = dash_of(source, items.mark, item)
            if source.line(line)[: column - 1].strip():
                raise OddLayout
            while line - 1 > above and source.line(line - 1).lstrip().startswith("#"):
                line -= 1
            above = end_of(source, value, item)[0]
            yield (line, 1), source.end_of_line(above)


def _rank(key: str) -> int:
    return ORDER.index(key) if key in ORDER else len(ORDER)
