"""`publer-sync forget`: stops managing posts, and leaves them in Publer as they are."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from publer_sync.commands.connections import Connections
from publer_sync.commands.options import instant
from publer_sync.commands.problems import explained
from publer_sync.commands.session import open_session
from publer_sync.commands.shared import confirm, document, load, need_answer, out, say
from publer_sync.errors import UsageError
from publer_sync.ledger.runs import RunLine, finished, with_run
from publer_sync.model import Slot, iso
from publer_sync.publer.reader import PublerReader
from publer_sync.render.dates import Dates
from publer_sync.render.measure import quoted
from publer_sync.render.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from publer_sync.commands.access import Access
    from publer_sync.commands.choice import Choice
    from publer_sync.commands.documents import ForgetDocument, ForgottenData
    from publer_sync.commands.session import Session
    from publer_sync.ledger.copies import Copy, LedgerEntry
    from publer_sync.ledger.state import State
    from publer_sync.model import Post

LOCK_SECONDS = 300.0
"""How long to wait for a running apply."""


def run(choice: Choice, names: Sequence[str], *, style: str, diff: bool, yes: bool) -> int:
    need_answer(yes=yes, diff=diff)
    calendar = load(choice.calendar)
    with explained(calendar, style=style), ExitStack() as stack:
        session = open_session(calendar, choice, stack, Connections(PublerReader))
        access = session.access
        if not diff:
            stack.enter_context(access.store.lock(LOCK_SECONDS))
        state, entries = forgettable(session, names)
        copies = [entry.newest for entry in entries]
        if style == "text":
            out(_text(copies, access))
        if diff:
            say("Nothing was changed.")
        else:
            if not yes:
                confirm(f"Stop managing {count(len(copies), 'post')}?\nType yes to continue: ")
            forget(session, state, entries)
            kept = sum(_is_in_publer(copy) for copy in copies)
            them = "it" if kept == 1 else "them"
            keeps = f" Publer keeps {them}; nothing was sent." if kept else " Nothing was sent."
            say(f"{count(len(copies), 'post')} forgotten.{keeps}")
    if style == "json":
        posts = [document_of(copy, access) for copy in copies]
        told: ForgetDocument = {"format_version": 1, "forgotten": posts, "written": not diff}
        document(told)
    return 0


def document_of(copy: Copy, access: Access[PublerReader]) -> ForgottenData:
    return {
        "id": copy.id,
        "account": {"id": copy.account, "alias": alias_of(copy, access)},
        "scheduled_at": iso(copy.slot),
        "post_id": copy.post_id,
    }


def forgettable(session: Session[PublerReader], names: Iterable[str]) -> tuple[State, list[LedgerEntry]]:
    """The state, and the entries of the posts that `names` mean. Raises UsageError where one has to stay."""
    state = session.access.own_state()
    if state is None:
        raise UsageError("nothing is managed here: there is no state yet")
    entries = _managed_posts(names, state, session.access)
    for entry in entries:
        _check(entry, session.desired, session.access)
    return state, entries


def forget(session: Session[PublerReader], state: State, entries: Sequence[LedgerEntry]) -> None:
    if (record := session.access.record("forget")) is not None:
        gone = [(entry.key, entry.newest) for entry in entries]
        lines = [RunLine("forget", copy.account, copy.slot, copy.id, "applied", key) for key, copy in gone]
        state.runs = with_run(state.runs, finished(record, lines))
    for entry in entries:
        state.forget(entry.key)
    session.access.store.write(state)


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
    known = [entry for entry in state.entries().values() if not entry.newest.lapsed]
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
    return [entry for entry in known if entry.newest.place == slot]


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
                hint="Remove it from the calendar first.",
            )
    if entry.unsettled or len(entry.open) > 1 or copy.revising:
        raise UsageError(
            f"an apply has not finished with {what}", hint="Run apply first: it finds out what became of it."
        )


def _text(copies: Sequence[Copy], access: Access[PublerReader]) -> str:
    heads = {
        True: "Publer keeps these as they are, and publer-sync no longer manages them:",
        False: "These are not in Publer: a hold took them out, or they are over. publer-sync no longer knows of them:",
    }
    lines: list[str] = []
    for there, head in heads.items():
        if found := [copy for copy in copies if _is_in_publer(copy) is there]:
            lines += [*([""] if lines else []), head, "", *lines_of(found, access)]
    return "\n".join(lines)


def _is_in_publer(copy: Copy) -> bool:
    """Whether Publer may have it ahead, as the state knows: what a hold took out is not there."""
    return copy.end is None


def lines_of(copies: Sequence[Copy], access: Access[PublerReader]) -> list[str]:
    dates = Dates.around(access.calendar.settings.timezone, access.clock.now())
    lines = []
    for copy in copies:
        name = f"  {copy.id}" if copy.id else ""
        lines.append(
            f"  {dates.both(copy.slot)}  {alias_of(copy, access)}{name}  {quoted(copy.text)}".rstrip()
        )
    return lines


def alias_of(copy: Copy, access: Access[PublerReader]) -> str:
    """The account's alias, or its id where it has left the settings."""
    by_id = {account.id: alias for alias, account in access.accounts.items()}
    return by_id.get(copy.account, copy.account)


def _name(copy: Copy, access: Access[PublerReader]) -> str:
    alias = alias_of(copy, access)
    if copy.id:
        return f'"{copy.id}" on {alias}'
    return f"{alias}@{iso(copy.slot)}"
