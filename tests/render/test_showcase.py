"""What commands print of a calendar with everything in it is as it is stored, line by line."""

from __future__ import annotations

from pathlib import Path

from tests.render.showcase import texts
from tests.stored import all_agree


def test_documents_are_as_they_are_stored(tmp_path: Path) -> None:
    all_agree(Path(__file__).parent / "stored", texts(tmp_path))
