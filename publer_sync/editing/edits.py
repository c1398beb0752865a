"""The edits of a file: each names its place by a path of keys and indexes into the file's data."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from publer_sync.editing.writing import UNDER_A_BAR, Writable, item_lines, key_lines
from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

Path: TypeAlias = "tuple[str | int, ...]"


@dataclass(frozen=True, slots=True)
class Put:
    """The value at `path` becomes `value`; a key that is missing is added."""

    path: Path
    value: Writable


@dataclass(frozen=True, slots=True)
class Drop:
    """The key or the item at `path` is removed."""

    path: Path


@dataclass(frozen=True, slots=True)
class Append:
    """`items` are added to the end of the list at `path`."""

    path: Path
    items: Sequence[Writable]


@dataclass(frozen=True, slots=True)
class Arrange:
    """The items of the list at `path` stand in another order: `order` has their numbers until now, each once."""

    path: Path
    order: tuple[int, ...]


Edit: TypeAlias = Put | Drop | Append | Arrange


def paste_of(edit: Edit) -> str:
    """The lines that a person would write; none for a removal."""
    match edit:
        case Put(path, value) if isinstance(key := path[-1], str):
            return "\n".join(key_lines(key, value, prose=key in UNDER_A_BAR))
        case Put(_, value):
            return "\n".join(item_lines(value))
        case Append(_, items):
            return "\n".join(line for item in items for line in item_lines(item))
        case Drop() | Arrange():
            return ""
