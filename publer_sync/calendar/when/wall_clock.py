"""How the times of one file are read: its time zone, its time of day, and the dates that have names there."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, Final

from publer_sync.calendar.when import times
from publer_sync.calendar.when.named_dates import EXAMPLE, NO_DATES, NamedDates
from publer_sync.calendar.when.sums import COUNTS, PAGE_DATE, meant_sum, read_sum
from publer_sync.calendar.when.zones import TimeError
from publer_sync.calendar.yaml.scalars import snippet
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.starting.late_modules import late_module
from publer_sync.values.counted import Counted
from publer_sync.values.problems import Help

if TYPE_CHECKING:
    import difflib

    from publer_sync.calendar.when import time_forms
    from publer_sync.calendar.when.named_dates import NamedDate
    from publer_sync.calendar.when.sums import Sum
    from publer_sync.calendar.when.times import When
else:
    difflib = late_module("difflib")
    time_forms = late_module("publer_sync.calendar.when.time_forms")

_WEEK: Final = 7
_MOST_NAMES: Final = 8


@dataclass(frozen=True, slots=True)
class WallClock:
    """`timed` without a `time`: it could not be read. `zone` is None for the same reason."""

    zone: tzinfo | None
    time: time | None = None
    timed: bool = False
    dates: NamedDates = NO_DATES

    def read(self, written: str, key: str = "at") -> When | None:
        """What a time means here; None if it counts from a date that could not be read, which has its own problem.

        Raises TimeError: what `times.read` raises, `date.unknown`, `date.sum`.
        """
        if key == "at" and written.strip().lower() == "next":
            return times.When(None, None, waits=True)
        if (found := read_sum(written)) is not None:
            if found.name in self.dates.known:
                named = self.dates.known[found.name]
                return (
                    self._counted(written.strip(), found, named, self.zone) if named and self.zone else None
                )
            if not self.dates.complete:
                return None
            if self.dates.known or found.name == PAGE_DATE or COUNTS.fullmatch(written):
                raise self._unknown(written, found, key)
        try:
            return times.read(written, key)
        except TimeError as error:
            names = frozenset(self.dates.known)
            if error.written is not None or not names:
                raise
            if (meant := meant_sum(written, names)) is not None:
                raise _meant(written, meant, key) from None
            if COUNTS.fullmatch(written):
                name = next((each for each in self.dates.known if each in written), min(names))
                raise _no_sum(written, key, name) from None
            raise

    def read_day(self, written: str, key: str) -> tuple[date | None, Counted | None]:
        """A day, and what it counts from; no day if that could not be read, which has its own problem.

        Raises TimeError: what `times.read_date` and `read` raise.
        """
        found = read_sum(written)
        if found is None:
            try:
                return times.read_date(written, key), None
            except TimeError:
                if COUNTS.fullmatch(written) or meant_sum(written, frozenset(self.dates.known)):
                    self.read(written, key)
                raise
        if found.time is not None or found.elapsed:
            message = f"{snippet(written, 60)} is a time; expected a day"
            say = "Count in days or weeks, without a time of day"
            raise TimeError(
                "date.sum", message, Help(say, example=f"{time_forms.key_lead(key)}{found.name} + 1w")
            )
        when = self.read(written, key)
        return (when.date, when.counted) if when is not None else (None, None)

    def _counted(self, written: str, found: Sum, named: NamedDate, zone: tzinfo) -> When:
        day, own = named.on(zone)
        moment = named.at
        try:
            if found.elapsed:
                moment = self._elapsed(written, found, named)
                day, own = moment.astimezone(zone).date(), moment.astimezone(zone).time()
            elif found.step is not None:
                moment, day = None, day + found.step
            elif found.weekday is not None:
                moment, day = None, _beside(day, found.weekday, before=found.before)
        except OverflowError:
            message = f"{snippet(written, 60)} is outside the years that can be counted"
            raise TimeError("date.sum", message, Help("Choose a day near this one")) from None
        offset = found.offset
        if found.time is None and moment is not None:
            offset = _telling(moment, zone)
        counted = Counted(written, named.name, named.value, named.mark.location, found.day)
        return times.When(day, found.time or own, offset, counted)

    def _elapsed(self, written: str, found: Sum, named: NamedDate) -> datetime:
        """Hours and minutes from a moment."""
        if named.at is None:
            message = f"`{named.name}` is a day without a time, so no hours and minutes count from it"
            say = f"Give `{named.name}` a time, or count in days, with a time of day at the end"
            example = f"at: {named.name} - 1d 09:00"
            raise TimeError("date.sum", message, Help(say, example=example))
        if found.time is not None:
            message = f"{snippet(written, 60)} has two times of day: `{found.day}` is one already"
            raise TimeError("date.sum", message, Help("Remove one of them", f"at: {found.day}"))
        return named.at + (found.step or timedelta(0))

    def _unknown(self, written: str, found: Sum, key: str) -> TimeError:
        if found.name == PAGE_DATE:
            say = "Give the page a date, or write the day"
            return TimeError(
                "page.date", "`date` is the date of a page, and this post has no page with a date", Help(say)
            )
        names = sorted(self.dates.known)
        message = f"no date is called {snippet(found.name)}"
        if not names:
            return TimeError(
                "date.unknown", message, Help("Declare it in publer.yaml or above the posts", example=EXAMPLE)
            )
        near = difflib.get_close_matches(found.name, names, 1, 0.6)
        more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
        say = f"{f'Did you mean {near[0]}? ' if near else ''}The dates are: {', '.join(names[:_MOST_NAMES])}{more}"
        paste = ""
        if near:
            at = written.strip()
            paste = f"{time_forms.key_lead(key)}{_with_name(at, found.name, near[0])}"
        return TimeError("date.unknown", message, Help(say, paste))


def _with_name(written: str, name: str, other: str) -> str:
    head, _, tail = written.rpartition(name)
    return f"{head}{other}{tail}"


def _beside(day: date, weekday: int, *, before: bool) -> date:
    """The last such weekday before a day, or the first after it; never the day itself."""
    ahead, back = (weekday - day.weekday()) % _WEEK, (day.weekday() - weekday) % _WEEK
    return day - timedelta(days=back or _WEEK) if before else day + timedelta(days=ahead or _WEEK)


def _telling(moment: datetime, zone: tzinfo) -> timezone | None:
    """The offset of a moment whose local time alone would not tell it: the clocks go back there."""
    local = moment.astimezone(zone)
    first, second = local.replace(fold=0).utcoffset(), local.replace(fold=1).utcoffset()
    offset = local.utcoffset()
    return timezone(offset) if first != second and offset is not None else None


def _meant(written: str, meant: str, key: str) -> TimeError:
    message = f"{snippet(written, 60)} is not a time publer-sync can read"
    return TimeError(
        "time.form", message, Help("Write it as a sum", f"{time_forms.key_lead(key)}{meant}"), meant
    )


def _no_sum(written: str, key: str, name: str) -> TimeError:
    message = f"{snippet(written, 60)} does not count from a date in a way that publer-sync can read"
    say = "Count days or weeks from the name, or take a weekday before or after it"
    lead, first, second = time_forms.key_lead(key), "", ""
    if time_forms.has_time(key):
        say, first, second = f"{say}; a time of day comes last", " 09:00", " 17:00"
    example = f"{lead}{name} - 7d{first}\n{lead}mon before {name}{second}"
    return TimeError("date.sum", message, Help(say, example=example))
