"""A calendar that left the repository while its state still has posts ahead, as a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.ledger.copies import End
from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from publer_sync.ledger.copies import Copy
    from publer_sync.ledger.state import State


@dataclass(frozen=True, slots=True)
class GoneCalendar:
    """`place` is where its state is. `leaving`: only the checkout lacks it so far."""

    name: str
    state: State
    place: str
    leaving: bool
    ahead: int
    """Posts that Publer will publish; one on several accounts counts once."""
    on_hold: int
    """Posts that a hold keeps out of Publer."""
    setting: str = ""
    """The place as the settings of any calendar can name it."""
    beside: Path | None = None
    """A calendar that keeps its state there, for a command that is given none."""

    @classmethod
    def of(
        cls, name: str, state: State, place: str, now: datetime, *, leaving: bool, setting: str = ""
    ) -> GoneCalendar:
        copies = state.copies.values()
        ahead = _posts(
            copy
            for copy in copies
            if copy.end is None and not copy.removing_at and copy.publishes_itself and copy.minute > now
        )
        kept = (entry.newest for entry in state.entries().values() if not entry.published)
        on_hold = _posts(copy for copy in kept if copy.held and copy.end is End.REMOVED and copy.slot > now)
        return cls(name, state, place, leaving, ahead, on_hold if state.holds else 0, setting or place)

    def __bool__(self) -> bool:
        """Whether anything of it is still to come."""
        return bool(self.ahead or self.on_hold)


def _posts(copies: Iterable[Copy]) -> int:
    return len({(copy.id or copy.text, copy.minute) for copy in copies})
