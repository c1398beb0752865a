"""hold over several calendars: every hold is written first, then the soonest posts go, and no calendar waits for what is under way in another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.commands import several
from publer_sync.commands.hold_first import HoldOfSeveral, write_first
from publer_sync.errors import Interrupted
from publer_sync.holding.report import Stopped

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.commands.choice import HoldRequest
    from publer_sync.holding.report import HoldReport
    from publer_sync.render.several import Ending


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
