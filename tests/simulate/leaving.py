"""What happens to a calendar as a whole: it ends its part of the ledger, leaves the repository, or gets another name."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from publer_sync.commands import forget_all
from publer_sync.commands.running.choice import Choice
from publer_sync.render.forget import ForgottenPosts, LeftCalendar
from publer_sync.values.errors import UsageError
from tests.simulate.places import File
from tests.simulate.running import Running
from tests.simulate.steps import told

if TYPE_CHECKING:
    from tests.simulate.world import World


@dataclass(frozen=True, slots=True)
class ForgetAll:
    """`forget --all`: the part ends, and its posts stay in Publer."""

    book: int = 0

    def do(self, world: World) -> None:
        book = world.books[self.book % len(world.books)]
        if book.gone or book.state is None or world.is_copy(book):
            return
        running = Running(world, book, "forget --all", book.wants)
        ids: frozenset[str] = frozenset()
        with world.running(running), ExitStack() as stack, TemporaryDirectory(prefix="simulated-") as folder:
            access = world.session(running).access
            stack.enter_context(access.store.lock(300))
            state = access.own_state()
            if state is None:
                raise UsageError("there is no state")
            if access.renamed is not None:  # the part still has the name before
                place = replace(book.place, calendar=access.renamed)
                access.store = place.store(running.saving, running.clock)
                state = access.store.read() or state
            forget_all._check(state, access, Choice(), forget_all.LeaveRequest(), gone=False)
            posts = ForgottenPosts((), "UTC", world.now, access.account)
            left = LeftCalendar(
                access.name, access.store.place, posts, on_hold=(), in_two_versions=(), moved_to=None
            )
            access.store.end(Path(folder) / "backup.json", forget_all.PlannedLeave(access, state, left).rest)
            ids = frozenset(state.post_ids)
            running.code = 0
        if running.code == 0:
            for trace in world.service.traces:
                if trace.entry is None or trace.entry not in {entry.number for entry in book.entries}:
                    continue
                world.entry(trace.entry).let_through = True
                if trace.stored.id in ids and not trace.gone:
                    trace.entry = None
            for entry in book.entries:
                entry.let_through = True
            book.documents.clear()
        told(world, running, f" of {book.name}" if len(world.books) > 1 else "")


@dataclass(frozen=True, slots=True)
class Leave:
    """The calendar leaves the repository; from now on its applies are those with `--gone`."""

    book: int = 0

    def do(self, world: World) -> None:
        book = world.books[self.book % len(world.books)]
        state = book.state
        if book.gone or state is None or state.holds or len(world.books) < 2 or world.is_copy(book):
            return
        if book.place.document is None:
            return  # it was renamed, and its part has the name before
        book.gone = True
        book.settings = replace(book.settings, prune="owned", edits="ask", hold=None)
        book.write(())
        world.tell(f"The calendar {book.name} leaves the repository.")


@dataclass(frozen=True, slots=True)
class Rename:
    """The calendar gets another name; the place of its part is told by that."""

    book: int = 0

    def do(self, world: World) -> None:
        book = world.books[self.book % len(world.books)]
        if book.gone or book.state is None or world.is_copy(book):
            return
        old, new = book.name, f"{book.name}-new"
        place = book.place
        book.place = replace(place, calendar=new)
        if isinstance(place, File) and place.folder.announced[old]:
            book.place = place
            return
        book.name, book.was = new, old if place.document is not None else book.was
        book.settings = replace(book.settings, name=new)
        book.documents.clear()
        for intent in world.intents.values():
            if intent.book == old:
                intent.book = new
        world.tell(f"The calendar {old} is called {new} from now on.")
