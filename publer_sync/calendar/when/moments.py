"""When a post is published on one account: the nearest day and the nearest time of day of all its layers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta, tzinfo
from operator import is_not
from typing import TYPE_CHECKING, NamedTuple

from publer_sync.calendar.places import problem_at, time_problem
from publer_sync.calendar.when import times, zones
from publer_sync.calendar.when.repeat import first_day
from publer_sync.values.problems import Help, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from publer_sync.calendar.posts import Entry
    from publer_sync.calendar.when.wall_clock import WallClock
    from publer_sync.calendar.yaml.nodes import Map, Mark
    from publer_sync.values.counted import Counted
    from publer_sync.values.model import Settings
    from publer_sync.values.problems import Location


class Moment(NamedTuple):
    """`at` in UTC; None if it is unknown, which has its own problem. `part` tells the posts of a series apart.

    `waits`: for a slot, with its `own` time of day if this account has one, and its offset if it names one. `needs_zone`: it has no offset, and neither its file nor the settings name a time zone.
    """

    at: datetime | None
    mark: Mark | None = None
    part: str = ""
    needs_zone: bool = False
    counted: Counted | None = None
    waits: bool = False
    own: time | None = None


UNKNOWN = (Moment(None),)


def written_moment(entry: Entry) -> datetime | None:
    """The first moment that a post's own lines name, whatever else is wrong with it; None if they do not tell."""
    written, clock = entry.data.get("at"), entry.clock
    if not isinstance(written, str) or "at" in entry.data.broken:
        return None
    try:
        if (when := clock.read(written)) is None:
            return None
        at, zone = when.time or clock.time, when.offset or clock.zone
        return zones.moment(when.date, at, zone) if when.date and at and zone else None
    except zones.TimeError:
        return None


