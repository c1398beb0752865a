"""`publer-sync forget`: stops managing posts, and leaves them in Publer as they are."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from publer_sync.commands.access import Connections
from publer_sync.commands.options import instant
from publer_sync.commands.problems import explained
from publer_sync.commands.session import open_session
from publer_sync.commands.shared import confirm, document, load, need_answer, out, say
from publer_sync.errors import UsageError
from publer_sync.model import Slot, iso
from publer_sync.publer.reader import PublerReader
from publer_sync.render.dates import Dates
from publer_sync.render.measure import quoted
from publer_sync.render.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from publer_sync.commands.access import Access, Choice
    from publer_sync.content import Json
    from publer_sync.ledger.state import Record, State
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
        state = access.state()
        if state is None:
            raise UsageError("nothing is managed here: there is no state yet")
        records = _managed_posts(names, state, access)
        for record in records:
            _check(record, session.desired, state, access)
        if style == "text":
            out(_text(records, access))
        if diff:
            say("Nothing was changed.")
        else:
            if not yes:
                confirm(f"Stop managing {count(len(records), 'post')}?\nType yes to continue: ")
            for record in records:
                state.drop(record)
            access.store.write(state)
            them = "it" if len(records) == 1 else "them"
            say(f"{count(len(records), 'post')} forgotten. Publer keeps {them}; nothing was sent.")
    if style == "json":
        posts: list[Json] = [
            {
                "id": record.id,
                "account": {"id": record.account, "alias": _alias(record, access)},
                "scheduled_at": iso(record.slot),
                "post_id": record.post_id,
            }
            for record in records
        ]
        document({"format_version": 1, "forgotten": posts, "written": not diff})
    return 0


def _managed_posts(names: Iterable[str], state: State, access: Access[PublerReader]) -> list[Record]:
    """The records of the posts that `names` mean, each once, in order of time.

    An id means the post on every account. Raises UsageError for a name that no managed post has.
    """
    found: dict[int, Record] = {}
    for name in names:
        records = _named(name, state, access)
        if not records:
            raise UsageError(
                f'"{name}" is not managed here',
                hint="Name a post by its id, or as ALIAS@TIME. For example: facebook@2027-03-02T09:00",
            )
        found |= {record.key: record for record in records}
    return sorted(found.values(), key=lambda record: (record.slot, record.account))


def _named(name: str, state: State, access: Access[PublerReader]) -> list[Record]:
    standing = [record for record in state.records.values() if not record.lapsed]
    by_id = [record for record in standing if record.id == name]
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
    return [record for record in standing if record.place == slot]


def _check(record: Record, desired: Sequence[Post], state: State, access: Access[PublerReader]) -> None:
    """Raise UsageError if the next apply would manage the post again, or has something to finish."""
    what = _name(record, access)
    digest = record.sent.digest
    for post in desired:
        if post.account.id == record.account and (
            (post.id and post.id == record.id) or post.slot == record.place or post.content.digest == digest
        ):
            raise UsageError(
                f"{what} is still in the calendar ({post.location}), so the next apply would adopt it again",
                hint="Remove it from the calendar first.",
            )
    partner = any(other.replaces == record.key for other in state.records.values())
    if record.post_id is None or record.removing_at or record.revising or record.replaces or partner:
        raise UsageError(
            f"an apply has not finished with {what}", hint="Run apply first: it finds out what became of it."
        )


def _text(records: Sequence[Record], access: Access[PublerReader]) -> str:
    dates = Dates.around(access.calendar.settings.timezone, access.clock.now())
    lines = ["Publer keeps these as they are, and publer-sync no longer manages them:", ""]
    for record in records:
        name = f"  {record.id}" if record.id else ""
        lines.append(
            f"  {dates.both(record.slot)}  {_alias(record, access)}{name}  {quoted(record.text)}".rstrip()
        )
    return "\n".join(lines)


def _alias(record: Record, access: Access[PublerReader]) -> str:
    """The account's alias, or its id where it has left the settings."""
    by_id = {account.id: alias for alias, account in access.accounts.items()}
    return by_id.get(record.account, record.account)


def _name(record: Record, access: Access[PublerReader]) -> str:
    alias = _alias(record, access)
    if record.id:
        return f'"{record.id}" on {alias}'
    return f"{alias}@{iso(record.slot)}"
