"""Where a calendar stands: what is ahead on each account, what needs someone, and how the last days went. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from publer_sync.model import Account, Family, LivePost
from publer_sync.planning.plan import Action, Change, is_missed, is_waiting
from publer_sync.planning.publication import Status, summary

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from publer_sync.ledger.state import State
    from publer_sync.planning.plan import Plan
    from publer_sync.planning.publication import Publication

GAP = timedelta(days=14)
"""A longer silence of an account is told."""
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class AccountStanding:
    """`ahead` is what Publer has scheduled on the account, managed here or not, in order of time."""

    account: Account
    ahead: tuple[LivePost, ...]
    gaps: tuple[tuple[datetime, datetime], ...]
    """Silences longer than `GAP`, from now to the last post ahead."""


@dataclass(frozen=True, slots=True)
class Standing:
    plan: Plan
    accounts: tuple[AccountStanding, ...]
    urgent: tuple[Change, ...]
    """What needs someone, apart from what `failed` in the last days."""
    failed: tuple[LivePost, ...]
    published: int
    """On these accounts in the last days, managed here or not."""
    not_found: int
    """Posts that were planned in the last days and left no trace in Publer."""
    unmanaged: tuple[LivePost, ...]
    """Ahead, and not managed here."""
    requests_left: int | None
    """Of the limit's window; None if Publer did not say."""

    @property
    def needs_someone(self) -> bool:
        return bool(self.urgent or self.failed or self.plan.holds)


def standing(
    plan: Plan,
    live: Iterable[LivePost],
    week: Iterable[Publication],
    state: State | None,
    accounts: Sequence[Account],
    *,
    requests_left: int | None = None,
) -> Standing:
    """`week` is what became of the posts of the last days; `live` a listing of what is ahead."""
    now, ids = plan.created_at, {account.id for account in accounts}
    here = [post for post in live if post.account_id in ids]
    week = tuple(week)
    counts = summary(week)
    return Standing(
        plan=plan,
        accounts=tuple(_account(account, here, now) for account in accounts),
        urgent=tuple(change for change in plan.changes if _needs_someone(change)),
        failed=tuple(one.live for one in week if one.live and one.status is Status.FAILED),
        published=counts[Status.PUBLISHED] + counts[Status.TAKEN_DOWN],
        not_found=counts[Status.NOT_FOUND],
        unmanaged=tuple(sorted(_unmanaged(here, state, now), key=_time)),
        requests_left=requests_left,
    )


def _needs_someone(change: Change) -> bool:
    stuck = change.action in (Action.BLOCKED, Action.RECREATE)
    return stuck or is_missed(change) or is_waiting(change)


def _account(account: Account, live: Iterable[LivePost], now: datetime) -> AccountStanding:
    ahead = sorted(
        (
            post
            for post in live
            if post.account_id == account.id and post.family is Family.SCHEDULED and post.at and post.at > now
        ),
        key=_time,
    )
    times = [now, *map(_time, ahead)]
    return AccountStanding(
        account,
        tuple(ahead),
        tuple((earlier, later) for earlier, later in pairwise(times) if later - earlier > GAP),
    )


def _unmanaged(live: Iterable[LivePost], state: State | None, now: datetime) -> Iterable[LivePost]:
    managed = {record.post_id for record in state.records.values()} if state else set()
    families = (Family.SCHEDULED, Family.DRAFT)
    return (
        post
        for post in live
        if post.id not in managed and post.family in families and post.at is not None and post.at > now
    )


def _time(post: LivePost) -> datetime:
    return post.at or datetime.max.replace(tzinfo=UTC)
