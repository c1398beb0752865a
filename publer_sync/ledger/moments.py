"""Moments at which the ledger says that something happened: none of them lies in the future.

A machine whose clock was ahead may have written such moments. What waits for one of them would wait for a time that
never was.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from publer_sync.ledger.state import State

AHEAD = timedelta(minutes=2)
"""Clocks may differ by so much."""
_OF_COPIES = ("verified_at", "requested_at", "job_ended_at", "removing_at", "ended_at", "spared")


def believed(state: State, now: datetime) -> State:
    """The state with each of these moments set to now where it lies ahead; the very same where none does."""
    limit = now + AHEAD
    copies = {}
    for key, copy in state.copies.items():
        late: dict[str, Any] = {
            name: now for name in _OF_COPIES if (moment := getattr(copy, name)) is not None and moment > limit
        }
        if late:
            copies[key] = replace(copy, **late)
    last = state.last_apply is not None and state.last_apply > limit
    runs = any(run.at > limit for run in state.runs)
    holds = any(hold.since > limit for hold in state.holds)
    if not (copies or last or runs or holds):
        return state
    state = state.clone()
    state.copies |= copies
    state.last_apply = now if last else state.last_apply
    state.runs = tuple(replace(run, at=min(run.at, now)) for run in state.runs)
    state.holds = tuple(replace(hold, since=min(hold.since, now)) for hold in state.holds)
    return state
