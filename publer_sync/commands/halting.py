"""What ends a running apply when someone puts posts on hold."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from publer_sync.errors import HoldBegan, Interrupted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publer_sync.clock import Clock
    from publer_sync.ledger.store import Store

_EVERY = 0.2
"""Seconds between two looks for a hold."""


def hold_began() -> HoldBegan:
    return HoldBegan(
        "someone put posts on hold, so this apply ended before its next write to Publer",
        hint="Run apply again for the posts that are not on hold: it checks before it sends anything.",
    )


@contextmanager
def ending_for_holds(store: Store, clock: Clock) -> Iterator[None]:
    """A hold that is announced ends every wait, and what stops because of that says why."""
    over, woke = threading.Event(), threading.Event()

    def watch() -> None:
        while not over.wait(_EVERY):
            if store.halted() and not clock.woken:
                woke.set()
                clock.wake()
                return

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    except Interrupted as stopped:
        raise (hold_began() if store.halted() else stopped) from None
    finally:
        over.set()
        watcher.join()
        if woke.is_set():
            clock.calm()


def guard(store: Store) -> None:
    """Raise HoldBegan where a hold was announced since the state was read."""
    if store.halted():
        raise hold_began()
