"""What plan would do, as marks on the studio's page: asked of Publer beside the work, with nothing but GET."""

from __future__ import annotations

import time
from dataclasses import replace
from threading import Thread
from typing import TYPE_CHECKING, Final

from publer_sync.commands.preview import live_marking
from publer_sync.commands.reaching.connections import Connections
from publer_sync.commands.running import failure
from publer_sync.previewing.marking import Marking
from publer_sync.publer.reader import PublerReader
from publer_sync.render.layout.wording import sentence
from publer_sync.values.errors import CalendarError, PublerSyncError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from publer_sync.commands.running.frame import Frame
    from publer_sync.studio.studio import Studio

_CALM: Final = 2.0
"""Seconds in which nobody changed anything, before Publer is asked."""
_BETWEEN: Final = 20.0
"""Seconds between two questions: Publer answers 100 requests in two minutes (Publer docs, "Rate limits")."""


class LiveMarks:
    """Keeps the marks of a studio as `plan` would have them. One calendar that cannot be compared says why."""

    def __init__(self, studio: Studio, frame: Frame) -> None:
        self._studio, self._frame = studio, frame

    def start(self) -> None:
        Thread(target=self._follow, daemon=True).start()

    def _follow(self) -> None:
        asked: Sequence[int] = ()
        while True:
            now = self._studio.state
            if now != asked:
                asked = now
                self.ask()
                time.sleep(_BETWEEN)
            time.sleep(_CALM)

    def ask(self) -> None:
        """Compare every calendar with Publer once."""
        connections = Connections(PublerReader, say=lambda _: None)
        if self._frame.choice.now is not None:  # the sandbox's clock is the page's
            now = self._studio.now().isoformat(timespec="minutes")
            self._frame = replace(self._frame, choice=replace(self._frame.choice, now=now))
        self._studio.mark([self._marking(top, connections) for top in self._frame.tops])

    def _marking(self, top: Path | None, connections: Connections[PublerReader]) -> Marking:
        try:
            with self._frame.calendar(top) as (calendar, here):
                return live_marking(calendar, here, connections)
        except CalendarError:
            return Marking(source="Not compared with Publer: the calendar has errors.")
        except PublerSyncError as error:
            return Marking(source=f"Not compared with Publer: {sentence(failure.line(error))}")
