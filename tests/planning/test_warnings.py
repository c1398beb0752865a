"""What a plan warns of is word for word as `warnings.txt` has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.planning.warnings import SECTIONS, section
from tests.stored import part_agrees

STORED = Path(__file__).parent / "stored"


@pytest.mark.parametrize("heading", SECTIONS)
def test_a_plan_warns_in_these_words(heading: str) -> None:
    part_agrees(STORED / "warnings.txt", heading, section(heading))
