"""Turns a plan or a report into the ending of its command: exit code, line, and text or document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.commands.running.shared import screen
from publer_sync.machine.version import version
from publer_sync.render import data, markdown, text
from publer_sync.render.layout.venue import Venue
from publer_sync.render.overview import totals_line
from publer_sync.render.post.marks import NO_OPTIONS
from publer_sync.render.post.tally import outcomes
from publer_sync.render.several import Ending

if TYPE_CHECKING:
    from publer_sync.applying.report import ApplyReport
    from publer_sync.planning.allow import Allow
    from publer_sync.planning.plan import Plan


def plan_ending(
    plan: Plan, style: str, *, verbose: bool, command: str, code: int = 0, allow: Allow = NO_OPTIONS
) -> Ending:
    """`allow` are the options that apply has already; `command` is the apply that does what is shown."""
    line = totals_line(plan, allow)
    match style:
        case "json":
            return Ending(code, line, document=data.plan(plan, version=version(), command=command))
        case "markdown":
            page = markdown.plan(plan, venue=Venue(command=command, allow=allow))
        case _:
            page = text.plan(plan, screen=screen(), verbose=verbose, command=command, allow=allow)
    return Ending(code, line, page, brief=not (plan.listed or plan.warnings or verbose))


def report_ending(report: ApplyReport, style: str, command: str, allow: Allow) -> Ending:
    """`command` is the apply that was run, with its options `allow`."""
    code, error = report.exit_code, report.error
    line = ", ".join(outcomes(report)) or "nothing to do"
    match style:
        case "json":
            return Ending(code, line, document=data.report(report, command), error=error)
        case "markdown":
            page = markdown.report(report, venue=Venue(command=command, allow=allow))
        case _:
            page = text.report(report, screen=screen(), command=command)
    return Ending(code, line, page, brief=not report.results and error is None, error=error)
