"""What an apply takes out of Publer before it waits for what an earlier one has under way, in the same steps as `hold`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.applying.report import ApplyReport, Outcome, Result
from publer_sync.errors import PublerSyncError, StateError
from publer_sync.holding.holder import Holder
from publer_sync.late_dataclasses import dataclass
from publer_sync.planning.plan import Action, Held
from publer_sync.planning.survey import Survey

if TYPE_CHECKING:
    from publer_sync.commands.access import Access
    from publer_sync.commands.halting import Control
    from publer_sync.commands.session import Session
    from publer_sync.holding.report import HeldPost
    from publer_sync.planning.plan import Plan
    from publer_sync.publer.gateway import Publer

KNOWN = (Outcome.APPLIED, Outcome.FAILED)
"""What could not be verified is left to the plan that follows."""


@dataclass(frozen=True, slots=True)
class TakenOut:
    """What Publer and the state have afterwards, what was taken out, and what ended it early."""

    seen: Survey
    results: tuple[Result, ...]
    error: PublerSyncError | None

    def ended(self, error: PublerSyncError, plan: Plan, *, seconds: float) -> ApplyReport:
        """The report if nothing follows; the caller adds the number of requests."""
        return ApplyReport(self.results, plan.count(Action.UNCHANGED), 0, seconds, plan.timezone, error=error)

    def before(self, report: ApplyReport) -> ApplyReport:
        """The report of the rest, with what was taken out first."""
        told = {result.change.copy.key for result in report.results if result.change.copy}
        first = [each for each in self.results if each.change.copy and each.change.copy.key not in told]
        results = sorted((*first, *report.results), key=lambda each: (each.change.at, each.change.account.id))
        return replace(report, results=tuple(results))


def may_matter(session: Session[Publer], seen: Survey) -> bool:
    """Whether posts may be on hold while an earlier apply has something under way. With filters, nothing goes first."""
    if seen.state is None or session.scope is not None:
        return False
    on_hold = session.access.calendar.settings.hold is not None or bool(seen.state.holds)
    return on_hold and any(copy.unsettled for copy in seen.state.copies.values())


def holder_for(session: Session[Publer], seen: Survey, plan: Plan, control: Control) -> Holder | None:
    """Takes out what is on hold in a plan made from `seen`; None if nothing has to go first."""
    if seen.state is None or not plan.holds or not may_matter(session, seen):
        return None  # one of the settings that is gone from there holds nothing any more
    at, state = session.access, seen.state.clone()
    state.holds = plan.holds
    held = [change for change in plan.changes if isinstance(change, Held)]
    holder = Holder(
        at.publer,
        plan.holds[0],
        state,
        at.account_ids,
        at.clock,
        at.poll_seconds,
        control.progress,
        others=plan.holds[1:],
        wanted={change.copy.key: change.post for change in held if change.copy and change.post},
        stop=control.stop,
        live=seen.live,
        elsewhere=at.elsewhere,
    )
    return holder if holder.under_way or any(change.live for change in held) else None


def take_out(at: Access[Publer], holder: Holder, plan: Plan, *, timeout: float) -> TakenOut:
    """Take out what is listed, then follow what is under way for `timeout` seconds, and take out each post as soon as it shows.

    Raises StateError, before anything is sent, where the state cannot say what goes.
    """
    at.store.write(holder.about_to_stop())
    error: PublerSyncError | None = None
    try:
        holder.stop_listed()
        holder.stop_all()
        holder.stop_under_way(timeout)
    except PublerSyncError as stopped:
        error = stopped
    try:
        at.store.write(holder.state)
    except StateError as unsaved:
        error = error or unsaved
    held = {change.copy.key: change for change in plan.changes if isinstance(change, Held) and change.copy}
    posts = [post for post in holder.report().posts if post.outcome in KNOWN]
    results = tuple(_result(post, held.get(post.copy.key), at, plan) for post in posts)
    return TakenOut(Survey(holder.live, holder.state), results, error)


def _result(post: HeldPost, change: Held | None, at: Access[Publer], plan: Plan) -> Result:
    if change is None:  # it had left the calendar before Publer listed it
        change = Held(account=at.account(post.copy.account), copy=post.copy, reason=plan.holds[0].reason)
    return Result(
        replace(change, live=post.live),
        post.outcome,
        post.why,
        post.live.id if post.live else post.copy.post_id,
    )
