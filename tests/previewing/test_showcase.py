"""Pages of a calendar with everything in it are as they are stored, element by element."""

from __future__ import annotations

from pathlib import Path

from tests.previewing.showcase import texts
from tests.stored import all_agree


def test_pages_are_as_they_are_stored(tmp_path: Path) -> None:
    all_agree(Path(__file__).parent / "stored", texts(tmp_path))
