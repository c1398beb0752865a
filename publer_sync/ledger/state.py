"""The ledger as a value: what publer-sync has sent and seen, and what is under way. `store` says where it is kept.

A copy is *sent* first: a create was requested, and no listing has shown its post yet. Then it is *live*, once a listing
has shown the post and its Publer id, or *lapsed*, when it settles unseen; its claim on the slot stays until the slot has
passed. A live copy is *removing* from just before its DELETE is sent until a listing tells whether the post is gone.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from publer_sync.content import Content, Revision, digest_of
from publer_sync.errors import StateError
from publer_sync.ledger.hold import Hold, moment_of
from publer_sync.model import Family, LivePost, Slot, iso

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publer_sync.content import Json
    from publer_sync.ledger.signing import Keys

FORMAT_VERSION = 2
"""For a state with holds. One without is format 1: versions that know no holds can read that one, and no other."""
FORGET_CONTENT_AFTER = timedelta(days=30)
"""How long after its slot a copy keeps what was sent. The rest of it stays, as proof that the post was published."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a listing last showed of a post; None for a field it did not show."""

    at: datetime | None
    text: str
    title: str | None = None
    link: str | None = None
    media: int | None = None
    draft: bool = False

    @classmethod
    def of(cls, live: LivePost, before: Seen | None = None) -> Seen:
        """What `live` shows; a field it does not show stays as it was `before`."""
        return cls(
            at=live.at,
            text=live.text,
            title=live.title if live.title is not None or before is None else before.title,
            link=live.link if live.link is not None or before is None else before.link,
            media=live.media if live.media is not None or before is None else before.media,
            draft=live.family is Family.DRAFT,
        )

    def revised(self, live: LivePost) -> Seen:
        """Once `live` shows an edit of ours: its new words, the rest as it was, so that others' edits are still found."""
        return replace(Seen.of(live, self), at=self.at, media=self.media, draft=self.draft)


@dataclass(frozen=True, slots=True)
class Copy:
    """One post that publer-sync sent or adopted. `slot` is the time it was sent for; datetimes are UTC."""

    key: int
    account: str
    slot: datetime
    sent: Content
    id: str | None = None
    post_id: str | None = None
    seen: Seen | None = None
    verified_at: datetime | None = None
    requested_at: datetime | None = None
    job_id: str | None = None
    ended_at: datetime | None = None
    """When the job was first known to have ended; None while it runs, or without a job."""
    lapsed: bool = False
    removing_at: datetime | None = None
    held: bool = False
    """It is removed, or was, for a hold."""
    revising: Revision | None = None
    """The text and title of an edit that no listing has shown yet."""
    replaces: int | None = None
    """The key of the copy whose post is removed once this one is listed."""
    adopted: bool = False
    ids: Mapping[str, str] = field(default_factory=dict)
    """What the names in `sent` were sent as, by key. They are never compared."""

    @property
    def place(self) -> Slot:
        return Slot(self.account, self.slot)

    @property
    def under_way(self) -> bool:
        """Sent and not settled."""
        return self.post_id is None and not self.lapsed

    @property
    def draft(self) -> bool:
        return self.sent.draft

    @property
    def still_draft(self) -> bool:
        """A draft that no listing has shown as anything else: it is in Publer however long its time has passed."""
        return self.draft and self.post_id is not None and (self.seen is None or self.seen.draft)

    @property
    def text(self) -> str:
        return self.sent.text

    @property
    def title(self) -> str:
        return self.sent.title


@dataclass(slots=True)
class State:
    """The whole document. Copies are frozen, so a copy of the mappings is a copy of the state."""

    service: str
    workspace_id: str
    calendar: str
    workspace_name: str = ""
    copies: dict[int, Copy] = field(default_factory=dict)
    media: dict[str, dict[str, Json]] = field(default_factory=dict)
    """What Publer answered to an upload, by content digest."""
    excused: set[str] = field(default_factory=set)
    """Missed posts that have been reported, by their `past_keys`."""
    last_apply: datetime | None = None
    files: str | None = None
    """The name of the files that the last apply of the whole calendar was of; None where it did not do everything."""
    next_key: int = 1
    holds: tuple[Hold, ...] = ()

    def clone(self) -> State:
        return replace(self, copies=dict(self.copies), media=dict(self.media), excused=set(self.excused))

    def new_key(self) -> int:
        key, self.next_key = self.next_key, self.next_key + 1
        return key

    def put(self, copy: Copy) -> None:
        self.copies[copy.key] = copy

    def drop(self, copy: Copy) -> None:
        self.copies.pop(copy.key, None)


def past_keys(account: str, slot: datetime, id: str | None) -> tuple[str, ...]:
    """The names under which a missed post is remembered."""
    by_slot = f"{account}@{iso(slot)}"
    return (by_slot, f"{account}#{id}") if id else (by_slot,)


# --- the document ---------------------------------------------------------------------------------------------------


