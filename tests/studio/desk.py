"""A studio for tests: the real server over a calendar, in this process, and a browser's side of it."""

from __future__ import annotations

import http.client
import json
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest import mock

from publer_sync.commands.edit import studio_of
from publer_sync.previewing import loopback
from publer_sync.studio.guarding import HEADER
from publer_sync.studio.serving import StudioServer
from tests.conftest import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from publer_sync.studio.studio import Studio

NOW = datetime(2027, 2, 1, 12, tzinfo=UTC)
"""The time in the studio, before all posts of the examples."""


class Told(NamedTuple):
    """What the server answered."""

    status: int
    headers: Mapping[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw)

    @property
    def say(self) -> str:
        body = self.body
        return str(body.get("say") or body.get("refused", body.get("conflict", {}))["say"])

    @property
    def lines(self) -> list[str]:
        """What a change did to the files, a line each: the name of a new one, and the lines that came and went."""
        diff = [line for line in self.body["diff"].splitlines() if line[:3] not in ("+++", "---")]
        return [f"{line[0]} {line[1:].strip()}" for line in diff if line[:1] in ("+", "-")]


@dataclass
class StudioClock:
    """The studio's time: it stands still until a test sets it."""

    at: datetime


@dataclass
class Desk:
    """A browser that has entered; every request is as its page would make it, unless `headers` say otherwise."""

    server: StudioServer
    top: Path
    cookie: str = ""
    secret: str = ""
    kept: dict[str, Any] = field(default_factory=dict)
    clock: StudioClock = field(default_factory=lambda: StudioClock(NOW))

    @property
    def studio(self) -> Studio:
        return self.server.studio

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> Told:
        """A header that is None is left out."""
        usual: dict[str, str | None] = {
            "Cookie": self.cookie,
            "Origin": self.server.address.rstrip("/") if method == "POST" else None,
            "Content-Type": "application/json" if method == "POST" else None,
            HEADER: self.secret or None,
            **(headers or {}),
        }
        with closing(
            http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE)
        ) as connection:
            sent = {name: value for name, value in usual.items() if value is not None}
            connection.request(method, path, body=body, headers=sent)
            answer = connection.getresponse()
            return Told(answer.status, dict(answer.getheaders()), answer.read())

    def enter(self, token: str) -> Told:
        """Come in by an address with this token."""
        told = self.ask("GET", f"/?token={token}", headers={"Cookie": None, HEADER: None})
        self.cookie = told.headers.get("Set-Cookie", "").partition(";")[0]
        self.secret = told.raw.decode().partition('data-secret="')[2].partition('"')[0]
        return told

    @property
    def page(self) -> str:
        """The page's HTML."""
        ticket = self.send("/studio/ticket", {}).body["ticket"]
        return self.ask("GET", f"/?page={ticket}").raw.decode()

    def get(self, path: str) -> Any:
        told = self.ask("GET", path)
        assert told.status == 200, told
        return told.body

    def send(self, path: str, body: Any) -> Told:
        return self.ask("POST", path, json.dumps(body).encode())

    @property
    def posts(self) -> list[Any]:
        """All posts as the page edits them: of a large calendar in two steps."""
        told = self.get("/studio/posts")
        if not told["large"]:
            return list(told["posts"])
        keys = self.get("/studio/outline")["rows"]
        return list(self.get(f"/studio/cards?keys={','.join(keys)}")["posts"])

    def post(self, name: str) -> Any:
        """A post by its id, by how its text begins, or by its key."""
        found = [
            each for each in self.posts if name in (each["id"], each["key"]) or each["text"].startswith(name)
        ]
        assert len(found) == 1, (name, found)
        return found[0]

    def do(self, name: str, **do: Any) -> Told:
        return self.change(self.post(name), **do)

    def change(self, post: Any, **do: Any) -> Told:
        return self.send("/studio/change", {"key": post["key"], "revision": post["revision"], "do": do})

    def tried(self, post: Any, **do: Any) -> Told:
        """What a change of a post comes to; it is taken back, so that the post is known as it was."""
        told = self.change(post, **do)
        if told.status == 200 and told.body["step"]:
            assert self.send("/studio/undo", {}).status == 200
        return told

    def read(self, file: str) -> str:
        return (self.top / file).read_bytes().decode()


@contextmanager
def desk_of(top: Path, *others: Path, read_only: bool = False, now: datetime = NOW) -> Iterator[Desk]:
    clock = StudioClock(now)
    studio = studio_of([top, *others], read_only=read_only, now=lambda: clock.at)
    with mock.patch.object(loopback, "TICK", 0.01), StudioServer(studio, 0) as server:
        desk = Desk(server, top, clock=clock)
        desk.enter(server.guard.token)
        yield desk
