"""Shows a calendar's problems with the lines they are on, for every command that reads one."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from publer_sync.commands.running.shared import prefix, screen
from publer_sync.render import problems
from publer_sync.render.post.subjects import figures
from publer_sync.values.errors import CalendarError, SettingsError
from publer_sync.values.problems import errors_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from publer_sync.calendar.load import Calendar
    from publer_sync.values.problems import Problem


@contextmanager
def explained(calendar: Calendar, *, style: str) -> Iterator[None]:
    """Give a CalendarError that comes out of this the text that shows where its problems are."""
    try:
        yield
    except CalendarError as error:
        if style == "markdown":
            from publer_sync.render import markdown

            error.shown = markdown.problems(
                error.problems, figures=figures(calendar.desired.posts, calendar.stored)
            )
        else:
            error.shown = text(error.problems, calendar=calendar)
        raise


def need_accounts(calendar: Calendar) -> None:
    """Raise CalendarError or SettingsError where the settings name no account."""
    if calendar.settings.accounts:
        return
    if errors_in(calendar.judged):
        raise CalendarError(calendar.judged)
    raise SettingsError(
        "publer.yaml names no accounts", hint="List them as lines for publer.yaml: publer-sync accounts"
    )


def text(found: Sequence[Problem], *, calendar: Calendar, above: str = "") -> str:
    times = [post.at for post in calendar.desired.posts]
    return above + problems.text(
        found,
        calendar.excerpt,
        prefix=prefix(calendar.top),
        figures=figures(calendar.desired.posts, calendar.stored),
        files=len(calendar.documents),
        span=(min(times), max(times)) if times else None,
        timezone=calendar.settings.timezone,
        screen=screen(),
    )
