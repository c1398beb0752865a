"""What a new post begins with: the accounts used last, and the next free slot or minute of theirs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from publer_sync.calendar.expand import named_accounts
from publer_sync.calendar.when.zones import day_start
from publer_sync.drafting.draft import clock_of
from publer_sync.drafting.filling import free_slots
from publer_sync.editing.entry_edits import Unsafe
from publer_sync.studio.moving import first_time, read_day
from publer_sync.studio.orders import MoveOrder
from publer_sync.studio.wording import spoken_day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from publer_sync.studio.documents import FreshAnswer
    from publer_sync.studio.open_calendar import OpenCalendar
    from publer_sync.studio.orders import FreshRequest


def beginning_of(opened: OpenCalendar, request: FreshRequest, last: Sequence[str]) -> FreshAnswer:
    """`last` are the accounts used last in this run. Raises Unsafe for a day that has passed, and TimeError."""
    snapshot = opened.snapshot
    day = read_day(request.day) if request.day else None
    if day is not None and day < snapshot.today:
        raise Unsafe(f"{spoken_day(day, snapshot.today)} has passed")
    start = day or max(read_day(request.start) if request.start else snapshot.today, snapshot.today)
    known = named_accounts(opened.calendar.settings)
    accounts = [alias for alias in last if alias in known] or _used(opened, start) or [*known][:1]
    usual = clock_of(opened.calendar).time
    if day is None:
        earliest = max(snapshot.now + timedelta(minutes=15), day_start(start, snapshot.zone))
        slot = next(free_slots(opened.calendar, accounts, earliest), None)
        if slot is not None:
            local = slot.astimezone(snapshot.zone)
            return {"day": f"{local:%Y-%m-%d}", "time": f"{local:%H:%M}", "accounts": accounts}
    at = first_time(snapshot, accounts, MoveOrder(day=f"{start}"), usual)
    if at <= snapshot.now and day is None:
        at = first_time(snapshot, accounts, MoveOrder(day=f"{start + timedelta(days=1)}"), usual)
    local = at.astimezone(snapshot.zone)
    return {"day": f"{local:%Y-%m-%d}", "time": f"{local:%H:%M}", "accounts": accounts}


def _used(opened: OpenCalendar, day: date) -> list[str]:
    """The accounts of the last post before the end of a day, else of the first one."""
    snapshot = opened.snapshot
    times = [
        (min(moments), [each.alias for each in placed])
        for placed in snapshot.placed.values()
        if (moments := [m.at for each in placed for m in each.moments if m.at is not None])
    ]
    end = day + timedelta(days=1)
    before = [each for each in times if each[0].astimezone(snapshot.zone).date() < end]
    found = max(before, default=None, key=lambda each: each[0]) or min(
        times, default=None, key=lambda each: each[0]
    )
    return found[1] if found is not None else []
