"""Turns a plan or a report into the ending of its command: exit code, line, and text or document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publer_sync.commands.running.views import APPLY, PLAN
from publer_sync.machine.version import version
from publer_sync.render.layout.venue import Venue
from publer_sync.render.overview import totals_line
from publer_sync.render.post.marks import NO_OPTIONS
from publer_sync.render.post.tally import outcomes

if TYPE_CHECKING:
    from publer_sync.applying.report import ApplyReport
    from publer_sync.planning.allow import Allow
    from publer_sync.planning.plan import Plan
    from publer_sync.render.several import Ending


def plan_ending(
    plan: Plan,
    style: str,
    *,
    verbose: bool,
    command: str,
    code: int = 0,
    allow: Allow = NO_OPTIONS,
    applies: bool = False,
    next_step: bool = True,
) -> Ending:
    """`allow` are the options that apply has already; `command` is the apply that does what is shown, now if it `applies`.

    Without a `next_step`, what comes next is not the user's to begin.
    """
    brief = not (plan.listed or plan.warnings or verbose)
    line, offered = (
        totals_line(plan, allow),
        _offered(command, allow, refused=applies and bool(plan.refusals)),
    )
    return PLAN[style].ending(code, line, plan, brief=brief, verbose=verbose, next_step=next_step, **offered)


def report_ending(report: ApplyReport, style: str, command: str, allow: Allow) -> Ending:
    """`command` is the apply that was run, with its options `allow`."""
    code, error = report.exit_code, report.error
    line = ", ".join(outcomes(report)) or "nothing to do"
    brief = not report.results and error is None
    return APPLY[style].ending(code, line, report, brief=brief, error=error, **_offered(command, allow))


def _offered(command: str, allow: Allow, *, refused: bool = False) -> dict[str, Any]:
    venue = Venue(command=command, allow=allow, refused=refused)
    return {"version": version(), "command": command, "allow": allow, "venue": venue}
