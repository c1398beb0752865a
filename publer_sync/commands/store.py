"""What the ledger knows of the uses of stored posts."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from publer_sync.commands.environment import Environment
from publer_sync.drafting.stored import PastUse
from publer_sync.errors import PublerSyncError
from publer_sync.timezones import time_zone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.choice import Choice
    from publer_sync.ledger.state import State


def past_uses(state: State | None, aliases: Mapping[str, str], timezone: str = "UTC") -> tuple[PastUse, ...]:
    """The uses that were published; `aliases` are those of the accounts, by Publer's id."""
    zone, found = time_zone(timezone), []
    for entry in state.entries().values() if state is not None else ():
        name, at, _ = (entry.id or "").partition("@")
        copy = entry.published
        if at and copy is not None and entry.account in aliases:
            day = copy.place.at.astimezone(zone).date()
            found.append(PastUse(aliases[entry.account], name, day, copy.sent.text))
    return tuple(found)


def known_uses(calendar: Calendar, choice: Choice) -> tuple[PastUse, ...]:
    """The same without asking Publer; nothing where the ledger cannot be read."""
    from publer_sync.commands.log import accounts_in
    from publer_sync.commands.parts import KnownParts
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
