"""Causes: what we say and what Publer says never mix."""

from __future__ import annotations

from dataclasses import replace

from publer_sync.applying.report import Cause, Outcome
from publer_sync.planning.plan import Action
from publer_sync.values.errors import Refused
from publer_sync.values.model import Failure
from tests.builders import SOON, change, report, result, wanted
from tests.tables import each_of

LOUD = Cause.of(Refused("Publer refused to edit a post (422)", publer_said="No.", hint="Wait"))


def test_an_error_keeps_its_two_sentences_apart() -> None:
    assert Cause("Publer refused to edit a post (422)", "No.", "Wait") == LOUD


def test_what_to_do_about_an_error_is_its_own_hint_or_what_is_known_of_publers_words() -> None:
    known = "Posts cannot be backdated"
    assert Cause.of(Refused("no", publer_said=known)).hint == "Choose a later time."
    assert Cause.of(Refused("no", publer_said=known, hint="Wait")).hint == "Wait"
    assert Cause.of(Refused("no", publer_said="No.")).hint is None


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


NEW = change(Action.CREATE, wanted(SOON))


@each_of("outcome", Outcome)
def test_an_apply_is_clean_where_everything_is_done_or_waits_for_a_person(outcome: Outcome) -> None:
    clean = outcome in (Outcome.APPLIED, Outcome.WAITING)
    told = report([result(NEW, Outcome.APPLIED), result(NEW, outcome)])
    assert (told.clean, told.exit_code) == (clean, 0 if clean else 6)


def test_the_summary_counts_each_outcome() -> None:
    told = report([result(NEW, Outcome.APPLIED), result(NEW, Outcome.APPLIED), result(NEW, Outcome.FAILED)])
    assert {name: number for name, number in told.summary.items() if number} == {
        "applied": 2,
        "failed": 1,
        "unchanged": 50,
    }


def test_what_ended_an_apply_decides_its_exit_code() -> None:
    told = report([result(NEW, Outcome.APPLIED)], error=Refused("no"))
    assert (told.clean, told.exit_code, told.stopped) == (False, Refused("no").exit_code, False)


@each_of(
    ("what", "told_apart"),
    [("page", "waiting_for_pages"), ("asks", "waiting_for_yes"), ("leaves", "waiting_for_calendars")],
)
def test_what_the_posts_that_wait_are_waiting_for_is_told_apart(what: str, told_apart: str) -> None:
    waits = result(NEW, Outcome.WAITING)
    each = {
        "page": replace(waits, page=True),
        "asks": replace(waits, asks=True),
        "leaves": replace(waits, leaves=True),
    }
    others = [waits, replace(each[what], outcome=Outcome.NOT_TRIED)]
    assert getattr(report([*others, *each.values()]), told_apart).results == (each[what],)
