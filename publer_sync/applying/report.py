"""What an apply did, as a value: one result per change, and the figures around them."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from publer_sync.publer.known import advice
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import Interrupted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from publer_sync.planning.notes import Warn
    from publer_sync.planning.plan import Change
    from publer_sync.values.content import Json
    from publer_sync.values.errors import PublerSyncError, ServiceError
    from publer_sync.values.model import Account, Failure


class Outcome(StrEnum):
    APPLIED = "applied"
    WAITING = "waiting"
    FAILED = "failed"
    UNVERIFIED = "unverified"
    NOT_TRIED = "not_tried"


DONE = frozenset((Outcome.APPLIED, Outcome.WAITING))
UNDER_WAY = "under way when the run ended; the next apply finishes it"
CHECKS_AGAIN = "the next apply checks before sending again"
IN_DOUBT = f"Publer may have the post but does not list it yet; {CHECKS_AGAIN}"
UNLISTED = f"Publer accepted the post but does not list it yet; {CHECKS_AGAIN}"


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something was not done, in two voices that are never mixed.

    `message` is ours. `publer_said` is Publer's own, a sentence a line, "" where it said nothing. `hint` mostly helps.
    """

    message: str = ""
    publer_said: str = ""
    hint: str | None = None

    @classmethod
    def of(cls, error: ServiceError) -> Cause:
        return cls(error.summary, error.publer_said, error.hint or advice(error.publer_said))

    @classmethod
    def refused(cls, failures: Iterable[Failure]) -> Cause:
        """What a job's failures come to."""
        said = "\n".join(dict.fromkeys(failure.message for failure in failures))
        message = "Publer refused the post" if said else "Publer's job failed and gave no reason"
        return cls(message, said, advice(said))

    def because_of(self, what: str) -> Cause:
        """The same reason, for something larger: `what` comes first."""
        return replace(self, message=f"{what}: {self.message}")

    def __add__(self, other: Cause) -> Cause:
        said = "\n".join(dict.fromkeys(said for said in (self.publer_said, other.publer_said) if said))
        message = "; ".join(part for part in (self.message, other.message) if part)
        return Cause(message, said, self.hint or other.hint)


NO_CAUSE = Cause()
ENDED = Cause("the run ended before its turn")


@dataclass(frozen=True, slots=True)
class Kept:
    """Why a post in Publer was not changed or removed, and what that makes of whoever wanted it."""

    why: Cause
    outcome: Outcome = Outcome.NOT_TRIED
    out: bool = False
    """It was published."""


@dataclass(frozen=True, slots=True)
class Result:
    change: Change
    outcome: Outcome
    why: Cause = NO_CAUSE
    post_id: str | None = None
    payload: Mapping[str, Json] | None = None
    """What a post said that is no longer in Publer and could not be put back."""
    page: bool = False
    """It was not created because its page does not answer yet."""
    asks: bool = False
    """It waits for a sign-off."""
    leaves: bool = False
    """It stays as it is until another calendar takes it over."""


def by_time(result: Result) -> tuple[datetime, str]:
    return result.change.at, result.change.account.id


@dataclass(frozen=True, slots=True)
class Remark:
    """What Publer said in a job's failures, of no post in particular; `account` where it names one of ours."""

    publer_said: str
    account: Account | None = None


@dataclass(frozen=True, slots=True)
class ApplyReport:
    results: tuple[Result, ...]
    unchanged: int
    requests: int
    seconds: float
    timezone: str
    next_out: tuple[datetime, str, str] | None = None
    """When the next post is published, on which account's alias, and its words."""
    error: PublerSyncError | None = None
    """What ended the run early; the results tell what was done until then."""
    twice: tuple[int, datetime] | None = None
    """How many posts Publer may have in two copies, and when the first of these is published: the next apply settles it."""
    remarks: tuple[Remark, ...] = ()
    """What Publer said that no result has."""
    warnings: tuple[Warn, ...] = ()
    """Those of the plan that was carried out."""
    notes: tuple[Warn, ...] = ()
    """What this run found changed by Publer."""
    backup: str = ""
    """Where this run put the list of what Publer had before the ledger's first write."""

    def of(self, outcome: Outcome) -> list[Result]:
        return [result for result in self.results if result.outcome is outcome]

    def count(self, outcome: Outcome) -> int:
        return len(self.of(outcome))

    @property
    def summary(self) -> dict[str, int]:
        return {**{str(outcome): self.count(outcome) for outcome in Outcome}, "unchanged": self.unchanged}

    @property
    def waiting_for_pages(self) -> ApplyReport:
        """The same with nothing but the posts that wait for their pages."""
        waiting = (result for result in self.results if result.page and result.outcome is Outcome.WAITING)
        return replace(self, results=tuple(waiting))

    @property
    def waiting_for_yes(self) -> ApplyReport:
        """The same with nothing but the posts that wait for a sign-off."""
        waiting = (result for result in self.results if result.asks and result.outcome is Outcome.WAITING)
        return replace(self, results=tuple(waiting))

    @property
    def waiting_for_calendars(self) -> ApplyReport:
        """The same with nothing but the posts that other calendars are to take over."""
        waiting = (result for result in self.results if result.leaves and result.outcome is Outcome.WAITING)
        return replace(self, results=tuple(waiting))

    @property
    def stopped(self) -> bool:
        """Somebody asked to stop: what is not among the results was not tried."""
        return isinstance(self.error, Interrupted)

    @property
    def clean(self) -> bool:
        """Everything wanted is in Publer, or waits there for a person's approval."""
        return self.error is None and all(result.outcome in DONE for result in self.results)

    @property
    def exit_code(self) -> int:
        return self.error.exit_code if self.error else 0 if self.clean else 6
