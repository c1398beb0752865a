"""An apply in memory, for rules that need no Publer: what a page shows, what the ledger has, and a clock that stands still."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from publer_sync.applying.run import ListedPage, Means, Order, Run
from publer_sync.applying.tasks import Creation, Old
from publer_sync.ledger.contact import Kind
from publer_sync.machine.clock import Clock, Deadline
from publer_sync.planning.contact import Doubt
from publer_sync.planning.plan import Action, FieldChange
from publer_sync.values.model import MINUTE, Listing
from tests.builders import LATER, NOW, SOON, change, copy_of, ledger, plan, shown, wanted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from publer_sync.ledger.copies import Copy
    from publer_sync.ledger.state import State
    from publer_sync.planning.plan import Change
    from publer_sync.publer.gateway import Publer
    from publer_sync.values.content import Json
    from publer_sync.values.errors import ServiceError
    from publer_sync.values.model import LivePost

FREEZE = 15 * MINUTE
OURS, OTHER = copy_of(wanted(SOON)), copy_of(wanted(LATER), 2, post_id="p-2")


class Still(Clock):
    def now(self) -> datetime:
        return NOW


class FakePubler:
    """Lists these posts without those that it removed, and refuses to remove `stays`. `media` are answers by id."""

    requests, waited, before_write = 0, 0.0, None

    def __init__(
        self,
        *live: LivePost,
        short: int = 0,
        stays: Iterable[str] = (),
        media: Mapping[str, Mapping[str, Json]] | None = None,
        error: ServiceError | None = None,
    ) -> None:
        self.live, self.short, self.stays = {post.id: post for post in live}, short, {*stays}
        self.library, self.error = dict(media or {}), error
        self.asked: list[Any] = []

    def posts(self, **_: Any) -> Listing:
        return Listing(tuple(self.live.values()), self.short)

    def undated_drafts(self, **_: Any) -> Listing:
        return Listing(())

    def delete(self, ids: Sequence[str]) -> frozenset[str]:
        self.asked += ids
        gone = frozenset(ids) - self.stays
        self.live = {key: post for key, post in self.live.items() if key not in gone}
        return gone

    def deadline(self, _: float) -> Deadline:
        """After one look, all time is up."""
        return Deadline(Still(), 0.0, float)

    def media(self, ids: Sequence[str]) -> dict[str, Mapping[str, Json]]:
        self.asked.append(tuple(ids))
        if self.error is not None:
            raise self.error
        return {key: answer for key, answer in self.library.items() if key in ids}

    def upload(self, path: Path, *, digest: str, direct: bool, progress: object) -> dict[str, Json]:
        self.asked.append((path.name, direct))
        if self.error is not None:
            raise self.error
        return {"id": f"id-{path.name}", "type": "photo", "path": f"https://cdn.example.com/{path.name}"}


class Asked(FakePubler):
    """Keeps which days it was asked for, and lists what is on them."""

    def __init__(self, *live: LivePost, **more: Any) -> None:
        super().__init__(*live, **more)
        self.days: list[tuple[int, int]] = []
        """How far from today, the first and the last."""
        self.drafts = 0
        """How often for the drafts without a time."""

    def posts(self, **which: Any) -> Listing:
        since, until = which["since"], which["until"]
        self.days.append(((since - NOW.date()).days, (until - NOW.date()).days))
        there = [post for post in self.live.values() if post.at and since <= post.at.date() <= until]
        return Listing(tuple(there), self.short)

    def undated_drafts(self, **_: Any) -> Listing:
        self.drafts += 1
        return Listing(tuple(post for post in self.live.values() if post.at is None))


def run_at(
    live: Iterable[LivePost] = (),
    state: State | None = None,
    *,
    before: Iterable[LivePost] = (),
    changes: Iterable[Change] = (),
    short: bool = False,
    publer: FakePubler | None = None,
    **order: Any,
) -> Run:
    """At NOW, with a page that shows these posts; `before` is what was listed for the plan."""
    page = ListedPage({post.id: post for post in before}, NOW)
    page.posts, page.short = {post.id: post for post in live}, short
    means = Means(cast("Publer", publer), lambda _, within=0: None, Still(), poll_seconds=0.0)
    return Run(means, Order(plan(changes), freeze=FREEZE, **order), state or ledger(), page)


def doubt(kind: Kind = Kind.CREATE, calendar: str = "", key: int = 1) -> Doubt:
    """A write that Publer did not keep as it was sent."""
    return Doubt(kind, copy_of(wanted(SOON), key), "twitter", (FieldChange("text", "a", "b"),), calendar)


def replaced(*live: LivePost, publer: FakePubler | None = None, **task: Any) -> tuple[Run, Creation, Copy]:
    """A move that was sent, and what a list shows of the old post and the new one."""
    old, new = wanted(SOON, id="one"), wanted(LATER, id="one")
    move = change(Action.REPLACE, new, live=shown(SOON), copy=copy_of(old))
    made = copy_of(new, 2, post_id="p-2", entry=1)
    run = run_at(live, ledger(copy_of(old), made), changes=[move], publer=publer or FakePubler(*live))
    creation = Creation(0, move, **{"old": Old(1, shown(SOON)), "made": made, **task})
    run.creations.append(creation)
    return run, creation, made
