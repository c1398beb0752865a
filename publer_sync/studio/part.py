"""Which part of a large calendar the page begins with: the weeks of the month in which it opens."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from publer_sync.calendar.when.moments import written_moment
from publer_sync.previewing.html import CHANGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from publer_sync.studio.open_calendar import OpenCalendar, Snapshot
    from publer_sync.values.problems import Location


def date_of(day: str) -> date | None:
    """A day as the page's address has it; None where it is none."""
    try:
        found = date.fromisoformat(day)
    except ValueError:
        return None
    return found if 1 < found.year < date.max.year else None


def days_around(day: date) -> tuple[date, date]:
    """The weeks of its month as the page draws them: from a Monday to the Monday after them."""
    first = day.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first - timedelta(days=first.weekday()), last + timedelta(days=7 - last.weekday())


def first_day(opened: Sequence[OpenCalendar], now: datetime, view: str) -> date:
    """As `first` of page.js: the next change; without changes today, or where nothing follows in what is seen, the next post."""
    today = now.astimezone(opened[0].snapshot.zone).date()
    changes = [
        at.astimezone(each.snapshot.zone).date()
        for each in opened
        for (_, at), mark in each.marking.marks.items()
        if mark.kind in CHANGES
    ]
    if changes:
        return _nearest(changes, today)
    days = {
        post.at.astimezone(each.snapshot.zone).date()
        for each in opened
        for post in each.calendar.desired.posts
    }
    if not days:
        return today
    following = _nearest(days, today)
    monday = today - timedelta(days=today.weekday())
    month = (today.replace(day=1) + timedelta(days=31)).replace(day=1)
    end = monday + timedelta(days=7) if view == "week" else month
    return today if today <= following < end else following


def _nearest(days: Iterable[date], today: date) -> date:
    """The first from today on, else the last."""
    days = sorted(days)
    return next((day for day in days if day >= today), days[-1])


def seen_places(snapshot: Snapshot, start: date, until: date) -> set[Location]:
    """The posts of these days, and those without a time."""
    zone = snapshot.zone
    first, end = (datetime.combine(day, time(), zone) for day in (start, until))
    found: set[Location] = set()
    for entry in snapshot.calendar.entries:
        placed = snapshot.placed.get(entry.place, ())
        times = [moment.at for each in placed for moment in each.moments if moment.at is not None]
        if not times and (at := written_moment(entry)) is not None:
            times = [at]
        if not times or any(first <= at < end for at in times):
            found.add(entry.place)
    return found
