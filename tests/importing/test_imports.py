"""What an import makes of CSV files is as `imports.txt` has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.importing.imports import HEADINGS, section
from tests.stored import part_agrees

STORED = Path(__file__).parent / "stored"


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_file_is_imported_as_the_table_says(heading: str, tmp_path: Path) -> None:
    part_agrees(STORED / "imports.txt", heading, section(heading, tmp_path))
