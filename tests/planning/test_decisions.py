"""The plan for one post in every combination of calendar, ledger and Publer is as `decisions.txt` has it."""

from __future__ import annotations

import pytest

from tests import stored
from tests.planning.decisions import CIRCUMSTANCES, LEDGER, heading, section


@pytest.mark.parametrize("known", LEDGER)
def test_a_plan_decides_as_the_table_says(known: str) -> None:
    for circumstance in CIRCUMSTANCES:
        stored.check("planning.decisions", heading(known, circumstance), section(known, circumstance))
