"""`publer-sync state mv --account OLD=NEW`: an account was reconnected in Publer, and its posts move to its new id."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from publer_sync.calendar.yaml.scalars import scalar
from publer_sync.commands.reaching.access import open_access
from publer_sync.commands.reaching.connections import Connections
from publer_sync.commands.running import course
from publer_sync.commands.running.frame import Frame
from publer_sync.commands.running.shared import need_answer
from publer_sync.commands.running.state_course import StateWork
from publer_sync.ledger.relocating import MOVE
from publer_sync.ledger.runs import RunLine, finished, with_run
from publer_sync.networks.table import code_of
from publer_sync.planning.lost import is_certain
from publer_sync.publer.reader import PublerReader
from publer_sync.render.layout.wording import count
from publer_sync.render.several import Ending
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import UsageError
from publer_sync.values.printable import printable_line

if TYPE_CHECKING:
    from contextlib import ExitStack

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.reaching.access import Access
    from publer_sync.commands.running.choice import Choice
    from publer_sync.commands.running.documents import MovedDocument
    from publer_sync.ledger.copies import Copy
    from publer_sync.ledger.state import State
    from publer_sync.values.model import Account


@dataclass(frozen=True, slots=True)
class ReconnectRequest:
    """What the command line says: Publer's id of the account then and now."""

    old: str
    new: str
    diff: bool = False
    yes: bool = False

    @classmethod
    def of(cls, words: str, *, diff: bool, yes: bool) -> ReconnectRequest:
        """From OLD=NEW. Raises UsageError."""
        old, sign, new = (part.strip() for part in words.partition("="))
        if not (old and sign and new) or old == new:
            raise UsageError(
                f'--account: "{printable_line(words)}" is not OLD=NEW, two ids of Publer',
                hint="publer-sync accounts lists the ids that accounts have now; plan names the old one.",
            )
        return cls(old, new, diff, yes)


def run(choice: Choice, request: ReconnectRequest, *, style: str) -> int:
    """Take all posts of an account to its new id. The calendar need not be valid."""
    need_answer(yes=request.yes, diff=request.diff)
    connections = Connections(PublerReader)
    return course.run(
        Frame.alone(choice, style=style), Reconnecting(request, connections, style), connections
    )


@dataclass(frozen=True, slots=True)
class PlannedReconnect:
    """The state before and after; locked unless it is only shown."""

    access: Access[PublerReader]
    account: Account
    state: State
    after: State

    @property
    def posts(self) -> int:
        keys = {
            copy.key
            for copy in self.state.copies.values()
            if copy.account != self.after.copies[copy.key].account
        }
        return len({self.state.copies[key].entry for key in keys})


