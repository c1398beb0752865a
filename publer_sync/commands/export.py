"""`publer-sync export`: the posts as events, or as data."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from publer_sync.calendar.expand import named_accounts
from publer_sync.commands.beside.repository import line_addresses
from publer_sync.commands.reaching.scope import scope_of
from publer_sync.commands.reaching.session import check
from publer_sync.commands.running.frame import Frame
from publer_sync.commands.running.saving import put
from publer_sync.commands.running.shared import say
from publer_sync.machine.durable import room_fix
from publer_sync.render import export
from publer_sync.render.layout.documents import dumps
from publer_sync.render.layout.wording import count
from publer_sync.render.several import Ending
from publer_sync.values.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.running.choice import Choice
    from publer_sync.values.model import Post


def run(choice: Choice, *, style: str, file: Path | None) -> int:
    frame = Frame.alone(choice, style=style)

    def one(top: Path | None) -> Ending:
        with frame.calendar(top) as (calendar, here):
            ending = end(calendar, here, style)
            if file is None:
                return ending
            text = f"{dumps(ending.document)}\n" if ending.document is not None else ending.text
            _write(file, text.encode(), calendar.top)
            say(f"{ending.line} written to {file}")
            return Ending(0, ending.line)

    if file is None and style == "ics" and hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", newline="")  # as the format demands, on every system
    return frame.run(one, doing="export")


def end(calendar: Calendar, choice: Choice, style: str) -> Ending:
    """Raises CalendarError where the files have errors."""
    check(calendar)
    settings = calendar.settings
    scope = scope_of(choice, calendar, named_accounts(settings))
    chosen = [post for post in calendar.desired.posts if scope is None or scope.has(post.account, post.at)]
    if style == "json":
        address = line_addresses(calendar.top, os.environ)
        data = export.data(chosen, calendar.top, settings, address)
        return Ending(0, count(len(chosen), "post"), document=data)
    text, number = feed(calendar, chosen)
    return Ending(0, count(number, "event"), text)


def feed(calendar: Calendar, chosen: Sequence[Post]) -> tuple[str, int]:
    """The feed of the chosen posts of a calendar, and the number of its events."""
    events = export.events(calendar.desired.posts, chosen, calendar.settings.name)
    return export.ics(events, calendar.settings, line_addresses(calendar.top, os.environ)), len(events)


def _write(file: Path, text: bytes, top: Path) -> None:
    try:
        put(file, text, top)
    except OSError as error:
        raise OutputError(
            f"the file {file} could not be written: {error.strerror}", hint=room_fix(error)
        ) from error
