"""The studio over HTTP: for this machine, for whoever has the address of the terminal, and for pages of its own alone."""

from __future__ import annotations

import hmac
import json
import secrets
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

from publer_sync.packaged import names, packaged
from publer_sync.previewing.loopback import LoopbackHandler, LoopbackServer
from publer_sync.studio.orders import BadRequest, change_request

if TYPE_CHECKING:
    from publer_sync.studio.studio import Studio, StudioAnswer

MOST_BYTES: Final = 1 << 20
"""Of a request in JSON: a post has a few thousand words at most."""
COOKIE: Final = "publer-sync-studio"
_TYPES: Final = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}
_TEXT: Final = "text/plain; charset=utf-8"
_JSON: Final = "application/json; charset=utf-8"
STRANGER: Final = (
    b"Open the address that publer-sync edit shows in the terminal: it has the key to this page.\n"
)


class StudioServer(LoopbackServer):
    """Serves a studio while it is entered."""

    def __init__(self, studio: Studio, port: int) -> None:
        """Raises OSError where the port cannot be used."""
        super().__init__(port, _StudioHandler)
        self.studio = studio
        self.token = secrets.token_urlsafe(32)
        studio.tell, studio.version = self.tell, lambda: self.version

    @property
    def entrance(self) -> str:
        """The address with the token."""
        return f"{self.address}?token={self.token}"


class _StudioHandler(LoopbackHandler):
    @property
    def served(self) -> StudioServer:
        found: StudioServer = self.server.pages
        return found

    def get(self, path: str, query: str) -> None:
        asked = parse_qs(query)
        if path == "/" and "token" in asked:
            self._enter(asked["token"][0])
            return
        if not self._is_known():
            self.send(403, _TEXT, STRANGER)
            return
        name = path.removeprefix("/studio/")
        if path == "/":
            self.send(200, "text/html; charset=utf-8", self.served.studio.page().encode())
        elif path == "/studio/events":
            self.tell_changes(asked.get("since", [""])[0], lambda version: json.dumps({"version": version}))
        elif path == "/studio/posts":
            self._answer(200, self.served.studio.posts())
        elif path == "/studio/cards":
            keys = [key for word in asked.get("keys", []) for key in word.split(",") if key]
            self._answer(200, self.served.studio.cards(keys))
        elif name in names("studio", "page"):
            self.send(200, _TYPES[name.rpartition(".")[2]], packaged("studio", f"page/{name}").encode())
        else:
            self.send(404, _TEXT, b"There is nothing here.\n")

    def post(self, path: str, query: str) -> None:
        if not self._is_known():
            self._leave(403, STRANGER)
        elif not self._is_own():
            self._leave(403, b"Only the studio's own page may ask this.\n")
        elif query:
            self._leave(404, b"There is nothing here.\n")
        elif path == "/studio/change":
            self._change()
        elif path in ("/studio/undo", "/studio/redo"):
            if self._json() is not None:
                studio = self.served.studio
                answer = studio.undo() if path == "/studio/undo" else studio.redo()
                self._answer(answer.status, answer.body)
        else:
            self._leave(404, b"There is nothing here.\n")

    def _change(self) -> None:
        if (data := self._json()) is None:
            return
        try:
            request = change_request(data)
        except BadRequest as error:
            self._answer(400, {"refused": {"say": str(error)}})
            return
        answer: StudioAnswer = self.served.studio.change(request, data.get("do"))
        self._answer(answer.status, answer.body)

    def _json(self) -> Any:
        """What was sent; None where that was refused already."""
        if self.headers.get_content_type() != "application/json":
            self._leave(415, b"Send application/json.\n")
            return None
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal():
            self._leave(411, b"Say how long it is.\n")
            return None
        if int(length) > MOST_BYTES:
            self._leave(413, b"That is too much.\n")
            return None
        try:
            return json.loads(self.rfile.read(int(length)))
        except ValueError:
            self._leave(400, b"That is not JSON.\n")
            return None

    def _leave(self, status: int, words: bytes) -> None:
        """StudioAnswer without snapshot what was sent, which ends the connection."""
        self.close_connection = True
        self.send(status, _TEXT, words, {"Connection": "close"})

    def _answer(self, status: int, body: Any) -> None:
        self.send(status, _JSON, json.dumps(body, ensure_ascii=False).encode())

    # --- who asks

    def _enter(self, token: str) -> None:
        if not hmac.compare_digest(token.encode(), self.served.token.encode()):
            self.send(403, _TEXT, STRANGER)
            return
        cookie = f"{COOKIE}-{self.served.port}={self.served.token}; HttpOnly; SameSite=Strict; Path=/"
        self.send(303, _TEXT, b"", {"Location": "/", "Set-Cookie": cookie, "Referrer-Policy": "no-referrer"})

    def _is_known(self) -> bool:
        """Whether the browser has the cookie. Cookies know no ports, so its name has this server's."""
        try:
            found = SimpleCookie(self.headers.get("Cookie", "")).get(f"{COOKIE}-{self.served.port}")
        except CookieError:
            return False
        return found is not None and hmac.compare_digest(found.value.encode(), self.served.token.encode())

    def _is_own(self) -> bool:
        """Whether a page of this server asks (W3C, "Fetch Metadata Request Headers"; RFC 6454, "Origin")."""
        site, origin = self.headers.get("Sec-Fetch-Site"), self.headers.get("Origin")
        if site is not None and site != "same-origin":
            return False
        if origin is not None:
            return origin in {f"http://{host}" for host in self.served.hosts}
        return site == "same-origin"
