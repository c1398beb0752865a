"""`slots` in the settings: the times at which an account publishes, for posts that wait for one (`at: next`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publer_sync.calendar.when import times
from publer_sync.calendar.when.cadence import meaning_of
from publer_sync.calendar.yaml.nodes import Map, Seq

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import time

    from publer_sync.calendar.publer_yaml.groups import Groups
    from publer_sync.values.model import AccountRef
    from publer_sync.values.problems import Problem

NEXT: Final = "next"
"""What a post says in place of a time, as long as it waits for one."""


def slots_of(
    data: Map,
    groups: Groups,
    refs: Sequence[AccountRef],
    problems: list[Problem],
    lines: Mapping[str, Sequence[str]],
    *,
    own: str,
) -> dict[str, tuple[tuple[int, time], ...]]:
    """The weekday (0 is Monday) and the time of day of each slot, by alias: by the nearest word for it, as of `cadence`.

    `own` is the calendar's own settings file; others may name accounts that it lacks.
    """
    slots = data.get("slots")
    if not isinstance(slots, Map) or "slots" in data.broken:
        return {}
    found: dict[str, tuple[int, tuple[tuple[int, time], ...]]] = {}
    for word, written in slots.items():
        if not isinstance(written, Seq) or word in slots.broken:
            continue
        mark = slots.marks[word]
        rank, aliases = meaning_of(word, groups, refs)
        if aliases is None:
            problems += groups.unknown_key(word, mark, lines, own=own)
        week = tuple(sorted({_slot(str(each)) for each in written}))
        for alias in aliases or ():
            if alias not in found or rank < found[alias][0]:
                found[alias] = rank, week
    return {alias: week for alias, (_, week) in found.items()}


def _slot(written: str) -> tuple[int, time]:
    """Of a text that fits its schema."""
    day, _, clock = written.strip().partition(" ")
    return times.weekday(day.lower()) or 0, times.time_of(clock.strip(), written)
