"""What an apply did, as a value: one result per change, and the figures around them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from publer_sync.errors import Interrupted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from publer_sync.content import Json
    from publer_sync.errors import PublerSyncError
    from publer_sync.planning.plan import Change


class Outcome(StrEnum):
    APPLIED = "applied"
    WAITING = "waiting"
    FAILED = "failed"
    UNVERIFIED = "unverified"
    NOT_TRIED = "not_tried"


@dataclass(frozen=True, slots=True)
class Result:
    """`message` is ours, `publer_said` Publer's own sentence; `hint` says what mostly helps."""

    change: Change
    outcome: Outcome
    message: str | None = None
    post_id: str | None = None
    hint: str | None = None
    payload: Mapping[str, Json] | None = None
    """What a post said that is no longer in Publer and could not be put back."""
    publer_said: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    results: tuple[Result, ...]
    unchanged: int
    requests: int
    seconds: float
    timezone: str
    next_out: tuple[datetime, str, str] | None = None
    """When, on which account's alias, and the words of the next post to go out."""
    error: PublerSyncError | None = None
    """What ended the run before its end; the results tell what was done until then."""

    def count(self, outcome: Outcome) -> int:
        return sum(result.outcome is outcome for result in self.results)

    @property
    def summary(self) -> dict[str, int]:
        return {**{str(outcome): self.count(outcome) for outcome in Outcome}, "unchanged": self.unchanged}

    @property
    def stopped(self) -> bool:
        """Somebody asked to stop: what is not among the results was not tried."""
        return isinstance(self.error, Interrupted)

    @property
    def clean(self) -> bool:
        """Everything wanted is in Publer, or waits there for a person's approval."""
        return self.error is None and all(
            result.outcome in (Outcome.APPLIED, Outcome.WAITING) for result in self.results
        )
