"""What another run did to a part of the ledger meanwhile, where all it did was to hand entries over to another calendar."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publer_sync.ledger.runs import RunRecord
    from publer_sync.ledger.state import State


def take_away(state: State, was: State, now: State) -> frozenset[int] | None:
    """Let `state`, which began as `was`, lose the entries that `now` lacks, and have its runs; returns the keys of those entries.

    None, and it stays as it is, where anything else was changed, or where such an entry was changed here.
    """
    before, after, ours = was.entries(), now.entries(), state.entries()
    gone = frozenset(before.keys() - after.keys())
    if not gone or before != {**after, **{key: before[key] for key in gone}}:
        return None
    if replace(now, copies={}, facts={}, runs=()) != replace(was, copies={}, facts={}, runs=()):
        return None
    if any(ours.get(key, before[key]) != before[key] for key in gone):
        return None
    for key in gone:
        state.forget(key)
    state.runs = _together(state.runs, was.runs, now.runs)
    return gone


def _together(
    ours: tuple[RunRecord, ...], was: tuple[RunRecord, ...], now: tuple[RunRecord, ...]
) -> tuple[RunRecord, ...]:
    """The runs as they are now, with what was changed in ours."""
    kept = [run for run in now if run in ours or run not in was]
    return tuple(sorted([*kept, *(run for run in ours if run not in was)], key=lambda run: run.at))