def dumps(state: State, keys: Keys | None = None) -> str:
    """One copy a line, so that git shows what an apply changed. Signed where there are `keys`."""
    head: dict[str, Json] = {
        "format_version": FORMAT_VERSION if state.holds else 1,
        "service": state.service,
        "workspace": {"id": state.workspace_id, "name": state.workspace_name},
        "calendar": state.calendar,
        "last_apply": iso(state.last_apply) if state.last_apply else None,
        **({"files": state.files} if state.files else {}),
        "next_key": state.next_key,
        **({"holds": [hold.to_json() for hold in state.holds]} if state.holds else {}),
    }
    lines = [json.dumps(head, ensure_ascii=False)[:-1]]
    copies = ",\n  ".join(json.dumps(_copy_out(r), ensure_ascii=False) for r in state.copies.values())
    lines.append(f'"posts": [\n  {copies}\n]')
    media = ",\n  ".join(
        f"{json.dumps(digest)}: {json.dumps(answer, ensure_ascii=False)}"
        for digest, answer in sorted(state.media.items())
    )
    lines.append(f'"media": {{\n  {media}\n}}')
    lines.append(f'"excused": {json.dumps(sorted(state.excused), ensure_ascii=False)}')
    body = ",\n".join(lines)
    # Half of a surrogate pair, which JSON may carry as an escape, cannot be written as UTF-8.
    body = _SURROGATE.sub(lambda half: f"\\u{ord(half[0]):04x}", body)
    body = keys.signed(body) if keys else body
    return body + _end(body)


def loads(document: str | bytes, place: str, keys: Keys | None = None) -> State:
    """Raises StateError where the document is damaged or was written by a newer version; `place` names it.

    With `keys`, raises UntrustedStateError where its signature is not right; without, none is checked.
    """
    try:
        text = document if isinstance(document, str) else document.decode()
        data = json.loads(text)
        version = data["format_version"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise _damaged(place) from error
    if isinstance(version, int) and version > FORMAT_VERSION:
        raise StateError(
            f"the state in {place} was written by a newer publer-sync (format {version}; this one knows {FORMAT_VERSION})",
            code="state.newer",
            hint="Update publer-sync and run the command again. Nothing was changed.",
        )
    text = text.replace("\r\n", "\n")  # git may check a file out with the line ends of Windows
    body, mark, rest = text.rpartition(_MARK)
    if mark + rest != _end(body):
        raise _damaged(place)
    if keys is not None:
        keys.verify(body, place)
    try:
        return State(
            service=data["service"],
            workspace_id=data["workspace"]["id"],
            workspace_name=data["workspace"]["name"],
            calendar=data["calendar"],
            copies={item["key"]: _copy_in(item) for item in data["posts"]},
            media=data["media"],
            excused=set(data["excused"]),
            holds=tuple(Hold.from_json(item) for item in data.get("holds", ())),
            last_apply=moment_of(data["last_apply"]),
            files=data.get("files"),
            next_key=data["next_key"],
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _damaged(place) from error


def _damaged(place: str) -> StateError:
    return StateError(
        f"the state in {place} is damaged: it is not what publer-sync wrote",
        code="state.damaged",
        hint="Restore the last good version (git log, a backup). Without one, move the file away: the next apply "
        "adopts the posts that match the calendar and removes none. Nothing was changed.",
    )


_MARK = ',\n"checksum": '
_SURROGATE = re.compile("[\ud800-\udfff]")


def _end(body: str) -> str:
    """The last lines of a document: the digest of all the others."""
    digest = hashlib.sha256(body.encode(errors="replace")).hexdigest()[:32]
    return f'{_MARK}"{digest}"\n}}\n'


def _copy_out(copy: Copy) -> dict[str, object]:
    seen, sent, revising = copy.seen, copy.sent.to_json(), copy.revising
    full: dict[str, object] = {
        "key": copy.key,
        "id": copy.id,
        "account": copy.account,
        "slot": iso(copy.slot),
        "post_id": copy.post_id,
        "digest": digest_of(sent),
        "sent": sent,
        "seen": seen
        and {
            "at": iso(seen.at) if seen.at else None,
            "text": seen.text,
            "title": seen.title,
            "link": seen.link,
            "media": seen.media,
            "draft": seen.draft,
        },
        "verified_at": copy.verified_at and iso(copy.verified_at),
        "requested_at": copy.requested_at and iso(copy.requested_at),
        "job_id": copy.job_id,
        "ended_at": copy.ended_at and iso(copy.ended_at),
        "lapsed": copy.lapsed,
        "removing_at": copy.removing_at and iso(copy.removing_at),
        "held": copy.held,
        "revising": revising
        and {"text": revising.text, **({} if revising.title is None else {"title": revising.title})},
        "replaces": copy.replaces,
        "adopted": copy.adopted,
        "ids": dict(copy.ids) or None,
    }
    return {key: value for key, value in full.items() if value is not None and value is not False}


def _copy_in(item: dict[str, Any]) -> Copy:
    seen, revising = item.get("seen"), item.get("revising")
    return Copy(
        key=item["key"],
        account=str(item["account"]),
        slot=cast("datetime", moment_of(item["slot"])),
        sent=Content.from_json(item["sent"]),
        id=item.get("id"),
        post_id=item.get("post_id"),
        seen=None
        if seen is None
        else Seen(
            at=moment_of(seen["at"]),
            text=str(seen["text"]),
            title=seen["title"],
            link=seen["link"],
            media=seen["media"],
            draft=bool(seen["draft"]),
        ),
        verified_at=moment_of(item.get("verified_at")),
        requested_at=moment_of(item.get("requested_at")),
        job_id=item.get("job_id"),
        ended_at=moment_of(item.get("ended_at")),
        lapsed=bool(item.get("lapsed")),
        removing_at=moment_of(item.get("removing_at")),
        held=bool(item.get("held")),
        revising=None if revising is None else Revision(revising.get("text", ""), revising.get("title")),
        replaces=item.get("replaces"),
        adopted=bool(item.get("adopted")),
        ids={key: str(value) for key, value in item.get("ids", {}).items()},
    )
