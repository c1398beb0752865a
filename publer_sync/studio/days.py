"""On which days a post could be, and why not on the others: asked when a drag begins."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from publer_sync.calendar.when.moments import earliest_of
from publer_sync.calendar.when.zones import TimeError
from publer_sync.editing.entry_edits import Unsafe
from publer_sync.render.layout.wording import sentence
from publer_sync.studio.changes import gone_by
from publer_sync.studio.moving import moment_of, moved, read_day
from publer_sync.studio.orders import MoveOrder
from publer_sync.studio.posts import base_of
from publer_sync.studio.wording import name_of, spoken, spoken_day

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from publer_sync.calendar.posts import Entry
    from publer_sync.studio.documents import DayData, DaysAnswer
    from publer_sync.studio.open_calendar import OpenCalendar
    from publer_sync.studio.orders import DaysRequest

MOST_DAYS: Final = 400


def days_of(opened: OpenCalendar, request: DaysRequest) -> DaysAnswer:
    """On each day of the span. Raises Unsafe where it ends before it begins, or is longer than a year."""
    entry = opened.keys.entries[request.key]
    first, last = read_day(request.start), read_day(request.end)
    if not first <= last <= first + timedelta(days=MOST_DAYS):
        raise Unsafe(f"{first} to {last} is not a span of days")
    span = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    if (stays := _stays(opened, entry, request)) is not None:
        return {"days": {day.isoformat(): stays for day in span}}
    return {"days": {day.isoformat(): _day(opened, entry, request, day) for day in span}}


def _stays(opened: OpenCalendar, entry: Entry, request: DaysRequest) -> DayData | None:
    """Why the post goes nowhere at all, if that is so."""
    if entry.document.page is not None:
        return _no("page", "It is in a page of the website, which is not written to.")
    snapshot = opened.snapshot
    part = request.part or (entry.parts[0][1] if entry.parts else None)
    if (at := gone_by(snapshot, entry, part)) is not None:
        return _no(
            "gone", f"It was for {spoken(at, snapshot)}, which has passed: duplicate it to a day ahead."
        )
    freeze = timedelta(minutes=snapshot.calendar.settings.limits.freeze_minutes)
    for placed in snapshot.placed.get(entry.place, ()):
        at = moment_of(placed, request.part)
        if at is not None and snapshot.now < at <= snapshot.now + freeze:
            minutes = snapshot.calendar.settings.limits.freeze_minutes
            return _no("frozen", f"It is published within {minutes} minutes, and apply leaves it alone.")
    return None


def _day(opened: OpenCalendar, entry: Entry, request: DaysRequest, day: date) -> DayData:
    snapshot = opened.snapshot
    order = MoveOrder(
        day=day.isoformat(),
        time=request.time,
        accounts=request.accounts,
        part=request.part,
        of=request.of,
    )
    try:
        wanted = moved(snapshot, entry, order, ahead=True)
    except TimeError as error:
        return _no("clock", sentence(error.message))
    except Unsafe as unsafe:
        return _no("unsafe", sentence(unsafe.reason))
    if min(wanted.values()) <= snapshot.now:
        return _no("past", "That has passed.")
    for alias, at in wanted.items():
        if (taken := _taken(opened, entry, request, alias, at)) is not None:
            return taken
    found: DayData = (
        _early(opened, entry, wanted) or _rests(opened, entry, day) or _quiet(opened, day) or {"ok": True}
    )
    placed = [each for each in snapshot.placed.get(entry.place, ()) if each.alias in wanted]
    lead = base_of(placed)
    if lead is not None and all(moment_of(each, request.part) is None for each in placed):
        found["time"] = f"{wanted[lead.alias].astimezone(snapshot.zone):%H:%M}"
    return found


def _taken(
    opened: OpenCalendar, entry: Entry, request: DaysRequest, alias: str, at: datetime
) -> DayData | None:
    """Whether another post has the minute; one of the same series, too."""
    for post in opened.snapshot.slots.get((alias, at), ()):
        part = (post.id or "").partition("@")[2]
        if post.location == entry.place and part == (request.part or part):
            continue
        key = opened.keys.by_place[post.location]
        other = opened.keys.entries[key]
        local = at.astimezone(opened.snapshot.zone)
        say = f"{alias} has a post at {local:%H:%M}: {name_of(other)}."
        swap = key if not (other.repeats or entry.repeats) else None
        return {"ok": False, "why": "taken", "say": say, "swap": swap, "account": alias}
    return None


def _early(opened: OpenCalendar, entry: Entry, wanted: Mapping[str, datetime]) -> DayData | None:
    for placed in opened.snapshot.placed.get(entry.place, ()):
        written = placed.merged.get("not_before")
        if not isinstance(written, str) or placed.alias not in wanted:
            continue
        try:
            earliest, _ = earliest_of(written, entry.clock)
        except TimeError:
            continue
        if earliest is not None and wanted[placed.alias] < earliest:
            return _no("not_before", f"Not before {written}.")
    return None


def _rests(opened: OpenCalendar, entry: Entry, day: date) -> DayData | None:
    """Whether a stored post has a use too near to a day."""
    if entry.evergreen is None:
        return None
    uses = {
        post.at.astimezone(opened.snapshot.zone).date()
        for post in opened.calendar.desired.posts
        if post.use is not None and post.use.stored == entry.id
    }
    near = [each for each in uses if abs(each - day) < entry.evergreen.every]
    if not near:
        return None
    told = spoken_day(min(near, key=lambda each: abs(each - day)), opened.snapshot.today)
    return {
        "ok": True,
        "why": "rests",
        "say": f"It is used on {told}; its uses are {entry.evergreen.pause} apart.",
    }


def _quiet(opened: OpenCalendar, day: date) -> DayData | None:
    """A warning: the post may go there anyway."""
    cadence = opened.calendar.settings.cadence
    if day.weekday() in cadence.quiet or day in cadence.holidays:
        what = "a quiet day" if day.weekday() in cadence.quiet else "a holiday"
        return {"ok": True, "why": "quiet", "say": f"{spoken_day(day, opened.snapshot.today)} is {what}."}
    return None


def _no(why: str, say: str) -> DayData:
    return {"ok": False, "why": why, "say": say, "swap": None}
