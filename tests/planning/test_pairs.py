"""The plan for two posts that want one another's minutes or words is as `pairs.txt` has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.planning.pairs import KNOWN, section
from tests.stored import part_agrees

STORED = Path(__file__).parent / "stored"


@pytest.mark.parametrize("known", KNOWN)
def test_two_posts_get_out_of_each_others_way_as_the_table_says(known: str) -> None:
    part_agrees(STORED / "pairs.txt", known, section(known))
