"""What `results` tells of one post in every combination of calendar, ledger and Publer is as `fates.txt` has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.planning.decisions import LEDGER
from tests.planning.fates import CIRCUMSTANCES, heading, section
from tests.stored import part_agrees

STORED = Path(__file__).parent / "stored"


@pytest.mark.parametrize("known", LEDGER)
def test_results_tell_what_the_table_says(known: str) -> None:
    for circumstance in CIRCUMSTANCES:
        part_agrees(STORED / "fates.txt", heading(known, circumstance), section(known, circumstance))
