"""The quick answer of `tests.schemas` is never yes where jsonschema says no."""

from __future__ import annotations

import copy
from random import Random
from typing import TYPE_CHECKING, Any

from publer_sync.render import data
from tests import schemas
from tests.builders import everything

if TYPE_CHECKING:
    from collections.abc import Iterator

ODD: tuple[Any, ...] = (
    None,
    True,
    1,
    1.5,
    "",
    "odd",
    "pending",
    "2027-02-30T09:00:00Z",
    "2027-03-02T09:00:00+01:00",
    [],
    ["x"],
    {},
    {"x": 1},
)


def slots(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from slots(item, (*path, key))


def test_a_document_with_any_odd_value_gets_the_verdict_of_jsonschema() -> None:
    good: Any = data.plan(everything(), version="1")
    good["changes"] = good["changes"][::3]
    quick, judge, random = schemas._fits("plan"), schemas._validator("plan"), Random(1)
    assert quick(good)
    verdicts = []
    for path in random.sample(sorted(slots(good), key=str), 120):
        document = copy.deepcopy(good)
        holder = document
        for step in path[:-1]:
            holder = holder[step]
        match random.randrange(5), holder:
            case 0, dict():
                holder["odd"] = 1
            case 1, _:
                del holder[path[-1]]
            case _:
                holder[path[-1]] = random.choice(ODD)
        verdicts.append(judge.is_valid(document))
        assert quick(document) is verdicts[-1], path
    assert {True, False} == set(verdicts)
