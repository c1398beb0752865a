"""What a JSON value looks like, without what it says: keys and kinds, for a record that may be given away.

What people wrote, names, keys and addresses are never in it. An id becomes a number of its kind, the same one each time; a
time its distance from now; a text its length, and digests under a random key that is kept nowhere, so that two texts can
be compared within one record, in each of the forms that a service may give them, and with nothing outside of it.
"""

from __future__ import annotations

import hashlib
import hmac
import html
import re
import secrets
import unicodedata
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from publer_sync.networks.table import NETWORKS, POST_TYPES
from publer_sync.publer.known import KNOWN
from publer_sync.values.service import is_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from publer_sync.values.content import Json

_KEY = re.compile(r"[A-Za-z][A-Za-z_]{0,30}(\[\])?")
"""Keys are the service's own words: they are in its documents, or will be."""
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?")
_COUNTS = frozenset({"total", "page", "per_page", "total_pages"})
_OF = {
    "posts": "post",
    "post_ids": "post",
    "deleted_ids": "post",
    "accounts": "account",
    "account_ids": "account",
    "account": "account",
    "workspaces": "workspace",
    "media": "media",
    "thumbnails": "media",
    "labels": "label",
    "user": "user",
    "owner": "user",
    "members": "user",
    "albums": "album",
    "signatures": "signature",
    "job_status": "job",
}
"""What has an id, by the key that leads to it."""
_WORDED = frozenset(
    {"state", "status", "type", "network", "provider", "source", "rate", "role", "unit", "relation"}
)
"""Keys whose values are words of the service."""
WORDS = frozenset(
    [
        *NETWORKS,
        *POST_TYPES,
        "all",
        "scheduled",
        "published",
        "draft",
        "failed",
        "recycling",
        "recurring",
        "scheduled_approved",
        "scheduled_pending",
        "scheduled_declined",
        "scheduled_reauth",
        "scheduled_locked",
        "published_posted",
        "published_deleted",
        "published_hidden",
        "draft_dated",
        "draft_undated",
        "draft_private",
        "draft_public",
        "recycling_active",
        "recycling_paused",
        "recycling_expired",
        "recycling_failed",
        "recycling_pending",
        "recycling_declined",
        "recycling_reauth",
        "recycling_locked",
        "working",
        "complete",
        "completed",
        "success",
        "succeeded",
        "error",
        "errored",
        "failure",
        "pending",
        "queued",
        "processing",
        "image",
        "job",
        "single",
        "bulk",
        "x",
        "wordpress_oauth",
        "wordpress_basic",
        "page",
        "profile",
        "group",
        "business",
        "channel",
        "location",
        "blog",
        "fb_page",
        "ig_business",
        "in_page",
        "in_profile",
        "pin_business",
        "pin_personal",
        "active",
        "inactive",
        "locked",
        "owner",
        "admin",
        "member",
        "client",
        "schedule",
        "sync",
        "upload",
        "url",
        "free",
        "professional",
        "enterprise",
        "ambassador",
        "minute",
        "hour",
        "day",
        "week",
        "month",
        "and",
        "or",
    ]
)
"""Of Publer's documents. Any other word is taken for a text."""
_SENTENCES = (
    *(one.part for one in KNOWN),
    "unknown state",
    "don't have access on this workspace",
    "invalid api key",
    "please upgrade",
    "rate limit exceeded",
    "document.find with nil",
    "error code: 1010",
)
"""Parts of what Publer is known to say, which name it."""
_HIDDEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


class Shaper:
    """`now` tells the time that distances are counted from."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._secret = secrets.token_bytes(32)
        self._ids: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def shape(self, value: Json, *, key: str = "", kind: str = "id") -> Json:
        """`key` is what leads to the value, `kind` the kind of the nearest thing around it that has an id."""
        kind = _OF.get(key.removesuffix("[]"), kind)
        match value:
            case None | bool():
                return value
            case dict():
                return self._object(value, kind)
            case list():
                return [self.shape(one, key=key, kind=kind) for one in value]
            case int() | float():
                if _is_id_key(key):
                    return f"{self.name(value, _of_key(key, kind))} (number)"
                return value if key in _COUNTS else "number"
            case str():
                return self._text(value, key, kind)

    def name(self, value: object, kind: str) -> str:
        """What an id is called here."""
        known = self._ids.get(str(value))
        if known is None:
            self._counts[kind] = number = self._counts.get(kind, 0) + 1
            known = self._ids[str(value)] = f"{kind}-{number}"
        return known

    def _object(self, value: dict[str, Json], kind: str) -> Json:
        shown: dict[str, Json] = {}
        for name, one in value.items():
            if is_id(name):
                called = self.name(name, "account")
            elif name.isdecimal() and len(name) < 4:
                called = name
            else:
                called = name if _KEY.fullmatch(name) else f"(text {len(name)})"
            shown[called] = self.shape(one, key=name, kind=kind)
        return shown

    def _text(self, text: str, key: str, kind: str) -> Json:
        if not text:
            return ""
        if _is_id_key(key) or is_id(text):
            form = "" if is_id(text) else " (digits)" if text.isdecimal() else " (text)"
            return f"{self.name(text, _of_key(key, kind))}{form}"
        if key in _WORDED and text.lower() in WORDS:
            return text
        if _TIME.fullmatch(text) and (distance := self._distance(text)) is not None:
            return {"time": distance, "form": re.sub(r"\d", "0", text)}
        said = next((part for part in _SENTENCES if part in text.lower()), None)
        return {"said": said} if said else self.text(text)

    def text(self, text: str) -> Json:
        """Its length, and what its forms are known by; those that are equal to the text itself are left out."""
        exact = self._digest(text)
        forms = {name: self._digest(form(text)) for name, form in FORMS.items()}
        digests = {name: digest for name, digest in forms.items() if digest != exact}
        address = {"address": True} if text.startswith(("https://", "http://")) else {}
        return {"text": len(text), "exact": exact, **digests, **address}

    def _digest(self, text: str) -> str:
        return hmac.new(self._secret, text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:12]

    def _distance(self, text: str) -> int | None:
        """Seconds from now."""
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return round((moment - self._now()).total_seconds())


def _is_id_key(key: str) -> bool:
    return key.removesuffix("[]") in {"id", "ids"} or key.removesuffix("[]").endswith(("_id", "_ids"))


def _of_key(key: str, kind: str) -> str:
    """The kind of an id by its key: `account_id` is an account's, `id` that of what it stands in."""
    own = re.sub(r"_?ids?$", "", key.removesuffix("[]"))
    return own if own in {*_OF.values(), "job", "media"} else kind


def _folded(text: str) -> str:
    """As words are compared that decide whose post it is."""
    plain = unicodedata.normalize("NFC", html.unescape(text)).translate(_HIDDEN)
    return " ".join(plain.split())


FORMS: dict[str, Callable[[str], str]] = {
    "trimmed": lambda text: re.sub(r"\r\n?", "\n", text).strip(),
    "unescaped": html.unescape,
    "without_markup": lambda text: " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split()),
    "spaces_joined": lambda text: " ".join(text.split()),
    "lower": lambda text: text.lower(),
    "without_end": lambda text: text.strip().rpartition("\n\n")[0].strip() or text.strip(),
    "folded": _folded,
}
"""What a service may make of a text: of two texts, the forms in which they are equal tell what it was.

`without_end` is to be compared with the other one's `trimmed`: what follows may be a signature.
"""
