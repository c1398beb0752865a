"""Text measured and cut in columns of a terminal."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from publer_sync.render.layout.measure import chunks, cut, first_words, width
from tests.tables import each_of


@each_of(
    ("text", "columns"),
    [
        ("abc", 3),
        ("日本", 4),
        ("é", 1),
        ("e\u0301", 1),
        ("🎉", 2),
        ("👨‍👩‍👧", 2),
        ("❤️", 2),
        ("👍🏽", 2),
        ("🇳🇴", 2),
    ],
)
def test_width_is_what_a_terminal_gives_it(text: str, columns: int) -> None:
    assert width(text) == columns


@given(st.text(), st.integers(2, 30))
def test_a_cut_text_fits_and_says_that_it_was_cut(text: str, columns: int) -> None:
    short = cut(text, columns)
    assert width(short) <= columns
    assert short == text or short.endswith("…")


@each_of(
    ("text", "columns", "short"),
    [
        ("Presents that still work", 16, "Presents that…"),
        ("Donaudampfschifffahrt", 10, "Donaudamp…"),
        ("One, two", 6, "One…"),
        ("日本語日本語", 7, "日本語…"),
        ("👨‍👩‍👧👨‍👩‍👧", 3, "👨‍👩‍👧…"),
        ("a" * 19 + " " + "b" * 20, 30, "a" * 19 + "…"),
        ("a" * 18 + " " + "b" * 20, 30, "a" * 18 + " " + "b" * 10 + "…"),
    ],
)
def test_a_text_is_cut_at_a_word_where_one_is_near(text: str, columns: int, short: str) -> None:
    assert cut(text, columns) == short


@each_of(
    ("word", "columns", "pieces"),
    [
        ("abcd", 2, ["ab", "cd"]),
        ("abcde", 2, ["ab", "cd", "e"]),
        ("日本", 1, ["日", "本", ""]),
        ("ab", 3, ["ab"]),
    ],
)
def test_a_word_that_fits_no_line_is_cut_into_pieces_that_do(
    word: str, columns: int, pieces: list[str]
) -> None:
    assert chunks(word, columns) == pieces


def test_first_words_show_line_breaks_as_a_mark() -> None:
    assert first_words("  One\n\n two", 20) == "One ¶ two"
