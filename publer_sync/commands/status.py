"""`publer-sync status`: where a calendar stands, and what needs attention."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.commands.reaching import gone
from publer_sync.commands.reaching.connections import Connections
from publer_sync.commands.reaching.session import open_session
from publer_sync.commands.running.command_lines import command_line
from publer_sync.commands.running.frame import Frame
from publer_sync.commands.running.views import STATUS
from publer_sync.commands.store import past_uses
from publer_sync.drafting.filling import LEAD, FillRules
from publer_sync.drafting.stored import lasting
from publer_sync.planning.publication import Days, publications
from publer_sync.planning.standing import WEEK, standing
from publer_sync.publer.reader import PublerReader
from publer_sync.render import status
from publer_sync.rules.budget import Spending
from publer_sync.values.model import joined_listings
from publer_sync.values.timezones import time_zone

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.running.choice import Choice
    from publer_sync.planning.standing import Standing
    from publer_sync.render.several import Ending


def run(
    calendars: Sequence[Path], choice: Choice, *, changed_since: str | None, style: str, verbose: bool
) -> int:
    frame = Frame.of(calendars, choice, style=style, views=STATUS, changed_since=changed_since)
    connections = Connections(PublerReader)

    def one(top: Path | None) -> Ending:
        with frame.calendar(top) as (calendar, here):
            found = make(calendar, here, connections)
        return frame.view.ending(
            6 if found.needs_someone else 0,
            status.line(found),
            found,
            verbose=verbose,
            command=command_line("apply", here),
            results=command_line("results", replace(here, since=None, until=None)),
        )

    return frame.run(one, doing="status", connections=connections)


def make(calendar: Calendar, choice: Choice, connections: Connections[PublerReader]) -> Standing:
    """With nothing but GET."""
    with ExitStack() as stack:
        session = open_session(calendar, choice, stack, connections)
        at = session.access
        seen = at.survey(at.state())
        now = at.clock.now()
        last_days = at.publer.posts(
            since=(now - WEEK).date(),
            until=now.date(),
            account_ids=at.account_ids,
            states=("published", "failed"),
        )
        week = publications(
            session.desired,
            seen.state,
            joined_listings(last_days, seen.live),
            at.accounts_by_id,
            Days(now - WEEK, now, now),
        )
        plan = session.plan(seen)
        return standing(
            plan,
            seen.live,
            week,
            seen.state,
            list(at.accounts.values()),
            cadence=calendar.settings.cadence,
            requests_left=at.publer.requests_left,
            budgets=Spending(
                session.desired,
                calendar.beside,
                calendar.settings.budgets,
                time_zone(calendar.settings.timezone),
            ).left(now),
            places=(at.store.place, *at.places.others()),
            theirs=at.elsewhere(seen.state).ids if plan.holds else (),
            stores=lasting(
                calendar,
                FillRules(now, now + LEAD),
                past_uses(
                    seen.state,
                    {account.id: account.alias or "" for account in at.accounts.values()},
                    calendar.settings.timezone,
                ),
            ),
            gone=[
                (each, gone.sentence_of(each, choice))
                for each in gone.beside(at.calendar.top, at.store, connections)
            ],
        )
