"""`publer-sync forget`: stops managing posts, and leaves them in Publer as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from publer_sync.commands.reaching.connections import Connections
from publer_sync.commands.reaching.session import open_session
from publer_sync.commands.running import course
from publer_sync.commands.running.frame import Frame
from publer_sync.commands.running.options import instant
from publer_sync.commands.running.shared import need_answer
from publer_sync.commands.running.state_course import StateWork
from publer_sync.ledger.runs import RunLine, finished, with_run
from publer_sync.planning.lost import may_be
from publer_sync.publer.reader import PublerReader
from publer_sync.render import forget as page
from publer_sync.render.forget import ForgottenPosts
from publer_sync.render.post.names import called
from publer_sync.render.several import Ending
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import UsageError
from publer_sync.values.model import Slot, iso

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from contextlib import ExitStack
    from datetime import datetime

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.reaching.access import Access
    from publer_sync.commands.reaching.session import Session
    from publer_sync.commands.running.choice import Choice
    from publer_sync.ledger.copies import Copy, LedgerEntry
    from publer_sync.ledger.state import State
    from publer_sync.values.model import Account, Post


@dataclass(frozen=True, slots=True)
class ForgetRequest:
    """What the command line says: names of posts."""

    names: tuple[str, ...]
    diff: bool = False
    yes: bool = False


def run(choice: Choice, request: ForgetRequest, *, style: str) -> int:
    need_answer(yes=request.yes, diff=request.diff)
    connections = Connections(PublerReader)
    return course.run(Frame.alone(choice, style=style), Forgetting(request, connections, style), connections)


@dataclass(frozen=True, slots=True)
class PlannedForget:
    """The entries of the posts that are forgotten, of a state that is locked unless it is only shown."""

    session: Session[PublerReader]
    state: State
    entries: tuple[LedgerEntry, ...]
    posts: ForgottenPosts


@dataclass(slots=True)
class Forgetting(StateWork[PlannedForget, None]):
    """forget's own part of the course."""

    request: ForgetRequest
    connections: Connections[PublerReader]
    style: str
    doing: ClassVar[str] = "forget"

    def plan(self, calendar: Calendar, here: Choice, stack: ExitStack) -> PlannedForget:
        """Raises UsageError where a post has to stay."""
        session = open_session(calendar, here, stack, self.connections)
        self.lock(session.access.store, stack)
        state, entries = forgettable(session, self.request.names)
        copies = tuple(entry.newest for entry in entries)
        return PlannedForget(session, state, tuple(entries), forgotten_posts(copies, session.access))

    def proposal(self, planned: PlannedForget) -> Ending:
        return self._ending(planned, page.text(planned.posts), "Nothing was changed.", written=False)

    def question(self, planned: PlannedForget) -> str:
        return f"Stop managing {planned.posts.counted}?"

    def carry_out(self, planned: PlannedForget) -> None:
        forget(planned.session.access, planned.state, planned.entries)

    def end(self, planned: PlannedForget, result: None) -> Ending:
        del result
        kept = page.posts_of(copy for copy in planned.posts.copies if page.is_in_publer(copy))
        them = "it" if len(kept) == 1 else "them"
        keeps = f"Publer keeps {them}; nothing was sent." if kept else "Nothing was sent."
        return self._ending(planned, "", f"{planned.posts.counted} forgotten. {keeps}", written=True)

    def _ending(self, planned: PlannedForget, text: str, note: str, *, written: bool) -> Ending:
        if self.style == "json":
            return Ending(0, note, document=page.document(planned.posts, written=written), note=note)
        return Ending(0, note, text, note=note)


def forgotten_posts(copies: Iterable[Copy], access: Access[PublerReader]) -> ForgottenPosts:
    return ForgottenPosts(
        tuple(copies), access.calendar.settings.timezone, access.clock.now(), access.account
    )


def forgettable(session: Session[PublerReader], names: Iterable[str]) -> tuple[State, list[LedgerEntry]]:
    """The state, and the entries of the posts that `names` mean. Raises UsageError where one has to stay."""
    session.access.check_waiting()
    state = session.access.own_state()
    if state is None:
        raise UsageError("nothing is managed here: there is no state yet")
    entries = _managed_posts(names, state, session.access)
    for entry in entries:
        _check(entry, session.desired, session.access)
    return state, entries


