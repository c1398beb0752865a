"""Data that knows where it was written: a mapping and a list that keep the place of each value.

To everything else, JSON Schema included, they are a `dict` and a `list`. Nothing here reads files or knows YAML.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from publer_sync.values.problems import Location


class Mark(NamedTuple):
    """Where a value and its key are, counted from 1.

    `style` is how it was written: "" for plain, `"`, `'`, `|`, `>`; `{` and `[` for brackets, `m` and `s` for a mapping
    and a list on lines of their own, `*` for an alias.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    key_line: int
    key_column: int
    style: str = ""

    @property
    def location(self) -> Location:
        return Location(self.file, self.line, self.column)

    @property
    def key_location(self) -> Location:
        return Location(self.file, self.key_line, self.key_column)

    def of_key(self, key: str) -> Mark:
        """The mark of the value's key."""
        return self._replace(
            line=self.key_line,
            column=self.key_column,
            end_line=self.key_line,
            end_column=self.key_column + len(key),
        )

    @property
    def is_empty(self) -> bool:
        """Whether the key has no value."""
        return self.style == "" and (self.line, self.column) == (self.end_line, self.end_column)

    @property
    def length(self) -> int:
        """Columns to underline; 1 if the value takes more than one line."""
        return max(1, self.end_column - self.column) if self.line == self.end_line else 1


class Map(dict[str, Any]):
    """A mapping; `marks` has the place of each key, `mark` its own, `broken` the keys whose value could not be read."""

    __slots__ = ("broken", "mark", "marks")

    def __init__(self, mark: Mark) -> None:
        self.mark = mark
        self.marks: dict[str, Mark] = {}
        self.broken: frozenset[str] = frozenset()

    def put(self, key: str, value: Any, mark: Mark) -> None:
        self[key] = value
        self.marks[key] = mark

    def without(self, keys: frozenset[str] | set[str]) -> Map:
        """A copy without `keys`."""
        kept = Map(self.mark)
        kept.broken = self.broken
        for key, value in self.items():
            if key not in keys:
                kept.put(key, value, self.marks[key])
        return kept


class Seq(list[Any]):
    """A list; `marks` has the place of each item, `mark` its own."""

    __slots__ = ("mark", "marks")

    def __init__(self, mark: Mark) -> None:
        super().__init__()
        self.mark = mark
        self.marks: list[Mark] = []

    def put(self, value: Any, mark: Mark) -> None:
        self.append(value)
        self.marks.append(mark)


def last_line(value: Any, mark: Mark) -> int:
    """The line on which a value ends."""
    inner = [*zip(value.values(), value.marks.values(), strict=True)] if isinstance(value, Map) else []
    inner = [*zip(value, value.marks, strict=True)] if isinstance(value, Seq) else inner
    own = mark.end_line - (mark.end_column == 1 and mark.end_line > mark.line)
    return max([mark.line if inner else own, *(last_line(item, place) for item, place in inner)])
