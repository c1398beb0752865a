"""Reading from Publer: the workspaces, and from one of them its accounts and all of its posts, whatever its pages are like.

A `PublerReader` sends GET alone: the connection it holds has no other method.
"""

from __future__ import annotations

import copy
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, Self, TypeVar
from urllib.parse import quote, urlencode, urlsplit

from publer_sync import __version__
from publer_sync.machine.clock import growing_waits
from publer_sync.publer import jobs, listed
from publer_sync.publer.paging import MAX_PAGES, PageSize, ReadPages, read_pages
from publer_sync.publer.sending import PATIENCE, TRIES, Sender
from publer_sync.publer.spans import LEAST_DAYS, Spans, read_in_parts
from publer_sync.starting.late_dataclasses import replace
from publer_sync.values.errors import Refused
from publer_sync.values.model import Job, JobStatus, Listing, joined_listings
from publer_sync.values.service import fits_address

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from publer_sync.machine.clock import Clock, Deadline
    from publer_sync.publer.listed import Page
    from publer_sync.publer.transport import GetConnection
    from publer_sync.values.content import Json
    from publer_sync.values.model import Account, Insight, LivePost, Named, Workspace

T = TypeVar("T")

READ_SECONDS = 30.0
MOST_LISTINGS = 3
"""How often to ask for a list that has fewer posts than its own total: Publer was seen to leave rows out under load."""
MEDIA_IDS = 50
"""Media looked up in one request, so that its address stays short."""
MAX_FILTER = 6000
"""Characters of a query; a longer filter by account is left to this side."""

_EVERY_MEDIUM: Final = (
    *(("types[]", kind) for kind in ("photo", "video", "gif")),
    *(("used[]", word) for word in ("true", "false")),
    ("page", "0"),
)


def _quiet(_line: str) -> None:
    """Say nothing."""


