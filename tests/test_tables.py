"""Tables of cases: each row is tried, and each that fails is named."""

from __future__ import annotations

from inspect import signature

import pytest

from tests.tables import each_of


def test_every_row_is_tried_with_every_row_of_another_table() -> None:
    seen: list[tuple[str, int, str, int]] = []

    @each_of(("letter", "number"), [("a", 1), ("b", 2)])
    @each_of("more", [10, 20])
    def test(letter: str, number: int, more: int, fixture: str) -> None:
        seen.append((letter, number, fixture, more))

    assert [*signature(test).parameters] == ["fixture"]
    test(fixture="f")
    assert seen == [("a", 1, "f", 10), ("a", 1, "f", 20), ("b", 2, "f", 10), ("b", 2, "f", 20)]


def test_each_row_that_fails_is_named() -> None:
    @each_of("text, used", [("a", 1), ("b", 3), ("cc", 2), ("dd", 5)])
    def test(text: str, used: int) -> None:
        assert len(text) == used

    with pytest.raises(ExceptionGroup, match="2 of 4 rows") as raised:
        test()
    assert [error.__notes__[0] for error in raised.value.exceptions] == [
        "in the row 'b', 3",
        "in the row 'dd', 5",
    ]


def test_one_row_that_fails_fails_as_it_would_alone() -> None:
    @each_of("number", [1, 0], ids=lambda number: f"number {number}")
    def test(number: int) -> None:
        assert 1 / number

    with pytest.raises(ZeroDivisionError) as raised:
        test()
    assert raised.value.__notes__ == ["in the row number 0"]
