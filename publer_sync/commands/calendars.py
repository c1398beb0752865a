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
from publer_sync.commands.running.shared import document, load, out
from publer_sync.render.layout.documents import FORMAT_VERSION
from publer_sync.render.layout.measure import pad, width
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.commands.running.documents import CalendarData, CalendarsDocument


def run(folders: Sequence[Path], *, changed_since: str | None, style: str) -> int:
    tops = find_calendars(folders or [Path()])
    if changed_since is not None:
        tops = changed(tops, changed_since)
    found = {top: load(top) for top in tops}  # errors in the files are validate's affair
    if style == "json":
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
        told: CalendarsDocument = {"format_version": FORMAT_VERSION, "include": entries}
        document(told)
    elif found:
        rows = {top.as_posix(): one_line(each.settings.workspace or "") for top, each in found.items()}
        columns = max(map(width, rows)) + 2
        out("\n".join(f"{pad(top, columns)}{workspace}".rstrip() for top, workspace in rows.items()))
    else:
        out("No calendar has changed." if changed_since else "No folder here has a publer.yaml.")
    return 0
