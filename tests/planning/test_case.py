"""What of a post in Publer a message quotes."""

from __future__ import annotations

from publer_sync.planning.case import first_words
from tests.builders import SOON, shown
from tests.tables import each_of


@each_of(
    ("text", "words"),
    [
        ("Hello", "Hello"),
        ("\n  First line\nSecond line", "First line"),
        ("x" * 50, "x" * 50),
        ("x" * 51, "x" * 49 + "…"),
    ],
)
def test_a_post_is_quoted_by_its_first_line_which_is_kept_short(text: str, words: str) -> None:
    assert first_words(shown(SOON, text)) == words
