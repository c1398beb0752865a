"""Which posts of a calendar a command is about: --account, --from and --to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.commands.running.options import first_instant, last_instant, members_of
from publer_sync.planning.planner import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.running.choice import Choice
    from publer_sync.values.model import Account


def aliases_of(calendar: Calendar, words: Iterable[str]) -> tuple[str, ...]:
    """The aliases that `--account` names: each is one, or a group of them. Raises UsageError."""
    groups = calendar.groups
    return tuple(dict.fromkeys(alias for word in words for alias in members_of(groups, word, groups.meant)))


def scope_of(choice: Choice, calendar: Calendar, accounts: Mapping[str, Account]) -> Scope | None:
    """Which posts are chosen, of these accounts by alias; None: all. Raises UsageError."""
    if not (choice.accounts or choice.since or choice.until):
        return None
    aliases, timezone = aliases_of(calendar, choice.accounts), calendar.settings.timezone
    return Scope(
        frozenset(accounts[alias].id for alias in aliases if alias in accounts) if aliases else None,
        first_instant(choice.since, timezone, option="--from") if choice.since else None,
        last_instant(choice.until, timezone, option="--to") if choice.until else None,
    )
