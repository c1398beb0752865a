"""Data classes whose methods are shared, or made for the first object: nobody who uses one can tell."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from dataclasses import field, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from publer_sync.starting import late_dataclasses

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Decorator = Callable[..., Any]


class Scenes:
    """The same classes, by either decorator."""

    def __init__(self, dataclass: Decorator) -> None:
        @dataclass(frozen=True, slots=True)
        class Point:
            x: int
            y: int = 2
            kind: ClassVar[str] = "point"
            tags: Mapping[str, int] = field(default_factory=dict, compare=False)
            note: str = field(default="", compare=False, repr=False)

            @property
            def sum(self) -> int:
                return self.x + self.y

        @dataclass(frozen=True, slots=True)
        class Solid(Point):
            z: int = 3

        @dataclass(slots=True, kw_only=True)
        class Counter:
            """Counts."""

            start: int
            seen: list[Any] = field(default_factory=list)
            step: int = field(init=False, default=5)
            total: int = field(init=False)
            log: list[int] = field(init=False, default_factory=list)

            def __post_init__(self) -> None:
                self.total = self.start + self.step

        @dataclass(frozen=True)
        class Cached:
            first: int
            rest: tuple[int, ...] = field(default=(), kw_only=True)

            @cached_property
            def all(self) -> tuple[int, ...]:
                return (self.first, *self.rest)

        @dataclass(frozen=True, slots=True, order=True)
        class Ordered:
            rank: int

        @dataclass(frozen=True, slots=True, eq=False)
        class Itself:
            name: str

        @dataclass
        class Open:
            items: list[int] = field(default_factory=list)

            def __repr__(self) -> str:
                return "open"

        @dataclass(frozen=True, slots=True)
        class Nothing:
            pass

        @dataclass(slots=True)
        class Unset:
            value: int = field(init=False)

        self.Point, self.Solid, self.Counter, self.Cached = Point, Solid, Counter, Cached
        self.Ordered, self.Itself, self.Open, self.Nothing = Ordered, Itself, Open, Nothing
        self.Unset = Unset
        self.classes: list[Any] = [Point, Solid, Counter, Cached, Ordered, Itself, Open, Nothing, Unset]


USUAL = Scenes(dataclasses.dataclass)


@pytest.fixture
def late() -> Scenes:
    return Scenes(late_dataclasses.dataclass)


def outcomes(scenes: Any) -> list[object]:
    """What one can see of the classes."""
    point, solid = scenes.Point(1, tags={"a": 1}, note="n"), scenes.Solid(1, z=9)
    counter, cached = scenes.Counter(start=1), scenes.Cached(1, rest=(2,))
    found: list[object] = [repr(each) for each in (point, solid, counter, cached, scenes.Nothing())]
    found += [point == scenes.Point(1), point != scenes.Point(1), solid == scenes.Point(1), point == (1, 2)]
    found += [
        counter == scenes.Counter(start=1),
        cached == scenes.Cached(1),
        scenes.Nothing() == scenes.Nothing(),
    ]
    found += [hash(point) == hash(scenes.Point(1)), len({point, scenes.Point(1), scenes.Point(2)})]
    found += [replace(point, x=5).sum, replace(point, x=5).note, replace(cached, first=4).all, cached.all]
    found += [
        counter.log,
        counter.step,
        counter.total,
        counter.seen is scenes.Counter(start=1).seen,
        point.kind,
    ]
    found += [scenes.Ordered(1) < scenes.Ordered(2), repr(scenes.Open()), scenes.Open([1]).items]
    itself = scenes.Itself("a")
    found += [itself == itself, itself == scenes.Itself("a"), len({itself, scenes.Itself("a")})]  # noqa: PLR0124 - comparing it with itself is what is tested
    found += [copy.copy(point) == point, copy.deepcopy(point).tags, copy.deepcopy(cached).all]
    match solid:
        case scenes.Solid(x, y):
            found.append((x, y))
    for kind in scenes.classes:
        shape = [(each.name, each.type, each.default, each.init, each.kw_only) for each in fields(kind)]
        found += [
            kind.__name__,
            shape,
            kind.__match_args__,
            hasattr(kind, "__slots__"),
            kind.__hash__ is None,
        ]
        found += [dataclasses.is_dataclass(kind)]
    return found


def refusals(scenes: Any) -> list[str]:
    """What is said of what cannot be done."""
    tries: list[Callable[[], object]] = [
        scenes.Point,
        lambda: scenes.Point(1, 2, z=3),
        lambda: scenes.Counter(1),
        lambda: setattr(scenes.Point(1), "x", 2),
        lambda: setattr(scenes.Cached(1), "first", 2),
        lambda: delattr(scenes.Point(1), "x"),
        lambda: hash(scenes.Counter(start=1)),
        lambda: scenes.Point(1) < scenes.Point(2),
        lambda: scenes.Unset().value,
    ]
    found = []
    for each in tries:
        with pytest.raises((TypeError, AttributeError)) as error:
            each()
        found.append(f"{type(error.value).__name__}: {error.value}")
    return found


def test_they_behave_as_those_of_the_standard_library(late: Scenes) -> None:
    assert outcomes(late) == outcomes(USUAL)
    assert refusals(late) == refusals(USUAL)


def test_the_quick_replace_does_what_the_usual_one_does(late: Scenes) -> None:
    both: list[Any] = [late, USUAL]
    for scenes in both:
        point, counter = scenes.Point(1, tags={"a": 1}, note="n"), scenes.Counter(start=1, seen=[1])
        for value, changes in (
            (point, {"x": 5}),
            (point, {}),
            (counter, {"start": 7}),
            (scenes.Nothing(), {}),
        ):
            mine, theirs = late_dataclasses.replace(value, **changes), replace(value, **changes)
            assert (mine, mine.__class__) == (theirs, theirs.__class__)
        assert late_dataclasses.replace(counter, start=7).total == 12
        assert late_dataclasses.replace(scenes.Ordered(1), rank=2).rank == 2
        with pytest.raises(TypeError):
            late_dataclasses.replace(point, w=1)


def test_an_init_is_made_once_and_asks_for_the_same(late: Scenes) -> None:
    for mine, usual in zip(late.classes, USUAL.classes, strict=True):
        wanted = {each.name: 1 for each in fields(mine) if each.init and each.default is dataclasses.MISSING}
        mine(**wanted)
        assert list(inspect.signature(mine).parameters) == list(inspect.signature(usual).parameters)
        made = mine.__init__
        mine(**wanted)
        assert mine.__init__ is made
        assert mine.__init__.__qualname__ == usual.__init__.__qualname__


@late_dataclasses.dataclass(frozen=True, slots=True)
class Kept:
    a: int
    b: tuple[int, ...] = ()


def test_they_can_be_pickled_and_have_no_docstring_but_their_own(late: Scenes) -> None:
    assert pickle.loads(pickle.dumps(Kept(1, (2,)))) == Kept(1, (2,))
    assert (Kept.__doc__, late.Counter.__doc__) == (None, "Counts.")


def test_a_value_that_holds_itself_can_be_shown(late: Scenes) -> None:
    whole = late.Open([])
    assert repr(whole) == "open"
    held = late.Counter(start=1)
    held.seen.append(held)
    assert "..." in repr(held)
