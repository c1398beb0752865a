"""`publer-sync explain`: where one post stands."""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from publer_sync.calendar.explanation import explain, find
from publer_sync.commands.reaching.connections import Connections
from publer_sync.commands.reaching.session import open_session
from publer_sync.commands.running.command_lines import command_line
from publer_sync.commands.running.frame import Frame
from publer_sync.commands.running.options import instant
from publer_sync.commands.running.views import EXPLAIN
from publer_sync.commands.store import past_uses, uses_of
from publer_sync.machine.clock import Clock
from publer_sync.publer.reader import PublerReader
from publer_sync.render import explain as explain_page
from publer_sync.render.layout.wording import count
from publer_sync.values.errors import UsageError
from publer_sync.values.model import Slot

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from publer_sync.calendar.explanation import Explanation
    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.running.choice import Choice
    from publer_sync.drafting.stored import PastUse
    from publer_sync.planning.plan import Change, Plan
    from publer_sync.render.several import Ending
    from publer_sync.values.model import Account, Post


def run(choice: Choice, what: str, *, style: str, offline: bool) -> int:
    frame = Frame.alone(choice, style=style, views=EXPLAIN)
    connections = None if offline else Connections(PublerReader)

    def one(top: Path | None) -> Ending:
        with frame.calendar(top) as (calendar, here):
            found = make(calendar, here, what, connections)
            command, timezone = command_line("apply", here), calendar.settings.timezone
            line = count(len(found.posts), "post")
            ending = frame.view.ending(0, line, found, timezone=timezone, command=command)
            if style == "text" and len(found.posts) > explain_page.MANY:
                return frame.refused(ending, _too_many(found))
            return ending

    return frame.run(one, doing="explain", connections=connections)


def make(
    calendar: Calendar, choice: Choice, what: str, connections: Connections[PublerReader] | None
) -> explain_page.Explained:
    """With nothing but GET; without connections, only what the calendar says. Raises UsageError if no post fits."""
    plan: Plan | None = None
    posts: Sequence[Post] = calendar.desired.posts
    past: Sequence[PastUse] = ()
    if connections is not None:
        with ExitStack() as stack:
            session = open_session(calendar, choice, stack, connections)
            seen = session.access.survey(session.access.state())
            plan = session.plan(seen)
            posts = session.desired
            aliases = {account.id: account.alias or "" for account in session.access.accounts.values()}
            past = past_uses(seen.state, aliases, calendar.settings.timezone)
    found = explain_page.Explained(*_find(calendar, posts, plan, what), plan)
    stored = [each.entry.id for each in found.posts if each.entry.is_stored and each.entry.id]
    changes = found.changes
    return replace(found, uses={name: uses_of(name, posts, changes, past, calendar) for name in stored})


def _too_many(found: explain_page.Explained) -> UsageError:
    hint = "Name one of them: by its id, or by FILE:LINE."
    return UsageError(f"{len(found.posts)} posts match", hint=hint)


def _find(
    calendar: Calendar, posts: Sequence[Post], plan: Plan | None, what: str
) -> tuple[list[Explanation], list[Change]]:
    """The posts of the calendar that fit, and managed ones that have left it. Raises UsageError if none does."""
    accounts = [post.account for post in posts] + [
        change.account for change in (plan.changes if plan else ())
    ]
    slot = slot_of(calendar, accounts, what)
    entries = find(file_line(calendar, what), calendar.entries, posts, lambda post: post.slot == slot)
    left: list[Change] = [
        change
        for change in (plan.changes if plan else ())
        if change.post is None and (change.id == what or Slot.of(change.account.id, change.at) == slot)
    ]
    if not entries and not left:
        raise UsageError(
            f'there is no post "{what}" here',
            hint="Name a post by its id, ALIAS@TIME, FILE:LINE, or words of its text.",
        )
    problems = calendar.judge(calendar.desired, now=plan.created_at if plan else Clock().now())
    return [
        explain(
            entry,
            [post for post in posts if post.location == entry.place],
            problems,
            what=what,
        )
        for entry in entries
    ], left


def slot_of(calendar: Calendar, accounts: Iterable[Account], what: str) -> Slot | None:
    """The slot that ALIAS@TIME means."""
    word, _, time = what.partition("@")
    alias = calendar.groups.alias(word)
    ids = {account.alias: account.id for account in accounts}
    if alias not in ids:
        return None
    try:
        moment = instant(time, calendar.settings.timezone, option=f"{word}@")
    except UsageError:
        return None
    return Slot.of(ids[alias], moment)


def file_line(calendar: Calendar, what: str) -> str:
    """FILE:LINE from the calendar's top, wherever FILE is named from."""
    place = re.fullmatch(r"(.+):(\d+)", what)
    if place is None:
        return what
    path = Path(place[1])
    if path.exists() and path.resolve().is_relative_to(calendar.top.resolve()):
        return f"{path.resolve().relative_to(calendar.top.resolve()).as_posix()}:{place[2]}"
    return what
