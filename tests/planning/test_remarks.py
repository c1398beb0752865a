"""Which warnings of validate a plan repeats: those about posts that something happens to."""

from __future__ import annotations

from publer_sync.planning.plan import Action
from publer_sync.planning.remarks import bearing_on
from publer_sync.problems import Location, Problem
from tests.builders import LATER, SOON, change, plan, wanted

FIRST, LAST = wanted(SOON, line=3), wanted(LATER, line=9)


def told(*lines: int, changed: int = 9, file: str = "2026-12.yaml") -> list[int]:
    """The lines of the warnings that a plan of one change repeats, of warnings on these."""
    (post,) = (post for post in (FIRST, LAST) if post.location.line == changed)
    remarks = [Problem("warning", "text.long", "too long", Location(file, line)) for line in lines]
    found = bearing_on(plan([change(Action.CREATE, post)]), [FIRST, LAST], remarks)
    return [warning.location.line for warning in found if warning.location]


def test_a_warning_is_of_the_last_post_that_begins_above_it() -> None:
    assert told(3, 8, 9, 10, 99) == [9, 10, 99]
    assert told(3, 8, 9, 10, 99, changed=3) == [3, 8]


def test_what_stands_above_every_post_or_in_another_file_is_of_none() -> None:
    assert told(1, 2) == []
    assert told(3, 9, file="publer.yaml") == []
