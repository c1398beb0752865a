"""The gateway to Publer: paging, the request limit, what may be tried again, and what an answer means for the run.

A `Reader` sends GET alone: the line it holds has no other method. `Publer` adds the writes. Shapes of answers are read
by `wire`, refusals put into words by `refusals`, bytes sent by `transport`.
"""

from __future__ import annotations

import json
import math
import os
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from publer_sync import __version__
from publer_sync.errors import Interrupted, Refused, Unclear, Unreachable, UnrequestedDelete
from publer_sync.model import Job, JobStatus
from publer_sync.networks.media import BadMedia, inspect
from publer_sync.networks.table import ITEMS_PER_JOB
from publer_sync.publer import wire
from publer_sync.publer.answers import Answer, Fault, quota, refusal, retry_after, said
from publer_sync.publer.multipart import FileForm
from publer_sync.publer.pacing import LIMIT, LONGEST, Budget

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from publer_sync.clock import Clock
    from publer_sync.model import Account, Json, LivePost, Workspace
    from publer_sync.publer.transport import GetLine, Line

T = TypeVar("T")

TRIES = 6
LIMIT_TRIES = 8
"""How often one request is sent again after a 429, each time after the wait that was asked for."""
READ_SECONDS = 30.0
WAIT_AFTER_429 = 120.0
"""Where a 429 does not say how long: the whole window of the limit."""
LONGEST_PAUSE = 30.0
MAX_PAGES = 2000
MAX_FILTER = 6000
"""Characters of a query; a longer filter by account is left to this side."""

_PATH_ID = re.compile(r"[A-Za-z0-9_-]+")
_TWICE = "Run again: that is safe. The file may then be in the media library twice; no post is."
_AGAIN = "Run again: that is safe. Nothing is sent a second time before a listing has told what is there."


def _quiet(_line: str) -> None:
    """Say nothing."""


def _nothing(_sent: int, _size: int) -> None:
    """Show no progress."""


_EVERY_MEDIUM: Final = (
    *(("types[]", kind) for kind in ("photo", "video", "gif", "document")),
    *(("used[]", word) for word in ("true", "false")),
    ("page", "0"),
)