@dataclass(slots=True)
class Reconnecting(StateWork[PlannedReconnect, None]):
    """Its own part of the course."""

    request: ReconnectRequest
    connections: Connections[PublerReader]
    style: str
    doing: ClassVar[str] = "move"
    planning: ClassVar[str] = "move"

    def plan(self, calendar: Calendar, here: Choice, stack: ExitStack) -> PlannedReconnect:
        """Raises UsageError where the ids cannot be those of one account."""
        access = open_access(calendar, here, stack, self.connections, lenient=True)
        self.lock(access.store, stack)
        return self.plan_in(access)

    def plan_in(self, access: Access[PublerReader]) -> PlannedReconnect:
        """The same with what is open and locked. Raises UsageError."""
        access.check_waiting()
        state = access.own_state()
        account = self._account(access)
        if state is None or not _of_account(state, self.request.old):
            raise UsageError(
                f"there is no post of the account {printable_line(self.request.old)} in the ledger",
                hint="plan names the id that its posts have there.",
            )
        if not _may_become(state, self.request.old, account):
            raise UsageError(
                f"{printable_line(account.name)} has posts of its own in the ledger, so it is not the account that left",
                hint="Check the two ids: plan names both.",
            )
        if _has_unfinished(state, self.request.old, access):
            raise UsageError(
                f"an apply has not finished with the account {printable_line(self.request.old)}",
                hint="Run apply first: it finds out what became of its posts.",
            )
        return PlannedReconnect(access, account, state, _reconnected(state, self.request.old, account))

    def _account(self, access: Access[PublerReader]) -> Account:
        found = next((each for each in access.listed if each.id == self.request.new), None)
        if found is not None:
            return found
        there = "".join(
            f"\n  {each.id}  {code_of(each.provider)} {printable_line(each.name)}" for each in access.listed
        )
        raise UsageError(
            f"Publer has no account {printable_line(self.request.new)} in this workspace",
            hint=f"It has:{there}",
        )

    def proposal(self, planned: PlannedReconnect) -> Ending:
        name = f"{code_of(planned.account.provider)} {printable_line(planned.account.name)}"
        text = f"{count(planned.posts, 'post')} of the account {printable_line(self.request.old)} will be of {name} ({planned.account.id})."
        return self._ending(planned, text, "Nothing was changed.", written=False)

    def carry_out(self, planned: PlannedReconnect) -> None:
        access, after = planned.access, planned.after
        if (record := access.record(MOVE, of_files=False)) is not None:
            lines = [
                RunLine(MOVE, entry.account, entry.newest.slot, entry.id, "applied", key)
                for key, entry in after.entries().items()
                if entry.account == planned.account.id
            ]
            after.runs = with_run(after.runs, finished(record, lines))
        access.store.write(after)

    def end(self, planned: PlannedReconnect, result: None) -> Ending:
        del result
        return self._ending(planned, "", _lines_to_write(planned, self.request.old), written=True)

    def _ending(self, planned: PlannedReconnect, text: str, note: str, *, written: bool) -> Ending:
        line = count(planned.posts, "post")
        if self.style != "json":
            return Ending(0, line, text, note=note)
        place, name = planned.access.store.place, planned.access.name
        told: MovedDocument = {
            "format_version": 1,
            "from": name,
            "to": name,
            "from_state": place,
            "state": place,
            "posts": planned.posts,
            "holds": len(planned.after.holds),
            "account": planned.account.id,
            "written": written,
        }
        return Ending(0, line, document=told, note=note)


def _of_account(state: State, account: str) -> list[Copy]:
    return [copy for copy in state.copies.values() if copy.account == account]


def _has_unfinished(state: State, account: str, access: Access[PublerReader]) -> bool:
    """Whether the outcome of a request for a post of the account is still open: the next apply looks for it under the old id."""
    now, poll = access.clock.now(), access.poll_seconds
    return any(copy.awaited(now, poll_seconds=poll, refused=True) for copy in _of_account(state, account))


def _may_become(state: State, old: str, account: Account) -> bool:
    """Whether an account may be the one that left: it has no posts of its own, or only those created since it was reconnected."""
    own = [entry for entry in state.entries().values() if entry.account == account.id]
    known = state.accounts.get(old)
    if not own:
        return True
    if known is None or old not in state.lost or not is_certain(known, account):
        return False
    before = [entry for entry in state.entries().values() if entry.account == old]
    minutes = {copy.slot for entry in before for copy in entry.open}
    names = {entry.id for entry in before if entry.id}
    return not any(entry.id in names or any(copy.slot in minutes for copy in entry.open) for entry in own)


def _reconnected(state: State, old: str, account: Account) -> State:
    """The state with all that is of one account of another. What may still be listed under the old id is looked for there."""
    after = state.clone()
    for copy in [each for each in after.copies.values() if each.account == old]:
        after.put(copy.under(account.id))
    after.excused = {_renamed(word, old, account.id) for word in after.excused}
    after.holds = tuple(
        replace(
            hold, accounts=tuple(dict.fromkeys(account.id if each == old else each for each in hold.accounts))
        )
        for hold in after.holds
    )
    after.accounts.pop(old, None)
    return after


def _renamed(word: str, old: str, new: str) -> str:
    for sign in "@#?":
        if word.startswith(f"{old}{sign}"):
            return f"{new}{word.removeprefix(old)}"
    return word


def _lines_to_write(planned: PlannedReconnect, old: str) -> str:
    """What publer.yaml has to say from now on, where it names the old id."""
    lines = "".join(
        f"    {ref.alias}: {{id: {planned.account.id}, provider: {scalar(code_of(planned.account.provider))}}}\n"
        for ref in planned.access.calendar.settings.accounts
        if ref.name == old
    )
    return f"Write this into publer.yaml before the next apply:\n\n  accounts:\n{lines}" if lines else ""
