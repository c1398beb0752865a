"""hold over several calendars: every hold is written first, then the soonest posts go, and no calendar waits for what is under way in another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from publer_sync.clock import Clock
from publer_sync.commands import several
from publer_sync.commands.access import LastStates
from publer_sync.commands.hold_first import write_first
from publer_sync.commands.problems import explained
from publer_sync.errors import Interrupted, PublerSyncError, ServiceError
from publer_sync.holding.holder import in_scope
from publer_sync.holding.report import Stopped
from publer_sync.ledger.hold import Hold

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.access import Choice, Connections
    from publer_sync.commands.hold import HoldRequest
    from publer_sync.commands.progress import ProgressLine
    from publer_sync.holding.report import HoldReport
    from publer_sync.publer.gateway import UrgentPubler
    from publer_sync.render.several import Ending

NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class HoldOfSeveral:
    """The calendars of one hold, each with its choice: `make` holds one, `end` shows what came of it."""

    tops: Sequence[Path | None]
    read: Callable[[Path | None], Calendar]
    choice_of: Callable[[Path | None], Choice]
    make: Callable[[Calendar, Choice, HoldRequest, Connections[UrgentPubler], ProgressLine], HoldReport]
    end: Callable[[HoldReport, Choice], Ending]
    connections: Connections[UrgentPubler]
    progress: ProgressLine
    style: str

    def stop(self, top: Path | None, request: HoldRequest) -> HoldReport:
        choice, calendar = self.choice_of(top), self.read(top)
        with explained(calendar, style=self.style):
            return self.make(calendar, choice, request, self.connections, self.progress)

    def ended(self, top: Path | None, report: HoldReport) -> Ending:
        return self.end(report, self.choice_of(top))

    def each(
        self, one: Callable[[Path | None], Ending], tops: Sequence[Path | None] | None = None
    ) -> list[tuple[str, Ending]]:
        tops = self.tops if tops is None else tops
        return list(several.each(tops, one, style=self.style, doing="hold", progress=self.progress))

    def soonest_first(self) -> Sequence[Path | None]:
        """In the order of their next posts: with hundreds, Publer's limit would make the last wait too long."""
        states = LastStates(self.connections)

        def when(top: Path | None) -> datetime:
            try:
                return next_due(self.read(top), self.choice_of(top), states)
            except ServiceError:
                raise
            except PublerSyncError:
                return NEVER  # its turn tells what is wrong

        try:
            return sorted(self.tops, key=when)
        except ServiceError:
            return self.tops


def next_due(calendar: Calendar, choice: Choice, states: LastStates[UrgentPubler]) -> datetime:
    """When the next managed post of a calendar is published, as its state has it."""
    state = None if choice.sandbox else states.of(calendar, choice)  # a sandbox of its own is not waited for
    if state is None:
        return NEVER
    everything = Hold("", Clock().now())
    posts = in_scope(state, everything, [copy.account for copy in state.copies.values()])
    return posts[0].at if posts else NEVER


def hold_together(together: HoldOfSeveral, request: HoldRequest) -> list[tuple[str, Ending]]:
    """How hold ends for each calendar: first what is listed goes from all of them, then what is under way is followed.

    Before that, every hold is written. The calendar whose next post is due soonest comes first.
    """
    reports: dict[Path | None, HoldReport] = {}
    interrupted = False

    def report(top: Path | None, request: HoldRequest) -> HoldReport:
        nonlocal interrupted
        try:
            report = together.stop(top, request)
        except (KeyboardInterrupt, Interrupted):
            interrupted = True
            raise
        interrupted = isinstance(report.error, Interrupted)
        return report

    def at_once(top: Path | None) -> Ending:
        if interrupted:
            return several.not_begun(together.style)
        reports[top] = report(top, replace(request, timeout=0.0))
        return together.ended(top, reports[top])

    def whole(top: Path | None) -> Ending:
        if interrupted:
            return several.not_begun(together.style)
        first = reports.pop(top, None)
        if first is None or first.error is not None:
            first = report(top, request)
        elif first.of(Stopped.UNVERIFIED) and request.timeout:
            first = first.followed_by(report(top, request))
        reports[top] = first
        return together.ended(top, first)

    if not request.diff:
        write_first(together, request)
        request = replace(request, yes=True)
    if len(together.tops) > 1 and not request.diff:  # no calendar waits for what is under way in another
        ended = together.each(at_once, together.soonest_first())
        if interrupted:
            return ended
    ended = together.each(whole)
    return [
        (name, together.ended(top, reports[top].beside(reports.values())) if top in reports else each)
        for top, (name, each) in zip(together.tops, ended, strict=True)
    ]
