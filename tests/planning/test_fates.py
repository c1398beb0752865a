"""What `results` tells of one post in every combination of calendar, ledger and Publer is as `fates.txt` has it."""

from __future__ import annotations

import pytest

from tests import stored
from tests.planning.decisions import LEDGER
from tests.planning.fates import CIRCUMSTANCES, heading, section


@pytest.mark.parametrize("known", LEDGER)
def test_results_tell_what_the_table_says(known: str) -> None:
    for circumstance in CIRCUMSTANCES:
        stored.check("planning.fates", heading(known, circumstance), section(known, circumstance))
