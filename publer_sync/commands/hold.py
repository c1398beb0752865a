"""`publer-sync hold`: takes managed posts out of Publer at once, and keeps them out. The calendar need not be valid."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import field, replace
from typing import TYPE_CHECKING, ClassVar

from publer_sync.applying.report import Outcome
from publer_sync.calendar.yaml.scalars import scalar
from publer_sync.commands.holding.hold_access import open_for_hold
from publer_sync.commands.holding.hold_first import (
    NEVER,
    First,
    from_publer,
    next_due,
    without_publer,
    write_first,
)
from publer_sync.commands.holding.hold_one import going_in, hold_posts, names_of_accounts
from publer_sync.commands.holding.hold_scope import scope_of
from publer_sync.commands.reaching.connections import Connections
from publer_sync.commands.reaching.stores import LastStates
from publer_sync.commands.running import course, several
from publer_sync.commands.running.command_lines import release_command
from publer_sync.commands.running.course import Work
from publer_sync.commands.running.frame import Frame
from publer_sync.commands.running.halting import Control
from publer_sync.commands.running.progress import ProgressLine
from publer_sync.commands.running.shared import confirm, need_answer, say, screen
from publer_sync.holding.report import HoldReport
from publer_sync.machine.clock import Clock
from publer_sync.publer.gateway import UrgentPubler
from publer_sync.render import hold as hold_page
from publer_sync.render import hold_data
from publer_sync.render.layout.wording import count
from publer_sync.render.several import Ending
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import (
    Interrupted,
    PublerSyncError,
    ServiceError,
    UsageError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.reaching.access import Access
    from publer_sync.commands.running.choice import Choice, HoldRequest

ANSWER_SECONDS = 30.0


def run(calendars: Sequence[Path], choice: Choice, request: HoldRequest, *, style: str) -> int:
    if not request.reason.strip():
        raise UsageError("--reason: a hold needs a reason", hint='For example: --reason "Accident in town"')
    need_answer(yes=request.yes, diff=request.diff)
    frame = Frame.of(calendars, choice, style=style, strict=False)
    with ProgressLine() as progress:
        work = Holding(request, connect(progress), progress, style, several=frame.chosen.several)
        return course.run(frame, work, work.connections, work.control)


@dataclass(frozen=True, slots=True)
class PlannedHold:
    """A calendar before its turn: what its state tells, or Publer; or what would be taken out."""

    calendar: Calendar
    here: Choice
    first: First | None = None
    access: Access[UrgentPubler] | None = None
    survey: HoldReport | None = None


@dataclass(slots=True)
class Holding(Work[PlannedHold, HoldReport]):
    """hold's own part of the course. Of `several` calendars all holds are written before Publer is asked for anything.

    Then what is listed goes from all of them, the soonest first, and no calendar waits for what is under way in another.
    """

    request: HoldRequest
    connections: Connections[UrgentPubler]
    progress: ProgressLine
    style: str
    several: bool
    doing: ClassVar[str] = "hold"
    planning: ClassVar[str] = "hold"
    reports: dict[Path | None, HoldReport] = field(default_factory=dict)
    """What came of each calendar so far."""
    interrupted: bool = False
    """No other calendar has its turn."""
    written: list[First] = field(default_factory=list)
    """The holds that are in the ledger before anything was asked of Publer."""

    @property
    def control(self) -> Control:
        return Control(self.progress, self.request.timeout, lambda: self.interrupted)

    @property
    def shows(self) -> bool:
        return False

    def plan(self, calendar: Calendar, here: Choice, stack: ExitStack) -> PlannedHold:
        planned = PlannedHold(calendar, here)
        if not calendar.settings.zone_known:
            days = ", and --from and --to mean those days anywhere" if here.since or here.until else ""
            say(f"warning: the time zone cannot be read from the settings: times are in UTC{days}")
        if self.diff:
            return replace(planned, survey=self._report(planned))
        if self.several or self.request.yes:  # then it is written before anything is asked of Publer
            return replace(
                planned, first=without_publer(calendar, here, self.request, self.connections.repositories)
            )
        return replace(planned, access=open_for_hold(calendar, here, stack, self.connections))

    def proposal(self, planned: PlannedHold) -> Ending:
        return self.end(planned, planned.survey) if planned.survey is not None else Ending(0, "")

    def begin(self, planned: Sequence[PlannedHold]) -> None:
        for each in planned:
            if each.access is not None and not self.request.yes:
                self._ask(each, each.access)
        known = {each.here.calendar: each.first for each in planned if each.first is not None}
        if self.request.yes:
            self.written += write_first([*known.values()])
        if not self.several:
            return
        more: dict[Path | None, First] = {}
        for each in planned:
            if each.first is None and not each.here.sandbox:
                found = from_publer(each.calendar, each.here, self.request, self.connections)
                more |= {each.here.calendar: found} if found is not None else {}
        if not self.request.yes:
            self.progress.close()
            going = {
                several.name_of(top): hold_page.Going(first.calendar.settings.timezone, first.going)
                for top, first in (known | more).items()
            }
            confirm(hold_page.question_of_several(len(planned), going, Clock().now()))
            more = known | more
        self.written += write_first([*more.values()])

    def _ask(self, planned: PlannedHold, access: Access[UrgentPubler]) -> None:
        now, accounts = access.clock.now(), access.accounts
        hold, _ = scope_of(planned.calendar, planned.here, self.request, accounts, now)
        if hold is None:
            return  # its turn tells of what is not here
        going = going_in(access, hold)
        confirm(hold_page.question(going, names_of_accounts(access), now, planned.calendar.settings.timezone))

    def order(self, planned: Mapping[Path | None, PlannedHold]) -> Sequence[Path | None]:
        """In the order of their next posts: with hundreds, Publer's limit would make the last wait too long."""
        states = LastStates(self.connections)

        def due(top: Path | None) -> datetime:
            one = planned[top]
            if one.first is not None or one.here.sandbox:  # a sandbox of its own is not waited for
                return next_due(one.first.state if one.first is not None else None)
            try:
                return next_due(states.of(one.calendar, one.here))
            except ServiceError:
                raise
            except PublerSyncError:
                return NEVER  # its turn tells what is wrong

        try:
            return sorted(planned, key=due) if len(planned) > 1 else [*planned]
        except ServiceError:
            return [*planned]

    def rounds(self, planned: Sequence[PlannedHold]) -> Sequence[Callable[[PlannedHold], HoldReport]]:
        return (self._at_once, self.carry_out) if len(planned) > 1 else (self.carry_out,)

    def _at_once(self, planned: PlannedHold) -> HoldReport:
        """What is listed goes; nothing is waited for."""
        return self._report(planned, replace(self.request, timeout=0.0))

    def carry_out(self, planned: PlannedHold) -> HoldReport:
        first = self.reports.get(planned.here.calendar)
        if first is None:
            return self._report(planned)
        if first.done.error is not None or (first.done.of(Outcome.UNVERIFIED) and self.request.timeout):
            whole = self.reports[planned.here.calendar] = self._followed(first, planned)
            return whole
        return first

    def _followed(self, first: HoldReport, planned: PlannedHold) -> HoldReport:
        """The report of both rounds. If the second one fails, the first still says which posts were removed."""
        try:
            return first.followed_by(self._report(planned))
        except PublerSyncError as error:
            told = error
        except KeyboardInterrupt:
            told = Interrupted("stopped, as asked")
        return replace(first, done=replace(first.done, error=first.done.error or told))

    def _report(self, planned: PlannedHold, request: HoldRequest | None = None) -> HoldReport:
        request, top = request or self.request, planned.here.calendar
        earlier = self.reports.pop(top, None)
        try:
            with ExitStack() as stack:
                access = planned.access
                if access is None:
                    access = open_for_hold(planned.calendar, planned.here, stack, self.connections)
                report = hold_posts(access, planned.here, request, stack, self.progress)
        except (KeyboardInterrupt, Interrupted):
            self.interrupted = True
            raise
        except PublerSyncError as error:
            if earlier is None:
                self._say_what_is_written(error)
            raise
        self.interrupted = isinstance(report.done.error, Interrupted)
        self.reports[top] = report
        return report

    def _say_what_is_written(self, error: PublerSyncError) -> None:
        """Whatever ends a hold after it was written says so: no apply puts these posts back."""
        if self.written:
            calendars = f" for {count(len(self.written), 'calendar')}" if self.several else ""
            told = f"The hold is written{calendars}; nothing is out yet here: run hold again, or release."
            error.hint = f"{error.hint} {told}" if error.hint else told

    def end(self, planned: PlannedHold, result: HoldReport) -> Ending:
        return end(result.beside(self.reports.values()), planned.here, style=self.style)


def connect(progress: ProgressLine) -> Connections[UrgentPubler]:
    return Connections(UrgentPubler, say=progress.wait, patience=ANSWER_SECONDS)


def end(report: HoldReport, choice: Choice, *, style: str) -> Ending:
    line = hold_page.line(report)
    if style == "json":
        return Ending(report.exit_code, line, document=hold_data.document(report))
    first, release = way_back(report, choice)
    text = hold_page.text(report, screen=screen(), release=release, first=first)
    return Ending(report.exit_code, line, text)


def way_back(report: HoldReport, choice: Choice) -> tuple[str, str]:
    """What has to be done before the release, if anything, and the release that ends the hold where the state is."""
    if choice.release is not None:
        return "", choice.release
    there = replace(choice, state=report.place) if report.place is not None else choice
    if report.name_here is None:
        return "", release_command(there)
    name = f"name: {scalar(report.plan.calendar)}"
    return (
        f"run git pull, or write `{name}` into publer.yaml, since its state has that name. Then: ",
        release_command(there),
    )
