"""Serves the page of `preview`, which only shows."""

from __future__ import annotations

from publer_sync.previewing.loopback import LoopbackHandler, LoopbackServer


class PageServer(LoopbackServer):
    """Serves one page while it is entered."""

    def __init__(self, port: int) -> None:
        """Raises OSError where the port cannot be used."""
        super().__init__(port, _PageHandler)
        self.page = b""

    def show(self, page: str) -> None:
        self.page = page.encode()
        self.tell()


class _PageHandler(LoopbackHandler):
    def get(self, path: str, query: str) -> None:
        if path == "/":
            self.send(200, "text/html; charset=utf-8", self.server.pages.page)
        elif path == "/changes":
            self.tell_changes(query.removeprefix("since="), lambda _: "newer")
        else:
            self.send(404, "text/plain; charset=utf-8", b"There is only one page here.\n")

    def post(self, _path: str, _query: str, /) -> None:
        self.close_connection = True  # what was sent is not read
        self.send(405, "text/plain; charset=utf-8", b"This page only shows.\n", {"Connection": "close"})
