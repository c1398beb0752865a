"""The posts of the files, one by one: which there are, what each is called, and on which days it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from publer_sync.calendar import repeat as recurrence
from publer_sync.calendar import times
from publer_sync.calendar.settings import trouble_at
from publer_sync.calendar.yaml.nodes import Map, Mark, Seq
from publer_sync.problems import Fix, Location, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from publer_sync.calendar.files import Document
    from publer_sync.model import Settings


@dataclass(frozen=True, slots=True)
class Entry:
    """One post of a file. `days` are those it stands on where it repeats; None where that could not be read."""

    document: Document
    data: Map
    place: Location
    id: str | None
    days: tuple[date, ...] | None
    repeats: bool


def posts_in(document: Document) -> int:
    """How many posts a file holds, those that cannot be read too."""
    data = document.data
    if document.kind == "settings":
        return 0
    if document.kind == "markdown" or data is None:
        return int(document.kind == "markdown")
    posts = data.get("posts")
    return len(posts) if isinstance(posts, list) else 0


def entries_of(document: Document, settings: Settings, problems: list[Problem]) -> Iterator[Entry]:
    data = document.data
    if document.kind == "settings" or data is None:
        return
    zone = zone_of(data, document, settings, problems)
    _check_time(data, document, problems)
    if document.kind == "markdown":
        yield _entry(document, data, Location(document.file, 1), zone, problems)
        return
    posts = data.get("posts")
    for post in posts if isinstance(posts, list) else ():
        if isinstance(post, Map):
            mark = post.mark
            yield _entry(document, post, Location(mark.file, mark.line, mark.column), zone, problems)


def zone_of(data: Map, document: Document, settings: Settings, problems: list[Problem]) -> Any:
    name = data.get("timezone")
    if isinstance(name, str) and "timezone" not in data.broken:
        try:
            return times.zone(name.strip())
        except times.Trouble as trouble:
            problems.append(trouble_at(trouble, data.marks["timezone"], document.lines))
            return None
    if "timezone" in data.broken:
        return None
    return times.zone(settings.timezone)


def _check_time(data: Map, document: Document, problems: list[Problem]) -> None:
    if isinstance(data.get("time"), str) and "time" not in data.broken:
        try:
            times.read_time(data["time"])
        except times.Trouble as trouble:
            problems.append(trouble_at(trouble, data.marks["time"], document.lines))


def _entry(document: Document, data: Map, place: Location, zone: Any, problems: list[Problem]) -> Entry:
    name = data.get("id") if "id" not in data.broken and isinstance(data.get("id"), str) else None
    if data.get("repeat") is None and "repeat" not in data.broken:
        return Entry(document, data, place, name, None, repeats=False)
    days = None
    if "repeat" not in data.broken and isinstance(data.get("repeat"), Map):
        days = _Repetition(document, data, zone, problems).days()
        if name is None and "id" not in data.broken:
            message = "a post that repeats needs an `id`: each of its days is called by it"
            mark = data.marks["repeat"]
            problems.append(
                Problem("error", "repeat.id", message, mark.key_location, "id: tuesday-tip", len("repeat"))
            )
    return Entry(document, data, place, name, days, repeats=True)


@dataclass(slots=True)
class _Repetition:
    """`repeat` of one post, as days."""

    document: Document
    data: Map
    zone: Any
    problems: list[Problem]

    def days(self) -> tuple[date, ...] | None:
        said: Map = self.data["repeat"]
        before = len(self.problems)
        first = self._first()
        until = self._date(said["until"], "until", said.marks["until"]) if "until" in said else None
        left_out = self._left_out(said)
        every = recurrence.every(str(said.get("every", "")))
        if "until" not in said and "times" not in said:
            self._error("repeat.end", "a repeat needs an end", said.mark, "until: 2027-05-27, or times: 6")
        if "until" in said and "times" in said:
            self._error(
                "repeat.end",
                "a repeat has one end: `until` or `times`",
                said.marks["times"],
                "take one of them out",
            )
        if "days" in said and every and every[1] != "w":
            self._error("repeat.days", "`days` go with weeks", said.marks["days"], "every: week")
        if first is None or every is None or len(self.problems) > before:
            return None
        if until is not None and until < first:
            self._error(
                "repeat.end",
                f"`until` ({until}) lies before the first day ({first})",
                said.marks["until"],
                f"until: {first}, or later",
            )
            return None
        weekdays = tuple(sorted({times.DAYS.index(day.title()) for day in said.get("days", ())}))
        rule = recurrence.Repeat(*every, weekdays, until, said.get("times"), frozenset(left_out))
        days, strangers = recurrence.occurrences(first, rule)
        if len(days) > recurrence.MAX_OCCURRENCES:
            message = f"this repeats more than {recurrence.MAX_OCCURRENCES:,} times"
            self._error("repeat.many", message, said.mark, "give it an earlier end: until: 2027-05-27")
            return None
        for stranger in sorted(strangers):
            message = f"the post does not stand on {times.DAYS[stranger.weekday()]} {stranger} anyway"
            self.problems.append(
                Problem("warning", "repeat.except", message, left_out[stranger].location, "check the date")
            )
        if weekdays and first.weekday() not in weekdays:
            self._warn_of_start(first, weekdays)
        if not days:
            self._error(
                "repeat.none",
                "this repeat has no day at all",
                said.mark,
                "a later `until`, or fewer days under `except`",
            )
            return None
        return tuple(days)

    def _warn_of_start(self, first: date, weekdays: tuple[int, ...]) -> None:
        """`at` names a day that `days` leaves out, and the series starts on another."""
        start = next(
            first + timedelta(days=ahead) for ahead in range(7) if (first.weekday() + ahead) % 7 in weekdays
        )
        own, mark = times.DAYS[first.weekday()], self.data.marks["at"]
        message = f"the post does not stand on {own} {first}, which `days` leaves out"
        when = times.read(self.data["at"])
        at = f"{start}"
        if when.time is not None:
            at = datetime.combine(start, when.time, when.offset).isoformat(" ", "minutes")
        days = ", ".join(times.DAYS[day].lower() for day in sorted({*weekdays, first.weekday()}))
        way = f"at: {at}\nor, under repeat:\ndays: [{days}]"
        self.problems.append(Problem("warning", "repeat.start", message, mark.location, way, mark.length))

    def _error(self, code: str, message: str, mark: Mark, way: str) -> None:
        self.problems.append(Problem("error", code, message, mark.key_location, way))

    def _first(self) -> date | None:
        """The day `at` names, on the wall clock of the post's zone."""
        at = self.data.get("at")
        if not isinstance(at, str) or "at" in self.data.broken:
            return None
        try:
            when = times.read(at)
        except times.Trouble:
            return None  # said where the post is placed
        if when.offset is not None and when.date and when.time and self.zone is not None:
            return datetime.combine(when.date, when.time, when.offset).astimezone(self.zone).date()
        return when.date

    def _date(self, text: Any, key: str, mark: Mark) -> date | None:
        try:
            return times.read_date(str(text), key)
        except times.Trouble as trouble:
            self.problems.append(trouble_at(trouble, mark, self.document.lines))
            return None

    def _left_out(self, said: Map) -> dict[date, Mark]:
        value = said.get("except")
        if not isinstance(value, Seq):
            return {}
        pairs = (
            (self._date(text, "except", mark), mark) for text, mark in zip(value, value.marks, strict=True)
        )
        return {day: mark for day, mark in pairs if day is not None}


def find_equal_ids(entries: Sequence[Entry], problems: list[Problem]) -> None:
    first: dict[str, Entry] = {}
    used = {entry.id for entry in entries}
    for entry in entries:
        if entry.id is None:
            continue
        other = first.setdefault(entry.id, entry)
        if other is not entry:
            mark, before = entry.data.marks["id"], other.data.marks["id"].location
            number = next(n for n in range(2, len(entries) + 3) if f"{entry.id}-{n}" not in used)
            used.add(f"{entry.id}-{number}")
            message = f"two posts are called `{entry.id}`: here and {before}"
            text = entry.document.lines[mark.line - 1]
            written = f"{text[: mark.column - 1]}{entry.id}-{number}{text[mark.end_column - 1 :]}"
            way, fix = f"id: {entry.id}-{number}", Fix(mark.line, mark.line, written)
            related = ((before, "the other one"),)
            problems.append(
                Problem("error", "id.twice", message, mark.location, way, mark.length, related, fix)
            )