def forget(access: Access[PublerReader], state: State, entries: Sequence[LedgerEntry]) -> None:
    """Write the state without these entries."""
    if (record := access.record("forget")) is not None:
        gone = [(entry.key, entry.newest) for entry in entries]
        lines = [RunLine("forget", copy.account, copy.slot, copy.id, "applied", key) for key, copy in gone]
        state.runs = with_run(state.runs, finished(record, lines))
    for entry in entries:
        state.forget(entry.key)
    access.store.write(state)


def _managed_posts(names: Iterable[str], state: State, access: Access[PublerReader]) -> list[LedgerEntry]:
    """The entries of the posts that `names` mean, each once, in order of time.

    An id means the post on every account. Raises UsageError for a name that no managed post has.
    """
    found: dict[int, LedgerEntry] = {}
    for name in names:
        entries = _named(name, state, access)
        if not entries:
            raise UsageError(
                f'"{name}" is not managed here',
                hint="Name a post by its id, or as ALIAS@TIME. For example: facebook@2027-03-02T09:00",
            )
        found |= {entry.key: entry for entry in entries}
    return sorted(found.values(), key=lambda entry: (entry.newest.slot, entry.account))


def _named(name: str, state: State, access: Access[PublerReader]) -> list[LedgerEntry]:
    known = [entry for entry in state.entries().values() if not entry.newest.given_up]
    by_id = [entry for entry in known if entry.id == name]
    word, at, time = name.partition("@")
    if by_id or not at:
        return by_id
    alias = access.calendar.groups.alias(word)
    if alias not in access.accounts:
        raise UsageError(
            f'"{name}": there is no post and no account "{word}" here',
            hint=f"publer.yaml has the accounts {', '.join(access.accounts)}",
        )
    moment = instant(time, access.calendar.settings.timezone, option=f"{word}@")
    slot = Slot.of(access.accounts[alias].id, moment)
    found = [entry for entry in known if entry.newest.place == slot]
    return found or _of_lost_account(known, state, access.accounts[alias], moment)


def _of_lost_account(
    known: Sequence[LedgerEntry], state: State, account: Account, moment: datetime
) -> list[LedgerEntry]:
    """The posts of an account that left Publer and that may be this one, reconnected."""
    left = {key for key in state.lost if key in state.accounts and may_be(state.accounts[key], account)}
    return [entry for entry in known if entry.account in left and entry.newest.slot == moment]


def _check(entry: LedgerEntry, desired: Sequence[Post], access: Access[PublerReader]) -> None:
    """Raise UsageError if the next apply would manage the post again, or has something to finish."""
    copy = entry.newest
    what = _name(copy, access)
    digest = copy.sent.digest
    for post in desired:
        if post.account.id == entry.account and (
            (post.id and post.id == entry.id) or post.slot == copy.place or post.content.digest == digest
        ):
            raise UsageError(
                f"{what} is still in the calendar ({post.location}), so the next apply would adopt it again",
                hint="Remove it from the calendar first, and run this before the next apply.",
            )
    if is_unfinished(entry, access) or (copy.account in access.known_accounts and copy.revising):
        raise UsageError(
            f"an apply has not finished with {what}", hint="Run apply first: it finds out what became of it."
        )


def is_unfinished(entry: LedgerEntry, access: Access[PublerReader]) -> bool:
    """Whether an apply finds out what became of it: on an account that left Publer, none does once the time for it is over."""
    if entry.account in access.known_accounts:
        return entry.unsettled or len(entry.open) > 1
    now = access.clock.now()
    return any(copy.awaited(now, poll_seconds=access.poll_seconds, refused=False) for copy in entry.open)


def _name(copy: Copy, access: Access[PublerReader]) -> str:
    alias = called(access.account(copy.account))
    if copy.id:
        return f'"{copy.id}" on {alias}'
    return f"{alias}@{iso(copy.slot)}"
