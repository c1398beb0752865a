"""What the log tells of the runs that wrote: how many posts, what became of them, and who said yes."""

from __future__ import annotations

import csv
import io
from typing import Any

from publer_sync.ledger.runs import RunLine, RunRecord, Version
from publer_sync.planning.log import CalendarLog, Log
from publer_sync.render.past import log, log_approvals
from publer_sync.render.several import Ending
from publer_sync.values.approval import Approval, Statement
from tests.builders import DAY, HOUR, NOW, SOON, X
from tests.tables import each_of

WAS = Version(NOW, "d")


def line(action: str, id: str | None = "launch", **more: Any) -> RunLine:
    return RunLine(action, X.id, SOON, id, "applied", **more)


def logged(*lines: RunLine, command: str = "apply", calendars: tuple[str, ...] = ("acme",)) -> Log:
    run = RunRecord(NOW - DAY, command, "Ann", lines=lines, of="run")
    return Log.of([CalendarLog(name, "UTC", (run,), {X.id: X}) for name in calendars], NOW, several=True)


@each_of(
    ("lines", "command", "counted"),
    [
        ((line("create", None, entry=1), line("create", None, entry=2)), "apply", "2 created"),
        ((line("create", entry=1), line("create", entry=2)), "apply", "1 created"),
        ((line("hand_over", giver="a", receiver="b"),), "apply", "1 moved from a to b"),
        ((line("hand_over", giver="a"),), "apply", "1 moved between calendars"),
        ((line("hand_over", receiver="b"),), "apply", "1 moved between calendars"),
        ((line("replace"),), "apply", "1 replaced"),
        ((line("replace", before=WAS),), "apply", "1 moved"),
        ((line("replace", before=Version(SOON, "d")),), "apply", "1 replaced"),
        ((line("update", before=WAS),), "apply", "1 edited"),
        ((line("create"), line("update", "other")), "release", "1 put back, 1 edited"),
    ],
)
def test_a_run_counts_what_it_did_in_words(lines: tuple[RunLine, ...], command: str, counted: str) -> None:
    assert log.text(logged(*lines, command=command)).endswith(f"  {counted}")


def test_what_moved_from_one_calendar_to_another_counts_once_and_other_posts_in_each() -> None:
    moved, made = line("hand_over", giver="a", receiver="b"), line("create", "other")
    assert log.text(logged(moved, made, calendars=("a", "b"))).endswith("1 moved from a to b, 2 created")


def test_few_calendars_are_named_and_of_many_the_first() -> None:
    for names, told in (("abcd", "a, b, c, d"), ("abcde", "a, b, c, 2 more calendars")):
        assert f"  {told}  " in log.text(logged(line("create"), calendars=tuple(names)))


def test_a_calendar_whose_state_cannot_be_read_is_told_to_a_program() -> None:
    assert "failed" not in log.document(logged(), {})
    told = log.document(logged(), {"broken": Ending(1, "no such folder")})
    assert told["failed"] == [{"calendar": "broken", "exit_code": 1, "result": {}}]


def test_a_yes_to_what_somebody_wrote_by_hand_is_in_the_table() -> None:
    says: Any = {"media": ["lost", {"alt": "A lamp"}, {"id": "m-1"}], "link": {"title": "Lamps"}}
    yes = Approval("launch", "x", "kari", NOW - HOUR, "digest", Statement("twitter/X", says))
    file = io.StringIO(log_approvals.table([log_approvals.ApprovalLog("acme", "UTC", (yes,), {})]))
    [row] = csv.DictReader(file)
    assert [*row.values()][-4:-1] == ["", ", m-1", "A lamp;"]
