"""Moves posts from the state of one calendar to that of another, so that a kill at any point loses none and doubles none.

On one branch both states are pushed together. Elsewhere the giver first marks what it hands over, then the receiver takes it,
then the giver drops it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from publer_sync.planning.moving import moves_between, take

if TYPE_CHECKING:
    from collections.abc import Collection

    from publer_sync.commands.session import Session
    from publer_sync.ledger.state import State
    from publer_sync.planning.moving import Move


@dataclass(slots=True)
class Party:
    """A calendar, and its state under its lock as it was just read: at least as its store last read it."""

    session: Session[Any]
    state: State | None


def hand_over(giver: Party, receiver: Party, planned: Collection[Move]) -> tuple[Move, ...]:
    """Move what was planned and is still to be moved. Raises StateError as the stores do; the next apply goes on from there."""
    at = giver.session.access
    moves = _still(giver, receiver, planned)
    if not moves or giver.state is None:
        return ()
    before, without = giver.state.clone(), giver.state.clone()
    with_them = receiver.state.clone() if receiver.state else receiver.session.first_state()
    for move in moves:
        before.note(move.entry.key, handing=move.receiver)
        take(with_them, move)
        without.forget(move.entry.key)
    to = receiver.session.access.store
    if not at.store.write_with(without, to, with_them):
        at.store.write(before)
        to.write(with_them)
        at.store.write(without)
    giver.state, receiver.state = without, with_them
    return moves


def _still(giver: Party, receiver: Party, planned: Collection[Move]) -> tuple[Move, ...]:
    names = giver.session.access.name, receiver.session.access.name
    meant = {move.entry.key for move in planned if (move.giver, move.receiver) == names}
    if not meant:
        return ()
    sides = [each.session.side(each.state) for each in (giver, receiver)]
    found = moves_between(sides, giver.session.access.clock.now())
    return tuple(
        move
        for move in found
        if (move.giver, move.receiver) == names and move.entry.key in meant and not move.stuck
    )
