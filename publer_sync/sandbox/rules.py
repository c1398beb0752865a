"""The service's rules as values: what becomes of a create request, and what a post, a medium and a time are.

No disk, no network, no clock. Written from Publer's documents alone, apart from the client's own tables, so that
a misreading there is not repeated here.
"""

from __future__ import annotations

import bisect
import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, MutableMapping

    from publer_sync.sandbox.faults import Faults

Record = dict[str, Any]

GAP = 60.0
LEAD = timedelta(minutes=1)
HORIZON = timedelta(days=5 * 366)
BULK_MOST = 500
SLICE = 15
"""Posts in a list without dates."""

GAP_TEXT = "There's another post at this time. A one minute gap is required between posts"
COMPOSER_TEXT = "The composer is in a bad state for this account as it's missing the social network params."
BACKDATED_TEXT = "Posts cannot be backdated"
TYPE_TEXT = "Post type is not valid"
WORKSPACE_TEXT = "You don't have access on this workspace"
LIMIT_TEXT = "Rate limit exceeded. Retry later."

BULK_STATES = ("scheduled", "draft", "draft_private", "draft_public", "recurring")

STATES = {
    "scheduled": ("approved", "pending", "declined", "reauth", "locked"),
    "published": ("posted", "deleted", "hidden"),
    "draft": ("dated", "undated", "private", "public"),
    "failed": (),
    "recycling": ("active", "paused", "expired", "failed", "pending", "declined", "reauth", "locked"),
    "recurring": (),
}
KNOWN_STATES = {"all", *STATES} | {f"{family}_{part}" for family, parts in STATES.items() for part in parts}

TYPES: Mapping[str, frozenset[str]] = {
    network: frozenset(types.split())
    for network, types in {
        "facebook": "status photo video link carousel story reel gif",
        "instagram": "photo video carousel story reel",
        "twitter": "status photo video link gif poll",
        "linkedin": "status photo video link document poll gif",
        "pinterest": "photo video carousel",
        "google": "status photo video link event offer",
        "youtube": "video short",
        "tiktok": "video photo carousel",
        "wordpress": "article",
        "telegram": "status photo video link gif",
        "mastodon": "status photo video link gif poll",
        "threads": "status photo video link",
        "bluesky": "status photo video link",
    }.items()
}
"""Publer docs, "Content types" and "Networks": the union where the two differ."""

DAILY = {
    "facebook": 36,
    "instagram": 25,
    "threads": 250,
    "tiktok": 25,
    "twitter": 100,
    "mastodon": 100,
    "bluesky": 100,
    "linkedin": 24,
    "pinterest": 36,
    "google": 15,
    "youtube": 15,
    "wordpress": 24,
    "telegram": 15,
}
"""Publer docs, "Rate limits": the Business plan, per account in any 24 hours. Facebook's and Instagram's stories
count apart, with the same figure. LinkedIn accounts are pages here; profiles have 14."""

MEDIA_TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "avi": "video/x-msvideo",
    "webm": "video/webm",
    "pdf": "application/pdf",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A post as the service keeps it. `visible` is the wall clock from which lists show it, `body` the rest."""

    id: str
    workspace: str
    account_id: str | None
    state: str
    at: datetime | None
    visible: float
    body: Record

    @property
    def family(self) -> str:
        return family(self.state)

    @property
    def shown_id(self) -> str | int:
        return int(self.id) if len(self.id) < 24 and self.id.isdigit() else self.id


@dataclass(slots=True)
class Taken:
    """When the posts of one account go out, in seconds, sorted: all of them, and by daily cap."""

    times: list[float] = field(default_factory=list)
    capped: dict[str, list[float]] = field(default_factory=dict)

    def add(self, at: float, bucket: str) -> None:
        bisect.insort(self.times, at)
        bisect.insort(self.capped.setdefault(bucket, []), at)

    def crowded(self, at: float) -> bool:
        """Whether another post of the account is less than a minute away."""
        left = bisect.bisect_left(self.times, at)
        return any(abs(self.times[i] - at) < GAP for i in (left - 1, left) if 0 <= i < len(self.times))

    def full(self, at: float, bucket: str, cap: int) -> bool:
        """Whether one more post would be more than `cap` in some 24 hours."""
        day, times = 86400.0, self.capped.get(bucket, [])
        for start in [at, *times[bisect.bisect_right(times, at - day) : bisect.bisect_right(times, at)]]:
            among = bisect.bisect_left(times, start + day) - bisect.bisect_left(times, start)
            if among + 1 > cap:
                return True
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What a job finds when it runs. Times are of the service's clock; `asked` is when the request came in."""

    workspace: str
    accounts: Mapping[str, Record]
    media: Mapping[str, Record]
    taken: MutableMapping[str, Taken]
    asked: datetime
    runs: datetime
    visible: float
    faults: Faults
    user: Record


