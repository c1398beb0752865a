"""Which posts somebody means: by id, by file and line, by what a caller calls them, or by words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.calendar.explanation import find
from tests.calendar.calendars import both, write
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

POSTS = """posts:
- {id: lamp, at: 2027-03-01 09:00, accounts: x, text: "The  Lamp is\\nhere"}
- {at: 2027-03-02 09:00, accounts: [x, linkedin], text: A chair}
- {id: tip, at: 2027-03-03 09:00, accounts: x, text: A lamp again, repeat: {every: week, times: 2}}
"""


@each_of(
    "what, named, lines",
    [
        ("lamp", "", [2]),
        ("tip", "", [4]),
        ("tip@2027-03-10", "", [4]),
        ("tip@2027-03-17", "", []),
        ("posts.yaml:3", "", [3]),
        ("./posts.yaml:3", "", [3]),
        ("posts.yaml:4", "", [4]),
        ("posts.yaml:9", "", []),
        ("other.yaml:3", "", []),
        ("x@2027-03-02T09:00", "A chair", [3]),
        ("a", "A chair", [3]),
        ("lamp IS here", "", [2]),
        ("a", "", [2, 3, 4]),
        ("sofa", "", []),
        ("  ", "", []),
    ],
)
def test_which_posts_are_meant(top: Path, what: str, named: str, lines: list[int]) -> None:
    write(top, posts=POSTS)
    calendar, desired, _ = both(top)
    found = find(what, calendar.entries, desired.posts, lambda post: post.text == named)
    assert [entry.place.line for entry in found] == lines
