"""Moves a state to another name or place, and leaves a marker where it was: whoever still uses that place is told."""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.ledger.hold import joined_holds
from publer_sync.ledger.state import Moved, State
from publer_sync.values.errors import StateError
from publer_sync.values.printable import printable_line

if TYPE_CHECKING:
    from publer_sync.ledger.place import Store


def relocated(state: State, there: State | None, name: str, place: str) -> State:
    """The state as `name` at `place`, which has `there`: nothing, a marker, or holds alone, which stay.

    Raises StateError where posts are managed there, unless they are these: then an earlier move was cut off.
    """
    if there is not None and there.copies and there.copies != state.copies:
        hint = "Choose another name or place. "
        if name == state.calendar and not state.post_ids.isdisjoint(there.post_ids):
            end = shlex.join(["publer-sync", "forget", "--all", "--state", printable_line(place)])
            hint = (
                "They have posts in common: an earlier move was cut off, and one of the two was applied since.\n"
                f"If that is the one that moves, end the other one, and move it again: {end}\n"
            )
        raise StateError(
            f"there is already a state of {printable_line(name)} in {place}, and it manages posts",
            code="state.taken",
            hint=f"{hint}Nothing was changed.",
        )
    holds = joined_holds(state.holds, there.holds if there is not None else ())
    return replace(state.clone(), calendar=name, holds=holds)


def marker_of(state: State, name: str, place: str) -> State:
    """What stays behind."""
    moved = Moved(name, place)
    return State(state.service, state.workspace_id, state.calendar, state.workspace_name, moved=moved)


def relocate(source: Store, target: Store, moved: State, marker: State) -> None:
    """Write both ends; a run that is killed in between leaves the state in both places, and the same move goes on from there."""
    if source is target:
        source.write(moved)
    elif not source.write_with(marker, target, moved):
        target.write(moved)
        source.write(marker)
