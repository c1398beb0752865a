"""The date of a page, in the forms that websites write it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from publer_sync.calendar.when import times
from publer_sync.calendar.when.zones import TimeError
from publer_sync.calendar.yaml.scalars import snippet
from publer_sync.starting.late_patterns import late_pattern
from publer_sync.values.problems import Help

_ISO: Final = late_pattern(
    r"(\d{4}-\d{2}-\d{2})(?:[T ]+(\d{1,2}:\d{2}(?::\d{2})?)(?:\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})?)?"
)
_WORDS: Final = ("%b %d %Y", "%b %d, %Y", "%B %d, %Y", "%B %d %Y", "%d %b %Y", "%d %B %Y")


def date_of(written: str) -> date | datetime | None:
    """A day, or a day and time, with an offset if it has one; None for nothing. Raises TimeError for anything else."""
    if not (text := written.strip()):
        return None
    if (found := _ISO.fullmatch(text)) is not None:
        day, clock, offset = found.groups()
        try:
            if clock is None:
                return date.fromisoformat(day)
            hours = clock if clock.count(":") == 2 else f"{clock}:00"
            moment = datetime.fromisoformat(f"{day}T{hours.zfill(8)}")
            if offset is None:
                return moment
            zone = times.offset_of(offset, moment.time(), text, moment.date(), seconds=clock.count(":") == 2)
            return moment.replace(tzinfo=zone)
        except ValueError:
            pass  # which is told below
    for form in _WORDS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 — a day has no zone
        except ValueError:
            continue
    when = times.read(text, "dates")
    if when.date is None:
        raise TimeError(
            "time.alone", f"{snippet(text)} is a time of day, and a page needs a day", Help("Add the day")
        )
    return datetime.combine(when.date, when.time, when.offset) if when.time is not None else when.date