class Reader:
    """Reads from one Publer workspace.

    Every method raises Refused where Publer says no, Unreachable where it does not answer (GETs are tried again
    first), and Interrupted where a wait was ended by `clock.wake`. `requests` counts what was sent, `waited` the
    seconds spent on the request limit. `say` is told of each longer wait.
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
        self._line = self._connect(
            key=key,
            base_url=base_url,
            user_agent=user_agent or f"publer-sync/{__version__}",
            read_seconds=read_seconds,
        )
        self._clock, self._poll_seconds, self._say = clock, poll_seconds, say
        self._budget = Budget()
        self.requests = 0
        self.waited = 0.0

    @staticmethod
    def _connect(*, key: str, base_url: str, user_agent: str, read_seconds: float) -> GetLine:
        from publer_sync.publer.transport import GetLine

        return GetLine(base_url=base_url, key=key, user_agent=user_agent, read_seconds=read_seconds)

    def use_workspace(self, workspace_id: str) -> None:
        self._line.use_workspace(workspace_id)

    def workspaces(self) -> tuple[Workspace, ...]:
        """The workspaces that the key's user can see; needs no workspace to be chosen."""
        return self._get("/workspaces", wire.workspaces, doing="to list the workspaces")

    def accounts(self) -> tuple[Account, ...]:
        """The accounts of the workspace, never none: without its header Publer may answer with an empty list."""
        accounts = self._get("/accounts", wire.accounts, doing="to list the accounts")
        if not accounts:
            raise Refused(
                "Publer lists no accounts in this workspace",
                code="accounts.none",
                hint="Possible causes: the workspace is not one that the key's user can see (PUBLER_WORKSPACE_ID), the "
                "key was made without the scope accounts, or no account has been connected in Publer yet.",
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
        try:
            return self._get(f"/job_status/{quote(job_id, safe='')}", wire.job, doing="to tell of a job")
        except Refused as refused:
            if refused.status != 404:
                raise
        return Job(JobStatus.UNKNOWN)

    def media(self, media_id: str) -> Mapping[str, Json] | None:
        """What the media library has under this id; None where it does not list it.

        `types` and `used` have to be there; `ids` passes over them ("List Media").
        """
        query = [("ids[]", media_id), *_EVERY_MEDIUM]
        listed = self._get(f"/media?{urlencode(query)}", wire.media_list, doing="to look up media")
        return next((answer for answer in listed if str(answer["id"]) == media_id), None)

    # --- listing ------------------------------------------------------------------------------------------------------

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
            page = self._get(path, wire.page, doing="to list the posts")
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
                hint="Ask for fewer days, or run again later: that is safe.",
            )
        return tuple(found.values())

    # --- sending ------------------------------------------------------------------------------------------------------

    def _get(self, path: str, read: Callable[[Json], T], *, doing: str) -> T:
        """Ask, and ask again where no usable answer came: that changes nothing there."""
        trouble = ""
        for tried in range(1, TRIES + 1):
            answer = self._within_limit(lambda: self._line.get(path), doing=doing)
            trouble = self._silence(answer)
            if isinstance(answer, Answer) and not trouble:
                if not _accepted(answer):
                    raise refusal(answer, doing=doing)
                try:
                    return read(wire.parse(answer.body))
                except wire.Nonsense as nonsense:
                    trouble = f"Publer's answer makes no sense: {nonsense}"
            if tried < TRIES:
                self._pause(tried, answer, doing=doing)
        raise Unreachable(
            f"{trouble}; it was asked {doing}, {TRIES} times",
            hint="Check the connection and Publer's status page, then run again: that is safe.",
        )

    def _silence(self, answer: Answer | Fault) -> str:
        """Why there is no usable answer, in words; "" where there is one."""
        if isinstance(answer, Fault):
            return f"no answer from {self._line.host}: {answer.reason}"
        if answer.status >= 500 or answer.status == 408:
            text = said(answer.body)
            return f"Publer has trouble ({answer.status}" + (f': "{text}")' if text else ")")
        return ""

    def _within_limit(self, send: Callable[[], Answer | Fault], *, doing: str) -> Answer | Fault:
        """Send once there is room, and again after each 429: what was refused for the limit was not done."""
        refused = 0
        while True:
            self._wait_for_limit(self._budget.delay(self._clock.monotonic()), doing=doing)
            answer = send()
            now = self._clock.monotonic()
            if isinstance(answer, Fault):
                if answer.arrived:
                    self.requests += 1
                    self._budget.record(now, None)
                return answer
            self.requests += 1
            self._budget.record(now, quota(answer.headers, now=self._clock.now()))
            if answer.status != 429 or refused == LIMIT_TRIES:
                return answer
            told = retry_after(answer.headers, now=self._clock.now())
            least = min(LONGEST, self._poll_seconds / 4 * 2**refused)
            self._budget.refuse(now, max(least, WAIT_AFTER_429 if told is None else told))
            refused += 1

    def _wait_for_limit(self, seconds: float, *, doing: str) -> None:
        if seconds <= 0:
            return
        if seconds >= 1:
            limit = self._budget.limit
            window = " in 2 minutes" if limit == LIMIT else ""
            until = (self._clock.now() + timedelta(seconds=seconds)).astimezone()
            self._say(
                f"{math.ceil(seconds)} s for Publer's limit of {limit} requests{window}; goes on at {until:%H:%M:%S}"
            )
        self.waited += seconds
        self._sleep(seconds, doing=doing)

    def _pause(self, tried: int, answer: Answer | Fault, *, doing: str) -> None:
        """Before another try: half the polling wait, doubled each time, or longer where Publer says so."""
        told = retry_after(answer.headers, now=self._clock.now()) if isinstance(answer, Answer) else None
        self._sleep(
            max(
                min(LONGEST_PAUSE, self._poll_seconds / 2 * 2 ** (tried - 1)), min(LONGEST_PAUSE, told or 0.0)
            ),
            doing=doing,
        )

    def _sleep(self, seconds: float, *, doing: str) -> None:
        self._clock.sleep(seconds)
        if self._clock.woken:
            raise Interrupted(f"stopped while waiting to ask Publer {doing}; this request was not sent")


