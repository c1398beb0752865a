"""What a place for the ledger can do: `file_store` and `git_store` are the two there are."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Protocol

from publer_sync.ledger.copies import NO_REMOVALS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from contextlib import AbstractContextManager
    from datetime import datetime
    from pathlib import Path

    from publer_sync.ledger.backup import Backup
    from publer_sync.ledger.copies import Seen
    from publer_sync.ledger.elsewhere import Elsewhere, LedgerPart
    from publer_sync.ledger.hold import Hold
    from publer_sync.ledger.state import State
    from publer_sync.values.errors import StateError


class Store(Protocol):
    """The part of one calendar in a place for the ledger, which `place` names in messages.

    Every method raises StateError with a fix.
    """

    place: str
    where: str
    """The part itself."""
    rest: State | None
    """What `read` found of a part that was ended: its runs, for `log`."""

    def read(self, *, trusting: bool = False) -> State | None:
        """None where there is no ledger yet, and where it was ended; needs no lock.

        Raises UntrustedStateError where its signature is not right, unless `trusting`.
        """

    def part(self) -> LedgerPart | None:
        """What `read` finds, whatever its signature, for whoever has many to read and changes none."""

    def is_there(self) -> bool:
        """Whether `read` may find anything, or fail."""

    def managed_elsewhere(self) -> Elsewhere:
        """What other calendars of the workspace manage, as far as this place knows.

        Asked for after a listing, it knows of every post of theirs in it.
        """

    def names_beside(self) -> list[str]:
        """The names of the other calendars whose parts are here, as far as this place knows."""

    def beside(self, names: Iterable[str]) -> Elsewhere:
        """What these manage."""

    def is_beside(self, other: Store) -> bool:
        """Whether both are parts of one ledger, so that one look shows both and one write changes both."""

    def lost(self) -> StateError | None:
        """What to do where the place certainly lacks what was written to it."""

    def recover(self, *, anew: bool = False) -> str:
        """Let `read` go on from what the place has lost, or without what is damaged in it, and tell of the latter; "" of nothing.

        `anew`: from all that was lost but what this calendar managed.
        """

    offline: datetime | None
    """Of when what `read` returned is, where the place could not be reached and a hold went on from what was last read here."""

    def hear_waiting(self) -> None:
        """Let `read` have the holds that wait on this machine; the next `write` ends that they wait."""

    def waiting(self) -> tuple[Hold, ...]:
        """The holds that wait on this machine until the place can be reached."""

    def drop_waiting(self) -> None:
        """No hold waits any more: nothing that it covers is managed."""

    def advice(self) -> tuple[str, str] | None:
        """What is not as well as it could be, and its fix."""

    def lock(self, timeout: float) -> AbstractContextManager[None]:
        """Keep other applies out; waits up to `timeout` seconds for one that is running, and in each write for others."""

    def write(self, state: State, *, within: float = math.inf) -> None:
        """All of it or nothing; once this returns, it survives a power cut.

        Raises BusyStateError where other calendars keep the place busy longer than that, or for `within` seconds.
        """

    def write_with(self, state: State, other: Store, theirs: State) -> bool:
        """Write this state and that of another calendar in one step; False, and nothing is written, where they can't be."""

    def instead_of(self, name: str, *, trusting: bool = False) -> State | None:
        """The part of another calendar, which has this one's name now: the next write is one with the removal of that part.

        Holds that were announced beside it are in it, as `read` has them.
        """

    def end(self, backup: Path, rest: State | None) -> None:
        """Move the ledger, as last read, to the file `backup`: the calendar is no longer managed. Only `rest` stays. Under the lock."""

    def back_up(self, backup: Backup) -> str:
        """Keep beside the ledger what Publer had before its first write, and tell where. What is there is never overwritten.

        On a branch the next `write` brings it along.
        """

    def check_writable(self) -> None:
        """Raise StateError where a write would fail, as far as can be known without one. After `read`."""

    def announce(self, hold: Hold, removing: Mapping[str, Seen | None] = NO_REMOVALS) -> None:
        """Tell a running apply of a hold, past its lock, so that it ends before its next write to Publer.

        `removing` are the ids of posts that it is about to remove without that lock, with what Publer shows of those that
        someone edited. `read` adds it all to the state until
        a `write` has it.
        """

    def hold_beside(self, hold: Hold, removing: Mapping[str, Seen | None] = NO_REMOVALS) -> None:
        """The same on a branch too, for who does not have the key that signs the part. It lasts until a `write`."""

    def halted(self) -> bool:
        """Whether a hold was announced since `read`. On a branch the push tells."""
