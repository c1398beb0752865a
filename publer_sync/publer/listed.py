"""What Publer lists: workspaces, accounts and posts, and the echo of a post that was edited."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from publer_sync.networks.table import provider_of
from publer_sync.publer.bodies import (
    Nonsense,
    check_done,
    entries,
    id_in,
    optional_id,
    rows,
    sentences,
    text_in,
    unwrapped,
)
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.model import Account, Figure, Insight, LiveMedium, LivePost, Named, Workspace
from publer_sync.values.printable import printable_line

if TYPE_CHECKING:
    from publer_sync.values.content import Json


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a listing. `keys` names every entry, also those that belong to no account and are left out.

    `unread` are the rows that could not be read: where they have an id, their posts and keys are among the others.
    """

    posts: tuple[LivePost, ...]
    keys: frozenset[tuple[str, str]]
    total: int | None
    unread: tuple[LivePost, ...] = ()


def workspaces(data: Json) -> tuple[Workspace, ...]:
    return tuple(
        Workspace(id=id_in(item), name=text_in(item, "name") or id_in(item), role=text_in(item, "role"))
        for item in entries(data, "workspaces")[0]
    )


# --- accounts ---------------------------------------------------------------------------------------------------------


def accounts(data: Json) -> tuple[Account, ...]:
    """Those that can be read: one that can't, such as one without a provider, is as if it were not there.

    Raises Nonsense where there is something else alone.
    """
    listed, _ = rows(data, "accounts")
    found = [account for row in listed if isinstance(row, dict) and (account := _account(row))]
    if listed and not found:
        raise Nonsense("a list of accounts without one that has an id and a provider")
    return tuple(found)


def _account(item: dict[str, Json]) -> Account | None:
    told = optional_id(item.get("provider")).lower()
    provider = provider_of(told)
    if not provider or not optional_id(item.get("id")):
        return None
    permissions = item.get("permissions")
    permissions = permissions if isinstance(permissions, dict) else {}
    return Account(
        id=id_in(item),
        name=text_in(item, "name") or id_in(item),
        provider=provider,
        type=text_in(item, "type"),
        trouble=_trouble(item, permissions),
        needs_approval=permissions.get("approval_needed") is True,
        network_key=told if provider == "wordpress" and told != provider else None,
        social_id=optional_id(item.get("social_id")) or None,
    )


def _trouble(item: dict[str, Json], permissions: dict[str, Json]) -> str | None:
    """Live accounts carry `permissions` and no `status`, or `status`, or `locked`; whatever is there counts."""
    if item.get("locked"):
        return "Publer has locked it"
    if permissions.get("can_access") is False:
        return "Publer has lost access to it: reconnect it in Publer, or have its owner let the key's user post to it"
    status = item.get("status")
    if status is not None and str(status).strip().lower() != "active":
        return (
            f'its status in Publer is "{printable_line(str(status), 40)}", not active: reconnect it in Publer'
        )
    return None


# --- what posts call by name ------------------------------------------------------------------------------------------


def by_account(data: Json, *, key: str, under: str) -> dict[str, tuple[Named, ...]]:
    """What each account has of `key`, such as albums; an account without any may lack it.

    Signatures name the account in `account_id` (Publer docs, "Post with Signature"), media options in `id`.
    """
    return {
        optional_id(item.get("account_id")) or id_in(item): tuple(
            map(_named, entries(item.get(key) or [], key)[0])
        )
        for item in entries(data, under)[0]
    }


def locations(data: Json) -> tuple[Named, ...]:
    return tuple(map(_named, entries(data, "locations")[0]))


def _named(item: dict[str, Json]) -> Named:
    """`text` is a signature's, `info` a place's; the name of a signature is its `label`."""
    about = next((told for key in ("text", "info") if isinstance(told := item.get(key), str) and told), "")
    name = text_in(item, "name") or text_in(item, "label") or id_in(item)
    return Named(id_in(item), name, printable_line(about, 60) if about != name else "")


# --- posts ------------------------------------------------------------------------------------------------------------


def page(data: Json) -> Page:
    listed, total = rows(data, "posts")
    posts: list[LivePost] = []
    unread: list[LivePost] = []
    keys: set[tuple[str, str]] = set()
    for row in listed:
        post_id, account_id = _ids(row)
        if post_id:
            keys.add((post_id, account_id))
        post = _read_post(row, post_id, account_id)
        unread += [post] if post.unread else []
        if post_id and (account_id or post.unread):  # an idea belongs to no account
            posts.append(post)
    return Page(tuple(posts), frozenset(keys), total, tuple(unread))


