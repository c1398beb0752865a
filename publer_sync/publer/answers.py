"""What comes back from Publer before anyone looks inside: an answer or none, a no in words for people, the limit's word.

Values in, values out. There is no machine-readable code in Publer's refusals: the status decides, then the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from publer_sync.errors import Refused
from publer_sync.publer.pacing import LONGEST, Quota
from publer_sync.publer.wire import Nonsense, complaint, parse, plain

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Answer:
    """`headers` have lower-case names."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Fault:
    """No whole answer, and why, in words. `arrived` is False only where no byte of the request can have been read."""

    reason: str
    arrived: bool


def said(body: bytes) -> str:
    """The words of an error answer, JSON or not; "" where it has none."""
    try:
        return complaint(parse(body))
    except Nonsense as what:
        return "" if not body.strip() else str(what).strip('"')


_CAUSES = (
    "Possible causes, the likeliest first: the API key is mistyped, revoked or of another user (PUBLER_API_KEY); "
    "it was made without a scope it needs: workspaces, accounts, posts, and media for uploads (scopes cannot be "
    "added later: make a new key); the workspace is not one that its user can see (PUBLER_WORKSPACE_ID); "
    "the plan has no API: it takes Business or higher, in good standing."
)


def refusal(answer: Answer, *, doing: str) -> Refused:
    """A definite no, in words. `doing` completes "Publer refused …"."""
    status, text = answer.status, said(answer.body)
    words = f'{status}: "{text}"' if text else f"{status}"
    if 300 <= status < 400:
        return Refused(
            f"Publer's address leads elsewhere ({status}, to {_host(answer)})",
            code="publer.elsewhere",
            status=status,
            hint="Redirects are not followed, as they could carry the key away. Check PUBLER_BASE_URL and proxies.",
        )
    if status == 403 and _gate(answer.body):
        return Refused(
            f"Publer's gate refused the request ({words}, not from Publer itself)",
            code="publer.shut",
            status=status,
            hint="It is the gate, not the key: try again later or from another network, "
            "or set PUBLER_SYNC_USER_AGENT to a browser's user agent.",
        )
    if status == 403 and "import" in text.lower():
        return Refused(
            f"Publer refused {doing} ({words})",
            code="media.busy",
            status=status,
            hint="It fetches one thing at a time. Apply again when it is done with the other.",
        )
    if status in {401, 403}:
        if "workspace" in text.lower():
            head = f"Publer does not let this key into the workspace ({words})"
        elif status == 401:
            head = f"Publer does not accept this key ({words})"
        else:
            head = f"Publer refused {doing} ({words})"
        return Refused(head, code="key.refused", status=status, hint=_CAUSES)
    hint = {
        404: "What was asked for is not there. If it is so for everything, check PUBLER_BASE_URL.",
        413: "Publer takes files of up to 200 MB; larger ones by `url:`.",
        429: "The limit is counted over all keys of a user: something else may be using it up. "
        "Run again later; that is safe.",
    }.get(status)
    return Refused(f"Publer refused {doing} ({words})", status=status, hint=hint)


def _host(answer: Answer) -> str:
    """Where a redirect points to: the host alone, as the rest is nobody's business."""
    try:
        host = urlsplit(answer.headers.get("location", "")).hostname
    except ValueError:
        host = None
    return plain(host, longest=100) if host else "another path"


def _gate(body: bytes) -> bool:
    """Publer itself answers in JSON; what stands before it answers in text ("error code: 1010") or a page."""
    try:
        return not isinstance(parse(body), dict | list) or b"error code: 1010" in body
    except Nonsense:
        return True


# --- headers ----------------------------------------------------------------------------------------------------------


def quota(headers: Mapping[str, str], *, now: datetime) -> Quota:
    """The X-RateLimit headers (Publer docs, "Rate Limits"). `headers` have lower-case names."""
    limit = _number(headers.get("x-ratelimit-limit"))
    remaining = _number(headers.get("x-ratelimit-remaining"))
    return Quota(
        limit=int(limit) if limit and 1 <= limit <= 1e6 else None,
        remaining=int(remaining) if remaining is not None and 0 <= remaining <= 1e6 else None,
        reset_in=_seconds_until(headers.get("x-ratelimit-reset"), headers, now),
    )


def retry_after(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """Seconds that a 429 or 503 asks to wait: Retry-After in seconds or as a date, else the limit's reset."""
    told = headers.get("retry-after")
    moment = _http_date(told)
    for value in (str(moment.timestamp()) if moment else told, headers.get("x-ratelimit-reset")):
        if (seconds := _seconds_until(value, headers, now)) is not None:
            return seconds
    return None


def _seconds_until(told: str | None, headers: Mapping[str, str], now: datetime) -> float | None:
    """A span in seconds, or a moment in UNIX seconds.

    How far a moment is, the sender's own clock tells where it shows one that makes sense, else ours.
    """
    number = _number(told)
    if number is None or number < 1e9:
        return number
    for clock in (_http_date(headers.get("date")), now):
        if clock is not None and -60 <= (ahead := number - clock.timestamp()) <= LONGEST:
            return max(0.0, ahead)
    return None


def _number(value: str | None) -> float | None:
    try:
        number = float(value or "")
    except ValueError:
        return None
    return number if 0 <= number < 1e12 else None


def _http_date(value: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value or "")
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
