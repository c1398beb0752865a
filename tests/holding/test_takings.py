"""What a hold takes out, reports and records, whatever goes wrong on the way, is as `takings.txt` has it."""

from __future__ import annotations

import pytest

from tests import stored
from tests.holding.takings import SCENES, section


@pytest.mark.parametrize("scene", SCENES)
def test_a_hold_goes_as_the_table_says(scene: str) -> None:
    stored.check("holding.takings", scene, section(scene))