class PublerReader:
    """Reads from Publer: the workspaces, and from `in_workspace` on all else.

    Every method raises Refused where Publer says no, Unreachable where it does not answer (GETs are tried again
    first), and Interrupted where a wait was ended by `clock.wake`. `say` is told of each longer wait. `patience` is how
    many seconds one question may take, without the waits for the request limit.
    """

    def __init__(
        self,
        *,
        key: str,
        base_url: str,
        clock: Clock,
        poll_seconds: float = 2.0,
        user_agent: str | None = None,
        say: Callable[[str], None] = _quiet,
        read_seconds: float = READ_SECONDS,
        patience: float = PATIENCE,
    ) -> None:
        from publer_sync.publer.transport import is_loopback

        self._connection = self._connection_type()(
            key=key,
            base_url=base_url,
            user_agent=user_agent or f"publer-sync/{__version__}",
            read_seconds=read_seconds,
        )
        self._sender = Sender(
            host=self._connection.host,
            clock=clock,
            poll_seconds=poll_seconds,
            say=say,
            patience=patience,
            follows=not is_loopback(urlsplit(base_url).hostname or ""),
        )
        self._clock, self._poll_seconds, self._patience = clock, poll_seconds, patience
        # What is learnt is learnt for all workspaces: they share these objects.
        self._dated, self._undated, self._spans = PageSize(), PageSize(), Spans()

    @staticmethod
    def _connection_type() -> type[GetConnection]:
        from publer_sync.publer.transport import GetConnection

        return GetConnection

    @property
    def requests(self) -> int:
        """How many were sent."""
        return self._sender.requests

    @property
    def waited(self) -> float:
        """Seconds spent waiting for the request limit."""
        return self._sender.waited

    def deadline(self, seconds: float) -> Deadline:
        """So many seconds from now; the waits for the request limit do not count."""
        return self._sender.deadline(seconds)

    @property
    def requests_left(self) -> int:
        """How many more the request limit allows now."""
        return self._sender.requests_left

    @property
    def host(self) -> str:
        return self._connection.host

    @property
    def clock(self) -> Clock:
        return self._clock

    @property
    def clock_off(self) -> timedelta:
        """By how much this machine's clock was behind Publer's at the last answer. On loopback that is not judged."""
        ahead = self._sender.service_ahead if self._sender.follows else None
        return timedelta(seconds=round(ahead or 0))

    @property
    def service_ahead(self) -> float | None:
        """Seconds by which Publer's clock was ahead of this machine's at the last answer that had a date."""
        return self._sender.service_ahead

    def in_workspace(self, workspace_id: str) -> Self:
        """The same reader for one workspace. The request limit, and the count of requests, are those of all together."""
        inside = copy.copy(self)
        inside._connection = self._connection.in_workspace(workspace_id)  # noqa: SLF001 - a copy of this object
        return inside

    def workspaces(self) -> tuple[Workspace, ...]:
        """The workspaces that the key's user can see; needs no workspace to be chosen."""
        return self._sender.read(
            self._connection.get("/workspaces"), listed.workspaces, doing="to list the workspaces"
        )

    def accounts(self) -> tuple[Account, ...]:
        """The accounts of the workspace. Raises Refused for none: without its header Publer may answer with an empty list."""
        accounts = self._sender.read(
            self._connection.get("/accounts"), listed.accounts, doing="to list the accounts"
        )
        if not accounts:
            raise Refused(
                "Publer lists no accounts in this workspace",
                code="accounts.none",
                hint="Likely causes: the key's user can't see the workspace (PUBLER_WORKSPACE_ID), the key lacks the "
                "scope accounts, or no account is connected in Publer yet.",
            )
        return accounts

    def albums(self, workspace_id: str, account_ids: Sequence[str]) -> dict[str, tuple[Named, ...]]:
        """The albums of these Facebook pages and the boards of these Pinterest accounts, by account."""
        take = partial(listed.by_account, key="albums", under="media_options")
        return self._of_accounts(workspace_id, "media_options", account_ids, take)

    def signatures(self, workspace_id: str, account_ids: Sequence[str]) -> dict[str, tuple[Named, ...]]:
        take = partial(listed.by_account, key="signatures", under="signatures")
        return self._of_accounts(workspace_id, "signatures", account_ids, take)

    def _of_accounts(
        self,
        workspace_id: str,
        what: str,
        account_ids: Sequence[str],
        take: Callable[[Json], dict[str, tuple[Named, ...]]],
    ) -> dict[str, tuple[Named, ...]]:
        query = _account_filter(account_ids, "accounts[]")
        path = f"/workspaces/{quote(workspace_id, safe='')}/{what}?{query}"
        return self._sender.read(
            self._connection.get(path), take, doing=f"to list {what.replace('_', ' ')}", needed=False
        )

    def locations(self, provider: str, words: str) -> tuple[Named, ...]:
        """The places that Publer's search finds on a network."""
        path = f"/locations/{provider}?{urlencode({'q': words})}"
        return self._sender.read(
            self._connection.get(path), listed.locations, doing="to look for places", needed=False
        )

    def posts(
        self,
        *,
        since: date,
        until: date,
        account_ids: Sequence[str] = (),
        states: Sequence[str] = ("all",),
        longest: int | None = None,
    ) -> Listing:
        """The posts of some days, both included, and of a day on either side.

        Nobody knows in which zone Publer reads a day, so the caller chooses by the instants of the posts. Without both
        dates Publer shows some 15 posts and does not say that there are more. `longest` are the days that Publer is known
        to list at once: a longer span is asked for in parts, as is one that Publer refuses, or does not answer in time.
        """

        def ask(first: date, last: date) -> Listing:
            most_late = TRIES if (last - first).days < LEAST_DAYS else 2
            query = [*_states(states), *_days(first, last).items()]
            return self._listing(query, account_ids, self._dated, most_late=most_late)

        known = min((days for days in (longest, self._spans.longest) if days is not None), default=None)
        parts = read_in_parts(
            since, until, ask, longest=known, deadline=self._sender.deadline(self._patience)
        )
        self._spans.longest = known if parts.longest is None else parts.longest
        whole = parts.found[0] if len(parts.found) == 1 else joined_listings(*parts.found)
        short = whole.short + len(parts.unread)
        return replace(whole, span=parts.longest, gaps=parts.unread, short=short)

    def first_page(
        self, *, since: date, until: date, account_ids: Sequence[str], states: Sequence[str]
    ) -> tuple[LivePost, ...]:
        """The first page of what `posts` lists, in one request: some of the posts, sooner than all."""
        query = _posts_query([*_states(states), *_days(since, until).items()], account_ids)
        page = self._sender.read(
            self._connection.get(f"/posts?{query}&page=0"), listed.page, doing="to list the posts"
        )
        return tuple(post for post in page.posts if post.account_id in account_ids)

    def page(self, number: int = 0, *, states: Sequence[str], days: tuple[date, date] | None = None) -> Page:
        """One page of a list of all accounts, asked for once, as it is: for those who want to know what lists are like."""
        dates = [("from", str(days[0])), ("to", str(days[1]))] if days else []
        query = urlencode([*_states(states), *dates, ("page", str(number))])
        return self._sender.read(
            self._connection.get(f"/posts?{query}"),
            listed.page,
            doing="to list the posts",
            most=1,
        )

    def undated_drafts(self, *, account_ids: Sequence[str] = ()) -> Listing:
        """The drafts without a time, which no listing by days shows."""
        return self._listing(_states(("draft_undated",)), account_ids, self._undated)

    def repeating(self, *, account_ids: Sequence[str] = ()) -> Listing:
        """The posts that Publer publishes again and again, whatever time it shows of them: in a listing by days some are missing.

        No document says how repetitions are listed (Publer docs, "Posts").
        """
        return self._listing(_states(("recurring", "recycling")), account_ids, self._undated)

    def insights(self, account_id: str, *, since: date, until: date) -> tuple[Insight, ...]:
        """The posts of an account that were published on some days, both included, with their figures.

        Publer has none for some networks, and says so with a 404. Raises Refused where the key lacks the scope.
        """
        found: dict[str, Insight] = {}
        for number in range(MAX_PAGES):
            path = (
                f"/analytics/{account_id}/post_insights?{urlencode({**_days(since, until), 'page': number})}"
            )
            try:
                page, total = self._sender.read(
                    self._connection.get(path),
                    partial(listed.insights, account_id=account_id),
                    doing="to list figures",
                )
            except Refused as refused:
                if refused.status == 404:
                    break
                raise _without_scope(refused) from refused
            before = len(found)
            found |= {one.post.id: one for one in page}
            if len(found) == before or (total is not None and len(found) >= total):
                break
        return tuple(found.values())

    def job(self, job_id: str, *, deadline: Deadline | None = None) -> Job:
        """UNKNOWN where Publer no longer has the job (404), and for an id that can't be one."""
        if not fits_address(job_id):
            return Job(JobStatus.UNKNOWN)
        try:
            return self._sender.read(
                self._connection.get(f"/job_status/{job_id}"),
                jobs.job,
                doing="to report on a job",
                deadline=deadline,
            )
        except Refused as refused:
            if refused.status != 404:
                raise
        return Job(JobStatus.UNKNOWN)

    def media(self, media_ids: Sequence[str]) -> Mapping[str, Mapping[str, Json]]:
        """What the media library has under these ids; what it does not list is left out.

        `types` and `used` are required; `ids` overrides them (Publer docs, "List Media"), so that it finds documents too,
        for which `types` has no word.
        """
        found: dict[str, Mapping[str, Json]] = {}
        for start in range(0, len(media_ids), MEDIA_IDS):
            wanted = set(media_ids[start : start + MEDIA_IDS])
            while wanted:  # what was found is not asked for again, so that there is no second page
                query = [*(("ids[]", one) for one in sorted(wanted)), *_EVERY_MEDIUM]
                answers = self._sender.read(
                    self._connection.get(f"/media?{urlencode(query)}"),
                    jobs.media_list,
                    doing="to look up media",
                )
                new = {number: answer for answer in answers if (number := str(answer["id"])) in wanted}
                if not new:
                    break
                found |= new
                wanted -= new.keys()
        return found

    def file(self, url: str) -> bytes | None:
        """A file at an address that Publer shows, fetched without the key; None where it can't be had."""
        return self._connection.files().get(url)

    def _listing(
        self,
        query: list[tuple[str, str]],
        account_ids: Sequence[str],
        learnt: PageSize,
        *,
        most_late: int = TRIES,
    ) -> Listing:
        """List, and again where there are fewer posts than Publer itself counts; what each time showed is put together."""
        asked = _posts_query(query, account_ids)
        wanted = frozenset(account_ids)
        whole = ReadPages()
        waits = growing_waits(self._poll_seconds)
        for again in range(MOST_LISTINGS):
            if again:
                self._clock.sleep(next(waits))
            pages = read_pages(
                lambda number: self._sender.read(
                    self._connection.get(f"/posts?{asked}&page={number}"),
                    listed.page,
                    doing="to list the posts",
                    most_late=most_late,
                ),
                learnt,
            )
            # Another total is another moment: what was listed before may be gone since.
            if pages.total == whole.total:
                pages.entries = whole.entries | pages.entries
            whole = pages
            if not whole.short:
                break
        posts = (post for post in whole.entries.values() if post and _is_of(post, wanted))
        unread = tuple(post for post in whole.unread.values() if _is_of(post, wanted))
        page = whole.longest if whole.longest < len(whole.entries) else 0
        return Listing(tuple(posts), whole.short, page, unread)