class _Refused(Exception):
    """The text is what the job's failures say."""


class _Lost(Exception):
    """Nothing is made and nothing is said."""


def judge(bulk: Record, world: World) -> tuple[list[Stored], list[Record]]:
    """What a create job makes, and its failures, in the order of the request.

    A failure names the account and nothing else: no item, no time, no text (Publer docs, "Job status").
    """
    made: list[Stored] = []
    failures: list[Record] = []
    for item in bulk["posts"]:
        for entry in _entries(item, bulk["state"]):
            account = world.accounts.get(str(entry.get("id", "")))
            try:
                post = _post(item, entry, account, bulk["state"], world)
            except _Refused as refused:
                failures.append(_failure(str(refused), entry, account))
            except _Lost:
                continue
            else:
                made.append(post)
                occupy(world.taken, post)
    return made, failures


def occupy(taken: MutableMapping[str, Taken], post: Stored) -> None:
    """Count a post that goes out, or went out, against its account's minutes and day. Drafts hold neither."""
    if post.account_id and post.at and post.family in {"scheduled", "published"}:
        taken.setdefault(post.account_id, Taken()).add(post.at.timestamp(), bucket_of(post.body))


def bucket_of(body: Record) -> str:
    """Which daily cap a post counts against."""
    details = body.get("details")
    story = body.get("type") == "story" or (isinstance(details, dict) and details.get("type") == "story")
    return "stories" if story and body.get("network") in {"facebook", "instagram"} else "posts"


def _entries(item: Any, state: str) -> Iterator[Record]:
    """Accounts of an item. A draft without any is an idea; anything else without any is silently nothing."""
    entries = item.get("accounts") if isinstance(item, dict) else None
    if not isinstance(entries, list):
        entries = []
    if not entries and isinstance(item, dict) and state.startswith("draft"):
        yield {}
    yield from (entry for entry in entries if isinstance(entry, dict))


def _failure(message: str, entry: Record, account: Record | None) -> Record:
    return {
        "account_id": entry.get("id"),
        "account_name": account and account["name"],
        "provider": account and account["provider"],
        "message": message,
    }


def _post(item: Record, entry: Record, account: Record | None, state: str, world: World) -> Stored:
    provider, network = _network(item, entry, account, world.faults)
    body = _body(item, entry, provider, network, world)
    at = _time(entry, state, provider, body, world)
    return Stored(
        id=new_id(),
        workspace=world.workspace,
        account_id=account["id"] if account else None,
        state=(world.faults.new_state or state) if state == "scheduled" else state,
        at=at,
        visible=world.visible,
        body=body,
    )


def _network(item: Record, entry: Record, account: Record | None, faults: Faults) -> tuple[str, Record]:
    """The content for this account. `default` is content for ideas without an account only."""
    networks = item.get("networks")
    networks = networks if isinstance(networks, dict) else {}
    if not entry:
        name, network = next(iter(networks.items()), ("default", {}))
        return name, network if isinstance(network, dict) else {}
    if account is None:
        raise _Refused("Account not found")
    if account["id"] in faults.refuse:
        raise _Refused(faults.refuse[account["id"]])
    provider = str(account["provider"])
    keys = ("wordpress_oauth", "wordpress_basic") if provider == "wordpress" else (provider,)
    found = [networks[key] for key in keys if isinstance(networks.get(key), dict)]
    if not found or account["id"] in faults.broken:
        raise _Refused(COMPOSER_TEXT)
    return provider, found[0]


def _body(item: Record, entry: Record, provider: str, network: Record, world: World) -> Record:
    kind, details = network.get("type"), network.get("details")
    if "media" in item:
        raise _Lost
    if kind == "reel" and provider in {"facebook", "instagram"}:
        raise _Lost
    if entry and str(kind) not in TYPES.get(provider, ()):
        raise _Refused(TYPE_TEXT)
    media = network.get("media") or []
    media = [_known(one, world.media) for one in media] if isinstance(media, list) else [_known(media, {})]
    if provider == "youtube" and not any(one["type"] == "video" for one in media):
        raise _Refused("YouTube requires a video attached")
    if provider == "instagram" and kind == "video" and not isinstance(details, dict):
        raise _Lost
    link = network.get("link")
    link = link if isinstance(link, dict) else {"url": link} if isinstance(link, str) else None
    text = network.get("text")
    text = text if isinstance(text, str) else None
    labels = entry.get("labels")
    return {
        "text": world.faults.rewrite(text) if world.faults.rewrite and text else text,
        "title": network.get("title"),
        "type": kind,
        "url": link["url"] if link and "url" in link else network.get("url"),
        "link": link,
        "media": media,
        "details": details,
        "labels": [label(str(name)) for name in labels] if isinstance(labels, list) else [],
        "network": provider,
        "user": world.user,
        "created_at": world.runs.isoformat(),
        "sent": {
            "network": network,
            "account": entry,
            "item": {key: value for key, value in item.items() if key not in {"networks", "accounts"}},
        },
    }


