"""New posts for the files: grouped over accounts, named after their first words, each in a file by its time."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

from publer_sync.calendar.when.zones import zone
from publer_sync.editing.new_posts import new_id, written_time
from publer_sync.editing.writing import Noted, Writable
from publer_sync.networks.inference import type_of
from publer_sync.networks.own_fields import CALLS_TO_ACTION, GOOGLE_CALLS_TO_ACTION
from publer_sync.networks.table import NETWORKS, code_of
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.content import Content, Link
from publer_sync.values.model import Family, normal_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime, tzinfo

    from publer_sync.values.model import Account, LiveMedium, LivePost

FilesBy = Literal["month", "week", "account"]

_SAME: Final = frozenset({"photo", "carousel"})
"""Several pictures are a carousel to Publer, whichever of the two was asked for."""
_BUTTONS: Final = frozenset((*GOOGLE_CALLS_TO_ACTION, *CALLS_TO_ACTION))


@dataclass(frozen=True, slots=True)
class Addition:
    """One new post of the calendar, and the posts in Publer that it stands for, by account."""

    id: str
    file: str
    at: datetime
    lives: tuple[tuple[Account, LivePost], ...]


def additions(
    posts: Iterable[LivePost],
    accounts: Mapping[str, Account],
    taken: Collection[str],
    *,
    by: FilesBy,
    timezone: str,
) -> list[Addition]:
    """`accounts` are the calendar's in its order, by Publer's id; `taken` are ids that other posts have or had."""
    order = {account: number for number, account in enumerate(accounts)}
    groups: dict[object, list[LivePost]] = defaultdict(list)
    doubles: Counter[object] = Counter()
    for post in sorted(posts, key=lambda post: (order[post.account_id], post.id)):
        key = _likeness(post)
        groups[key, doubles[key, post.account_id]].append(post)
        doubles[key, post.account_id] += 1
    used, out = set(taken), []
    for group in groups.values():
        at = group[0].slot.at if group[0].slot else None
        if at is not None:
            lives = tuple((accounts[post.account_id], post) for post in group)
            out.append(Addition("", _file(at.astimezone(zone(timezone)), lives[0][0], by), at, lives))
    out.sort(key=lambda each: (each.at, order[each.lives[0][0].id], each.lives[0][1].id))
    for number, each in enumerate(out):
        out[number] = replace(
            each, id=new_id(each.lives[0][1].text, each.at.astimezone(zone(timezone)), used)
        )
        used.add(out[number].id)
    return out


def _likeness(post: LivePost) -> tuple[object, ...]:
    """What posts on several accounts have in common if they are one post."""
    return (
        post.slot.at if post.slot else None,
        normal_text(post.text),
        tuple(piece.id for piece in post.pieces),
        post.family,
        post.link or "",
        post.title or "",
        post.labels or (),
    )


def _file(local: datetime, account: Account, by: FilesBy) -> str:
    match by:
        case "month":
            return f"pulled-{local:%Y-%m}.yaml"
        case "week":
            return f"pulled-{local:%G-W%V}.yaml"
        case "account":
            return f"pulled-{re.sub(r'[^A-Za-z0-9._-]', '-', account.alias or account.id)}.yaml"


def value_of(
    addition: Addition,
    where: tzinfo,
    *,
    drafts: bool = False,
    files: Mapping[str, str] | None = None,
    removed: Iterable[str] = (),
) -> Mapping[str, Writable]:
    """The post as it is written in a file whose times are local to `where`.

    With `drafts`, posts there are drafts by default. `files` are those of its media, by Publer's id; `removed` are keys
    that are set to null, so that nothing is added to what Publer shows.
    """
    lives = addition.lives
    _, first = lives[0]
    button = button_of(lives[0][0], first)
    aliases: list[Writable] = [account.alias or account.id for account, _ in lives]
    pieces = first.pieces if first.type != "link" else ()
    kinds = {account: _type(account, post) for account, post in lives}
    usual = Counter(kinds.values()).most_common(1)[0][0]
    networks: dict[str, Writable] = {
        code_of(account.provider): {"type": kind or _inferred(account, first)}
        for account, kind in kinds.items()
        if kind != usual
    }
    value: dict[str, Writable] = {
        "id": addition.id,
        "at": written_time(addition.at, where, weekday=True),
        "accounts": aliases[0] if len(aliases) == 1 else aliases,
        "text": normal_text(first.text),
        "title": "" if button else first.title or "",
        "type": usual,
        "link": {"url": first.link or "", "call_to_action": button} if button else first.link or "",
        "media": [medium(piece, files or {}) for piece in pieces],
        "labels": [*(first.labels or ())],
        "draft": first.family is Family.DRAFT,
        "networks": networks,
    }
    keep = {"draft"} if drafts else set()
    written = {key: item for key, item in value.items() if item or key in keep}
    return {**written, **dict.fromkeys(removed)}


def button_of(account: Account, post: LivePost) -> str:
    """The button of a post on Google, which Publer takes and shows as its title; "" where there is none."""
    return (post.title or "") if account.provider == "google" and post.title in _BUTTONS else ""


def medium(piece: LiveMedium, files: Mapping[str, str] = MappingProxyType({})) -> Mapping[str, Writable]:
    """A medium as a file names it: by its file where there is one, else by Publer's id, with the name as a comment."""
    name = "".join(sign for sign in piece.name if sign.isprintable())
    value: dict[str, Writable] = {"id": Noted(piece.id, name) if name.strip() else piece.id}
    if piece.id in files:
        value = {"file": f"/{files[piece.id]}"}
    return {**value, "alt": normal_text(piece.alt)} if piece.alt.strip() else value


def _type(account: Account, post: LivePost) -> str:
    """The post's type, where it has to be written down."""
    kind = post.detail or post.type or ""
    network, inferred = NETWORKS[account.provider], _inferred(account, post)
    if kind == "video" and network.key == "instagram":
        kind = "reel"
    if kind not in network.all_types or kind == inferred or {kind, inferred} <= _SAME:
        return ""
    return kind


def _inferred(account: Account, post: LivePost) -> str:
    """The type that the calendar infers: media given by id could be anything, and count as pictures."""
    content = Content(link=Link(post.link) if post.link else None)
    return type_of(NETWORKS[account.provider], content, ["photo" for _ in post.pieces])
