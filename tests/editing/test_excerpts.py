"""Posts that are edited in excerpts of their file give the bytes that they give one after the other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from publer_sync.calendar.files import parse
from publer_sync.editing import excerpts
from publer_sync.editing.editor import edited, reread
from publer_sync.editing.edits import Drop, Put
from publer_sync.editing.excerpts import Excerpts
from publer_sync.editing.extent import OddLayout

if TYPE_CHECKING:
    from publer_sync.calendar.document import Document
    from publer_sync.editing.edits import Edit

POSTS = "".join(
    f"# about {number}\n- at: 2027-03-0{number + 1} 09:00\n  text: |\n    Words {number}\n\n"
    for number in range(5)
)
LAYOUTS = {
    "plain": f"posts:\n{POSTS}",
    "keys around": f"accounts: x\nposts:\n{POSTS}# below\ntimezone: UTC\n",
    "indented": "posts:\n" + "".join(f"  {line}\n" if line else "\n" for line in POSTS.splitlines()),
    "no last line end": f"posts:\n{POSTS}".rstrip("\n"),
    "dashes alone": f"posts:\n{POSTS}".replace("- at", "-\n  at"),
    "one line each": "posts:\n"
    + "".join(f"- {{at: 2027-03-0{day} 09:00, text: Hi}}\n" for day in range(1, 6)),
}
CHANGES: dict[int, list[Edit]] = {
    0: [Put(("posts", 0, "text"), "A\nB\nC")],
    1: [Put(("posts", 1, "at"), "2028-01-01 10:00"), Put(("posts", 1, "labels"), ["new"])],
    2: [Put(("posts", 2, "draft"), value=True)],
    3: [Drop(("posts", 3))],
    4: [Put(("posts", 4, "id"), "last"), Drop(("posts", 4, "text"))],
}


def document_of(text: str) -> Document:
    return reread(parse("", "posts.yaml", path=Path("posts.yaml"), kind="posts"), text.encode())


def at_once(document: Document) -> Document | None:
    found = Excerpts(document)
    done = {}
    for number, edits in CHANGES.items():
        excerpt = found.of(number)
        assert excerpt is not None
        new = excerpt.document
        for edit in edits:
            path = ("posts", excerpt.index, *edit.path[2:])
            new = edited(new, [Put(path, edit.value) if isinstance(edit, Put) else Drop(path)])
        done[number] = excerpt, new
    return found.joined(done)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("text", LAYOUTS.values(), ids=LAYOUTS)
def test_many_at_once_give_the_same_bytes_as_one_after_the_other(text: str, line_end: str) -> None:
    document = document_of("\ufeff" + text.replace("\n", line_end))
    one_by_one = document
    for number in sorted(CHANGES, reverse=True):
        one_by_one = edited(one_by_one, CHANGES[number])
    together = at_once(document)
    assert together is not None
    assert together.raw == one_by_one.raw
    assert together.data == one_by_one.data


@pytest.mark.parametrize("stray", ["- at: 2030-01-01 09:00\n  text: Stray\n", "<<<<<<< ours\n"])
def test_what_the_file_would_not_say_is_not_joined(monkeypatch: pytest.MonkeyPatch, stray: str) -> None:
    document = document_of(LAYOUTS["plain"])
    assert at_once(document) is not None
    real = excerpts._changed

    def careless(old: str, new: str) -> tuple[int, int, str]:
        start, end, words = real(old, new)
        return start, end, words + stray

    monkeypatch.setattr(excerpts, "_changed", careless)
    assert at_once(document) is None


def test_a_post_with_an_alias_has_no_excerpt() -> None:
    text = (
        "posts:\n- {at: 2027-03-01 09:00, text: &words Hi}\n"
        + POSTS
        + "- {at: 2027-04-01 09:00, text: *words}\n"
    )
    found = Excerpts(document_of(text))
    assert found.of(6) is None
    assert found.of(2) is not None


@pytest.mark.parametrize(
    "text",
    [
        "posts: [{at: 2027-03-01 09:00, text: Hi}]\n",
        "posts: []\n",
        "posts:\n",
        POSTS,
        "posts:\n- at: 2027-03-01 09:00\n  text:Hi\n",
        "Words\n",
    ],
)
def test_posts_that_are_not_on_lines_of_their_own_have_none(text: str) -> None:
    with pytest.raises(OddLayout):
        Excerpts(document_of(text))
