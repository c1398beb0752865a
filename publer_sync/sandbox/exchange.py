"""A request, its response, the refusal that ends it, and what every endpoint works with. No sockets."""

from __future__ import annotations

import json
import time
from dataclasses import field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from publer_sync.sandbox.records import new_id
from publer_sync.sandbox.tables import WORKSPACE_TEXT, not_modelled
from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from publer_sync.sandbox.database import Database
    from publer_sync.sandbox.faults import Faults
    from publer_sync.sandbox.records import Record

JSON = "application/json; charset=utf-8"
USER: Record = {"id": "5f0000000000000000000001", "name": "Sandbox", "picture": None}
"""Who the key belongs to."""


@dataclass(frozen=True, slots=True)
class Request:
    """`path` is below `/api/v1`; header names are in lower case."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @property
    def params(self) -> dict[str, list[str]]:
        return parse_qs(self.query, keep_blank_values=True)

    def first(self, key: str) -> str:
        return self.params.get(key, [""])[0]

    def json(self) -> Any:
        """Raises ErrorResponse where the body is not JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise ErrorResponse(400, not_modelled("The request body is not JSON")) from None


@dataclass(frozen=True, slots=True)
class Response:
    """`status` 0: the connection ends without one."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    type: str = JSON


def respond(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    text = json.dumps(data, ensure_ascii=False)
    return Response(status, text.encode(errors="replace"), headers or {})


class ErrorResponse(Exception):
    """Ends a request with an error response. Every endpoint and every check of the door may raise it; `routing` answers it."""

    def __init__(self, status: int, *texts: str, response: Response | None = None) -> None:
        self.response = response or respond({"errors": list(texts)}, status)


def wall_time() -> float:
    """UNIX seconds."""
    return time.time()


@dataclass(frozen=True, slots=True)
class Context:
    """What every endpoint works with.

    Two clocks: `now` is the service's, which decides what is past and when posts are published; delays of jobs and
    lists are wall clock, in multiples of `poll_seconds`, so that they pass for every process that shares the file,
    whatever its `now`. `wall` is that clock, in UNIX seconds. `new_id` makes the ids of posts, jobs and media.
    """

    database: Database
    faults: Faults
    now: Callable[[], datetime]
    poll_seconds: float
    wall: Callable[[], float] = wall_time
    new_id: Callable[[], str] = new_id

    def workspace(self, request: Request) -> str:
        """The id of the workspace that the request's header names. Raises ErrorResponse where there is none."""
        wanted = request.headers.get("publer-workspace-id", "")
        if all(workspace["id"] != wanted for workspace in self.database.workspaces()):
            raise ErrorResponse(401, WORKSPACE_TEXT)
        return wanted
