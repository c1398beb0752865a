"""The sandbox as a server on loopback, and as an object with the hands of a colleague in Publer's own screens."""

from __future__ import annotations

import re
import socket
import socketserver
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple, Self
from urllib.parse import parse_qs

from publer_sync.sandbox import rules, shapes
from publer_sync.sandbox.faults import Faults, Trip
from publer_sync.sandbox.rules import Record, Stored
from publer_sync.sandbox.service import Answer, Request, Service, say
from publer_sync.sandbox.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PREFIX = "/api/v1"
MOST_BYTES = 200 * 1024 * 1024
"""Publer docs, "Media": the largest direct upload."""
SLACK = 1024 * 1024
COLLEAGUE: Record = {"id": "5f0000000000000000000002", "name": "A colleague", "picture": None}


@dataclass(frozen=True, slots=True)
class SeedAccount:
    id: str
    provider: str
    name: str


NETWORK_NAMES = {
    "facebook": "My Facebook Page",
    "instagram": "My Instagram",
    "twitter": "My X Account",
    "linkedin": "Company LinkedIn Page",
    "tiktok": "My TikTok",
    "youtube": "My YouTube Channel",
    "pinterest": "My Pinterest",
    "google": "My Google Business Profile",
    "wordpress": "My WordPress Blog",
    "telegram": "My Telegram Channel",
    "mastodon": "My Mastodon",
    "threads": "My Threads",
    "bluesky": "My Bluesky",
}
ONE_OF_EACH = tuple(
    SeedAccount(f"acc{number:021x}", provider, name)
    for number, (provider, name) in enumerate(NETWORK_NAMES.items(), 1)
)


@dataclass(frozen=True, slots=True)
class Seed:
    """What is there at the start: a workspace and its accounts, one of each network where none are named."""

    workspace_id: str = "5fa000000000000000000000"
    workspace_name: str = "My Primary Workspace"
    accounts: tuple[SeedAccount, ...] = ONE_OF_EACH


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

    `now` is the clock that decides what is past and what goes out. Delays are wall clock, in multiples of
    `poll_seconds`: a job takes 1, its posts are listed 2 later, the request limit's 2 minutes are 60 (so that a
    calendar of 500 posts, one job and a few lists, runs without meeting it). `file` keeps everything; without one
    it is gone at the end. Any key that is not empty is accepted.
    """

    def __init__(
        self,
        seed: Seed = Seed(),
        *,
        file: Path | None = None,
        poll_seconds: float = 2.0,
        now: Callable[[], datetime] = utc_now,
        port: int = 0,
        faults: Faults | None = None,
    ) -> None:
        self.seed = seed
        self.faults = faults if faults is not None else Faults()
        self.poll_seconds = poll_seconds
        self.key = "sandbox-key"
        self.requests: list[Logged] = []
        self.bugs: list[BaseException] = []
        """Exceptions of the sandbox itself; it answers 599 then, a code the service does not know."""
        self._counting = threading.Lock()
        self._closed = False
        self._store = Store(file)
        try:
            with self._store.transaction():
                self._store.add_workspace(seed.workspace_id, seed.workspace_name)
                for account in seed.accounts:
                    self._store.add_account(
                        seed.workspace_id,
                        {"id": account.id, "provider": account.provider, "name": account.name},
                    )
            self._service = Service(self._store, now=now, poll_seconds=poll_seconds, faults=self.faults)
            self._server = _Server(port, self)
        except BaseException:
            self._store.close()
            raise
        self.url = f"http://127.0.0.1:{self._server.server_port}{PREFIX}"
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._serve, name="sandbox", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _serve(self) -> None:
        """Wait for connections without waking up in between; `close` makes the last one."""
        while not self._closed:
            self._server.handle_request()

    def close(self) -> None:
        """Stop serving, hang up on everyone, close the file."""
        self._closed = True
        if self._thread is not None:
            socket.create_connection(("127.0.0.1", self._server.server_port)).close()
            self._thread.join()
            self._thread = None
        self._server.server_close()
        self._server.hang_up()
        self._store.close()

    # the hands of a colleague

    def posts(self) -> list[Record]:
        """Everything there is, in any state and of any workspace, in order of time.

        Each as the service shows it, with every key, and beside that `at` (UTC), `sent` (the network, account and
        item parts of the request that made it) and `visible` (whether lists show it yet).
        """
        everything = Faults(omit=frozenset(), zone=UTC)
        with self._store.transaction():
            self._service.tick()
            stored = self._store.posts()
        wall = time.time()
        return [
            {
                **shapes.shown(post, everything),
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
        """Make a post in Publer's own screens; lists show it at once. No rule is applied. Returns its id."""
        with self._store.transaction():
            workspace = self._store.workspace_of(account_id)
            if workspace is None:
                raise KeyError(account_id)
            accounts = {one["id"]: one for one in self._store.accounts(workspace)}
            body = {
                "text": text,
                "title": None,
                "type": "status",
                "url": None,
                "media": [],
                "network": accounts[account_id]["provider"],
                "user": COLLEAGUE,
                "created_at": self._service.now().isoformat(),
            }
            post = Stored(
                id=str(fields.pop("id", None) or rules.new_id()),
                workspace=workspace,
                account_id=account_id,
                state=state,
                at=at.astimezone(UTC) if at else None,
                visible=0.0,
                body=body | fields,
            )
            self._store.save_posts([post])
        return post.id

    def edit(self, post_id: str, **fields: Any) -> None:
        """Change a post in Publer's own screens: `at`, `state`, `account_id`, `visible` (wall clock), or any field it shows."""
        with self._store.transaction():
            post = self._store.post(str(post_id))
            if post is None:
                raise KeyError(post_id)
            if "at" in fields:
                at = fields.pop("at")
                post = replace(post, at=at.astimezone(UTC) if at else None)
            for name in ("state", "account_id", "visible"):
                if name in fields:
                    post = replace(post, **{name: fields.pop(name)})
            body = {**post.body, **fields, "updated_at": self._service.now().isoformat()}
            self._store.save_posts([replace(post, body=body)])

    def remove(self, post_id: str) -> None:
        with self._store.transaction():
            if self._store.post(str(post_id)) is None:
                raise KeyError(post_id)
            self._store.remove_posts([str(post_id)])

    def add_media(self, name: str = "picture.png") -> str:
        """Put a file into the media library. Returns its id."""
        mime = rules.MEDIA_TYPES[name.rpartition(".")[2]]
        media = rules.new_media(
            name=name, mime=mime, path=f"https://cdn.publer.example/{name}", caption=None, size=1
        )
        with self._store.transaction():
            self._store.add_media(self.seed.workspace_id, media)
        return str(media["id"])

    def settle(self) -> None:
        """Wait until no job is under way and lists show every post."""
        while True:
            with self._store.transaction():
                self._service.tick()
                times = [job.visible for job in self._store.waiting_jobs()]
                times += [post.visible for post in self._store.posts()]
            wait = max(times, default=0.0) - time.time()
            if wait <= 0:
                return
            time.sleep(min(wait, 60.0))

    def reset_log(self) -> None:
        self.requests.clear()

    # for the handler

    def handle(self, request: Request) -> tuple[Answer, Trip | None]:
        """The answer, and what is to go wrong on its way."""
        with self._counting:
            trip = self.faults.struck(request.method, request.path)
        if trip and trip.kind == "slow":
            time.sleep(trip.seconds)
        if trip and trip.kind in {"drop_before", "error_before", "redirect"}:
            return _instead(trip), trip
        try:
            answer = self._service.answer(request, trip)
        except Exception as bug:  # noqa: BLE001 - a test must see it, and the connection must not hang
            if not self._closed:
                self.bugs.append(bug)
            return say({"errors": [f"the sandbox itself failed: {bug!r}"]}, 599), None
        return _spoilt(answer, trip), trip


