"""Posts of a series: one that leaves it, and those from one on."""

from __future__ import annotations

from bisect import bisect
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from publer_sync.calendar.layers import inner_map
from publer_sync.calendar.when.repeat import IN_EVERY_MONTH, MAX_OCCURRENCES, every, occurrences
from publer_sync.calendar.when.sums import read_sum
from publer_sync.calendar.when.zones import DAYS, TimeError
from publer_sync.calendar.yaml.nodes import Seq
from publer_sync.editing.differing import edits_between
from publer_sync.editing.edits import Drop, Put
from publer_sync.editing.entry_edits import Unsafe
from publer_sync.editing.entry_times import date_of, day_like
from publer_sync.editing.writing import plain_value
from publer_sync.studio.working import ByHand

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from publer_sync.calendar.posts import Entry
    from publer_sync.calendar.yaml.nodes import Map
    from publer_sync.editing.entry_edits import EntryEdits
    from publer_sync.editing.writing import Writable

T = TypeVar("T")


def day_of(entry: Entry, part: str) -> date:
    """The day of a post of a series in the zone of its file. Raises Unsafe."""
    return _known(next((day for day, name in entry.parts if name == part), None))


def leave_out(edits: EntryEdits, part: str) -> None:
    """Leave one day out of a series. Raises Unsafe."""
    entry, day = edits.entry, day_of(edits.entry, part)
    repeat = _repeat(entry)
    left_out = repeat.get("except")
    old = [*left_out] if isinstance(left_out, Seq) else []
    days = [_read(each, entry) for each in old]
    new = [*old, day_like(day, entry.data.get("at"), entry.clock)]
    if days == sorted(days):
        new.insert(bisect(days, day), new.pop())
    path = (*edits.base, "repeat", "except")
    for edit in edits_between(path, left_out, new) if old else [Put(path, new)]:
        edits.do(edit)


def end_before(edits: EntryEdits, part: str) -> None:
    """End a series with the post before this one, which is not its first. Raises Unsafe."""
    entry = edits.entry
    number = [name for _, name in entry.parts].index(part)
    last = entry.parts[number - 1][0]
    repeat = _repeat(entry)
    if "times" in repeat:
        value: Writable = _times_until(entry, last)
        edits.do(Put((*edits.base, "repeat", "times"), value))
    else:
        old = repeat.get("until")
        if entry.numbered or _counts(old):
            old = entry.data.get("at")  # an end of another form would not move with the days, or would alone
        until = _dated(last, old, entry)
        edits.do(Put((*edits.base, "repeat", "until"), until))
    _drop_exceptions(edits, last)


def rest_from(entry: Entry, part: str, to: date) -> dict[str, Writable]:
    """The `repeat` of the series that begins with this post, moved to the day `to`."""
    start = day_of(entry, part)
    repeat: dict[str, Any] = {key: plain_value(each) for key, each in _repeat(entry).items()}
    if "times" in repeat:
        repeat["times"] = repeat["times"] - _times_until(entry, start - timedelta(days=1))
    repeat["except"] = [each for each in repeat.get("except", ()) if _read(each, entry) >= start]
    return {key: each for key, each in _shifted(entry, repeat, start, to).items() if each != []}


def shift(edits: EntryEdits, to: date) -> None:
    """Move the days of a whole series so that its first post is on the day `to`; its `at` is moved elsewhere. Raises Unsafe."""
    entry = edits.entry
    new = rest_from(entry, entry.parts[0][1], to)
    for edit in edits_between((*edits.base, "repeat"), _repeat(entry), new):
        edits.do(edit)


def later_days(entry: Entry, number: int, to: date) -> list[date]:
    """The days of a series from one post on, each after that post's move to the day `to`. Raises ByHand."""
    old = [day for day, _ in entry.parts[number:]]
    goes = _later(_repeat(entry), old[0], to)
    new = [goes(day) for day in old]
    if min(new) != to or len({*new}) < len(new):
        raise ByHand(f"{DAYS[to.weekday()]} {to} is not before the next post of its series")
    return new


