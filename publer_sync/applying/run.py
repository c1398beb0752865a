"""What every step of an apply shares: the gateway, the ledger and how it is saved, the clock, the results so far.

The steps themselves: `applier` tells the story, `updating`, `making` and `removing` do their part of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from publer_sync.applying.report import Cause, Outcome, Remark, Result
from publer_sync.errors import Interrupted, ServiceError, UnrequestedDelete
from publer_sync.model import Account, Failure, Family, Job, Listing, LivePost, Post
from publer_sync.planning.plan import Block, Change, Doable, Plan, Recreate, intent
from publer_sync.planning.survey import BACK

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from publer_sync.applying.tasks import Creation, Edit, Removal, Task
    from publer_sync.clock import Clock, Deadline
    from publer_sync.content import Json
    from publer_sync.ledger.state import Record, State

DELETES = 20
"""Ids in one DELETE: no maximum is documented, and a URL must stay short."""
TOO_LATE = timedelta(minutes=1)
"""Publer refuses what is nearer than this when its job runs ("Manual Scheduling")."""


class Gateway(Protocol):
    """What an apply asks of Publer. `requests` counts."""

    requests: int

    def deadline(self, seconds: float) -> Deadline: ...

    def posts(
        self, *, since: date, until: date, account_ids: Sequence[str] = ..., states: Sequence[str] = ...
    ) -> Listing: ...

    def undated_drafts(self, *, account_ids: Sequence[str] = ...) -> Listing: ...

    def job(self, job_id: str, *, deadline: Deadline | None = None) -> Job: ...

    def schedule(self, items: Sequence[Mapping[str, Json]], *, draft: bool) -> str | None: ...

    def update(self, post_id: str, *, text: str, title: str | None) -> LivePost: ...

    def delete(self, post_ids: Sequence[str]) -> frozenset[str]: ...

    def media(self, media_ids: Sequence[str]) -> Mapping[str, Mapping[str, Json]]: ...

    def upload(
        self, path: Path, *, direct: bool, progress: Callable[[int, int], None]
    ) -> Mapping[str, Json]: ...

    def import_url(self, url: str, *, name: str, direct: bool) -> str: ...


@dataclass(frozen=True, slots=True)
class Allow:
    """The options of apply that let something through. They decide what is tried, never what is planned.

    `deletes` is how many posts may be removed past the safety limit.
    """

    deletes: int | None = None
    recreate: bool = False
    frozen: bool = False
    twins: bool = False
    edits: bool = False

    def __or__(self, other: Allow) -> Allow:
        deletes = [number for number in (self.deletes, other.deletes) if number is not None]
        flags = {name: getattr(self, name) or getattr(other, name) for name in FLAGS.values()}
        return Allow(max(deletes, default=None), **flags)

    @property
    def options(self) -> frozenset[str]:
        """The flags that are set, as options of apply."""
        return frozenset(option for option, name in FLAGS.items() if getattr(self, name))

    def passes(self, change: Change) -> bool:
        return self.attempt(change) is not None

    def attempt(self, change: Change) -> Doable | None:
        """What apply tries of this change: of a blocked one what it would be, where the options let it through."""
        passable = {Block.FREEZE: self.frozen, Block.TWIN: self.twins, Block.EDITED: self.edits}
        if not all(passable.get(block, False) for block in change.blocks):
            return None
        wanted = intent(change)
        if not isinstance(wanted, Doable) or (isinstance(wanted, Recreate) and not self.recreate):
            return None
        return wanted


FLAGS = {
    "--allow-recreate": "recreate",
    "--allow-frozen": "frozen",
    "--allow-twins": "twins",
    "--overwrite-edits": "edits",
}
"""The options of apply that are either set or not, each with its field of Allow."""


def _quiet(_word: str, _text: str) -> None:
    pass


@dataclass(slots=True)
class Run:
    """`save` makes the ledger durable, or raises StateError. `stop` says whether somebody asked to stop."""

    publer: Gateway
    save: Callable[[State], None]
    state: State
    plan: Plan
    clock: Clock
    poll_seconds: float
    freeze: timedelta
    allow: Allow = field(default_factory=Allow)
    timeout: float = 300.0
    """Seconds that jobs may take, without the waits for the request limit."""
    progress: Callable[[str, str], None] = _quiet
    stop: Callable[[], bool] = lambda: False
    excuse: Sequence[Post] = ()
    """Posts that were past already when publer-sync saw the calendar for the first time."""
    whole: bool = True
    """Whether the plan is all there is, and not what filters or an incomplete listing left of it."""
    listed: dict[str, LivePost] = field(default_factory=dict)
    """Every post of the accounts concerned, as last listed."""
    before: frozenset[str] = frozenset()
    """Ids of what was listed when the plan was made."""
    results: dict[int, Result] = field(default_factory=dict)
    """By the index of the change in the plan."""
    edits: list[Edit] = field(default_factory=list)
    creations: list[Creation] = field(default_factory=list)
    removals: list[Removal] = field(default_factory=list)
    refusals: dict[int, Cause] = field(default_factory=dict)
    """Why a new post did not come, by the key of its record."""
    unplaced: dict[str, tuple[Failure, ...]] = field(default_factory=dict)
    """What Publer said of a job's posts without saying, or without its being clear, which; by the job's id."""
    library_asked: bool = False
    """Whether Publer was asked which of the media that the ledger knows are still there."""
    brought: set[str] = field(default_factory=set)
    """Media that came to Publer in this run, by the reference the content uses."""
    not_uploaded: dict[str, Exception] = field(default_factory=dict)
    """Why a piece of media did not come to Publer, by the reference the content uses."""
    fetching: str = ""
    """The address that Publer may still be fetching."""

    accounts: dict[str, Account] = field(init=False)

    def __post_init__(self) -> None:
        self.accounts = {change.account.id: change.account for change in self.plan.changes}

    @property
    def tasks(self) -> list[Edit | Creation | Removal]:
        return [*self.edits, *self.creations, *self.removals]

    def end(
        self,
        task: Task[Doable],
        outcome: Outcome,
        why: Cause | str | None = None,
        *,
        post_id: str | None = None,
        payload: Mapping[str, Json] | None = None,
    ) -> None:
        reason = why if isinstance(why, Cause) else Cause(why or "")
        self.results[task.index] = Result(
            task.change,
            outcome,
            reason.message or None,
            post_id,
            reason.hint,
            payload,
            reason.publer_said,
        )

    def heard_of(self, record: Record) -> Cause:
        """Why it may not have come: what Publer said of posts of its job and account."""
        others = self.accounts.keys() - {record.account}
        failures = self.unplaced.get(record.job_id or "", ())
        return Cause.refused(failure for failure in failures if failure.account_id not in others)

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What Publer said that no result has."""
        told = {line for result in self.results.values() for line in result.publer_said.splitlines()}
        left = [failure for failures in self.unplaced.values() for failure in failures]
        found = [Remark(one.message, self.accounts.get(one.account_id or "")) for one in left]
        return tuple(dict.fromkeys(remark for remark in found if remark.publer_said not in told))

    def open(self, task: Task[Doable]) -> bool:
        return task.index not in self.results

    def go_on(self) -> None:
        """Raise Interrupted where somebody asked to stop; called where nothing is half done."""
        if self.stop():
            raise Interrupted("stopped, as asked")

    def look(self) -> Listing:
        """List everything that the tasks concern, once."""
        now = self.clock.now()
        times = [now, *(task.at for task in self.tasks)]
        times += [task.change.live.at for task in self.tasks if task.change.live and task.change.live.at]
        live = self.publer.posts(
            since=min(now - BACK, *times).date(),
            until=(max(times) + timedelta(days=1)).date(),
            account_ids=sorted({task.account for task in self.tasks}),
        )
        self.listed = {post.id: post for post in live}
        return live

    def frozen(self, task: Task[Doable], old: LivePost) -> bool:
        """Judge the freeze again before `old` is changed; where it is frozen, the task gets its result."""
        if self.allow.frozen or old.at is None or old.family is not Family.SCHEDULED:
            return False
        if old.at - self.clock.now() > self.freeze:
            return False
        minutes = round(self.freeze.total_seconds() / 60)
        self.end(task, Outcome.NOT_TRIED, f"the post in Publer publishes within {minutes} minutes")
        return True

    def delete(self, post_ids: Sequence[str]) -> dict[str, Cause]:
        """Delete, and tell why what is not gone is not. Never asks twice: a listing decides.

        Raises UnrequestedDelete, which ends the run.
        """
        gone: set[str] = set()
        reasons: dict[str, Cause] = {}
        for start in range(0, len(post_ids), DELETES):
            chunk = post_ids[start : start + DELETES]
            try:
                gone |= self.publer.delete(chunk)
            except UnrequestedDelete:
                raise
            except ServiceError as error:
                reasons |= dict.fromkeys(chunk, Cause.of(error))
        left = [post_id for post_id in post_ids if post_id not in gone]
        if left:
            if not self.look().short:
                gone |= {post_id for post_id in left if post_id not in self.listed}
        else:
            for post_id in post_ids:
                self.listed.pop(post_id, None)
        nothing = Cause("Publer did not remove it and gave no reason")
        return {post_id: reasons.get(post_id, nothing) for post_id in left if post_id not in gone}


def standing(live: LivePost, *, draft: bool) -> tuple[Outcome, str | None]:
    """Whether a post is listed in the wanted family of states, and what to say where it is not quite."""
    if live.state == "scheduled_pending":
        return Outcome.WAITING, "it waits in Publer for somebody's approval"
    wanted = Family.DRAFT if draft else Family.SCHEDULED
    if live.family is Family.PUBLISHED and not draft:
        return Outcome.APPLIED, None
    if live.family is not wanted or live.state in (
        "scheduled_declined",
        "scheduled_reauth",
        "scheduled_locked",
    ):
        return Outcome.FAILED, f"Publer has it, in another state than wanted: {live.state}"
    return Outcome.APPLIED, None
