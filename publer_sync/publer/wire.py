"""Publer's answers, from bytes to the model's values. Sends nothing, waits for nothing; refusals are in `refusals`.

Where Publer's documents and its live answers disagree on a shape, every shape that was seen is read, and what fits none
raises Nonsense: an answer that was not understood must never pass for an empty one.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from publer_sync.model import Account, Failure, Job, JobStatus, LivePost, Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from publer_sync.model import Json

_DEPTH = 12
_SHOWN = 300
_OBJECT_ID = re.compile(r"[0-9a-f]{24}")
_UNPRINTED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_LONE_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")

_PROVIDERS = {
    "bsky": "bluesky",
    "blue_sky": "bluesky",
    "x": "twitter",
    "wordpress_oauth": "wordpress",
    "wordpress_basic": "wordpress",
}
_FINISHED = frozenset({"complete", "completed", "success", "succeeded"})
_FAILED = frozenset({"failed", "error", "errored", "failure"})


class Nonsense(ValueError):
    """An answer in no shape that is known; the text says what it looks like."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a listing. `keys` names every entry, also those that belong to no account and are left out."""

    posts: tuple[LivePost, ...]
    keys: frozenset[tuple[str, str]]
    total: int | None


# --- bytes and text ---------------------------------------------------------------------------------------------------


def parse(body: bytes) -> Json:
    """Raises Nonsense for anything but JSON."""
    try:
        data = cast("Json", json.loads(body))
    except (ValueError, RecursionError):
        raise Nonsense(_looks_like(body)) from None
    return _whole(data) if _LONE_SURROGATE.search(body) else data