class Publer(Reader):
    """Reads and changes one Publer workspace.

    A write is sent once. It is sent again only where nothing can have been done: after a 429, or where no connection
    came about. Its methods raise, beside what reading raises, Unclear where the write may or may not have been done;
    Refused, Unreachable and Interrupted mean that it was not.
    """

    _line: Line

    @staticmethod
    def _connect(*, key: str, base_url: str, user_agent: str, read_seconds: float) -> Line:
        from publer_sync.publer.transport import Line

        return Line(base_url=base_url, key=key, user_agent=user_agent, read_seconds=read_seconds)

    def schedule(self, items: Sequence[Mapping[str, Json]], *, draft: bool) -> str | None:
        """Hand over up to 500 posts and return the job that makes them; None where Publer names none.

        Acceptance says nothing of the posts: networks, times and media are judged in the job.
        """
        if not 1 <= len(items) <= ITEMS_PER_JOB:
            raise ValueError(f"1 to {ITEMS_PER_JOB} posts fit in one request, not {len(items)}")
        bulk = {"bulk": {"state": "draft" if draft else "scheduled", "posts": [dict(item) for item in items]}}
        body = json.dumps(bulk).encode()
        return self._write(
            lambda: self._line.post("/posts/schedule", body), wire.job_id, doing="to schedule posts"
        )

    def update(self, post_id: str, *, text: str, title: str | None) -> LivePost:
        """Change text and title in place and return the post as Publer echoes it; title None leaves the title out.

        Publer answers 200 and ignores what it cannot change, so the caller compares.
        """
        fields = {"text": text} if title is None else {"text": text, "title": title}
        body = json.dumps({"post": fields}).encode()
        path = f"/posts/{_checked_id(post_id)}"
        return self._write(
            lambda: self._line.put(path, body),
            lambda data: wire.echo(data, post_id=post_id),
            doing="to change a post",
        )

    def delete(self, post_ids: Sequence[str]) -> frozenset[str]:
        """Delete these posts and return the ids of those that Publer says it deleted.

        A DELETE whose ids are not understood is not refused by Publer: it was seen to delete every scheduled post of
        a workspace. So the ids stand in the one form that is known to work, bare brackets in the query, nothing else
        is sent with them, and the answer is checked: UnrequestedDelete where it names a post that was not asked for.
        None of them there any more (404) is an empty set.
        """
        path = delete_path(post_ids)
        try:
            gone = self._write(lambda: self._line.delete(path), wire.deleted_ids, doing="to delete posts")
        except Refused as refused:
            if refused.status != 404:
                raise
            return frozenset()
        if foreign := gone - set(post_ids):
            some = ", ".join(wire.plain(post_id, longest=40) for post_id in sorted(foreign)[:5])
            raise UnrequestedDelete(
                f"Publer deleted {len(foreign)} posts that publer-sync did not ask it to delete: {some}",
                hint="Nothing more is sent. Look at the workspace in Publer before anything else; the next plan shows "
                "what is missing of this calendar.",
            )
        return gone

    def upload(
        self,
        path: Path,
        *,
        direct: bool = False,
        progress: Callable[[int, int], None] = _nothing,
        mime: str | None = None,
    ) -> Mapping[str, Json]:
        """Send a file to the media library and return Publer's answer: id, type, validity and more.

        `direct` takes longer, and the path in the answer is the final one, for where Publer wants the path.

        `progress` is told bytes sent and bytes in all, from the start again where the file is sent again. `mime` is
        read from the file where it is not given. Refused also where the file cannot be read. It goes into the library,
        since nobody knows how long Publer keeps other files.
        """
        try:
            mime = mime or inspect(path).mime
            with path.open("rb") as file:
                form = FileForm(
                    file,
                    size=os.fstat(file.fileno()).st_size,
                    name=path.name,
                    mime=mime,
                    fields={"direct_upload": "true" if direct else "false", "in_library": "true"},
                    progress=progress,
                )
                return self._upload(form, path.name)
        except BadMedia as bad:
            raise Refused(wire.plain(bad.message), code=bad.code, hint=str(bad.help)) from bad
        except OSError as error:
            raise _unreadable(path.name, error.strerror or "it cannot be read") from error

    def _upload(self, form: FileForm, name: str) -> Mapping[str, Json]:
        try:
            return self._write(
                lambda: self._line.upload("/media", form),
                wire.media,
                doing=f"to take {wire.plain(name, longest=100)}",
            )
        except Unclear as unclear:
            if form.broken is None:
                raise Unclear(unclear.message, status=unclear.status, hint=_TWICE) from unclear
        raise _unreadable(name, form.broken)

    def import_url(self, url: str, *, name: str, direct: bool = False) -> str:
        """Have Publer fetch a picture or video and return the job that does it. One import at a time; `direct` as in `upload`."""
        item = {"url": url, "name": name}
        body = json.dumps(
            {"media": [item], "type": "single", "direct_upload": direct, "in_library": True}
        ).encode()
        job_id = self._write(
            lambda: self._line.post("/media/from-url", body), wire.job_id, doing="to fetch media"
        )
        if job_id is None:
            # Seen where the request was not understood: nothing is fetched then.
            raise Refused(
                f"Publer took the address of {wire.plain(name, longest=100)} and named no job that fetches it",
                code="media.import",
                hint="Save the file beside the calendar and name it with `file:` instead of `url:`.",
            )
        return job_id

    def _write(self, send: Callable[[], Answer | Fault], read: Callable[[Json], T], *, doing: str) -> T:
        for tried in range(1, TRIES + 1):
            answer = self._within_limit(send, doing=doing)
            trouble = self._silence(answer)
            if isinstance(answer, Answer):
                return self._judged(answer, trouble, read, doing=doing)
            if answer.arrived:
                break
            if tried < TRIES:
                self._pause(tried, answer, doing=doing)
        else:
            raise Unreachable(
                f"{trouble}; it was to be asked {doing}, and nothing was sent",
                hint="Check the connection, then run again: that is safe.",
            )
        raise _unclear(trouble, doing=doing)

    @staticmethod
    def _judged(answer: Answer, trouble: str, read: Callable[[Json], T], *, doing: str) -> T:
        if trouble:
            raise _unclear(trouble, doing=doing, status=answer.status)
        if not _accepted(answer):
            raise refusal(answer, doing=doing)
        try:
            return read(wire.parse(answer.body))
        except wire.Nonsense as nonsense:
            trouble = f"Publer's answer makes no sense: {nonsense}"
        raise _unclear(trouble, doing=doing, status=answer.status)


