"""Every fix that is offered has a code in the list, for which docs/rules.md has a reason, and each of them is tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.calendar.shape.certainty import CODES
from tests.calendar.calendars import INVALID, both, case_top
from tests.system.mistakes import all_mistakes

if TYPE_CHECKING:
    from pathlib import Path


def test_a_mistake_is_fixed_of_each_code_in_the_list() -> None:
    fixed = {mistake.code for mistake in all_mistakes() if mistake.outcome.startswith("fix ")}
    assert fixed == CODES


def test_nothing_is_offered_as_a_fix_without_a_reason(tmp_path: Path) -> None:
    for number, case in enumerate(INVALID):
        (tmp_path / str(number)).mkdir()
        problems = both(case_top(tmp_path / str(number), case))[2]
        assert {problem.code for problem in problems if problem.fix is not None} <= CODES
