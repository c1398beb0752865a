"""Where a calendar stands: what is ahead on each account, what needs attention, and how the last days went. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from publer_sync.planning.holding import condition, made_meanwhile
from publer_sync.planning.plan import Action, Change, is_missed, is_waiting
from publer_sync.planning.publication import Status, summary
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.model import Account, Family, LivePost
from publer_sync.values.timezones import apart, time_zone

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import tzinfo

    from publer_sync.ledger.state import State
    from publer_sync.planning.gone import GoneCalendar
    from publer_sync.planning.plan import Plan
    from publer_sync.planning.publication import Publication
    from publer_sync.values.policies import BudgetLeft, Cadence, LastingStore, Pace

GAP = timedelta(days=14)
"""A longer silence of an account without a cadence is reported."""
WEEK = timedelta(days=7)
STORE_ENDS = timedelta(days=28)
"""How long before its end a store is told to end."""


@dataclass(frozen=True, slots=True)
class AccountStanding:
    """`ahead` is what Publer has scheduled on the account and will publish, managed here or not, in order of time."""

    account: Account
    ahead: tuple[LivePost, ...]
    gaps: tuple[tuple[datetime, datetime], ...]
    """Silences with a whole week in which the account's cadence wants a post, or longer than `GAP`.

    They are looked for from now to the last post ahead.
    """


@dataclass(frozen=True, slots=True)
class Standing:
    plan: Plan
    accounts: tuple[AccountStanding, ...]
    urgent: tuple[Change, ...]
    """What needs attention, apart from what `failed` in the last days."""
    failed: tuple[LivePost, ...]
    """Without those that are urgent already."""
    week: tuple[Publication, ...]
    """What became of the posts of the last days."""
    unmanaged: tuple[LivePost, ...]
    """Ahead, and not managed here."""
    requests_left: int
    """Of the limit's window."""
    places: tuple[str, ...] = ()
    """Where the state is, then where else the calendar has one."""
    budgets: tuple[BudgetLeft, ...] = ()
    gone: tuple[tuple[GoneCalendar, str], ...] = ()
    """Calendars that left the repository with posts ahead, whose states are beside this one's, and what to do about each."""
    stores: tuple[LastingStore, ...] = ()
    made_on_hold: tuple[LivePost, ...] = ()
    """Not managed here, and made in the scope of a hold while it lasts: they will be published."""

    @property
    def published(self) -> int:
        """On these accounts in the last days, managed here or not."""
        counts = summary(self.week)
        return counts[Status.PUBLISHED] + counts[Status.TAKEN_DOWN]

    @property
    def not_found(self) -> int:
        """Posts that were planned in the last days and left no trace in Publer."""
        return summary(self.week)[Status.NOT_FOUND]

    @property
    def missed(self) -> int:
        """Posts whose time passed in the last days while they were on hold."""
        return summary(self.week)[Status.HELD]

    @property
    def ending(self) -> tuple[LastingStore, ...]:
        """The stores that end within four weeks."""
        soon = (self.plan.created_at + STORE_ENDS).date()
        return tuple(each for each in self.stores if each.ends_by(soon))

    @property
    def needs_someone(self) -> bool:
        plan = self.plan
        return bool(plan.stopped_by or self.urgent or self.failed or plan.holds or self.gone)


def standing(
    plan: Plan,
    live: Iterable[LivePost],
    week: Iterable[Publication],
    state: State | None,
    accounts: Sequence[Account],
    *,
    cadence: Cadence,
    requests_left: int,
    places: tuple[str, ...] = (),
    budgets: Iterable[BudgetLeft] = (),
    theirs: Collection[str] = (),
    gone: Iterable[tuple[GoneCalendar, str]] = (),
    stores: Iterable[LastingStore] = (),
) -> Standing:
    """`week` is what became of the posts of the last days; `live` a listing of what is ahead.

    `theirs` are the ids of posts that other calendars manage.
    """
    now, ids = plan.created_at, {account.id for account in accounts}
    zone = time_zone(plan.timezone)
    here = [post for post in live if post.account_id in ids]
    week = tuple(week)
    managed = state.post_ids if state else set()
    urgent = tuple(change for change in plan.changes if _needs_someone(change))
    told = {change.live.id for change in urgent if change.live}
    failed = (one.live for one in week if one.live and one.status is Status.FAILED)
    return Standing(
        plan=plan,
        accounts=tuple(
            _account(account, here, now, cadence.paces.get(account.alias or ""), zone) for account in accounts
        ),
        urgent=urgent,
        failed=tuple(post for post in failed if post.id not in told),
        week=week,
        unmanaged=unmanaged(here, state, now),
        requests_left=requests_left,
        places=places,
        budgets=tuple(budgets),
        gone=tuple(gone),
        stores=tuple(stores),
        made_on_hold=made_meanwhile(
            plan.holds, (post for post in here if post.id not in managed and post.id not in theirs), now
        ),
    )


def _needs_someone(change: Change) -> bool:
    stuck = change.action in (Action.BLOCKED, Action.RECREATE)
    return stuck or is_missed(change) or is_waiting(change)


def _account(
    account: Account, live: Iterable[LivePost], now: datetime, pace: Pace | None, zone: tzinfo
) -> AccountStanding:
    ahead = sorted(
        (
            post
            for post in live
            if post.account_id == account.id and post.family is Family.SCHEDULED and post.at and post.at > now
            if condition(post) is not None
        ),
        key=_time,
    )
    times = [now, *map(_time, ahead)]
    return AccountStanding(
        account,
        tuple(ahead),
        tuple(silence for silence in pairwise(times) if _is_long(*silence, pace, zone)),
    )


def _is_long(earlier: datetime, later: datetime, pace: Pace | None, zone: tzinfo) -> bool:
    if pace is None or not pace.least:
        return apart(earlier, later, zone) > GAP
    day, end = earlier.astimezone(zone).date(), later.astimezone(zone).date()
    return day + timedelta(days=7 - day.weekday()) + WEEK <= end


def unmanaged(live: Iterable[LivePost], state: State | None, now: datetime) -> tuple[LivePost, ...]:
    """The posts ahead, drafts too, that are not managed here, in order of time."""
    managed = {copy.post_id for copy in state.copies.values()} if state else set()
    families = (Family.SCHEDULED, Family.DRAFT)
    found = (
        post
        for post in live
        if post.id not in managed and post.family in families and post.at is not None and post.at > now
        if post.family is Family.DRAFT or condition(post) is not None
    )
    return tuple(sorted(found, key=_time))


def _time(post: LivePost) -> datetime:
    return post.at or datetime.max.replace(tzinfo=UTC)
