"""Which posts somebody means: by id, by file and line, by what a caller calls them, or by words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.calendar.explanation import explain, find
from publer_sync.values.problems import Location, Problem
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


@each_of(
    "what, line, ids, days",
    [
        ("tip", 4, ["tip@2027-03-03"], ("tip@2027-03-03", "tip@2027-03-10")),
        ("tip@2027-03-10", 4, ["tip@2027-03-10"], ("tip@2027-03-03", "tip@2027-03-10")),
        ("lamp", 2, ["lamp"], ()),
        ("posts.yaml:3", 3, [None, None], ()),
    ],
)
def test_a_post_is_explained_on_one_day_with_its_lines_and_what_is_wrong_there(
    top: Path, what: str, line: int, ids: list[str | None], days: tuple[str, ...]
) -> None:
    write(top, posts=POSTS.replace("A lamp again,", "A lamp again, ignore: {text.again: meant},"))
    calendar, desired, _ = both(top)
    (entry,) = find(what, calendar.entries, desired.posts, lambda _: False)
    places = [Location("posts.yaml", number) for number in (1, line, 5)]
    problems = [Problem("warning", "text.again", "m", at) for at in (*places, Location("a.yaml", line), None)]
    found = explain(
        entry, [post for post in desired.posts if post.location == entry.place], problems, what=what
    )
    assert [each.post.id for each in found.accounts] == ids
    assert found.days == days
    assert found.lines == ((line, (top / "posts.yaml").read_text().splitlines()[line - 1]),)
    assert found.problems == (problems[1],)
    assert found.silenced == ({"text.again": "meant"} if days else {})


def test_the_last_line_of_a_file_is_one_also_without_a_line_break(top: Path) -> None:
    write(top, posts=POSTS.rstrip())
    calendar, desired, _ = both(top)
    found = explain(
        calendar.entries[-1], [post for post in desired.posts if post.id], (), what="tip@2027-03-10"
    )
    assert [number for number, _ in found.lines] == [4]


def test_the_days_of_a_series_without_an_id_have_no_names(top: Path) -> None:
    write(top, posts=POSTS.replace("id: tip, ", ""))
    calendar, desired, _ = both(top)
    found = explain(
        calendar.entries[-1],
        [post for post in desired.posts if post.location.line == 4],
        (),
        what="lamp again",
    )
    assert (len(found.accounts), found.days) == (2, ())
    assert find("None@2027-03-03", calendar.entries, desired.posts, lambda _: False) == []


def test_a_post_in_a_file_of_its_own_has_all_its_lines(top: Path) -> None:
    text = "---\nid: lamp\nat: 2027-03-01 09:00\naccounts: x\n---\nA lamp\n\nis here\n\n\n"
    (top / "lamp.md").write_text(text, encoding="utf-8")
    calendar, desired, _ = both(top)
    found = explain(calendar.entries[0], desired.posts, (), what="lamp")
    assert [number for number, _ in found.lines] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert [(each.key, each.origin) for each in found.accounts[0].values] == [
        ("text", "post"),
        ("type", "inferred"),
    ]
