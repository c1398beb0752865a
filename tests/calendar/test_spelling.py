"""Slips of the keyboard, and words that merely look alike."""

from __future__ import annotations

from publer_sync.calendar.shape.spelling import is_slip
from tests.tables import each_of


@each_of(
    ("word", "other"),
    [("facbook", "facebook"), ("blueskyy", "bluesky"), ("lniked", "linked"), ("lmap.png", "lamp.png")],
)
def test_a_letter_lost_doubled_or_swapped_is_a_slip(word: str, other: str) -> None:
    assert is_slip(word, other)
    assert is_slip(other, word)


@each_of(
    ("word", "other"),
    [
        ("shelf-1", "shelf-2"), ("shelf-12", "shelf-21"), ("shelf", "shelf1"), ("acme_no", "acme_nl"), ("x", "xx"),
        ("same", "same"),
    ],
)  # fmt: skip
def test_another_letter_or_number_is_another_word(word: str, other: str) -> None:
    assert not is_slip(word, other)
