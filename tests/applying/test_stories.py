"""What an apply sends, reports and records, whatever goes wrong on the way, is as `stories.txt` has it."""

from __future__ import annotations

import pytest

from tests import stored
from tests.applying.stories import QUIET, SCENES, section


@pytest.mark.parametrize("scene", [*SCENES, *QUIET])
def test_an_apply_goes_as_the_table_says(scene: str) -> None:
    stored.check("applying.stories", scene, section(scene))
