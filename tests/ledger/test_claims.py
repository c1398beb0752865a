"""Which listed post is whose, and what became of the rest, is as `claims.txt` has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ledger.claims import headings, section
from tests.stored import part_agrees

STORED = Path(__file__).parent / "stored"


@pytest.mark.parametrize("known", headings())
def test_a_listing_is_read_as_the_table_says(known: str) -> None:
    part_agrees(STORED / "claims.txt", known, section(known))
