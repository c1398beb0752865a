"""What an import makes of CSV files is as `imports.txt` has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import stored
from tests.importing.imports import HEADINGS, section

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_file_is_imported_as_the_table_says(heading: str, tmp_path: Path) -> None:
    stored.check("importing.imports", heading, section(heading, tmp_path))
