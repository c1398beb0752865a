"""The names of posts on the command line: an id, or ALIAS@TIME."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.commands.options import instant
from publer_sync.errors import UsageError
from publer_sync.model import Slot

if TYPE_CHECKING:
    from collections.abc import Iterable

    from publer_sync.commands.access import Access
    from publer_sync.ledger.state import Record, State
    from publer_sync.publer.reader import PublerReader


def managed_posts(names: Iterable[str], state: State, access: Access[PublerReader]) -> list[Record]:
    """The records of the posts that `names` mean, each once, in order of time.

    An id means the post on every account. Raises UsageError for a name that no managed post has.
    """
    found: dict[int, Record] = {}
    for name in names:
        records = _records(name, state, access)
        if not records:
            raise UsageError(
                f'"{name}" is not managed here',
                hint="Name a post by its id, or as ALIAS@TIME. For example: facebook@2027-03-02T09:00",
            )
        found |= {record.key: record for record in records}
    return sorted(found.values(), key=lambda record: (record.slot, record.account))


def _records(name: str, state: State, access: Access[PublerReader]) -> list[Record]:
    standing = [record for record in state.records.values() if not record.lapsed]
    by_id = [record for record in standing if record.id == name]
    alias, at, time = name.partition("@")
    if by_id or not at:
        return by_id
    if alias not in access.accounts:
        raise UsageError(
            f'"{name}": there is no post and no account "{alias}" here',
            hint=f"publer.yaml has the accounts {', '.join(access.accounts)}",
        )
    moment = instant(time, access.calendar.settings.timezone, option=f"{alias}@")
    slot = Slot.of(access.accounts[alias].id, moment)
    return [record for record in standing if record.place == slot]
