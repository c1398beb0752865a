"""Every fix that is offered has a reason in the table, and each row of the table is tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.calendar.shape.certainty import CERTAIN, CODES
from tests.calendar.calendars import INVALID, both, case_top
from tests.system.mistakes import all_mistakes

if TYPE_CHECKING:
    from pathlib import Path


def test_a_mistake_is_fixed_by_each_row_of_the_table() -> None:
    fixed = {mistake.code for mistake in all_mistakes() if mistake.outcome.startswith("fix ")}
    assert fixed == CODES
    assert [fix.code for fix in CERTAIN] == list(dict.fromkeys(fix.code for fix in CERTAIN))


def test_nothing_is_offered_as_a_fix_without_a_reason(tmp_path: Path) -> None:
    for number, case in enumerate(INVALID):
        (tmp_path / str(number)).mkdir()
        problems = both(case_top(tmp_path / str(number), case))[2]
        assert {problem.code for problem in problems if problem.fix is not None} <= CODES
