"""What somebody does on the page, as the smallest edits of a file that say it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from publer_sync.calendar.zones import moment
from publer_sync.editing.entry_edits import EntryEdits, Unsafe, Wanted
from publer_sync.studio.posts import base_of

if TYPE_CHECKING:
    from publer_sync.calendar.document import Document
    from publer_sync.calendar.expand import Placed
    from publer_sync.calendar.posts import Entry
    from publer_sync.studio.open_calendar import Snapshot
    from publer_sync.studio.orders import MoveOrder


@dataclass(frozen=True, slots=True)
class Edited:
    """A file as it would be; `say` tells people what was done."""

    document: Document
    say: str


def editing(snapshot: Snapshot, entry: Entry) -> EntryEdits:
    """What edits a post of a file. Raises Unsafe for one that is never written to, or that is on no account."""
    if entry.document.page is not None:
        raise Unsafe("it is in a page of the website, which is not written to")
    placed = {each.alias: each for each in snapshot.placed.get(entry.place, ())}
    if not placed:
        raise Unsafe("it is on no account of this calendar")
    return EntryEdits(snapshot.calendar, entry.document, placed, firm=False)


def name_of(entry: Entry) -> str:
    words = entry.data.get("text")
    first = words.strip().split("\n")[0][:40] if isinstance(words, str) and words.strip() else "the post"
    return entry.id or first


def move(snapshot: Snapshot, entry: Entry, order: MoveOrder) -> Edited:
    """Raises Unsafe, and TimeError for a time that does not exist."""
    task = editing(snapshot, entry)
    wanted = moved(snapshot, entry, order)
    task.write("at", {alias: Wanted(at) for alias, at in wanted.items()})
    first = next(iter(wanted.values())).astimezone(snapshot.zone)
    return Edited(
        task.document, f"{name_of(entry)} moved to {first:%a} {first.day} {first:%b}, {first:%H:%M}"
    )


def moved(snapshot: Snapshot, entry: Entry, order: MoveOrder) -> dict[str, datetime]:
    """When the post is meant to be published on each account that moves."""
    placed = snapshot.placed[entry.place]
    moving = [each for each in placed if order.accounts is None or each.alias in order.accounts]
    lead = base_of(moving)
    if lead is None:
        raise Unsafe("it is on none of these accounts")
    now = _moment(lead)
    where = snapshot.zone
    if now is None:
        return dict.fromkeys((each.alias for each in moving), _of_new(snapshot, entry, order))
    old = now.astimezone(where)
    day = date.fromisoformat(order.day) if order.day else old.date()
    clock = time.fromisoformat(order.time) if order.time else old.time()
    days, aside = day - old.date(), datetime.combine(day, clock) - datetime.combine(day, old.time())
    out: dict[str, datetime] = {}
    for each in moving:
        if (at := _moment(each)) is None:
            continue
        own = each.entry.clock.zone or where
        local = at.astimezone(own)
        shifted = local.replace(tzinfo=None) + days + aside
        out[each.alias] = moment(shifted.date(), shifted.time(), own).astimezone(UTC)
    return out


def _of_new(snapshot: Snapshot, entry: Entry, order: MoveOrder) -> datetime:
    """The time of a post that had none that could be read."""
    clock = time.fromisoformat(order.time) if order.time else entry.clock.time
    if order.day is None or clock is None:
        raise Unsafe("it has no time yet: give it a day and a time of day")
    return moment(date.fromisoformat(order.day), clock, snapshot.zone).astimezone(UTC)


def _moment(placed: Placed) -> datetime | None:
    return next((each.at for each in placed.moments if each.at is not None), None)
