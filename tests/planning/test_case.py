"""What of a post in Publer a message quotes, and which one may be a copy that was never found."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.ledger.copies import NO_FACTS
from publer_sync.planning.case import first_words
from publer_sync.planning.plan import Action
from publer_sync.values.model import MINUTE
from tests.builders import LATER, NOW, SOON, codes, ledger, planned, sent, shown, wanted
from tests.planning.posts import DRAFT, LAPSED, OURS, POST, blocks, case
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


def test_what_is_under_way_is_settled_by_its_clock_and_all_else_now() -> None:
    removing = replace(OURS, removing_at=NOW)
    for copy, settled in (
        (sent(POST), False),
        (replace(OURS, requested_at=NOW), True),
        (removing, False),
        (replace(removing, removed=True), True),
    ):
        assert (case().settled_at([copy]) == NOW) is settled
    assert case().facts(99) == NO_FACTS


def test_what_was_adopted_is_no_copy_that_was_never_found() -> None:
    there = shown(SOON, "Other words", id="f-1")
    plan = planned([wanted(SOON, "Other words", id="new")], [there], ledger(LAPSED))
    assert [each.action for each in plan.changes] == [Action.ADOPT]
    assert "may_be_managed" not in codes(plan)


def test_a_draft_that_publer_refused_may_be_there_in_its_words_alone() -> None:
    refused = replace(sent(DRAFT), lapsed=True, job_id="j-1", refused="no")
    for text, found in (("Hello", ("twin",)), ("Other words", ())):
        there = shown(SOON, text, id="f-1", state="draft")
        assert blocks(planned([replace(DRAFT, at=LATER)], [there], ledger(refused))) == [found]


def test_words_with_other_links_are_another_post() -> None:
    one, other = (f"Read https://a.example/{number}" for number in (1, 2))
    for text, found in ((one, ("twin",)), (other, ())):
        assert blocks(planned([wanted(SOON, one)], [shown(LATER, text, id="f-1")], None)) == [found]
