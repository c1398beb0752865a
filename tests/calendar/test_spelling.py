"""Slips of the keyboard, and words that merely look alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.calendar.shape.spelling import is_slip
from tests.calendar.calendars import SETTINGS, codes, one, write
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path


@each_of(
    ("word", "other"),
    [
        ("facbook", "facebook"),
        ("blueskyy", "bluesky"),
        ("lniked", "linked"),
        ("lmap.png", "lamp.png"),
        ("shlef", "shelf"),
    ],
)
def test_a_letter_lost_doubled_or_swapped_is_a_slip(word: str, other: str) -> None:
    assert is_slip(word, other)
    assert is_slip(other, word)


@each_of(
    ("word", "other"),
    [
        ("shelf-1", "shelf-2"), ("shelf-12", "shelf-21"), ("shelf", "shelf1"), ("acme_no", "acme_nl"), ("x", "xx"),
        ("same", "same"), ("shelf", "shelf"), ("shelf", "shelves"),
    ],
)  # fmt: skip
def test_another_letter_or_number_is_another_word(word: str, other: str) -> None:
    assert not is_slip(word, other)


@each_of(
    "word, right",
    [("x", True), ("twitter", True), ("Twitter", False), ("TikTok", False), ("mars", False)],
)
def test_a_network_is_named_as_the_calendar_calls_it(top: Path, word: str, right: bool) -> None:
    write(top, publer=SETTINGS, posts=one("x", f"text: hi\n  networks: {{{word}: {{text: b}}}}"))
    assert ("account.network" in codes(top)) is not right