def _instead(trip: Trip) -> Answer:
    if trip.kind == "redirect":
        return Answer(307, headers={"Location": f"{PREFIX}/posts"})
    return say({"errors": ["Internal server error"]}, trip.status or 500)


def _spoilt(answer: Answer, trip: Trip | None) -> Answer:
    match trip and trip.kind:
        case "error_after":
            status = (trip and trip.status) or 502
            return Answer(status, b"<html><body>Bad gateway</body></html>", type="text/html")
        case "garbage":
            return replace(answer, body=answer.body[: len(answer.body) // 2] + b"\xff")
        case "html":
            return Answer(200, b"<!DOCTYPE html><html><body>Publer</body></html>", type="text/html")
        case "empty":
            return replace(answer, body=b"")
        case _:
            return answer


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    allow_reuse_address = True

    def __init__(self, port: int, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), _Handler)

    def server_bind(self) -> None:
        """Without HTTPServer's look-up of this machine's name, which can take seconds."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""

    def hang_up(self) -> None:
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "publer-sync-sandbox"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 60
    server: _Server

    def _serve(self) -> None:
        body = self._read()
        if body is None:
            return
        path, _, query = self.path.partition("?")
        if path != PREFIX and not path.startswith(PREFIX + "/"):
            self._send(say({"errors": ["Not found"]}, 404))
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, path.removeprefix(PREFIX), query, headers, body)
        sandbox = self.server.sandbox
        answer, trip = sandbox.handle(request)
        dropped = trip is not None and trip.kind in {"drop_before", "drop_after"}
        sandbox.requests.append(
            Logged(
                request.method,
                request.path,
                parse_qs(query, keep_blank_values=True),
                request.json,
                0 if dropped else answer.status,
            )
        )
        if dropped:
            self.close_connection = True
            return
        self._send(answer)

    do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815 - the names http.server looks for

    def _read(self) -> bytes | None:
        """The whole body, or None after an answer that says why it is not read."""
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not re.fullmatch(r"\d{1,15}", length):
            self.close_connection = True
            self._send(say({"errors": ["Content-Length is required"]}, 411))
            return None
        if int(length) > MOST_BYTES + SLACK:
            self.close_connection = True
            self._send(say({"errors": ["File is larger than 200 MB"]}, 413))
            return None
        return self.rfile.read(int(length))

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", answer.type)
        self.send_header("Content-Length", str(len(answer.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002 - http.server passes it
        """JSON instead of a page: 405 for a method that is none of the service's."""
        self.close_connection = True
        self.request_version = self.protocol_version  # a line that is not understood is taken for HTTP/0.9
        if code == 501:
            answer = say({"errors": ["Method not allowed"]}, 405, {"Allow": "GET, POST, PUT, DELETE"})
        else:
            answer = say({"errors": [message or "Bad request"]}, code)
        self._send(answer)

    def log_message(self, format: str, *args: Any) -> None:
        """The server is silent; `Sandbox.requests` is its log."""


def serve_forever(
    seed: Seed,
    *,
    port: int = 0,
    file: Path | None = None,
    poll_seconds: float = 2.0,
    now: Callable[[], datetime] = utc_now,
    ready: Callable[[Sandbox], None] | None = None,
) -> None:
    """Serve until KeyboardInterrupt. Prints nothing: `ready` is called once it accepts requests.

    Raises OSError where the port is taken, SandboxFileError where the file is none of the sandbox's.
    """
    with Sandbox(seed, file=file, poll_seconds=poll_seconds, now=now, port=port) as sandbox:
        try:
            if ready is not None:
                ready(sandbox)
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            return
