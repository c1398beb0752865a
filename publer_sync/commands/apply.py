"""`publer-sync apply`: settles what is under way, plans, checks the safety limits, asks, carries out, reports."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from publer_sync.applying.applier import apply_plan
from publer_sync.applying.following import Follower
from publer_sync.applying.run import Run
from publer_sync.commands import failure, held_first, several
from publer_sync.commands.access import Connections
from publer_sync.commands.changed import files_of
from publer_sync.commands.command_lines import command_line
from publer_sync.commands.halting import ending_for_holds, guard, hold_began, stoppable
from publer_sync.commands.named import with_ids
from publer_sync.commands.plan import end as show_plan
from publer_sync.commands.plan_file import check_same, differ, read_plan, stale
from publer_sync.commands.problems import explained
from publer_sync.commands.progress import ProgressLine
from publer_sync.commands.session import open_session
from publer_sync.commands.shared import confirm, load, need_answer, out, say, screen
from publer_sync.commands.trust import state_of
from publer_sync.errors import (
    Interrupted,
    OutputError,
    PublerSyncError,
    SafetyLimitError,
)
from publer_sync.planning.limits import refusals
from publer_sync.planning.plan import Action
from publer_sync.planning.survey import Survey, concluded, listing
from publer_sync.publer.gateway import Publer
from publer_sync.render import data, markdown, text
from publer_sync.render.overview import big_effort
from publer_sync.render.several import Ending
from publer_sync.render.tally import outcomes, over_limit
from publer_sync.render.venue import Venue

if TYPE_CHECKING:
    from collections.abc import Callable

    from publer_sync.applying.allow import Allow
    from publer_sync.applying.report import ApplyReport
    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.choice import Choice, Consent
    from publer_sync.commands.halting import Control
    from publer_sync.commands.held_first import TakenOut
    from publer_sync.commands.session import Session
    from publer_sync.ledger.state import State
    from publer_sync.planning.plan import Plan


LEAST_PATIENCE = 5.0
"""Seconds that Publer has for any one answer, however short the time for its jobs is."""
NOTHING = "Nothing was done."
REST = "What is on hold is out of Publer; nothing else was done."


def run(choice: Choice, consent: Consent, *, style: str, timeout: float, verbose: bool) -> int:
    """Apply a calendar, or a plan file in its place."""
    expected: list[Any] | None = None
    if choice.calendar is not None and choice.calendar.is_file():
        choice, expected = read_plan(choice.calendar, choice)
    need_answer(yes=consent.yes)
    calendar = load(choice.calendar)
    with explained(calendar, style=style):
        report = make(
            calendar, choice, consent, expected=expected, style=style, timeout=timeout, verbose=verbose
        )
    try:
        several.show(end(report, style, command_line("apply", choice), consent.allow))
    except BrokenPipeError:
        pass  # nobody reads the report; the exit code still tells how the apply ended
    except OutputError as error:
        say(f"error: {error.message}")
        return told(report) or error.exit_code
    return told(report)


def make(
    calendar: Calendar,
    choice: Choice,
    consent: Consent,
    *,
    expected: list[Any] | None = None,
    style: str,
    timeout: float,
    verbose: bool = False,
    agree: Callable[[Plan], None] = lambda _: None,
    connections: Connections[Publer] | None = None,
) -> ApplyReport:
    """Apply, and report. Raises StalePlanError where the changes are not those `expected`, SafetyLimitError where a safety limit refuses them.

    `agree` sees the plan before anything is written, and may raise.
    """
    command = command_line("apply", choice)
    with ExitStack() as stack:
        progress = stack.enter_context(ProgressLine())
        connections = connections or connect(progress, timeout)
        session = open_session(calendar, choice, stack, connections)
        at = session.access
        stack.enter_context(at.store.lock(timeout))
        control = stack.enter_context(stoppable(connections, progress, timeout, style))
        stack.enter_context(ending_for_holds(at.store, at.clock))
        state = state_of(at, consent, verbose=verbose)
        seen, plan = survey(session, state, control)
        if expected is not None:
            check_same(plan, expected)

        def judge(plan: Plan, done: str = NOTHING) -> None:
            agree(plan)
            try:
                check_limits(session, plan, consent.allow, command, done=done)
            except SafetyLimitError:
                if style != "json":
                    shown = show_plan(plan, style, verbose=verbose, command=command, allow=consent.allow)
                    several.show(shown)
                raise
            _ask(plan, consent, style, verbose=verbose)

        judge(plan)
        later = judge if expected is None else stale
        return carry_out(session, seen, plan, consent.allow, control, later)


def connect(progress: ProgressLine, timeout: float) -> Connections[Publer]:
    return Connections(Publer, say=progress.wait, patience=max(timeout, LEAST_PATIENCE))


def survey(session: Session[Publer], state: State | None, control: Control) -> tuple[Survey, Plan]:
    """What Publer and the state have once an earlier apply is settled, and the plan for it.

    Where something is on hold that has to go first, they are as things are now: `carry_out` does the waiting.
    """
    seen = session.access.survey(state)
    if held_first.may_matter(session, seen):
        plan = with_ids(session.plan(seen), session.access.publer)
        if held_first.holder_for(session, seen, plan, control):
            control.progress.close()
            return seen, plan
    return _settled(session, seen, control)


def _settled(session: Session[Publer], seen: Survey, control: Control) -> tuple[Survey, Plan]:
    """Wait until what an earlier apply sent is settled, or time is up; the last thing done is a listing."""
    at, state, progress = session.access, seen.state, control.progress
    waiting = [copy.key for copy in state.copies.values() if copy.unsettled] if state else []
    if state is not None and waiting:
        follower = Follower(
            ask=lambda job_id, deadline: at.publer.job(job_id, deadline=deadline),
            list_posts=lambda: listing(at.publer, state, account_ids=at.account_ids, now=at.clock.now()),
            clock=at.clock,
            poll_seconds=at.poll_seconds,
            stop=lambda: control.stop() or at.store.halted(),
            waiting=lambda seconds: progress(
                "check", f"an earlier apply's job is still running, {seconds} s"
            ),
            showing=lambda shown, of: progress(
                "check", f"{shown} of {of} posts of an earlier apply are settled"
            ),
            theirs=seen.elsewhere.by_id.keys() if seen.elsewhere else (),
        )
        done = follower.follow(state, waiting, at.publer.deadline(control.timeout))
        seen = concluded(
            Survey(done.live or seen.live, done.state, seen.elsewhere),
            account_ids=at.account_ids,
            now=at.clock.now(),
            poll_seconds=at.poll_seconds,
        )
    progress.close()
    return seen, with_ids(session.plan(seen), at.publer)


def carry_out(
    session: Session[Publer],
    seen: Survey,
    plan: Plan,
    allow: Allow,
    control: Control,
    judge: Callable[[Plan, str], None] = stale,
) -> ApplyReport:
    """Carry out the plan of `survey`. `judge` sees what is left once what is on hold is out, where that is something else; it may raise."""
    at, started = session.access, session.access.clock.monotonic()
    deadline = at.publer.deadline(control.timeout)

    def reported(report: ApplyReport) -> ApplyReport:
        if isinstance(report.error, Interrupted) and at.store.halted():
            report = replace(report, error=hold_began())
        return replace(report, requests=at.publer.requests - at.requests_before)

    out: TakenOut | None = None
    if holder := held_first.holder_for(session, seen, plan, control):
        at.publer.before_write = lambda: guard(at.store)
        out = held_first.take_out(at, holder, plan, timeout=control.timeout)
        try:
            if out.error is not None:
                raise out.error
            before = plan
            seen, plan = _settled(session, out.seen, replace(control, timeout=max(0.0, deadline.left)))
            if differ(plan, before):
                judge(plan, REST)
        except PublerSyncError as error:
            if error.code == "declined":
                error = Interrupted(f"the answer was not yes. {REST[:-1]}", code="declined")
            return reported(out.ended(error, plan, seconds=at.clock.monotonic() - started))
    now = at.clock.now()
    if at.places.first and seen.state is None:
        at.store.write(session.first_state())
    report = apply_plan(
        Run(
            publer=at.publer,
            save=at.store.write,
            state=seen.state or at.new_state(),
            plan=plan,
            clock=at.clock,
            poll_seconds=at.poll_seconds,
            freeze=timedelta(minutes=at.calendar.settings.limits.freeze_minutes),
            allow=allow,
            timeout=control.timeout,
            progress=control.progress,
            stop=lambda: control.stop() or at.store.halted(),
            guard=lambda: guard(at.store),
            excuse=[post for post in session.desired if post.at <= now] if seen.state is None else (),
            files=files_of(at.calendar.top),
            whole=session.scope is None and not seen.live.short,
            protects_edits=not allow.edits and at.calendar.settings.edits == "ask",
            listed={post.id: post for post in seen.live},
        )
    )
    control.progress.close()
    return reported(out.before(report) if out else report)


# --- before the first write -----------------------------------------------------------------------------------------


def check_limits(
    session: Session[Publer], plan: Plan, allow: Allow, command: str, *, done: str = NOTHING
) -> None:
    """Raise SafetyLimitError where a safety limit refuses what the options allow; `command` is the apply as it was given."""
    limits = session.access.calendar.settings.limits
    for refusal in refusals(plan.changes, limits=limits, empty=not session.desired, tried=allow.passes):
        if allow.covers(refusal):
            continue
        raise SafetyLimitError(
            over_limit(refusal, plan, allow).rstrip("."),
            hint=f"{done} If that is meant: {command} {refusal.allow}",
        )


def _ask(plan: Plan, consent: Consent, style: str, *, verbose: bool) -> None:
    allow = consent.allow
    if consent.yes:
        if told := big_effort([plan], allow):
            say(told)
        return
    if style == "text":
        passed = replace(plan, refusals=())  # what the options did not allow has ended the run
        out(text.plan(passed, screen=screen(), verbose=verbose, command="", allow=allow))
    if doable(plan, allow):
        confirm(text.question([plan], screen=screen(), allow=allow))


def doable(plan: Plan, allow: Allow) -> bool:
    """Whether there is something to do that is asked for."""
    return any(change.action is not Action.ADOPT and allow.passes(change) for change in plan.listed)


# --- after the last -------------------------------------------------------------------------------------------------


def end(report: ApplyReport, style: str, command: str, allow: Allow) -> Ending:
    code = report.exit_code
    line = ", ".join(outcomes(report)) or "nothing to do"
    match style:
        case "json":
            return Ending(code, line, document=data.report(report))
        case "markdown":
            page = markdown.report(report, venue=Venue(command=command, allow=allow))
        case _:
            page = text.report(report, screen=screen(), command=command)
    return Ending(code, line, page, brief=not report.results and report.error is None)


def told(report: ApplyReport) -> int:
    """The exit code; an error that ended the run is told on stderr."""
    if report.error is not None:
        say(failure.text(report.error))
    return report.exit_code
