"""What every step of an apply shares: the gateway, the ledger and how it is saved, the clock, the results so far.

The steps themselves: `applier` takes them in order; `updating`, `making` and `removing` are its parts.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from contextlib import contextmanager
from dataclasses import field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from publer_sync.applying.report import DONE, Cause, Outcome, Remark, Result
from publer_sync.applying.run_contact import RunContact
from publer_sync.applying.tasks import Creation
from publer_sync.planning.allow import Allow
from publer_sync.planning.contact import TROUBLE
from publer_sync.planning.plan import Delete, Plan, soonest
from publer_sync.planning.survey import BACK, HORIZON
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import BusyStateError, Interrupted, ServiceError, StateError
from publer_sync.values.model import Account, Failure, Family, Listing, LivePost, Post, joined_listings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from publer_sync.applying.tasks import EditTask, Removal, Task
    from publer_sync.ledger.copies import Copy
    from publer_sync.ledger.elsewhere import LedgerPart
    from publer_sync.ledger.hold import Hold
    from publer_sync.ledger.runs import RunLine, RunRecord
    from publer_sync.ledger.state import State
    from publer_sync.machine.clock import Clock
    from publer_sync.planning.plan import Tried
    from publer_sync.publer.gateway import Publer
    from publer_sync.values.content import Json

FRESH = timedelta(seconds=30)
"""A write leaves within this time of its intent being noted, or the intent is judged and noted again."""
SLOW_SAVES = 3
"""After this many saves in a row that took longer, the run ends."""
BUSY = timedelta(seconds=20)
"""If other calendars keep a save waiting for this long, the intent is judged and noted again before it is too old."""
TOO_LATE = timedelta(minutes=1)
"""Publer refuses what is nearer than this when its job runs ("Manual Scheduling")."""


PAGE_LASTS = timedelta(minutes=1)
"""How long a listing tells what may be written."""
DAY = timedelta(days=1)
AFTER_WAIT = timedelta(minutes=5)
"""The same after a wait for the request limit: another listing would only make the next wait longer."""
LOOKS = 20
"""The most requests of a listing made for what is written next."""


class IntentTooOldError(Exception):
    """A write would have left too long after its intent was noted, and did not leave."""


T = TypeVar("T", bound="Task[Tried]")


def _quiet(_word: str, _text: str) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Means:
    """How a run reaches Publer and the ledger, and who watches it."""

    publer: Publer
    save: Callable[..., None]
    """Makes the ledger durable, or raises StateError."""
    clock: Clock
    poll_seconds: float
    """Seconds before the first poll of a job; later waits are longer."""
    timeout: float = 300.0
    """Seconds that jobs may take, without the waits for the request limit."""
    progress: Callable[[str, str], None] = _quiet
    stop: Callable[[], bool] = lambda: False
    """Whether somebody asked to stop."""
    guard: Callable[[], None] = lambda: None
    """Called just before each write leaves, and raises where it must not."""
    theirs: Collection[str] = ()
    """Ids of posts that other calendars manage."""
    accounts: Collection[str] = ()
    """Ids of the managed accounts: someone may move a post to another one in Publer."""
    parts: Callable[[], Mapping[str, LedgerPart]] = dict
    """The parts of the ledger that other calendars have, by their names, as they are now."""
    back_up: Callable[[Listing], str] | None = None
    """Keeps beside the ledger what Publer had before the first write, and tells where."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a run is to do, and what it may."""

    plan: Plan
    freeze: timedelta
    """How long before it is published a post is not changed any more."""
    allow: Allow = field(default_factory=Allow)
    protects_edits: bool = True
    """Whether what someone edited in Publer since the plan is left alone."""
    whole: bool = True
    """Whether the plan is complete, without filters or an incomplete listing."""
    filtered: bool = False
    """Whether filters, or a release, leave out a part of the calendar."""
    files: str | None = None
    """The name of the calendar's files, which the state keeps once everything that they ask for is done."""
    begun: Sequence[Hold] = ()
    """The holds of the settings that begin with this run."""
    excuse: Sequence[Post] = ()
    """Posts that were past already when publer-sync saw the calendar for the first time."""
    record: RunRecord | None = None
    """What the state keeps of this run; its lines are filled in."""
    decides: bool = False
    """Whether its files count, whatever earlier runs applied: they are the newest of the branch that is applied."""
    command: str = "publer-sync apply"
    """The apply, for messages that name it."""
    taken_out: Sequence[Result] = ()
    """What became of the posts on hold, which go before anything else."""
    unanswered: Mapping[str, str] = field(default_factory=dict)
    """What is wrong with each page that new posts wait for, in words that follow its address."""


