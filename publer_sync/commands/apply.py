"""`publer-sync apply`: settles what is under way, plans, checks the safety limits, asks, carries out, reports."""

from __future__ import annotations

import difflib
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from publer_sync.applying.report import ApplyReport
from publer_sync.commands.reaching import gone
from publer_sync.commands.reaching.moving import exchange
from publer_sync.commands.reaching.session import NOT_YET, open_session
from publer_sync.commands.reaching.stores import LastStates
from publer_sync.commands.reaching.trust import state_of
from publer_sync.commands.running import carrying_out, course
from publer_sync.commands.running.carrying_out import NOTHING, PlannedApply, check_limits
from publer_sync.commands.running.command_lines import command_line
from publer_sync.commands.running.course import Work
from publer_sync.commands.running.endings import plan_ending, report_ending
from publer_sync.commands.running.frame import Frame
from publer_sync.commands.running.halting import check_holds, stoppable
from publer_sync.commands.running.plan_file import check_same, check_unchanged, differ, read_plan, stale
from publer_sync.commands.running.progress import ProgressLine
from publer_sync.commands.running.shared import confirm, load, need_answer, out, say, screen
from publer_sync.commands.running.writing import lock, writing
from publer_sync.planning.allow import names_of
from publer_sync.planning.plan import Action
from publer_sync.render import text
from publer_sync.render.overview import big_effort
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import (
    PublerSyncError,
    SafetyLimitError,
    StalePlanError,
    StateError,
    UsageError,
)
from publer_sync.values.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.reaching.connections import Connections
    from publer_sync.commands.reaching.session import Session
    from publer_sync.commands.running.choice import Choice, Consent
    from publer_sync.commands.running.halting import Control
    from publer_sync.ledger.hold import Hold
    from publer_sync.ledger.state import State
    from publer_sync.planning.allow import Allow
    from publer_sync.planning.plan import Plan
    from publer_sync.publer.gateway import Publer
    from publer_sync.render.several import Ending


def run(
    folders: Sequence[Path],
    choice: Choice,
    consent: Consent,
    *,
    changed_since: str | None,
    style: str,
    timeout: float,
    verbose: bool,
) -> int:
    """Apply calendars, or a plan file in their place. `timeout` is in seconds."""
    with writing(timeout, style) as (connections, control):
        expected: list[Any] | None = None
        if len(folders) == 1 and folders[0].is_file() and changed_since is None:
            if choice.gone:
                raise UsageError("--gone takes calendars, not a plan file")
            given, expected = read_plan(folders[0], replace(choice, calendar=folders[0]))
            frame = Frame.alone(given, style=style)
        else:
            states = LastStates(connections)

            def unfinished(top: Path) -> bool:
                if choice.sandbox:
                    return False  # a rehearsal has no past
                try:
                    return not states.are_applied(load(top), choice)
                except PublerSyncError:
                    return True  # its turn tells what is wrong

            here = replace(choice, gone=())
            frame = Frame.of(folders, here, style=style, changed_since=changed_since, unfinished=unfinished)
            frame = frame.and_gone(gone.wanted(folders, choice, connections))
        need_answer(yes=consent.yes)
        work = Applying(consent, connections, control, style, verbose=verbose, expected=expected)
        return course.run(frame, work, connections, control)


def make(
    calendar: Calendar,
    choice: Choice,
    consent: Consent,
    *,
    timeout: float,
    review: Callable[[Plan], None],
    connections: Connections[Publer],
) -> tuple[ApplyReport, Callable[[], None]]:
    """Apply one calendar without a question: the report, and what to call once someone was shown it. `timeout` is in seconds.

    Raises SafetyLimitError where a safety limit refuses the plan, and as `check_older` does. `review` sees the plan before
    anything is written, and may raise.
    """
    with (
        ProgressLine() as progress,
        ExitStack() as stack,
        stoppable(connections, progress, timeout, "json") as control,
    ):
        work = Applying(consent, connections, control, "json", review=review)
        planned = work.plan(calendar, choice, stack)
        if refusal := work.refusal(planned):
            raise refusal
        report = work.carry_out(planned)
        return report, lambda: work.told(planned, report)


def _agree(_plan: Plan) -> None:
    pass


