"""What a hold takes out, reports and records, whatever goes wrong on the way, is as `takings.txt` has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.holding.takings import SCENES, section
from tests.stored import part_agrees

STORED = Path(__file__).parent / "stored"


@pytest.mark.parametrize("scene", SCENES)
def test_a_hold_goes_as_the_table_says(scene: str) -> None:
    part_agrees(STORED / "takings.txt", scene, section(scene))