@dataclass(slots=True)
class ListedPage:
    """Every post of the accounts concerned, as last listed, and how long that tells what may be written."""

    posts: dict[str, LivePost]
    listed_at: datetime
    before: frozenset[str] = field(init=False)
    """Ids of what was listed when the plan was made."""
    lasts: timedelta = PAGE_LASTS
    """How long after `listed_at` that is."""
    short: bool = False
    """Whether Publer counts more posts than the last listing had."""
    waited: float = 0.0
    """Seconds waited for the request limit when the last listing was made."""
    gone: set[str] = field(default_factory=set)
    """Ids of posts that were looked for everywhere and are gone."""
    tasks: frozenset[int] | None = None
    """The indexes of the tasks whose days the last listing covered; None for all."""

    def tells_of(self, task: Task[Tried]) -> bool:
        """Whether the last listing covered its days."""
        return self.tasks is None or task.index in self.tasks

    def drop(self, accounts: Collection[str], spans: Sequence[tuple[date, date]]) -> None:
        """Forget what was listed on these days, which are in order: they were listed again."""
        starts = [since for since, _ in spans]

        def again(post: LivePost) -> bool:
            if post.at is None or post.account_id not in accounts:
                return False
            day = post.at.date()
            span = bisect_right(starts, day) - 1
            return span >= 0 and day <= spans[span][1]

        self.posts = {post_id: post for post_id, post in self.posts.items() if not again(post)}

    def __post_init__(self) -> None:
        self.before = frozenset(self.posts)


@dataclass(slots=True)
class Uploads:
    """What a run knows of the media that its posts show, by the reference the content uses."""

    library_asked: bool = False
    """Whether Publer was asked which of the media that the ledger knows are still there."""
    brought: set[str] = field(default_factory=set)
    """What came to Publer in this run."""
    not_uploaded: dict[str, ServiceError] = field(default_factory=dict)
    """Why a piece of media did not come to Publer."""
    fetching: str = ""
    """The address that Publer may still be fetching."""
    shown: dict[str, Mapping[str, Json]] = field(default_factory=dict)
    """What Publer showed of the media of posts that were taken out, and that may have to be put back."""


@dataclass(slots=True)
class Noting:
    """How far the ledger has the intents of the writes that come next."""

    noted: bool = True
    """Whether they are saved."""
    slow_saves: int = 0
    """How many saves in a row were slow."""
    busy: float = 0.0
    """Seconds in which other calendars kept them from being saved."""


