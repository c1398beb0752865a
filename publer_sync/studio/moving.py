"""When a post that is moved is meant to be published on each of its accounts."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from publer_sync.calendar.when.zones import day_start, moment
from publer_sync.drafting.filling import free_slots
from publer_sync.editing.entry_edits import Unsafe
from publer_sync.studio.posts import base_of
from publer_sync.studio.wording import listed
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import tzinfo

    from publer_sync.calendar.expand import Placed
    from publer_sync.calendar.posts import Entry
    from publer_sync.studio.open_calendar import Snapshot
    from publer_sync.studio.orders import MoveOrder


def moment_of(placed: Placed, part: str | None) -> datetime | None:
    """When it is published on its account; of a series, its `part`, or the first."""
    moments = [each for each in placed.moments if part is None or each.part == part]
    return next((each.at for each in moments if each.at is not None), None)


def moved(
    snapshot: Snapshot, entry: Entry, order: MoveOrder, *, ahead: bool = False
) -> Mapping[str, datetime]:
    """By alias, in UTC. Raises Unsafe, and TimeError for a local time that does not exist.

    Other accounts than the leading one move by as much on the clock of the post's own file, whether it moves itself or not. With
    `ahead`, those whose time has passed stay.
    """
    placed = snapshot.placed.get(entry.place, ())
    moving = [each for each in placed if order.accounts is None or each.alias in order.accounts]
    if ahead:
        moving = [
            each
            for each in moving
            if (at := moment_of(each, order.part)) is None or at > snapshot.now or entry.repeats
        ]
    lead = next((each for each in placed if each.alias == order.of), None) or base_of(moving)
    if lead is None or not moving:
        raise Unsafe("it is on none of these accounts")
    now, where = moment_of(lead, order.part), snapshot.zone
    if now is None:
        if order.part is not None:
            raise Unsafe(f"its series has no post {order.part}")
        given = order.at is not None or order.time is not None
        at = first_time(snapshot, [each.alias for each in moving], order, entry.clock.time)
        return {each.alias: at if each is lead and given else _on_that_day(each, at) for each in moving}
    own, old = entry.clock.zone or where, now.astimezone(where)
    day = read_day(order.day) if order.day else old.date() + timedelta(days=order.by or 0)
    to = order.at or (moment(day, read_clock(order.time), where) if order.time else None)
    step = _local(to, own) - _local(now, own) if to is not None else day - old.date()
    out: dict[str, datetime] = {}
    for each in moving:
        if (at := moment_of(each, order.part)) is None:
            continue
        local = _local(at, own) + step
        beside = to + (at - now) if to is not None else None
        if beside is not None and (each is lead or _local(beside, own) == local):
            out[each.alias] = beside.astimezone(UTC)
        else:
            out[each.alias] = moment(local.date(), local.time(), own).astimezone(UTC)
    if not out:
        raise needs_time_on([each.alias for each in moving])
    return out


def needs_time_on(aliases: Sequence[str]) -> Unsafe:
    return Unsafe(f"it has no time on {listed(aliases)}: give it one there first")


def _on_that_day(placed: Placed, at: datetime) -> datetime:
    """When a post that gets its first time is published on an account, which may have a time of day of its own."""
    own, zone = next((each.own for each in placed.moments), None), placed.entry.clock.zone
    if own is None or zone is None:
        return at
    return moment(at.astimezone(zone).date(), own.replace(tzinfo=None), own.tzinfo or zone)


def _local(at: datetime, where: tzinfo) -> datetime:
    return at.astimezone(where).replace(tzinfo=None)


def first_time(snapshot: Snapshot, aliases: Sequence[str], order: MoveOrder, usual: time | None) -> datetime:
    """Of a post that has no time: the one asked for, else the next free slot of the day, else the usual time, in the first free minute."""
    where = snapshot.zone
    if order.at is not None:
        return order.at
    if order.day is None:
        raise Unsafe("it has no time yet: give it a day")
    day = read_day(order.day)
    if order.time:
        return moment(day, read_clock(order.time), where).astimezone(UTC)
    start = max(day_start(day, where), snapshot.now + timedelta(minutes=1))
    free = next(free_slots(snapshot.calendar, aliases, start, day), None)
    if free is not None:
        return free
    at = moment(day, usual or time(9), where).astimezone(UTC)
    taken = {(alias, when) for alias, when in snapshot.slots if alias in aliases}
    last = at + timedelta(hours=12)
    while at < last and (at <= snapshot.now or any((alias, at) in taken for alias in aliases)):
        at += timedelta(minutes=1)
    return at


def read_day(text: str) -> date:
    """Raises Unsafe for anything but a day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unsafe(f"{one_line(text)} is not a valid date") from None


def read_clock(text: str) -> time:
    """Raises Unsafe for anything but a time of day."""
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        raise Unsafe(f"{one_line(text)} is not a valid time of day") from None
