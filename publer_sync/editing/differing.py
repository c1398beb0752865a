"""The fewest edits that turn one value of a file into another: what stays as it is keeps its lines and its comments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from publer_sync.editing.editor import comparable
from publer_sync.editing.edits import Append, Arrange, Drop, Put

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publer_sync.editing.edits import Edit, Path
    from publer_sync.editing.writing import Writable

_NAMES = ("file", "url", "id", "account")
"""Keys by which an item of a list is known, whatever else it says."""


def edits_between(path: Path, old: Any, new: Writable) -> list[Edit]:
    """To be made one after the other. `old` is the value at `path` as it was read."""
    return list(_edits(path, old, new))


def _edits(path: Path, old: Any, new: Writable) -> Iterator[Edit]:
    if comparable(old) == comparable(new):
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping) and old.keys() & new.keys():
        yield from (Drop((*path, key)) for key in old if key not in new)
        for key, value in new.items():
            yield from _edits((*path, key), old[key], value) if key in old else [Put((*path, key), value)]
    elif isinstance(new, Sequence) and _is_list(old) and _is_list(new) and old and new:
        yield from _list_edits(path, old, new)
    else:
        yield Put(path, new)


def _list_edits(path: Path, old: Sequence[Any], new: Sequence[Any]) -> Iterator[Edit]:
    was = _matched(old, new)
    kept = [each for each in was if each is not None]
    if not kept:
        yield Put(path, new)
        return
    for place, number in enumerate(was):
        if number is not None:
            yield from _edits((*path, number), old[number], new[place])
    gone = [number for number in range(len(old)) if number not in kept]
    yield from (Drop((*path, number)) for number in reversed(gone))
    added = [new[place] for place, number in enumerate(was) if number is None]
    if added:
        yield Append(path, added)
    left = sorted(kept)
    order, more = [], len(left)
    for number in was:
        order.append(left.index(number) if number is not None else more)
        more += number is None
    if order != sorted(order):
        yield Arrange(path, tuple(order))


def _matched(old: Sequence[Any], new: Sequence[Any]) -> list[int | None]:
    """For each new item, which of the old ones it was: the same, the one of its name, or the one in its place."""
    was: list[int | None] = [None] * len(new)
    free = list(range(len(old)))
    for same in (lambda one, other: comparable(one) == comparable(other), _is_named_alike):
        for place, value in enumerate(new):
            if was[place] is None:
                found = next((number for number in free if same(old[number], value)), None)
                if found is not None:
                    was[place] = found
                    free.remove(found)
    left = [place for place, number in enumerate(was) if number is None and not _name(new[place])]
    blocks = SequenceMatcher(None, [str(each) for each in old], [str(each) for each in new], autojunk=False)
    for kind, start, stop, first, last in blocks.get_opcodes():
        for ahead in range(min(stop - start, last - first) if kind == "replace" else 0):
            one, other = old[start + ahead], new[first + ahead]
            alike = isinstance(other, Mapping) or not (
                isinstance(one, Mapping) or stop - start != last - first
            )
            if first + ahead in left and start + ahead in free and alike:
                was[first + ahead] = start + ahead
    return was


def _is_named_alike(one: Any, other: Any) -> bool:
    return bool(_name(one)) and _name(one) == _name(other)


def _name(item: Any) -> tuple[str, str] | None:
    if not isinstance(item, Mapping):
        return None
    return next(((key, str(item[key]).strip()) for key in _NAMES if item.get(key)), None)


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)
