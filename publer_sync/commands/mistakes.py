"""A calendar's mistakes, shown with the lines they stand in, by every command that reads one."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from publer_sync.commands.shared import color, prefix
from publer_sync.errors import CalendarError
from publer_sync.render import problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.model import Post
    from publer_sync.problems import Problem


@contextmanager
def explained(calendar: Calendar, top: Path, *, style: str) -> Iterator[None]:
    """Give a CalendarError that comes out of this the text that shows where its problems are."""
    try:
        yield
    except CalendarError as error:
        posts = calendar.expand(None).posts
        if style == "markdown":
            from publer_sync.render import markdown

            error.shown = markdown.problems(error.problems, posts=calendar.posts, desired=len(posts))
        else:
            error.shown = text(calendar, posts, error.problems, top)
        raise


def text(calendar: Calendar, posts: Sequence[Post], found: Sequence[Problem], top: Path) -> str:
    times = [post.at for post in posts]
    return problems.text(
        found,
        calendar.excerpt,
        prefix=prefix(top),
        posts=calendar.posts,
        desired=len(posts),
        files=len(calendar.documents),
        span=(min(times), max(times)) if times else None,
        timezone=calendar.settings.timezone,
        color=color(),
    )