@dataclass(slots=True)
class Run:
    """An apply under way: what it was given, what it knows, and what came of it so far."""

    means: Means
    order: Order
    state: State
    page: ListedPage
    uploads: Uploads = field(default_factory=Uploads)
    noting: Noting = field(default_factory=Noting)
    contact: RunContact = field(default_factory=RunContact)
    edits: list[EditTask] = field(default_factory=list)
    creations: list[Creation] = field(default_factory=list)
    removals: list[Removal] = field(default_factory=list)
    results: dict[int, Result] = field(default_factory=dict)
    """By the index of the change in the plan."""
    removed: dict[int, LivePost] = field(default_factory=dict)
    """What was removed in this run, by the keys of the copies: a listing confirms it at the end."""
    refusals: dict[int, Cause] = field(default_factory=dict)
    """Why a new post did not come, by the key of its copy."""
    unplaced: dict[str, tuple[Failure, ...]] = field(default_factory=dict)
    """What Publer said of a job's posts where it is not clear which ones it means; by the job's id."""

    sent: bool = False
    """Whether a write to a post may have left."""
    begun: dict[int, RunLine] = field(default_factory=dict)
    """What it was about to do, by the index of the change in the plan."""

    accounts: dict[str, Account] = field(init=False)
    """Those of the plan, by Publer's id."""

    thawed: frozenset[str] = field(init=False)
    """Publer's ids of the posts that --allow-frozen names."""

    def __post_init__(self) -> None:
        self.accounts = {change.account.id: change.account for change in self.order.plan.changes}
        allow = self.order.allow
        named = self.order.plan.changes if isinstance(allow.frozen, frozenset) else ()
        self.thawed = frozenset(
            change.live.id for change in named if change.live and allow.lets(allow.frozen, change)
        )

    @property
    def tasks(self) -> list[EditTask | Creation | Removal]:
        return [*self.edits, *self.creations, *self.removals]

    def end(
        self,
        task: Task[Tried],
        outcome: Outcome,
        why: Cause | str | None = None,
        *,
        post_id: str | None = None,
        payload: Mapping[str, Json] | None = None,
    ) -> None:
        reason = why if isinstance(why, Cause) else Cause(why or "")
        self.results[task.index] = Result(task.change, outcome, reason, post_id, payload)

    def heard_of(self, copy: Copy) -> Cause:
        """Why it may not have come: what Publer said of posts of its job and account."""
        others = self.accounts.keys() - {copy.account}
        failures = self.unplaced.get(copy.job_id or "", ())
        return Cause.refused(failure for failure in failures if failure.account_id not in others)

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What Publer said that no result has."""
        told = {line for result in self.results.values() for line in result.why.publer_said.splitlines()}
        left = [failure for failures in self.unplaced.values() for failure in failures]
        found = [Remark(one.message, self.accounts.get(one.account_id or "")) for one in left]
        return tuple(dict.fromkeys(remark for remark in found if remark.publer_said not in told))

    def open(self, task: Task[Tried]) -> bool:
        return task.index not in self.results

    def follows(self, task: Task[Tried]) -> bool:
        """Whether another post has to lose the words that this one gets, and has not yet."""
        first = task.behind
        return (
            first is not None and self.open(first) and not (isinstance(first, Creation) and first.old is None)
        )

    def give_up_followers(self) -> bool:
        """End what waits for the words of a post that keeps them after all. Returns whether there was any."""
        given_up = False
        while sum(map(self._give_up, (*self.edits, *self.creations))):
            given_up = True  # again: what waits for this one may stand before it
        return given_up

    def _give_up(self, task: Task[Any]) -> bool:
        first = task.behind
        if first is None or not self.open(task) or self.open(first):
            return False
        result = self.results[first.index]
        if result.outcome in DONE and not (result.page or result.asks or result.leaves):
            return False
        name = f'the post "{result.change.id}"' if result.change.id else "another post"
        why = f"{name} still says this in Publer, or may: its own change comes first, and was not done"
        self.end(task, Outcome.NOT_TRIED, why)
        return True

    def go_on(self) -> None:
        """Raise Interrupted where somebody asked to stop, or FirstContactError; called where nothing is half done."""
        self.contact.raise_error()
        if self.means.stop():
            raise Interrupted("stopped, as asked")

    def list_again(self, tasks: Sequence[Task[Tried]] | None = None, *, everything: bool = False) -> Listing:
        """List the days of these tasks once, by default of all of the run's; with `everything` from two days ago on.

        That proves what is there. Where a post is not there any more, it may have been published early, or moved to any other
        day or account: then as much is listed as for the plan.
        """
        chosen = self.tasks if tasks is None else tasks
        on, days = {task.account for task in chosen}, self._days(chosen)
        accounts = on | {post.account_id for post in self._still_listed(chosen)}
        today, whole = self.means.clock.now().date(), everything or self.page.short
        since = min(today - BACK, days[0])
        spans = [(since, days[-1] + DAY)] if whole else self._spans(days, accounts)
        live = self._list(chosen, accounts, spans)
        if live.short and not whole:
            whole, spans = True, [(since, days[-1] + DAY)]
            live = self._list(chosen, accounts, spans)
        if astray := self._astray(chosen, live):
            whole, accounts = True, {*accounts, *self.means.accounts}
            spans = [(since, max(days[-1] + DAY, today + HORIZON))]
            live = self._list(chosen, accounts, spans, undated=True)
            gone = astray - {post.id for post in live}
            self.page.gone |= gone if not live.short else frozenset()
            self.page.posts = {key: post for key, post in self.page.posts.items() if key not in gone}
        if whole and tasks is None:
            # Accounts without tasks keep what was listed for the plan.
            self.page.posts = {
                key: post for key, post in self.page.posts.items() if post.account_id not in on
            }
        self.page.drop(accounts, spans)
        self.page.posts |= {post.id: post for post in live}
        self.page.short = live.short > 0
        self.page.tasks = None if tasks is None else frozenset(task.index for task in tasks)
        waited, self.page.listed_at = self.means.publer.waited, self.means.clock.now()
        self.page.lasts = AFTER_WAIT if waited > self.page.waited else PAGE_LASTS
        self.page.waited = waited
        return live

    def _days(self, tasks: Sequence[Task[Tried]]) -> list[date]:
        """Those on which their posts are and will be, in order; without any, today."""
        times = [task.at for task in tasks]
        times += [copy.minute for copy in self._standing_in(tasks)]
        times += [task.change.live.at for task in tasks if task.change.live and task.change.live.at]
        times += [post.at for post in self._still_listed(tasks) if post.at]
        return sorted({at.date() for at in times} or {self.means.clock.now().date()})

    def _standing_in(self, tasks: Sequence[Task[Tried]]) -> Iterator[Copy]:
        """The other copies of posts whose old copy is to be removed: it stays if none of them is left in Publer."""
        going = {
            task.change.copy.entry
            for task in tasks
            if isinstance(task.change, Delete) and task.change.leftover and not task.change.twice
        }
        if going:
            copies = self.state.copies.values()
            yield from (copy for copy in copies if copy.entry in going and copy.end is None)

    def _spans(self, days: Sequence[date], accounts: Collection[str]) -> list[tuple[date, date]]:
        """The days in spans. A span goes on where listing what is between takes no more than the one request of a new span."""
        least = self.order.plan.inventory.page or 100
        posts = sorted(
            post.at.date() for post in self.page.posts.values() if post.at and post.account_id in accounts
        )
        spans = [(days[0], days[0])]
        for day in days[1:]:
            since, until = spans[-1]
            between = bisect_left(posts, day) - bisect_right(posts, until)
            spans[-1:] = [(since, day)] if between <= least else [(since, until), (day, day)]
        return spans

    def _list(
        self,
        tasks: Sequence[Task[Tried]],
        on: Collection[str],
        spans: Sequence[tuple[date, date]],
        *,
        undated: bool = False,
    ) -> Listing:
        accounts, publer = sorted(on), self.means.publer
        found = [publer.posts(since=since, until=until, account_ids=accounts) for since, until in spans]
        planned = (task.change.live for task in tasks if task.change.live is not None)
        if undated or any(post.at is None for post in (*planned, *self._still_listed(tasks))):
            found.append(publer.undated_drafts(account_ids=accounts))
        return found[0] if len(found) == 1 else joined_listings(*found)

    def _known(self, tasks: Sequence[Task[Tried]]) -> frozenset[str]:
        """The ids of their posts in Publer: what is there, what was created, and the other copies of a post whose old copy is to be removed."""
        known = {task.change.live.id for task in tasks if task.change.live is not None}
        known |= {task.made.post_id or "" for task in tasks if isinstance(task, Creation) and task.made}
        return frozenset(known | {copy.post_id or "" for copy in self._standing_in(tasks)})

    def _still_listed(self, tasks: Sequence[Task[Tried]]) -> list[LivePost]:
        """Their posts as last listed: someone may have moved them since the plan."""
        return [self.page.posts[post_id] for post_id in self._known(tasks) if post_id in self.page.posts]

    def _astray(self, tasks: Sequence[Task[Tried]], live: Listing) -> frozenset[str]:
        """The ids of their posts that were listed before, that this run did not remove, and that are not listed where they were."""
        removed = {post.id for post in self.removed.values()}
        there = self._known(tasks) & (self.page.posts.keys() | self.page.before)
        return there - removed - self.page.gone - {post.id for post in live}

    @property
    def page_is_old(self) -> bool:
        """Whether the listing is too old to tell what may be written."""
        return self.means.clock.now() - self.page.listed_at > self.page.lasts

    def by_fresh_page(self, tasks: Sequence[T]) -> Sequence[T]:
        """Those that a page covers that is not old, so that they may be written; if there are none, the soonest are listed again."""
        fresh = [] if self.page_is_old else [task for task in tasks if self.page.tells_of(task)]
        if fresh or not tasks:
            return fresh
        tasks = self.reach(tasks)
        self.list_again(tasks)
        return tasks

    def reach(self, tasks: Sequence[T]) -> Sequence[T]:
        """As many of them, in order of time, as `LOOKS` requests can list."""
        most = LOOKS * (self.order.plan.inventory.page or 100)
        ordered = sorted(tasks, key=lambda task: soonest(task.change))
        accounts = {task.account for task in ordered}
        days = Counter(
            post.at.date() for post in self.page.posts.values() if post.at and post.account_id in accounts
        )
        first = soonest(ordered[0].change).date()
        reach: list[T] = []
        for task in ordered:
            day = max(task.at, soonest(task.change)).date()
            page = sum(number for each, number in days.items() if first <= each <= day)
            if reach and page > most:
                break
            reach.append(task)
        return reach

    def freeze_of(self, live: LivePost) -> Cause | None:
        """Why a post may not be changed any more: its time has come, or comes too soon."""
        if live.at is None or live.family is not Family.SCHEDULED:
            return None
        left = live.at - self.means.clock.now()
        if left <= timedelta(0):
            return Cause("the time of the post in Publer has come")
        if left > self.order.freeze or self.order.allow.frozen is True or live.id in self.thawed:
            return None
        minutes = round(self.order.freeze.total_seconds() / 60)
        return Cause(f"the post in Publer publishes within {minutes} minutes")

    def late(self, at: datetime) -> Cause | None:
        """Why a new post can no longer be sent for this time."""
        if at - self.means.clock.now() >= TOO_LATE:
            return None
        return Cause(
            "its time came too close while waiting: Publer schedules nothing less than a minute ahead"
        )

    # --- writing: first to the ledger, then to Publer ---------------------------------------------------------------

    def note(self) -> None:
        """Save the intents of the writes that come next. What could not be saved does not leave before a later `note`.

        Raises StateError where the state cannot be written, or writing it takes too long several times in a row.
        """
        clock, noting = self.means.clock, self.noting
        started, since, noting.noted = clock.now(), clock.monotonic(), False
        try:
            self.means.save(self.state, within=BUSY.total_seconds())
        except BusyStateError:
            noting.busy += clock.monotonic() - since
            if noting.busy >= self.means.timeout or self.means.stop():
                raise
            return
        noting.noted, noting.busy = True, 0.0
        noting.slow_saves = noting.slow_saves + 1 if clock.now() - started > FRESH else 0
        if noting.slow_saves >= SLOW_SAVES:
            raise StateError(
                f"saving the state took more than {FRESH.seconds} seconds, {SLOW_SAVES} times in a row",
                code="state.slow",
                hint="Nothing more was sent. Check the connection to the state's place, then run apply again.",
            )

    @contextmanager
    def promptly(self, intended: datetime) -> Iterator[None]:
        """Let writes leave only once noted, and soon after `intended`; otherwise IntentTooOldError is raised.

        A write may have waited longer for the request limit, say.
        """

        def check() -> None:
            self.means.guard()
            if not self.noting.noted or self.means.clock.now() - intended > FRESH:
                raise IntentTooOldError
            self.sent = True

        self.means.publer.before_write = check
        try:
            yield
        finally:
            self.means.publer.before_write = self.means.guard


def standing(live: LivePost, *, draft: bool) -> tuple[Outcome, str | None]:
    """Whether a post is listed in the wanted family of states, and what to say where it is not quite."""
    if live.state == "scheduled_pending":
        return Outcome.WAITING, "it waits in Publer for someone's approval"
    wanted = Family.DRAFT if draft else Family.SCHEDULED
    if live.family is Family.PUBLISHED and not draft:
        return Outcome.APPLIED, None
    if live.family is Family.DRAFT and not draft:
        return (
            Outcome.FAILED,
            "Publer lists it as a draft, which is not published until somebody schedules it there",
        )
    if live.family is not wanted or live.state in TROUBLE:
        return Outcome.FAILED, f"Publer lists it, but in another state: {live.state}"
    return Outcome.APPLIED, None
