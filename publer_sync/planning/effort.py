"""What an apply takes: its requests and uploads in the order in which they leave, and the time that Publer's limit makes of that."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from functools import cache
from itertools import chain, islice, repeat
from math import ceil
from typing import TYPE_CHECKING, Final, TypeAlias, TypeGuard

from publer_sync.networks.table import ITEMS_PER_JOB
from publer_sync.planning.case import HOLDS_SLOT
from publer_sync.planning.plan import Create, Delete, Held, Recreate, Replace, Update, intent, soonest
from publer_sync.publer.pacing import RequestBudget
from publer_sync.publer.reader import MEDIA_IDS
from publer_sync.publer.uploaded import references
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.model import MINUTE, Slot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from publer_sync.planning.inventory import Inventory
    from publer_sync.planning.plan import Change, Plan
    from publer_sync.values.model import MediaSource, Post

New: TypeAlias = Create | Recreate | Replace

MANY_REQUESTS: Final = 50
"""The effort of an apply that needs more is shown beforehand."""
MOST_ROUNDS: Final = 3
"""What is left of an account then goes in one delete and one create."""
DELETES: Final = 20
"""Ids in one DELETE: no maximum is documented, and a URL must stay short."""
HELD_DELETES: Final = 50
"""The same for posts on hold: as few requests as a URL allows."""

UPLOAD_START = timedelta(seconds=5)
UPLOAD_RATE = 1_000_000
"""Bytes a second: what an ordinary line at home or in an office sends."""
IMPORT = timedelta(seconds=60)
"""For Publer to fetch a piece of media from an address."""

_POLLS = 2
"""Questions about a job until it has ended."""
_ANSWER = 0.3
"""Seconds that an ordinary answer takes."""
_POLL = 10.0
"""Seconds before each of these: Publer lists a new post after up to a minute."""


@dataclass(frozen=True, slots=True)
class Effort:
    requests: int
    seconds: float

    @property
    def big(self) -> bool:
        return self.requests > MANY_REQUESTS

    def __str__(self) -> str:
        if self.big:
            return f"{minutes(self.seconds)}: {self.requests:,} requests at Publer's limit"
        return f"about {self.requests} requests, {minutes(self.seconds)}"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of an apply, after which nothing keeps these changes from being done any more."""

    requests: int = 0
    done: Sequence[Change] = ()
    uploads: timedelta = timedelta()
    """What they take, beside their requests."""
    polls: bool = False


def minutes(seconds: float) -> str:
    """`under a minute`, `about 9 minutes` or `about 3 hours`."""
    if seconds < 60:
        return "under a minute"
    number, unit = (ceil(seconds / 60), "minute") if seconds <= 7200 else (round(seconds / 3600), "hour")
    return f"about {number} {unit}{'' if number == 1 else 's'}"


def effort_of_requests(requests: int) -> Effort:
    """The time that Publer's limit makes of so many requests in a row."""
    return Effort(requests, _in_a_row().until(requests))


def effort_of(plans: Iterable[Plan], tried: Callable[[Change], bool]) -> Effort:
    """What it takes to apply plans one after the other, of each the changes that are `tried`."""
    each = (stretches(filter(tried, plan.listed), plan.created_at, plan.inventory) for plan in plans)
    return _effort(chain.from_iterable(each))


def effort(changes: Iterable[Change], now: datetime, inventory: Inventory) -> Effort:
    return _effort(stretches(changes, now, inventory))


class _InARow:
    """When each of many requests in a row is answered: found out once, however often a progress line asks."""

    def __init__(self) -> None:
        self._coming = timed(repeat(Stretch(1)), answer=_ANSWER)
        self._answered = [0.0]

    def until(self, requests: int) -> float:
        more = max(0, requests + 1 - len(self._answered))
        self._answered += (at for _, at in islice(self._coming, more))
        return self._answered[requests]


@cache
def _in_a_row() -> _InARow:
    return _InARow()


def _effort(stretches: Iterable[Stretch]) -> Effort:
    requests, seconds = 0, 0.0
    for stretch, at in timed(stretches, answer=_ANSWER, poll=_POLL):
        requests, seconds = requests + stretch.requests, at
    return Effort(requests, seconds)


def timed(
    stretches: Iterable[Stretch], *, answer: float = 0.0, poll: float = 0.0
) -> Iterator[tuple[Stretch, float]]:
    """Each stretch, and the second at which it ends: requests wait for Publer's limit as the gateway makes them wait."""
    budget, now = RequestBudget(), 0.0
    for stretch in stretches:
        now += stretch.uploads.total_seconds() + (poll if stretch.polls else 0)
        for _ in range(stretch.requests):
            now += budget.delay(now) + answer
            budget.record(now, None)
        yield stretch, now


