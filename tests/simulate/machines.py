"""Machines whose clocks are not Publer's, and checkouts whose files are not the newest."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from publer_sync.commands.reaching.lineage import Lineage
from publer_sync.ledger.checkout import Checkout
from publer_sync.machine.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from publer_sync.calendar.load import Calendar
    from tests.simulate.running import Running
    from tests.simulate.world import Book, World


class MachineClock(Clock):
    """The clock of one command on the machine where somebody sits: it goes by Publer's from the first answer on."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world, self._machine = world, world.machine

    def machine(self) -> datetime:
        return self._world.clock.now() + timedelta(seconds=self._world.clocks[self._machine])

    def monotonic(self) -> float:
        return self._world.clock.monotonic()

    def sleep(self, seconds: float) -> None:
        self._world.clock.sleep(seconds)


@dataclass(frozen=True)
class LinearHistory:
    """One commit after the other, all of them pushed; the checkout has one of them."""

    book: Book
    version: int

    has_remote = True
    complete = True

    def leads_here(self, commit: str) -> bool:
        return self._number(commit) <= self.version

    contains = leads_here

    def knows(self, commit: str) -> bool:
        return True

    def has_trees(self, commit: str, trees: Mapping[str, str]) -> bool:
        base = min(self.version, self._number(commit))
        return any(trees_of(self.book, number) == trees for number in range(base, self.version + 1))

    def is_tip(self) -> bool:
        return self.version == len(self.book.versions) - 1

    def branch_with(self, commit: str) -> str:
        del commit
        return ""

    def is_pushed(self, paths: Sequence[str]) -> bool:
        del paths
        return True

    def _number(self, commit: str) -> int:
        return next(n for n in range(len(self.book.versions)) if commit_of(self.book, n) == commit)


def commit_of(book: Book, version: int) -> str:
    return hashlib.sha1(f"{book.number} {version}".encode()).hexdigest()


def trees_of(book: Book, version: int) -> dict[str, str]:
    told = repr(book.versions[version])
    return {f"calendar-{book.number}": hashlib.sha1(told.encode()).hexdigest()}


class SimulatedLineage(Lineage):
    """The real judgement, of a history in memory."""

    def __init__(self, world: World, book: Book, version: int, calendar: Calendar) -> None:
        repositories: Any = SimpleNamespace(command="command")
        super().__init__(calendar, repositories)
        self._world, self._book, self._version = world, book, version

    @property
    def checkout(self) -> Checkout:
        git: Any = None
        trees = trees_of(self._book, self._version)
        return Checkout(git, commit_of(self._book, self._version), trees, trees)

    @property
    def history(self) -> Any:
        return LinearHistory(self._book, self._version)

    @property
    def tree(self) -> None:
        return None

    @property
    def who(self) -> str:
        return ""

    def of(self, calendar: Calendar) -> SimulatedLineage:
        book = next(each for each in self._world.books if each.name == calendar.settings.name)
        return SimulatedLineage(self._world, book, len(book.versions) - 1, calendar)


def version_of(running: Running) -> int:
    """The number of the version of the files that a command has."""
    return max(0, len(running.book.versions) - 1 - running.older)