def _known(one: Any, media: Mapping[str, Record]) -> Record:
    """An uploaded medium as a post shows it. A URL or an id that is not there loses the post."""
    stored = media.get(str(one.get("id"))) if isinstance(one, dict) and one.get("id") else None
    if stored is None:
        raise _Lost
    return {
        "id": stored["id"],
        "path": stored["path"],
        "type": stored["type"],
        "thumbnails": [{"id": stored["id"], "small": stored["thumbnail"], "real": stored["path"]}],
        "default_thumbnail": one.get("default_thumbnail", 0),
    }


def _time(entry: Record, state: str, provider: str, body: Record, world: World) -> datetime | None:
    raw = entry.get("scheduled_at")
    at = parse_time(raw, world.faults.zone) if raw else None
    if raw and at is None:
        raise _Refused("Scheduled time is not valid")
    if not state.startswith("scheduled"):
        if state == "recurring":
            raise _Refused("Recurring posts cannot be bulk scheduled")
        return at
    taken = world.taken.setdefault(str(entry["id"]), Taken())
    at = at or _next_free(taken, world)
    if at <= world.runs or at < world.asked + LEAD:
        raise _Refused(BACKDATED_TEXT)
    if at > world.runs + HORIZON:
        raise _Refused("Posts cannot be scheduled more than 5 years ahead")
    if taken.crowded(at.timestamp()):
        raise _Refused(GAP_TEXT)
    cap = DAILY.get(provider)
    if world.faults.caps and cap and taken.full(at.timestamp(), bucket_of(body), cap):
        raise _Refused(f"Daily limit of {cap} posts reached for this account")
    return at


def _next_free(taken: Taken, world: World) -> datetime:
    """The account's posting schedule: every morning at nine."""
    nine = world.runs.astimezone(world.faults.zone).replace(hour=9, minute=0, second=0, microsecond=0)
    while True:
        nine += timedelta(days=1)
        if not taken.crowded(nine.timestamp()):
            return nine.astimezone(UTC)


def parse_time(raw: Any, zone: tzinfo) -> datetime | None:
    """ISO 8601; a time without an offset is in `zone`. None where it is no time, or centuries away."""
    try:
        at = datetime.fromisoformat(str(raw))
        at = (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at if 1970 <= at.year < 3000 else None


def parse_window(start: str, end: str, zone: tzinfo) -> tuple[datetime, datetime]:
    """The moments from the first day's start to the last one's end, which is left out. Raises ValueError."""

    def day(raw: str) -> datetime:
        found = date.fromisoformat(raw[:10])
        if not 1970 <= found.year < 3000:
            raise ValueError(raw)
        return datetime(found.year, found.month, found.day, tzinfo=zone).astimezone(UTC)

    return day(start), day(end) + timedelta(days=1)


def new_id() -> str:
    """24 hex digits, at least one of them a letter, as the service's own."""
    return secrets.token_hex(11) + secrets.choice("abcdef") + secrets.choice("0123456789abcdef")


def family(state: str) -> str:
    return state.partition("_")[0]


def label(name: str) -> Record:
    return {
        "id": hashlib.sha256(name.encode(errors="replace")).hexdigest()[:24],
        "name": name,
        "color": "#4a90d9",
    }


def new_media(*, name: str, mime: str, path: str, caption: str | None, size: int) -> Record:
    """A medium as an upload answers; `validity` says what each network takes it for."""
    kind = "video" if mime.startswith("video/") else "document" if mime == "application/pdf" else "photo"
    return {
        "id": new_id(),
        "path": path,
        "thumbnail": path,
        "validity": {
            network: {name: name == kind for name in sorted(types)} for network, types in TYPES.items()
        },
        "width": None,
        "height": None,
        "size": size,
        "source": "upload",
        "type": kind,
        "name": name,
        "caption": caption,
    }


def media_trouble(name: str, mime: str) -> str | None:
    """Why a file is refused: it needs a known ending and the type that goes with it."""
    expected = MEDIA_TYPES.get(name.rpartition(".")[2].lower()) if "." in name else None
    if expected is None:
        return "File type is not supported"
    if mime.partition(";")[0].strip().lower() != expected:
        return "File type does not match its extension"
    return None


def fetchable(url: Any) -> str | None:
    """The file name of a URL the service could import, by its looks: nothing is fetched here."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(str(url))
        host = parts.hostname or ""
    except ValueError:
        return None
    name = parts.path.rpartition("/")[2]
    private = host in {"", "localhost"} or host.startswith("127.") or host.endswith((".invalid", ".test"))
    known = "." in name and name.rpartition(".")[2].lower() in MEDIA_TYPES
    return name if parts.scheme in {"http", "https"} and known and not private else None
