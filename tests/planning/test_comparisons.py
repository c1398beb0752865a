"""How a post differs on its three sides is as `comparisons.txt` has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.planning.comparisons import SENT, section
from tests.stored import part_agrees

STORED = Path(__file__).parent / "stored"


@pytest.mark.parametrize("known", SENT)
def test_a_post_differs_as_the_table_says(known: str) -> None:
    part_agrees(STORED / "comparisons.txt", known, section(known))
