"""What becomes of a create request: the job's judgement of each post, as values. No disk, no network, no clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from publer_sync.sandbox.dialects import relinked, rewritten
from publer_sync.sandbox.exchange import USER
from publer_sync.sandbox.records import Stored, label, parse_time
from publer_sync.sandbox.slots import Taken, bucket_of, occupy, words_on_x
from publer_sync.sandbox.tables import (
    BACKDATED_TEXT,
    COMPOSER_TEXT,
    DAILY,
    GAP_TEXT,
    HORIZON,
    ITEM_MEDIA_TEXT,
    LEAD,
    TYPE_TEXT,
    TYPES,
    VIDEO_TEXT,
    WORDS_TEXT,
    not_modelled,
)
from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, MutableMapping

    from publer_sync.sandbox.faults import Faults
    from publer_sync.sandbox.records import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What a job finds when it runs. Times are of the service's clock; `asked` is when the request came in."""

    workspace: str
    accounts: Mapping[str, Record]
    media: Mapping[str, Record]
    taken: MutableMapping[str, Taken]
    said: set[str]
    """What posts on X say, where nobody else may say it again."""
    asked: datetime
    runs: datetime
    visible: float
    faults: Faults
    new_id: Callable[[], str]


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
            account = world.accounts.get(str(entry.get("id", ""))) if entry is not None else None
            try:
                post = _post(item, entry, account, bulk["state"], world)
            except _Refused as refused:
                failures.append(_failure(str(refused), entry, account))
            except _Lost:
                continue
            else:
                made.append(post)
                if world.faults.untrue_refusal is not None:
                    failures.append(_failure(world.faults.untrue_refusal, entry, account))
                occupy(world.taken, post)
                world.said.update(words_on_x(post) if world.faults.words_once else ())
    return made, failures


def _entries(item: Any, state: str) -> Iterator[Record | None]:
    """Accounts of an item, None for a draft without any, an idea; anything else without any is silently nothing."""
    entries = item.get("accounts") if isinstance(item, dict) else None
    if not isinstance(entries, list):
        entries = []
    if not entries and isinstance(item, dict) and state.startswith("draft"):
        yield None
    yield from (entry for entry in entries if isinstance(entry, dict))


def _failure(message: str, entry: Record | None, account: Record | None) -> Record:
    return {
        "account_id": entry and entry.get("id"),
        "account_name": account and account["name"],
        "provider": account and account["provider"],
        "message": message,
    }


def _post(item: Record, entry: Record | None, account: Record | None, state: str, world: World) -> Stored:
    provider, network = _network(item, entry, account, world.faults)
    body = _body(item, entry, provider, network, world)
    state, timed = _repeated(item, entry or {}, state)
    if provider == "twitter" and not state.startswith("draft") and body["text"] in world.said:
        raise _Refused(WORDS_TEXT)
    at = _time(timed, state, body, world)
    if at and state.startswith("draft"):
        state, at = _dated_draft(state, at, world.faults)
    return Stored(
        id=world.new_id(),
        workspace=world.workspace,
        account_id=account["id"] if account else None,
        state=_state(state, account, world.faults),
        at=at,
        visible=world.visible,
        body=body,
    )


def _repeated(item: Record, entry: Record, state: str) -> tuple[str, Record]:
    """A post that is sent to recycle or recur is listed in that state, from its start on. Repetitions are not modelled."""
    for kind in ("recycling", "recurring"):
        if isinstance(rule := item.get(kind), dict) and state in {"scheduled", "recurring"}:
            start = rule.get("start_date") if kind == "recurring" else None
            return kind, {**entry, "scheduled_at": entry.get("scheduled_at") or start}
    return state, entry


def _dated_draft(state: str, at: datetime, faults: Faults) -> tuple[str, datetime | None]:
    """State and time of a draft with a time."""
    return "scheduled" if faults.drafts == "scheduled" else state, None if faults.drafts == "undated" else at


def _state(wanted: str, account: Record | None, faults: Faults) -> str:
    if wanted != "scheduled":
        return wanted
    if account is not None and account["id"] in faults.approval:
        return "scheduled_pending"
    return faults.new_state or wanted


