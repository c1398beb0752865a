"""`publer-sync log --approvals`: who said yes to which words, as approvals.yaml has it. Publer and the ledger are asked for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.calendar.approvals import read_approvals
from publer_sync.calendar.folder import APPROVALS
from publer_sync.commands.running.frame import Frame
from publer_sync.commands.running.options import first_instant, last_instant
from publer_sync.commands.running.views import LOG_APPROVALS
from publer_sync.machine.clock import Clock
from publer_sync.render.past.log_approvals import ApprovalLog
from publer_sync.render.several import Ending
from publer_sync.values.errors import CalendarError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.running.choice import Choice
    from publer_sync.values.approval import Approval
    from publer_sync.values.problems import Problem


def run(calendars: Sequence[Path], choice: Choice, *, post: str | None, style: str) -> int:
    """Posts need not be valid, and what nobody is asked for any more is told too. A line that is no yes is an error."""
    frame = Frame.of(calendars, choice, style=style, views=LOG_APPROVALS, offline=True)

    def one(top: Path | None) -> Ending:
        with frame.calendar(top) as (calendar, _):
            approvals = _approvals(calendar)
            found = tuple(_chosen(approvals, choice, calendar.settings.timezone, post))
            settings = calendar.settings
            log = ApprovalLog(settings.name, settings.timezone, found, settings.people)
        return Ending(0, "", found=log)

    return frame.run(one, doing="log", now=Clock().now())


def _approvals(calendar: Calendar) -> tuple[Approval, ...]:
    if not (calendar.top / APPROVALS).exists():
        return ()
    problems: list[Problem] = []
    _, found = read_approvals(calendar.top, {}, problems)
    if problems:
        raise CalendarError(tuple(problems))
    return found


def _chosen(
    approvals: Sequence[Approval], choice: Choice, timezone: str, post: str | None
) -> Iterator[Approval]:
    since = first_instant(choice.since, timezone, option="--from") if choice.since else None
    until = last_instant(choice.until, timezone, option="--to") if choice.until else None
    for each in approvals:
        if post is not None and each.post not in (post, post.partition("@")[0]):
            continue
        if (since is None or each.at >= since) and (until is None or each.at < until):
            yield each
