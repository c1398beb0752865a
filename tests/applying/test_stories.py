"""What an apply sends, reports and records, whatever goes wrong on the way, is as `stories.txt` has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.applying.scenes import QUIET, SCENES
from tests.applying.stories import section
from tests.stored import part_agrees

STORED = Path(__file__).parent / "stored"


@pytest.mark.parametrize("scene", [*SCENES, *QUIET])
def test_an_apply_goes_as_the_table_says(scene: str) -> None:
    part_agrees(STORED / "stories.txt", scene, section(scene))
