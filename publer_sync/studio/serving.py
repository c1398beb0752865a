"""The studio over HTTP: for this machine, for whoever has the address of the terminal, and for pages of its own alone."""

from __future__ import annotations

import json
import sys
import time
import traceback
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

from publer_sync.machine.packaged import names, packaged
from publer_sync.previewing.loopback import LoopbackHandler, LoopbackServer
from publer_sync.studio.answers import StudioAnswer
from publer_sync.studio.guarding import HEADER, Guard
from publer_sync.studio.orders import (
    BadRequest,
    DaysRequest,
    FreshRequest,
    KeptRequest,
    PictureRequest,
    RestoreRequest,
    ReviewRequest,
    StepRequest,
    WordsRequest,
    change_request,
    read_request,
)
from publer_sync.studio.uploads import MOST_BYTES as MOST_MEDIA
from publer_sync.values.errors import PublerSyncError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from io import BufferedIOBase

    from publer_sync.studio.studio import Studio

MOST_BYTES: Final = 1 << 20
"""Of a request in JSON: a post has a few thousand words at most."""
PATIENCE: Final = 20.0
"""Seconds for a request in JSON to arrive."""
MEDIA_PATIENCE: Final = 600.0
"""Seconds for a file."""
_TYPES: Final = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}
_TEXT: Final = "text/plain; charset=utf-8"
_JSON: Final = "application/json; charset=utf-8"
_LOCKED: Final = "default-src 'none'; frame-ancestors 'none'"
"""What an answer may do that is not the page: nothing, and nobody frames it."""
_SHELL: Final = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
    '<meta name="viewport" content="width=device-width"><title>Calendar</title><link rel="icon" href="data:,">'
    '<script type="module" src="/studio/enter.js"></script></head>'
)
_SHELL_POLICY: Final = "default-src 'none'; script-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'"
_READS: Final = ("/studio/posts", "/studio/outline", "/studio/texts", "/studio/changes", "/studio/cards")
"""What tells of posts."""
USED: Final = "This address was used already: each works once. The terminal in which publer-sync edit runs has a new one."
STRANGER: Final = "Open the address that publer-sync edit shows in the terminal: it has the key to this page, and works once."
ELSEWHERE: Final = "Only the studio's own page may ask this."
READ_ONLY: Final = "This page was opened with --read-only. Nothing was written."


class _Body:
    """What is sent, for as long as somebody may take to send it."""

    def __init__(self, stream: BufferedIOBase, seconds: float) -> None:
        self._stream, self._until = stream, time.monotonic() + seconds

    def read(self, length: int) -> bytes:
        """At most this much; less where it ends, or where time is up."""
        parts: list[bytes] = []
        while length > 0 and time.monotonic() < self._until:
            part = self._stream.read1(length)
            if not part:
                break
            parts.append(part)
            length -= len(part)
        return b"".join(parts)


class StudioServer(LoopbackServer):
    """Serves a studio while it is entered."""

    def __init__(self, studio: Studio, port: int) -> None:
        """Raises OSError where the port cannot be used."""
        super().__init__(port, _StudioHandler)
        self.studio = studio
        self.guard = Guard()
        self.ask_in: Callable[[str], None] = lambda _: None
        """Called with an address where a browser wants in without one that works."""
        studio.tell, studio.version = self.tell, lambda: self.version

    @property
    def entrance(self) -> str:
        """An address that lets one browser in, once."""
        return f"{self.address}?token={self.guard.token}"

    def refused(self) -> None:
        """A browser had no address that works: whoever sees the terminal gets one."""
        if self.guard.tell_token():
            self.ask_in(self.entrance)


