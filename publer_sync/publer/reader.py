"""Reading from one Publer workspace: who is there, and all of its posts, whatever its pages are like.

A `PublerReader` sends GET alone: the connection it holds has no other method.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import urlencode

from publer_sync import __version__
from publer_sync.errors import Refused, Unreachable
from publer_sync.model import Job, JobStatus
from publer_sync.publer import jobs, listed
from publer_sync.publer.sending import Sender
from publer_sync.service import fits_address

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from publer_sync.clock import Clock
    from publer_sync.content import Json
    from publer_sync.model import Account, LivePost, Workspace
    from publer_sync.publer.transport import GetConnection

T = TypeVar("T")

READ_SECONDS = 30.0
MAX_PAGES = 2000
MAX_FILTER = 6000
"""Characters of a query; a longer filter by account is left to this side."""

_EVERY_MEDIUM: Final = (
    *(("types[]", kind) for kind in ("photo", "video", "gif", "document")),
    *(("used[]", word) for word in ("true", "false")),
    ("page", "0"),
)


def _quiet(_line: str) -> None:
    """Say nothing."""


class PublerReader:
    """Reads from one Publer workspace.

    Every method raises Refused where Publer says no, Unreachable where it does not answer (GETs are tried again
    first), and Interrupted where a wait was ended by `clock.wake`. `say` is told of each longer wait.
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
    ) -> None:
        self._connection = self._connect(
            key=key,
            base_url=base_url,
            user_agent=user_agent or f"publer-sync/{__version__}",
            read_seconds=read_seconds,
        )
        self._sender = Sender(host=self._connection.host, clock=clock, poll_seconds=poll_seconds, say=say)

    @staticmethod
    def _connect(*, key: str, base_url: str, user_agent: str, read_seconds: float) -> GetConnection:
        from publer_sync.publer.transport import GetConnection

        return GetConnection(base_url=base_url, key=key, user_agent=user_agent, read_seconds=read_seconds)

    @property
    def requests(self) -> int:
        """How many were sent."""
        return self._sender.requests

    @property
    def waited(self) -> float:
        """Seconds spent waiting for the request limit."""
        return self._sender.waited

    def use_workspace(self, workspace_id: str) -> None:
        self._connection.use_workspace(workspace_id)

    def workspaces(self) -> tuple[Workspace, ...]:
        """The workspaces that the key's user can see; needs no workspace to be chosen."""
        return self._get("/workspaces", listed.workspaces, doing="to list the workspaces")

    def accounts(self) -> tuple[Account, ...]:
        """The accounts of the workspace, never none: without its header Publer may answer with an empty list."""
        accounts = self._get("/accounts", listed.accounts, doing="to list the accounts")
        if not accounts:
            raise Refused(
                "Publer lists no accounts in this workspace",
                code="accounts.none",
                hint="Likely causes: the key's user can't see the workspace (PUBLER_WORKSPACE_ID), the key lacks the "
                "scope accounts, or no account is connected in Publer yet.",
            )
        return accounts

    def posts(
        self,
        *,
        since: date,
        until: date,
        account_ids: Sequence[str] = (),
        states: Sequence[str] = ("all",),
    ) -> tuple[LivePost, ...]:
        """The posts of some days, both included, and of a day on either side.

        Nobody knows in which zone Publer reads a day, so the caller chooses by the instants of the posts. Without both
        dates Publer shows some 15 posts and does not say that there are more.
        """
        days = [("from", str(since - timedelta(days=1))), ("to", str(until + timedelta(days=1)))]
        return self._listing([*_states(states), *days], account_ids)

    def undated_drafts(self, *, account_ids: Sequence[str] = ()) -> tuple[LivePost, ...]:
        """The drafts without a time, which no listing by days shows."""
        return self._listing(_states(("draft_undated",)), account_ids)

    def job(self, job_id: str) -> Job:
        """UNKNOWN where Publer no longer has the job (404), and for an id that can't be one."""
        if not fits_address(job_id):
            return Job(JobStatus.UNKNOWN)
        try:
            return self._get(f"/job_status/{job_id}", jobs.job, doing="to report on a job")
        except Refused as refused:
            if refused.status != 404:
                raise
        return Job(JobStatus.UNKNOWN)

    def media(self, media_id: str) -> Mapping[str, Json] | None:
        """What the media library has under this id; None where it does not list it.

        `types` and `used` have to be there; `ids` passes over them (Publer docs, "List Media").
        """
        query = [("ids[]", media_id), *_EVERY_MEDIUM]
        found = self._get(f"/media?{urlencode(query)}", jobs.media_list, doing="to look up media")
        return next((answer for answer in found if str(answer["id"]) == media_id), None)

    def _listing(self, query: list[tuple[str, str]], account_ids: Sequence[str]) -> tuple[LivePost, ...]:
        """Page until an empty page, one that brings nothing new, or as many as Publer says there are.

        A short page is no end: the size of pages is not documented, and some servers ignore `page` and answer with
        the whole window each time.
        """
        query = [*query, *_account_filter(account_ids)]
        wanted, seen = frozenset(account_ids), set[tuple[str, str]]()
        found: dict[tuple[str, str], LivePost] = {}
        for number in range(MAX_PAGES):
            path = f"/posts?{urlencode([*query, ('page', str(number))])}"
            page = self._get(path, listed.page, doing="to list the posts")
            if page.keys <= seen:
                break
            seen |= page.keys
            for post in page.posts:
                if not wanted or post.account_id in wanted:
                    found.setdefault((post.id, post.account_id), post)
            if page.total is not None and len(seen) >= page.total:
                break
        else:
            raise Unreachable(
                f"Publer's list of posts does not end: {len(seen)} posts on {MAX_PAGES} pages",
                hint="Ask for fewer days, or run again later; that is safe.",
            )
        return tuple(found.values())

    def _get(self, path: str, take: Callable[[Json], T], *, doing: str) -> T:
        return self._sender.read(lambda: self._connection.get(path), take, doing=doing)


def _states(states: Sequence[str]) -> list[tuple[str, str]]:
    return [("state", states[0])] if len(states) == 1 else [("state[]", state) for state in states]


def _account_filter(account_ids: Sequence[str]) -> list[tuple[str, str]]:
    """None where it would make the address too long for what stands between here and Publer."""
    pairs = [("account_ids[]", account_id) for account_id in account_ids]
    return pairs if len(urlencode(pairs)) <= MAX_FILTER else []
