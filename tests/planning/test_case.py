"""What of a post in Publer a message quotes, and which one may be a copy that was never found."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.planning.case import first_words
from publer_sync.values.model import MINUTE
from tests.builders import NOW, SOON, codes, ledger, planned, shown
from tests.planning.posts import LAPSED, POST, blocks
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.ledger.copies import Copy
    from publer_sync.values.model import LivePost


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


@each_of(
    ("copy", "live", "found"),
    [
        (LAPSED, shown(SOON, "Other words", id="f-1"), ("slot", "twin")),
        (LAPSED, shown(SOON, "Other words", id="f-1", state="draft"), ()),
        (replace(LAPSED, refused="no"), shown(SOON, "Hello", id="f-1"), ()),
        (replace(LAPSED, refused="no"), shown(SOON, "Other words", id="f-1"), ("slot",)),
    ],
)
def test_what_was_sent_and_never_found_may_be_there_in_other_words(
    copy: Copy, live: LivePost, found: tuple[str, ...]
) -> None:
    assert blocks(planned([POST], [live], ledger(copy))) == [found]


def test_what_may_be_a_copy_that_left_is_told_until_its_minute() -> None:
    for at, told in ((NOW, False), (NOW + MINUTE, True)):
        left = replace(LAPSED, slot=at)
        plan = planned([], [shown(at, "Other words", id="f-1")], ledger(left))
        assert ("may_be_managed" in codes(plan)) is told
