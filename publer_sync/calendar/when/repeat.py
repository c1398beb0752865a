"""`repeat`: the days of a series, in the time zone of its post."""

from __future__ import annotations

import re
from dataclasses import field
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Final

from publer_sync.calendar.places import problem_at, time_problem
from publer_sync.calendar.when import times
from publer_sync.calendar.when.zones import DAYS, TimeError
from publer_sync.calendar.yaml.nodes import Map, Seq
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.starting.late_modules import late_module
from publer_sync.values.problems import Help
from publer_sync.values.timezones import with_offset

if TYPE_CHECKING:
    import calendar
    from collections.abc import Sequence
    from datetime import tzinfo

    from publer_sync.calendar.document import Document
    from publer_sync.calendar.when.times import When
    from publer_sync.calendar.when.wall_clock import WallClock
    from publer_sync.calendar.yaml.nodes import Mark
    from publer_sync.values.counted import Counted
    from publer_sync.values.problems import Problem
else:
    calendar = late_module("calendar")

MAX_OCCURRENCES: Final = 1_000
IN_EVERY_MONTH: Final = 28
_MOST_NAMED: Final = 5

_EVERY = re.compile(r"(?:([1-9][0-9]{0,2}) ?)?(d|w|m|days?|weeks?|months?)")
_END: Final = "until: 2027-05-27"
_UNKNOWN: Final = times.When(None, None)


def every(text: str) -> tuple[int, str] | None:
    """`week`, `2w`, `3 days`, `month` as a number and a unit; None for anything else. A bare `m` could be minutes."""
    match = _EVERY.fullmatch(text.strip().lower())
    if match is None or match[2] == "m" or (match[1] is None and len(match[2]) == 1):
        return None
    return int(match[1] or 1), match[2][0]


def occurrences(
    first: date,
    interval: int,
    unit: str,
    *,
    weekdays: tuple[int, ...] = (),
    until: date | None = None,
    times: int | None = None,
    most: int = MAX_OCCURRENCES,
) -> Sequence[date]:
    """The days from `first` on, at most one more than `most`.

    `unit` is d, w or m, `weekdays` count from 0, Monday. `until` is included.
    A month without the day (the 31st in April) has no occurrence.
    """
    from itertools import islice

    from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule

    rule = rrule(
        DAILY if unit == "d" else WEEKLY if unit == "w" else MONTHLY,
        dtstart=datetime.combine(first, time()),
        interval=interval,
        byweekday=weekdays or None,
        count=times,
        until=datetime.combine(until, time()) if until else None,
    )
    return [moment.date() for moment in islice(rule, most + 1)]


def first_day(when: When, zone: tzinfo | None) -> date | None:
    """The day in the zone on which a series begins whose `at` means this."""
    if when.offset is not None and when.date and when.time and zone is not None:
        return datetime.combine(when.date, when.time, when.offset).astimezone(zone).date()
    return when.date


