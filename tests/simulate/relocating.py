"""`state mv`: the ledger of a calendar goes to another place, and its settings say so, at once or later."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from publer_sync.commands.running.choice import Choice
from publer_sync.commands.state import MoveRequest, MovingState
from publer_sync.ledger.state import loads
from tests.simulate.running import Running
from tests.simulate.steps import told

if TYPE_CHECKING:
    from tests.simulate.wire import Strike
    from tests.simulate.world import World


@dataclass(frozen=True, slots=True)
class MoveLedger:
    """`state mv --to PLACE`. `written`: the line that it names is written into the settings."""

    book: int = 0
    strikes: tuple[Strike, ...] = ()
    written: bool = True

    def do(self, world: World) -> None:
        book = world.books[self.book % len(world.books)]
        if book.gone or world.is_copy(book) or book.moved_to is not None or book.place.document is None:
            return
        running = Running(world, book, "state mv", book.wants, strikes=self.strikes)
        place = world.other_place(book)
        connections: Any = None  # nothing is asked
        moving = MovingState(MoveRequest(target="there"), connections, "text")
        with world.running(running), ExitStack() as stack:
            access: Any = world.session(running).access
            target = place.store(running.saving, running.clock)
            planned = moving.plan_between(access, Choice(), book.name, access.store, target, stack)
            moving.carry_out(planned)
            running.code = 0
        if (left := book.place.document) is not None and loads(left, book.name).moved is not None:
            book.moved_to = place
            book.documents.clear()
        told(world, running, f" of {book.name}" if len(world.books) > 1 else "")
        if running.code == 0 and self.written:
            WritePlace(self.book).do(world)


@dataclass(frozen=True, slots=True)
class WritePlace:
    """The settings name the place where the ledger is by now."""

    book: int = 0

    def do(self, world: World) -> None:
        book = world.books[self.book % len(world.books)]
        if book.moved_to is None:
            return
        book.place, book.moved_to = book.moved_to, None
        world.tell(f"The settings of {book.name} name the place where its ledger is.")
