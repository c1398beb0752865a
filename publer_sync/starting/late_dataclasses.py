"""Data classes whose methods cost nothing until they are called: what a command loads is mostly not used by it.

`dataclass` takes the options of the standard library's decorator, and what it makes is a data class to `fields` and
`replace`. The standard decorator compiles six methods for each class, which was a third of the time of a small
`validate`. Here all classes share them, but for `__init__`, which is compiled for the first object.
"""

from __future__ import annotations

import dataclasses
from functools import cache
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass, replace

    from _typeshed import DataclassInstance
else:

    def dataclass(cls: type | None = None, /, **options: Any) -> Any:
        """`dataclasses.dataclass`, without its options `init`, `repr` and `unsafe_hash`, and without `InitVar`."""
        return _made(cls, **options) if cls is not None else lambda cls: _made(cls, **options)

    def replace(value: Any, /, **changes: Any) -> Any:
        """`dataclasses.replace` in half the time, for values of which there are many, with many fields."""
        names, values = _to_replace(type(value))
        return type(value)(**{**dict(zip(names, values(value), strict=True)), **changes})


__all__ = ["dataclass", "replace"]


def _made(
    cls: type,
    *,
    frozen: bool = False,
    eq: bool = True,
    order: bool = False,
    slots: bool = False,
    **options: Any,
) -> type:
    if order:  # of too few classes for a way of their own
        return dataclasses.dataclass(frozen=frozen, eq=eq, order=order, slots=slots, **options)(cls)
    own, sentence = cls.__dict__, cls.__doc__
    cls.__doc__ = sentence or cls.__name__  # without a docstring, dataclasses writes one from the signature
    made: type = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots, **options)(cls)
    made.__doc__ = sentence
    methods: dict[str, Any] = {"__init__": _late_init(made, frozen=frozen), "__repr__": _repr_of(made)}
    if eq:
        methods |= _comparing(made, frozen=frozen)
    if frozen:
        methods |= {name: getattr(_Frozen, name) for name in (*_FROZEN, *(_COPIED if slots else ()))}
    for name, method in methods.items():
        if name not in own:
            setattr(made, name, method)
    return made


def _late_init(cls: Any, *, frozen: bool) -> Callable[..., None]:
    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807 - it becomes the class's method of this name
        cls.__init__ = init = _init_of(cls, frozen=frozen)
        init(self, *args, **kwargs)

    return __init__


def _init_of(cls: Any, *, frozen: bool) -> Callable[..., None]:
    """The `__init__` that dataclasses would write. That of a frozen class fills its slots, or its dictionary, past `__setattr__`."""
    known: dict[str, Any] = {"_absent": object()}
    first, named, body = ["self"], list[str](), list[str]()
    if frozen and cls.__dictoffset__:
        body.append("_own = self.__dict__")
    for field in dataclasses.fields(cls):
        name, value = field.name, field.name
        has_default, has_factory = (
            each is not dataclasses.MISSING for each in (field.default, field.default_factory)
        )
        known[f"_default_{name}"] = field.default if has_default else field.default_factory
        if field.init:
            default = f"=_default_{name}" if has_default else "=_absent" if has_factory else ""
            (named if field.kw_only else first).append(name + default)
        if has_factory:
            value = (
                f"_default_{name}() if {name} is _absent else {name}" if field.init else f"_default_{name}()"
            )
        elif not field.init:
            if not has_default:
                continue
            value = f"_default_{name}"
        setter = getattr(getattr(cls, name, None), "__set__", None)
        if not frozen:
            body.append(f"self.{name} = {value}")
        elif setter is None:
            body.append(f"_own[{name!r}] = {value}")
        else:
            known[f"_set_{name}"] = setter
            body.append(f"_set_{name}(self, {value})")
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    parameters = ", ".join([*first, *(["*", *named] if named else [])])
    exec(f"def __init__({parameters}):\n " + ("\n ".join(body) or "pass"), known)  # noqa: S102 - the code has only names of fields, which Python has parsed; `dataclasses` does the same
    init: Callable[..., None] = known["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    return init


def _repr_of(cls: Any) -> Callable[[Any], str]:
    names = [field.name for field in dataclasses.fields(cls) if field.repr]

    @recursive_repr()
    def __repr__(self: Any) -> str:  # noqa: N807 - it becomes the class's method of this name
        values = ", ".join([f"{name}={getattr(self, name)!r}" for name in names])
        return f"{self.__class__.__qualname__}({values})"

    return __repr__


def _comparing(cls: Any, *, frozen: bool) -> dict[str, Any]:
    names = [field.name for field in dataclasses.fields(cls) if field.compare]
    values: Callable[[Any], Any] = attrgetter(*names) if names else lambda _: ()

    def __eq__(self: Any, other: Any) -> bool:  # noqa: N807 - it becomes the class's method of this name
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    def __hash__(self: Any) -> int:  # noqa: N807 - it becomes the class's method of this name
        return hash(values(self))

    return {"__eq__": __eq__, "__hash__": __hash__ if frozen else None}


@cache
def _to_replace(cls: type[DataclassInstance]) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    names = tuple(field.name for field in dataclasses.fields(cls) if field.init)
    return names, attrgetter(*names) if len(names) > 1 else lambda value: tuple(
        getattr(value, n) for n in names
    )


class _Frozen:
    """What the frozen ones share: nothing is set, except where a copy is made."""

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> NoReturn:
        raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")

    def __getstate__(self) -> list[object]:
        fields = dataclasses.fields(self)  # type: ignore[arg-type]  # only data classes have this method
        return [getattr(self, field.name) for field in fields]

    def __setstate__(self, state: list[object]) -> None:
        fields = dataclasses.fields(self)  # type: ignore[arg-type]  # as above
        for field, value in zip(fields, state, strict=True):
            object.__setattr__(self, field.name, value)


_FROZEN = ("__setattr__", "__delattr__")
_COPIED = ("__getstate__", "__setstate__")
