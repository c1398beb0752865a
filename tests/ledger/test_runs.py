"""What the records of runs tell of a post."""

from __future__ import annotations

from publer_sync.ledger.runs import RunLine, RunRecord, of_files, reasons_of
from tests.builders import HOUR, NOW, SOON, X


def test_why_a_post_was_taken_out_is_what_the_last_hold_of_it_said() -> None:
    held, made = RunLine("held", X.id, SOON, entry=1), RunLine("recreate", X.id, SOON, entry=2)
    runs = [
        RunRecord(NOW, "hold", reason="an accident", lines=(held,)),
        RunRecord(NOW + HOUR, "hold", reason="a storm", lines=(held,)),
        RunRecord(NOW + 2 * HOUR, "release", reason="a storm", lines=(made,)),
        RunRecord(NOW + 3 * HOUR, "apply", lines=(held,)),
    ]
    assert reasons_of(runs) == {1: "a storm"}


def test_runs_that_brought_files_are_told_newest_first() -> None:
    apply, release = RunRecord(NOW, "apply", commit="1"), RunRecord(NOW + HOUR, "release", commit="2")
    others = [
        RunRecord(NOW, "hold", commit="3"),
        RunRecord(NOW, "apply"),
        RunRecord(NOW, "forget", commit="4"),
    ]
    assert of_files([*others, apply, release]) == [release, apply]
