"""Which post of a file that was written anew is the same as before: it keeps its key."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from publer_sync.studio.keys import PostKeys
from publer_sync.values.problems import Location
from tests.tables import each_of


def in_file(file: str, *posts: str) -> list[Any]:
    """The posts of a file, each as `id: words`, or words alone, a line each."""
    return [
        SimpleNamespace(
            id=post.partition(": ")[0] if ": " in post else None,
            place=Location(file, number),
            document=SimpleNamespace(file=file, kind="markdown", written=[post]),
        )
        for number, post in enumerate(posts, 1)
    ]


@each_of(
    "before, after, keys",
    [
        ("a|b|c", "a|b|c", "1 2 3"),
        ("a|b|c", "b|c", "2 3"),
        ("a|b|c", "new|a|b|c", "4 1 2 3"),
        ("a|b|c", "a|other|c", "1 2 3"),
        ("a|b|c", "a|other|more|c", "1 4 5 3"),
        ("a|b|c", "c", "3"),
        ("i: a|j: b", "j: b|i: a", "2 1"),
        ("i: a|j: b", "j: other|i: more", "2 1"),
        ("i: a|b", "b|i: other", "2 1"),
        ("i: a|b", "j: a|b", "1 2"),
        ("i: a|i: b", "i: c", "2"),
        ("a|a", "a|a|a", "1 2 3"),
        ("a", "", ""),
        ("", "a", "1"),
    ],
)
def test_a_post_keeps_its_key_while_its_id_its_words_or_its_place_say_that_it_is_the_same(
    before: str, after: str, keys: str
) -> None:
    known = PostKeys("")
    for posts in (before, after):
        known.follow(in_file("a", *filter(None, posts.split("|"))))
    assert " ".join(known.of_files("a")) == keys
    assert sorted(known.entries) == sorted(known.by_place.values()) == sorted(keys.split())


def test_files_that_did_not_change_are_left_as_they_are_unless_they_were_read_again() -> None:
    known = PostKeys("0-")
    one, two, three = in_file("a", "a", "b"), in_file("b", "c"), in_file("c", "d")
    known.follow([*one, *two, *three])
    before = known.copy()
    assert [*known.by_place.values()] == ["0-1", "0-2", "0-3", "0-4"]
    new = in_file("b", "c", "e")
    known.follow([*one, *new], {"b", "c"})
    assert (known.of_files("abc"), [*before.entries]) == (
        ["0-1", "0-2", "0-3", "0-5"],
        ["0-1", "0-2", "0-3", "0-4"],
    )
    assert known.entries["0-3"] is new[0]
    assert known.differing(before, "abc") == ["0-5", "0-4"]
    again = in_file("a", "a", "other")
    known.follow([*again, *new], set())
    assert (known.entries["0-2"], known.differing(before, "a")) == (again[1], ["0-2"])
    assert known.revision("0-2") != before.revision("0-2")
    assert known.revision("0-1") == before.revision("0-1")


def test_posts_that_stay_keep_their_keys_among_others_with_the_same_id_or_words() -> None:
    known = PostKeys("")
    first, second, third = in_file("a", "i: a", "i: b", "c")
    known.follow([first, second, third])
    (new,) = in_file("a", "i: new")
    known.follow([second, new, third])
    assert known.of_files("a") == ["2", "1", "3"]


def test_the_post_at_a_line_is_the_one_above_it_and_no_further_than_it_goes() -> None:
    known = PostKeys("")
    known.follow(in_file("a", "a"))
    assert [known.key_at(Location("a", line)) for line in (0, 1, 2)] == [None, "1", None]
    assert (known.key_at(Location("b", 1)), known.key_at(None)) == (None, None)
    assert known.entry_above(Location("a", 9)) is known.entries["1"]
