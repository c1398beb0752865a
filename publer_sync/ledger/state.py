"""The ledger as a value: what publer-sync has sent and seen, and what is under way. `store` says where it is kept.

`copies` has its parts.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from publer_sync.content import Content, Revision, digest_of
from publer_sync.errors import StateError
from publer_sync.ledger.copies import NO_FACTS, Copy, End, EntryFacts, LedgerEntry, Seen
from publer_sync.ledger.hold import Hold, moment_of
from publer_sync.model import iso

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publer_sync.content import Json
    from publer_sync.ledger.signing import Keys

FORMAT_VERSION = 3
"""The first with entries of several copies. Formats 1 and 2, the latter with holds, are read, and rewritten by the next write."""
FORGET_CONTENT_AFTER = timedelta(days=30)
"""How long after its slot a copy keeps what was sent. The rest of it stays, as proof that the post was published."""
FORGET_AFTER = timedelta(days=35)
"""How long the entry of a post that left the calendar is kept once its last copy has ended."""


@dataclass(slots=True)
class State:
    """The whole document. Copies are frozen, so a copy of the mappings is a copy of the state."""

    service: str
    workspace_id: str
    calendar: str
    workspace_name: str = ""
    copies: dict[int, Copy] = field(default_factory=dict)
    """By their keys, in the order in which they were sent."""
    facts: dict[int, EntryFacts] = field(default_factory=dict)
    """By the keys of entries."""
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
        return replace(
            self,
            copies=dict(self.copies),
            facts=dict(self.facts),
            media=dict(self.media),
            excused=set(self.excused),
        )

    def new_key(self) -> int:
        key, self.next_key = self.next_key, self.next_key + 1
        return key

    def put(self, copy: Copy) -> None:
        self.copies[copy.key] = copy

    def drop(self, copy: Copy) -> None:
        """Forget a copy that was never sent."""
        self.copies.pop(copy.key, None)

    def entries(self) -> dict[int, LedgerEntry]:
        """All entries by their keys, as they are now."""
        grouped: dict[int, list[Copy]] = defaultdict(list)
        for copy in self.copies.values():
            grouped[copy.entry].append(copy)
        return {
            key: LedgerEntry(
                key, tuple(sorted(copies, key=lambda copy: copy.key)), self.facts.get(key, NO_FACTS)
            )
            for key, copies in grouped.items()
        }

    def identify(self, copy: Copy, id: str | None) -> None:
        """Let the copy's entry have the id that its post has in the calendar now."""
        if copy.id == id:
            return  # so have the others
        for each in [each for each in self.copies.values() if each.entry == copy.entry]:
            self.put(replace(each, id=id))

    def note(self, entry: int, **facts: Any) -> None:
        """Note facts of an entry; those that say nothing are not kept."""
        if known := replace(self.facts.get(entry, NO_FACTS), **facts):
            self.facts[entry] = known
        else:
            self.facts.pop(entry, None)

    def forget(self, entry: int) -> None:
        """Drop an entry with all its copies."""
        self.facts.pop(entry, None)
        for copy in [copy for copy in self.copies.values() if copy.entry == entry]:
            del self.copies[copy.key]

    @property
    def post_ids(self) -> set[str]:
        """Publer's ids of all copies, ended ones too."""
        return {copy.post_id for copy in self.copies.values() if copy.post_id}


def past_keys(account: str, slot: datetime, id: str | None) -> tuple[str, ...]:
    """The names under which a missed post is remembered."""
    by_slot = f"{account}@{iso(slot)}"
    return (by_slot, f"{account}#{id}") if id else (by_slot,)


# --- the document ---------------------------------------------------------------------------------------------------


