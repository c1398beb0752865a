"""An account that was connected again in Publer, under another id, and the command that takes its posts along."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from publer_sync.commands.reconnect import Reconnecting, ReconnectRequest
from tests.simulate.running import Running
from tests.simulate.steps import told
from tests.simulate.wants import ACCOUNTS, RECONNECTED

if TYPE_CHECKING:
    from tests.simulate.wire import Strike
    from tests.simulate.world import Book, World


@dataclass(frozen=True, slots=True)
class Reconnect:
    """Somebody connects an account again. `dropped`: Publer removes what was scheduled on it."""

    account: str = "facebook"
    dropped: bool = False

    def do(self, world: World) -> None:
        new = RECONNECTED[self.account]
        if world.accounts[self.account].id == new:
            return
        world.service.tick()
        world.service.reconnect(self.account, new)
        world.accounts[self.account] = replace(ACCOUNTS[self.account], id=new)
        for trace in world.service.traces if self.dropped else ():
            if trace.alive and trace.account == self.account:
                world.service.remove(trace)
                trace.touched, trace.touched_at = world.moment(), world.seconds
                trace.hands.add("delete")
        lost = ", and what was scheduled on it is gone" if self.dropped else ""
        world.tell(f"{self.account} is connected again, with another id{lost}.")


@dataclass(frozen=True, slots=True)
class TakeAlong:
    """`state mv --account OLD=NEW`."""

    account: str = "facebook"
    book: int = 0
    strikes: tuple[Strike, ...] = ()

    def do(self, world: World) -> None:
        book = world.books[self.book % len(world.books)]
        if book.gone or not is_left_behind(world, book, self.account):
            return
        old, new = ACCOUNTS[self.account].id, world.accounts[self.account].id
        running = Running(world, book, "state mv", book.wants, strikes=self.strikes)
        connections: Any = None
        command = Reconnecting(ReconnectRequest(old, new), connections, "text")
        with world.running(running):
            access: Any = world.session(running).access
            with access.store.lock(300):
                command.carry_out(command.plan_in(access))
            running.code = 0
        told(
            world,
            running,
            f" --account {self.account}" + (f" of {book.name}" if len(world.books) > 1 else ""),
        )


def is_left_behind(world: World, book: Book, account: str) -> bool:
    """Whether the ledger has posts of the id that an account had before."""
    old, state = ACCOUNTS[account].id, book.state
    return world.accounts[account].id != old and any(
        copy.account == old for copy in (state.copies.values() if state else ())
    )
