"""A stand-in for the internet: names with made-up IP addresses, all of which lead to one web server on loopback.

Which addresses may be asked is judged by the real rules; only what comes after them is replaced.
"""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from publer_sync.checking import links
from tests.stand_in import Asked, Reply, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PUBLIC = "93.184.216.34"
LOOK_UP = socket.getaddrinfo
"""The machine's own, from before a test is kept from using it."""


@dataclass
class Internet:
    """`names` are the hosts that exist, `pages` what is answered, by host and path; everything else is a 404.

    `own` answers instead, where it is set.
    """

    names: dict[str, list[str]] = field(default_factory=dict)
    pages: dict[str, Reply] = field(default_factory=dict)
    own: Callable[[Asked], Reply | None] = lambda _: None
    asked: list[Asked] = field(default_factory=list)
    connected: list[tuple[str, int]] = field(default_factory=list)
    looked_up: list[str] = field(default_factory=list)
    port: int = 0

    def page(self, url: str, status: int = 200, **options: Any) -> str:
        """Say what an address answers, on a host that exists from then on."""
        parts = urlsplit(url)
        self.names.setdefault(parts.hostname or "", [PUBLIC])
        self.pages[f"{parts.netloc}{parts.path}"] = Reply({}, status, **options)
        return url

    def redirect(self, url: str, to: str) -> str:
        return self.page(url, 302, headers={"Location": to})

    @property
    def requests(self) -> list[str]:
        return [f"{each.method} {each.headers['Host']}{each.path}" for each in self.asked]

    def answer(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        return self.own(asked) or self.pages.get(
            f"{asked.headers['Host']}{urlsplit(asked.path).path}", Reply({}, 404)
        )

    def look_up(self, host: Any, port: Any, *_: Any, **__: Any) -> Any:
        if (
            not isinstance(host, str)
            or host == "localhost"
            or not host.endswith((".example", "example.com"))
            or len(host) > 64
        ):
            return LOOK_UP(host, port, type=socket.SOCK_STREAM)
        self.looked_up.append(host)
        if host not in self.names:
            raise socket.gaierror(socket.EAI_NONAME, "no such host")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in self.names[host]]

    def connect(self, address: tuple[str, int], timeout: float) -> socket.socket:
        self.connected.append(address)
        made = socket.socket()
        made.settimeout(timeout)
        made.connect(("127.0.0.1", self.port))
        return made


PATIENCE = 20.0
"""Seconds that a question may still take."""


@pytest.fixture
def internet(monkeypatch: pytest.MonkeyPatch) -> Iterator[Internet]:
    found = Internet()
    with serving(found.answer) as server:
        found.port = urlsplit(server.url).port or 0
        monkeypatch.setattr(socket, "getaddrinfo", found.look_up)
        monkeypatch.setattr(links, "create_connection", found.connect)
        monkeypatch.setattr(links, "PAUSE_SECONDS", 0.0)
        yield found
        # A command that ended early leaves its questions behind: none may reach the real internet.
        for thread in threading.enumerate():
            if thread.name == "links":
                thread.join(PATIENCE)
