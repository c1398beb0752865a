"""How a time is written in the place of another one: in its form, with its weekday or offset, or still counted from its date."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from publer_sync.calendar.when import times
from publer_sync.calendar.when.sums import read_sum
from publer_sync.calendar.when.zones import DAYS, TimeError, moment
from publer_sync.editing.new_posts import needs_offset, written_time

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from publer_sync.calendar.when.named_dates import NamedDate
    from publer_sync.calendar.when.sums import Sum
    from publer_sync.calendar.when.wall_clock import WallClock

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")
_CLOCK: Final = re.compile(r"(?<![0-9:+-])[0-9]{1,2}:[0-9]{2}(?::00(?:\.0+)?)?(?=(?P<offset>[ \t]*-)?)")
_WEEKDAY: Final = re.compile(r"[^\W\d_]{2,12}\.?,?(?=[ \t])")


def when_of(written: object, clock: WallClock) -> times.When | None:
    """What a time means in its file; None where it has none, or one that cannot be read."""
    try:
        return clock.read(written) if isinstance(written, str) else None
    except TimeError:
        return None


def time_like(
    at: datetime, old: object, where: tzinfo, own_day: date | None, usual: time | None = None
) -> str:
    """A moment in the form of the `old` time, or as a mere time of day on `own_day`, that of the post.

    A day alone stays one where the moment is at the `usual` time of its file.
    """
    if not isinstance(old, str):
        return written_time(at, where, weekday=False)
    try:
        when = times.read(old)
    except TimeError:
        return written_time(at, where, weekday=True)
    if when.date is None:
        local = at.astimezone(where)
        return f"{local:%H:%M}" if own_day == local.date() else written_time(at, where, weekday=False)
    if when.offset is not None:
        local = at.astimezone(when.offset)
    elif needs_offset(at, where):
        return written_time(at, where, weekday=_WEEKDAY.match(old) is not None)
    else:
        local = at.astimezone(where)
    text = _DATE.sub(f"{local:%Y-%m-%d}", old, count=1)
    text = _WEEKDAY.sub(DAYS[local.weekday()], text, count=1) if _WEEKDAY.match(old) else text
    if when.time is None:
        return text if usual == local.time() else f"{text} {local:%H:%M}"
    head = text.index(f"{local:%Y-%m-%d}") + 10
    return text[:head] + _with_clock(text[head:], local)


def sum_like(at: datetime, old: str, clock: WallClock) -> str | None:
    """A moment that still counts from the date of the `old` time, in its form as far as that can say it.

    None where the old one counts from nothing, or no sum means this moment.
    """
    found = read_sum(old)
    named = clock.dates.known.get(found.name) if found is not None else None
    if found is None or named is None or clock.zone is None:
        return None
    return next((text for text in _sums(at, old, found, named, clock) if _means(text, at, clock)), None)


def _sums(at: datetime, old: str, found: Sum, named: NamedDate, clock: WallClock) -> Iterator[str]:
    """Sums that may mean the moment, those nearest to the old one first."""
    zone = found.offset or clock.zone or UTC
    local = at.astimezone(zone)
    day, _ = named.on(clock.zone or UTC)
    if found.elapsed and named.at is not None and abs(at - named.at) < timedelta(days=1):
        minutes = (at - named.at) // timedelta(minutes=1)
        unit = "h" if minutes % 60 == 0 and found.day.rstrip().endswith(("h", "hour", "hours")) else "m"
        yield _stepped(found.name, minutes // 60 if unit == "h" else minutes, unit)
    rest = old.strip()[len(found.day) :]
    for text in _day_sums(local.date(), day, old, found):
        if found.time is None:
            yield text
        yield f"{text}{_with_clock(rest, local)}" if rest else f"{text} {local:%H:%M}"


def _day_sums(wanted: date, day: date, old: str, found: Sum) -> Iterator[str]:
    """The same of a day, where the name means the other `day`."""
    if found.weekday is not None:
        word = DAYS[wanted.weekday()]
        side = "before" if found.before else "after"
        first = "first " if old.strip().startswith("first ") else ""
        yield f"{first}{word if old.strip()[:1].isupper() else word.lower()} {side} {found.name}"
    away = (wanted - day).days
    if found.step and away % 7 == 0 and re.search(r"w(?:eeks?)?$", found.day):
        yield _stepped(found.name, away // 7, "w")
    yield _stepped(found.name, away, "d")


def day_like(day: date, old: object, clock: WallClock) -> str:
    """A day that counts from the date that the `old` time or day counts from, so that it goes with that date; else the day itself."""
    found = read_sum(old) if isinstance(old, str) else None
    named = clock.dates.known.get(found.name) if found is not None else None
    if not isinstance(old, str) or found is None or named is None:
        return f"{day}"
    from_day, _ = named.on(clock.zone or UTC)
    sums = _day_sums(day, from_day, old, found)
    return next((text for text in sums if date_of(text, clock) == day), f"{day}")


def date_of(written: object, clock: WallClock) -> date | None:
    """What a day means in its file; None where it has none, or one that cannot be read."""
    try:
        return clock.read_day(written, "except")[0] if isinstance(written, str) else None
    except TimeError:
        return None


def _with_clock(text: str, local: datetime) -> str:
    """With another time of day; before an offset below zero it has seconds, so that the two are no range of time."""
    return _CLOCK.sub(lambda found: f"{local:%H:%M}{':00' if found['offset'] else ''}", text, count=1)


def _stepped(name: str, number: int, unit: str) -> str:
    return f"{name} {'-' if number < 0 else '+'} {abs(number)}{unit}" if number else name


def _means(text: str, at: datetime, clock: WallClock) -> bool:
    when = when_of(text, clock)
    at_time = when.time or clock.time if when is not None else None
    if when is None or when.date is None or at_time is None:
        return False
    zone = when.offset or clock.zone
    try:
        return zone is not None and moment(when.date, at_time, zone) == at
    except TimeError:
        return False
