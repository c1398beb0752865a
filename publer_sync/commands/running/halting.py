"""What ends a running command: the person who watches it, its time, and a hold that begins meanwhile."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import contextmanager, suppress
from dataclasses import field
from typing import TYPE_CHECKING

from publer_sync.commands.running.pages import Pages
from publer_sync.commands.running.shared import Waiting, document, say
from publer_sync.render.layout import documents
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import HoldBegan, Interrupted, OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from publer_sync.commands.reaching.connections import Connections
    from publer_sync.commands.running.progress import ProgressLine
    from publer_sync.ledger.hold import Hold
    from publer_sync.ledger.place import Store
    from publer_sync.machine.clock import Clock
    from publer_sync.publer.gateway import Publer

_EVERY = 0.2
"""Seconds between two checks for a hold."""


@dataclass(frozen=True, slots=True)
class Control:
    """What a command that writes goes by while it works: where it tells what it does, and when it has to end."""

    progress: ProgressLine
    timeout: float
    """Seconds to wait for Publer's jobs, and for another apply of the calendar."""
    stop: Callable[[], bool]
    """Whether someone asked it to stop."""
    pages: Pages = field(default_factory=Pages)


@contextmanager
def stoppable(
    connections: Connections[Publer], progress: ProgressLine, timeout: float, style: str
) -> Iterator[Control]:
    """The first SIGINT or SIGTERM ends the run in good order, and each wait of these connections; the second at once.

    While a question waits for its answer, the first is enough: it raises Interrupted there.
    """
    asked = False

    def handle(_number: int, _frame: object) -> None:
        nonlocal asked
        progress.close()
        if Waiting.open:
            say("")
            raise Interrupted("nothing was changed: stopped at the question", code="declined")
        if asked:
            message = "stopped at once; the next apply looks at what was under way before it sends anything"
            if style == "json":
                with suppress(OSError, OutputError):
                    document(documents.error(Interrupted.default_code, message))
            say(f"{message[0].upper()}{message[1:]}.")
            os._exit(1)
        asked = True
        connections.wake.set()
        say("Stopping after this step. Press Ctrl-C again to stop at once.")

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield Control(progress, timeout, lambda: asked)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def hold_began() -> HoldBegan:
    return HoldBegan(
        "someone put posts on hold, so this apply ended before its next write to Publer",
        hint="Run apply again for the posts that are not on hold: it checks before it sends anything.",
    )


def check_holds(before: Iterable[Hold], now: Iterable[Hold], command: str) -> None:
    """Raise HoldBegan if someone put posts on hold after `command` planned a calendar, before it did anything there."""
    known = {*before}
    if reasons := dict.fromkeys(hold.reason for hold in now if hold not in known):
        steps = {
            "apply": "Run apply again for the posts that are not on hold: it checks before it sends anything.",
            "release": "If these are to be put back too, run release again.",
        }
        raise HoldBegan(
            f"someone put posts on hold after this was planned ({'; '.join(reasons)}), so nothing was done here",
            hint=steps[command],
        )


@contextmanager
def ending_for_holds(store: Store, clock: Clock) -> Iterator[None]:
    """End every wait when a hold is announced, and say why."""
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
    """Raise HoldBegan if a hold was announced since the state was read."""
    if store.halted():
        raise hold_began()
