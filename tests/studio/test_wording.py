"""How the studio speaks of posts, days and what was done to a post."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from publer_sync.studio.wording import (
    accounts_told,
    edit_told,
    listed,
    name_of,
    spoken_day,
    spoken_part,
)
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Mapping

TODAY = date(2027, 2, 1)


def entry_of(text: object = "", id: str | None = None, **parts: date) -> Any:
    return SimpleNamespace(id=id, data={"text": text}, parts=[(day, name) for name, day in parts.items()])


@each_of(
    "day, told",
    [
        ("2027-03-03", "Wed 3 Mar"),
        ("2027-12-25", "Sat 25 Dec"),
        ("2026-12-30", "Wed 30 Dec"),
        ("2026-08-02", "Sun 2 Aug"),
        ("2026-08-01", "Sat 1 Aug 2026"),
        ("2028-02-01", "Tue 1 Feb 2028"),
    ],
)
def test_a_day_has_its_year_where_it_is_another_and_far(day: str, told: str) -> None:
    assert spoken_day(date.fromisoformat(day), TODAY) == told


@each_of(
    "text, id, name",
    [
        ("Words", "one", "one"),
        ("Words", None, '"Words"'),
        ("\n Words\nmore", None, '"Words"'),
        ("a" * 40, None, f'"{"a" * 40}"'),
        ("a" * 41, None, f'"{"a" * 40}…"'),
        (f"{'a' * 39} b", None, f'"{"a" * 39}…"'),
        ("", None, "the post"),
        (["Words"], None, "the post"),
        (None, None, "the post"),
    ],
)
def test_a_post_is_named_by_its_id_or_how_it_begins(text: object, id: str | None, name: str) -> None:
    assert name_of(entry_of(text, id)) == name


def test_a_post_of_a_series_is_named_with_its_day() -> None:
    series = entry_of("", "one", first=date(2027, 3, 2), second=date(2027, 3, 9))
    assert spoken_part(series, "second", TODAY) == "one of Tue 9 Mar"
    assert spoken_part(series, "third", TODAY) == "one@third"


def test_a_list_ends_with_and() -> None:
    assert [listed(each) for each in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


@each_of(
    "before, after, draft, told",
    [
        ({"x": {"text": "a"}}, {"x": {"text": "b"}}, None, "one: words edited"),
        ({"x": {"text": "a"}}, {"x": {"text": "a"}}, None, "one edited"),
        ({"x": {"text": "a"}}, {"x": {}}, None, "one: words edited"),
        ({}, {"x": {"text": "a", "link": "b"}}, None, "one: words and link edited"),
        (
            {"x": {"text": "a"}, "y": {"note": "n"}},
            {"x": {"text": "a"}, "y": {"note": "m"}},
            None,
            "one: note edited",
        ),
        ({"x": {}}, {"x": {"draft": True}}, True, "one is a draft now"),
        ({"x": {"draft": True}}, {"x": {}}, False, "one is no longer a draft"),
        (
            {"x": {"title": "a"}},
            {"x": {"title": "b", "draft": True}},
            True,
            "one: title edited, is a draft now",
        ),
    ],
)
def test_an_edit_is_told_by_what_differs(
    before: Mapping[str, Any], after: Mapping[str, Any], draft: bool | None, told: str
) -> None:
    fields: Any = SimpleNamespace(draft=draft)
    assert edit_told(entry_of(id="one"), fields, before, after) == told


@each_of(
    "before, after, told",
    [
        ("x", "x y", "one is on y too"),
        ("x", "y", "one is on y and is no longer on x"),
        ("x y", "y z", "one is on z too and is no longer on x"),
        ("x y", "x", "one is no longer on y"),
        ("x y", "y x", "one edited"),
    ],
)
def test_accounts_that_come_and_go_are_told(before: str, after: str, told: str) -> None:
    assert accounts_told(entry_of(id="one"), before.split(), after.split()) == told
