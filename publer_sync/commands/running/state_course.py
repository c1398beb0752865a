"""What commands that write only a state have in common on the course: what changes is always shown, and others are kept out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from publer_sync.commands.running.course import Work
from publer_sync.commands.running.shared import confirm

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import ExitStack

    from publer_sync.ledger.place import Store

LOCK_SECONDS: Final = 300.0
"""How long to wait for a running apply."""
P = TypeVar("P")
R = TypeVar("R")


class StateWork(Work[P, R]):
    """A command's part of the course where all it does is to write a state, and nothing to Publer."""

    @property
    def shows(self) -> bool:
        return True

    def lock(self, store: Store, stack: ExitStack) -> None:
        """Keep applies out until the stack closes, unless it is only shown what would be done."""
        if not self.diff:
            stack.enter_context(store.lock(LOCK_SECONDS))

    def question(self, planned: P) -> str:
        """What is asked below the plan; "" where the plan says it."""
        del planned
        return ""

    def begin(self, planned: Sequence[P]) -> None:
        for each in planned if not self.request.yes else ():
            confirm(self.question(each))
