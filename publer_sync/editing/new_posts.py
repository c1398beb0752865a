"""How new posts are written: their ids, their times, and a file of them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from publer_sync.calendar.when.zones import DAYS, TimeError, moment
from publer_sync.editing.editor import edited
from publer_sync.editing.edits import Append
from publer_sync.editing.writing import item_lines
from publer_sync.values.latin import in_latin
from publer_sync.values.problems import Help
from publer_sync.values.timezones import with_offset

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime, tzinfo

    from publer_sync.calendar.document import Document
    from publer_sync.editing.writing import Writable
    from publer_sync.values.problems import Problem

SCHEMA: Final = ".schema/calendar.schema.json"
"""Where `init` puts the schema of post files, from the calendar's top."""
AS_WORDS: Final = frozenset({"text.key", "text.newline"})
"""Errors that only ask whether words are meant as they are: they may be where they come from no file."""
AS_TYPED: Final = "as it was typed"
"""Why they are silenced."""
_TYPED: Final = {
    "text.key": "Write it in other words, or add --as-typed to publish it as it is",
    "text.newline": "Start a new line where one is meant, or add --as-typed to publish it as it is",
}
_MOST_WORDS: Final = 5
_MOST_LETTERS: Final = 40


def new_id(text: str, local: datetime, used: Collection[str]) -> str:
    """An id from the first words of a text, or from the day if it has none, that is not `used` yet."""
    plain = in_latin(re.sub(r"https?://\S+", " ", text)).encode("ascii", "ignore").decode()
    words: list[str] = []
    for word in re.findall(r"[a-z0-9]+", plain.replace("'", "").lower())[:_MOST_WORDS]:
        if len("-".join([*words, word])) > _MOST_LETTERS:
            break
        words.append(word)
    name = "-".join(words) or f"post-{local:%Y-%m-%d}"
    return next(
        new for n in range(1, len(used) + 2) if (new := name if n == 1 else f"{name}-{n}") not in used
    )


def written_time(at: datetime, where: tzinfo, *, weekday: bool) -> str:
    """`Tue 2027-03-02 09:00`, with an offset if it needs one."""
    local = at.astimezone(where)
    day = f"{f'{DAYS[local.weekday()]} ' if weekday else ''}{local:%Y-%m-%d}"
    offset = local.utcoffset() if needs_offset(at, where) else None
    return f"{day} {with_offset(local.time(), offset) if offset is not None else f'{local:%H:%M}'}"


def needs_offset(at: datetime, where: tzinfo) -> bool:
    """Whether the local time alone would mean another moment, or two, as it does when clocks change."""
    local = at.astimezone(where)
    try:
        return moment(local.date(), local.time().replace(second=0, microsecond=0), where) != at
    except TimeError:
        return True


def of_words(problem: Problem) -> Problem:
    """A problem of words that were typed, or are in a cell: nobody has indented them."""
    code = problem.code.removesuffix(".soft")
    if code not in _TYPED:
        return problem
    line = problem.message.partition(" is indented ")[0]
    message = f"{line} looks like a key of the calendar's files" if code == "text.key" else problem.message
    return replace(problem, message=message, help=Help(_TYPED[code]))


def new_file(posts: Iterable[Mapping[str, Writable]], *, top: Path, file: str) -> tuple[bytes, list[int]]:
    """A file of these posts in the calendar at `top`, and the line on which each begins."""
    lines, starts = [*_schema_line(top, file), "posts:"], []
    for post in posts:
        starts.append(len(lines) + 1)
        lines += item_lines(post)
    return "\n".join([*lines, ""]).encode(), starts


def with_post(document: Document | None, post: Mapping[str, Writable], *, top: Path, file: str) -> bytes:
    """A file with one more post; without a document, a new file. Raises Unwritable."""
    return with_posts(document, [post], top=top, file=file)


def with_posts(
    document: Document | None, posts: Sequence[Mapping[str, Writable]], *, top: Path, file: str
) -> bytes:
    """A file with more posts at its end; without a document, a new file. Raises Unwritable."""
    if document is None:
        return new_file(posts, top=top, file=file)[0]
    if not document.data and not document.problems:  # nothing but comments
        head = document.raw.rstrip()
        return head + b"\n" * bool(head) + new_file(posts, top=Path("/"), file=file)[0]
    return edited(document, [Append(("posts",), posts)]).raw


def _schema_line(top: Path, file: str) -> list[str]:
    """The line that names the schema for editors, as `init` writes it, if the calendar has the schema."""
    if not (top / SCHEMA).is_file():
        return []
    return [f"# yaml-language-server: $schema={'../' * file.count('/')}{SCHEMA}"]
