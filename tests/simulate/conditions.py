"""Steps that change what commands run in: whose machine it is, what its clock says, and a hold in the settings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from publer_sync.values.model import SettingsHold
from publer_sync.values.problems import Location
from tests.simulate.wants import ALIASES

if TYPE_CHECKING:
    from tests.simulate.world import World


@dataclass(frozen=True, slots=True)
class Sit:
    """From now on commands run on this machine."""

    machine: int = 0

    def do(self, world: World) -> None:
        if world.clocks and world.machine != self.machine:
            world.machine = self.machine
            world.tell(f"At machine {self.machine + 1}, whose clock is {_ahead(world.ahead)}.")


@dataclass(frozen=True, slots=True)
class SetClock:
    """The clock of a machine jumps: from now on it is so many seconds ahead."""

    machine: int = 0
    ahead: float = 0.0

    def do(self, world: World) -> None:
        if world.clocks:
            world.clocks[self.machine] = self.ahead
            world.tell(f"The clock of machine {self.machine + 1} jumps: it is {_ahead(self.ahead)}.")


@dataclass(frozen=True, slots=True)
class RenameWorkspace:
    """Somebody gives the workspace another name in Publer."""

    name: str = "Renamed"

    def do(self, world: World) -> None:
        if world.start.renames_workspace and world.workspace != self.name:
            world.service.name_workspace(self.name)
            world.workspace = self.name
            world.tell(f"The workspace is called {self.name} from now on.")


@dataclass(frozen=True, slots=True)
class NameWorkspace:
    """The settings name the workspace as it is called now."""

    book: int = 0

    def do(self, world: World) -> None:
        book = world.books[self.book % len(world.books)]
        if book.settings.workspace != world.workspace:
            book.settings = replace(book.settings, workspace=world.workspace)
            world.tell(f"The settings of {book.name} name the workspace as it is called now.")


def _ahead(seconds: float) -> str:
    return f"{abs(seconds):.0f} s {'ahead' if seconds >= 0 else 'behind'}"


@dataclass(frozen=True, slots=True)
class HoldInSettings:
    """The settings hold everything, a label or an account; "" nothing any more."""

    scope: str = "all"
    book: int = 0

    def do(self, world: World) -> None:
        book = world.books[self.book % len(world.books)]
        if book.gone:
            return
        hold = None
        if self.scope:
            labels = (self.scope,) if self.scope in ("a", "b") else ()
            accounts = (self.scope,) if self.scope in ALIASES.values() else ()
            hold = SettingsHold("a storm", Location("publer.yaml", 1), accounts, labels)
        if book.settings.hold == hold:
            return
        book.settings = replace(book.settings, hold=hold)
        world.watch.freed(book)
        what = f"hold {self.scope}" if self.scope else "hold nothing any more"
        world.tell(f"The settings of {book.name} {what}.")
