"""`publer-sync status`: where a calendar stands, and what needs someone."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from publer_sync.commands.environment import Environment
from publer_sync.commands.plan import apply_command
from publer_sync.commands.problems import explained
from publer_sync.commands.session import check, open_session
from publer_sync.commands.shared import document, out, say_wait, screen
from publer_sync.planning.standing import WEEK, standing
from publer_sync.render import status

if TYPE_CHECKING:
    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.access import Choice
    from publer_sync.planning.standing import Standing


def run(calendar: Calendar, choice: Choice, *, style: str, verbose: bool) -> int:
    with explained(calendar, style=style):
        found = make(calendar, choice)
    if style == "json":
        document(status.document(found))
    else:
        out(status.text(found, screen=screen(), verbose=verbose, command=apply_command(choice)))
    return 6 if found.needs_someone else 0


def make(calendar: Calendar, choice: Choice) -> Standing:
    """With nothing but GET."""
    with ExitStack() as stack:
        check(calendar)
        environment = Environment.of(os.environ)
        session = open_session(
            calendar, environment, choice, stack, writes=False, say=say_wait, base=Path.cwd()
        )
        at = session.access
        seen = at.survey(at.state())
        now = at.clock.now()
        last_days = at.publer.posts(
            since=(now - WEEK).date(),
            until=now.date(),
            account_ids=at.account_ids,
            states=("published", "failed"),
        )
        return standing(
            session.plan(seen),
            seen.live,
            last_days,
            seen.state,
            list(at.accounts.values()),
            requests_left=at.publer.requests_left,
        )
