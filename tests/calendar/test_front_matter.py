"""The front matter of a page: what it says, and the line and column of each key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publer_sync.calendar.website.front_matter import front_matter, scalars
from publer_sync.calendar.yaml.nodes import Map, Seq
from publer_sync.calendar.yaml.reader import Budget
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Iterator

TOML = """\
+++
title = "A lamp"
  "date" = 2027-04-06T10:00:00
'day' = 2027-04-06
clock = 10:30:00
price = 1.50
count = 3
new = true # yes
inline = { a = 1 }
social_first = "not it"
dotted.a = 1

[params] # of the theme
title = "Another"
dotted = "not it"
tags = ["a", "b"]

[[ social ]]
at = "date + 1d"
[social.networks.x]
text = "For X"
[[social]]
  at = "date + 2d"
text = "Second"
[[social.comments]]
text = "A comment"
[extra."deep"]
text = "Deep"
+++
Words
"""


def placed(data: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Each value by its path, and the place of its key."""
    if isinstance(data, Map):
        for key, value in data.items():
            yield f"{path}{key}", f"{data.marks[key].line}:{data.marks[key].column}"
            yield from placed(value, f"{path}{key}.")
    elif isinstance(data, Seq):
        for number, value in enumerate(data):
            yield f"{path}{number}", f"{data.marks[number].line}:{data.marks[number].column}"
            yield from placed(value, f"{path}{number}.")


def test_each_key_of_toml_is_at_its_line() -> None:
    found = front_matter("a.md", TOML.split("\n"), Budget())
    assert found is not None
    assert dict(placed(found.data)) == {
        "title": "2:1",
        "date": "3:3",
        "day": "4:1",
        "clock": "5:1",
        "price": "6:1",
        "count": "7:1",
        "new": "8:1",
        "inline": "9:1",
        "inline.a": "9:1",
        "social_first": "10:1",
        "dotted": "2:1",
        "dotted.a": "2:1",
        "params": "13:1",
        "params.title": "14:1",
        "params.dotted": "15:1",
        "params.tags": "16:1",
        "params.tags.0": "16:1",
        "params.tags.1": "16:1",
        "social": "18:1",
        "social.0": "18:1",
        "social.0.at": "19:1",
        "social.0.networks": "20:1",
        "social.0.networks.x": "20:1",
        "social.0.networks.x.text": "21:1",
        "social.1": "22:1",
        "social.1.at": "23:3",
        "social.1.text": "24:1",
        "social.1.comments": "25:1",
        "social.1.comments.0": "25:1",
        "social.1.comments.0.text": "26:1",
        "extra": "27:1",
        "extra.deep": "27:1",
        "extra.deep.text": "28:1",
    }


def filling(*lines: str) -> dict[str, str] | str | None:
    """What a page's texts can be filled in with; why it cannot be read; None where a file has no front matter."""
    found = front_matter("a.md", lines, Budget())
    if found is None:
        return None
    if found.error is not None:
        return ":".join(map(str, found.error[1:]))
    assert found.data is not None
    return dict(scalars(found.data, lines))


def test_a_file_of_no_line_has_no_front_matter() -> None:
    assert front_matter("a.md", [], Budget()) is None


def test_a_number_is_filled_in_as_it_was_typed() -> None:
    assert filling(*TOML.split("\n")) == {
        "title": "A lamp",
        "date": "2027-04-06 10:00:00",
        "day": "2027-04-06",
        "clock": "10:30:00",
        "price": "1.50",
        "count": "3",
        "new": "true",
        "social_first": "not it",
    }


@each_of(
    "text, found",
    [
        ("", None),
        ("Words", None),
        ("Words\n\nWords", None),
        ("---\na: 1", None),  # never closed
        ("---\na: 1\n+++", None),
        ("---\na: 1.10 # a note\nb: Yes\nc: ' d '\ne: [1]\nf: true\n---", {"a": "1.10", "b": "Yes", "c": "d", "f": "true"}),
        ("---\na: &p 1.10\nb: *p\nc: !!int 5\nd: &q true\n---", {"a": "1.10", "b": "1.1", "c": "5", "d": "true"}),
        ("---\na: &p\n  1.10\nb: &q # below\n            2.5\n---", {"a": "1.1", "b": "2.5"}),
        ('+++\n# a note\n"\\u0061" = 1.50\n"\\u0062" = true\n+++', {"a": "1.5", "b": "true"}),  # not found as it was typed
        ("--- \na: 1\n---  \nb: 2\n---", {"a": "1"}),
        ("---\n- a\n---", {}),
        ("---\n---", {}),
        ("---\na: [1\n---", "2:6"),
        ("+++\na = [\n  1,\n  2 ]\nb = 1_000\nc = -1.5e3\n+++", {"b": "1_000", "c": "-1.5e3"}),
        ("+++\na = { b = 1 }\nc = 0x1F\n+++", {"c": "0x1F"}),
        ("+++\na = 1\na = 2\n+++", "3:1"),
        ("+++\na = 1\na = 2\nb = 3\n+++", "3:6"),
        ('+++\na = """\nb\n+++', "3:1"),
    ],
)  # fmt: skip
def test_what_stands_between_two_fences_is_read(text: str, found: dict[str, str] | str | None) -> None:
    assert filling(*text.split("\n")) == found


def test_a_key_of_an_item_of_toml_is_never_that_of_the_next_one() -> None:
    text = """\
+++
[[social]]
words.a = 1
[social.n]
a = 1
[[social]]
[social.words]
b = 2
[[social.n]]
a = 2
[[social.n]]
a = 3
+++
"""
    found = front_matter("a.md", text.split("\n"), Budget())
    assert found is not None
    at = dict(placed(found.data))
    assert [at[f"social.{key}"] for key in ("0.words", "0.n", "1.words", "1.n.0", "1.n.1", "1.n.1.a")] == [
        "2:1",
        "4:1",
        "7:1",
        "9:1",
        "11:1",
        "12:1",
    ]
