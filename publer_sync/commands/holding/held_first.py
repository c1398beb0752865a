"""What an apply takes out of Publer before anything else, in the same steps as `hold`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.applying.recording import line_of_result
from publer_sync.applying.report import ENDED, ApplyReport, Outcome, Result, by_time
from publer_sync.applying.run import PAGE_LASTS
from publer_sync.holding.holder import Holder
from publer_sync.ledger.runs import finished, with_run
from publer_sync.planning.plan import Action, Held
from publer_sync.values.errors import PublerSyncError, RacedStateError, StateError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from publer_sync.applying.run import Means
    from publer_sync.commands.reaching.session import Session
    from publer_sync.ledger.runs import RunRecord
    from publer_sync.planning.plan import Plan
    from publer_sync.planning.survey import Survey
    from publer_sync.publer.gateway import Publer


LOOKS_AGAIN = "Run apply again to look for it."


def may_matter(session: Session[Publer], seen: Survey) -> bool:
    """Whether posts may be on hold while an earlier apply has something under way."""
    if seen.state is None:
        return False
    on_hold = session.access.calendar.settings.hold is not None or bool(seen.state.holds)
    return on_hold and any(copy.unsettled for copy in seen.state.copies.values())


def holder_for(
    session: Session[Publer], seen: Survey, plan: Plan, means: Means, *, tried: ApplyReport | None = None
) -> Holder | None:
    """Takes out what is on hold in a plan made from `seen`; None if nothing has to go first. What was `tried` is not tried again."""
    if seen.state is None or not plan.holds:
        return None  # one of the settings that is gone from there holds nothing any more
    at, state = session.access, seen.state.clone()
    state.holds = plan.holds
    planned = {each.copy.key: each for each in plan.changes if isinstance(each, Held) and each.copy}
    holder = Holder(
        means,
        plan,
        state,
        at.account_ids,
        wanted={key: change.post for key, change in planned.items() if change.post},
        account=at.account,
        only=planned.keys() if session.scope is not None else None,
        live=seen.live,
        elsewhere=lambda: at.elsewhere(seen.state),
    )
    going = {change.live.id for change in planned.values() if change.live}
    if tried is None:
        return holder if going or holder.under_way else None
    return None if going <= {result.post_id for result in tried.results} else holder


def take_out(
    session: Session[Publer],
    holder: Holder,
    record: RunRecord | None,
    before: ApplyReport | None,
    *,
    timeout: float,
) -> ApplyReport:
    """Take out what is listed, then follow what is under way for `timeout` seconds, and take out each post as soon as it shows.

    The report has what was taken out `before` as well; the holder has what Publer and the state have then. Raises
    RacedStateError where another run has saved its state before anything is sent.
    """
    at, plan = session.access, holder.plan

    def save(_: object = None) -> None:
        """Save what goes, and what someone edited, before it leaves Publer.

        Only the saved state has this run: the next plan asks what earlier runs did.
        """
        state = holder.state.clone()
        if record is not None:
            state.runs = with_run(state.runs, finished(record, map(line_of_result, holder.results)))
        if session.scope is None:
            state.files = None
        holder.means.save(state)

    holder.noting = save
    error: PublerSyncError | None = None
    try:
        if at.clock.now() - plan.created_at <= PAGE_LASTS:
            holder.stop_listed()
        holder.stop_all()
        holder.stop_under_way(timeout)
    except RacedStateError as raced:
        if not holder.noted:
            raise
        error = raced
    except PublerSyncError as stopped:
        error = stopped
    if not isinstance(error, StateError):
        try:
            save()
        except StateError as unsaved:
            error = error or unsaved
    now = {result.post_id: result for result in _results(holder, holder.noted if error is not None else None)}
    first = [result for result in before.results if result.post_id not in now] if before is not None else []
    results = tuple(sorted((*first, *now.values()), key=by_time))
    return ApplyReport(results, plan.count(Action.UNCHANGED), 0, 0.0, plan.timezone, error=error)


def _results(holder: Holder, asked: Collection[str] | None) -> Iterator[Result]:
    """The outcome of each post; `asked` is what Publer was asked to remove, where the run ended early."""
    for result in holder.results:
        why = result.why
        if result.outcome is Outcome.UNVERIFIED:
            why = replace(why, hint=LOOKS_AGAIN)
        if asked is None or result.post_id in asked:
            yield replace(result, why=why)
    if asked is None:
        return
    for change in holder.planned.values():
        if change.live is not None and change.live.id not in asked:
            yield Result(change, Outcome.NOT_TRIED, ENDED, change.live.id)