def delete_path(post_ids: Sequence[str]) -> str:
    """The path and query that delete exactly these posts. Raises ValueError for no ids, and for one that is none."""
    ids = tuple(dict.fromkeys(_checked_id(post_id) for post_id in post_ids))
    path = "/posts?" + "&".join(f"post_ids%5B%5D={post_id}" for post_id in ids)
    if not ids or parse_qsl(urlsplit(path).query) != [("post_ids[]", post_id) for post_id in ids]:
        raise ValueError("a DELETE without ids is never sent: Publer would take it for all posts")
    return path


def _checked_id(post_id: str) -> str:
    """The id where it can be one: letters and digits, so that it can be nothing else in an address."""
    if not isinstance(post_id, str) or not _PATH_ID.fullmatch(post_id):
        raise ValueError(f"not the id of a post: {wire.plain(repr(post_id), longest=60)}")
    return post_id


def _accepted(answer: Answer) -> bool:
    return 200 <= answer.status < 300


def _unclear(trouble: str, *, doing: str, status: int | None = None) -> Unclear:
    return Unclear(f"{trouble}; it was asked {doing}, and may have done so", status=status, hint=_AGAIN)


def _unreadable(name: str, why: str) -> Refused:
    return Refused(
        f"{wire.plain(name, longest=100)} could not be sent: {why}",
        code="media.unreadable",
        hint="Check that the file can be read and is not being written to, then run again: that is safe.",
    )


def _states(states: Sequence[str]) -> list[tuple[str, str]]:
    return [("state", states[0])] if len(states) == 1 else [("state[]", state) for state in states]


def _account_filter(account_ids: Sequence[str]) -> list[tuple[str, str]]:
    """None where it would make the address too long for what stands between here and Publer."""
    pairs = [("account_ids[]", account_id) for account_id in account_ids]
    return pairs if len(urlencode(pairs)) <= MAX_FILTER else []
