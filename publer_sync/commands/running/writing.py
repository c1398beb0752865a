"""What apply and release write with: the connection to Publer, the lock of the state, and an end in good order."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from publer_sync.commands.reaching.connections import Connections
from publer_sync.commands.running.halting import ending_for_holds, stoppable
from publer_sync.commands.running.progress import ProgressLine
from publer_sync.publer.gateway import Publer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import ExitStack

    from publer_sync.commands.reaching.session import Session
    from publer_sync.commands.running.halting import Control

LEAST_PATIENCE = 5.0
"""Seconds that Publer has for any one answer, however short the time for its jobs is."""


@contextmanager
def writing(timeout: float, style: str) -> Iterator[tuple[Connections[Publer], Control]]:
    """The connections of a command that writes, and what it goes by. It ends in good order where someone stops it.

    `timeout`, here and below, are the seconds to wait for Publer's jobs, and for another apply of the calendar.
    """
    with ProgressLine() as progress:
        connections = connect(progress, timeout)
        with stoppable(connections, progress, timeout, style) as control:
            yield connections, control


def connect(progress: ProgressLine, timeout: float) -> Connections[Publer]:
    return Connections(Publer, say=progress.wait, patience=max(timeout, LEAST_PATIENCE))


def lock(session: Session[Publer], stack: ExitStack, timeout: float) -> None:
    """Keep other applies out until the stack closes, and end for a hold that begins meanwhile."""
    at = session.access
    stack.enter_context(at.store.lock(timeout))
    stack.enter_context(ending_for_holds(at.store, at.clock))
