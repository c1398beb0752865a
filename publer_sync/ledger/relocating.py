"""Moves a state to another name or place, and leaves a marker where it was: whoever still uses that place is told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.ledger.hold import joined_holds
from publer_sync.ledger.state import Moved, State
from publer_sync.values.errors import StateError
from publer_sync.values.printable import printable_line

if TYPE_CHECKING:
    from publer_sync.ledger.place import Store


MOVE = "state mv"
"""The command, as the runs name it."""


def relocated(state: State, there: State | None, name: str, place: str, *, way: str = "") -> State:
    """The state as `name` at `place`, which has `there`: nothing, a marker, or holds alone, which stay.

    Raises StateError where posts are managed there, unless they are these: then an earlier move was cut off. `way` is how
    it goes on, where it does.
    """
    if there is not None and there.copies and there.copies != state.copies:
        raise StateError(
            f"there is already a state of {printable_line(name)} in {place}, and it manages posts",
            code="state.taken",
            hint=f"{way or 'Choose another name or place. '}Nothing was changed.",
        )
    holds = joined_holds(state.holds, there.holds if there is not None else ())
    return replace(state.clone(), calendar=name, holds=holds)


def was_cut_off(state: State, there: State, name: str) -> bool:
    """Whether a state is what an earlier move of this one left, and one of the two was used since."""
    return (
        name == state.calendar
        and there.copies != state.copies
        and not state.post_ids.isdisjoint(there.post_ids)
    )


def applied_since(state: State, there: State) -> tuple[bool, bool]:
    """Whether each of the two had a run since that move."""
    ends = (state, there)
    moves = [
        run.at
        for each, other in (ends, ends[::-1])
        for run in each.runs
        if run.command == MOVE and run not in other.runs
    ]
    if not moves:
        return False, False
    return any(run.at > min(moves) for run in state.runs), any(run.at > min(moves) for run in there.runs)


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
