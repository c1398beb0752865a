"""Values to JSON and back, as their types say."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.values.content import Content, Medium, value_from_json
from publer_sync.values.decoding import KEY, decode, encode
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Mapping


class Choice(StrEnum):
    ONE = "one"


@dataclass(frozen=True)
class Inner:
    word: str
    number: int | None = None


@dataclass(frozen=True)
class Outer:
    at: datetime
    since: datetime | None = field(default=None, metadata={KEY: "from"})
    choice: Choice | None = None
    flag: bool = False
    inner: Inner | None = None
    each: tuple[Inner, ...] = ()
    pair: tuple[str, int] | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    group: frozenset[str] = frozenset()


T = datetime(2027, 3, 2, 8, 0, tzinfo=UTC)
FULL = Outer(
    T, T, Choice.ONE, True, Inner("a"), (Inner("b", 2),), ("c", 3), {"d": "e"}, frozenset({"g", "f"})
)
WRITTEN: dict[str, Any] = {
    "at": "2027-03-02T08:00:00Z",
    "from": "2027-03-02T08:00:00Z",
    "choice": "one",
    "flag": True,
    "inner": {"word": "a"},
    "each": [{"word": "b", "number": 2}],
    "pair": ["c", 3],
    "names": {"d": "e"},
    "group": ["f", "g"],
}


@dataclass(frozen=True)
class Single:
    word: str


def test_a_value_with_one_field_is_written_as_one_with_several_is() -> None:
    assert encode(Single("abc")) == {"word": "abc"}


def test_a_value_is_written_and_read_by_its_type() -> None:
    assert encode(FULL) == WRITTEN
    assert decode(Outer, WRITTEN) == FULL


def test_what_is_as_by_default_is_left_out_unless_all_is_wanted() -> None:
    assert encode(Outer(T)) == {"at": "2027-03-02T08:00:00Z"}
    assert decode(Outer, {"at": "2027-03-02T10:00:00+02:00"}) == Outer(T)
    assert encode(Inner("a"), whole=True) == {"word": "a", "number": None}


@each_of(
    "wrong",
    [
        {"at": 3},
        {"at": "soon"},
        {"flag": 1},
        {"choice": "two"},
        {"choice": None},
        {"inner": []},
        {"inner": {"word": None}},
        {"inner": {"number": True, "word": "a"}},
        {"each": {}},
        {"pair": ["c"]},
        {"names": {"d": 1}},
    ],
)
def test_nothing_is_taken_for_what_it_only_looks_like(wrong: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ValueError, KeyError)):
        decode(Outer, {**WRITTEN, **wrong})


def test_what_a_newer_version_wrote_is_left_alone_only_where_that_is_safe() -> None:
    newer = {**WRITTEN, "more": 1, "inner": {"word": "a", "more": 2}}
    assert decode(Outer, newer, newer=True) == FULL
    with pytest.raises(KeyError):
        decode(Outer, newer)
    with pytest.raises(KeyError):
        Content.from_json({"media": [{"file": "a", "crop": 1}]})


def test_a_part_of_a_value_is_read_by_the_name_of_its_difference() -> None:
    assert value_from_json("media", [{"file": "a", "alt": "b"}]) == (Medium("a", alt="b"),)
    assert value_from_json("link.url", "https://example.com") == "https://example.com"
    assert value_from_json("share.accounts", ["a"]) == ("a",)
    assert value_from_json("location.id", 3) == 3
    assert value_from_json("text", None) is None


@dataclass(frozen=True)
class Named:
    names: Mapping[str, str]
    number: int = 0


def test_a_mapping_of_any_kind_is_written_as_json_has_it() -> None:
    written = encode(Named(MappingProxyType({"d": "e"})))
    assert json.dumps(written) == '{"names": {"d": "e"}}'
