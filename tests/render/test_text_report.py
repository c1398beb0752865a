"""The report for a terminal, compared whole."""

from __future__ import annotations

from dataclasses import replace

from publer_sync.applying.report import Outcome
from publer_sync.planning.plan import Action, Block, FieldChange
from publer_sync.render import text
from publer_sync.render.past.outcomes import ending_lines, note_lines, result_lines
from publer_sync.values.errors import FirstContactError, Interrupted, UnrequestedDelete
from tests.builders import (
    INSTAGRAM,
    LINKEDIN,
    at,
    blocked,
    change,
    everything,
    live,
    post,
    report,
    result,
    vary,
)

CREATE = change(
    Action.CREATE, post("12-07 09:00", "When the power fails", account=LINKEDIN, place=("2026-12.yaml", 52))
)
MOVE = change(
    Action.REPLACE,
    post("12-08 18:00", "From sheet to lamp", account=INSTAGRAM, id="lamp", place=("2026-12.yaml", 60)),
    live=live("12-08 12:00"),
    diff=(FieldChange("scheduled_at", "2026-12-08T11:00:00Z", "2026-12-08T17:00:00Z"),),
)


def test_a_report_where_all_went_well() -> None:
    done = report(
        [result(CREATE, Outcome.APPLIED), result(MOVE, Outcome.APPLIED)],
        next_out=(at("11-25 09:00"), "x", "Hi"),
    )
    assert text.report(done) == (
        'Done. 1 post created, 1 moved (on 2 accounts); verified in Publer. 14 requests, 41 s.\nNext post: Wed 25 Nov 09:00 x "Hi".\n'
    )


def test_a_report_where_something_waits_for_a_person() -> None:
    assert (
        text.report(report([result(CREATE, Outcome.WAITING)]))
        == """\
Mon 7 Dec
waiting     new      09:00  linkedin   "When the power fails"
                   2026-12.yaml:52
                   It waits in Publer for someone's approval.

Done. 1 post waits in Publer for someone's approval. 14 requests, 41 s.
"""
    )


def test_a_report_where_not_all_went_well() -> None:
    held = [
        vary(item, at=at("12-05 10:00")) for item in blocked() if item.blocks[0] in (Block.SLOT, Block.STATE)
    ]
    missed = change(
        Action.PAST,
        post("11-23 09:00", "Late", place=("2026-11.yaml", 9)),
        missed=True,
        reason="its time passed before it was ever scheduled",
    )
    results = [
        result(missed, Outcome.NOT_TRIED),
        *(result(item, Outcome.NOT_TRIED) for item in held),
        result(
            CREATE,
            Outcome.FAILED,
            publer_said="The composer is in a bad state for this account as it's missing the social network params.",
            hint="mostly this means that the account is no longer connected; reconnect it in Publer",
        ),
        result(MOVE, Outcome.UNVERIFIED, "Publer does not list it; the next apply checks again"),
        result(everything().listed[0], Outcome.APPLIED),
        result(CREATE, Outcome.FAILED, "the old one went out meanwhile", payload={"text": "Hi"}),
        result(CREATE, Outcome.FAILED),
    ]
    assert (
        text.report(report(results, seconds=352))
        == """\
Mon 23 Nov
skipped     missed   09:00  x          "Late"
                   2026-11.yaml:9
                   Its time passed before it was ever scheduled.
                   Fix: give it a new time in 2026-11.yaml:9, or remove it.

Sat 5 Dec
skipped     blocked  10:00  x          "First Saturday of Advent."
                   2026-12-advent.yaml:21
                   Somebody turned it into a draft in Publer.
                   Fix: correct it in Publer, or remove it from 2026-12-advent.yaml:21.
skipped     new      10:00  x          "First Saturday of Advent."
                   2026-12-advent.yaml:24
                   A post that stays in Publer has this minute: "Flash sale".
                   Fix: choose another time in 2026-12-advent.yaml:24, or move the other post in
                   Publer.

Mon 7 Dec
FAILED      new      09:00  linkedin   "When the power fails"
                   2026-12.yaml:52
                   Publer says: "The composer is in a bad state for this account as it's missing the
                   social network params."
                   Mostly this means that the account is no longer connected; reconnect it in
                   Publer.

Tue 8 Dec
unverified  move     18:00  instagram  lamp
                   2026-12.yaml:60
                   Publer does not list it; the next apply checks again.

Mon 7 Dec
FAILED      new      09:00  linkedin   "When the power fails"
                   2026-12.yaml:52
                   The old one went out meanwhile.
                   What it said: {"text": "Hi"}
FAILED      new      09:00  linkedin   "When the power fails"
                   2026-12.yaml:52
                   Publer gave no reason.

1 post done, 3 failed, 1 unverified, 3 skipped. 14 requests, 5 min 52 s.
Fix it and run apply again; finished posts are not repeated.
"""
    )


