"""The checks that every request passes first: Cloudflare, the key and its scopes, the request limit."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from publer_sync.sandbox.exchange import ErrorResponse, Response, respond
from publer_sync.sandbox.tables import KEY_TEXT, LIMIT_TEXT, UNAUTHORIZED_TEXT, UPGRADE_TEXT, not_modelled

if TYPE_CHECKING:
    from publer_sync.sandbox.exchange import Context, Request
    from publer_sync.sandbox.faults import Trip

BLOCKED = Response(403, b"error code: 1010", type="text/plain; charset=UTF-8")
AGENTS = {
    "urllib": re.compile("python-urllib", re.IGNORECASE),
    "libraries": re.compile(r"(python|go-http-client|java|okhttp|axios|node|ruby|libwww|$)", re.IGNORECASE),
}
"""User agents that Cloudflare turns away. Of those that libraries send by themselves only urllib's is known to be."""


def blocked(context: Context, request: Request, trip: Trip | None) -> bool:
    """Whether Cloudflare refuses the request before the service sees it."""
    if trip and trip.kind == "blocked":
        return True
    agents = AGENTS.get(context.faults.cloudflare)
    return agents is not None and agents.match(request.headers.get("user-agent", "")) is not None


def authenticate(context: Context, request: Request, trip: Trip | None) -> None:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme != "Bearer-API" or not key.strip():
        raise ErrorResponse(401, UNAUTHORIZED_TEXT)
    if context.faults.key_refused:
        raise ErrorResponse(403, KEY_TEXT)
    if trip is not None and trip.kind == "upgrade":
        raise ErrorResponse(403, UPGRADE_TEXT)


def need(context: Context, scope: str) -> None:
    if scope not in context.faults.scopes:
        raise ErrorResponse(403, not_modelled(f"Missing scope: {scope}"))


def count(context: Context, trip: Trip | None) -> dict[str, str]:
    """Count the request and return the headers with the limit.

    Publer docs, "Rate limits": 100 in 2 minutes, per user over all keys and workspaces.
    """
    faults, now = context.faults, context.wall()
    limit = faults.rate_limit
    window = faults.rate_window * context.poll_seconds
    fits, left, reset = True, 0, now + window
    if limit is not None:
        fits, left, reset = context.database.hit(now, window, limit)
    limited = trip is not None and trip.kind == "limited"
    headers = {
        "X-RateLimit-Limit": str(limit or 100),
        "X-RateLimit-Remaining": "0" if limited else str(left),
        "X-RateLimit-Reset": str(math.ceil(reset)),
    }
    if limited or not fits:
        bare = (trip is not None and limited and not trip.headers) or faults.rate_headers == "never"
        raise ErrorResponse(429, response=respond({"error": LIMIT_TEXT}, 429, {} if bare else headers))
    return headers if faults.rate_headers == "always" and limit is not None else {}
