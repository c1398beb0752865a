"""`cadence` in the settings: how often each account should post, and the days on which none should."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.calendar.places import problem_at, time_problem
from publer_sync.calendar.publer_yaml.groups import ALL
from publer_sync.calendar.when import times
from publer_sync.calendar.when.zones import DAYS, TimeError
from publer_sync.calendar.yaml.nodes import Map, Seq
from publer_sync.starting.late_patterns import late_pattern
from publer_sync.values.policies import Cadence, Hours, Pace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from publer_sync.calendar.publer_yaml.groups import AccountWords
    from publer_sync.calendar.when.wall_clock import WallClock
    from publer_sync.calendar.yaml.nodes import Mark
    from publer_sync.values.counted import Counted
    from publer_sync.values.problems import Problem

_QUIET, _HOLIDAYS, _HOURS = "quiet", "holidays", "hours"
_PACE = late_pattern(r"([0-9]+)(?:-([0-9]+)|(\+))?/week")


def cadence_of(data: Map | None, accounts: AccountWords, clock: WallClock) -> Cadence:
    """`clock` reads the holidays."""
    if data is None:
        return Cadence()
    days = data.get(_QUIET)
    quiet = [str(day).title() for day in days] if isinstance(days, Seq) and _QUIET not in data.broken else ()
    holidays = [*_holidays(data, clock, accounts)]
    return Cadence(
        accounts.by_alias(_paces(data, accounts.problems)),
        frozenset(DAYS.index(day) for day in quiet),
        frozenset(day for day, _ in holidays),
        accounts.by_alias(_hours(data)),
        frozenset(counted.place for _, counted in holidays if counted is not None),
    )


def _paces(data: Map, problems: list[Problem]) -> Iterator[tuple[str, Mark, Pace]]:
    for word, written in data.items():
        if word in (_QUIET, _HOLIDAYS, _HOURS) or not isinstance(written, str) or word in data.broken:
            continue
        mark = data.marks[word]
        pace = _pace(written, mark)
        if pace is None:
            message = f"`{word}` cannot be {written}: the first number is the larger one"
            problems.append(problem_at(mark, "key.value", message, "Write the smaller number first"))
        else:
            yield word, mark, pace


def _holidays(data: Map, clock: WallClock, accounts: AccountWords) -> Iterator[tuple[date, Counted | None]]:
    value = data.get(_HOLIDAYS)
    if not isinstance(value, Seq) or _HOLIDAYS in data.broken:
        return
    for written, mark in zip(value, value.marks, strict=True):
        try:
            day, counted = clock.read_day(str(written), _HOLIDAYS)
            if day is not None:
                yield day, counted
        except TimeError as error:
            accounts.problems.append(time_problem(error, mark, accounts.lines.get(mark.file, ())))


def _hours(data: Map) -> Iterator[tuple[str, Mark, Hours]]:
    hours = data.get(_HOURS) if _HOURS not in data.broken else None
    words: dict[str, tuple[object, Mark]] = {}
    if isinstance(hours, str):
        words = {ALL: (hours, data.marks[_HOURS])}
    elif isinstance(hours, Map):
        words = {word: (each, hours.marks[word]) for word, each in hours.items() if word not in hours.broken}
    for word, (written, mark) in words.items():
        if isinstance(written, str):
            first, last = (times.time_of(each, written) for each in written.replace(" ", "").split("-"))
            yield word, mark, Hours(first, last, mark.key_location)


def _pace(written: str, mark: Mark) -> Pace | None:
    """How many posts a week; None if the least is more than the most."""
    match = _PACE.fullmatch(written.strip())
    if match is None:
        return None
    least = int(match[1])
    most = None if match[3] else int(match[2] or least)
    return Pace(least, most, mark.key_location) if most is None or least <= most else None
