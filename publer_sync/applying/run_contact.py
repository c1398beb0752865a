"""What an apply knows of first contact, as a value: which kinds of write are verified, and why no more of a kind is tried."""

from __future__ import annotations

from collections import Counter
from dataclasses import field
from typing import TYPE_CHECKING, Final

from publer_sync.applying.report import Cause
from publer_sync.ledger.contact import Kind
from publer_sync.planning.contact import Doubt, KnownContact, remedy, what_differs
from publer_sync.planning.notes import Warn
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import FirstContactError, PublerSyncError, StateError

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_REFUSALS: Final = 3
"""So many first ones of a kind are tried in a run."""


@dataclass(slots=True)
class RunContact:
    """What an apply knows of first contact."""

    known: KnownContact = field(default_factory=KnownContact)
    verified: set[Kind] = field(default_factory=lambda: set(Kind))
    doubts: dict[Kind, list[Doubt]] = field(default_factory=dict)
    allowed: set[str] = field(default_factory=set)
    ended: dict[Kind, Cause] = field(default_factory=dict)
    """Why no more of a kind is tried in this run."""
    refused: Counter[Kind] = field(default_factory=Counter)
    error: FirstContactError | None = None
    """What ends the run at the next place where nothing is half done."""
    exempt: set[int] = field(default_factory=set)
    """Entries whose first post was not listed: they may be sent again."""
    backup: str = ""
    warnings: list[Warn] = field(default_factory=list)
    _stops: list[Doubt] = field(default_factory=list)
    """What this run found that Publer did not keep."""

    def raise_error(self) -> None:
        if self.error is not None:
            raise self.error

    def and_then(self, stopped: PublerSyncError) -> PublerSyncError:
        """What ends the run, if it was also `stopped` before it could raise its own error. An error of the ledger comes first."""
        if self.error is None or isinstance(stopped, FirstContactError):
            return self.error or stopped
        if isinstance(stopped, StateError):
            self.warnings.append(Warn("first_contact", f"{self.error.message}. {self.error.hint}"))
            return stopped
        return FirstContactError(
            f"{self.error.message}; then the run was stopped: {stopped.message}", hint=self.error.hint
        )

    def check(self, kind: Kind, command: str) -> None:
        """Raise FirstContactError where Publer did not keep a write of this kind, and nobody has decided what that means."""
        if doubts := self.doubts.get(kind):
            raise stopped(doubts, command)

    def why_not(self, kind: Kind, command: str) -> Cause | None:
        """Why nothing of this kind is written now, for the result of a post."""
        if doubts := self.doubts.get(kind):
            return Cause(stopped(doubts, command).message)
        return self.ended.get(kind)

    def stop(self, doubt: Doubt, command: str) -> None:
        self.doubts.setdefault(doubt.kind, []).append(doubt)
        self._stops.append(doubt)
        self.error = stopped(self._stops, command)

    def end_kind(self, kind: Kind, why: str) -> None:
        self.ended[kind] = Cause(f"{why}, so no other was sent", hint="The next apply checks again")

    def count_refusal(self, kind: Kind) -> None:
        self.refused[kind] += 1
        if self.refused[kind] >= MOST_REFUSALS:
            self.ended[kind] = Cause(
                f"Publer refused the first {MOST_REFUSALS} {kind.noun}s through this key, so no other was tried",
                hint="See what Publer said of them, and run apply again",
            )


def stopped(doubts: Sequence[Doubt], command: str) -> FirstContactError:
    """`command` is the apply that was run."""
    more = f" (and {len(doubts) - 1} more)" if len(doubts) > 1 else ""
    return FirstContactError(
        f"{what_differs(doubts[0])}{more}, so nothing more of the kind was sent",
        hint=remedy(doubts, command),
    )