def stretches(changes: Iterable[Change], now: datetime, inventory: Inventory) -> Iterator[Stretch]:
    """How an apply carries out these changes, all of which it tries."""
    wanted = [intent(change) for change in changes]
    edits = [change for change in wanted if isinstance(change, Update)]
    new = [change for change in wanted if is_unmade(change)]
    half_done = [change for change in wanted if isinstance(change, Replace) and change.successor]
    held = [change for change in wanted if isinstance(change, Held) and change.live]
    removed = [change for change in wanted if isinstance(change, Delete)]
    yield Stretch(2 + inventory.pages())  # the workspaces, the accounts, and the posts
    yield from (Stretch(1) for _ in range(0, len(held), HELD_DELETES))
    for edit in edits:
        yield Stretch(1, done=[edit])
    if edits:
        yield Stretch(inventory.pages())
    yield from _deletes(half_done)
    yield from _creations(new, now, inventory)
    yield from _deletes(removed)
    if held or removed or any(isinstance(change, Replace) for change in wanted):
        yield Stretch(inventory.pages())


def is_unmade(change: Change) -> TypeGuard[New]:
    """Whether a new post still has to be created for it."""
    return isinstance(change, Create | Recreate) or (isinstance(change, Replace) and not change.successor)


def _creations(new: Sequence[New], now: datetime, inventory: Inventory) -> Iterator[Stretch]:
    """What needs no upload first, then the rest, soonest first; and round after round where posts wait for minutes."""
    depth, known, created = _rounds(new), set(inventory.media), 0
    bringing = {id(change): bool(set(references(change.post.content)) - known) for change in new}
    if asked := {source.reference for change in new for source in change.post.media} & known:
        yield Stretch(ceil(len(asked) / MEDIA_IDS))
    for batch in _batches(new, bringing, now):
        for change in batch:
            yield from _uploads(change.post, known)
            yield Stretch(done=[change] if depth[id(change)] == 1 else ())
        for number in range(1, 1 + max((depth[id(change)] for change in batch), default=0)):
            going = [change for change in batch if depth[id(change)] == number]
            yield from _round(
                going, number, [inventory.pages(created), inventory.pages(created + len(going))]
            )
            created += sum(not isinstance(change, Replace) for change in going)


def _batches(new: Sequence[New], bringing: Mapping[int, bool], now: datetime) -> Iterator[list[New]]:
    ordered = sorted(new, key=soonest)
    yield [change for change in ordered if not bringing[id(change)]]
    left = [change for change in ordered if bringing[id(change)]]
    while left:
        until = horizon(now, soonest(left[0]))
        yield [change for change in left if soonest(change) <= until]
        left = [change for change in left if soonest(change) > until]


def horizon(now: datetime, first: datetime) -> datetime:
    """Up to when, in UTC, posts are due whose uploads the one that is due first may wait for."""
    return max(first, now + 2 * (first - now))


def _round(going: Sequence[New], number: int, listings: Sequence[int]) -> Iterator[Stretch]:
    """One of a circle, where nothing has a free minute, goes in a round of its own."""
    drafts = sum(change.post.draft for change in going)
    jobs = max(1, ceil(drafts / ITEMS_PER_JOB) + ceil((len(going) - drafts) / ITEMS_PER_JOB))
    yield Stretch(jobs, done=[change for change in going if number > 1])
    for requests in (*[jobs] * _POLLS, *listings):
        yield Stretch(requests, polls=True)
    yield from _deletes([change for change in going if isinstance(change, Replace)])


def _deletes(leaving: Sequence[Replace | Delete]) -> Iterator[Stretch]:
    for start in range(0, len(leaving), DELETES):
        some = leaving[start : start + DELETES]
        yield Stretch(1, done=[one for one in some if not is_unmade(one)])


def _uploads(post: Post, known: set[str]) -> Iterator[Stretch]:
    needed = set(references(post.content)) - known
    for source in post.media:
        if source.reference in needed:
            yield Stretch(1 + _POLLS if source.url else 1, uploads=upload_time(source))
    known |= needed


def upload_time(source: MediaSource) -> timedelta:
    if source.id is not None:
        return timedelta()
    return IMPORT if source.url else UPLOAD_START + timedelta(seconds=source.size // UPLOAD_RATE)


def _rounds(new: Sequence[New]) -> dict[int, int]:
    """The round in which each goes: after that of the post that has to leave its minute first."""
    leaving: dict[Slot, list[Replace]] = defaultdict(list)
    for change in new:
        if isinstance(change, Replace) and change.live.family in HOLDS_SLOT and change.live.slot:
            leaving[change.live.slot].append(change)
    rounds = {id(change): 1 for change in new}
    for _ in range(1, MOST_ROUNDS):
        rounds |= {
            id(change): 1 + max((rounds[id(other)] for other in _before(change, leaving)), default=0)
            for change in new
        }
    return {key: min(number, MOST_ROUNDS) for key, number in rounds.items()}


def _before(change: New, leaving: dict[Slot, list[Replace]]) -> Iterator[Replace]:
    """What has to leave the minute of a new post."""
    for slot in Slot.of(change.account.id, change.at).around if not change.post.draft else ():
        for other in leaving.get(slot, ()):
            near = other.live.at is not None and abs(other.live.at - change.at) < MINUTE
            if near and other is not change:
                yield other