def _later(repeat: Mapping[str, Any], start: date, to: date) -> Callable[[date], date]:
    """Where each day of a series goes if its post of the day `start` goes to the day `to`. Raises ByHand."""
    by, (_, unit) = to - start, _step(repeat)
    if by and unit == "m":
        if (far := max(start.day, to.day)) > IN_EVERY_MONTH:
            nth = f"{far}{'st' if far == 31 else 'th'}"
            raise ByHand(f"not every month has a {nth}: the moved series would not be in the same months")
        months = (to.year - start.year) * 12 + to.month - start.month
        return lambda day: _in_month(day.year * 12 + day.month - 1 + months, to.day + day.day - start.day)
    if len(repeat.get("days", ())) < 2 or by.days % 7 == 0:
        return lambda day: day + by
    return lambda day: day + by if day.weekday() == start.weekday() else day


def _in_month(month: int, day: int) -> date:
    """A day of a month, counted from year 0; of one before or after it where the number is no day of it."""
    return date(month // 12, month % 12 + 1, 1) + timedelta(days=day - 1)


def _shifted(entry: Entry, repeat: dict[str, Any], start: date, to: date) -> dict[str, Writable]:
    goes, new = _later(repeat, start, to), dict(repeat)
    weekdays = [str(day) for day in repeat.get("days", ())]
    if weekdays:
        old_name, new_name = (DAYS[day.weekday()].lower() for day in (start, to))
        if old_name != new_name and new_name in map(str.lower, weekdays):
            raise ByHand("the series has a post on that weekday already")
        moved = [new_name if day.lower() == old_name else day for day in weekdays]
        new["days"] = sorted(moved, key=lambda day: [name.lower() for name in DAYS].index(day.lower()))
    if repeat.get("except") and to != start:
        new["except"] = [_dated(goes(_read(each, entry)), each, entry) for each in repeat["except"]]
    if "until" in repeat and to != start:
        until = _read(repeat["until"], entry)
        number = [day for day, _ in entry.parts].index(start)
        days = sorted(later_days(entry, number, to))
        for end in (until, goes(until), days[-1]):
            new["until"] = _dated(end, repeat["until"], entry)
            if _days_of(new, to, entry) == days:
                break
    return new


def _days_of(repeat: Mapping[str, Any], first: date, entry: Entry) -> list[date]:
    """The days of a series as its lines say them."""
    weekdays = tuple(sorted({DAYS.index(str(day).title()) for day in repeat.get("days", ())}))
    left_out = {_read(each, entry) for each in repeat.get("except", ())}
    until, most = _read(repeat["until"], entry), MAX_OCCURRENCES + len(left_out)
    found = occurrences(first, *_step(repeat), weekdays=weekdays, until=until, most=most)
    return [day for day in found if day not in left_out]


def _times_until(entry: Entry, last: date) -> int:
    """How many times a series repeats up to a day, those that it leaves out included."""
    left_out = [_read(each, entry) for each in _repeat(entry).get("except") or ()]
    days = {*(day for day, _ in entry.parts), *left_out}
    return sum(day <= last for day in days)


def _drop_exceptions(edits: EntryEdits, after: date) -> None:
    left_out = _known(inner_map(edits.data, "repeat")).get("except")
    if not isinstance(left_out, Seq):
        return
    kept = [each for each in left_out if _read(each, edits.entry) <= after]
    path = (*edits.base, "repeat", "except")
    if len(kept) < len(left_out):
        for edit in edits_between(path, left_out, kept) if kept else [Drop(path)]:
            edits.do(edit)


def _dated(day: date, old: object, entry: Entry) -> str:
    """A day in the form of another one, counted or with its weekday if that is so."""
    if _counts(old):
        return day_like(day, old, entry.clock)
    word = str(old).strip() if isinstance(old, str) else ""
    return f"{DAYS[day.weekday()]} {day}" if word[:1].isalpha() else f"{day}"


def _counts(written: object) -> bool:
    try:
        return isinstance(written, str) and read_sum(written) is not None
    except TimeError:
        return False


def _read(written: object, entry: Entry) -> date:
    return _known(date_of(str(written), entry.clock))


def _step(repeat: Mapping[str, Any]) -> tuple[int, str]:
    return _known(every(str(repeat.get("every", ""))))


def _repeat(entry: Entry) -> Map:
    _known(entry.days)
    return _known(inner_map(entry.data, "repeat"))


def _known(found: T | None) -> T:
    """A part of a series: where its days are known, each of its lines could be read. Raises Unsafe."""
    if found is None:
        raise Unsafe("its days cannot be read")
    return found
