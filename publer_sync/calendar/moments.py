"""When a post goes out on one account: every `at` that bears on it, the nearest day and the nearest time of day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from publer_sync.calendar import times, zones
from publer_sync.calendar.places import problem_at, time_problem
from publer_sync.calendar.posts import zone_of
from publer_sync.problems import Help, Problem

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
            except zones.TimeError as error:
                self.say(time_problem(error, layer.marks["at"], self.lines.get(layer.marks["at"].file, ())))
                fine = False
        return said if fine else None

    def _without_days(
        self, entry: Entry, said: list[tuple[times.When, Map]]
    ) -> list[tuple[times.When, Map]] | None:
        """The same; None where a post that repeats is given another day."""
        odd = [layer.marks["at"] for when, layer in said if when.date is not None and layer is not entry.data]
        if not entry.repeats or not odd:
            return said
        message = "this post repeats: only its time of day can differ here"
        times_alone = [when.time for when, layer in said if layer.marks["at"] is odd[0] and when.time]
        paste = f"at: {times_alone[0]:%H:%M}" if times_alone else ""
        self.say(problem_at(odd[0], "repeat.at", message, Help("Leave out the day", paste)))
        return None

    def _no_day(self, entry: Entry, mark: Mark | None) -> None:
        if mark is None:
            advice = Help("Add a time", example="at: 2027-03-02 09:00")
            self.say(Problem("error", "time.none", "this post has no time", entry.place, advice))
            return
        message = "this is a time of day, and the post says no day"
        written = str(entry.data.get("at") or "10:30").strip()
        advice = Help("Give the day before the time", example=f"at: 2027-03-02 {written}")
        self.say(problem_at(mark, "time.alone", message, advice))

    def _no_time(self, entry: Entry, day: date, mark: Mark | None) -> None:
        say = "Add a time of day; for the whole file, write `time: 09:00` above its posts"
        advice = Help(say, example=f"at: {day} 09:00")
        self.say(problem_at(mark or entry.data.mark, "time.alone", f"no time on {day}", advice))

    def _lacks_zone(self, entry: Entry) -> bool:
        """Whether nothing says whose clocks are meant; what could not be read may have said it."""
        data, main = entry.document.data, self.main
        if data is None or main is None or "timezone" in data or "timezone" in main:
            return False
        return not main.broken and "timezone" not in data.broken

    def _moment(self, day: date, at: time, zone: Any, mark: Mark | None, entry: Entry) -> datetime | None:
        try:
            return zones.moment(day, at, zone)
        except zones.TimeError as error:
            place = mark or entry.data.mark
            if entry.repeats and error.later is not None:
                error = replace(error, help=_fix_of_a_series(entry, day, error.later))
            self.say(time_problem(error, place, self.lines.get(place.file, ())))
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
            except zones.TimeError:
                return None, False
        return None, True


def _fix_of_a_series(entry: Entry, day: date, later: time) -> Help:
    """For a day whose time is left out or there twice. A date of its own would move the whole series."""
    left_out = [*map(str, entry.data["repeat"].get("except") or ()), str(day)]
    say = f"Leave the day out, under repeat; or give the whole series another time, such as {later:%H:%M}"
    return Help(say, f"except: [{', '.join(left_out)}]")


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
