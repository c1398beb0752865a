"""What comes back from Publer before anyone looks inside: an answer or none, a refusal for people, the request limit.

Values in, values out. Publer's refusals have no machine-readable code: the status decides, then the text.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from publer_sync.publer.bodies import Nonsense, complaint_in, glimpse, parse
from publer_sync.publer.pacing import LONGEST, Quota
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import PlanRefused, Refused
from publer_sync.values.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Answer:
    """`headers` have lower-case names."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def accepted(self) -> bool:
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Fault:
    """No whole answer, and why, for people. `arrived` is False only where no byte of the request can have been read.

    `fix`: it is in vain to ask again before a person has done that.
    """

    reason: str
    arrived: bool
    fix: str | None = None


_CAUSES = (
    "Likely causes, the likeliest first: the API key is mistyped, revoked or another user's (PUBLER_API_KEY); "
    "it lacks a scope: workspaces, accounts, posts, and media for uploads (scopes can't be added later, so create a "
    "new key); its user can't see the workspace (PUBLER_WORKSPACE_ID); "
    "the plan has no API: that takes Business or higher, in good standing."
)
_HINTS = {
    404: "Publer has no such thing. If everything fails like this, check PUBLER_BASE_URL.",
    413: "Publer takes files up to 200 MB. Give larger ones by `url:`.",
    429: "The limit counts all keys of a user, so something else may be using it up. Run again later; that is safe.",
}

TO_SCHEDULE = "to schedule posts"
TO_IMPORT = "to fetch media"
TO_DELETE = "to delete posts"
_NOT_ALLOWED = (
    "The API key's user may not delete it: Publer lets people delete their own posts, posts on accounts to which they may "
    "post, and those of a workspace that is theirs. Delete it in Publer as somebody who may, or give the user the rights."
)
_OF_POSTS = {413: "The request was too large for Publer. Shorten the post, or divide it into several."}

_UPGRADE = re.compile(r"\bupgrade\b", re.IGNORECASE)
"""Publer says "Please upgrade to Business to access our API." to a key whose plan has none."""
_OF_THE_KEY = re.compile(r"\b(upgrade|plan|subscription|scopes?|keys?|workspaces?)\b", re.IGNORECASE)
"""What a 403 speaks of that is about every request."""
_OF_A_SCOPE = re.compile(r"\b(upgrade|scopes?|keys?)\b", re.IGNORECASE)
_OF_IMPORTS = re.compile(r"\b(imports?|uploads?)\b", re.IGNORECASE)
"""What one speaks of that is about another request, whatever it calls the workspace or the plan."""
_OF_RIGHTS = re.compile(r"\b(permissions?|access|unauthorized)\b", re.IGNORECASE)
"""What one speaks of that waiting does not change."""
_BUSY = (
    "Publer fetches one thing at a time, and may still be fetching another. Run apply again later; that is safe. "
    "If it refuses then too, the API key may lack the scope media (scopes can't be added later, so create a new key)."
)


def refusal(answer: Answer, *, doing: str) -> Refused | PlanRefused:
    """A definite no. `doing` completes "Publer refused …": "to list the posts"."""
    status, said, seen = answer.status, complaint_in(answer.body), glimpse(answer.body)
    if status in {401, 402, 403} and _UPGRADE.search(said):
        return PlanRefused(
            f'Publer\'s plan has no API access ({status}): "{said}"',
            hint="The API takes Publer Business or higher, in good standing. Check the plan and its last payment in "
            "Publer, then run again; that is safe. The key is not the cause.",
        )
    if 300 <= status < 400:
        return Refused(
            f"Publer's address redirects to {_host(answer)} ({status})",
            code="publer.elsewhere",
            status=status,
            hint="Redirects are not followed, since they could carry the key away. Check PUBLER_BASE_URL and proxies.",
        )
    if status in {403, 429} and _cloudflare(answer.body):
        return Refused(
            f"Cloudflare or a proxy in front of Publer blocked the request ({_status(status, said or seen)})",
            code="publer.shut",
            status=status,
            hint="The key is not the cause: try again later or from another network, "
            "or set PUBLER_SYNC_USER_AGENT to a browser's user agent.",
        )
    summary, code, hint = f"Publer refused {doing} ({_status(status, seen)})", None, _HINTS.get(status)
    if doing == TO_SCHEDULE:
        hint = _OF_POSTS.get(status, hint)
    # In which words Publer refuses a second import during a first, or to delete somebody's post, nobody has published.
    may_be_the_key = _OF_THE_KEY.search(said) or (doing != TO_DELETE and _OF_RIGHTS.search(said))
    busy = _OF_IMPORTS.search(said) and not _OF_A_SCOPE.search(said)
    if status == 403 and doing == TO_IMPORT and (busy or not may_be_the_key):
        code, hint = "media.busy", _BUSY
    elif status == 403 and doing == TO_DELETE and not may_be_the_key:
        hint = _NOT_ALLOWED
    elif status in {401, 403}:
        code, hint = "key.refused", _CAUSES
        if "workspace" in said.lower():
            summary = f"Publer does not let this key into the workspace ({status})"
        elif status == 401:
            summary = f"Publer does not accept this key ({status})"
    return Refused(summary, publer_said=said, code=code, status=status, hint=hint)


def _status(status: int, seen: str) -> str:
    return f"{status}, {seen}" if seen else str(status)


def _host(answer: Answer) -> str:
    """Where a redirect points to: only the host, as the rest may be private."""
    try:
        host = urlsplit(answer.headers.get("location", "")).hostname
    except ValueError:
        host = None
    return printable_line(host, 100) if host else "another path"


def _cloudflare(body: bytes) -> bool:
    """Publer itself answers in JSON; what is in front of it answers in text ("error code: 1010") or a page."""
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


def asked_pause(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """Seconds that an answer asks to wait: Retry-After, in seconds or as a date."""
    told = headers.get("retry-after")
    moment = _http_date(told)
    return _seconds_until(str(moment.timestamp()) if moment else told, headers, now)


def date_of(headers: Mapping[str, str]) -> datetime | None:
    """When the sender says that it answered; None where its answer has no date."""
    return _http_date(headers.get("date"))


def seconds_ahead(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """By how much the sender's clock is ahead of ours; None where its answer has no date."""
    moment = date_of(headers)
    return (moment - now).total_seconds() if moment else None


def _seconds_until(told: str | None, headers: Mapping[str, str], now: datetime) -> float | None:
    """A span in seconds, or a moment in UNIX seconds.

    The distance of a moment is measured by the sender's own clock where it sends a plausible one, else by ours.
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