def _network(
    item: Record, entry: Record | None, account: Record | None, faults: Faults
) -> tuple[str, Record]:
    """The content for this account. `default` is content for ideas without an account only."""
    networks = item.get("networks")
    networks = networks if isinstance(networks, dict) else {}
    if entry is None:
        name, network = next(iter(networks.items()), ("default", {}))
        return name, network if isinstance(network, dict) else {}
    if account is None:
        raise _Refused(not_modelled("Account not found"))
    if account["id"] in faults.refuse:
        raise _Refused(faults.refuse[account["id"]])
    provider = str(account["provider"])
    keys = ("wordpress_oauth", "wordpress_basic") if provider == "wordpress" else (provider,)
    found = [networks[key] for key in keys if isinstance(networks.get(key), dict)]
    if not found or account["id"] in faults.broken:
        raise _Refused(COMPOSER_TEXT)
    return provider, found[0]


def _body(item: Record, entry: Record | None, provider: str, network: Record, world: World) -> Record:
    kind, details = network.get("type"), network.get("details")
    if "media" in item:
        raise _Refused(ITEM_MEDIA_TEXT)
    if kind == "reel" and provider in {"facebook", "instagram"}:
        raise _Lost
    if entry is not None and str(kind) not in TYPES.get(provider, ()):
        raise _Refused(TYPE_TEXT)
    media = network.get("media") or []
    media = [_known(one, world.media) for one in media] if isinstance(media, list) else [_known(media, {})]
    if provider == "youtube" and not any(one["type"] == "video" for one in media):
        raise _Refused(VIDEO_TEXT)
    if provider == "instagram" and kind == "video" and not isinstance(details, dict):
        raise _Lost
    link = network.get("link")
    link = link if isinstance(link, dict) else {"url": link} if isinstance(link, str) else None
    text = network.get("text")
    text = text if isinstance(text, str) else None
    url = link["url"] if link and "url" in link else network.get("url")
    labels = entry and entry.get("labels")
    return {
        "text": text and rewritten(text, world.faults),
        "title": network.get("title"),
        "type": kind,
        "url": relinked(str(url), world.faults) if url else url,
        "link": link,
        "media": media,
        "details": details,
        "labels": [label(str(name)) for name in labels] if isinstance(labels, list) else [],
        "network": provider,
        "user": USER,
        "created_at": world.runs.isoformat(),
        "sent": {
            "network": network,
            "account": entry or {},
            "item": {key: value for key, value in item.items() if key not in {"networks", "accounts"}},
        },
    }


def _known(one: Any, media: Mapping[str, Record]) -> Record:
    """An uploaded medium as a post shows it. A URL or an id that is not there loses the post."""
    stored = media.get(str(one.get("id"))) if isinstance(one, dict) else None
    if stored is None:
        raise _Lost
    return {
        "id": stored["id"],
        "path": stored["path"],
        "type": stored["type"],
        "thumbnails": [{"id": stored["id"], "small": stored["thumbnail"], "real": stored["path"]}],
        "default_thumbnail": one.get("default_thumbnail", 0),
    }


def _time(entry: Record, state: str, body: Record, world: World) -> datetime | None:
    raw = entry.get("scheduled_at")
    at = parse_time(raw, world.faults.zone)
    if raw and at is None:
        raise _Refused(not_modelled("Scheduled time is not valid"))
    if not state.startswith("scheduled"):
        if at and world.faults.drafts_hold_minutes and _taken(entry, world).crowded(at.timestamp()):
            raise _crowded(world)
        return at
    taken = _taken(entry, world)
    at = at or _next_free(taken, world)
    if at <= world.runs or at < world.asked + LEAD:
        raise _Refused(BACKDATED_TEXT)
    if at > world.runs + HORIZON:
        raise _Refused(not_modelled("Posts cannot be scheduled more than 5 years ahead"))
    if taken.crowded(at.timestamp()):
        raise _crowded(world)
    most = DAILY[body["network"]]
    if world.faults.daily_limits and taken.full(at.timestamp(), bucket_of(body), most):
        raise _Refused(not_modelled(f"Daily limit of {most} posts reached for this account"))
    return at


def _crowded(world: World) -> _Refused | _Lost:
    return _Lost() if world.faults.gap_silent else _Refused(GAP_TEXT)


def _taken(entry: Record, world: World) -> Taken:
    return world.taken.setdefault(str(entry.get("id")), Taken())


def _next_free(taken: Taken, world: World) -> datetime:
    """The account's posting schedule: every morning at nine."""
    nine = world.runs.astimezone(world.faults.zone).replace(hour=9, minute=0, second=0, microsecond=0)
    while True:
        nine += timedelta(days=1)
        if not taken.crowded(nine.timestamp()):
            return nine.astimezone(UTC)
