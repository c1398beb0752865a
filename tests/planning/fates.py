"""What `results` tells of one post a day later: what the calendar says, what the ledger knows and what Publer lists.

The states are those of `decisions`. Each line has what the calendar says, what Publer lists, and what is told.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.planning.publication import Days, publications
from publer_sync.values.model import MINUTE, Listing
from tests.builders import DAY, HOUR, LINKEDIN, NOW, SOON, X
from tests.planning.decisions import AS_SECOND, CALENDAR, HALVES, HOLD, LEDGER, PUBLER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publer_sync.planning.publication import Publication

ACCOUNTS = {account.id: account for account in (X, LINKEDIN)}
SAID = ("as sent", "other words", "a draft", "not there")
LISTED = (
    "nothing",
    "as sent",
    "other words",
    "moved",
    "published",
    "one published under another id",
    "another one there",
)
REST = (
    "a draft",
    "waits for approval",
    "declined",
    "failed",
    "recurring",
    "on another account",
    "one made there",
)
CIRCUMSTANCES = ("", "an hour later", "an incomplete list", "a hold")


def told_of(known: str, said: str, listed: str, circumstance: str) -> str:
    state, desired, live = LEDGER[known], CALENDAR[said], PUBLER[listed]
    if state is not None and circumstance == "a hold":
        state = replace(state, holds=(HOLD,))
    if known in HALVES:
        live = (*live, AS_SECOND)
    now = SOON + (30 * MINUTE if circumstance == "an hour later" else DAY)
    listing = Listing(live, int(circumstance == "an incomplete list"))
    days = Days(NOW - HOUR, now, now)
    found = publications([desired] if desired else [], state, listing, ACCOUNTS, days)
    return " + ".join(_line(each) for each in found) or "nothing"


def _line(one: Publication) -> str:
    what = f"{one.status} {one.live.id if one.live else '-'} {one.text!r}"
    if one.planned is None:
        return f"{what} of somebody else"
    named = f"{what} as {one.id}" if one.id else what
    return f"{named}: {one.reason}" if one.reason else named


def _listed(known: str, circumstance: str) -> tuple[str, ...]:
    if circumstance:
        return ("nothing", "as sent", "published")
    return (*LISTED, *REST) if known == "listed" else LISTED


def section(known: str, circumstance: str) -> Iterator[str]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for said in SAID:
        for listed in _listed(known, circumstance):
            told = told_of(known, said, listed, circumstance)
            if not circumstance or told != told_of(known, said, listed, ""):
                found[said, told].append(listed)
    for (said, told), those in found.items():
        yield f"{said} | {', '.join(those)} | {told}"


def heading(known: str, circumstance: str) -> str:
    return f"{known}; {circumstance}" if circumstance else known
