"""What the studio calls posts, days and what was done, in words for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.render.layout.dates import Dates
from publer_sync.render.layout.wording import count
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from publer_sync.calendar.posts import Entry
    from publer_sync.studio.open_calendar import Snapshot
    from publer_sync.studio.orders import PostFields
    from publer_sync.studio.working import Said

_LONGEST: int = 40
FIELDS = {
    "text": "words",
    "title": "title",
    "link": "link",
    "media": "pictures",
    "poll": "poll",
    "thread": "thread",
    "comments": "first comment",
    "labels": "labels",
    "note": "note",
}


def name_of(entry: Entry) -> str:
    words = entry.data.get("text")
    first = one_line(words.strip().split("\n")[0]) if isinstance(words, str) else ""
    short = first if len(first) <= _LONGEST else f"{first[:_LONGEST].rstrip()}…"
    return entry.id or (f'"{short}"' if short else "the post")


def spoken_day(day: date, today: date) -> str:
    """`Wed 3 Mar`, with its year where that is another than today's and more than half a year away."""
    year = f" {day.year}" if day.year != today.year and abs((day - today).days) > 183 else ""
    return f"{day:%a} {day.day} {day:%b}{year}"


def spoken(at: datetime, snapshot: Snapshot) -> str:
    local, today = at.astimezone(snapshot.zone), snapshot.now.astimezone(snapshot.zone).date()
    return f"{spoken_day(local.date(), today)}, {local:%H:%M}"


def spoken_with_own(at: datetime, snapshot: Snapshot, entry: Entry) -> str:
    """With the time of the post's file beside it, where that has another time zone: `Sat 3 Apr, 15:00 (09:00 New York)`."""
    zone = getattr(entry.clock.zone, "key", "")
    beside = Dates.around(snapshot.calendar.settings.timezone, snapshot.now).beside(at, zone)
    return f"{spoken(at, snapshot)}{f' ({beside})' if beside else ''}"


def spoken_part(entry: Entry, part: str, today: date) -> str:
    """One post of a series, by its day."""
    day = next((day for day, name in entry.parts if name == part), None)
    return f"{name_of(entry)} of {spoken_day(day, today)}" if day is not None else f"{name_of(entry)}@{part}"


def listed(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def edit_told(entry: Entry, fields: PostFields, before: Mapping[str, Said], after: Mapping[str, Said]) -> str:
    """What an edit did to a post, by what it said and says on each account."""
    keys = {
        key
        for alias, said in after.items()
        for key in {**said, **before.get(alias, {})}
        if said.get(key) != before.get(alias, {}).get(key)
    }
    parts = [word for key, word in FIELDS.items() if key in keys]
    told = [f"{listed(parts)} edited"] if parts else []
    if "draft" in keys:
        told.append("is a draft now" if fields.draft else "is no longer a draft")
    if not told:
        return f"{name_of(entry)} edited"
    return f"{name_of(entry)}{':' if parts else ''} {', '.join(told)}"


def accounts_changed(before: Iterable[str], after: Sequence[str]) -> list[str]:
    was = [*before]
    come, gone = [each for each in after if each not in was], [each for each in was if each not in after]
    too = " too" if len(gone) < len(was) else ""
    told = [f"is on {listed(come)}{too}"] if come else []
    return told + ([f"is no longer on {listed(gone)}"] if gone else [])


def accounts_told(entry: Entry, before: Iterable[str], after: Sequence[str]) -> str:
    told = accounts_changed(before, after)
    return f"{name_of(entry)} {listed(told)}" if told else f"{name_of(entry)} edited"


def posts_counted(number: int) -> str:
    return count(number, "post")
