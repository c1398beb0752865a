"""`publer-sync release`: ends every hold of the command, and puts the posts on hold back as the calendar has them now."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from publer_sync.applying.allow import Allow
from publer_sync.commands import apply, several
from publer_sync.commands.command_lines import command_line, release_command
from publer_sync.commands.frame import Frame
from publer_sync.commands.halting import ending_for_holds, stoppable
from publer_sync.commands.plan_file import check_same
from publer_sync.commands.progress import ProgressLine
from publer_sync.commands.session import open_session
from publer_sync.commands.shared import confirm, need_answer, out, screen
from publer_sync.errors import PublerSyncError, SettingsError
from publer_sync.planning.holding import OnHold
from publer_sync.planning.planner import Scope
from publer_sync.render import data, documents, tally, text
from publer_sync.render import several as endings
from publer_sync.render.several import Ending
from publer_sync.render.wording import count

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from publer_sync.applying.report import ApplyReport
    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.access import Access, Connections
    from publer_sync.commands.choice import Choice, ReleaseRequest
    from publer_sync.commands.halting import Control
    from publer_sync.commands.session import Session
    from publer_sync.content import Json
    from publer_sync.ledger.hold import Hold
    from publer_sync.planning.plan import Plan
    from publer_sync.publer.gateway import Publer


@dataclass(frozen=True, slots=True)
class ReleaseReport:
    """The holds that ended, what was planned for their posts, and what came of it; None if there was nothing to do."""

    holds: tuple[Hold, ...] = ()
    plan: Plan | None = None
    report: ApplyReport | None = None
    over: bool = True
    """Whether the state says that they have ended."""


def run(calendars: Sequence[Path], choice: Choice, request: ReleaseRequest, *, style: str) -> int:
    need_answer(yes=request.yes, diff=request.diff)
    frame = Frame.of(calendars, choice, style=style)
    progress, diff = ProgressLine(), request.diff
    connections = apply.connect(progress, request.timeout)
    with progress, stoppable(connections, progress, request.timeout, style) as control:

        def released(top: Path | None, request: ReleaseRequest, was: ReleaseReport | None = None) -> Ending:
            if control.stop():
                return several.not_begun(style)
            with frame.calendar(top) as (calendar, here):
                done = make(calendar, here, request, connections, control, style=style, was=was)
            planned[top] = done
            return end(done, here, style=style, next_step=diff)

        planned: dict[Path | None, ReleaseReport] = {}
        if not frame.chosen.several or request.yes or request.diff:
            return frame.run(lambda top: released(top, request), doing="release")
        ended = dict(
            frame.each(
                lambda top: released(top, replace(request, diff=True)), doing="plan", progress=progress
            )
        )
        progress.close()
        if style == "text":
            out(endings.text([*ended.items()], screen=screen()))
        shown = dict(planned)
        if plans := [found.plan for found in shown.values() if found.plan is not None]:
            holds = [hold for found in shown.values() for hold in found.holds]
            confirm(_end_of(holds) + text.question(plans, screen=screen()))

        def carry_out(top: Path | None) -> Ending:
            if top not in shown:
                return ended[several.name_of(top)]
            return released(top, replace(request, yes=True), shown[top])

        return frame.run(carry_out, doing="release")


def make(
    calendar: Calendar,
    choice: Choice,
    request: ReleaseRequest,
    connections: Connections[Publer],
    control: Control,
    *,
    style: str,
    was: ReleaseReport | None = None,
) -> ReleaseReport:
    """Raises SettingsError while the settings hold, SafetyLimitError where a safety limit refuses what is put back.

    `was` is what someone agreed to: StalePlanError where it would be something else now.
    """
    if calendar.settings.hold is not None:
        raise SettingsError(
            f"the settings hold posts ({calendar.settings.hold.location}), and no command ends that",
            code="hold.settings",
            hint=f"Remove `hold` from {calendar.settings.hold.location.file}: the next apply puts its posts back. If someone ran hold as "
            "well, run release then.",
        )
    with ExitStack() as stack:
        session = open_session(calendar, choice, stack, connections)
        session = replace(session, handed=True)  # only apply moves posts between calendars
        at, command = session.access, command_line("apply", choice)
        if not request.diff:
            stack.enter_context(at.store.lock(control.timeout))
            stack.enter_context(ending_for_holds(at.store, at.clock))
        return release_in(session, request, control, command=command, style=style, was=was)


def release_in(
    session: Session[Publer],
    request: ReleaseRequest,
    control: Control,
    *,
    command: str,
    style: str,
    was: ReleaseReport | None = None,
) -> ReleaseReport:
    """`make` in an open session whose state is locked; `command` is the apply that a safety limit names."""
    at = session.access
    state = at.own_state()
    if state is None or not state.holds:
        return ReleaseReport()
    holds = state.holds
    session = replace(session, scope=Scope(released=OnHold.of(holds, state.copies.values())))
    free = replace(state.clone(), holds=())
    seen, plan = apply.survey(session, free, control)
    if request.diff:
        return ReleaseReport(holds, plan)
    if was is not None:
        check_same(plan, data.changes(was.plan) if was.plan else [], "Run release again.")
    allow = Allow()
    apply.check_limits(session, plan, allow, command)
    if not request.yes:
        if style == "text":
            out(text.plan(plan, screen=screen(), command=""))
        confirm(_end_of(holds) + text.question([plan], screen=screen(), allow=allow))
    report = apply.carry_out(session, seen, plan, allow, control)
    return ReleaseReport(holds, plan, report, over=report.error is None or _are_over(at))


def _are_over(at: Access[Publer]) -> bool:
    """Whether the state is free of holds after a run that was cut off; False if it cannot be read."""
    try:
        state = at.state()
    except PublerSyncError:
        return False
    return state is None or not state.holds


def end(released: ReleaseReport, choice: Choice, *, style: str, next_step: bool = False) -> Ending:
    report, plan = released.report, released.plan
    code = apply.told(report) if report is not None else 0
    if plan is None:
        line = "nothing is on hold"
    elif report is None:
        line = f"{count(len(tally.of_changes(plan.listed, plan)), 'post')} would be put back"
    else:
        line = ", ".join(tally.outcomes(report)) or "nothing to put back"
    if style == "json":
        return Ending(code, line, document=document(released))
    if plan is None:
        return Ending(code, line, "Nothing is on hold.")
    if report is None:
        step = f"Nothing has been changed. To put them back: {release_command(choice)}" if next_step else ""
        return Ending(code, line, text.plan(plan, screen=screen(), command="") + step)
    told = text.report(report, screen=screen(), command=command_line("apply", choice))
    reasons = _reasons(released.holds)
    return Ending(
        code,
        line,
        f"{told}The hold has ended ({reasons})."
        if released.over
        else f"{told}Posts are still on hold ({reasons}). To end it: {release_command(choice)}",
    )


def document(released: ReleaseReport) -> dict[str, Json]:
    return {
        "format_version": documents.FORMAT_VERSION,
        "holds": [data.hold_data(hold) for hold in released.holds],
        "changes": data.changes(released.plan) if released.plan else [],
        "report": data.report(released.report) if released.report else None,
    }


def _end_of(holds: Sequence[Hold]) -> str:
    number = len({hold.reason for hold in holds})
    return f"This ends the hold{'s' if number > 1 else ''} ({_reasons(holds)}). "


def _reasons(holds: Sequence[Hold]) -> str:
    return "; ".join(dict.fromkeys(hold.reason for hold in holds))
