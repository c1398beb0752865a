"""`cadence` in the settings: how often each account should post, and the days on which none should."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.calendar.places import problem_at, time_problem
from publer_sync.calendar.publer_yaml.groups import ALL, Groups
from publer_sync.calendar.when import times
from publer_sync.calendar.when.zones import DAYS, TimeError
from publer_sync.calendar.yaml.nodes import Map, Seq
from publer_sync.networks.table import network_of
from publer_sync.starting.late_patterns import late_pattern
from publer_sync.values.policies import Cadence, Hours, Pace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from publer_sync.calendar.when.wall_clock import WallClock
    from publer_sync.calendar.yaml.nodes import Mark
    from publer_sync.values.counted import Counted
    from publer_sync.values.model import AccountRef
    from publer_sync.values.problems import Problem

_QUIET, _HOLIDAYS, _HOURS = "quiet", "holidays", "hours"
_PACE = late_pattern(r"([0-9]+)(?:-([0-9]+)|(\+))?/week")


def cadence_of(
    data: Map | None,
    groups: Groups,
    refs: Sequence[AccountRef],
    problems: list[Problem],
    lines: Mapping[str, Sequence[str]],
    *,
    own: str,
    clock: WallClock,
) -> Cadence:
    """The pace of each account by the nearest word for it: its alias, the first group with it, its network, all.

    `own` is the calendar's own settings file; others may name accounts that it lacks. `clock` reads the holidays.
    """
    if data is None:
        return Cadence()
    paces: dict[str, tuple[int, Pace]] = {}
    for word, written in data.items():
        if word in (_QUIET, _HOLIDAYS, _HOURS) or not isinstance(written, str) or word in data.broken:
            continue
        mark = data.marks[word]
        pace = _pace(written, mark)
        if pace is None:
            message = f"`{word}` cannot be {written}: the first number is the larger one"
            problems.append(problem_at(mark, "key.value", message, "Write the smaller number first"))
            continue
        rank, aliases = meaning_of(word, groups, refs)
        if aliases is None:
            problems += groups.unknown_key(word, mark, lines, own=own)
        for alias in aliases or ():
            if alias not in paces or rank < paces[alias][0]:
                paces[alias] = rank, pace
    days = data.get(_QUIET)
    quiet = [str(day).title() for day in days] if isinstance(days, Seq) and _QUIET not in data.broken else ()
    holidays = [*_holidays(data, clock, problems, lines)]
    return Cadence(
        {alias: pace for alias, (_, pace) in paces.items()},
        frozenset(DAYS.index(day) for day in quiet),
        frozenset(day for day, _ in holidays),
        _hours(data, groups, refs, problems, lines, own=own),
        frozenset(counted.place for _, counted in holidays if counted is not None),
    )


def _holidays(
    data: Map, clock: WallClock, problems: list[Problem], lines: Mapping[str, Sequence[str]]
) -> Iterator[tuple[date, Counted | None]]:
    value = data.get(_HOLIDAYS)
    if not isinstance(value, Seq) or _HOLIDAYS in data.broken:
        return
    for written, mark in zip(value, value.marks, strict=True):
        try:
            day, counted = clock.read_day(str(written), _HOLIDAYS)
            if day is not None:
                yield day, counted
        except TimeError as error:
            problems.append(time_problem(error, mark, lines.get(mark.file, ())))


def _hours(
    data: Map,
    groups: Groups,
    refs: Sequence[AccountRef],
    problems: list[Problem],
    lines: Mapping[str, Sequence[str]],
    *,
    own: str,
) -> dict[str, Hours]:
    """The hours of each account, by the nearest word for it."""
    hours = data.get(_HOURS) if _HOURS not in data.broken else None
    words: dict[str, tuple[object, Mark]] = {}
    if isinstance(hours, str):
        words = {ALL: (hours, data.marks[_HOURS])}
    elif isinstance(hours, Map):
        words = {word: (each, hours.marks[word]) for word, each in hours.items() if word not in hours.broken}
    found: dict[str, tuple[int, Hours]] = {}
    for word, (written, mark) in words.items():
        if not isinstance(written, str):
            continue
        rank, aliases = meaning_of(word, groups, refs)
        if aliases is None:
            problems += groups.unknown_key(word, mark, lines, own=own)
        first, _, last = written.replace(" ", "").partition("-")
        span = Hours(times.time_of(first, written), times.time_of(last, written), mark.key_location)
        for alias in aliases or ():
            if alias not in found or rank < found[alias][0]:
                found[alias] = rank, span
    return {alias: span for alias, (_, span) in found.items()}


def _pace(written: str, mark: Mark) -> Pace | None:
    """How many posts a week; None if the least is more than the most."""
    match = _PACE.fullmatch(written.strip())
    if match is None:
        return None
    least = int(match[1])
    most = None if match[3] else int(match[2] or least)
    return Pace(least, most, mark.key_location) if most is None or least <= most else None


def meaning_of(word: str, groups: Groups, refs: Sequence[AccountRef]) -> tuple[int, Sequence[str] | None]:
    """How far a word is from an alias, and the aliases that it means; None for an unknown word."""
    members = groups.members(word)
    if members is not None:
        return (2 if word == ALL else 1 if word in groups.groups else 0), members
    network = network_of(word)
    on_it = [ref.alias for ref in refs if ref.provider == network] if network else []
    return 1, on_it or None
