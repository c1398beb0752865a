"""A server for this machine alone, and how it tells the browsers that show its page that there is a newer one."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import BoundedSemaphore, Condition, Thread
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Self

HEARTBEAT: Final = 10.0
"""Seconds after which a browser that waits is sent a comment, so that one that went away is noticed."""
TICK = 0.1
"""Seconds between two looks at whether it is to end."""
MOST_CONNECTIONS: Final = 64
"""At a time: a browser opens six for one page."""
FORBIDDEN: Final = b"This page is for this machine alone.\n"


class LoopbackServer:
    """Serves while it is entered. `version` is that of the page, which has to ask for changes `since` it."""

    def __init__(self, port: int, handler: type[LoopbackHandler]) -> None:
        """Raises OSError where the port cannot be used."""
        self.version = int(time.time())  # a browser that saw an earlier run asks again
        self.closed = False
        self.changed = Condition()
        self._server = _Server(("127.0.0.1", port), handler)
        self._server.pages = self

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    @property
    def hosts(self) -> frozenset[str]:
        """What a browser may call this server: a page elsewhere, under a name that resolves to this machine, must not read it."""
        return frozenset(f"{name}:{self.port}" for name in ("127.0.0.1", "localhost"))

    def tell(self) -> None:
        """There is a newer version."""
        with self.changed:
            self.version += 1
            self.changed.notify_all()

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": TICK}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with self.changed:
            self.closed = True
            self.changed.notify_all()
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    pages: Any

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._free = BoundedSemaphore(MOST_CONNECTIONS)

    def process_request(self, request: Any, client_address: Any) -> None:
        """One thread for each connection, as long as there are not too many."""
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that went away is not worth a message."""


class LoopbackHandler(BaseHTTPRequestHandler, ABC):
    """Passes on what this server is asked under one of its own names."""

    protocol_version = "HTTP/1.1"
    server_version = "publer-sync"
    sys_version = ""
    timeout = 60
    server: _Server

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if self.headers.get("Host", "") in self.server.pages.hosts:
            self.get(path, query)
        else:
            self.send(403, "text/plain; charset=utf-8", FORBIDDEN)

    def do_POST(self) -> None:
        path, _, query = self.path.partition("?")
        if self.headers.get("Host", "") in self.server.pages.hosts:
            self.post(path, query)
        else:
            self.close_connection = True  # what was sent is not read
            self.send(403, "text/plain; charset=utf-8", FORBIDDEN, {"Connection": "close"})

    @abstractmethod
    def get(self, path: str, query: str, /) -> None:
        """Answer a GET."""

    @abstractmethod
    def post(self, path: str, query: str, /) -> None:
        """Answer a POST; what was sent with it is still to be read."""

    def send(self, status: int, type: str, body: bytes, more: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        for name, value in (more or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def tell_changes(self, since: str, told: Callable[[int], str]) -> None:
        """One server-sent event, once the page differs from the one that asks (HTML standard, "Server-sent events")."""
        pages = self.server.pages
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        with suppress(OSError):
            while not pages.closed:
                with pages.changed:
                    if str(pages.version) == since:
                        pages.changed.wait(HEARTBEAT)
                    version = pages.version
                newer = str(version) != since and not pages.closed
                self.wfile.write(f"data: {told(version)}\n\n".encode() if newer else b": still here\n\n")
                if newer:
                    return

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""
