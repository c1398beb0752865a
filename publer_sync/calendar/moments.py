"""When a post goes out on one account: every `at` that bears on it, the nearest day and the nearest time of day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from publer_sync.calendar import times
from publer_sync.calendar.posts import zone_of
from publer_sync.calendar.settings import trouble_at
from publer_sync.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from publer_sync.calendar.files import Document
    from publer_sync.calendar.posts import Entry
    from publer_sync.calendar.yaml.nodes import Map, Mark
    from publer_sync.model import Settings


@dataclass(frozen=True, slots=True)
class Moment:
    """`at` in UTC; None where it is unknown, which was said then. `day` is set where the post repeats.

    `needs_zone` where no offset goes with it, and neither its file nor the settings name a time zone.
    """

    at: datetime | None
    mark: Mark | None = None
    day: date | None = None
    needs_zone: bool = False


UNKNOWN = (Moment(None),)


class Timing:
    """Finds moments. `say` takes what is wrong, `main` is the data of publer.yaml."""

    def __init__(
        self,
        settings: Settings,
        main: Map | None,
        lines: Mapping[str, Sequence[str]],
        say: Callable[[Problem], None],
    ) -> None:
        self.settings, self.main, self.lines, self.say = settings, main, lines, say
        self._clocks: dict[str, tuple[Any, time | None, bool]] = {}

    def moments(self, entry: Entry, layers: list[Map]) -> tuple[Moment, ...]:
        """The moments of a post whose `layers` with an `at` are given, the nearest last."""
        zone, clock, clock_fine = self._clock(entry.document)
        said = self._read(layers)
        if said is None or (said := self._without_days(entry, said)) is None:
            return UNKNOWN
        day, at, offset, mark = _nearest(said, clock)
        if day is None:
            if "?" not in entry.data.broken:
                self._no_day(entry, mark)
            return UNKNOWN
        if at is None:
            if clock_fine:
                self._no_time(entry, day, mark)
            return UNKNOWN
        if (zone is None and (offset is None or entry.repeats)) or (entry.repeats and entry.days is None):
            return UNKNOWN
        needs_zone = offset is None and self._lacks_zone(entry)
        if not entry.repeats:
            at_utc = self._moment(day, at, offset or zone, mark, entry)
            return (Moment(at_utc, mark, needs_zone=needs_zone),)
        if offset is not None:
            at = datetime.combine(day, at, offset).astimezone(zone).time()
        return tuple(
            Moment(self._moment(each, at, zone, mark, entry), mark, each, needs_zone)
            for each in entry.days or ()
        )

    def _read(self, layers: list[Map]) -> list[tuple[times.When, Map]] | None:
        """What each `at` says; None where one of them cannot be read."""
        said: list[tuple[times.When, Map]] = []
        fine = True
        for layer in layers:
            if "at" in layer.broken:
                fine = False
                continue
            try:
                said.append((times.read(layer["at"]), layer))
            except times.Trouble as trouble:
                self.say(trouble_at(trouble, layer.marks["at"], self.lines.get(layer.marks["at"].file, ())))
                fine = False
        return said if fine else None

    def _without_days(
        self, entry: Entry, said: list[tuple[times.When, Map]]
    ) -> list[tuple[times.When, Map]] | None:
        """The same; None where a post that repeats is given another day."""
        odd = [layer.marks["at"] for when, layer in said if when.date is not None and layer is not entry.data]
        if not entry.repeats or not odd:
            return said
        message = "this post repeats: only a time of day can differ here"
        self.say(Problem("error", "repeat.at", message, odd[0].location, "at: 10:30", odd[0].length))
        return None

    def _no_day(self, entry: Entry, mark: Mark | None) -> None:
        if mark is None:
            self.say(
                Problem("error", "time.none", "this post says no time", entry.place, "at: 2027-03-02 09:00")
            )
            return
        message = "this is a time of day, and the post says no day"
        written = str(entry.data.get("at") or "10:30").strip()
        self.say(
            Problem("error", "time.alone", message, mark.location, f"at: YYYY-MM-DD {written}", mark.length)
        )

    def _no_time(self, entry: Entry, day: date, mark: Mark | None) -> None:
        place = mark or entry.data.mark
        way = f"at: {day} 09:00\nor for the whole file, above posts:\ntime: 09:00"
        self.say(Problem("error", "time.alone", f"no time on {day}", place.location, way, place.length))

    def _lacks_zone(self, entry: Entry) -> bool:
        """Whether nothing says whose clocks are meant; what could not be read may have said it."""
        data, main = entry.document.data, self.main
        if data is None or main is None or "timezone" in data or "timezone" in main:
            return False
        return not main.broken and "timezone" not in data.broken

    def _moment(self, day: date, at: time, zone: Any, mark: Mark | None, entry: Entry) -> datetime | None:
        try:
            return times.moment(day, at, zone)
        except times.Trouble as trouble:
            place = mark or entry.data.mark
            if entry.repeats and trouble.later is not None:
                trouble = replace(trouble, help=_ways_of_a_series(entry, day, trouble.later, mark))
            self.say(trouble_at(trouble, place, self.lines.get(place.file, ())))
            return None

    def _clock(self, document: Document) -> tuple[Any, time | None, bool]:
        """The zone of a file, its time of day, and whether that could be read. A zone of None could not be."""
        if document.file not in self._clocks:
            zone = zone_of(document.data, document, self.settings, []) if document.data is not None else None
            self._clocks[document.file] = (zone, *self._time_of(document))
        return self._clocks[document.file]

    def _time_of(self, document: Document) -> tuple[time | None, bool]:
        for layer in (document.data, self.main):
            if layer is None or ("time" not in layer and "time" not in layer.broken):
                continue
            try:
                return (None, False) if "time" in layer.broken else (times.read_time(layer["time"]), True)
            except times.Trouble:
                return None, False
        return None, True


def _ways_of_a_series(entry: Entry, day: date, later: time, mark: Mark | None) -> str:
    """A day whose time is left out or there twice: without it, or all days at another time. Its own date would move the series."""
    left_out = [str(each) for each in entry.data["repeat"].get("except") or ()]
    own = mark == entry.data.marks["at"]  # elsewhere stands a time of day alone
    at = f"{times.read(entry.data['at']).date} {later:%H:%M}" if own else f"{later:%H:%M}"
    return (
        f"leave the day out, under repeat:\nexcept: [{', '.join([*left_out, str(day)])}]\n"
        f"or give all of them another time:\nat: {at}"
    )


def _nearest(
    said: list[tuple[times.When, Map]], clock: time | None
) -> tuple[date | None, time | None, Any, Mark | None]:
    """Day, time and offset, each the nearest. A time alone is on the wall clock that the day was given in."""
    day: date | None = None
    at, offset, mark = clock, None, None
    for when, layer in said:
        mark = layer.marks["at"]
        day = when.date or day
        if when.time is not None:
            at = when.time
            if when.offset is not None or when.date is not None:
                offset = when.offset
    return day, at, offset, mark
