"""What two versions of a text have in common at their ends."""

from __future__ import annotations

import pytest

from publer_sync.values.alike import same_ends


@pytest.mark.parametrize(
    ("one", "other", "ends"),
    [
        ("abc", "abc", (3, 0)),
        ("abc", "axc", (1, 1)),
        ("aa", "aaa", (2, 0)),
        ("abab", "ab", (2, 0)),
        ("xab", "ab", (0, 2)),
        ("", "ab", (0, 0)),
        ("ab", "cd", (0, 0)),
    ],
)
def test_no_line_counts_twice(one: str, other: str, ends: tuple[int, int]) -> None:
    assert same_ends(one, other) == ends
