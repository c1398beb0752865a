"""`publer-sync release`: ends every hold that `hold` put on, and schedules its posts again as the calendar has them now."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, ClassVar

from publer_sync.commands.reaching.session import APPLY_FIRST, open_session
from publer_sync.commands.running import carrying_out, course
from publer_sync.commands.running.command_lines import command_line, release_command
from publer_sync.commands.running.course import Work
from publer_sync.commands.running.frame import Frame
from publer_sync.commands.running.halting import check_holds
from publer_sync.commands.running.plan_file import check_unchanged
from publer_sync.commands.running.shared import confirm, load, need_answer, screen
from publer_sync.commands.running.writing import lock, writing
from publer_sync.planning.allow import Allow
from publer_sync.planning.holding import OnHold
from publer_sync.planning.planner import Scope
from publer_sync.render import data, text
from publer_sync.render.layout import documents
from publer_sync.render.layout.wording import count
from publer_sync.render.past import release as release_page
from publer_sync.render.post import tally
from publer_sync.render.several import Ending
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import (
    PublerSyncError,
    SafetyLimitError,
    SettingsError,
    StalePlanError,
    StateError,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import ExitStack
    from pathlib import Path

    from publer_sync.applying.report import ApplyReport
    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.reaching.access import Access
    from publer_sync.commands.reaching.connections import Connections
    from publer_sync.commands.reaching.session import PlannedCalendar, Session
    from publer_sync.commands.running.choice import Choice, ReleaseRequest
    from publer_sync.commands.running.halting import Control
    from publer_sync.ledger.hold import Hold
    from publer_sync.planning.plan import Plan
    from publer_sync.publer.gateway import Publer
    from publer_sync.values.documented import Version


NONE = Allow()


@dataclass(frozen=True, slots=True)
class PlannedRelease:
    """The holds that would end, and the plan for their posts; None if nothing is on hold, or what waits here has no posts any more."""

    session: Session[Publer]
    holds: tuple[Hold, ...] = ()
    planned: PlannedCalendar[Publer] | None = None

    @property
    def plan(self) -> Plan | None:
        return self.planned.plan if self.planned is not None else None


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
    with writing(request.timeout, style) as (connections, control):
        return course.run(frame, Releasing(request, connections, control, style), connections, control)


@dataclass(slots=True)
class Releasing(Work[PlannedRelease, ReleaseReport]):
    """release's own part of the course."""

    request: ReleaseRequest
    connections: Connections[Publer]
    control: Control
    style: str
    doing: ClassVar[str] = "release"
    reopens: ClassVar[bool] = True

    @property
    def _allow(self) -> Allow:
        return Allow(older=self.request.older)

    def plan(self, calendar: Calendar, here: Choice, stack: ExitStack) -> PlannedRelease:
        """Raises SettingsError while the settings hold."""
        if calendar.settings.hold is not None:
            raise SettingsError(
                f"the settings hold posts ({calendar.settings.hold.location}), and no command ends that",
                code="hold.settings",
                hint=f"Remove `hold` from {calendar.settings.hold.location.file}: the next apply puts its posts back. If someone ran hold as "
                "well, run release then.",
            )
        session = open_session(calendar, here, stack, self.connections)
        if not self.diff:
            lock(session, stack, self.control.timeout)
        return plan_in(session, self.control)

    def refusal(self, planned: PlannedRelease) -> PublerSyncError | None:
        if planned.plan is None or self.diff:
            return None
        try:
            check_limits(planned, self._allow)
        except (SafetyLimitError, StalePlanError, StateError) as error:
            return error
        return None

    def proposal(self, planned: PlannedRelease) -> Ending:
        plan, choice = planned.plan, planned.session.choice
        if plan is None:
            return _nothing(self.style, _none(planned.holds, "would be dropped") if self.diff else "")
        line = f"{count(len(tally.of_changes(plan.listed, plan)), 'post')} would be put back"
        if self.style == "json":
            return Ending(0, line, document=document(ReleaseReport(planned.holds, plan)))
        step = f"Nothing has been changed. To put them back: {release_command(choice)}" if self.diff else ""
        command = command_line("apply", choice)
        shown = text.plan(plan, screen=screen(), command=command, next_step=False)
        return Ending(0, line, f"{shown}{release_page.despite(plan, screen())}{step}")

    def begin(self, planned: Sequence[PlannedRelease]) -> None:
        plans = [each.plan for each in planned if each.plan is not None]
        if len(planned) > 1 and plans:
            self.connections.repositories.expire()  # planning them all takes time, and so does an answer
        if plans and self.shows:
            holds = [hold for each in planned for hold in each.holds]
            confirm(_end_of(holds) + text.question(plans, screen=screen()))

    def again(self, planned: PlannedRelease, stack: ExitStack) -> PlannedRelease:
        choice = planned.session.choice
        now = self.plan(load(choice.calendar), choice, stack)
        check_holds(planned.holds, now.holds, "release")
        if now.plan is not None:
            check_unchanged(now.plan, planned.plan, "Run release again.")
        return now

    def carry_out(self, planned: PlannedRelease) -> ReleaseReport:
        return carry_out_in(planned, self.control, self._allow)

    def end(self, planned: PlannedRelease, result: ReleaseReport) -> Ending:
        return end(result, planned.session.choice, style=self.style)

    def told(self, planned: PlannedRelease, result: ReleaseReport) -> None:
        if result.report is not None:
            carrying_out.note_told(planned.session.access, result.report)