@dataclass(slots=True)
class Applying(Work[PlannedApply, ApplyReport]):
    """apply's own part of the course. `expected` are the changes of a plan file."""

    consent: Consent
    connections: Connections[Publer]
    control: Control
    style: str
    verbose: bool = False
    expected: list[Any] | None = None
    review: Callable[[Plan], None] = _agree
    """Sees each plan before it is carried out, and may raise."""
    doing: ClassVar[str] = "apply"
    reopens: ClassVar[bool] = True

    @property
    def diff(self) -> bool:
        return False

    @property
    def shows(self) -> bool:
        return not self.consent.yes

    def plan(self, calendar: Calendar, here: Choice, stack: ExitStack) -> PlannedApply:
        session = open_session(calendar, here, stack, self.connections)
        lock(session, stack, self.control.timeout)
        state = state_of(session.access, self.consent, verbose=self.verbose)
        planned = carrying_out.prepare(session, state, self.control)
        if self.expected is not None:
            check_same(planned.plan, self.expected)
        self.review(planned.plan)
        return planned

    def refusal(self, planned: PlannedApply) -> PublerSyncError | None:
        try:
            self._check_limits(planned.session, planned.plan)
        except (SafetyLimitError, StalePlanError, StateError) as error:
            return error
        return None

    def proposal(self, planned: PlannedApply) -> Ending:
        plan, refused = planned.plan, self.refusal(planned) is not None
        if not refused:
            plan = replace(plan, refusals=())  # the options allow them
        return plan_ending(
            plan,
            self.style,
            verbose=self.verbose,
            command=_command(planned.session),
            allow=self.consent.allow,
            applies=True,
            next_step=refused,  # otherwise a question comes next
        )

    def begin(self, planned: Sequence[PlannedApply]) -> None:
        _check_names([each.plan for each in planned], self.consent.allow)
        self._ask(planned)

    def _ask(self, planned: Sequence[PlannedApply]) -> None:
        allow = self.consent.allow
        plans = [each.plan for each in planned if doable(each.plan, allow)]
        if len(planned) > 1 and plans:
            self.connections.repositories.expire()  # planning them all takes time, and so does an answer
        if self.consent.yes:
            for each in planned:  # the plan is not shown, and this nobody would see afterwards
                for warn in each.plan.warnings:
                    if warn.code == "unpushed":
                        say(f"warning: {warn.message}")
            if effort := big_effort([each.plan for each in planned], allow):
                say(effort)
        elif plans:
            confirm(_beside_gone(planned) + text.question(plans, screen=screen(), allow=allow))

    def again(self, planned: PlannedApply, stack: ExitStack) -> PlannedApply:
        session = self._reopened(planned, stack)
        lock(session, stack, self.control.timeout)
        self._exchange(replace(planned, session=session))
        session = replace(session, stay=NOT_YET)
        state = session.access.state(trusting=self.consent.trust)
        plan = planned.plan
        if not (plan.listed or plan.moves) and state == planned.state:
            return replace(planned, session=session)
        now = carrying_out.prepare(session, state, self.control)
        try:
            check_unchanged(now.plan, plan, "Run apply again, and read the new plan.")
        except StalePlanError:
            check_holds(_holds(planned.state), _holds(state), "apply")  # the reason, where that is one
            raise
        return now

    def end(self, planned: PlannedApply, result: ApplyReport) -> Ending:
        return report_ending(result, self.style, _command(planned.session), self.consent.allow)

    def told(self, planned: PlannedApply, result: ApplyReport) -> None:
        carrying_out.note_told(planned.session.access, result)

    def carry_out(self, planned: PlannedApply) -> ApplyReport:
        session, holds = planned.session, _holds(planned.state)

        def again() -> PlannedApply:
            state = session.access.state(trusting=self.consent.trust)
            check_holds(holds, _holds(state), "apply")
            return carrying_out.prepare(session, state, self.control)

        def judge(plan: Plan, done: str) -> None:
            """Where the rest is another plan, someone has to agree once more."""
            if self.expected is not None:
                stale(plan, done)
            self.review(plan)
            self._check_limits(session, plan, done)
            rest = replace(planned, plan=plan)
            if self.style == "text" and self.shows:
                out(self.proposal(rest).text)
            self._ask([rest])

        if planned.plan.moves and not planned.session.stay:  # of several calendars each did so before
            self._exchange(planned)
            session = replace(session, stay=NOT_YET)
            state = session.access.state(trusting=self.consent.trust)
            moved = carrying_out.prepare(session, state, self.control)
            if differ(moved.plan, planned.plan):
                judge(moved.plan, NOTHING)
            planned = moved
        return carrying_out.carry_out(planned, self.consent.allow, self.control, judge, again)

    def _check_limits(self, session: Session[Publer], plan: Plan, done: str = NOTHING) -> None:
        check_limits(session, plan, self.consent.allow, _command(session), done=done)

    def _reopened(self, planned: PlannedApply, stack: ExitStack) -> Session[Publer]:
        session = planned.session
        return open_session(session.access.calendar, session.choice, stack, self.connections)

    def _exchange(self, planned: PlannedApply) -> None:
        """Let posts that move from calendar to calendar do so."""
        moved = exchange(planned, timeout=self.control.timeout, trusting=self.consent.trust)
        for move in dict.fromkeys((move.label, move.giver, move.receiver) for move in moved):
            say("{} moved from the calendar {} to {}.".format(*map(printable_line, move)))


def _beside_gone(planned: Sequence[PlannedApply]) -> str:
    """Which calendars are applied beside those that left the repository: --gone names only these."""
    there = [printable_line(each.plan.calendar) for each in planned if not each.session.access.calendar.gone]
    return f"This also applies {', '.join(there)}. " if 0 < len(there) < len(planned) else ""


def _command(session: Session[Publer]) -> str:
    """The apply as it was given."""
    return command_line("apply", session.choice)


def _check_names(plans: Sequence[Plan], allow: Allow) -> None:
    """Raise UsageError where an option names a post that no plan has."""
    if not allow.names:
        return
    known = {name for plan in plans for change in plan.changes for name in names_of(change)}
    for option, names in allow.names.items():
        for name in sorted(names - known):
            near = difflib.get_close_matches(name, known, n=1)
            raise UsageError(
                f'{option}={name}: no calendar here has the post "{name}"',
                hint=f"Did you mean {near[0]}?"
                if near
                else "Name a post by its id, or as ALIAS@TIME, as in facebook@2027-03-02T09:00.",
            )


def doable(plan: Plan, allow: Allow) -> bool:
    """Whether there is something to do that is asked for."""
    return any(change.action is not Action.ADOPT and allow.passes(change) for change in plan.listed)


def _holds(state: State | None) -> tuple[Hold, ...]:
    return state.holds if state is not None else ()