class _StudioHandler(LoopbackHandler):
    @property
    def served(self) -> StudioServer:
        found: StudioServer = self.server.pages
        return found

    @property
    def studio(self) -> Studio:
        return self.served.studio

    # --- questions

    def get(self, path: str, query: str) -> None:
        asked = parse_qs(query)
        if path == "/" and "token" in asked:
            self._enter(asked["token"][0])
        elif not self._is_known():
            if path == "/":
                self.served.refused()
            self._refuse(403, STRANGER)
        elif self.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
            self._refuse(403, ELSEWHERE)
        elif path == "/studio/events":
            self.tell_changes(asked.get("since", [""])[0], lambda version: json.dumps({"version": version}))
        elif path in _READS and not self._has_secret():
            self._refuse(403, ELSEWHERE)
        else:
            self._guarded(lambda: self._tell(path, asked))

    def _tell(self, path: str, asked: Mapping[str, list[str]]) -> None:
        name = path.removeprefix("/studio/")
        if path == "/" and not self.served.guard.use(asked.get("page", [""])[0]):
            self._shell("")
        elif path == "/":
            view, day = (asked.get(name, [""])[0] for name in ("view", "date"))
            html, policy = self.studio.page(view, day)
            more = {"Content-Security-Policy": f"{policy}; frame-ancestors 'none'"}
            self.send(200, "text/html; charset=utf-8", html.encode(), {"X-Frame-Options": "DENY", **more})
        elif path == "/studio/posts":
            self._answer(200, self.studio.posts())
        elif path == "/studio/outline":
            self._answer(200, self.studio.outline())
        elif path == "/studio/changes":
            self._answer(200, self.studio.since())
        elif path in ("/studio/cards", "/studio/texts"):
            keys = [key for word in asked.get("keys", []) for key in word.split(",") if key]
            whole = path == "/studio/cards"
            self._answer(200, self.studio.cards(keys) if whole else self.studio.texts(keys))
        elif name.startswith("media/") and (picture := self.studio.picture(name.removeprefix("media/"))):
            self.send(200, "image/webp", picture, {"Content-Security-Policy": f"{_LOCKED}; sandbox"})
        elif name.rpartition(".")[2] in _TYPES and name in names("studio", "page"):
            kind = _TYPES[name.rpartition(".")[2]]
            self._text(200, kind, packaged("studio", f"page/{name}"))
        else:
            self._refuse(404, "There is nothing here.")

    # --- orders

    def post(self, path: str, query: str) -> None:
        self.close_connection = True  # whatever else is in the body is not a request
        if not self._is_known():
            self._refuse(403, STRANGER)
        elif not self._is_own() or not self._has_secret():
            self._refuse(403, ELSEWHERE)
        elif self.studio.read_only and path not in ("/studio/days", "/studio/words", "/studio/ticket"):
            self._refuse(403, READ_ONLY)
        else:
            self._guarded(lambda: self._do(path, parse_qs(query)))

    def _do(self, path: str, asked: Mapping[str, list[str]]) -> None:
        studio = self.studio
        if path == "/studio/ticket":
            self._with_json(lambda _: StudioAnswer(200, {"ticket": self.served.guard.ticket()}))
        elif path == "/studio/change":
            self._with_json(lambda data: studio.change(change_request(data), data.get("do")))
        elif path == "/studio/days":
            self._with_json(lambda data: studio.days(read_request(DaysRequest, data)))
        elif path == "/studio/fresh":
            self._with_json(lambda data: studio.fresh(read_request(FreshRequest, data)))
        elif path == "/studio/words":
            self._with_json(lambda data: studio.counts(read_request(WordsRequest, data)))
        elif path == "/studio/undo":
            self._with_json(lambda data: studio.undo(read_request(StepRequest, data).step))
        elif path == "/studio/redo":
            self._with_json(lambda data: studio.redo(read_request(StepRequest, data).step))
        elif path == "/studio/kept":
            self._with_json(lambda data: studio.keep(read_request(KeptRequest, data)))
        elif path == "/studio/discard":
            self._with_json(lambda data: studio.discard(read_request(PictureRequest, data)))
        elif path == "/studio/restore":
            self._with_json(lambda data: studio.restore(read_request(RestoreRequest, data)))
        elif path == "/studio/review":
            self._with_json(lambda data: studio.put_up(read_request(ReviewRequest, data)))
        elif path == "/studio/back":
            self._with_json(lambda _: studio.back_to_default())
        elif path == "/studio/media":
            length = self._length("application/octet-stream", MOST_MEDIA)
            if length is not None:
                name, calendar = asked.get("name", ["picture"])[0], asked.get("calendar", [None])[0]
                answer = studio.upload(_Body(self.rfile, MEDIA_PATIENCE), length, name, calendar)
                self._answer(answer.status, answer.body)
        else:
            self._refuse(404, "There is nothing here.")

    def _with_json(self, do: Callable[[Any], StudioAnswer]) -> None:
        length = self._length("application/json", MOST_BYTES)
        if length is None:
            return
        raw = _Body(self.rfile, PATIENCE).read(length)
        if len(raw) < length:
            self._refuse(400, "The request did not arrive whole.")
            return
        try:
            data = json.loads(raw)
            json.dumps(data, ensure_ascii=False).encode()  # half of a pair of surrogates is not text
            answer = do(data)
        except BadRequest as error:
            self._refuse(400, str(error))
        except (UnicodeError, json.JSONDecodeError, RecursionError):
            self._refuse(400, "The request is not JSON.")
        else:
            self._answer(answer.status, answer.body)

    def _length(self, kind: str, most: int) -> int | None:
        """How much is sent; None where that was refused already."""
        lengths = self.headers.get_all("Content-Length", [])
        if self.headers.get_content_type() != kind:
            self._refuse(415, f"Send {kind}.")
        elif self.headers.get("Transfer-Encoding") or len(lengths) != 1 or not lengths[0].isdecimal():
            self._refuse(411, "Say how long the request is, once.")
        elif int(lengths[0]) > most:
            self._refuse(413, f"That is more than {most >> 20} MB.")
        else:
            return int(lengths[0])
        return None

    def _guarded(self, do: Callable[[], None]) -> None:
        """Whatever goes wrong, the page is told."""
        try:
            do()
        except PublerSyncError as error:
            self._refuse(500, "\n".join(filter(None, (error.message, error.hint))))
        except OSError:
            self.close_connection = True  # the browser went away, or sends too slowly
        except Exception as error:  # noqa: BLE001 — whatever it is, the page gets an answer, and the terminal the traceback
            traceback.print_exc(file=sys.stderr)
            self._refuse(500, f"publer-sync itself failed ({type(error).__name__}). Reload the page.")

    # --- answers

    def _answer(self, status: int, body: Any) -> None:
        self._text(status, _JSON, json.dumps(body, ensure_ascii=False))

    def _refuse(self, status: int, say: str) -> None:
        """In JSON to the page's own questions, in words to people."""
        if self.path.startswith("/studio/"):
            self._answer(status, {"refused": {"say": say}})
        else:
            self._text(status, _TEXT, f"{say}\n")

    def _text(self, status: int, kind: str, text: str) -> None:
        more = {"Content-Security-Policy": _LOCKED}
        if self.close_connection:
            more["Connection"] = "close"
        self.send(status, kind, text.encode(errors="replace"), more)

    # --- who asks

    def _enter(self, token: str) -> None:
        if self.served.guard.enter(token):
            self._shell(self.served.guard.secret)
        elif self._is_known():
            self._shell("")  # the address of this browser, opened again
        else:
            self.served.refused()
            self._refuse(403, USED)

    def _shell(self, secret: str) -> None:
        """The way to the page, which is asked for with the header's value that this browser keeps, or is given here."""
        body = f'<body data-secret="{secret}">' if secret else "<body>"
        more = {"Set-Cookie": self.served.guard.cookie(self.served.port)} if secret else {}
        self.send(
            200,
            "text/html; charset=utf-8",
            f"{_SHELL}{body}<p>Opening the calendar…</p></body></html>\n".encode(),
            {
                "Content-Security-Policy": _SHELL_POLICY,
                "Referrer-Policy": "no-referrer",
                "X-Frame-Options": "DENY",
                **more,
            },
        )

    def _is_known(self) -> bool:
        """Whether the browser has the cookie."""
        return self.served.guard.has_cookie(self.headers.get("Cookie", ""), self.served.port)

    def _has_secret(self) -> bool:
        return self.served.guard.has_secret(self.headers.get(HEADER, ""))

    def _is_own(self) -> bool:
        """Whether a page of this server asks (W3C, "Fetch Metadata Request Headers"; RFC 6454, "Origin")."""
        site, origin = self.headers.get("Sec-Fetch-Site"), self.headers.get("Origin")
        if site is not None and site != "same-origin":
            return False
        if origin is not None:
            return origin in {f"http://{host}" for host in self.served.hosts}
        return site == "same-origin"
