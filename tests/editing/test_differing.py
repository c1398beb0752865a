"""The fewest edits between two values: what stays as it is keeps its lines and its comments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.editing.differing import edits_between
from publer_sync.editing.edits import Append, Arrange, Drop, Put

if TYPE_CHECKING:
    from publer_sync.editing.edits import Edit

A, B, C = ({"file": f"{name}.png"} for name in "abc")


@pytest.mark.parametrize(
    ("old", "new", "edits"),
    [
        pytest.param("Old", "New", [Put(("k",), "New")], id="another text"),
        pytest.param("Same", "Same", [], id="the same text"),
        pytest.param({"a": 1, "b": 2}, {"a": 1, "b": 3}, [Put(("k", "b"), 3)], id="one key of a map"),
        pytest.param(
            {"a": 1, "b": 2},
            {"a": 1, "c": 3},
            [Drop(("k", "b")), Put(("k", "c"), 3)],
            id="a key that goes and one that comes",
        ),
        pytest.param({"a": 1}, {"b": 2}, [Put(("k",), {"b": 2})], id="another map altogether"),
        pytest.param([A, B], [A, B, C], [Append(("k",), [C])], id="one more item"),
        pytest.param([A, B, C], [A, C], [Drop(("k", 1))], id="one item less"),
        pytest.param([A, B], [B, A], [Arrange(("k",), (1, 0))], id="another order"),
        pytest.param(
            [A, B],
            [A, {**B, "alt": "A lamp"}],
            [Put(("k", 1, "alt"), "A lamp")],
            id="more about an item that is known by its file",
        ),
        pytest.param([A], [C], [Put(("k",), [C])], id="other items altogether"),
        pytest.param(["a", "b"], ["a", "c"], [Put(("k", 1), "c")], id="another word in the place of one"),
        pytest.param(
            ["a", "b"], ["b", "c"], [Drop(("k", 0)), Append(("k",), ["c"])], id="a word that is no other"
        ),
        pytest.param(
            ["a", "b"], ["a", "c", "d"], [Drop(("k", 1)), Append(("k",), ["c", "d"])], id="two words for one"
        ),
        pytest.param(
            [{"text": "One"}, {"text": "Two"}],
            [{"text": "One"}, {"text": "New"}, {"text": "More"}],
            [Put(("k", 1, "text"), "New"), Append(("k",), [{"text": "More"}])],
            id="other words in a map without a name",
        ),
        pytest.param(
            [{"text": "One"}, "x"],
            ["One", "x"],
            [Drop(("k", 0)), Append(("k",), ["One"]), Arrange(("k",), (1, 0))],
            id="a word in the place of a map",
        ),
        pytest.param(
            ["x", "y"],
            [{"text": "Own"}, "y"],
            [Put(("k", 0), {"text": "Own"})],
            id="a map in the place of a word",
        ),
        pytest.param(
            [A, {"text": "One"}],
            [{"text": "New"}, {**A, "alt": "A lamp"}],
            [
                Put(("k", 0, "alt"), "A lamp"),
                Drop(("k", 1)),
                Append(("k",), [{"text": "New"}]),
                Arrange(("k",), (1, 0)),
            ],
            id="the place of an item that went elsewhere",
        ),
        pytest.param(
            [{**A, "alt": "One"}, {**A, "alt": "Two"}],
            [{**A, "alt": "Two"}],
            [Drop(("k", 0))],
            id="the same one of two that have one name",
        ),
        pytest.param(
            [A], [C, B, A], [Append(("k",), [C, B]), Arrange(("k",), (1, 2, 0))], id="two items above one"
        ),
        pytest.param(
            ["a", "b", "c", "d"],
            ["d", "b", "c", "x"],
            [Drop(("k", 0)), Append(("k",), ["x"]), Arrange(("k",), (2, 0, 1, 3))],
            id="the place of a word that is gone, and another word in it",
        ),
        pytest.param(["x"], "all", [Put(("k",), "all")], id="a list that becomes a text"),
    ],
)
def test_only_what_differs_is_edited(old: Any, new: Any, edits: list[Edit]) -> None:
    assert edits_between(("k",), old, new) == edits


def test_what_was_no_list_is_replaced_by_the_list_as_a_whole() -> None:
    assert edits_between(("labels",), "ab", ["a", "b"]) == [Put(("labels",), ["a", "b"])]
    assert edits_between(("labels",), ["a"], "ab") == [Put(("labels",), "ab")]
    others: list[Any] = [[], 5, {"a": 1}]
    for old in others:
        assert edits_between(("labels",), old, ["a"]) == [Put(("labels",), ["a"])]