def _read_post(row: Json, post_id: str, account_id: str) -> LivePost:
    """The post of a row, or what there is to know of one that cannot be read."""
    try:
        if not isinstance(row, dict) or not post_id:
            why = "an entry without an id" if isinstance(row, dict) else "not an object"
            return LivePost(post_id, account_id, "", None, "", unread=why)
        return _post(row, post_id=post_id, account_id=account_id)
    except Nonsense as nonsense:
        return LivePost(post_id, account_id, "", None, "", unread=str(nonsense))


def _ids(row: Json) -> tuple[str, str]:
    """The post's id and its account's, "" for what the row lacks."""
    return (optional_id(row.get("id")), _account_id(row)) if isinstance(row, dict) else ("", "")


def insights(data: Json, *, account_id: str) -> tuple[tuple[Insight, ...], int | None]:
    """One page of an account's published posts with their figures, and how many Publer counts."""
    shown, total = entries(data, "posts")
    return tuple(_insight(item, account_id) for item in shown), total


def _insight(item: dict[str, Json], account_id: str) -> Insight:
    post = _post(item, post_id=id_in(item), account_id=account_id)
    figures = item.get("analytics")
    figures = figures if isinstance(figures, dict) else {}
    return Insight(post, tuple(_figure(key, value) for key, value in figures.items()))


def _figure(key: str, value: Json) -> Figure:
    """Live answers have an object with a name and a value, Publer's documents a number."""
    name = _inner(value, "name")
    if isinstance(value, dict):
        value = value.get("value")
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
    return Figure(key, name or key.replace("_", " ").capitalize(), number)


def echo(data: Json, *, post_id: str) -> LivePost:
    """The post as a PUT returns it; it may lack what a listing has, but never the text. Raises Declined and Nonsense."""
    item = unwrapped(data, "data", "post")
    if "text" not in item:
        check_done(data)
        raise Nonsense("an answer without the post's text")
    own = id_in(item) if item.get("id") is not None else post_id
    return _post(item, post_id=own, account_id=_account_id(item))


def _post(item: dict[str, Json], *, post_id: str, account_id: str) -> LivePost:
    return LivePost(
        id=post_id,
        account_id=account_id,
        state=text_in(item, "state") or "",
        at=_moment(item.get("scheduled_at")),
        text=text_in(item, "text") or "",
        title=(text_in(item, "title") or "") if "title" in item else None,
        link=_link(item),
        media=_media_count(item),
        type=text_in(item, "type"),
        error="; ".join(sentences(item.get("error"))) or None,
        pieces=_pieces(item.get("media")),
        labels=_labels(item.get("labels")),
        detail=_inner(item.get("details"), "type"),
        post_link=_inner(item, "post_link"),
        imported=item.get("source") == "sync",
    )


def _account_id(item: dict[str, Json]) -> str:
    account = item.get("account")
    if item.get("account_id") is None and isinstance(account, dict):
        return optional_id(account.get("id"))
    return optional_id(item.get("account_id"))


def _moment(value: Json) -> datetime | None:
    if value is None or value == "":
        return None
    try:
        moment = datetime.fromisoformat(str(value))
        aware = moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        raise Nonsense(f"not a time: {printable_line(str(value), 40)}") from None
    if aware is None:
        raise Nonsense(f"a time without an offset: {printable_line(str(value), 40)}")
    return aware


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


def _pieces(media: Json) -> tuple[LiveMedium, ...]:
    """The media whose details are shown, in whichever shape (Publer docs, "Posts"): a list, one object, or numbered ones."""
    if isinstance(media, dict):
        media = [media] if "id" in media or "path" in media else [*media.values()]
    return tuple(_piece(one) for one in media if isinstance(one, dict)) if isinstance(media, list) else ()


def _piece(item: dict[str, Json]) -> LiveMedium:
    return LiveMedium(
        id=optional_id(item.get("id")),
        name=_inner(item, "name"),
        path=_inner(item, "path"),
        alt=_inner(item, "alt_text"),
    )


def _labels(labels: Json) -> tuple[str, ...] | None:
    """Their names: Publer takes texts and shows objects (Publer docs, "Posts")."""
    if not isinstance(labels, list):
        return None
    names = [one if isinstance(one, str) else _inner(one, "name") for one in labels]
    return tuple(name for name in names if name)


def _inner(item: Json, key: str) -> str:
    """A text inside a part that no plan needs: "" where it is anything else."""
    value = item.get(key) if isinstance(item, dict) else None
    return value if isinstance(value, str) else ""
