"""A record of the requests of one process and their answers, as `shaping` shows them: a line of JSON for each."""

from __future__ import annotations

import json
import os
import threading
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from publer_sync.machine.version import version
from publer_sync.publer.answers import Answer, Fault, asked_pause, quota, seconds_ahead
from publer_sync.publer.bodies import Nonsense, looks_like, parse
from publer_sync.publer.shaping import Shaper
from publer_sync.values.service import is_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from publer_sync.values.content import Json

VERSION = 1
_PATH = frozenset(
    {
        "users",
        "me",
        "workspaces",
        "accounts",
        "posts",
        "schedule",
        "publish",
        "job_status",
        "media",
        "from-url",
    }
    | {
        "signatures",
        "media_options",
        "locations",
        "analytics",
        "post_insights",
        "facebook",
        "instagram",
        "threads",
    }
)
_SHOWN = frozenset({"page", "state", "state[]", "from", "to", "post_ids[]", "account_ids[]"})
"""Keys of a query whose values tell nothing but how it was asked."""


Line = dict[str, "Json"]


class Trace:
    """Gives a line for each request to `write`, and first one that says what it is."""

    def __init__(self, write: Callable[[Line], None]) -> None:
        self._write = write
        self._lock = threading.Lock()
        self._shaper = Shaper(lambda: datetime.now(UTC))
        self._began = datetime.now(UTC)
        self._write({"trace": VERSION, "publer_sync": version()})

    def add(
        self, method: str, url: str, body: object, came: Answer | Fault, *, seconds: float, below: str
    ) -> None:
        """`below` is the address that the service's paths stand below; `seconds` is what it took.

        A line that can't be written is left out: nothing may end a run between a request and what is noted of it.
        """
        parts = urlsplit(url.removeprefix(below))
        at = (datetime.now(UTC) - self._began).total_seconds()
        with self._lock:
            line: Line = {
                "at": round(at - seconds, 3),
                "method": method,
                "path": self._path(parts.path),
                "query": self._query(parts.query),
                "body": self._sent(body, parts.path),
                "took": round(seconds, 3),
                **self._came(came, parts.path),
            }
            with suppress(OSError):
                self._write(line)

    def _path(self, path: str) -> str:
        kinds = {"posts": "post", "job_status": "job", "workspaces": "workspace", "analytics": "account"}
        shown: list[str] = []
        for part in path.strip("/").split("/"):
            before = shown[-1] if shown else ""
            shown.append(part if part in _PATH else self._shaper.name(part, kinds.get(before, "id")))
        return "/" + "/".join(shown)

    def _query(self, query: str) -> Json:
        shown: dict[str, list[Json]] = {}
        for key, value in parse_qsl(query, keep_blank_values=True):
            values = shown.setdefault(key if key in _SHOWN else self._key(key), [])
            if key in _SHOWN:
                values.append(self._value(key, value))
        return {**shown}

    def _key(self, key: str) -> str:
        shown = self._shaper.shape({key: None})
        return next(iter(shown)) if isinstance(shown, dict) else ""

    def _value(self, key: str, value: str) -> Json:
        if key == "page":
            return int(value) if value.isdecimal() else "text"
        if key in {"from", "to"}:
            with suppress(ValueError):
                return (datetime.fromisoformat(value).date() - self._began.date()).days
            return "text"
        if key in {"state", "state[]"}:
            return self._shaper.shape(value, key="state")
        return self._shaper.name(value, "post" if key == "post_ids[]" else "account")

    def _sent(self, body: object, path: str) -> Json:
        if body is None:
            return None
        if not isinstance(body, bytes):
            return {"file": len(body)} if hasattr(body, "__len__") else "file"
        return self._parsed(body, path)

    def _came(self, came: Answer | Fault, path: str) -> dict[str, Json]:
        if isinstance(came, Fault):
            return {"status": None, "fault": came.reason}
        now = datetime.now(UTC)
        told = quota(came.headers, now=now)
        limits: dict[str, Json] = {
            "limit": told.limit,
            "remaining": told.remaining,
            "reset_in": told.reset_in,
            "retry_after": asked_pause(came.headers, now=now),
            "clock_ahead": seconds_ahead(came.headers, now=now),
        }
        headers = {name: round(value) for name, value in limits.items() if isinstance(value, int | float)}
        return {"status": came.status, "headers": {**headers}, "answer": self._parsed(came.body, path)}

    def _parsed(self, body: bytes, path: str) -> Json:
        try:
            data = parse(body)
        except Nonsense:
            page = looks_like(body).startswith("a web page")
            cloudflare = {"said": "error code: 1010"} if b"error code: 1010" in body else {}
            return {"not_json": "a web page" if page else "text" if body else "nothing", **cloudflare}
        first = path.strip("/").split("/")
        last = next((part for part in reversed(first) if part in _PATH and not is_id(part)), "")
        key = {"schedule": "posts", "from-url": "media", "post_insights": "posts"}.get(last, last)
        return self._shaper.shape(data, key=key)


_current: Trace | None = None


def current() -> Trace | None:
    """Where this process records its requests; None where it does not."""
    return _current


def appended(file: Path, line: Line) -> None:
    """Raises OSError."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as opened:
        opened.write(json.dumps(line) + "\n")


@contextmanager
def recording(write: Callable[[Line], None]) -> Iterator[None]:
    """Record every request to Publer that is made inside. Raises what `write` raises of the first line."""
    global _current  # noqa: PLW0603 - as `read_only`: it holds for the process, whichever connection sends
    before, _current = _current, Trace(write)
    try:
        yield
    finally:
        _current = before
