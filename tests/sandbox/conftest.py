"""A bare client of the sandbox, and sandboxes to ask: at eight on 1 March 2027, where nothing else is said."""

from __future__ import annotations

import http.client
import json
import socket
import time
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from publer_sync.sandbox import Faults, Sandbox
from tests.conftest import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import MakeSandbox

NOW = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
FACEBOOK, X, LINKEDIN = "acc00000000000000000fb01", "acc000000000000000002701", "acc00000000000000001ed01"
NEVER = 1e9
QUICK = 0.003
WINDOW = "from=2027-01-01&to=2027-12-31"
COMPOSER = "The composer is in a bad state for this account as it's missing the social network params."


class Reply(NamedTuple):
    status: int
    data: Any
    """The JSON, or the bytes where it is none."""
    headers: dict[str, str]


class Client:
    """A bare client of the service: no pacing, no retry, no opinion."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.base = urlsplit(sandbox.url)
        self.headers = {
            "Authorization": f"Bearer-API {sandbox.key}",
            "Publer-Workspace-Id": sandbox.seed.workspace_id,
            "User-Agent": "tests",
        }

    def __call__(
        self, method: str, path: str, body: Any = None, headers: dict[str, str | None] | None = None
    ) -> Reply:
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        sent = {
            name: value for name, value in {**self.headers, **(headers or {})}.items() if value is not None
        }
        connection = http.client.HTTPConnection(self.base.netloc, timeout=PATIENCE)
        try:
            connection.putrequest(method, self.base.path + path, skip_accept_encoding=True)
            for name, value in {**sent, "Content-Length": str(len(data or b""))}.items():
                connection.putheader(name, value)
            connection.endheaders(data)
            response = connection.getresponse()
            raw = response.read()
        finally:
            connection.close()
        try:
            found = json.loads(raw)
        except ValueError:
            found = raw
        return Reply(response.status, found, dict(response.headers))

    def connect(self) -> socket.socket:
        """A connection to send bytes over."""
        return socket.create_connection((self.base.hostname or "", self.base.port or 0))

    def job(self, *items: Any) -> Reply:
        """What asking for a job brings, once it is through."""
        job = self.queue(*items)
        self.sandbox.settle()
        return self("GET", f"/job_status/{job}")

    def queue(self, *items: Any, state: str = "scheduled", path: str = "/posts/schedule") -> str:
        reply = self("POST", path, {"bulk": {"state": state, "posts": list(items)}})
        assert reply.status == 200
        return str(reply.data["job_id"])

    def create(self, *items: Any, state: str = "scheduled", path: str = "/posts/schedule") -> list[Any]:
        """The failures, once the job is through and lists show its posts."""
        job = self.queue(*items, state=state, path=path)
        self.sandbox.settle()
        reply = self("GET", f"/job_status/{job}")
        assert reply.data["status"] == "complete"
        return failures_of(reply)

    def listed(self, query: str = WINDOW) -> list[Any]:
        reply = self("GET", f"/posts?{query}")
        assert reply.status == 200, reply
        return list(reply.data["posts"])

    def texts(self, query: str = WINDOW) -> list[Any]:
        return [post["text"] for post in self.listed(query)]


def failures_of(reply: Reply) -> list[Any]:
    """The failures of a job, by account in the answer, as one list."""
    payload = reply.data["payload"]
    if isinstance(payload, list):
        return []
    failures = payload["failures"]
    return failures if isinstance(failures, list) else list(chain.from_iterable(failures.values()))


def item(
    at: datetime | str | None = NOW + timedelta(hours=1),
    text: str = "Hello",
    account: str = FACEBOOK,
    network: str = "facebook",
    kind: str = "status",
    entry: dict[str, Any] | None = None,
    **fields: Any,
) -> dict[str, Any]:
    raw = at.isoformat() if isinstance(at, datetime) else at
    when = {} if raw is None else {"scheduled_at": raw}
    return {
        "networks": {network: {"type": kind, "text": text, **fields}},
        "accounts": [{"id": account, **when, **(entry or {})}],
    }


@pytest.fixture
def at_eight(make_sandbox: MakeSandbox) -> Sandbox:
    return make_sandbox(now=lambda: NOW, poll_seconds=QUICK)


@pytest.fixture
def client(at_eight: Sandbox) -> Client:
    return Client(at_eight)


@pytest.fixture
def faulty(make_sandbox: MakeSandbox) -> Callable[..., Client]:
    """A client of a sandbox with these switches set."""

    def make(**switches: Any) -> Client:
        return Client(make_sandbox(now=lambda: NOW, poll_seconds=QUICK, faults=Faults(**switches)))

    return make


def messages(failures: list[Any]) -> list[str]:
    return [failure["message"] for failure in failures]


class Movable:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The wall clock, to be moved by hand."""
    moment = [1.8e9]
    monkeypatch.setattr(time, "time", lambda: moment[0])
    return moment


@pytest.fixture
def one(client: Client) -> str:
    return client.sandbox.add(account_id=FACEBOOK, at=NOW + timedelta(hours=1), text="old", title="Old title")
