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
from publer_sync.commands.running.views import EXPORT
from publer_sync.machine.durable import room_fix
from publer_sync.render import export
from publer_sync.render.layout.documents import dumps
from publer_sync.render.layout.wording import count
from publer_sync.render.several import Ending
from publer_sync.values.errors import OutputError

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.running.choice import Choice
    from publer_sync.values.model import Post


def run(choice: Choice, *, style: str, file: Path | None) -> int:
    frame = Frame.alone(choice, style=style, views=EXPORT)

    def one(top: Path | None) -> Ending:
        with frame.calendar(top) as (calendar, here):
            chosen = chosen_posts(calendar, here)
            settings, posts = calendar.settings, calendar.desired.posts
            address = line_addresses(calendar.top, os.environ)
            ending = frame.view.ending(
                0, "", chosen, posts=posts, settings=settings, top=calendar.top, address=address
            )
            if file is None:
                return ending
            text = f"{dumps(ending.document)}\n" if ending.document is not None else ending.text
            _write(file, text.encode(), calendar.top)
            events = export.events(posts, chosen, settings.name)
            number = count(len(events), "event") if style == "ics" else count(len(chosen), "post")
            say(f"{number} written to {file}")
            return Ending(0, "")

    if file is None and style == "ics" and hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", newline="")  # as the format demands, on every system
    return frame.run(one, doing="export")


def chosen_posts(calendar: Calendar, choice: Choice) -> list[Post]:
    """Raises CalendarError where the files have errors."""
    check(calendar)
    scope = scope_of(choice, calendar, named_accounts(calendar.settings))
    return [post for post in calendar.desired.posts if scope is None or scope.has(post.account, post.at)]


def feed(calendar: Calendar) -> str:
    """All posts of a calendar as events."""
    posts, address = calendar.desired.posts, line_addresses(calendar.top, os.environ)
    return export.ics(posts, posts=posts, settings=calendar.settings, address=address)


def _write(file: Path, text: bytes, top: Path) -> None:
    try:
        put(file, text, top)
    except OSError as error:
        raise OutputError(
            f"the file {file} could not be written: {error.strerror}", hint=room_fix(error)
        ) from error
