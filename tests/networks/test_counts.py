"""How texts are counted, and which links are in them, is as `counts.txt` has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.networks.counts import SECTIONS
from tests.stored import part_agrees

STORED = Path(__file__).parent / "stored"


@pytest.mark.parametrize("heading", SECTIONS)
def test_texts_are_counted_as_the_table_says(heading: str) -> None:
    part_agrees(STORED / "counts.txt", heading, SECTIONS[heading]())
