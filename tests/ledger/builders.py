"""What the tests of the stores share."""

from __future__ import annotations

from publer_sync.ledger.state import State
from publer_sync.machine.clock import Clock

SERVICE = "https://app.publer.com/api/v1"


class QuickClock(Clock):
    """Sleeping takes no time, and the clock moves on."""

    def __init__(self) -> None:
        super().__init__()
        self.slept = 0.0

    def monotonic(self) -> float:
        return self.slept

    def sleep(self, seconds: float) -> None:
        self.slept += seconds


def a_state(mark: str = "", calendar: str = "calendar") -> State:
    return State(SERVICE, "ws1", calendar, "Fjordlight", excused={mark})