def dumps(state: State, keys: Keys | None = None) -> str:
    """One entry a line, so that git shows what an apply changed. Signed where there are `keys`."""
    head: dict[str, Json] = {
        "format_version": FORMAT_VERSION,
        "service": state.service,
        "workspace": {"id": state.workspace_id, "name": state.workspace_name},
        "calendar": state.calendar,
        "last_apply": iso(state.last_apply) if state.last_apply else None,
        **({"files": state.files} if state.files else {}),
        "next_key": state.next_key,
        **({"holds": [hold.to_json() for hold in state.holds]} if state.holds else {}),
    }
    lines = [json.dumps(head, ensure_ascii=False)[:-1]]
    posts = ",\n  ".join(
        json.dumps(_entry_out(each), ensure_ascii=False) for each in state.entries().values()
    )
    lines.append(f'"posts": [\n  {posts}\n]')
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
        last_apply = moment_of(data["last_apply"])
        if version < 3:
            copies, facts = _before_entries(data["posts"], last_apply), {}
        else:
            loaded = (copy for item in data["posts"] for copy in _entry_in(item))
            copies = {copy.key: copy for copy in sorted(loaded, key=lambda copy: copy.key)}
            facts = {item["key"]: known for item in data["posts"] if (known := _facts_in(item))}
        return State(
            service=data["service"],
            workspace_id=data["workspace"]["id"],
            workspace_name=data["workspace"]["name"],
            calendar=data["calendar"],
            copies=copies,
            facts=facts,
            media=data["media"],
            excused=set(data["excused"]),
            holds=tuple(Hold.from_json(item) for item in data.get("holds", ())),
            last_apply=last_apply,
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


def _entry_out(entry: LedgerEntry) -> dict[str, object]:
    facts = entry.facts
    full: dict[str, object] = {
        "key": entry.key,
        "id": entry.id,
        "account": entry.account,
        "twins": facts.twins,
        "left": facts.left,
        "reworded": facts.reworded or None,
        "told": list(facts.told) or None,
        "handing": facts.handing or None,
        "copies": [_copy_out(copy) for copy in entry.copies],
    }
    return _without_empty(full)


def _without_empty(full: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in full.items() if value is not None and value is not False}


def _entry_in(item: dict[str, Any]) -> Iterator[Copy]:
    for each in item["copies"]:
        yield _copy_in(
            {**each, "id": item.get("id"), "account": item["account"]},
            entry=item["key"],
            job_ended_at=moment_of(each.get("job_ended_at")),
            end=End(each["end"]) if "end" in each else None,
            ended_at=moment_of(each.get("ended_at")),
        )


def _facts_in(item: dict[str, Any]) -> EntryFacts:
    return EntryFacts(
        twins=bool(item.get("twins")),
        left=bool(item.get("left")),
        reworded=str(item.get("reworded") or ""),
        told=tuple(map(str, item.get("told", ()))),
        handing=str(item.get("handing") or ""),
    )


def _copy_out(copy: Copy) -> dict[str, object]:
    sent, revising = copy.sent.to_json(), copy.revising
    full: dict[str, object] = {
        "key": copy.key,
        "slot": iso(copy.slot),
        "post_id": copy.post_id,
        "digest": digest_of(sent),
        "sent": sent,
        "seen": copy.seen and seen_out(copy.seen),
        "shown": copy.shown and seen_out(copy.shown),
        "verified_at": copy.verified_at and iso(copy.verified_at),
        "requested_at": copy.requested_at and iso(copy.requested_at),
        "job_id": copy.job_id,
        "job_ended_at": copy.job_ended_at and iso(copy.job_ended_at),
        "lapsed": copy.lapsed,
        "removing_at": copy.removing_at and iso(copy.removing_at),
        "removed": copy.removed,
        "held": copy.held,
        "by_hand": copy.by_hand,
        "revising": revising
        and {"text": revising.text, **({} if revising.title is None else {"title": revising.title})},
        "adopted": copy.adopted,
        "ids": dict(copy.ids) or None,
        "counts_from": copy.counts_from and list(copy.counts_from),
        "end": copy.end,
        "ended_at": copy.ended_at and iso(copy.ended_at),
        "evidence": copy.evidence,
        "publer_said": copy.publer_said or None,
    }
    return _without_empty(full)


def _copy_in(item: dict[str, Any], **more: Any) -> Copy:
    """A copy as every format has it; `more` is what formats keep under different names, or not at all."""
    revising = item.get("revising")
    return Copy(
        key=item["key"],
        account=str(item["account"]),
        slot=cast("datetime", moment_of(item["slot"])),
        sent=Content.from_json(item["sent"]),
        id=item.get("id"),
        post_id=item.get("post_id"),
        seen=seen_in(item.get("seen")),
        shown=seen_in(item.get("shown")),
        verified_at=moment_of(item.get("verified_at")),
        requested_at=moment_of(item.get("requested_at")),
        job_id=item.get("job_id"),
        lapsed=bool(item.get("lapsed")),
        removing_at=moment_of(item.get("removing_at")),
        removed=bool(item.get("removed")),
        held=bool(item.get("held")),
        by_hand=bool(item.get("by_hand")),
        revising=None if revising is None else Revision(revising.get("text", ""), revising.get("title")),
        adopted=bool(item.get("adopted")),
        ids={key: str(value) for key, value in item.get("ids", {}).items()},
        counts_from=_pair(item.get("counts_from")),
        evidence=item.get("evidence"),
        publer_said=str(item.get("publer_said") or ""),
        **more,
    )


def _pair(item: list[str] | None) -> tuple[str, str] | None:
    return (str(item[0]), str(item[1])) if item else None


def seen_out(seen: Seen) -> dict[str, Json]:
    return {
        "at": iso(seen.at) if seen.at else None,
        "text": seen.text,
        "title": seen.title,
        "link": seen.link,
        "media": seen.media,
        "draft": seen.draft,
    }


def seen_in(item: dict[str, Any] | None) -> Seen | None:
    if item is None:
        return None
    return Seen(
        at=moment_of(item["at"]),
        text=str(item["text"]),
        title=item["title"],
        link=item["link"],
        media=item["media"],
        draft=bool(item["draft"]),
    )


# --- formats 1 and 2 ------------------------------------------------------------------------------------------------


def _before_entries(items: list[dict[str, Any]], last_apply: datetime | None) -> dict[int, Copy]:
    """The copies of a state that knew no entries: each of its records is one, and says which one it replaces.

    Its records never ended: what its last apply knew to have passed counts as published, as it did there; what was set
    aside because nothing listed it is gone.
    """
    by_key = {item["key"]: item for item in items}
    put_back = {_what_it_says(item): item["key"] for item in items if item.get("removing_at")}
    copies: dict[int, Copy] = {}
    for item in items:
        first, met = item, {item["key"]}
        while (before := by_key.get(first.get("replaces"))) is not None and before["key"] not in met:
            first = before
            met.add(first["key"])
        entry = min(first["key"], put_back.get(_what_it_says(first), first["key"]))
        copy = _copy_in(item, entry=entry, job_ended_at=moment_of(item.get("ended_at")))
        if copy.lapsed and copy.verified_at is not None:
            end = End.REMOVED if copy.removing_at else End.GONE
            copy = replace(copy, lapsed=False).ending(end, copy.verified_at)
        elif last_apply and copy.post_id and not (copy.removing_at or copy.still_draft):
            copy = copy.ending(End.PUBLISHED, copy.minute) if copy.minute <= last_apply else copy
        copies[copy.key] = copy
    ids = {copy.entry: copy.id for copy in sorted(copies.values(), key=lambda copy: copy.key)}
    return {key: replace(copy, id=ids[copy.entry]) for key, copy in copies.items()}


def _what_it_says(item: dict[str, Any]) -> tuple[object, ...]:
    """What a post that was put back has in common with the one that was removed."""
    return tuple(item.get(key) for key in ("account", "id", "slot", "digest"))
