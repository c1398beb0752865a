"""What two versions of a text have in common at their ends, and texts that say the same."""

from __future__ import annotations

import pytest

from publer_sync.values.alike import folded, same_ends, url_without_utm, without_utm
from tests.tables import each_of


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


@each_of(
    ("text", "words"),
    [
        ("See  it\nTHERE", "see it there"),
        ("Look: https://e.com/?utm_source=x&utm_campaign=2027-03-09", "look: https://e.com/"),
        ("https://e.com/a?b=1&utm_source=x#end", "https://e.com/a?b=1#end"),
        ("https://e.com/a?utm_source=x&b=1&utm_term=50%25 off", "https://e.com/a?b=1 off"),
        ("(https://e.com/a?utm_source=x) and more", "(https://e.com/a) and more"),
        ("What is utm_source?", "what is utm_source?"),
    ],
)
def test_words_are_compared_without_case_blanks_and_parameters_for_statistics(text: str, words: str) -> None:
    assert folded(text) == words


@each_of(
    ("text", "bare"),
    [
        (
            "See https://a.example/b?utm_source=x&utm_campaign=2027-03-02.",
            "See https://a.example/b.",
        ),
        ("https://a.example/?utm_campaign=launch%20day#top", "https://a.example/#top"),
        ("https://a.example/b?id=1&utm_id=7&page=2", "https://a.example/b?id=1&page=2"),
        ("https://a.example/b?utm_id=7&id=1", "https://a.example/b?id=1"),
        ("(https://a.example/b?utm_term=)、utm_source", "(https://a.example/b)、utm_source"),
        ("https://a.example/b?id=utm_source", "https://a.example/b?id=utm_source"),
    ],
)
def test_a_text_without_the_parameters_of_its_links(text: str, bare: str) -> None:
    assert without_utm(text) == bare


@each_of(
    ("url", "bare"),
    [
        ("https://a.example/b?utm_source=x&utm_campaign=a,b:(c)!", "https://a.example/b"),
        ("https://a.example/b?utm_source&id=1#utm", "https://a.example/b?id=1#utm"),
        ("https://a.example/b?id=1&utm_id=ü&page=2", "https://a.example/b?id=1&page=2"),
        ("https://a.example/b?id=utm_source", "https://a.example/b?id=utm_source"),
    ],
)
def test_a_url_on_its_own_without_its_parameters_whatever_they_say(url: str, bare: str) -> None:
    assert url_without_utm(url) == bare