class Timing:
    """Finds the moments of posts, and adds what is wrong to `problems`. `main` is what the settings say."""

    def __init__(
        self,
        settings: Settings,
        main: Map | None,
        lines: Mapping[str, Sequence[str]],
        problems: list[Problem],
    ) -> None:
        self.settings, self.main, self.lines, self.problems = settings, main, lines, problems
        self.used: set[Location] = set()
        """Where the dates are declared that some time counts from."""
        self._last: tuple[Entry | None, list[Map], tuple[Moment, ...]] = (None, [], UNKNOWN)

    def moments(self, entry: Entry, layers: list[Map]) -> tuple[Moment, ...]:
        """The moments of a post. `layers` are those with an `at`, the nearest last."""
        if entry.is_stored:
            return self._stored(entry, layers)
        last, same, moments = self._last  # most accounts of a post share its layers
        if last is not entry or len(same) != len(layers) or any(map(is_not, same, layers)):
            moments = self._moments(entry, layers)
            self._last = (entry, layers, moments)
        return moments

    def _moments(self, entry: Entry, layers: list[Map]) -> tuple[Moment, ...]:
        clock = entry.clock
        if (whens := self._read(layers, clock)) is None or self._moves_series(entry, whens):
            return UNKNOWN
        if any(when.waits for when, _ in whens):
            return self._waiting(entry, whens)
        self._check_id(entry, whens)
        day, at, offset, mark, counted = nearest(whens, clock.time)
        if day is None or at is None:
            self._incomplete(entry, day, clock, mark, counted)
            return UNKNOWN
        zone = offset if offset is not None and not entry.repeats else clock.zone
        if zone is None or (entry.repeats and entry.days is None):
            return UNKNOWN
        ahead = timedelta(0)
        if entry.repeats and offset is not None:
            local = datetime.combine(day, at, offset).astimezone(zone)
            first = next((first_day(when, zone) for when, layer in whens if layer is entry.data), None)
            at, ahead = local.time(), local.date() - (first or local.date())
        needs_zone = offset is None and self._lacks_zone(entry)
        parts = entry.parts if entry.days is not None else ((day, ""),)
        return tuple(
            [
                Moment(
                    self._moment(entry, day, at, zone, mark, counted, ahead), mark, part, needs_zone, counted
                )
                for day, part in parts
            ]
        )

    def _stored(self, entry: Entry, layers: list[Map]) -> tuple[Moment, ...]:
        """A stored post has no moment, but maybe a time of day of its `own`; report a day that would be that of its uses."""
        own = None
        for when, layer in self._read([each for each in layers if each is not entry.data], entry.clock) or ():
            own = _own(when, own)
            if when.date is not None or when.waits:
                message = (
                    "this post is in store: its uses have the day, so only the time of day can differ here"
                )
                advice = Help("Leave out the day", f"at: {when.time:%H:%M}" if when.time else "")
                self.problems.append(problem_at(layer.marks["at"], "evergreen.at", message, advice))
        return (Moment(None, own=own),)

    def _waiting(self, entry: Entry, whens: list[tuple[times.When, Map]]) -> tuple[Moment, ...]:
        """A post that waits for a slot; report one that cannot."""
        wrong = [layer for when, layer in whens if when.waits and (layer is not entry.data or entry.repeats)]
        message = "only the time of the post itself can be `next`, and only of one that does not repeat"
        advice = Help("Write a time", example="at: 2027-03-02 09:00")
        if not wrong:
            wrong = [layer for when, layer in whens if when.date is not None]
            message = "the post waits for a slot: only its time of day can differ here"
            advice = Help("Leave out the day")
        if wrong:
            self.problems.append(problem_at(wrong[0].marks["at"], "slot.next", message, advice))
            return UNKNOWN
        own: time | None = None
        nearer = [layer is entry.data for _, layer in whens].index(True) + 1
        for when, _ in whens[nearer:]:  # the time that the post gets takes the place of what is further out
            own = _own(when, own)
        return (Moment(None, entry.data.marks["at"], waits=True, own=own),)

    def _check_id(self, entry: Entry, whens: list[tuple[times.When, Map]]) -> None:
        """Report a post without an id whose time counts from a date: if the date moves, nothing else would tell which it is."""
        if entry.id is not None or entry.repeats or "id" in entry.data.broken:
            return
        counting = next((layer for when, layer in whens if when.counted is not None), None)
        if counting is None:
            return
        message = (
            "a post whose time counts from a date needs an `id`: by that it is known when the date moves"
        )
        mark = counting.marks["at"]
        self.problems.append(
            problem_at(mark, "date.id", message, Help("Add an id", example="id: launch-teaser"))
        )

    def check_embargo(self, entry: Entry, merged: Map, moments: Sequence[Moment]) -> None:
        """Report the first moment before `not_before`."""
        if "not_before" in merged.broken:
            return
        mark, written = merged.marks["not_before"], merged["not_before"]
        try:
            earliest, counted = earliest_of(written, entry.clock)
        except zones.TimeError as error:
            self.problems.append(time_problem(error, mark, self.lines.get(mark.file, ())))
            return
        if counted is not None:
            self.used.add(counted.place)
        early = next((each for each in moments if earliest and each.at and each.at < earliest), None)
        if early is not None:
            message = f"the time of this post is before its `not_before`, {written}"
            advice = Help("Write a later time; if it may be published earlier, change `not_before`")
            place = early.mark or entry.data.mark
            related = ((mark.location, "`not_before`"),)
            self.problems.append(problem_at(place, "time.embargo", message, advice, related=related))

    def _read(self, layers: list[Map], clock: WallClock) -> list[tuple[times.When, Map]] | None:
        """What each `at` means; None if one of them cannot be read."""
        whens: list[tuple[times.When, Map]] = []
        for layer in layers:
            if "at" in layer.broken:
                continue
            try:
                when = clock.read(layer["at"])
            except zones.TimeError as error:
                mark = layer.marks["at"]
                self.problems.append(time_problem(error, mark, self.lines.get(mark.file, ())))
                continue
            if when is not None:
                whens.append((when, layer))
                if when.counted is not None:
                    self.used.add(when.counted.place)
        return whens if len(whens) == len(layers) else None

    def _moves_series(self, entry: Entry, whens: list[tuple[times.When, Map]]) -> bool:
        """Report a post that repeats and names another day for a network or an account."""
        for when, layer in whens:
            if entry.repeats and when.date is not None and layer is not entry.data:
                message = "this post repeats: only its time of day can differ here"
                advice = Help("Leave out the day", f"at: {when.time:%H:%M}" if when.time else "")
                self.problems.append(problem_at(layer.marks["at"], "repeat.at", message, advice))
                return True
        return False

    def _incomplete(
        self, entry: Entry, day: date | None, clock: WallClock, mark: Mark | None, counted: Counted | None
    ) -> None:
        """Report a post without a day or a time of day, unless it could not be read."""
        if day is not None and not clock.timed:
            say = "Add a time of day; for the whole file, write `time: 09:00` above its posts"
            advice = Help(say, example=f"at: {counted.day if counted else day} 09:00")
            place = mark or entry.data.mark
            self.problems.append(problem_at(place, "time.alone", f"no time on {day}", advice))
        elif day is None and "?" not in entry.data.broken:
            if mark is None or entry.stored is not None:
                advice = Help("Add a time", example="at: 2027-03-02 09:00")
                self.problems.append(
                    Problem("error", "time.none", "this post has no time", entry.place, advice)
                )
                return
            written = str(entry.data.get("at") or "10:30").strip()
            advice = Help("Give the day before the time", example=f"at: 2027-03-02 {written}")
            message = "this is a time of day, and the post has no day"
            self.problems.append(problem_at(mark, "time.alone", message, advice))

    def _lacks_zone(self, entry: Entry) -> bool:
        """Whether no time zone is set, not even in a part that could not be read."""
        data, main = entry.document.data, self.main
        if data is None or main is None or "timezone" in data or "timezone" in main:
            return False
        return not main.broken

    def _moment(
        self,
        entry: Entry,
        day: date,
        at: time,
        zone: tzinfo,
        mark: Mark | None,
        counted: Counted | None,
        ahead: timedelta,
    ) -> datetime | None:
        """The moment of a post, that of a series `ahead` of its day where a time with an offset is on another one."""
        try:
            return zones.moment(day + ahead, at, zone)
        except zones.TimeError as error:
            place = mark or entry.data.mark
            if entry.repeats and error.later is not None:
                error = replace(error, help=_fix_of_a_series(entry, day, error.later))
            elif counted is not None:
                error = replace(error, help=Help(error.help.say.replace(f"{day} ", f"{counted.day} ")))
            self.problems.append(time_problem(error, place, self.lines.get(place.file, ())))
            return None


