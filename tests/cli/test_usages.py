"""What the command line says of words that make no sense is as `usages.txt` has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests import stored
from tests.cli.usages import section

if TYPE_CHECKING:
    from pathlib import Path


def test_words_that_make_no_sense_are_refused_as_the_table_says(tmp_path: Path) -> None:
    stored.check("cli.usages", "in an empty folder", section(tmp_path))
