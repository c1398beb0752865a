"""A folder with settings, for every test of calendars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.calendar.calendars import SETTINGS, write

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def top(tmp_path: Path) -> Path:
    folder = tmp_path / "social"
    folder.mkdir()
    write(folder, publer=SETTINGS)
    return folder