def plan_in(session: Session[Publer], control: Control) -> PlannedRelease:
    """What release would do in an open session whose state is locked."""
    session = replace(session, stay=APPLY_FIRST)  # only apply moves posts between calendars
    session.access.store.hear_waiting()
    state = session.access.own_state()
    if state is None:
        session.check_repository(session.access.survey(None))
        return PlannedRelease(session, session.access.store.waiting())
    if not state.holds:
        return PlannedRelease(session)
    holds = state.holds
    session = replace(session, scope=Scope(released=OnHold.of(holds, state.copies.values())))
    free = replace(state.clone(), holds=())
    return PlannedRelease(session, holds, carrying_out.prepare(session, free, control))


def check_limits(planned: PlannedRelease, allow: Allow = NONE) -> None:
    """Raise SafetyLimitError where a safety limit refuses what is put back, and as `check_older` does."""
    if planned.plan is not None:
        choice = planned.session.choice
        carrying_out.check_older(planned.plan, allow, release_command(choice))
        carrying_out.check_limits(planned.session, planned.plan, allow, command_line("apply", choice))


def carry_out_in(planned: PlannedRelease, control: Control, allow: Allow = NONE) -> ReleaseReport:
    if planned.planned is None:
        if planned.holds:
            planned.session.access.store.drop_waiting()
        return ReleaseReport(planned.holds)
    report = carrying_out.carry_out(planned.planned, allow, control)
    over = report.error is None or _are_over(planned.session.access)
    return ReleaseReport(planned.holds, planned.plan, report, over)


def _are_over(at: Access[Publer]) -> bool:
    """Whether the state is free of holds after a run that was cut off; False if it cannot be read."""
    try:
        state = at.state()
    except PublerSyncError:
        return False
    return state is None or not state.holds


def end(released: ReleaseReport, choice: Choice, *, style: str) -> Ending:
    report = released.report
    if report is None:
        return _nothing(style, _none(released.holds, "is dropped"))
    code, error = report.exit_code, report.error
    line = ", ".join(tally.outcomes(report)) or "nothing to put back"
    if style == "json":
        return Ending(code, line, document=document(released), error=error)
    told = text.report(report, screen=screen(), command=command_line("apply", choice))
    reasons = _reasons(released.holds)
    ended = (
        f"The hold has ended ({reasons})."
        if released.over
        else f"Posts are still on hold ({reasons}). To end it: {release_command(choice)}"
    )
    if (plan := released.plan) is not None:
        told += release_page.despite(plan, screen()) + release_page.waiting(plan, screen())
    return Ending(code, line, f"{told}{ended}", error=error)


def _none(waited: Sequence[Hold], dropped: str) -> str:
    if not waited:
        return "Nothing is on hold."
    return f"Nothing is managed here any more: the hold that waits on this machine {dropped} ({_reasons(waited)})."


def _nothing(style: str, told: str) -> Ending:
    return Ending(
        0, "nothing is on hold", told, document=document(ReleaseReport()) if style == "json" else None
    )


class ReleaseDocument(release_page.NotStopped):
    """What publer-sync release --format json prints."""

    format_version: Version
    holds: Annotated[
        list[data.HoldData], "the holds that ended, or would with `--diff`; none: nothing was on hold"
    ]
    changes: Annotated[list[data.ChangeData], "what puts the posts back, as in the plan"]
    report: Annotated[
        data.ReportDocument | None,
        "what came of it, as apply reports; null with `--diff`, and where nothing was on hold",
    ]
    waiting: Annotated[
        list[data.WarningData], "posts that are not put back, because they wait for a slot (at: next)"
    ]


def document(released: ReleaseReport) -> ReleaseDocument:
    told: ReleaseDocument = {
        "format_version": documents.FORMAT_VERSION,
        "holds": [data.hold_data(hold) for hold in released.holds],
        "changes": data.changes(released.plan) if released.plan else [],
        "report": data.report(released.report) if released.report else None,
        "waiting": data.warnings(release_page.waits(released.plan)) if released.plan else [],
    }
    if released.plan:
        despite = release_page.document(released.plan)
        told["published"], told["failed"] = despite["published"], despite["failed"]
    return told


def _end_of(holds: Sequence[Hold]) -> str:
    number = len({hold.reason for hold in holds})
    return f"This ends the hold{'s' if number > 1 else ''} ({_reasons(holds)}). "


def _reasons(holds: Sequence[Hold]) -> str:
    return "; ".join(dict.fromkeys(hold.reason for hold in holds))
