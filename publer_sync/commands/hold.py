"""`publer-sync hold`: takes managed posts out of Publer at once, and keeps them out. The calendar need not be valid."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar

from publer_sync.applying.report import Outcome
from publer_sync.clock import Clock
from publer_sync.commands import course, several
from publer_sync.commands.access import open_access
from publer_sync.commands.command_lines import release_command
from publer_sync.commands.connections import Connections
from publer_sync.commands.course import Work
from publer_sync.commands.frame import Frame
from publer_sync.commands.halting import Control
from publer_sync.commands.hold_first import NEVER, First, from_publer, next_due, without_publer, write_first
from publer_sync.commands.hold_places import everywhere
from publer_sync.commands.hold_scope import labelled, labels_here, scope_of
from publer_sync.commands.progress import ProgressLine
from publer_sync.commands.shared import confirm, need_answer, screen
from publer_sync.commands.stores import LastStates
from publer_sync.errors import (
    CalendarError,
    Interrupted,
    PublerSyncError,
    ServiceError,
    StateError,
    UsageError,
)
from publer_sync.holding.holder import Holder
from publer_sync.holding.report import Asked, HoldReport, line_of
from publer_sync.holding.scope import about_to_remove, in_scope, with_hold
from publer_sync.ledger.elsewhere import Elsewhere
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.runs import finished, with_run
from publer_sync.ledger.state import State
from publer_sync.printable import one_line
from publer_sync.publer.gateway import UrgentPubler
from publer_sync.render import hold as hold_page
from publer_sync.render import hold_data
from publer_sync.render.several import Ending

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.access import Access
    from publer_sync.commands.choice import Choice, HoldRequest
    from publer_sync.holding.report import HeldPost
    from publer_sync.ledger.copies import Seen
    from publer_sync.ledger.git_store import GitStore
    from publer_sync.model import LivePost

NOTHING_ASKED = Asked()
LOCK_SECONDS = 3.0
"""A running apply ends within a moment. One that hangs is not waited for: its posts are taken out past its lock."""
ANSWER_SECONDS = 30.0
RACE_SECONDS = 15.0
"""How long to repeat a push that another run got ahead of, even if --timeout is shorter."""


def run(calendars: Sequence[Path], choice: Choice, request: HoldRequest, *, style: str) -> int:
    if not request.reason.strip():
        raise UsageError("--reason: a hold has a reason", hint='For example: --reason "Accident in town"')
    need_answer(yes=request.yes, diff=request.diff)
    frame = Frame.of(calendars, choice, style=style, strict=False)
    request = replace(request, alone=len(frame.tops) < 2)
    with ProgressLine() as progress:
        work = Holding(request, connect(progress), progress, style, several=frame.chosen.several)
        return course.run(frame, work, work.control, work.connections)


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
    branches: dict[object, GitStore] = field(default_factory=dict)
    """The stores that have fetched a branch."""

    @property
    def control(self) -> Control:
        return Control(self.progress, self.request.timeout, lambda: self.interrupted)

    @property
    def diff(self) -> bool:
        return self.request.diff

    @property
    def shows(self) -> bool:
        return False

    def plan(self, calendar: Calendar, here: Choice, stack: ExitStack) -> PlannedHold:
        planned = PlannedHold(calendar, here)
        if self.diff:
            return replace(planned, survey=self._report(planned))
        if self.several:
            return replace(planned, first=without_publer(calendar, here, self.request, self.branches))
        return replace(planned, access=open_access(calendar, here, stack, self.connections, lenient=True))

    def proposal(self, planned: PlannedHold) -> Ending:
        return self.end(planned, planned.survey) if planned.survey is not None else Ending(0, "")

    def begin(self, planned: Sequence[PlannedHold]) -> None:
        for each in planned:
            if each.access is not None and not self.request.yes:
                self._ask(each, each.access)
        if not self.several:
            return
        known = {each.here.calendar: each.first for each in planned if each.first is not None}
        if self.request.yes:
            write_first([*known.values()])
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
        write_first([*more.values()])

    def _ask(self, planned: PlannedHold, access: Access[UrgentPubler]) -> None:
        now, accounts = access.clock.now(), access.accounts
        hold, _ = scope_of(planned.calendar, planned.here, self.request, accounts, now)
        if hold is None:
            return  # its turn tells of what is not here
        going: list[HeldPost] = []
        for each in everywhere(access, quiet=True):
            state = _state(each)
            wanted = labelled(planned.calendar, state, accounts) if hold.labels else {}
            going += in_scope(state, hold, _managed(each, state), wanted)
        confirm(hold_page.question(going, _accounts(access), now, planned.calendar.settings.timezone))

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
        if first is None or first.error is not None:
            return self._report(planned)
        if first.of(Outcome.UNVERIFIED) and self.request.timeout:
            whole = first.followed_by(self._report(planned))
            self.reports[planned.here.calendar] = whole
            return whole
        return first

    def _report(self, planned: PlannedHold, request: HoldRequest | None = None) -> HoldReport:
        request, top = request or self.request, planned.here.calendar
        self.reports.pop(top, None)
        try:
            with ExitStack() as stack:
                access = planned.access
                if access is None:
                    access = open_access(
                        planned.calendar, planned.here, stack, self.connections, lenient=True
                    )
                report = _hold(access, planned.here, request, stack, self.progress)
        except (KeyboardInterrupt, Interrupted):
            self.interrupted = True
            raise
        self.interrupted = isinstance(report.error, Interrupted)
        self.reports[top] = report
        return report

    def end(self, planned: PlannedHold, result: HoldReport) -> Ending:
        return end(result.beside(self.reports.values()), planned.here, style=self.style)


def connect(progress: ProgressLine) -> Connections[UrgentPubler]:
    return Connections(UrgentPubler, say=progress.wait, patience=ANSWER_SECONDS)


def end(report: HoldReport, choice: Choice, *, style: str) -> Ending:
    line = hold_page.line(report)
    if style == "json":
        return Ending(report.exit_code, line, document=hold_data.document(report))
    text = hold_page.text(report, screen=screen(), release=release_command(choice))
    return Ending(report.exit_code, line, text)


def _hold(
    access: Access[UrgentPubler],
    here: Choice,
    request: HoldRequest,
    stack: ExitStack,
    progress: ProgressLine,
) -> HoldReport:
    """Put posts on hold, and report. Raises StateError where nothing is managed here. `stack` takes the lock of the state."""
    now = access.clock.now()
    hold, asked = scope_of(access.calendar, here, request, access.accounts, now)
    if hold is not None:
        found = everywhere(access)
        first, *others = [hold_in(each, hold, request, stack, progress, asked) for each in found]
        return first.with_places(others)
    requests, reason = access.publer.requests - access.requests_before, one_line(request.reason)
    report = HoldReport(Hold(reason, now), (), (), requests, written=False, nothing=True, asked=asked)
    return replace(report, calendar=access.name, workspace=access.workspace)


def hold_in(
    access: Access[UrgentPubler],
    hold: Hold,
    request: HoldRequest,
    stack: ExitStack,
    progress: ProgressLine,
    asked: Asked = NOTHING_ASKED,
) -> HoldReport:
    """Put posts on hold once connected. `asked` is how the command narrows the hold."""
    state, timezone = _state(access), access.calendar.settings.timezone
    ids = _managed(access, state)
    wanted = labelled(access.calendar, state, access.accounts) if hold.labels else {}
    hold = replace(hold, since=access.clock.now())
    holder = Holder(
        access.publer,
        hold,
        with_hold(state, hold),
        ids,
        access.clock,
        access.poll_seconds,
        progress,
        wanted=wanted,
        elsewhere=lambda: _elsewhere(access),
    )
    report = holder.survey() if request.diff else _stop(holder, access, stack, request.timeout)
    return replace(
        report,
        calendar=access.name,
        workspace=access.workspace,
        accounts=_accounts(access),
        timezone=timezone,
        requests=report.requests - access.requests_before,
        asked=replace(asked, has_labels=labels_here(holder.state, holder.live, access.calendar))
        if hold.labels
        else asked,
        theirs=_theirs(access, report.unmanaged) if request.alone else {},
        protects_edits=access.calendar.settings.edits == "ask",
    )


def _stop(holder: Holder, access: Access[UrgentPubler], stack: ExitStack, timeout: float) -> HoldReport:
    """Announce the hold to a running apply, then write the state, then take out the posts."""
    store, hold = access.store, holder.hold

    def going(state: State) -> State:
        return about_to_remove(state, hold, holder.account_ids, holder.wanted)

    record = access.record("hold", reason=hold.reason, of_files=False)

    def noted(held: Callable[[State], State]) -> Callable[[State], State]:
        """With this run in the state."""

        def write(state: State) -> State:
            state = held(state)
            if record is not None:
                lines = (line_of(post) for post in holder.removals)
                state.runs = with_run(state.runs, finished(record, lines))
            return state

        return write

    store.announce(hold)
    locked = _locked(stack, access, LOCK_SECONDS)

    def keep(removing: Mapping[str, Seen | None]) -> None:
        """What someone edited is in the state before it leaves Publer: nothing else has it then."""
        edited = {post_id for post_id, shown in removing.items() if shown is not None}
        if edited - kept:
            kept.update(edited)
            with suppress(StateError):  # the posts go all the same
                _write(access, noted(holder.conclude), timeout, going)

    kept: set[str] = set()
    if locked:
        holder.state = _write(access, noted(lambda state: with_hold(state, hold)), timeout, going)
        holder.noting = keep
    else:
        holder.noting = lambda removing: store.announce(hold, removing)
    error: PublerSyncError | None = None
    try:
        holder.stop_soonest()
        holder.stop_all()
        if not locked:
            stack.enter_context(store.lock(timeout))
            locked, holder.noting = True, keep
            holder.state = _write(access, noted(holder.conclude), timeout, going)
            holder.stop_all()
        holder.stop_under_way(timeout)
        holder.note_left_alone()
    except PublerSyncError as stopped:
        error = stopped
    except KeyboardInterrupt:
        error = Interrupted(
            "stopped, as asked: some posts may still be scheduled",
            hint="Run hold again: it goes on where this one ended.",
        )
    if locked:
        try:
            store.write(noted(State.clone)(holder.state))
        except StateError as unsaved:
            error = error or _saved_later(access, noted(holder.conclude), unsaved, timeout)
    return holder.report(error)


def _locked(stack: ExitStack, access: Access[UrgentPubler], seconds: float) -> bool:
    try:
        stack.enter_context(access.store.lock(seconds))
    except StateError as error:
        if error.code != "state.other":
            raise
        return False
    return True


def _write(
    access: Access[UrgentPubler],
    held: Callable[[State], State],
    timeout: float,
    noted: Callable[[State], State] = lambda state: state,
) -> State:
    """Write the state with the hold, and what is to be `noted` with it; if another run pushes first, write again.

    Returns the state without that note.
    """
    give_up = access.clock.monotonic() + max(timeout, RACE_SECONDS)
    while True:
        state = held(_state(access))
        try:
            access.store.write(noted(state))
        except StateError as error:
            if not _raced(error) or access.clock.monotonic() > give_up:
                raise
        else:
            return state


def _saved_later(
    access: Access[UrgentPubler], concluded: Callable[[State], State], error: StateError, timeout: float
) -> StateError | None:
    """What keeps the state from being saved, if a race with another run is not all there is to it."""
    if not _raced(error):
        return error
    try:
        _write(access, concluded, timeout)
    except StateError as again:
        return again
    return None


def _raced(error: StateError) -> bool:
    return error.code in ("state.raced", "state.busy")


# --- what is meant --------------------------------------------------------------------------------------------------


def _state(access: Access[UrgentPubler]) -> State:
    state = access.state()
    if state is not None:
        return state
    if wrong := tuple(each for each in access.calendar.problems if each.severity == "error"):
        raise CalendarError(wrong)
    raise StateError(
        f"nothing is managed here: no state in {access.store.place}, so nothing was put on hold",
        code="state.none",
        hint="If the calendar was never applied, its posts in Publer can only be stopped there; put `hold` into publer.yaml to keep "
        "the first apply from scheduling more. If it was, the state is somewhere else: see --state.",
    )


def _managed(access: Access[UrgentPubler], state: State) -> tuple[str, ...]:
    """The accounts of the settings and, if the settings or Publer lack one, all those of the state."""
    whole = len(access.accounts) == len(access.calendar.settings.accounts)
    broken = any(each.location and each.location.file == "publer.yaml" for each in access.calendar.problems)
    known = () if whole and not broken else (copy.account for copy in state.copies.values())
    return tuple(dict.fromkeys((*access.account_ids, *known)))


def _elsewhere(access: Access[UrgentPubler]) -> Elsewhere:
    """What other calendars manage. Nothing if that can't be read: no hold fails for that."""
    try:
        return access.elsewhere()
    except StateError:
        return Elsewhere()


def _theirs(access: Access[UrgentPubler], unmanaged: Sequence[LivePost]) -> dict[str, str]:
    """Which of these another calendar manages, as far as is known."""
    elsewhere = _elsewhere(access) if unmanaged else Elsewhere()
    return {post.id: one_line(name) for post in unmanaged if (name := elsewhere.calendar_of(post))}


def _accounts(access: Access[UrgentPubler]) -> dict[str, str]:
    """Their aliases, by id."""
    return {account.id: one_line(alias) for alias, account in access.accounts.items()}
