"""Reasons: what we say and what Publer says never mix."""

from __future__ import annotations

from publer_sync.applying.report import Reason
from publer_sync.errors import Refused
from publer_sync.model import Failure

LOUD = Reason.of(Refused("Publer refused to edit a post (422)", publer_said="No.", hint="Wait"))


def test_an_error_keeps_its_two_sentences_apart() -> None:
    assert Reason("Publer refused to edit a post (422)", "No.", "Wait") == LOUD


def test_a_job_that_gave_reasons_is_told_from_one_that_gave_none() -> None:
    told = Reason.refused([Failure("Too long"), Failure("Too long"), Failure("No picture")])
    assert told == Reason("Publer refused the post", "Too long\nNo picture")
    assert Reason.refused([]) == Reason("Publer's job failed and gave no reason")


def test_reasons_join_sentence_by_sentence() -> None:
    assert LOUD.because_of("kept") == Reason("kept: Publer refused to edit a post (422)", "No.", "Wait")
    both = Reason("put back", "Yes.") + LOUD
    assert both == Reason("put back; Publer refused to edit a post (422)", "Yes.\nNo.", "Wait")
    assert Reason("") + LOUD == LOUD
    assert LOUD + Reason("", "No.") == LOUD
