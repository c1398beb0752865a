"""What commands print of a calendar with everything in it is as it is stored, line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests import stored_files as stored

if TYPE_CHECKING:
    from pathlib import Path


def test_documents_are_as_they_are_stored(tmp_path: Path) -> None:
    assert not (told := stored.differences("render", tmp_path)), told