def _without_scope(refused: Refused) -> Refused:
    """A refusal of figures, where it may be for want of their scope, with the fix for that."""
    if refused.code != "key.refused":
        return refused
    return Refused(
        "Publer does not show figures to this key",
        publer_said=refused.publer_said,
        code="key.scope",
        status=refused.status,
        hint="Figures take a key with the scope analytics. Scopes can't be added later: create a new key in Publer "
        "(Settings, Access & Login, API Keys), or leave out --insights.",
    )


def _is_of(post: LivePost, accounts: frozenset[str]) -> bool:
    """Whether it is one of the accounts' posts, or may be."""
    return not accounts or not post.account_id or post.account_id in accounts


def _days(since: date, until: date) -> dict[str, str]:
    """These days, and one more on either side."""
    return {"from": str(since - timedelta(days=1)), "to": str(until + timedelta(days=1))}


def _states(states: Sequence[str]) -> list[tuple[str, str]]:
    return [("state", states[0])] if len(states) == 1 else [("state[]", state) for state in states]


def _posts_query(query: list[tuple[str, str]], account_ids: Sequence[str]) -> str:
    return "&".join(filter(None, (urlencode(query), _account_filter(account_ids))))


def _account_filter(account_ids: Sequence[str], key: str = "account_ids[]") -> str:
    """Empty where it would make the address too long for the proxies on the way to Publer."""
    accounts = urlencode([(key, account_id) for account_id in account_ids])
    return accounts if len(accounts) <= MAX_FILTER else ""
