"""A time that counts from a date with a name, as every room knows it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from datetime import tzinfo

    from publer_sync.values.problems import Location


@dataclass(frozen=True, slots=True)
class Counted:
    """What the time of a post is counted from: `written` is the sum, such as `launch - 7d 09:00`.

    `day` is the sum without a time of day of its own. `date` is what the name means: a day, or a moment in UTC.
    """

    written: str
    name: str
    date: str
    place: Location
    day: str = ""

    @property
    def source(self) -> tuple[str, str]:
        """The name and its date: when only the date differs from what it was, the date has moved."""
        return self.name, self.date


def date_words(value: str, zone: tzinfo) -> str:
    """A `date` of Counted as people write it: `Tue 6 Apr 2027`, with the time of day in a zone if it has one."""
    if len(value) == len("2027-04-06"):
        day, clock = date.fromisoformat(value), ""
    else:
        local = datetime.fromisoformat(value).astimezone(zone)
        day, clock = local.date(), f" {local:%H:%M}"
    return f"{day:%a} {day.day} {day:%b %Y}{clock}"