def plain(text: str, *, longest: int = _SHOWN) -> str:
    """One line that cannot drive a terminal: control and direction characters become spaces, the rest stays."""
    kept = "".join(c if _prints(c) else " " for c in text[: 4 * longest])
    line = " ".join(kept.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def _prints(character: str) -> bool:
    """Joiners are format characters too, and hold emoji and scripts together."""
    return character in "\u200c\u200d" or unicodedata.category(character) not in _UNPRINTED


def _whole(value: Json) -> Json:
    """Half an emoji (a lone surrogate) can be neither stored nor printed: it becomes the replacement character."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {str(_whole(key)): _whole(item) for key, item in value.items()}
    return value


def _looks_like(body: bytes) -> str:
    text = body[:4096].decode("utf-8", "replace").strip()
    if not text:
        return "an empty answer"
    if text.startswith("<"):
        title = re.search(r"<title[^>]*>(.*?)</title", text, re.DOTALL | re.IGNORECASE)
        return f'a web page ("{plain(title[1], longest=100)}")' if title else "a web page"
    return f'"{plain(text, longest=100)}"'


# --- workspaces and accounts ------------------------------------------------------------------------------------------


def workspaces(data: Json) -> tuple[Workspace, ...]:
    return tuple(
        Workspace(id=_id(item), name=_words(item, "name") or _id(item), role=_words(item, "role"))
        for item in _entries(data, "workspaces")[0]
    )


def accounts(data: Json) -> tuple[Account, ...]:
    return tuple(_account(item) for item in _entries(data, "accounts")[0])


def _account(item: dict[str, Json]) -> Account:
    told = (_words(item, "provider") or "").lower()
    provider = _PROVIDERS.get(told, told)
    if not provider:
        raise Nonsense("an account without a provider")
    return Account(
        id=_id(item),
        name=_words(item, "name") or _id(item),
        provider=provider,
        type=_words(item, "type"),
        trouble=_trouble(item),
        network_key=told if provider == "wordpress" and told != provider else None,
    )


def _trouble(item: dict[str, Json]) -> str | None:
    """Live accounts carry `status`, or `locked` and `permissions`, or none of them; whatever is there counts."""
    if item.get("locked"):
        return "Publer has locked it"
    permissions = item.get("permissions")
    if isinstance(permissions, dict) and permissions.get("can_access") is False:
        return "the key's user may not post to it"
    status = item.get("status")
    if status is not None and str(status).strip().lower() != "active":
        return f'Publer calls it "{plain(str(status), longest=40)}", not active; it may have to be reconnected there'
    return None


# --- posts ------------------------------------------------------------------------------------------------------------


def page(data: Json) -> Page:
    entries, total = _entries(data, "posts")
    posts: list[LivePost] = []
    keys: set[tuple[str, str]] = set()
    for item in entries:
        post_id, account_id = _id(item), _account_id(item)
        keys.add((post_id, account_id))
        if account_id:  # an idea belongs to no account
            posts.append(_post(item, post_id=post_id, account_id=account_id))
    return Page(tuple(posts), frozenset(keys), total)


def echo(data: Json, *, post_id: str) -> LivePost:
    """The post as a PUT answers it; it may lack what a listing has, never the text."""
    item = _inner(data, "data", "post")
    if "text" not in item:
        raise Nonsense("an answer without the post's text")
    own = _id(item) if item.get("id") is not None else post_id
    return _post(item, post_id=own, account_id=_account_id(item))


def _post(item: dict[str, Json], *, post_id: str, account_id: str) -> LivePost:
    return LivePost(
        id=post_id,
        account_id=account_id,
        state=_words(item, "state") or "",
        at=_moment(item.get("scheduled_at")),
        text=_words(item, "text") or "",
        title=_field(item, "title"),
        link=_link(item),
        media=_media_count(item),
        type=_words(item, "type"),
        error="; ".join(_strings(item.get("error"))) or None,
    )


def _account_id(item: dict[str, Json]) -> str:
    value = item.get("account_id")
    if value is None:
        account = item.get("account")
        value = account.get("id") if isinstance(account, dict) else None
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _moment(value: Json) -> datetime | None:
    if value is None or value == "":
        return None
    try:
        moment = datetime.fromisoformat(str(value))
        if moment.tzinfo is None:
            raise Nonsense(f"a time without an offset: {plain(str(value), longest=40)}")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        if isinstance(error, Nonsense):
            raise
        raise Nonsense(f"a time that is none: {plain(str(value), longest=40)}") from None


def _link(item: dict[str, Json]) -> str | None:
    link = item.get("link")
    for url in (item.get("url"), link.get("url") if isinstance(link, dict) else link):
        if isinstance(url, str) and url:
            return url
    return "" if "url" in item or "link" in item else None


def _media_count(item: dict[str, Json]) -> int | None:
    if "media" not in item:
        return None
    media = item["media"]
    if media is None:
        return 0
    if isinstance(media, list):
        return len(media)
    if isinstance(media, dict):
        return 1 if "id" in media or "path" in media else len(media)
    raise Nonsense("a post whose media are neither a list nor an object")


# --- jobs -------------------------------------------------------------------------------------------------------------


def job_id(data: Json) -> str | None:
    """Where to ask for a job that was just accepted: at the top, or under `data`. None: nobody can be asked.

    Raises Nonsense for anything but an object, and for one that speaks of an error.
    """
    if not isinstance(data, dict):
        raise Nonsense("an answer that is no object")
    for level in (data, data.get("data")):
        value = level.get("job_id") if isinstance(level, dict) else None
        if value and isinstance(value, str | int) and not isinstance(value, bool):
            return str(value)
    said = complaint({key: data[key] for key in ("errors", "error") if key in data})
    if said or data.get("success") is False:
        raise Nonsense(f'an acceptance that speaks of an error: "{said or "no success"}"')
    return None


def job(data: Json) -> Job:
    levels = list(_levels(data))
    word = next((level["status"] for level in levels if isinstance(level.get("status"), str)), "")
    status = _status(str(word))
    payload = next((level["payload"] for level in levels if "payload" in level), None)
    plan = next((level["plan"] for level in levels if isinstance(level.get("plan"), dict)), {})
    failures = [failure for level in levels for failure in failures_in(level.get("failures"))]
    failures += _payload_failures(payload)
    if not failures and status is JobStatus.FAILED:
        said = next((text for level in levels if (text := complaint(level))), "")
        failures = [Failure(said)] if said else []
    return Job(
        status=status,
        failures=tuple(failures),
        media=tuple(_media_in(payload)),
        locked=isinstance(plan, dict) and bool(plan.get("locked")),
    )


def _levels(data: Json) -> Iterator[dict[str, Json]]:
    """The answer and what it wraps in `data` and `result`, the deepest first."""
    if data is not None and not isinstance(data, dict):
        raise Nonsense("a job that is no object")
    if data is None:
        return
    for key in ("data", "result"):
        inner = data.get(key)
        if isinstance(inner, dict):
            yield from _levels(inner)
    yield data


def _status(word: str) -> JobStatus:
    """Anything unheard of counts as pending: a listing decides in the end."""
    word = word.strip().lower()
    if word in _FINISHED:
        return JobStatus.COMPLETE
    return JobStatus.FAILED if word in _FAILED else JobStatus.PENDING


def _payload_failures(payload: Json) -> list[Failure]:
    if isinstance(payload, dict):
        return [found for key in ("failures", "error", "errors") for found in failures_in(payload.get(key))]
    if isinstance(payload, list):
        return [
            found
            for item in payload
            if isinstance(item, dict) and "error" in item
            for found in failures_in(item)
        ]
    return []


def failures_in(value: Json) -> tuple[Failure, ...]:
    """Publer's failures in any of their shapes: object of lists, object, list of objects, list of texts, or none."""
    return tuple(_failures(value, Failure(""), _DEPTH))


def _failures(value: Json, about: Failure, depth: int) -> Iterator[Failure]:
    if isinstance(value, str) and value.strip():
        yield Failure(plain(value, longest=1000), about.account_id, about.account_name, about.provider)
    elif isinstance(value, list) and depth:
        for item in value:
            yield from _failures(item, about, depth - 1)
    elif isinstance(value, dict) and depth:
        about = _about(value, about)
        if said := [value[key] for key in ("message", "error") if value.get(key)]:
            yield from _failures(said[0], about, depth - 1)
            return
        for key, item in value.items():
            if key not in {"account_id", "account_name", "provider", "id", "type", "code", "status"}:
                inside = Failure("", key) if about.account_id is None and _OBJECT_ID.fullmatch(key) else about
                yield from _failures(item, inside, depth - 1)


def _about(item: dict[str, Json], about: Failure) -> Failure:
    named = item.get("account_id")
    return Failure(
        "",
        str(named) if named else about.account_id,
        _words(item, "account_name") or about.account_name,
        _words(item, "provider") or about.provider,
    )


def _media_in(payload: Json) -> Iterator[Mapping[str, Json]]:
    """The media of an import: a list, `media`, one object, or an object with "0", "1" and so on as keys."""
    if isinstance(payload, dict) and payload.get("id") is None:
        payload = payload["media"] if "media" in payload else [v for k, v in payload.items() if k.isdecimal()]
    for item in payload if isinstance(payload, list) else [payload]:
        if isinstance(item, dict) and item.get("id") is not None:
            yield item


def media(data: Json) -> Mapping[str, Json]:
    """The answer to an upload; it has at least an id."""
    if isinstance(data, dict) and data.get("id") is None and isinstance(data.get("data"), dict | list):
        data = data["data"]
    found = next(_media_in(data), None)
    if found is None:
        raise Nonsense(
            f'an upload without a media id: "{complaint(data)}"' if complaint(data) else "no media id"
        )
    return found


def media_list(data: Json) -> tuple[Mapping[str, Json], ...]:
    """The media that a listing of the library shows."""
    return tuple(_media_in(_inner(data, "data")))


def deleted_ids(data: Json) -> frozenset[str]:
    ids = _inner(data, "data").get("deleted_ids")
    if not isinstance(ids, list) or any(isinstance(i, bool) or not isinstance(i, str | int) for i in ids):
        raise Nonsense("an answer without deleted_ids")
    return frozenset(str(i) for i in ids)


# --- complaints ---------------------------------------------------------------------------------------------------------


def complaint(data: Json) -> str:
    """What an answer says is wrong, in Publer's own words, on one line; "" where it says nothing."""
    if not isinstance(data, dict):
        return "; ".join(_strings(data))
    for key in ("errors", "error", "message"):
        if said := "; ".join(_strings(data.get(key))):
            return plain(said)
    return ""


def _strings(value: Json, depth: int = 4) -> Iterator[str]:
    if isinstance(value, str) and value.strip():
        yield plain(value)
    elif isinstance(value, list) and depth:
        for item in value:
            yield from _strings(item, depth - 1)
    elif isinstance(value, dict) and depth:
        for key in ("message", "error"):
            if value.get(key):
                yield from _strings(value[key], depth - 1)
                return
        for key, item in value.items():
            for said in _strings(item, depth - 1):
                yield f"{plain(key, longest=40)}: {said}"


# --- small readers ----------------------------------------------------------------------------------------------------


def _entries(data: Json, key: str) -> tuple[list[dict[str, Json]], int | None]:
    """The objects of a list answer, bare or under `key` or `data`, and the total it names."""
    total: int | None = None
    while isinstance(data, dict):
        told = data.get("total")
        if isinstance(told, int | str) and not isinstance(told, bool) and str(told).isdecimal():
            total = int(told)
        inner = data[key] if key in data else data.get("data")
        if not isinstance(inner, dict | list):
            raise Nonsense(
                f'no list of {key}: "{complaint(data)}"' if complaint(data) else f"no list of {key}"
            )
        data = inner
    if not isinstance(data, list):
        raise Nonsense(f"no list of {key}")
    entries = [item for item in data if isinstance(item, dict)]
    if len(entries) != len(data):
        raise Nonsense(f"a list of {key} with something else in it")
    return entries, total


def _inner(data: Json, *keys: str) -> dict[str, Json]:
    for key in keys:
        if isinstance(data, dict) and isinstance(data.get(key), dict):
            data = data[key]
    if not isinstance(data, dict):
        raise Nonsense("an answer that is no object")
    return data


def _id(item: dict[str, Json]) -> str:
    """Ids are opaque: 24 hex digits for most, numbers for published posts."""
    value = item.get("id")
    if value is None or value == "" or isinstance(value, bool) or not isinstance(value, str | int):
        raise Nonsense("an entry without an id")
    return str(value)


def _words(item: dict[str, Json], key: str) -> str | None:
    value = item.get(key)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, dict | list):
        raise Nonsense(f"an entry whose {key} is no text")
    return str(value)


def _field(item: dict[str, Json], key: str) -> str | None:
    """None where the field is not shown; "" where it is empty."""
    return (_words(item, key) or "") if key in item else None
