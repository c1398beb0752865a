"""Causes: what we say and what Publer says never mix."""

from __future__ import annotations

from publer_sync.applying.report import Cause
from publer_sync.errors import Refused
from publer_sync.model import Failure

LOUD = Cause.of(Refused("Publer refused to edit a post (422)", publer_said="No.", hint="Wait"))


def test_an_error_keeps_its_two_sentences_apart() -> None:
    assert Cause("Publer refused to edit a post (422)", "No.", "Wait") == LOUD


def test_a_job_that_gave_reasons_is_told_from_one_that_gave_none() -> None:
    told = Cause.refused([Failure("Too long"), Failure("Too long"), Failure("No picture")])
    assert told == Cause("Publer refused the post", "Too long\nNo picture")
    known = Cause.refused([Failure("Too long"), Failure("Posts cannot be backdated")])
    assert known.hint == "Choose a later time."
    assert Cause.refused([]) == Cause("Publer's job failed and gave no reason")


def test_reasons_join_sentence_by_sentence() -> None:
    assert LOUD.because_of("kept") == Cause("kept: Publer refused to edit a post (422)", "No.", "Wait")
    both = Cause("put back", "Yes.") + LOUD
    assert both == Cause("put back; Publer refused to edit a post (422)", "Yes.\nNo.", "Wait")
    assert Cause("") + LOUD == LOUD
    assert LOUD + Cause("", "No.") == LOUD