@dataclass(slots=True)
class Series:
    """A post with `repeat`, whose times are read by the `clock` of its file."""

    document: Document
    data: Map
    clock: WallClock
    problems: list[Problem]
    bounds: list[Counted] = field(default_factory=list)
    """The dates that its end and the days that it leaves out count from."""
    numbers: tuple[int, ...] = ()
    """Of its days, those that it leaves out counted too: leaving one out gives no other one another number."""
    _unknown: bool = False
    _counted: set[date] = field(default_factory=set)
    """The days left out that count from the very date from which its first day counts."""

    @property
    def first(self) -> When:
        """What its `at` means, as far as that is known."""
        at = self.data.get("at")
        if not isinstance(at, str) or "at" in self.data.broken:
            return _UNKNOWN
        try:
            return self.clock.read(at) or _UNKNOWN
        except TimeError:
            return _UNKNOWN  # reported where the post is placed

    def days(self) -> tuple[date, ...] | None:
        """Its days; None if they cannot be known."""
        repeat: Map = self.data["repeat"]
        before, first = len(self.problems), self._first_day()
        until = self._date(repeat["until"], "until", repeat.marks["until"]) if "until" in repeat else None
        left_out = self._left_out(repeat)
        step = every(str(repeat.get("every", "")))
        self._check_keys(repeat, step)
        if first is None or step is None or self._unknown or len(self.problems) > before:
            return None
        if until is not None and until < first:
            message = f"`until` ({until}) is before the first day ({first})"
            self._error("end", message, repeat.marks["until"], "until", f"End it on {first} or later")
            return None
        weekdays = tuple(sorted({DAYS.index(day.title()) for day in repeat.get("days", ())}))
        most = MAX_OCCURRENCES + len(left_out)  # one that is left out does not hide that there are too many
        every_day = occurrences(
            first, *step, weekdays=weekdays, until=until, times=repeat.get("times"), most=most
        )
        days = [day for day in every_day if day not in left_out]
        strangers = left_out.keys() - set(every_day)
        self.numbers = tuple(number for number, day in enumerate(every_day, 1) if day not in left_out)
        if len(days) > MAX_OCCURRENCES:
            message = f"this repeats more than {MAX_OCCURRENCES:,} times"
            self._error("many", message, repeat.mark, "repeat", Help("Give it an earlier end", example=_END))
            return None
        for day in sorted(strangers):
            message = f"the post does not repeat on {DAYS[day.weekday()]} {day} anyway"
            if day in self._counted:  # the day that was meant is in again, once its name has another date
                days_of_it = ", ".join(str(each) for each in every_day[:_MOST_NAMED])
                say = f"Write the day that is meant: it repeats on {days_of_it}"
                self._error("except", message, left_out[day], "except", say)
                continue
            self.problems.append(
                problem_at(left_out[day], "repeat.except", message, "Check the date", severity="warning")
            )
        if weekdays and first.weekday() not in weekdays and days:
            self._warn_of_start(first, every_day[0], days[0])
        if step[1] == "m" and first.day > IN_EVERY_MONTH and days:
            self._warn_of_short_months(first, step[0], until or days[-1])
        if not days:
            say = "Give `until` a later day, leave out fewer under `except`, or remove the post"
            self._error("none", "no day of this series is left", repeat.mark, "repeat", say)
            return None
        return tuple(days)

    def _check_keys(self, repeat: Map, step: tuple[int, str] | None) -> None:
        if "until" not in repeat and "times" not in repeat:
            self._error(
                "end", "a repeat needs an end", repeat.mark, "repeat", Help("Add an end", example=_END)
            )
        if "until" in repeat and "times" in repeat:
            message = "a repeat has one end: `until` or `times`"
            self._error("end", message, repeat.marks["times"], "times", "Remove one of them")
        if "days" in repeat and step and step[1] != "w":
            advice = Help("Remove them, or repeat weekly", example="every: week")
            self._error("days", "`days` only works with weekly repeats", repeat.marks["days"], "days", advice)

    def _warn_of_start(self, first: date, start: date, published: date) -> None:
        """`at` names a day that is not in `days`, so the series starts on a later one, and has its first post there or later."""
        own, when = DAYS[first.weekday()], self.first
        at = f"{start}"
        if when.time is not None:
            offset = when.offset.utcoffset(None) if when.offset else None
            at += f" {with_offset(when.time, offset) if offset is not None else f'{when.time:%H:%M}'}"
        day = f"{DAYS[published.weekday()]} {published}"
        message = f"the series starts on {day}: `days` leaves out {own} {first}"
        there = "Start it there" if start == published else f"Name {DAYS[start.weekday()]} {start} in `at`"
        say = f"{there}, or add {own.lower()} to `days`"
        if when.counted is not None:
            at = f"{DAYS[start.weekday()].lower()} after {when.counted.name}"
            meant = self.clock.read(at)
            advice = Help(say, example=f"at: {at}" if meant is not None and meant.date == start else "")
        else:
            advice = Help(say, f"at: {at}")
        mark = self.data.marks["at"]
        self.problems.append(problem_at(mark, "repeat.start", message, advice, severity="warning"))

    def _warn_of_short_months(self, first: date, interval: int, last: date) -> None:
        """A monthly series on a day that some months up to the `last` day do not have."""
        months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month, interval)
        starts = [date(month // 12, month % 12 + 1, 1) for month in months]
        short = [start for start in starts if calendar.monthrange(start.year, start.month)[1] < first.day]
        if not short:
            return
        *others, name = dict.fromkeys(f"{start:%B}" for start in short)
        names = f"{', '.join(others)} and {name} have" if others else f"{name} has"
        message = f"{names} no {first.day}{'st' if first.day == 31 else 'th'}: the series has no post there"
        advice = Help(
            f"Start it on the {IN_EVERY_MONTH}th or earlier for a post in every month",
            silence="repeat.short",
        )
        mark = self.data.marks["at"]
        self.problems.append(problem_at(mark, "repeat.short", message, advice, severity="warning"))

    def _error(self, code: str, message: str, mark: Mark, key: str, advice: Help | str) -> None:
        self.problems.append(problem_at(mark, f"repeat.{code}", message, advice, key=key))

    def _first_day(self) -> date | None:
        """The day that `at` names, in the post's time zone."""
        return first_day(self.first, self.clock.zone)

    def _date(self, text: Any, key: str, mark: Mark) -> date | None:
        try:
            day, counted = self.clock.read_day(str(text), key)
        except TimeError as error:
            self.problems.append(time_problem(error, mark, self.document.lines))
            return None
        self._unknown |= day is None
        self.bounds += [counted] if counted is not None else []
        return day

    def _left_out(self, repeat: Map) -> dict[date, Mark]:
        value = repeat.get("except")
        if not isinstance(value, Seq):
            return {}
        days: dict[date, Mark] = {}
        name = self.first.counted.name if self.first.counted is not None else None
        for text, mark in zip(value, value.marks, strict=True):
            known = len(self.bounds)
            if (day := self._date(text, "except", mark)) is not None:
                days[day] = mark
                self._counted |= {day} if any(each.name == name for each in self.bounds[known:]) else set()
        return days
