"""Pages of a calendar with everything in it are as they are stored, element by element."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests import stored_files as stored

if TYPE_CHECKING:
    from pathlib import Path


def test_pages_are_as_they_are_stored(tmp_path: Path) -> None:
    assert not (told := stored.differences("previewing", tmp_path)), told
