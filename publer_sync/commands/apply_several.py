"""`publer-sync apply` on any number of calendars: plans all, asks once, then applies each as after a plan file."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from publer_sync.commands import apply, failure, several
from publer_sync.commands.access import LastStates
from publer_sync.commands.apply import doable
from publer_sync.commands.changed import files_of
from publer_sync.commands.command_lines import command_line
from publer_sync.commands.halting import ending_for_holds, stoppable
from publer_sync.commands.moving import Party, exchange
from publer_sync.commands.plan import end as plan_end
from publer_sync.commands.plan_file import check_same, stale
from publer_sync.commands.problems import explained
from publer_sync.commands.progress import ProgressLine
from publer_sync.commands.session import open_session
from publer_sync.commands.shared import confirm, load, need_answer, out, say, screen
from publer_sync.commands.trust import state_of
from publer_sync.errors import PublerSyncError, SafetyLimitError
from publer_sync.printable import printable_line
from publer_sync.render import data, text
from publer_sync.render import several as endings
from publer_sync.render.overview import big_effort

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.access import Connections
    from publer_sync.commands.choice import Choice, Consent
    from publer_sync.commands.halting import Control
    from publer_sync.commands.session import Session
    from publer_sync.ledger.state import State
    from publer_sync.planning.plan import Plan
    from publer_sync.planning.survey import Survey
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
    """`folders` may be one plan file."""
    progress = ProgressLine()
    connections = apply.connect(progress, timeout)

    states = LastStates(connections)

    def unfinished(top: Path) -> bool:
        if choice.sandbox:
            return False  # a rehearsal has no past
        try:
            return not is_applied(load(top), choice, states)
        except PublerSyncError:
            return True  # its turn tells what is wrong

    chosen = several.choose(folders, changed_since, unfinished=unfinished)
    if not chosen.several:
        here = replace(choice, calendar=chosen.tops[0])
        return apply.run(here, consent, style=style, timeout=timeout, verbose=verbose)
    several.check(chosen, choice)
    need_answer(yes=consent.yes)
    chosen, accounts = several.with_accounts(chosen, choice.accounts)
    tops = [top for top in chosen.tops if top is not None]
    with progress, stoppable(connections, progress, timeout, style) as control:
        applies = _Applies(choice, accounts, consent, connections, control, style, verbose)
        planned = list(
            several.each(
                tops, applies.plan, style=style, doing="plan", progress=progress, connections=connections
            )
        )
        progress.close()
        if not (consent.yes or control.stop()) and style == "text":
            out(endings.text(planned, screen=screen()))
        if not control.stop():
            applies.ask()
        refused = dict(planned)

        def carry_out(top: Path | None) -> Ending:
            return applies.carry_out(top) if top in applies.prepared else refused[several.name_of(top)]

        ended = list(several.each(tops, carry_out, style=style, doing="apply", progress=progress))
    return several.conclude(ended, style=style)


def is_applied(calendar: Calendar, choice: Choice, states: LastStates[Publer]) -> bool:
    """Whether the last apply did everything that the files ask for as they are now."""
    try:
        state = states.of(calendar, choice)
    except PublerSyncError:
        return False  # the apply tells what is wrong
    return state is not None and state.files is not None and state.files == files_of(calendar.top)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """What was planned, and on which state."""

    calendar: Calendar
    state: State | None
    seen: Survey
    plan: Plan


@dataclass(slots=True)
class _Applies:
    choice: Choice
    accounts: Mapping[Path | None, tuple[str, ...]]
    consent: Consent
    connections: Connections[Publer]
    control: Control
    style: str
    verbose: bool
    prepared: dict[Path | None, _Prepared] = field(default_factory=dict)

    def plan(self, top: Path | None) -> Ending:
        """Raises what keeps this calendar from being applied, with its plan where a safety limit does."""
        if self.control.stop():
            return several.not_begun(self.style)
        calendar, here = load(top), self._here(top)
        command, allow = command_line("apply", here), self.consent.allow
        with explained(calendar, style=self.style), ExitStack() as stack:
            session = open_session(calendar, here, stack, self.connections)
            at = session.access
            stack.enter_context(at.store.lock(self.control.timeout))
            stack.enter_context(ending_for_holds(at.store, at.clock))
            state = state_of(at, self.consent, verbose=self.verbose)
            seen, plan = apply.survey(session, state, self.control)
            shown = plan_end(plan, self.style, verbose=self.verbose, command=command, allow=allow)
            try:
                apply.check_limits(session, plan, allow, command)
            except SafetyLimitError as error:
                no = several.failed(error, self.style)
                return (
                    no if self.style == "json" else replace(no, text=f"{shown.text}\n{failure.text(error)}")
                )
        self.prepared[top] = _Prepared(calendar, state, seen, plan)
        return shown

    def ask(self) -> None:
        """Also tell what takes long, where nobody is asked."""
        allow = self.consent.allow
        plans = [each.plan for each in self.prepared.values() if doable(each.plan, allow)]
        if self.consent.yes:
            if told := big_effort(plans, allow):
                say(told)
        elif plans:
            confirm(text.question(plans, screen=screen(), allow=allow))

    def _here(self, top: Path | None) -> Choice:
        together = tuple(each for each in self.accounts if each is not None)
        return replace(self.choice, calendar=top, accounts=self.accounts[top], together=together)

    def _exchange(self, session: Session[Publer], was: _Prepared) -> None:
        """Let posts that move from calendar to calendar do so, where the other one was planned too."""
        names = {name for move in was.plan.moves for name in (move.giver, move.receiver)}
        for top, other in self.prepared.items():
            if other is was or other.plan.calendar not in names:
                continue
            with ExitStack() as stack:
                theirs = open_session(other.calendar, self._here(top), stack, self.connections)
                moved = exchange(
                    Party(session, was.state, was.seen, was.plan),
                    Party(theirs, other.state, other.seen, other.plan),
                    timeout=self.control.timeout,
                    trusting=self.consent.trust,
                )
            for move in dict.fromkeys((move.label, move.giver, move.receiver) for move in moved):
                say("{} moved from the calendar {} to {}.".format(*map(printable_line, move)))

    def carry_out(self, top: Path | None) -> Ending:
        """Raises StalePlanError where the plan differs from the one that was shown."""
        if self.control.stop():
            return several.not_begun(self.style)
        was, here = self.prepared[top], self._here(top)
        with explained(was.calendar, style=self.style), ExitStack() as stack:
            session = open_session(was.calendar, here, stack, self.connections)
            at = session.access
            self._exchange(session, was)
            session = replace(session, handed=True)
            stack.enter_context(at.store.lock(self.control.timeout))
            stack.enter_context(ending_for_holds(at.store, at.clock))
            state, seen, plan = at.state(trusting=self.consent.trust), was.seen, was.plan
            if plan.listed or plan.moves or state != was.state:
                seen, plan = apply.survey(session, state, self.control)
                check_same(plan, data.changes(was.plan), "Run apply again, and read the new plan.")

            def judge(plan: Plan, done: str) -> None:
                if not self.consent.yes:
                    stale(plan, done)
                apply.check_limits(session, plan, self.consent.allow, command_line("apply", here), done=done)

            report = apply.carry_out(session, seen, plan, self.consent.allow, self.control, judge)
        return apply.end(report, self.style, command_line("apply", here), self.consent.allow)
