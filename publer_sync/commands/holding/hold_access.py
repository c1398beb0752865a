"""How hold reaches a calendar: by the ids of the ledger where Publer calls a workspace or an account otherwise than the settings do."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.commands.reaching.access import open_access
from publer_sync.commands.reaching.environment import Environment
from publer_sync.commands.reaching.parts import KnownParts
from publer_sync.values.errors import CalendarError, StateError
from publer_sync.values.model import Account

if TYPE_CHECKING:
    from contextlib import ExitStack

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.reaching.access import Access
    from publer_sync.commands.reaching.connections import Connections
    from publer_sync.commands.running.choice import Choice
    from publer_sync.publer.gateway import UrgentPubler


def open_for_hold(
    calendar: Calendar, here: Choice, stack: ExitStack, connections: Connections[UrgentPubler]
) -> Access[UrgentPubler]:
    """Raises what `open_access` raises only where the ledger does not know better."""
    try:
        access = open_access(calendar, here, stack, connections, lenient=True)
    except CalendarError as error:
        if here.sandbox or not any(each.code.startswith("workspace") for each in error.problems):
            raise
        known = KnownParts(here, Environment.of(os.environ), connections.repositories).workspace(calendar)
        if not known or known == calendar.settings.workspace:
            raise
        settings = replace(calendar.settings, workspace=known)
        access = open_access(replace(calendar, settings=settings), here, stack, connections, lenient=True)
    return _with_known_accounts(access)


def _with_known_accounts(access: Access[UrgentPubler]) -> Access[UrgentPubler]:
    """With the accounts of the settings that Publer does not list by these names, as the ledger knows them."""
    missing = [ref for ref in access.calendar.settings.accounts if ref.alias not in access.accounts]
    if not missing:
        return access
    try:
        state = access.store.read(trusting=True)
    except StateError:
        return access  # its turn tells what is wrong
    known = state.accounts if state is not None else {}
    used = {account.id for account in access.accounts.values()}
    found = dict(access.accounts)
    for ref in missing:
        ids = [key for key, each in known.items() if ref.name in (key, each.name) and key not in used]
        if len(ids) == 1:
            found[ref.alias] = Account(ids[0], known[ids[0]].name, known[ids[0]].provider, alias=ref.alias)
    return replace(access, accounts=found)
