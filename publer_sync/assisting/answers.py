"""What a tool answers: a text for people and the model, and the same as data. Both stay short enough for a model to read.

A list comes in pages, and what is left out is counted.
"""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any, cast

from publer_sync.machine.bug_log import secrets_in
from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from publer_sync.render.layout.documents import Document
    from publer_sync.values.content import Json

MOST_DATA = 40_000
"""Characters of the data as JSON, roughly."""
MOST_TEXT = 20_000
"""Characters of the text."""
PAGE, MOST_PAGE = 50, 200
"""Entries of a page: the default, and the most."""
MOST_BESIDE = 20
"""Entries of each other list."""
MOST_INNER = 100
"""Entries of a list within an entry: its lines, the days of a series."""
LENGTHS = (4_000, 1_000, 200)
"""Characters of one string; fewer if a single entry would be too long."""
_HALVES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class ToolAnswer:
    text: str
    data: Document


@dataclass(frozen=True, slots=True)
class ListPage:
    """The entries from `offset` on, of `total`."""

    offset: int
    shown: int
    total: int

    @property
    def next_offset(self) -> int | None:
        end = self.offset + self.shown
        return end if self.shown and end < self.total else None

    @property
    def data(self) -> dict[str, Json]:
        return {
            "offset": self.offset,
            "shown": self.shown,
            "total": self.total,
            "next_offset": self.next_offset,
        }

    def note(self, what: str, *, narrow: str = "") -> str:
        """The sentence that says how to see the rest; "" if all is shown."""
        if self.shown == self.total:
            return ""
        if not self.shown:
            return f"There are {self.total:,} {what}, none from offset {self.offset:,} on."
        more = f' For more, ask again with "offset": {self.next_offset}.' if self.next_offset else ""
        return f"{what.capitalize()} {self.offset + 1:,} to {self.offset + self.shown:,} of {self.total:,}.{more}{narrow}"


def paged(
    whole: Document, key: str, *, offset: int = 0, limit: int = PAGE
) -> tuple[dict[str, Json], ListPage]:
    """The document with a page of the list `key`, a few entries of each other list, and what was left out.

    The page ends early if it would grow too large, but has at least one entry.
    """
    document = cast("Mapping[str, Json]", whole)
    listed = document[key]
    entries = listed if isinstance(listed, list) else []
    chosen: list[Json] = []
    size = 0
    for entry in entries[offset : offset + limit]:
        short = _short(entry)
        size += len(json.dumps(short, ensure_ascii=False))
        if chosen and size > MOST_DATA:
            break
        chosen.append(short)
    page = ListPage(offset, len(chosen), len(entries))
    kept: dict[str, Json] = {}
    left_off: dict[str, Json] = {}
    for name, value in document.items():
        if name == key:
            kept[name] = chosen
        elif isinstance(value, list):
            few = [_short(entry) for entry in value[:MOST_BESIDE]]
            while len(json.dumps(few, ensure_ascii=False)) > MOST_DATA // 4 and len(few) > 1:
                few.pop()
            kept[name] = few
            if len(few) < len(value):
                left_off[name] = len(value) - len(few)
        else:
            kept[name] = value
    return {**kept, "page": page.data, "left_off": left_off}, page


def page_schema() -> dict[str, Any]:
    """What `paged` adds to a document's schema."""
    number = {"type": "integer", "minimum": 0}
    return {
        "page": {
            "type": "object",
            "description": "Which entries of the list these are. next_offset is null on the last page.",
            "required": ["offset", "shown", "total", "next_offset"],
            "additionalProperties": False,
            "properties": {
                "offset": number,
                "shown": number,
                "total": number,
                "next_offset": {"type": ["integer", "null"]},
            },
        },
        "left_off": {
            "type": "object",
            "description": "How many entries of each other list are not here.",
            "additionalProperties": number,
        },
    }


def _short(entry: Json) -> Json:
    """The entry with its long strings and lists cut, so that it is not too long by itself."""
    cut = entry
    for length in LENGTHS:
        cut = _cut(entry, length)
        if len(json.dumps(cut, ensure_ascii=False)) <= MOST_DATA:
            break
    return cut


def _cut(value: Json, length: int) -> Json:
    if isinstance(value, str):
        return cut_string(value, length)
    if isinstance(value, list):
        few = [_cut(each, length) for each in value[:MOST_INNER]]
        strings = all(isinstance(each, str) for each in value)
        return [*few, f"… ({len(value) - len(few):,} more)"] if strings and len(few) < len(value) else few
    if isinstance(value, dict):
        return {key: _cut(each, length) for key, each in value.items()}
    return value


def cut_string(text: str, length: int) -> str:
    """At most the first `length` characters, and how many more there are."""
    return text if len(text) <= length else f"{text[:length]}… ({len(text) - length:,} more characters)"


def cut_text(text: str, most: int = MOST_TEXT) -> str:
    """The text, or whole lines from its beginning and its end, with the number of lines left out between them.

    `most` is in characters.
    """
    if len(text) <= most:
        return text
    lines = [cut_string(line, 2_000) for line in text.split("\n")]
    tail: list[str] = []
    room = most // 5
    while lines and room > len(lines[-1]):
        room -= len(lines[-1]) + 1
        tail.insert(0, lines.pop())
    head: list[str] = []
    room = most - most // 5
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        head.append(line)
    left = len(lines) - len(head)
    gap = [f"… ({left:,} lines left out here; ask for less)"] if left else []
    return "\n".join([*head, *gap, *tail])


def harmless(value: Any) -> Any:
    """The value without the environment's keys, and without what UTF-8 cannot encode."""
    return _harmless(value, [secret for secret in secrets_in(os.environ) if len(secret) >= 8])


def _harmless(value: Any, secrets: Sequence[str]) -> Any:
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, "(the key)")
        return _HALVES.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, list):
        return [_harmless(each, secrets) for each in value]
    if isinstance(value, dict):
        return {_harmless(key, secrets): _harmless(each, secrets) for key, each in value.items()}
    return value
