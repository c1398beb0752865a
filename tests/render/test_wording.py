"""Sentences and spans of time."""

from __future__ import annotations

from publer_sync.render.layout.wording import (
    duration,
    fix_parts,
    managed_count,
    post_count,
    seconds,
    sentence,
)
from publer_sync.values.content import Duration
from publer_sync.values.problems import Help
from tests.tables import each_of


@each_of(
    ("message", "said"),
    [
        ("no file a.jpg", "No file a.jpg."),
        ("x has two posts", "x has two posts."),
        ("may.yaml is gone", "may.yaml is gone."),
        ("Is it?", "Is it?"),
        ("", ""),
        ("iPhone is new", "iPhone is new."),
    ],
)
def test_a_message_becomes_a_sentence(message: str, said: str) -> None:
    assert sentence(message) == said


def test_a_fix_without_words_is_its_example() -> None:
    assert fix_parts(Help(example="at: 9:00")) == [("For example:", "at: 9:00")]
    assert fix_parts(Help()) == []


@each_of(
    ("value", "said"),
    [
        (0.4, "under a second"),
        (1, "1 s"),
        (41, "41 s"),
        (60, "1 min"),
        (352, "5 min 52 s"),
        (3600, "1 h 0 min"),
        (4800, "1 h 20 min"),
    ],
)
def test_seconds_as_people_say_them(value: float, said: str) -> None:
    assert seconds(value) == said


@each_of(("value", "said"), [(Duration(3, "Day"), "3 days"), (Duration(1, "Week"), "1 week"), (None, "")])
def test_durations_as_people_say_them(value: Duration | None, said: str) -> None:
    assert duration(value) == said


@each_of(
    ("posts", "said"),
    [
        ((), "0 posts"),
        (({"x"},), "1 post"),
        (({"x"}, {"x"}), "2 posts"),
        (({"x", "linkedin"},), "1 post on 2 accounts"),
        (({"x"}, {"linkedin"}, {"x"}), "3 posts on 2 accounts"),
    ],
)
def test_posts_are_counted_with_their_accounts_where_these_are_several(
    posts: tuple[set[str], ...], said: str
) -> None:
    assert managed_count([*map(frozenset, posts)]) == said
    accounts = len(set().union(*posts))
    assert post_count(len(posts), accounts) == (f"{said.replace(' on ', ' (on ')})" if accounts > 1 else said)
