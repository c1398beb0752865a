"""How entries and their copies are written into the state's document, and read from it, in each of its formats."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from publer_sync.ledger.copies import Copy, End, LedgerEntry
from publer_sync.values.content import digest_of
from publer_sync.values.decoding import decode, encode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from publer_sync.values.content import Json

_OF_ENTRY: Final = ("entry", "account", "id")
"""Fields of a copy that are written once, in its entry."""


def entry_out(entry: LedgerEntry) -> dict[str, Json]:
    """An entry as the state's document has it."""
    named = {"id": entry.id} if entry.id is not None else {}
    copies = [_copy_out(copy) for copy in entry.copies]
    return {"key": entry.key, **named, "account": entry.account, **encode(entry.facts), "copies": copies}


def _copy_out(copy: Copy) -> dict[str, Json]:
    written = {key: value for key, value in encode(copy).items() if key not in _OF_ENTRY}
    first: dict[str, Json] = {key: written.pop(key) for key in ("key", "slot", "post_id") if key in written}
    return {**first, "digest": digest_of(written["sent"]), **written}


def entry_in(item: dict[str, Any]) -> Iterator[Copy]:
    """The copies of an entry of the state's document. Raises TypeError, ValueError or KeyError if it has another form."""
    for each in item["copies"]:
        of_entry = {"entry": item["key"], "account": item["account"], "id": item.get("id")}
        yield decode(Copy, each, newer=True, **of_entry)


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
        renamed = {"ended_at": "job_ended_at"}
        told = {renamed.get(key, key): value for key, value in item.items()}
        copy = decode(Copy, told, newer=True, entry=entry)
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
