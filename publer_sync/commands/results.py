"""`publer-sync results`: what was published in some days, when and where, and what was not."""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING

from publer_sync.commands.beside.repository import addresses_of
from publer_sync.commands.reaching.connections import Connections
from publer_sync.commands.reaching.session import open_session
from publer_sync.commands.running.frame import Frame
from publer_sync.commands.running.options import first_instant, last_instant
from publer_sync.commands.running.views import RESULTS
from publer_sync.machine.extras import PREVIEW, require
from publer_sync.planning.publication import Days, Results, Status, publications, with_figures
from publer_sync.planning.standing import WEEK
from publer_sync.planning.survey import HORIZON
from publer_sync.previewing.addresses import NO_ADDRESSES
from publer_sync.publer.reader import PublerReader
from publer_sync.render.past.results import line
from publer_sync.values.errors import UsageError
from publer_sync.values.model import joined_listings
from publer_sync.values.timezones import time_zone

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.reaching.session import Session
    from publer_sync.commands.running.choice import Choice
    from publer_sync.ledger.state import State
    from publer_sync.planning.publication import By, Publication
    from publer_sync.previewing.addresses import Addresses
    from publer_sync.previewing.published import ResultsPage
    from publer_sync.render.several import Ending
    from publer_sync.values.model import Account


def run(
    calendars: Sequence[Path],
    choice: Choice,
    *,
    changed_since: str | None,
    style: str,
    by: By | None,
    insights: bool,
    compare: bool = False,
) -> int:
    if style == "html":
        require(PREVIEW)
    frame = Frame.of(calendars, choice, style=style, views=RESULTS, changed_since=changed_since)
    connections = Connections(PublerReader)

    def one(top: Path | None) -> Ending:
        with frame.calendar(top) as (calendar, here):
            found = make(calendar, here, connections, by=by, insights=insights, compare=compare)
        return frame.view.ending(exit_code(found), line(found), found)

    return frame.run(one, doing="results", connections=connections)


def make(
    calendar: Calendar,
    choice: Choice,
    connections: Connections[PublerReader],
    *,
    by: By | None = None,
    insights: bool = False,
    compare: bool = False,
) -> Results:
    """With nothing but GET."""
    with ExitStack() as stack:
        session = open_session(calendar, choice, stack, connections)
        at = session.access
        days = _days(choice, calendar.settings.timezone, at.clock.now())
        ids = session.scope.accounts if session.scope else None
        chosen = [account for account in at.accounts.values() if ids is None or account.id in ids]

        def of(days: Days) -> Results:
            told, unlisted = look_back(session, at.state(), days, chosen)
            if insights:
                since, until = days.since.date(), days.until.date()
                insights_of = (at.publer.insights(account.id, since=since, until=until) for account in chosen)
                told = with_figures(told, chain.from_iterable(insights_of))
            return Results(
                calendar=at.name,
                workspace=at.workspace,
                timezone=calendar.settings.timezone,
                days=days,
                publications=told,
                unlisted=unlisted,
                by=by,
                insights=insights,
                top=calendar.top,
            )

        found = of(days)
        if compare:
            return replace(found, before=of(_days_before(days, calendar.settings.timezone)))
        return found


def exit_code(results: Results) -> int:
    return 6 if results.needs_someone else 0


def page(found: Sequence[Results]) -> str:
    """As HTML."""
    from publer_sync.previewing.html import render_results

    if not found:
        return ""
    return render_results(page_of(found, addresses=lambda each: addresses_of(each.top, os.environ)))


def page_of(
    found: Sequence[Results],
    *,
    beside: str = "",
    addresses: Callable[[Results], Addresses] = lambda _: NO_ADDRESSES,
) -> ResultsPage:
    """`beside` is the address of the preview, from the page's; `addresses` are those of a calendar's files."""
    from publer_sync.previewing.published import ResultsPage, results_of
    from publer_sync.previewing.thumbnails import Thumbnails

    thumbnails = Thumbnails()
    made = (results_of(each, thumbnails, addresses=addresses(each)) for each in found)
    return ResultsPage(tuple(made), beside)


def _days_before(days: Days, timezone: str) -> Days:
    """As many days right before them, on the clock of the calendar."""
    zone = time_zone(timezone)
    since, until = (moment.astimezone(zone).replace(tzinfo=None) for moment in (days.since, days.until))
    return Days((since - (until - since)).replace(tzinfo=zone), days.since, days.now)


def _days(choice: Choice, timezone: str, now: datetime) -> Days:
    until = last_instant(choice.until, timezone, option="--to") if choice.until else now
    week_before = (min(until, now) - WEEK).astimezone(time_zone(timezone)).date()
    since = first_instant(choice.since or str(week_before), timezone, option="--from")
    if since >= now:
        raise UsageError(
            f"--from {choice.since} is in the future",
            hint="results shows what was published. For what is ahead: publer-sync plan, or publer-sync status.",
        )
    return Days(since, min(until, now), now)


def look_back(
    session: Session[PublerReader], state: State | None, days: Days, accounts: Sequence[Account]
) -> tuple[tuple[Publication, ...], int]:
    """What became of the posts of these days on some accounts, and how many posts Publer counts but does not list.

    If a post that was once in Publer left no trace, ask Publer again, from the day it was last seen to as far ahead as it
    schedules: someone may have moved it.
    """
    publer, ids = session.access.publer, [account.id for account in accounts]
    known = {account.id: account for account in accounts}
    listing = publer.posts(since=days.since.date(), until=days.until.date(), account_ids=ids)
    told = publications(session.desired, state, listing, known, days)
    seen = [
        one.copy.verified_at or one.copy.slot
        for one in told
        if one.status is Status.NOT_FOUND and one.copy and one.copy.post_id
    ]
    if not seen:
        return told, listing.short
    everything = publer.posts(
        since=min(seen).date() - timedelta(days=1), until=days.now.date() + HORIZON, account_ids=ids
    )
    listing = replace(
        joined_listings(listing, everything, publer.undated_drafts(account_ids=ids)), short=everything.short
    )
    return publications(session.desired, state, listing, known, days), listing.short
