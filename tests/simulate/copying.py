"""The folder of a calendar that is copied beside the first one: with its name at first, then with another one, or in its place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from publer_sync.ledger.state import dumps, loads

if TYPE_CHECKING:
    from tests.simulate.world import World

MOST = 3
"""Calendars."""


@dataclass(frozen=True, slots=True)
class CopyFolder:
    """`cp -r` of a calendar. `named`: its settings get a name of their own at once."""

    book: int = 0
    named: bool = False

    def do(self, world: World) -> None:
        first = world.books[self.book % len(world.books)]
        if first.gone or len(world.books) >= MOST or world.twin_of(first):
            return
        if first.part.document is None and first.was:
            return  # it was renamed, and not applied since
        wants = tuple(replace(want, line=world.new_line()) for want in first.wants)
        copy = replace(
            first,
            place=replace(first.place),
            versions=[wants],
            entries=[],
            seen={},
            documents=[],
            number=len(world.books),
            folder=f"{first.folder}-copy-{len(world.books)}",
            applied=None,
        )
        world.books.append(copy)
        world.tell(f"The folder of {first.name} is copied.")
        if self.named:
            NameCopy(len(world.books) - 1).do(world)


@dataclass(frozen=True, slots=True)
class NameCopy:
    """The settings of a copy get a name of its own: what its lines say becomes another calendar."""

    book: int = 0

    def do(self, world: World) -> None:
        copy = world.books[self.book % len(world.books)]
        if world.twin_of(copy) is None or (copy.state is not None and not world.is_copy(copy)):
            return
        copy.name = (
            f"{copy.folder}-{len(world.books)}"
            if any(each.name == copy.folder for each in world.books)
            else copy.folder
        )
        copy.settings = replace(copy.settings, name=copy.name)
        copy.place, copy.moved_to, copy.was = world.place_beside(copy.part, copy.name), None, ""
        world.tell(f"The copy is called {copy.name} from now on.")


@dataclass(frozen=True, slots=True)
class CopyPart:
    """Somebody copies the part of the first calendar, too, under the name of the copy: each post is in two parts from then on."""

    first: int = 0
    book: int = 0

    def do(self, world: World) -> None:
        first, copy = (world.books[each % len(world.books)] for each in (self.first, self.book))
        if first.gone or copy.gone or first is copy or copy.part.document is not None:
            return
        if (document := first.part.document) is None or world.is_copy(copy) or copy.name == first.name:
            return
        state = loads(document, first.name)
        if any(copied.post_id is None and copied.end is None for copied in state.copies.values()):
            return  # nothing tells whose a post is that was sent and has not been listed
        copy.part.document = dumps(replace(state, calendar=copy.name)).encode()
        world.watch.in_two_parts = True
        world.tell(f"The part of {first.name} is copied as that of {copy.name}.")


@dataclass(frozen=True, slots=True)
class KeepCopy:
    """The folder that was copied is deleted: the copy is the calendar from now on."""

    book: int = 0

    def do(self, world: World) -> None:
        copy = world.books[self.book % len(world.books)]
        first = world.twin_of(copy)
        if first is None or not world.is_copy(copy):
            return
        copy.entries, first.entries = first.entries, []
        copy.documents, copy.place, copy.moved_to = first.documents, first.place, first.moved_to
        first.gone = first.deleted = True
        world.watch.goes_on_as(first, copy)
        world.tell(f"The first folder of {first.name} is deleted, and its copy is the calendar.")


@dataclass(frozen=True, slots=True)
class DeleteCopy:
    """A copy that the ledger has nothing of is deleted again."""

    book: int = 0

    def do(self, world: World) -> None:
        copy = world.books[self.book % len(world.books)]
        if copy.gone or not (world.is_copy(copy) or ("copy" in copy.folder and copy.part.document is None)):
            return
        copy.gone = copy.deleted = True
        world.tell(f"The folder {copy.folder} is deleted again.")