def _own(when: times.When, before: time | None) -> time | None:
    """The time of day of an account, in its own offset or in that of a time further out."""
    if when.time is None:
        return before
    return when.time.replace(tzinfo=when.offset or (before.tzinfo if before is not None else None))


def earliest_of(written: str, clock: WallClock) -> tuple[datetime | None, Counted | None]:
    """What `not_before` means, in UTC: a date alone is the start of that day. None if that is unknown. Raises TimeError."""
    when = clock.read(written, "not_before")
    if when is None:
        return None, None
    if when.date is None:
        help_ = Help("Give the day before the time", example=f"not_before: 2027-03-02 {written.strip()}")
        raise zones.TimeError("time.alone", "this is a time of day, and `not_before` needs a day", help_)
    zone = when.offset or clock.zone
    if zone is None:
        return None, when.counted
    if when.time is None:
        return zones.day_start(when.date, zone), when.counted
    return zones.moment(when.date, when.time, zone), when.counted


def _fix_of_a_series(entry: Entry, day: date, later: time) -> Help:
    """The help for a day on which the clocks change: a changed date would move the whole series."""
    left_out = [*map(str, entry.data["repeat"].get("except") or ()), str(day)]
    say = f"Leave the day out, under repeat; or give the whole series another time, such as {later:%H:%M}"
    return Help(say, f"except: [{', '.join(left_out)}]")


def nearest(
    whens: list[tuple[times.When, Map]], clock: time | None
) -> tuple[date | None, time | None, tzinfo | None, Mark | None, Counted | None]:
    """The nearest day, time and offset, and what the day counts from. A time alone counts in the offset that came with the day."""
    day: date | None = None
    at, offset, mark, counted = clock, None, None, None
    for when, layer in whens:
        mark = layer.marks["at"]
        if when.date is not None:
            day, counted = when.date, when.counted
        if when.time is not None:
            at = when.time
            if when.offset is not None or when.date is not None:
                offset = when.offset
    return day, at, offset, mark, counted
