"""The annotations of one calendar: on the lines of a diff, and in the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publer_sync.action import drift, workflow
from publer_sync.applying.report import Outcome
from publer_sync.render.layout.wording import count, sentence
from publer_sync.render.past.outcomes import NOT_PUSHED, result_lines
from publer_sync.render.post.tally import over_limit, repair_of
from publer_sync.values.errors import RejectedStateError, SafetyLimitError
from publer_sync.values.problems import path_in

if TYPE_CHECKING:
    from publer_sync.action.pages import Place
    from publer_sync.action.runs import CalendarOutcome
    from publer_sync.planning.plan import Change, Plan
    from publer_sync.values.errors import PublerSyncError


def log_text(done: CalendarOutcome, place: Place) -> str:
    from publer_sync.render import text
    from publer_sync.render.past import results

    if done.results is not None:
        return results.text(done.results)
    if done.report is not None:
        return text.report(done.report, apply=place.apply_plainly)
    if done.plan is not None:
        return text.plan(place.left(done.plan), command="", apply=place.apply_plainly, allow=place.allowed)
    return count(done.errors, "error") if done.errors else "no errors" if done.error is None else "no result"


def annotate_done(done: CalendarOutcome, place: Place) -> None:
    """Annotate the lines of what needs attention; GitHub keeps ten of each severity."""
    workflow.annotate_problems(done.problems, place.folder)
    if done.error is not None and not done.errors:
        annotate_error(done.error if done.plan is None else _with_github_steps(done.error, done.plan, place))
    if done.plan is not None:
        for change in done.plan.changes:
            stuck = drift.stuck(change) or drift.edited(change)
            if stuck and not place.allowed.passes(change):
                _annotate_change("warning", change, change.reason, place, title="not scheduled")
        for refusal in place.left(done.plan).refusals:
            repair = repair_of(refusal, done.plan)
            way = (
                f"Bring it back: {repair}"
                if repair
                else f"If you mean it: {place.apply_plainly([refusal.allow])}"
            )
            message = f"{sentence(over_limit(refusal, done.plan))} Apply refuses that. {way}"
            workflow.annotate("warning", message, title=refusal.code)
    if done.report is not None:
        for result in done.report.results:
            if result.outcome in (Outcome.APPLIED, Outcome.WAITING):
                continue
            severity = "error" if result.outcome is Outcome.FAILED else "warning"
            message = "\n".join(result_lines(result))
            title = str(result.outcome).replace("_", " ")
            _annotate_change(severity, result.change, message, place, title=title)
        if done.report.error is not None:
            annotate_error(done.report.error)


def _with_github_steps(error: PublerSyncError, plan: Plan, place: Place) -> PublerSyncError:
    """The error with what people do on GitHub, where a safety limit names a command."""
    options = [refusal.allow for refusal in place.left(plan).refusals if not repair_of(refusal, plan)]
    if not isinstance(error, SafetyLimitError) or not options:
        return error
    return SafetyLimitError(
        error.message,
        code=error.code,
        hint=f"Nothing was done. If you mean it: {place.apply_plainly(options)}",
    )


def _annotate_change(severity: Any, change: Change, message: str, place: Place, *, title: str) -> None:
    where = change.post.location if change.post else None
    file = path_in(place.folder, where.file) if where else None
    said = f"{change.account.alias or change.account.name}, {change.at:%Y-%m-%d %H:%M} UTC: {message}"
    workflow.annotate(severity, said, title=title, file=file, line=where.line if where else 1)


def annotate_error(error: PublerSyncError) -> None:
    message = f"{error.message}\n{error.hint}" if error.hint else error.message
    title = NOT_PUSHED if isinstance(error, RejectedStateError) else error.code
    workflow.annotate("error", message, title=title)
