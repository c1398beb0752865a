"""Times as people of one zone write them, and as programs do."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from publer_sync.values.printable import printable
from publer_sync.values.timezones import time_zone

if TYPE_CHECKING:
    from datetime import date

    from publer_sync.applying.report import ApplyReport

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Dates:
    """Times as people of one zone write them. The year is named where it is not `year`."""

    def __init__(self, zone: str, year: int | None = None) -> None:
        self.name = printable(zone)
        self.zone = time_zone(zone)
        self._year = year

    @classmethod
    def around(cls, zone: str, now: datetime) -> Dates:
        return cls(zone, now.astimezone(time_zone(zone)).year)

    @classmethod
    def of_report(cls, report: ApplyReport) -> Dates:
        return cls(report.timezone, min((result.change.at.year for result in report.results), default=None))

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone)

    def day(self, moment: datetime) -> str:
        """`Tue 1 Dec`, or `Tue 1 Dec 2026`."""
        local = self.local(moment)
        year = "" if local.year == self._year else f" {local.year}"
        return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]}{year}"

    def date(self, day: date) -> str:
        """`1 Dec`."""
        return f"{day.day} {_MONTHS[day.month - 1]}"

    def time(self, moment: datetime) -> str:
        local = self.local(moment)
        return f"{local.hour:02}:{local.minute:02}"

    def both(self, moment: datetime) -> str:
        return f"{self.day(moment)} {self.time(moment)}"

    def beside(self, moment: datetime, zone: str) -> str:
        """The same moment on the clocks of another zone, `06:00 Oslo` or `Tue 1 Dec 06:00 Oslo`; "" where they agree."""
        if not zone or zone == self.zone.key:
            return ""
        own = Dates(zone, self._year)
        here, there = self.local(moment), own.local(moment)
        if here.utcoffset() == there.utcoffset():
            return ""
        when = own.time(moment) if here.date() == there.date() else own.both(moment)
        return f"{when} {city(zone)}"

    def with_own(self, moment: datetime, zone: str) -> str:
        """`Tue 1 Dec 12:00 (06:00 New York)`."""
        own = self.beside(moment, zone)
        return f"{self.both(moment)}{f' ({own})' if own else ''}"

    def beside_both(self, old: datetime | None, new: datetime, zone: str) -> str:
        """The same for a move: `Mon 30 Nov 06:00 → Tue 1 Dec 06:00 Oslo`."""
        if old is None or not self.beside(new, zone):
            return self.beside(new, zone)
        own = Dates(zone, self._year)
        return f"{own.both(old)} → {own.both(new)} {city(zone)}"


def city(zone: str) -> str:
    """What people call a zone: `New York`."""
    return printable(zone).rpartition("/")[2].replace("_", " ")


def utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
