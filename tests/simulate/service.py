"""Publer in a simulated world: the sandbox's own rules, called directly, and a trace of every post that there ever was."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from publer_sync.sandbox.database import Database
from publer_sync.sandbox.exchange import USER, Context
from publer_sync.sandbox.library import new_media
from publer_sync.sandbox.publishing import publish
from publer_sync.sandbox.records import Stored
from publer_sync.sandbox.routing import Service
from publer_sync.sandbox.sandbox import COLLEAGUE
from tests.simulate.wants import ACCOUNTS, ALIASES, PICTURES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from publer_sync.sandbox.exchange import Request, Response
    from publer_sync.sandbox.faults import Faults
    from publer_sync.sandbox.search import Search
    from tests.simulate.clock import JumpingClock

WORKSPACE = "5f000000000000000000beef"
US, COLLEAGUES = "publer-sync", "a colleague"


@dataclass(slots=True)
class Trace:
    """A post in Publer from its first moment to its last, whatever ids it had.

    `entry` is the entry of the calendar that it was made for, or that adopted it; None for a colleague's own. `sent` is when
    the request that made it left, in seconds of the clock. `edited`, `shown` and `touched` are moments of the world, which
    count up: of a colleague's last edit that nobody has decided on, of the last answer that showed it, of a colleague's last touch.
    """

    number: int
    maker: str
    stored: Stored
    made: float
    sent: float
    entry: int | None = None
    was: int | None = None
    """The entry of a post that a colleague changed before any state had it: it may be taken for ours all the same."""
    blind: bool = False
    """Whether an apply adopted it and said that Publer does not show all of it."""
    gone: bool = False
    removed_by: str | None = None
    published: float | None = None
    """When it was published, in seconds of the clock."""
    planned: datetime | None = None
    """The time that it was scheduled for, once it is published."""
    edited: int = 0
    shown: int = 0
    touched: int = 0
    touched_at: float = -1.0
    """When that was, in seconds of the clock."""
    undeletable: bool = False
    hands: set[str] = field(default_factory=set)
    """What colleagues did to it."""
    by_hand: str | None = None
    """The words that a colleague gave it last."""
    by_us: str | None = None
    """The words that a command gave it last."""

    @property
    def account(self) -> str:
        return ALIASES.get(self.stored.account_id or "", "?")

    @property
    def at(self) -> datetime | None:
        return self.stored.at

    @property
    def slot(self) -> tuple[str, datetime | None]:
        return self.account, self.stored.at

    @property
    def text(self) -> str:
        return str(self.stored.body.get("text") or "")

    @property
    def alive(self) -> bool:
        """Whether it is in Publer and not published."""
        return not self.gone and self.published is None and self.stored.family in {"scheduled", "draft"}

    @property
    def ahead(self) -> bool:
        """Whether it is going to be published by itself."""
        return self.alive and self.stored.family == "scheduled"


class Posts(Database):
    """The sandbox's database, in memory; each post in it carries the number of its trace."""

    def __init__(self, clock: JumpingClock, origin: Callable[[Stored], tuple[int | None, float]]) -> None:
        super().__init__(None)
        self._clock, self._origin = clock, origin
        self.traces: dict[int, Trace] = {}
        self.found: list[int] = []
        """The numbers of the posts that the last list showed."""
        self.tardy: dict[str, float] = {}
        """By account, the seconds after which lists show the next post of ours, later than its siblings."""

    def save_posts(self, posts: Iterable[Stored]) -> None:
        posts = [self._traced(post) for post in posts]
        super().save_posts(posts)

    def remove_posts(self, ids: Iterable[str]) -> None:
        ids = [*ids]
        for trace in self.traces.values():
            if trace.stored.id in ids:
                trace.gone = True
        super().remove_posts(ids)

    def search(self, search: Search, *, limit: int, offset: int) -> tuple[list[Stored], int]:
        found = super().search(search, limit=limit, offset=offset)
        self.found = [post.body["number"] for post in found[0]]
        return found

    def _traced(self, post: Stored) -> Stored:
        now = self._clock.monotonic()
        number = post.body.get("number")
        if number is None:
            number = len(self.traces) + 1
            post = replace(post, body={**post.body, "number": number})
            maker = US if post.body.get("user") == USER else COLLEAGUES
            entry, sent = self._origin(post) if maker == US else (None, now)
            if maker == US and (seconds := self.tardy.pop(post.account_id or "", 0.0)):
                post = replace(post, visible=post.visible + seconds)
            words = str(post.body.get("text") or "") if maker == US else None
            self.traces[number] = Trace(number, maker, post, now, sent, entry, by_us=words)
        trace = self.traces[number]
        if post.family == "published" and trace.published is None:
            trace.published, trace.planned = now, trace.stored.at
        trace.stored, trace.gone = post, False
        return post


