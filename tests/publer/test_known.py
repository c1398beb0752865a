"""Sentences of Publer that people have met, and the advice that goes with them."""

from __future__ import annotations

from publer_sync.publer.known import KNOWN, Known, advice
from publer_sync.sandbox import tables
from tests.tables import each_of


@each_of("known", KNOWN, ids=lambda known: known.part)
def test_a_sentence_is_known_by_a_part_of_it_however_it_is_written(known: Known) -> None:
    assert known.part == known.part.lower()
    assert known.fix.endswith(".")
    assert not known.means.endswith(".")
    for said in (known.says, known.says.upper(), f"Account X: {known.says}!"):
        assert known.fix in (advice(said) or "")


def test_what_the_sandbox_says_as_the_documents_do_is_known() -> None:
    for said in (
        tables.GAP_TEXT,
        tables.WORDS_TEXT,
        tables.COMPOSER_TEXT,
        tables.BACKDATED_TEXT,
        tables.ITEM_MEDIA_TEXT,
        tables.TYPE_TEXT,
    ):
        assert advice(said)


def test_each_advice_is_given_once_and_none_for_what_is_not_known() -> None:
    assert advice("Posts cannot be backdated\nPOSTS CANNOT BE BACKDATED") == "Choose a later time."
    both = advice("too many posts via openapi in the last 24 hours\nPost type is not valid")
    assert both == "Set another `type`, or remove this account from the post. Move the post to another day."
    assert advice("Not today.") is None
    assert advice("") is None
