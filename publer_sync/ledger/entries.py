"""How entries and their copies are written into the state's document, and read from it, in each of its formats."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from publer_sync.content import Content, Revision, digest_of
from publer_sync.ledger.copies import Copy, End, EntryFacts, LedgerEntry, Seen
from publer_sync.ledger.hold import moment_of
from publer_sync.model import iso

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from publer_sync.content import Json


def entry_out(entry: LedgerEntry) -> dict[str, object]:
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


def entry_in(item: dict[str, Any]) -> Iterator[Copy]:
    for each in item["copies"]:
        yield _copy_in(
            {**each, "id": item.get("id"), "account": item["account"]},
            entry=item["key"],
            job_ended_at=moment_of(each.get("job_ended_at")),
            end=End(each["end"]) if "end" in each else None,
            ended_at=moment_of(each.get("ended_at")),
        )


def facts_in(item: dict[str, Any]) -> EntryFacts:
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
        "spared": copy.spared and iso(copy.spared),
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
        spared=moment_of(item.get("spared")),
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


def before_entries(items: list[dict[str, Any]], last_apply: datetime | None) -> dict[int, Copy]:
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