class SimulatedService:
    """The service and its clock. `origin` names the entry that a post was made for, and when its request left."""

    def __init__(
        self,
        clock: JumpingClock,
        faults: Faults,
        poll_seconds: float,
        origin: Callable[[Stored], tuple[int | None, float]],
    ) -> None:
        self.clock, self.faults = clock, faults
        self.bugs: list[BaseException] = []
        self.posts = Posts(clock, origin)
        self._made = 0
        self._ids = {alias: account.id for alias, account in ACCOUNTS.items()}
        self._context = Context(self.posts, faults, clock.now, poll_seconds, clock.unix, self._new_id)
        self._service = Service(self._context, self.bugs)
        with self.posts.transaction():
            self.posts.add_workspace(WORKSPACE, "My Primary Workspace")
            for account in ACCOUNTS.values():
                self.posts.add_account(
                    WORKSPACE, {"id": account.id, "provider": account.provider, "name": account.name}
                )
            for each in PICTURES:
                media = new_media(
                    f"{each[-2:]}.png",
                    path=f"https://cdn.publer.example/{each}.png",
                    size=1,
                    new_id=partial(str, each),
                )
                self.posts.add_media(WORKSPACE, media)

    @property
    def traces(self) -> list[Trace]:
        return [*self.posts.traces.values()]

    def answer(self, request: Request) -> Response:
        return self._service.answer(request)

    @contextmanager
    def slow_jobs(self, polls: float) -> Iterator[None]:
        """Jobs that are queued inside take so many polls."""
        before, self.faults.job_delay = self.faults.job_delay, polls
        try:
            yield
        finally:
            self.faults.job_delay = before

    def tick(self) -> None:
        """Do what is due."""
        self._service.tick()

    def close(self) -> None:
        self.posts.close()

    def _new_id(self) -> str:
        self._made += 1
        return f"{self._made:020x}beef"

    # --- what colleagues do in Publer's own screens ---------------------------------------------------------------------

    def add(
        self, account: str, at: datetime, text: str, *, state: str = "scheduled", media: int = 0
    ) -> Trace:
        """Make a post; lists show it at once."""
        library = self.posts.media(WORKSPACE)
        shown = [library[each] for each in PICTURES[:media]]
        body: dict[str, Any] = {
            "text": text,
            "title": None,
            "type": "photo" if media else "status",
            "url": None,
            "media": [{"id": each["id"], "path": each["path"], "type": each["type"]} for each in shown],
            "network": account,
            "user": COLLEAGUE,
            "created_at": self.clock.now().isoformat(),
        }
        post = Stored(
            id=self._new_id(),
            workspace=WORKSPACE,
            account_id=self._ids[account],
            state=state,
            at=at.astimezone(UTC),
            visible=0.0,
            body=body,
        )
        with self.posts.transaction():
            self.posts.save_posts([post])
        return self.posts.traces[max(self.posts.traces)]

    def edit(self, trace: Trace, **fields: Any) -> None:
        """Change `at`, `state` or any field of the body."""
        post = trace.stored
        trace.by_hand = fields.get("text", trace.by_hand)
        for name in ("state", "at"):
            if name in fields:
                post = replace(post, **{name: fields.pop(name)})
        with self.posts.transaction():
            self.posts.save_posts([replace(post, body={**post.body, **fields})])

    def remove(self, trace: Trace) -> None:
        with self.posts.transaction():
            self.posts.remove_posts([trace.stored.id])
        trace.removed_by = COLLEAGUES

    def name_workspace(self, name: str) -> None:
        with self.posts.transaction():
            self.posts.add_workspace(WORKSPACE, name)

    def reconnect(self, account: str, new: str) -> None:
        """The account goes, and comes with another id. Its posts are listed as before."""
        old, self._ids[account] = self._ids[account], new
        with self.posts.transaction():
            (known,) = (each for each in self.posts.accounts(WORKSPACE) if each["id"] == old)
            self.posts.remove_account(old)
            self.posts.add_account(WORKSPACE, {**known, "id": new})

    def publish_now(self, trace: Trace) -> None:
        """A colleague presses "publish now"."""
        lag, self.faults.publish_lag = self.faults.publish_lag, timedelta(0)
        now = self.clock.now().replace(second=0, microsecond=0)
        try:
            with self.posts.transaction():
                publish(self._context, replace(trace.stored, at=now))
        finally:
            self.faults.publish_lag = lag
