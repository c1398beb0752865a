"""What a post says as a value: which keys are set, how durations are written, and how it is read back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from publer_sync.values.content import (
    Content,
    Duration,
    Link,
    Medium,
    Poll,
    Revision,
    to_json,
    value_from_json,
)
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.values.content import Json


@each_of(
    ("minutes", "duration"),
    [
        (1, Duration(1, "Minute")),
        (59, Duration(59, "Minute")),
        (60, Duration(1, "Hour")),
        (90, Duration(90, "Minute")),
        (24 * 60, Duration(1, "Day")),
        (36 * 60, Duration(36, "Hour")),
        (7 * 24 * 60, Duration(7, "Day")),
    ],
)
def test_a_duration_is_in_the_largest_unit_without_a_remainder(minutes: int, duration: Duration) -> None:
    assert Duration.of(minutes) == duration
    assert duration.minutes == minutes


def test_an_edit_changes_the_title_only_where_it_has_one() -> None:
    old = Content("Hello", title="News")
    assert old.revised(Revision("New")) == Content("New", title="News")
    assert old.revised(Revision("New", "Olds")) == Content("New", title="Olds")
    assert old.revised(Revision("New", "")) == Content("New")


def test_a_networks_own_fields_are_read_back_beside_the_common_ones_and_compared_as_json() -> None:
    data: dict[str, Json] = {"text": "Hello", "album": 1, "offer": {"code": "A"}}
    found = Content.from_json(data)
    assert (found.text, found.network) == ("Hello", {"album": 1, "offer": {"code": "A"}})
    assert found.to_json() == data
    other = Content.from_json({**data, "album": True})
    assert found.comparable != other.comparable, "in JSON, 1 and true differ"
    assert Content("Hello").comparable == Content("Hello").comparable
    assert Content("Hello").comparable != Content("Bye").comparable
    with pytest.raises(TypeError):
        Content.from_json({"text": 7})


@each_of(
    ("value", "data"),
    [
        (Link("https://a.example", title="T"), {"url": "https://a.example", "title": "T"}),
        (Poll(), {"options": []}),
        (Poll(("Yes",), Duration(0, "Day")), {"options": ["Yes"], "duration": {"duration": 0, "unit": "Day"}}),
        ((Medium(id="m-1", alt=""),), [{"id": "m-1"}]),
    ],
)  # fmt: skip
def test_what_is_empty_is_left_out_but_the_options_of_a_poll_and_a_duration(
    value: object, data: Json
) -> None:
    assert to_json(value) == data  # type: ignore[arg-type]  # values of several types


@each_of(
    ("field", "data", "value"),
    [
        ("link", {"url": "a"}, Link("a")),
        ("link.url", "a", "a"),
        ("poll.options", ["a"], ("a",)),
        ("text", "a", "a"),
        ("album", 1, 1),
        ("link", None, None),
        ("offer.code", "a", "a"),
    ],
)
def test_a_value_of_a_difference_is_read_by_its_key(field: str, data: Json, value: object) -> None:
    assert value_from_json(field, data) == value
