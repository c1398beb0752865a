"""hold over several calendars: the soonest posts go first, and no calendar waits for what is under way in another."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from publer_sync.clock import Clock
from publer_sync.commands import several
from publer_sync.errors import Interrupted, PublerSyncError, ServiceError
from publer_sync.holding.holder import in_scope
from publer_sync.holding.report import Stopped
from publer_sync.ledger.hold import Hold

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.access import Choice, LastStates
    from publer_sync.commands.hold import HoldRequest
    from publer_sync.commands.progress import ProgressLine
    from publer_sync.holding.report import HoldReport
    from publer_sync.publer.gateway import UrgentPubler
    from publer_sync.render.several import Ended

NEVER = datetime.max.replace(tzinfo=UTC)


def next_due(calendar: Calendar, choice: Choice, states: LastStates[UrgentPubler]) -> datetime:
    """When the next managed post of a calendar is published, as its state has it."""
    state = None if choice.sandbox else states.of(calendar, choice)  # a sandbox of its own is not waited for
    if state is None:
        return NEVER
    everything = Hold("", Clock().now())
    posts = in_scope(state, everything, [copy.account for copy in state.copies.values()])
    return posts[0].at if posts else NEVER


def soonest_first(
    tops: Sequence[Path | None], due: Callable[[Path | None], datetime]
) -> Sequence[Path | None]:
    """The calendars in the order of their next posts: with hundreds, Publer's limit would make the last wait too long."""

    def when(top: Path | None) -> datetime:
        try:
            return due(top)
        except ServiceError:
            raise
        except PublerSyncError:
            return NEVER  # its turn tells what is wrong

    try:
        return sorted(tops, key=when)
    except ServiceError:
        return tops


def hold_each(
    tops: Sequence[Path | None],
    due: Callable[[Path | None], datetime],
    stop: Callable[[Path | None, HoldRequest], HoldReport],
    request: HoldRequest,
    end: Callable[[Path | None, HoldReport], Ended],
    *,
    style: str,
    progress: ProgressLine,
) -> list[tuple[str, Ended]]:
    """How hold ends for each calendar: first what is listed goes from all of them, then what is under way is followed.

    The calendar whose next post is `due` soonest comes first. `stop` holds one calendar, `end` shows what came of it.
    """
    soonest: dict[Path | None, HoldReport] = {}
    interrupted = False

    def report(top: Path | None, request: HoldRequest) -> HoldReport:
        nonlocal interrupted
        try:
            report = stop(top, request)
        except (KeyboardInterrupt, Interrupted):
            interrupted = True
            raise
        interrupted = isinstance(report.error, Interrupted)
        return report

    def at_once(top: Path | None) -> Ended:
        if interrupted:
            return several.not_begun(style)
        soonest[top] = first = report(top, replace(request, timeout=0.0))
        return end(top, first)

    def whole(top: Path | None) -> Ended:
        if interrupted:
            return several.not_begun(style)
        first = soonest.get(top)
        if first is None or first.error is not None:
            first = report(top, request)
        elif first.of(Stopped.UNVERIFIED) and request.timeout:
            first = first.followed_by(report(top, request))
        return end(top, first.beside(soonest.values()))

    if len(tops) > 1 and not request.diff:  # no calendar waits for what is under way in another
        ended = list(
            several.each(soonest_first(tops, due), at_once, style=style, doing="hold", progress=progress)
        )
        if interrupted:
            return ended
    return list(several.each(tops, whole, style=style, doing="hold", progress=progress))
