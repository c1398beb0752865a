"""The plan for one post in every combination of calendar, ledger and Publer is as `decisions.txt` has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.planning.decisions import CIRCUMSTANCES, LEDGER, heading, noted, section
from tests.stored import part_agrees

STORED = Path(__file__).parent / "stored"


@pytest.mark.parametrize("known", LEDGER)
def test_a_plan_decides_as_the_table_says(known: str) -> None:
    for circumstance in CIRCUMSTANCES:
        part_agrees(STORED / "decisions.txt", heading(known, circumstance), section(known, circumstance))


def test_a_plan_says_what_the_ledger_is_to_note() -> None:
    part_agrees(STORED / "decisions.txt", "what the ledger is to note", noted())
