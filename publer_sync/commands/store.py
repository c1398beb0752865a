"""What the ledger knows of the uses of stored posts."""

from __future__ import annotations

import os
from collections import defaultdict
from typing import TYPE_CHECKING

from publer_sync.commands.reaching.environment import Environment
from publer_sync.drafting.stored import PastUse
from publer_sync.ledger.copies import End
from publer_sync.planning.plan import Action
from publer_sync.render.explain import ExplainedUse
from publer_sync.render.post.marks import mark_of
from publer_sync.values.errors import PublerSyncError
from publer_sync.values.timezones import time_zone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.running.choice import Choice
    from publer_sync.ledger.state import State
    from publer_sync.planning.plan import Change
    from publer_sync.values.model import Post


def past_uses(state: State | None, aliases: Mapping[str, str], timezone: str = "UTC") -> tuple[PastUse, ...]:
    """The uses that were published; `aliases` are those of the accounts, by Publer's id."""
    zone, found = time_zone(timezone), []
    for entry in state.entries().values() if state is not None else ():
        use = entry.id or ""
        name, at, _ = use.partition("@")
        copy = entry.published
        if at and copy is not None and entry.account in aliases:
            day = copy.place.at.astimezone(zone).date()
            alias = aliases[entry.account]
            found.append(PastUse(alias, name, day, copy.place.at, copy.sent.text, use))
    return tuple(found)


def uses_of(
    stored: str,
    posts: Sequence[Post],
    changes: Mapping[int, Change],
    past: Sequence[PastUse],
    calendar: Calendar,
) -> list[ExplainedUse]:
    """The uses of a stored post in the files, and those that only the ledger knows, with what became of each."""
    zone = time_zone(calendar.settings.timezone)
    found: dict[tuple[str, datetime, str], list[Post]] = defaultdict(list)
    for post in posts:
        if post.use is not None and post.use.stored == stored:
            change = changes.get(id(post))
            found[post.id or "", post.at, _state(change) if change is not None else "in the calendar"].append(
                post
            )
    uses = [
        ExplainedUse(
            name,
            at,
            tuple(post.account.alias or post.account.name for post in those),
            those[0].use.version if those[0].use else None,
            state,
            those[0].location,
        )
        for (name, at, state), those in found.items()
    ]
    known = {(alias, use.at.astimezone(zone).date()) for use in uses for alias in use.aliases}
    gone: dict[datetime, list[str]] = defaultdict(list)
    for each in past:
        if each.stored == stored and (each.alias, each.day) not in known:
            gone[each.at].append(each.alias)
    uses += [
        ExplainedUse(f"{stored}@{at.astimezone(zone).date()}", at, tuple(aliases), None, "published")
        for at, aliases in gone.items()
    ]
    return sorted(uses, key=lambda use: use.at)


def _state(change: Change) -> str:
    """What became of a use, or what plan would do."""
    if change.action is not Action.PAST:
        return mark_of(change).word
    if change.copy is not None and change.copy.end is End.PUBLISHED:
        return "published"
    return "its time has passed" if change.copy is not None else "its time has passed; it was never scheduled"


def known_uses(calendar: Calendar, choice: Choice) -> tuple[PastUse, ...]:
    """The same without asking Publer; nothing where the ledger cannot be read."""
    from publer_sync.commands.log import accounts_in
    from publer_sync.commands.reaching.parts import KnownParts
    from publer_sync.ledger.repositories import Repositories

    parts = KnownParts(choice, Environment.of(os.environ), Repositories())
    try:
        workspace = parts.workspace(calendar)
        state = parts.open(calendar, workspace).read() if workspace is not None else None
    except PublerSyncError:
        return ()
    if state is None:
        return ()
    aliases = {key: each.alias or "" for key, each in accounts_in(state, calendar).items()}
    return past_uses(state, aliases, calendar.settings.timezone)
