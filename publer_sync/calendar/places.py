"""Where each part of a post is in the files, and problems and fixes at such a place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal

from publer_sync.calendar.yaml.nodes import Map, Seq
from publer_sync.values.problems import Fix, Help, Location, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.calendar.document import Document
    from publer_sync.calendar.when.zones import TimeError
    from publer_sync.calendar.yaml.nodes import Mark


def problem_at(
    mark: Mark,
    code: str,
    message: str,
    help: Help | str,
    *,
    key: str = "",
    severity: Literal["error", "warning"] = "error",
    fix: Fix | None = None,
    related: tuple[tuple[Location, str], ...] = (),
) -> Problem:
    """A problem of a value, or of its `key`. Help that is only words may be a text."""
    location, length = (mark.key_location, len(key)) if key else (mark.location, mark.length)
    told = Help(help) if isinstance(help, str) else help
    return Problem(severity, code, message, location, told, length, related, fix)


def time_problem(error: TimeError, mark: Mark, lines: Sequence[str]) -> Problem:
    """The problem of a time, where it was written."""
    fix = replacement(mark, lines, error.written) if error.written is not None else None
    return problem_at(mark, error.code, error.message, error.help, fix=fix)


def replacement(mark: Mark, lines: Sequence[str], text: str) -> Fix | None:
    """The fix that replaces a value with `text`; None if the value takes more than a line."""
    if mark.line != mark.end_line or mark.line > len(lines):
        return None
    line = lines[mark.line - 1]
    return Fix(mark.line, mark.line, line[: mark.column - 1] + text + line[mark.end_column - 1 :])


class Places(Mapping[str, Location]):
    """The location of each part of a post, by path. Computed on first use: most posts never need it.

    For a text under `|` in one of the `documents`, the path with ":words" is where its words begin, for one on one line that with ":value".
    """

    __slots__ = ("_at", "_documents", "_known", "_root")

    def __init__(self, root: Map, at: Mark | None, *documents: Document) -> None:
        self._root, self._at, self._documents = root, at, documents
        self._known: dict[str, Location] | None = None

    def _all(self) -> dict[str, Location]:
        if self._known is None:
            self._known = dict(_places(self._root, "", self._documents))
            if self._at is not None:
                self._known["at"] = self._at.location
        return self._known

    def __getitem__(self, path: str) -> Location:
        return self._all()[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


def _places(node: Any, prefix: str, documents: Sequence[Document]) -> Iterator[tuple[str, Location]]:
    if isinstance(node, Map):
        for key, mark in node.marks.items():
            yield f"{prefix}{key}", mark.key_location
            value = node.get(key)
            document = next((each for each in documents if each.file == mark.file), None)
            if document is not None and mark.style == "|" and isinstance(value, str):
                yield from _words_location(value, mark, f"{prefix}{key}", document)
            elif isinstance(value, str):
                yield from _value_location(value, mark, f"{prefix}{key}", document)
            else:
                yield from _places(value, f"{prefix}{key}/", documents)
    elif isinstance(node, Seq):
        for number, mark in enumerate(node.marks):
            yield f"{prefix}{number}", mark.location
            if isinstance(node[number], str):
                document = next((each for each in documents if each.file == mark.file), None)
                yield from _value_location(node[number], mark, f"{prefix}{number}", document)
            yield from _places(node[number], f"{prefix}{number}/", documents)


def _value_location(
    value: str, mark: Mark, path: str, document: Document | None
) -> Iterator[tuple[str, Location]]:
    """Where a text of one line begins, if each of its characters is in the file as it is."""
    if document is None or mark.line != mark.end_line or mark.line > len(document.lines):
        return
    raw = document.lines[mark.line - 1][mark.column - 1 : mark.end_column - 1]
    quoted = raw[:1] in ("'", '"')
    if (raw[1:-1] if quoted else raw) == value:
        yield f"{path}:value", Location(mark.file, mark.line, mark.column + quoted)


def _words_location(value: str, mark: Mark, path: str, document: Document) -> Iterator[tuple[str, Location]]:
    """Where the words of a text under `|` begin; the text of a Markdown file has no such sign."""
    line = mark.line + 1 + len(value) - len(value.lstrip("\n"))
    if mark.column > mark.key_column and line <= len(document.lines):
        text = document.lines[line - 1]
        yield f"{path}:words", Location(mark.file, line, len(text) - len(text.lstrip()) + 1)
