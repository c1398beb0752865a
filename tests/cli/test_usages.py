"""What the command line says of words that make no sense is as `usages.txt` has it."""

from __future__ import annotations

from pathlib import Path

from tests.cli.usages import section
from tests.stored import part_agrees

STORED = Path(__file__).parent / "stored"


def test_words_that_make_no_sense_are_refused_as_the_table_says(tmp_path: Path) -> None:
    part_agrees(STORED / "usages.txt", "in an empty folder", section(tmp_path))
