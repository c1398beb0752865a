"""The one way to remove posts from Publer, for every command: what a DELETE is divided into, and what its answers mean.

Whoever asks has noted it in the ledger before, and lists afterwards.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from publer_sync.applying.report import Cause
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import Refused, ServiceError, Unclear, UnrequestedDelete

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DIVISIBLE = frozenset({400, 413, 414, 422})
"""Answers to a request as a whole that may be about one of its posts, or about its length."""
ABOUT_A_REMOVAL = frozenset({403, 404})
"""The same of a DELETE: one of the posts is not the user's to delete, or is gone already."""
MOST_REFUSALS = 10
"""After this many such answers in a row, single posts are not the cause."""
NOT_ASKED = Cause(f"it was not asked for, since Publer refused {MOST_REFUSALS} requests in a row")
SILENT = Cause("Publer did not remove it and gave no reason")


@dataclass(slots=True)
class RefusedWhole:
    """Requests that Publer refused as a whole, one after the other.

    A post that it refuses `alone` was the cause, and not the others: the count starts over, but not for ever.
    """

    refusals: int = 0
    alone: int = 0

    @property
    def is_enough(self) -> bool:
        """Whether single posts are not the cause."""
        return self.refusals >= MOST_REFUSALS

    def accepted(self) -> None:
        self.refusals = self.alone = 0

    def refused(self, posts: int) -> None:
        if posts > 1:
            self.refusals += 1
            return
        self.alone += 1
        if self.alone < MOST_REFUSALS:
            self.refusals = 0


@dataclass(slots=True)
class Answers:
    """What Publer answered, by the posts' ids."""

    removed: set[str] = field(default_factory=set)
    refused: dict[str, Cause] = field(default_factory=dict)
    """A definite no, or nothing was sent."""
    unclear: dict[str, Cause] = field(default_factory=dict)
    """It may have been done, or may still be."""
    row: RefusedWhole = field(default_factory=RefusedWhole)

    @property
    def asked(self) -> set[str]:
        return {*self.removed, *self.refused, *self.unclear}


def ask_to_remove(
    delete: Callable[[Sequence[str]], frozenset[str]], ids: Sequence[str], answers: Answers
) -> None:
    """Ask once for these. Where Publer refuses the request as a whole, divide it until the post that it means is alone.

    Raises UnrequestedDelete, which ends the run, and whatever keeps a request from leaving.
    """
    if answers.row.is_enough:
        answers.refused |= dict.fromkeys(ids, NOT_ASKED)
        return
    try:
        gone = delete(ids)
    except UnrequestedDelete as error:
        answers.unclear |= dict.fromkeys(ids, Cause.of(error))
        raise
    except Refused as no:
        if not _may_mean_one(no):
            answers.refused |= dict.fromkeys(ids, Cause.of(no))
            return
        answers.row.refused(len(ids))
        if len(ids) == 1 or answers.row.is_enough:
            answers.refused |= dict.fromkeys(ids, Cause.of(no))
            return
        half = (len(ids) + 1) // 2
        ask_to_remove(delete, ids[:half], answers)
        ask_to_remove(delete, ids[half:], answers)
    except Unclear as unclear:
        answers.unclear |= dict.fromkeys(ids, Cause.of(unclear))
    except ServiceError as error:
        answers.refused |= dict.fromkeys(ids, Cause.of(error))
    else:
        if gone:
            answers.row.accepted()
        answers.removed |= gone
        answers.refused |= dict.fromkeys((each for each in ids if each not in gone), SILENT)


def _may_mean_one(no: Refused) -> bool:
    """Whether a refusal may be about one post, and not about the key or a proxy in front of Publer."""
    return no.status in DIVISIBLE or (no.status in ABOUT_A_REMOVAL and no.code == Refused.default_code)
