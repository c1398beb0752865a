"""Which runs the log tells, and which lines of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from publer_sync.ledger.runs import RunLine, RunRecord
from publer_sync.planning.log import CalendarLog, Log, chosen_runs
from tests.builders import EARLIER, NOW, SOON, X
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


def told(*runs: RunRecord, **others: tuple[RunRecord, ...]) -> list[tuple[str, ...]]:
    """Of each run of the log the moments of its parts, as one calendar has these runs and others have those."""
    logs = [CalendarLog(name, "UTC", each, {}) for name, each in {"here": runs, **others}.items()]
    found = Log.of(logs, NOW, several=bool(others))
    return [tuple(f"{log.calendar} {run.at:%H:%M}" for log, run in each.parts) for each in found.runs]


def test_the_log_is_one_timeline_and_what_one_command_did_to_several_calendars_is_one_run() -> None:
    early, late = replace(RUN, at=EARLIER), replace(RUN, who="Bea")
    assert told(early, late) == [("here 13:20",), ("here 10:20",)]
    assert told(late, early) == [("here 13:20",), ("here 10:20",)]
    both = replace(RUN, of="one-command")
    assert told(both, other=(replace(both, at=EARLIER),)) == [("other 10:20", "here 13:20")]
    assert told(both, other=(replace(both, of="another"),)) == [("here 13:20",), ("other 13:20",)]
    assert Log.of([], NOW, several=False).timezone == "UTC"


def test_a_run_of_several_calendars_tells_each_reason_once() -> None:
    held = replace(HOLD, of="one-command", options=("--yes",))
    logs = [
        CalendarLog(name, "Europe/Oslo", (replace(held, reason=why),), {})
        for name, why in (("a", ""), ("b", "a storm"), ("c", "a storm"), ("a", ""))
    ]
    [run] = Log.of(logs, NOW, several=True).runs
    assert (run.calendars, run.reasons, run.options) == (("a", "b", "c"), ("a storm",), ("--yes",))
    assert Log.of(logs, NOW, several=True).timezone == "Europe/Oslo"
