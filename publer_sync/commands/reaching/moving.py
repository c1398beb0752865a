"""Moves posts between the parts that two calendars have in the ledger: each with its copies, in one write, and told in both logs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from publer_sync.ledger.runs import RunLine, finished, with_run
from publer_sync.planning.moving import excuse_past, moves_between, take

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.commands.reaching.neighbours import Neighbour
    from publer_sync.commands.reaching.session import PlannedCalendar, Session
    from publer_sync.ledger.state import State
    from publer_sync.planning.moving import Move

MOVED = "hand_over"
"""What the log calls it."""


def exchange(planned: PlannedCalendar[Any], *, timeout: float, trusting: bool = False) -> tuple[Move, ...]:
    """Take over what the plan of a calendar has coming, and hand over what calendars of the same command get; its own part is locked.

    Waits up to `timeout` seconds for the locks of the others. Raises StateError as the stores do.
    """
    session, found = planned.session, list[tuple["Move", ...]]()
    meant = [move for move in planned.plan.moves if session.may_do(move)]
    names = {name for move in meant for name in (move.giver, move.receiver)} - {session.access.name}
    for other in session.neighbours(planned.seen.state, names) if names else ():
        if other.name in names:
            with other.store.lock(timeout):
                found.append(_exchange(planned, other, meant, trusting=trusting))
    return tuple(move for moves in found for move in moves)


def _exchange(
    planned: PlannedCalendar[Any], other: Neighbour, meant: Sequence[Move], *, trusting: bool
) -> tuple[Move, ...]:
    session, store = planned.session, planned.session.access.store
    state = session.access.state(trusting=trusting)
    state = planned.seen.state if state == planned.state else state
    theirs = other.store.read(trusting=trusting)
    keys = {(move.giver, move.entry.key) for move in meant}
    moves = tuple(
        move
        for move in moves_between([session.side(state), other.side_with(theirs)], session.access.clock.now())
        if not move.stuck and (move.giver, move.entry.key) in keys
    )
    if not moves:
        return ()
    ours = state.clone() if state is not None else session.first_state()
    theirs = theirs.clone() if theirs is not None else _first_of(session, other)
    for giver, receiver in ((ours, theirs), (theirs, ours)):
        name = session.access.name if giver is ours else other.name
        for move in moves:
            if move.giver == name:
                take(receiver, move)
                giver.forget(move.entry.key)
    _record(session, other, ours, theirs, moves)
    store.write_with(ours, other.store, theirs)
    return moves


def _first_of(session: Session[Any], other: Neighbour) -> State:
    """The first part of a calendar that gets a post before it is applied itself."""
    state = session.access.new_state()
    state.calendar, state.home = other.name, None
    excuse_past(state, other.posts()[0], session.access.clock.now())
    return state


def _record(
    session: Session[Any], other: Neighbour, ours: State, theirs: State, moves: Sequence[Move]
) -> None:
    """A run in both parts: the files of each are known from then on to have had the post where it is now."""
    now = session.access.clock.now()
    lines = [
        RunLine(
            MOVED,
            move.entry.account,
            move.post.at,
            move.post.id or move.entry.id,
            "applied",
            giver=move.giver,
            receiver=move.receiver,
        )
        for move in moves
    ]
    lineage = session.access.lineage
    if lineage is None:
        return
    left = lineage.of(other.calendar()).record("apply", now)
    if other.gone:  # it has no files, and those that were applied last still tell whether they were merged
        left = replace(left, commit=None, trees={}, differs=False)
    for state, record in ((ours, lineage.record("apply", now)), (theirs, left)):
        state.runs = with_run(state.runs, finished(record, lines))
