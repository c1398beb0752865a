"""A calendar that is open in the studio, without its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.calendar.load import read
from publer_sync.studio.keys import PostKeys
from publer_sync.studio.open_calendar import OpenCalendar
from tests.studio.desk import NOW

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from publer_sync.calendar.load import Calendar


def write(top: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, content in files.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return top


def opened(top: Path, files: Mapping[str, str | bytes], *, now: datetime = NOW) -> OpenCalendar:
    """The calendar of this folder, with these files in it."""

    def reading(instead: Mapping[str, bytes | None]) -> Calendar:
        return read(top, instead=instead)

    return OpenCalendar(0, write(top, files), reading, PostKeys("0-"), lambda: now)
