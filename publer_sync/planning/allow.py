"""The options of apply that let something through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.late_dataclasses import dataclass
from publer_sync.planning.older import OLDER
from publer_sync.planning.plan import Block, Doable, Held, Recreate, intent

if TYPE_CHECKING:
    from publer_sync.planning.notes import Refusal
    from publer_sync.planning.plan import Change, Tried


@dataclass(frozen=True, slots=True)
class Allow:
    """The options of apply that let something through. They decide what is tried, never what is planned.

    `deletes` is how many posts may be removed past the safety limit, `changes` how many edited or replaced.
    """

    deletes: int | None = None
    changes: int | None = None
    recreate: bool = False
    frozen: bool = False
    twins: bool = False
    edits: bool = False
    older: bool = False
    rewritten: bool = False

    def __or__(self, other: Allow) -> Allow:
        flags = {name: getattr(self, name) or getattr(other, name) for name in FLAGS.values()}
        return Allow(_most(self.deletes, other.deletes), _most(self.changes, other.changes), **flags)

    def covers(self, refusal: Refusal) -> bool:
        """Whether a safety limit is lifted far enough."""
        if refusal.code in OLDER:
            return self.older
        number = self.changes if refusal.code == "changes" else self.deletes
        return number is not None and number >= refusal.count

    @property
    def options(self) -> frozenset[str]:
        """The flags that are set, as options of apply."""
        return frozenset(option for option, name in FLAGS.items() if getattr(self, name))

    @property
    def given(self) -> tuple[str, ...]:
        """All that it allows, as options of apply."""
        numbers = {"--allow-deletes": self.deletes, "--allow-changes": self.changes}
        given = (f"{name} {number}" for name, number in numbers.items() if number is not None)
        return (*given, *sorted(self.options))

    def passes(self, change: Change) -> bool:
        return self.attempt(change) is not None

    def passes_blocks(self, change: Change) -> bool:
        """Whether the options lift all that blocks it.

        What waits for a blocked post has the blocks of that one as well, and goes where that one does.
        """
        passable = {
            Block.HANDED_ON: len(change.blocks) > 1,
            Block.FREEZE: self.frozen,
            Block.TWIN: self.twins,
            Block.UNSEEN: self.twins,
            Block.EDITED: self.edits,
            Block.OLDER: self.older,
        }
        return all(passable.get(block, False) for block in change.blocks)

    def attempt(self, change: Change) -> Tried | None:
        """What apply tries of this change: of a blocked one what it would be, where the options let it through."""
        if isinstance(change, Held):
            return change if change.live is not None else None
        if not self.passes_blocks(change):
            return None
        wanted = intent(change)
        if not isinstance(wanted, Doable) or (isinstance(wanted, Recreate) and not self.recreate):
            return None
        return wanted


FLAGS = {
    "--allow-recreate": "recreate",
    "--allow-frozen": "frozen",
    "--allow-twins": "twins",
    "--overwrite-edits": "edits",
    "--allow-older": "older",
    "--allow-rewritten": "rewritten",
}
"""The options of apply that are either set or not, each with its field of Allow."""


def _most(*numbers: int | None) -> int | None:
    return max((number for number in numbers if number is not None), default=None)
