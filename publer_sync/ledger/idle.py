"""Whether a run had nothing to do: such runs may start every few minutes, and write nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from publer_sync.ledger.runs import only_ran_again
from publer_sync.ledger.state import dumps, loads

if TYPE_CHECKING:
    from publer_sync.ledger.signing import Keys
    from publer_sync.ledger.state import State

SAME_FOR = timedelta(hours=6)
"""How old the moments of the last run may be in the ledger."""


def ran_again_alone(kept: bytes | None, state: State, place: str, keys: Keys) -> bool:
    """Whether a state differs from the kept document only in the moments of a run that saw each post unchanged."""
    if kept is None or state.last_apply is None:
        return False
    old = loads(kept, place)
    if old.last_apply is None or not timedelta(0) <= state.last_apply - old.last_apply < SAME_FOR:
        return False
    good, was_good = (each.last_good_apply == each.last_apply for each in (state, old))
    if good is not was_good or not only_ran_again(old.runs, state.runs):
        return False
    as_before = replace(state.clone(), last_apply=old.last_apply, runs=old.runs, _lines={})
    as_before.last_good_apply = old.last_good_apply
    for copy in state.copies.values():
        known = old.copies.get(copy.key)
        if known is not None and known.verified_at is not None and copy.verified_at is not None:
            as_before.put(replace(copy, verified_at=known.verified_at))
    return dumps(as_before, keys).encode() == kept
