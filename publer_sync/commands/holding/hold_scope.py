"""Which accounts, labels and days a hold covers, and which words of its command line name nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from publer_sync.commands.running.options import first_instant, last_instant
from publer_sync.holding.report import Asked, Word
from publer_sync.ledger.hold import Hold
from publer_sync.networks.table import code_of, network_of
from publer_sync.values.model import Slot
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.running.choice import Choice, HoldRequest
    from publer_sync.ledger.state import State
    from publer_sync.values.model import Account, LivePost, Post


NOTHING: Final = timedelta(0)
EARLIEST, LATEST = timedelta(hours=14), timedelta(hours=12)
"""How much earlier than in UTC a day begins somewhere, and how much later it ends (Kiribati; Baker Island)."""


def scope_of(
    calendar: Calendar, choice: Choice, request: HoldRequest, accounts: Mapping[str, Account], now: datetime
) -> tuple[Hold | None, Asked]:
    """The hold, and what is known of the words that narrow it; None where they name no account that is here.

    `accounts` are Publer's by alias. A post has to match all of accounts, networks, labels and days.
    Where the calendar's zone cannot be read, a day is that day anywhere: too much is put back, too little is published.
    """
    timezone = calendar.settings.timezone
    early, late = (NOTHING, NOTHING) if calendar.settings.zone_known else (EARLIEST, LATEST)
    words: list[Word] = []
    named: dict[str, None] = {}
    known = (*calendar.groups.aliases, *calendar.groups.groups)
    for word in choice.accounts:
        aliases = calendar.groups.members(word) or ()
        here = [alias for alias in aliases if alias in accounts]
        words.append(Word("account", word, known=bool(here), left_publer=bool(aliases) and not here))
        named.update(dict.fromkeys(here))
    on_network: dict[str, None] = {}
    for word in request.networks:
        provider = network_of(word)
        here = [alias for alias, account in accounts.items() if account.provider == provider]
        words.append(Word("network", word, known=bool(here)))
        on_network.update(dict.fromkeys(here))
    chosen = [
        alias
        for alias in accounts
        if (not choice.accounts or alias in named) and (not request.networks or alias in on_network)
    ]
    labels = tuple(dict.fromkeys(label.strip() for label in request.labels))
    asked = Asked(
        tuple(words),
        labels,
        accounts=known,
        networks=tuple(dict.fromkeys(code_of(account.provider) for account in accounts.values())),
    )
    narrowed = bool(choice.accounts or request.networks)
    if narrowed and not chosen:
        return None, asked
    hold = Hold(
        reason=one_line(request.reason),
        since=now,
        accounts=tuple(accounts[alias].id for alias in chosen) if narrowed else (),
        labels=labels,
        first=first_instant(choice.since, timezone, option="--from") - early if choice.since else None,
        last=last_instant(choice.until, timezone, option="--to") + late if choice.until else None,
    )
    return hold, asked


def labelled(calendar: Calendar, state: State, accounts: Mapping[str, Account]) -> dict[int, Post]:
    """What the files say of each post that the state has, by the key of its copy, as far as they can be read.

    By its id, else by its minute: what left or moved is in scope as it was sent.
    """
    by_id: dict[tuple[str, str | None], Post] = {}
    by_slot: dict[Slot, Post] = {}
    for post in calendar.desired.posts:
        account = accounts.get(post.account.alias or "")
        if account is not None:
            by_slot[Slot(account.id, post.at)] = by_id[account.id, post.id] = replace(post, account=account)
    found: dict[int, Post] = {}
    for copy in state.copies.values():
        named = by_id.get((copy.account, copy.id)) if copy.id else None
        meant = named or by_slot.get(copy.place)
        if meant is not None and copy.end is None:
            found[copy.key] = meant
    return found


def labels_here(state: State, live: Iterable[LivePost], calendar: Calendar) -> frozenset[str]:
    """Every label that a post has, in the files, as it was sent, or in Publer."""
    found = {label for copy in state.copies.values() for label in copy.sent.labels}
    found |= {label for post in live for label in post.labels or ()}
    return frozenset(found | {label for post in calendar.desired.posts for label in post.content.labels})
