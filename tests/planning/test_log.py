"""Which runs the log tells, and which lines of each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from publer_sync.ledger.runs import RunLine, RunRecord
from publer_sync.planning.log import chosen_runs
from tests.builders import NOW, SOON, X
from tests.tables import each_of

FIRST = RunLine("create", X.id, SOON, "first", "applied", entry=1)
SECOND = RunLine("create", X.id, SOON, "second", "applied", entry=2)
RUN = RunRecord(NOW, "apply", "Ann", lines=(FIRST, SECOND))
HOLD = RunRecord(NOW, "hold", "Ann", reason="a storm")


@each_of(
    ("asked", "runs", "lines"),
    [
        ({}, ["apply", "hold"], 2),
        ({"since": NOW}, ["apply", "hold"], 2),
        ({"since": NOW + timedelta(seconds=1)}, [], 0),
        ({"until": NOW}, [], 0),
        ({"until": NOW + timedelta(seconds=1)}, ["apply", "hold"], 2),
        ({"concerns": lambda line: line.entry == 2}, ["apply"], 1),
        ({"concerns": lambda line: line.entry == 3}, [], 0),
    ],
)
def test_the_log_tells_the_runs_of_some_days_with_the_lines_that_are_asked_for(
    asked: dict[str, Any], runs: list[str], lines: int
) -> None:
    found = chosen_runs([RUN, HOLD, RunRecord(NOW, "apply", "Ann")], **asked)
    assert [run.command for run in found] == runs
    assert sum(len(run.lines) for run in found) == lines
