"""Moves posts from the state of one calendar to that of another, so that a kill at any point loses none and doubles none.

On one branch both states are pushed together. Elsewhere the giver first marks what it hands over, then the receiver takes it,
then the giver drops it.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from publer_sync.planning.moving import moves_between, take

if TYPE_CHECKING:
    from publer_sync.commands.session import PlannedCalendar, Session
    from publer_sync.ledger.state import State
    from publer_sync.planning.moving import Move


def exchange(
    one: PlannedCalendar[Any], other: PlannedCalendar[Any], *, timeout: float, trusting: bool = False
) -> tuple[Move, ...]:
    """Move the posts between two calendars that the plan of `one` has moving; waits up to `timeout` seconds for their locks.

    Raises StateError as the stores do; the next apply of both goes on from there.
    """
    with ExitStack() as stack:
        both = sorted((one, other), key=lambda each: each.session.access.store.place)
        for each in both:  # always in the same order, so that two commands never wait for each other
            stack.enter_context(each.session.access.store.lock(timeout))
        states = _state(one, trusting=trusting), _state(other, trusting=trusting)
        sides = one.session.side(states[0]), other.session.side(states[1])
        meant = {(move.giver, move.entry.key) for move in one.plan.moves}
        moves = tuple(
            move
            for move in moves_between(sides, one.session.access.clock.now())
            if not move.stuck and (move.giver, move.entry.key) in meant
        )
        given, back = ([move for move in moves if move.giver == side.name] for side in sides)
        states = _hand_over(one.session, other.session, given, *states)
        _hand_over(other.session, one.session, back, states[1], states[0])
    return moves


def _state(planned: PlannedCalendar[Any], *, trusting: bool) -> State | None:
    """The state as it is now, as the plan's listing left it, unless it was written since."""
    state = planned.session.access.state(trusting=trusting)
    return planned.seen.state if state == planned.state else state


def _hand_over(
    giver: Session[Any],
    receiver: Session[Any],
    moves: list[Move],
    state: State | None,
    theirs: State | None,
) -> tuple[State | None, State | None]:
    """Both states as they are then."""
    if state is None or not moves:
        return state, theirs
    marked, without = state.clone(), state.clone()
    with_them = theirs.clone() if theirs is not None else receiver.first_state()
    for move in moves:
        marked.note(move.entry.key, handing=move.receiver)
        take(with_them, move)
        without.forget(move.entry.key)
    store, to = giver.access.store, receiver.access.store
    if not store.write_with(without, to, with_them):
        store.write(marked)
        to.write(with_them)
        store.write(without)
    return without, with_them
