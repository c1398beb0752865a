"""What moves to another calendar is as `moves.txt` has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.planning.moves import GIVES, section
from tests.stored import part_agrees

STORED = Path(__file__).parent / "stored"


@pytest.mark.parametrize("known", GIVES)
def test_a_post_that_left_moves_where_the_table_says(known: str) -> None:
    part_agrees(STORED / "moves.txt", known, section(known))
