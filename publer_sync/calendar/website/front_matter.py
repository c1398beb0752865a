"""The front matter of a page of a website, as data that knows its lines: YAML between ---, or TOML between +++.

Nothing in it is judged: it belongs to the website.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from publer_sync.calendar.shape.schema import vocabulary
from publer_sync.calendar.yaml.lines import Lines
from publer_sync.calendar.yaml.nodes import Map, Mark, Seq
from publer_sync.calendar.yaml.reader import Budget, Reader, TooMuchError, UnreadableError
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.starting.late_patterns import late_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from publer_sync.values.problems import Problem

_FENCES = {"---": "yaml", "+++": "toml"}
_ASSIGNED = late_pattern(r"=\s*([+-]?[\w.+-]+)\s*(?:#.*)?$")
_PROPERTIES = late_pattern(r"^(?:[&!]\S+\s+)+")
"""An anchor or a tag before a value of YAML."""
_TABLE = late_pattern(r"\s*(\[{1,2})\s*([^\[\]]+?)\s*\]{1,2}\s*(?:#.*)?")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """`data` is None where it could not be read: `error` says why, at a line and column."""

    data: Map | None
    problems: tuple[Problem, ...] = ()
    error: tuple[str, int, int] | None = None


def front_matter(file: str, lines: Sequence[str], budget: Budget) -> FrontMatter | None:
    """None if a file begins with no front matter."""
    fence = lines[0].rstrip() if lines else ""
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == fence), 0)
    if fence not in _FENCES or not end:
        return None
    if _FENCES[fence] == "toml":
        return _toml(file, lines[1:end])
    return _yaml(file, lines[:end], budget)


def _yaml(file: str, lines: Sequence[str], budget: Budget) -> FrontMatter:
    problems: list[Problem] = []
    reader = Reader(Lines(file, list(lines), vocabulary()), budget, problems, in_items=True)
    try:
        data = reader.read("\n".join(lines[1:]), 2)
    except UnreadableError as error:
        return FrontMatter(None, error=(error.words, *error.at))
    except TooMuchError as error:
        return FrontMatter(None, (error.problem,))
    reader.finish()
    return FrontMatter(data if isinstance(data, Map) else Map(_mark(file, 1, 1, "m")), tuple(problems))


# --- TOML, whose reader knows no lines --------------------------------------------------------------------------------


def _toml(file: str, lines: Sequence[str]) -> FrontMatter:
    import tomllib

    try:
        data = tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError as error:
        words, _, place = str(error).partition(" (at ")
        found = re.match(r"line (\d+), column (\d+)", place)
        line, column = (int(found[1]) + 1, int(found[2])) if found else (len(lines) + 1, 1)
        return FrontMatter(None, error=(words, line, column))
    return FrontMatter(_Toml(file, lines).map(data, "", 2))


class _Toml:
    """Gives the values of TOML the places at which their keys stand; those inside of one line have that of the line."""

    def __init__(self, file: str, lines: Sequence[str]) -> None:
        self.file, self.lines = file, lines
        self.heads = [
            (number, found[1], re.sub(r"[\s\"']", "", found[2]))
            for number, line in enumerate(lines, 2)
            if (found := _TABLE.fullmatch(line))
        ]

    def map(self, data: dict[str, Any], path: str, start: int) -> Map:
        whole = Map(_mark(self.file, start, 1, "m"))
        for key, value in data.items():
            line, column = self._key(key, path, start)
            mark = _mark(self.file, line, column)
            whole.put(key, self._value(value, f"{path}.{key}".lstrip("."), line), mark)
        return whole

    def _value(self, value: Any, path: str, line: int) -> Any:
        if isinstance(value, dict):
            return self.map(value, path, line)
        if isinstance(value, list):
            seq = Seq(_mark(self.file, line, 1, "s"))
            heads = [number for number, sign, name in self.heads if name == path and sign == "[["]
            for number, item in enumerate(value):
                at = heads[number] if number < len(heads) else line
                seq.put(self._value(item, path, at), _mark(self.file, at, 1))
            return seq
        if isinstance(value, (datetime, date, time)):
            return value.isoformat(*([" "] if isinstance(value, datetime) else []))
        return value

    def _key(self, key: str, path: str, start: int) -> tuple[int, int]:
        """Where a key of a table is; at the table's start if it can't be told."""
        whole = f"{path}.{key}".lstrip(".")
        written = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=")
        inside = path == "" or any(number == start for number, *_ in self.heads)
        for number in range(start, len(self.lines) + 2):
            if found := next((each for each in self.heads if each[0] == number), None):
                if found[2] == whole or found[2].startswith(f"{whole}."):
                    return number, 1
                if inside and number > start and not path:
                    inside = False
                elif number > start and path:
                    break
            elif inside and written.match(self.lines[number - 2]):
                text = self.lines[number - 2]
                return number, len(text) - len(text.lstrip()) + 1
        return start, 1


def _mark(file: str, line: int, column: int, style: str = "") -> Mark:
    return Mark(file, line, column, line, column, line, column, style)


def scalars(data: Map, lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The keys with a value of one piece, as words: a number such as 1.10 as it was typed."""
    for key, value in data.items():
        if isinstance(value, str):
            yield key, value.strip()
        elif isinstance(value, int | float):
            yield (
                key,
                _typed(data.marks[key], lines)
                or (str(value).lower() if isinstance(value, bool) else str(value)),
            )


def _typed(mark: Mark, lines: Sequence[str]) -> str:
    """What stands behind the key of a number or a yes; "" where that is not certain."""
    if mark.style == "*" or mark.line != mark.end_line:
        return ""
    line = lines[mark.line - 1]
    if mark.end_column > mark.column:
        return _PROPERTIES.sub("", line[mark.column - 1 : mark.end_column - 1].strip())
    found = _ASSIGNED.search(line)
    return found[1] if found is not None else ""