def test_a_report_of_nothing() -> None:
    assert (
        text.report(report([], requests=3)) == "Nothing to do. Everything is unchanged. 3 requests, 41 s.\n"
    )


def test_a_report_of_a_run_that_was_stopped() -> None:
    results = [
        result(CREATE, Outcome.APPLIED),
        result(MOVE, Outcome.NOT_TRIED),
        result(CREATE, Outcome.FAILED, "no"),
    ]
    stopped = report([*results, result(MOVE, Outcome.UNVERIFIED)], error=Interrupted("stopped"))
    assert text.report(stopped).split("\n")[-2] == (
        "Stopped: 1 post done, 1 failed, 1 unverified. The next apply finishes it."
    )
    assert "\nskipped" not in text.report(stopped)


def test_a_report_of_a_run_that_ended_early() -> None:
    results = [result(CREATE, Outcome.APPLIED)]
    error = UnrequestedDelete(
        "Publer deleted a post that was not asked for", hint="look at the workspace first"
    )
    assert text.report(report(results, error=error)) == (
        "Publer deleted a post that was not asked for.\n"
        "Look at the workspace first.\n"
        "Ended early: 1 post done. The rest was not tried.\n"
    )


def test_what_was_missed_is_told_also_where_the_run_ended_early() -> None:
    missed = change(Action.PAST, post("11-23 09:00", "Late"), missed=True, reason="its time passed")
    error = UnrequestedDelete("Publer deleted a post that was not asked for")
    told = text.report(
        report([result(missed, Outcome.NOT_TRIED), result(CREATE, Outcome.NOT_TRIED)], error=error)
    )
    assert ("Its time passed." in told, "When the power fails" in told) == (True, False)


def test_a_result_that_is_done_needs_no_words() -> None:
    assert result_lines(result(replace(CREATE, reason="it is new"), Outcome.APPLIED, "it is done")) == []
    assert (ending_lines(report([])), note_lines(report([]))) == ([], [])


def test_publers_sentence_is_quoted_and_ours_is_not() -> None:
    def lines(message: str, publer_said: str) -> list[str]:
        return result_lines(result(CREATE, Outcome.FAILED, message, publer_said=publer_said))

    ours = "the old post was put back"
    assert lines(ours, "Not today.") == ["The old post was put back.", 'Publer says: "Not today."']
    assert lines("", "Not today.") == ['Publer says: "Not today."']
    assert lines(ours, "") == ["The old post was put back."]
    assert lines("", "Not today.\n\nNot tomorrow.") == [
        'Publer says: "Not today."',
        'Publer says: "Not tomorrow."',
    ]


def test_a_way_out_of_several_lines_keeps_them_and_what_is_to_be_pasted_ends_without_a_stop() -> None:
    hint = "Look at it\nTo go on: publer-sync apply --allow-rewritten\nTo report it: https://example.com/new"
    told = text.report(report([], error=FirstContactError("it is not as sent", hint=hint)))
    assert told.splitlines()[:4] == [
        "It is not as sent.",
        "Look at it.",
        "To go on: publer-sync apply --allow-rewritten",
        "To report it: https://example.com/new",
    ]
