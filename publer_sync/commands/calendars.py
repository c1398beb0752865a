"""`publer-sync calendars`: the calendars below some folders, for people and for the matrix of a workflow."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from publer_sync.calendar.folder import find_calendars
from publer_sync.commands.beside.changed import changed
from publer_sync.commands.reaching.environment import Environment
from publer_sync.commands.reaching.stores import place_of
from publer_sync.commands.running.choice import Choice
from publer_sync.commands.running.shared import load
from publer_sync.commands.running.views import CALENDARS
from publer_sync.render.layout.documents import FORMAT_VERSION
from publer_sync.render.layout.measure import pad, width
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.running.documents import CalendarData, CalendarsDocument


def run(folders: Sequence[Path], *, changed_since: str | None, style: str) -> int:
    tops = find_calendars(folders or [Path()])
    if changed_since is not None:
        tops = changed(tops, changed_since)
    found = {top: load(top) for top in tops}  # errors in the files are validate's affair
    CALENDARS[style].show(found, changed_since=changed_since)
    return 0


def text(found: Mapping[Path, Calendar], *, changed_since: str | None) -> str:
    if not found:
        return "No calendar has changed." if changed_since else "No folder here has a publer.yaml."
    rows = {top.as_posix(): one_line(each.settings.workspace or "") for top, each in found.items()}
    columns = max(map(width, rows)) + 2
    return "\n".join(f"{pad(top, columns)}{workspace}".rstrip() for top, workspace in rows.items())


def data(found: Mapping[Path, Calendar]) -> CalendarsDocument:
    environment = Environment.of(os.environ)
    entries: list[CalendarData] = [
        {
            "calendar": top.as_posix(),
            "name": calendar.settings.name,
            "workspace": calendar.settings.workspace,
            "state": place_of(calendar, environment, Choice())[0],
        }
        for top, calendar in found.items()
    ]
    return {"format_version": FORMAT_VERSION, "include": entries}
