"""Reads values back from JSON by the annotations of their types: a field that is added to a type needs no other line."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, Final, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
Reads = Callable[[Any], Any]
Writes = Callable[[Any], Any]

KEY: Final = "key"
"""In a field's metadata: its key in JSON, where Python allows no such name."""
_NAMES: Final = {"Json": Any, "Mapping": Mapping, "datetime": datetime}
"""What annotations name that their modules import for the type checker alone."""


_PLAIN: Final = frozenset((str, int, float, bool, NoneType))


def decode(kind: type[T], data: Any, *, newer: bool = False, **more: Any) -> T:
    """The value of a dataclass. Raises TypeError, ValueError or KeyError where the data has another form.

    Keys that a type does not have are refused, or with `newer` left alone: a newer version wrote them. `more` are fields
    that stand elsewhere.
    """
    table = readers(cast("Hashable", kind), newer=newer)
    read: dict[str, Any] = {}
    for key, value in _object(data).items():
        if (found := table.get(key)) is not None:
            name, plain, reads = found
            read[name] = value if value.__class__ in plain else reads(value)
        elif not newer:
            raise KeyError(key)
    return kind(**read, **more)


@cache
def readers(kind: Any, *, newer: bool = False) -> dict[str, tuple[str, frozenset[type], Reads]]:
    """By its key in JSON, the name of each field, the types that are its value as they are, and what reads all others."""
    hints = get_type_hints(kind, localns=_NAMES)
    return {
        field.metadata.get(KEY, field.name): (
            field.name,
            _as_they_are(hints[field.name]),
            _reader(hints[field.name], newer=newer),
        )
        for field in fields(kind)
    }


def _as_they_are(hint: Any) -> frozenset[type]:
    """The plain types among those of a field: most values of a state need no more than a look at their class."""
    kinds = frozenset(get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,))
    chosen = any(isinstance(kind, type) and issubclass(kind, Enum) for kind in kinds)
    return frozenset() if chosen else kinds & _PLAIN


def _reader(hint: Any, *, newer: bool) -> Reads:
    """What reads a value of this type; a type with a `from_json` reads itself."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _or_none(args, newer=newer)
    if origin is tuple and args[-1] is not Ellipsis:
        inner = [_reader(arg, newer=newer) for arg in args]
        return lambda data: tuple(reads(item) for reads, item in zip(inner, _list(data), strict=True))
    if origin in (tuple, frozenset):
        each = _reader(args[0], newer=newer)
        return lambda data: origin(each(item) for item in _list(data))
    if origin is Mapping:
        each = _reader(args[1], newer=newer)
        return lambda data: {key: each(item) for key, item in _object(data).items()}
    if hint is Any:
        return lambda data: data
    if hint is datetime:
        return moment
    if issubclass(hint, Enum):
        return cast("Reads", hint)  # its value makes it
    if hasattr(hint, "from_json"):
        return cast("Reads", hint.from_json)
    if is_dataclass(hint):
        kind: Any = hint
        return lambda data: decode(kind, data, newer=newer)
    return _plain_reader(hint)


def _or_none(args: tuple[Any, ...], *, newer: bool) -> Reads:
    [wanted] = [arg for arg in args if arg is not NoneType]
    inner = _reader(wanted, newer=newer)
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return inner  # one that is not chosen is left out; null would be a choice that nobody knows
    return lambda data: None if data is None else inner(data)


def _plain_reader(kind: type) -> Reads:
    """Reads a value of exactly this type: `1` is not a bool. What it returns raises TypeError for any other."""

    def read(data: Any) -> Any:
        if type(data) is not kind:
            raise TypeError(f"not of the type {kind.__name__}")
        return data

    return read


def moment(data: Any) -> datetime:
    """A time with its offset, in UTC."""
    return datetime.fromisoformat(data).astimezone(UTC)


def _list(data: Any) -> list[Any]:
    if not isinstance(data, list):
        raise TypeError("not a list")
    return data


def _object(data: Any) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise TypeError("not an object")
    return data


# --- and to JSON ------------------------------------------------------------------------------------------------------


def encode(value: Any, *, whole: bool = False) -> dict[str, Any]:
    """A dataclass as JSON; unless `whole`, without what is as it is by default. `decode` reads it back."""
    values, written = _fields(cast("Hashable", type(value)))
    return {
        key: inner if writes is None or inner is None else writes(inner)
        for inner, (key, default, writes) in zip(values(value), written, strict=True)
        if (inner is not default and inner != default) or whole
    }


@cache
def _fields(kind: Any) -> tuple[Callable[[Any], tuple[Any, ...]], tuple[tuple[str, Any, Writes | None], ...]]:
    """What takes the values of all fields at once; and of each field its key in JSON, its default, and its writer.

    None: JSON has such a type.
    """
    hints, found = get_type_hints(kind, localns=_NAMES), fields(kind)
    written = tuple(
        (
            field.metadata.get(KEY, field.name),
            field.default if field.default_factory is MISSING else field.default_factory(),
            _writer(hints[field.name]),
        )
        for field in found
    )
    if len(found) == 1:  # attrgetter would give the value itself
        return (lambda value: (getattr(value, found[0].name),)), written
    return attrgetter(*(field.name for field in found)), written


def _writer(hint: Any) -> Writes | None:
    """A type with a `to_json` writes itself."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        [wanted] = [arg for arg in args if arg is not NoneType]
        return _writer(wanted)
    if origin is tuple:
        each = _writer(args[0])
        return list if each is None else lambda items: [each(item) for item in items]
    if origin is frozenset:
        return sorted
    if origin is Mapping:
        return dict
    if hint is datetime:
        return _iso
    if hasattr(hint, "to_json"):
        return cast("Writes", hint.to_json)
    return encode if is_dataclass(hint) else None


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
