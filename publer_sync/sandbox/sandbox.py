"""The sandbox as an object: a local Publer while a `with` block lasts, and what a colleague does in its screens."""

from __future__ import annotations

import threading
import time
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from publer_sync.sandbox import dialects
from publer_sync.sandbox.database import Database
from publer_sync.sandbox.exchange import Context, ErrorResponse, Request, Response, respond
from publer_sync.sandbox.faults import Faults, Trip
from publer_sync.sandbox.library import new_media
from publer_sync.sandbox.records import Record, Stored
from publer_sync.sandbox.routing import Service
from publer_sync.sandbox.seed import Seed
from publer_sync.sandbox.server import PREFIX, Server
from publer_sync.sandbox.tables import SERVER_ERROR_TEXT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

COLLEAGUE: Record = {"id": "5f0000000000000000000002", "name": "A colleague", "picture": None}


class Logged(NamedTuple):
    """A request that came in. `path` is below `/api/v1`, `body` the JSON or None, `status` 0 where none was sent."""

    method: str
    path: str
    query: dict[str, list[str]]
    body: Any
    status: int


def utc_now() -> datetime:
    return datetime.now(UTC)


class Sandbox:
    """A local Publer over real HTTP, while the `with` block lasts.

    `now` is the clock that decides what is past and what is published. Delays are wall clock, in multiples of
    `poll_seconds`: a job takes 1, its posts are listed 2 later, the request limit's 2 minutes are 60 (so that a
    calendar of 500 posts, one job and a few lists, runs without reaching it). `file` keeps everything; without one
    it is gone at the end. Any key that is not empty is accepted. `requests` has every request that came in while `log`
    is on, bodies and all: leave it off where it is not read.
    """

    def __init__(
        self,
        seed: Seed | None = None,
        *,
        file: Path | None = None,
        poll_seconds: float = 2.0,
        now: Callable[[], datetime] = utc_now,
        port: int = 0,
        faults: Faults | None = None,
        log: bool = True,
    ) -> None:
        self.seed = seed = seed or Seed()
        self.faults = faults if faults is not None else Faults()
        self.poll_seconds = poll_seconds
        self.key = "sandbox-key"
        self.requests: list[Logged] = []
        self.bugs: list[BaseException] = []
        """Exceptions of the sandbox itself; it answers 599 then, a code the service does not know."""
        self._log = log
        self._counting = threading.Lock()
        self._closed = False
        self._database = Database(file)
        self._context = Context(self._database, self.faults, now, poll_seconds)
        self._service = Service(self._context, self.bugs)
        try:
            with self._database.transaction():
                self._database.start_at(now())
            self.add_workspace(seed)
            self._server = Server(port, lambda request: self.handle(request))  # noqa: PLW0108 - looked up for each request: tests replace `handle`
        except BaseException:
            self._database.close()
            raise
        self.url = f"http://127.0.0.1:{self._server.server_port}{PREFIX}"
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve, name="sandbox", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop serving, hang up on everyone, close the file."""
        self._closed = True
        self._server.close(self._thread)
        self._thread = None
        self._database.close()

    # what a colleague does

    def add_workspace(self, seed: Seed) -> None:
        """Let the key's user see this workspace and its accounts too."""
        with self._database.transaction():
            self._database.add_workspace(seed.workspace_id, seed.workspace_name)
            for account in seed.accounts:
                self._database.add_account(seed.workspace_id, asdict(account))

    def reconnect(self, old: str, new: str | None) -> None:
        """Disconnect an account, and connect it again under another id, if any. Its posts are listed as before."""
        with self._database.transaction():
            workspace = self._database.workspace_of(old) or ""
            (account,) = (each for each in self._database.accounts(workspace) if each["id"] == old)
            self._database.remove_account(old)
            if new is not None:
                self._database.add_account(workspace, {**account, "id": new})

    def posts(self) -> list[Record]:
        """Everything there is, in any state and of any workspace, in order of time.

        Each as the service shows it, with every key, and beside that `at` (UTC), `sent` (the network, account and
        item parts of the request that made it) and `visible` (whether lists show it yet).
        """
        everything = Faults(omit=frozenset(), zone=UTC)
        with self._database.transaction():
            self._service.tick()
            stored = self._database.posts()
        wall = self._context.wall()
        return [
            {
                **dialects.post(post, everything),
                "at": post.at,
                "sent": post.body.get("sent"),
                "visible": post.visible <= wall,
            }
            for post in stored
        ]

    def add(
        self,
        *,
        account_id: str,
        at: datetime | None,
        text: str | None,
        state: str = "scheduled",
        **fields: Any,
    ) -> str:
        """Make a post in Publer's own screens; lists show it at once. No rule is applied. Returns its id.

        Raises KeyError for an account that is not there.
        """
        with self._database.transaction():
            workspace = self._database.workspace_of(account_id)
            if workspace is None:
                raise KeyError(account_id)
            accounts = {one["id"]: one for one in self._database.accounts(workspace)}
            body = {
                "text": text,
                "title": None,
                "type": "status",
                "url": None,
                "media": [],
                "network": accounts[account_id]["provider"],
                "user": COLLEAGUE,
                "created_at": self._context.now().isoformat(),
            }
            post = Stored(
                id=str(fields.pop("id", None) or self._context.new_id()),
                workspace=workspace,
                account_id=account_id,
                state=state,
                at=at.astimezone(UTC) if at else None,
                visible=0.0,
                body=body | fields,
            )
            self._database.save_posts([post])
        return post.id

    def edit(self, post_id: str, **fields: Any) -> None:
        """Change a post in Publer's own screens: `at`, `state`, `account_id`, `visible` (wall clock), or any field it shows.

        Raises KeyError.
        """
        with self._database.transaction():
            post = self._database.post(str(post_id))
            if post is None:
                raise KeyError(post_id)
            if "at" in fields:
                at = fields.pop("at")
                post = replace(post, at=at.astimezone(UTC) if at else None)
            for name in ("state", "account_id", "visible"):
                if name in fields:
                    post = replace(post, **{name: fields.pop(name)})
            body = {**post.body, **fields, "updated_at": self._context.now().isoformat()}
            self._database.save_posts([replace(post, body=body)])

    def remove(self, post_id: str) -> None:
        """Delete a post in Publer's own screens. Raises KeyError."""
        with self._database.transaction():
            if self._database.post(str(post_id)) is None:
                raise KeyError(post_id)
            self._database.remove_posts([str(post_id)])

    def add_media(self, name: str = "picture.png") -> str:
        """Put a file into the media library. Returns its id."""
        media = new_media(
            name, path=f"https://cdn.publer.example/{name}", size=1, new_id=self._context.new_id
        )
        with self._database.transaction():
            at = self._context.now().isoformat()
            self._database.add_media(self.seed.workspace_id, {**media, "created_at": at})
        return str(media["id"])

    def remove_media(self, media_id: str) -> None:
        """Delete a file from the media library."""
        with self._database.transaction():
            self._database.remove_media(media_id)

    def settle(self) -> None:
        """Wait until no job is under way and lists show every post."""
        while True:
            with self._database.transaction():
                self._service.tick()
                times = [job.visible for job in self._database.waiting_jobs()]
                times += [post.visible for post in self._database.posts()]
            wait = max(times, default=0.0) - self._context.wall()
            if wait <= 0:
                return
            time.sleep(min(wait, 60.0))

    def reset_log(self) -> None:
        self.requests.clear()

    @property
    def passed(self) -> int:
        """How many posts passed all checks so far: what `faults.lose` counts."""
        return self._service.jobs.passed

    def handle(self, request: Request) -> Response | None:
        """The response, or None where the connection is to end without one."""
        response, trip = self._tripped(request)
        dropped = trip is not None and trip.kind in {"drop_before", "drop_after"}
        sent = None if dropped or not response.status else response
        if self._log:
            self.requests.append(_logged(request, sent))
        return sent

    def _tripped(self, request: Request) -> tuple[Response, Trip | None]:
        """The response, and what is to go wrong on its way."""
        with self._counting:
            trip = self.faults.struck(request.method, request.path)
        if trip:
            time.sleep(trip.seconds)
        if trip and trip.kind in {"drop_before", "error_before", "redirect", "cloudflare_limit"}:
            return _instead(trip), trip
        try:
            response = self._service.answer(request, trip)
        except Exception as bug:  # noqa: BLE001 - whatever it is, the client gets an answer; `bugs` keeps it for tests
            if not self._closed:
                self.bugs.append(bug)
            return respond({"errors": [f"the sandbox itself failed: {bug!r}"]}, 599), None
        return _spoilt(response, trip), trip


def _logged(request: Request, sent: Response | None) -> Logged:
    try:
        body = request.json()
    except ErrorResponse:
        body = None
    return Logged(request.method, request.path, request.params, body, sent.status if sent else 0)


def _instead(trip: Trip) -> Response:
    if trip.kind == "redirect":
        return Response(307, headers={"Location": f"{PREFIX}/posts"})
    if trip.kind == "cloudflare_limit":
        return Response(
            429, b"<html><title>Error 1015: You are being rate limited</title></html>", type="text/html"
        )
    return respond({"errors": [SERVER_ERROR_TEXT]}, trip.status or 500)


def _spoilt(response: Response, trip: Trip | None) -> Response:
    match trip and trip.kind:
        case "error_after":
            status = (trip and trip.status) or 502
            return Response(status, b"<html><body>Bad gateway</body></html>", type="text/html")
        case "garbage":
            return replace(response, body=response.body[: len(response.body) // 2] + b"\xff")
        case "html":
            return Response(200, b"<!DOCTYPE html><html><body>Publer</body></html>", type="text/html")
        case "empty":
            return replace(response, body=b"")
        case _:
            return response
