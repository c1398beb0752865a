"""`publer-sync preview`: a calendar as one web page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.calendar.expand import named_accounts
from publer_sync.clock import Clock
from publer_sync.commands.problems import explained
from publer_sync.commands.session import scope_of
from publer_sync.commands.shared import out, say
from publer_sync.durable import replace_file
from publer_sync.errors import CalendarError, OutputError
from publer_sync.previewing.html import render
from publer_sync.previewing.page import PreviewPage
from publer_sync.previewing.previewed import preview_of
from publer_sync.previewing.thumbnails import Thumbnails
from publer_sync.printable import one_line
from publer_sync.render.wording import count

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.access import Choice
    from publer_sync.previewing.page import PreviewedCalendar


def run(calendar: Calendar, choice: Choice, *, file: Path) -> int:
    now = Clock().now()
    with explained(calendar, style="text"):
        made = make(calendar, choice, Thumbnails(), now=now)
    write(file, render(PreviewPage((made,), now)))
    out(f"{one_line(str(file))}: {made.figures}. Open it in a browser.")
    errors = sum(problem.severity == "error" for problem in made.all_problems)
    if errors:
        say(f"{count(errors, 'error')} in the calendar; the page shows them, and so does validate.")
    return CalendarError.exit_code if errors else 0


def make(calendar: Calendar, choice: Choice, thumbnails: Thumbnails, *, now: datetime) -> PreviewedCalendar:
    """What a page shows of one calendar. Raises CalendarError where no post can be found in it."""
    settings = calendar.settings
    scope = scope_of(choice, calendar, named_accounts(settings))
    posts = [post for post in calendar.desired.posts if scope is None or scope.has(post.account, post.at)]
    problems = calendar.judge(calendar.desired, now=now)
    if not calendar.entries and any(problem.severity == "error" for problem in problems):
        raise CalendarError(problems)
    return preview_of(
        calendar,
        posts,
        problems,
        thumbnails,
        now=now,
        filtered=scope is not None,
    )


def write(file: Path, page: str) -> None:
    try:
        replace_file(file, page.encode())
    except OSError as error:
        raise OutputError(
            f"the page cannot be written to {file}: {error.strerror}", code="preview.unwritten"
        ) from error
