"""What a plan warns of is word for word as `warnings.txt` has it."""

from __future__ import annotations

import pytest

from tests import stored
from tests.planning.warnings import SECTIONS, section


@pytest.mark.parametrize("heading", SECTIONS)
def test_a_plan_warns_in_these_words(heading: str) -> None:
    stored.check("planning.warnings", heading, section(heading))
