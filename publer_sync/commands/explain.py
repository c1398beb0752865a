"""`publer-sync explain`: where one post stands."""

from __future__ import annotations

import re
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from publer_sync.calendar.explanation import explain, find
from publer_sync.commands.access import Connections
from publer_sync.commands.options import instant
from publer_sync.commands.plan import apply_command
from publer_sync.commands.problems import explained
from publer_sync.commands.session import open_session
from publer_sync.commands.shared import document, out, screen
from publer_sync.errors import UsageError
from publer_sync.model import Slot
from publer_sync.publer.reader import PublerReader
from publer_sync.render import explain as render

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.calendar.explanation import Explanation
    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.access import Choice
    from publer_sync.model import Post
    from publer_sync.planning.plan import Change, Plan

MANY = 5
"""Posts that are explained at once; of more, only where they are."""


def run(calendar: Calendar, choice: Choice, what: str, *, style: str, offline: bool) -> int:
    plan: Plan | None = None
    posts: Sequence[Post] = calendar.desired.posts
    if not offline:
        with explained(calendar, style=style), ExitStack() as stack:
            session = open_session(calendar, choice, stack, Connections(PublerReader))
            plan = session.plan(session.access.survey(session.access.state()))
            posts = session.desired
    found, left = _find(calendar, posts, plan, what)
    zone = calendar.settings.timezone
    changes = {id(change.post): change for change in plan.changes if change.post} if plan else {}
    if style == "json":
        document(render.document(found, changes, left))
    elif len(found) > MANY:
        out(render.places(found, zone))
        raise UsageError(f"{len(found)} posts fit", hint="Name one of them: by its id, or by FILE:LINE.")
    else:
        out(render.text(found, changes, left, plan, zone, screen=screen(), command=apply_command(choice)))
    return 0


def _find(
    calendar: Calendar, posts: Sequence[Post], plan: Plan | None, what: str
) -> tuple[list[Explanation], list[Change]]:
    """The posts of the calendar that are meant, and managed ones that have left it. Raises UsageError where none is."""
    slot = _slot(calendar, posts, what)
    entries = find(
        _relative(calendar, what),
        calendar.entries,
        posts,
        lambda post: slot is not None and post.slot == slot,
    )
    left: list[Change] = [
        change
        for change in (plan.changes if plan else ())
        if change.post is None
        and (change.id == what or (slot and Slot.of(change.account.id, change.at) == slot))
    ]
    if not entries and not left:
        raise UsageError(
            f'there is no post "{what}" here',
            hint="Name a post by its id, ALIAS@TIME, FILE:LINE, or words of its text.",
        )
    return [
        explain(
            entry,
            [post for post in posts if post.location == entry.place],
            calendar.judged,
            what=what,
        )
        for entry in entries
    ], left


def _slot(calendar: Calendar, posts: Sequence[Post], what: str) -> Slot | None:
    """The slot that ALIAS@TIME means."""
    alias, at, time = what.partition("@")
    ids = {post.account.alias: post.account.id for post in posts}
    if not at or alias not in ids:
        return None
    try:
        moment = instant(time, calendar.settings.timezone, option=f"{alias}@")
    except UsageError:
        return None
    return Slot.of(ids[alias], moment)


def _relative(calendar: Calendar, what: str) -> str:
    """FILE:LINE from the calendar's top, wherever FILE is named from."""
    place = re.fullmatch(r"(.+):(\d+)", what)
    if place is None:
        return what
    path = Path(place[1])
    if path.exists() and path.resolve().is_relative_to(calendar.top.resolve()):
        return f"{path.resolve().relative_to(calendar.top.resolve()).as_posix()}:{place[2]}"
    return what
