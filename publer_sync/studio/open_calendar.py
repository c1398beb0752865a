"""One calendar that is open in the studio: how it reads now, and what the page calls its posts."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from publer_sync.calendar.explanation import span_of
from publer_sync.calendar.zones import zone

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime, tzinfo

    from publer_sync.calendar.document import Document
    from publer_sync.calendar.expand import Placed
    from publer_sync.calendar.load import Calendar
    from publer_sync.problems import Location, Problem
    from publer_sync.studio.keys import PostKeys

    Read = Callable[[Mapping[str, bytes]], Calendar]
    """Reads the calendar with these bytes in the place of some files."""


class Snapshot:
    """A calendar as it reads at one moment."""

    def __init__(self, calendar: Calendar, now: datetime) -> None:
        self.calendar, self.now = calendar, now

    @cached_property
    def placed(self) -> Mapping[Location, Sequence[Placed]]:
        """Each post of a file on its accounts, by its place."""
        found: dict[Location, list[Placed]] = defaultdict(list)
        for each in self.calendar.placed:
            found[each.entry.place].append(each)
        return found

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        return self.calendar.judge(self.calendar.desired, now=self.now)

    @cached_property
    def zone(self) -> tzinfo:
        return zone(self.calendar.settings.timezone)

    def document(self, file: str) -> Document | None:
        return next((each for each in self.calendar.documents if each.file == file), None)


class OpenCalendar:
    """A calendar, its snapshot, and the keys of its posts. `number` is its place on the page."""

    def __init__(self, number: int, read: Read, keys: PostKeys, now: Callable[[], datetime]) -> None:
        """Raises SettingsError where the folder cannot be read."""
        self.number, self.read, self.keys, self.now = number, read, keys, now
        self.snapshot = Snapshot(read({}), now())
        keys.follow(self.snapshot.calendar.entries)

    def again(self) -> bool:
        """Read what is on disk now; whether it differs. Raises SettingsError."""
        new = self.read({})
        old = {each.file: each.raw for each in self.snapshot.calendar.documents}
        differs = old != {each.file: each.raw for each in new.documents}
        self.take(new)
        return differs

    def take(self, calendar: Calendar) -> None:
        self.snapshot = Snapshot(calendar, self.now())
        self.keys.follow(calendar.entries)

    def key_at(self, place: Location | None) -> str | None:
        """The key of the post in which a place is, if it is in one."""
        inside = [each for each in self.keys.by_place if place is not None and each.file == place.file]
        above = [each for each in inside if place is not None and each.line <= place.line]
        nearest = max(above, key=lambda each: each.line, default=None)
        if nearest is None or place is None:
            return None
        key = self.keys.by_place[nearest]
        return key if place.line in span_of(self.keys.entries[key]) else None

    @property
    def calendar(self) -> Calendar:
        return self.snapshot.calendar
