"""Dates with names: what `dates` declares in the settings and in files of posts."""

from __future__ import annotations

import unicodedata
from dataclasses import field, replace
from datetime import UTC, date, datetime, time, tzinfo
from typing import TYPE_CHECKING, Final

from publer_sync.calendar.places import problem_at, time_problem
from publer_sync.calendar.when import times, zones
from publer_sync.calendar.when.sums import COUNTS, PAGE_DATE, is_name, read_sum
from publer_sync.calendar.yaml.nodes import Map
from publer_sync.calendar.yaml.scalars import snippet
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.problems import Help

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from publer_sync.calendar.document import SitePage
    from publer_sync.calendar.yaml.nodes import Mark
    from publer_sync.values.problems import Problem

EXAMPLE: Final = "dates:\n  launch: 2027-04-06"


@dataclass(frozen=True, slots=True)
class NamedDate:
    """A day in the zone of whatever counts from it; or a moment, where it was declared with a time."""

    name: str
    day: date
    mark: Mark
    at: datetime | None = None
    """The moment in UTC."""
    written: str = ""

    @property
    def value(self) -> str:
        """In one spelling, to compare with what it was."""
        return f"{self.at:%Y-%m-%dT%H:%M:%SZ}" if self.at is not None else self.day.isoformat()

    def on(self, zone: tzinfo) -> tuple[date, time | None]:
        """Its day and time of day in a zone."""
        if self.at is None:
            return self.day, None
        local = self.at.astimezone(zone)
        return local.date(), local.time()


@dataclass(frozen=True, slots=True)
class NamedDates:
    """The dates that a file knows, by name; None for one that could not be read, which has its own problem.

    Not `complete` where others may be declared in a part that could not be read.
    """

    known: Mapping[str, NamedDate | None] = field(default_factory=dict)
    complete: bool = True

    def of_page(self, page: SitePage, zone: tzinfo | None) -> NamedDates:
        """With the date of a page; one with a time of day but no offset is in the `zone` of the calendar."""
        if page.undated:
            return NamedDates({**self.known, PAGE_DATE: None}, self.complete)
        if page.date is None or page.date_mark is None:
            return self
        day, moment = page.date, None
        if isinstance(day, datetime):
            if (where := day.tzinfo or zone) is None:
                return NamedDates({**self.known, PAGE_DATE: None}, self.complete)
            moment = day.replace(tzinfo=where).astimezone(UTC)
            day = day.date()
        named = NamedDate(PAGE_DATE, day, page.date_mark, moment, page.written)
        return NamedDates({**self.known, PAGE_DATE: named}, self.complete)

    def over(
        self, data: Map, zone: tzinfo | None, lines: Sequence[str], problems: list[Problem]
    ) -> NamedDates:
        """With those that `data` declares, which win; null takes one away. `zone` is that of the file."""
        complete = self.complete and not data.broken & {"dates", "?"}
        declared = data.get("dates")
        if not isinstance(declared, Map):
            return NamedDates({} if "dates" in data and complete else self.known, complete)
        known = dict(self.known)
        for key, written in declared.items():
            name = unicodedata.normalize("NFC", key)
            if written is None and key not in declared.broken:
                known.pop(name, None)
            elif is_name(name):
                mark = declared.marks[key]
                known[name] = (
                    None if key in declared.broken else _declared(name, written, mark, zone, lines, problems)
                )
            elif key not in declared.broken:
                problems.append(_no_name(key, declared.marks[key]))
        return NamedDates(known, complete)


NO_DATES: Final = NamedDates()


def _no_name(key: str, mark: Mark) -> Problem:
    """A name that the schema, which knows capitals of few scripts, has let through."""
    message = f"`{snippet(key)[1:-1]}` cannot be the name of a date: names have small letters"
    small = key.lower()
    say = (
        f"Write `{small}`, here and where it is used" if is_name(small) else "Choose a name of small letters"
    )
    return problem_at(mark, "date.name", message, say, key=key)


def _declared(
    name: str, written: str, mark: Mark, zone: tzinfo | None, lines: Sequence[str], problems: list[Problem]
) -> NamedDate | None:
    try:
        return _read(name, written.strip(), mark, zone)
    except zones.TimeError as error:
        problems.append(time_problem(error, mark, lines))
        return None


def _read(name: str, written: str, mark: Mark, zone: tzinfo | None) -> NamedDate | None:
    """None if the zone of the file is unknown. Raises TimeError."""
    try:
        when = times.read(written, "dates")
    except zones.TimeError as error:
        if error.written is not None:
            raise replace(error, help=Help(error.help.say, f"{name}: {error.written}")) from None
        if not COUNTS.fullmatch(written) and read_sum(written) is None:
            raise
        message = f"{snippet(written, 60)} counts from another date, and a date with a name cannot"
        help_ = Help("Write the day itself", example=f"{name}: 2027-04-06")
        raise zones.TimeError("date.sum", message, help_) from None
    if when.date is None:
        help_ = Help("Give the day before the time", example=f"{name}: 2027-04-06 {written}")
        raise zones.TimeError("time.alone", f"this is a time of day, and `{name}` needs a day", help_)
    if when.time is None:
        return NamedDate(name, when.date, mark, written=written)
    where = when.offset or zone
    if where is None:
        return None
    return NamedDate(
        name, when.date, mark, zones.moment(when.date, when.time, where).astimezone(UTC), written
    )


def dates_of_settings(
    layers: Sequence[Map], timezone: str, lines: Mapping[str, Sequence[str]], problems: list[Problem]
) -> NamedDates:
    """What the settings declare, outermost first; each file's times are in its own zone, else in the calendar's."""
    found = NO_DATES
    for data in layers:
        name = data.get("timezone")
        known = isinstance(name, str) and "timezone" not in data.broken
        try:
            zone = zones.zone(str(name).strip() if known else timezone)
        except zones.TimeError:  # reported with the settings
            zone = zones.zone(timezone)
        found = found.over(data, zone, lines.get(data.mark.file, ()), problems)
    return found


def unused(dates: Sequence[NamedDate], used: frozenset[object]) -> list[Problem]:
    """A warning for each date that nothing counts from; `used` are the places of the others."""
    return [
        problem_at(
            each.mark,
            "date.unused",
            f"nothing counts from `{each.name}`",
            Help("Remove it, or count a time from it", example=f"at: {each.name} 09:00"),
            key=each.name,
            severity="warning",
        )
        for each in dates
        if each.mark.location not in used
    ]
