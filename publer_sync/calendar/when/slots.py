"""`slots` in the settings: the times at which an account publishes, for posts that wait for one (`at: next`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publer_sync.calendar.when import times
from publer_sync.calendar.yaml.nodes import Map, Seq

if TYPE_CHECKING:
    from datetime import time

    from publer_sync.calendar.publer_yaml.groups import AccountWords

NEXT: Final = "next"
"""What a post says in place of a time, as long as it waits for one."""


def slots_of(data: Map, accounts: AccountWords) -> dict[str, tuple[tuple[int, time], ...]]:
    """The weekday (0 is Monday) and the time of day of each slot, by alias."""
    slots = data.get("slots")
    if not isinstance(slots, Map) or "slots" in data.broken:
        return {}
    return accounts.by_alias(
        (word, slots.marks[word], tuple(sorted({_slot(str(each)) for each in written})))
        for word, written in slots.items()
        if isinstance(written, Seq) and word not in slots.broken
    )


def _slot(written: str) -> tuple[int, time]:
    """Of a text that fits its schema."""
    day, _, clock = written.strip().partition(" ")
    return times.weekday(day.lower()) or 0, times.time_of(clock.strip(), written)
