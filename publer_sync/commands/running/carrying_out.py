"""From an open session to a plan, and from the plan to a report: what apply and release do to Publer."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, TypeAlias

from publer_sync.applying import telling
from publer_sync.applying.applier import apply_plan
from publer_sync.applying.following import Follower
from publer_sync.applying.run import ListedPage, Means, Order, Run
from publer_sync.commands.beside.changed import name_of
from publer_sync.commands.holding import held_first
from publer_sync.commands.reaching.named import with_ids
from publer_sync.commands.reaching.session import PlannedCalendar
from publer_sync.commands.running.command_lines import command_line
from publer_sync.commands.running.halting import guard, hold_began
from publer_sync.commands.running.plan_file import differ, stale
from publer_sync.ledger.backup import Backup
from publer_sync.planning.limits import refusals
from publer_sync.planning.older import OLDER
from publer_sync.planning.plan import Pending
from publer_sync.planning.survey import Survey, concluded, listing
from publer_sync.publer.gateway import Publer
from publer_sync.render.post.tally import over_limit
from publer_sync.values.errors import (
    Interrupted,
    PublerSyncError,
    RacedStateError,
    SafetyLimitError,
    StalePlanError,
    StateError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from publer_sync.applying.report import ApplyReport
    from publer_sync.commands.reaching.access import Access
    from publer_sync.commands.reaching.session import Session
    from publer_sync.commands.running.halting import Control
    from publer_sync.ledger.runs import RunRecord
    from publer_sync.ledger.state import State
    from publer_sync.planning.allow import Allow
    from publer_sync.planning.plan import Plan


PlannedApply: TypeAlias = PlannedCalendar[Publer]
NOTHING = "Nothing was done."
TOLD_SECONDS = 10.0
"""How long to wait for another apply before the state is left as it is."""
REST = "What is on hold is out of Publer; nothing else was done."


def prepare(session: Session[Publer], state: State | None, control: Control) -> PlannedApply:
    """The plan for what Publer and the state have once an earlier apply is settled.

    Where something is on hold that has to go first, it is for things as they are now: `carry_out` does the waiting.
    """
    seen = session.access.survey(state)
    session.access.check_clock()
    session.check_repository(seen)
    if held_first.may_matter(session, seen):
        plan = with_ids(session.plan(seen), session.access.publer)
        if held_first.holder_for(session, seen, plan, _means(session, control)):
            control.progress.close()
            return PlannedCalendar(session, state, seen, plan)
    return PlannedCalendar(session, state, *_settled(session, seen, control))


def _settled(session: Session[Publer], seen: Survey, control: Control) -> tuple[Survey, Plan]:
    """Wait until what an earlier apply sent is settled, or time is up; the last thing done is a listing."""
    at, state, progress = session.access, seen.state, control.progress
    waiting = [copy.key for copy in state.copies.values() if copy.unsettled] if state else []
    if state is not None and any(
        copy.under_way and copy.refused is not None for copy in state.copies.values()
    ):
        # what Publer refused is waited for only if it is wanted again just so
        waiting += [
            copy.key
            for change in session.plan(seen).changes
            if isinstance(change, Pending) and change.post is not None
            for copy in state.copies.values()
            if copy.entry == change.copy.entry and copy.waits_to_say(change.post.content, change.post.at)
        ]
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
            theirs=seen.theirs,
        )
        done = follower.follow(state, waiting, at.publer.deadline(control.timeout))
        seen = concluded(
            replace(seen, live=done.live or seen.live, state=done.state),
            account_ids=at.account_ids,
            now=at.clock.now(),
            poll_seconds=at.poll_seconds,
        )
    progress.close()
    return seen, with_ids(session.plan(seen), at.publer)


def carry_out(
    planned: PlannedApply,
    allow: Allow,
    control: Control,
    judge: Callable[[Plan, str], None] = stale,
    again: Callable[[], PlannedApply] | None = None,
) -> ApplyReport:
    """Carry out the plan of `prepare`. `judge` sees what is left once what is on hold is out, where that is something else; it may raise.

    `again` makes the plan anew, for `judge` to see, where the state of another run arrives before this one has changed
    a post: the last push of a run that was killed may.
    """
    deadline = planned.session.access.publer.deadline(control.timeout)
    while True:
        try:
            return _carry_out(planned, allow, control, judge)
        except _OvertakenError as overtaken:
            if again is None or control.stop() or deadline.left <= 0:
                if overtaken.report is None:
                    raise overtaken.error from None
                return overtaken.report
        control.progress("check", "another run saved its state meanwhile; planning again")
        now = again()
        control.progress.close()
        if differ(now.plan, planned.plan) or now.plan.refusals != planned.plan.refusals:
            judge(now.plan, NOTHING)
        planned = now


class _OvertakenError(Exception):
    """Another run saved its state before this one had changed a post."""

    def __init__(self, error: RacedStateError, report: ApplyReport | None = None) -> None:
        self.error, self.report = error, report


def _carry_out(
    planned: PlannedApply, allow: Allow, control: Control, judge: Callable[[Plan, str], None]
) -> ApplyReport:
    session, seen, plan = planned.session, planned.seen, planned.plan
    at, started = session.access, session.access.clock.monotonic()
    deadline = at.publer.deadline(control.timeout)

    def reported(report: ApplyReport) -> ApplyReport:
        if isinstance(report.error, Interrupted) and at.store.halted():
            report = replace(report, error=hold_began())
        leaving = (warn for warn in planned.plan.warnings if warn.code == "hold_edited")  # what is out by now
        warnings = tuple(dict.fromkeys((*leaving, *plan.warnings)))
        return replace(report, requests=at.publer.requests - at.requests_before, warnings=warnings)

    means = _means(session, control)
    record = _record(session, seen, allow)
    out: ApplyReport | None = None

    def ended(out: ApplyReport, error: PublerSyncError) -> ApplyReport:
        """The report if nothing follows."""
        return reported(replace(out, error=error, seconds=at.clock.monotonic() - started))

    while not means.stop() and (holder := held_first.holder_for(session, seen, plan, means, tried=out)):
        at.publer.before_write = means.guard
        try:
            out = held_first.take_out(session, holder, record, out, timeout=deadline.left)
        except RacedStateError as error:
            if out is None:
                raise _OvertakenError(error) from error
            return ended(out, error)
        seen = replace(seen, live=holder.live, state=holder.state)
        try:
            if out.error is not None:
                raise out.error
            before = plan
            seen, plan = _settled(session, seen, replace(control, timeout=max(0.0, deadline.left)))
            if differ(plan, before):
                judge(plan, REST)
        except PublerSyncError as error:
            if error.code == "declined":
                error = Interrupted(f"the answer was not yes. {REST[:-1]}", code="declined")
            return ended(out, error)
    try:
        unanswered = control.pages.unanswered(plan, allow, control.progress, means.stop)
    except Interrupted as stopped:
        if out is None:
            raise (hold_began() if at.store.halted() else stopped) from None
        return ended(out, stopped)
    now = at.clock.now()
    if at.places.first and seen.state is None:
        try:
            at.store.write(session.first_state())
        except RacedStateError as error:
            raise _OvertakenError(error) from error
    settings = at.calendar.settings
    order = Order(
        plan,
        timedelta(minutes=settings.limits.freeze_minutes),
        allow,
        protects_edits=allow.edits is not True and settings.edits == "ask",
        whole=session.scope is None and not seen.live.short,
        filtered=session.scope is not None,
        files=name_of(at.lineage.checkout) if at.lineage is not None else None,
        record=record,
        taken_out=out.results if out else (),
        decides=session.older(seen).tip,
        command=command_line("apply", session.choice),
        unanswered=unanswered,
        begun=[
            each for each in planned.plan.holds if each.settings and each.since == planned.plan.created_at
        ],
        excuse=[post for post in session.desired if post.at <= now] if seen.state is None else (),
    )
    page = ListedPage({post.id: post for post in seen.live}, plan.created_at)
    run = Run(replace(means, theirs=seen.theirs), order, seen.state or at.new_state(), page)
    report = apply_plan(run)
    control.progress.close()
    report = reported(report)
    if isinstance(report.error, RacedStateError) and not (out or run.sent):
        raise _OvertakenError(report.error, report)
    return report


def _means(session: Session[Publer], control: Control) -> Means:
    at = session.access
    return Means(
        at.publer,
        at.store.write,
        at.clock,
        at.poll_seconds,
        control.timeout,
        control.progress,
        stop=lambda: control.stop() or at.store.halted(),
        guard=lambda: guard(at.store),
        accounts=at.account_ids,
        parts=lambda: at.store.managed_elsewhere().parts,
        back_up=lambda live: at.store.back_up(Backup(live.posts, at.workspace.id, at.clock.now())),
    )


def _record(session: Session[Publer], seen: Survey, allow: Allow) -> RunRecord | None:
    """What the state keeps of the run."""
    released = session.scope.released if session.scope else None
    return session.access.record(
        "release" if released else "apply",
        lacks=session.older(seen).lacks and allow.older is not True,
        options=allow.given,
        reason="; ".join(dict.fromkeys(hold.reason for hold in released.holds)) if released else "",
    )


def note_told(at: Access[Publer], report: ApplyReport) -> None:
    """Note in the state what the report tells once, after someone was shown it. Where that fails, the next apply tells it again."""
    if not telling.tells_once(report):
        return
    with suppress(PublerSyncError), at.store.lock(TOLD_SECONDS):
        state = at.state()
        if state is not None:
            at.store.write(telling.with_told(state, report))


def check_older(plan: Plan, allow: Allow, command: str, *, done: str = NOTHING) -> None:
    """Raise StalePlanError where the files are older than what was applied last, StateError where that is not known."""
    for refusal in plan.refusals:
        if refusal.code in OLDER and not allow.covers(refusal):
            told = over_limit(refusal, plan, allow).rstrip(".")
            hint = f"{done} To use these files anyway: {command} {refusal.allow}"
            if refusal.code == "older_files":
                raise StalePlanError(told, code="older_files", hint=hint)
            raise StateError(told, code="state.history", hint=hint)


def check_limits(
    session: Session[Publer], plan: Plan, allow: Allow, command: str, *, done: str = NOTHING
) -> None:
    """Raise SafetyLimitError where a safety limit refuses what the options allow; `command` is the apply as it was given.

    Raises as `check_older` does.
    """
    check_older(plan, allow, command, done=done)
    limits = session.access.calendar.settings.limits
    for refusal in refusals(
        plan.changes,
        limits=limits,
        empty=not (session.desired or session.waiting or session.access.calendar.gone),
        tried=allow.passes,
    ):
        if allow.covers(refusal):
            continue
        raise SafetyLimitError(
            over_limit(refusal, plan, allow).rstrip("."),
            hint=f"{done} If that is intended: {command} {refusal.allow}",
        )
