"""What tells pages apart, and where their links lead."""

from __future__ import annotations

import pytest

from publer_sync.action import pages, runs
from publer_sync.action.inputs import Event


def test_two_calendars_have_two_marks() -> None:
    """Also where all that can be seen of their names is the same."""
    assert pages.mark("plan", "a-b") != pages.mark("plan", "a_b")
    assert "-->" not in pages.mark("plan", "x --> y")[:-3]


@pytest.mark.parametrize(
    ("file", "address"),
    [
        ("may.yaml", "https://github.com/o/r/blob/abc/cal/may.yaml#L3"),
        ("a b)#?.yaml", "https://github.com/o/r/blob/abc/cal/a%20b%29%23%3F.yaml#L3"),
        ("long.md", "https://github.com/o/r/blob/abc/cal/long.md?plain=1#L3"),
    ],
)
def test_the_address_of_a_line(file: str, address: str) -> None:
    event = Event.of({"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "o/r"})
    assert pages.Place(event, "cal", "abc").line(file, 3) == address


@pytest.mark.parametrize(
    ("codes", "code"), [([0, 2], 2), ([2, 6, 4], 4), ([4, 5, 3], 3), ([3, 1], 1), ([], 0)]
)
def test_the_worst_code_of_several_calendars(codes: list[int], code: int) -> None:
    assert runs.worst(codes) == code
