"""Accounts that get their first posts once the calendar has been applied: as at its first apply, what had passed by then is not missed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.ledger.state import past_keys
from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from publer_sync.ledger.state import State
    from publer_sync.values.model import Post


@dataclass(frozen=True, slots=True)
class NewAccounts:
    """`since` is when an apply last left nothing undone: what had passed by then, and it did not tell, was not in the calendar.

    `used` are the accounts of which the ledger has posts, `ids` and `slots` the ids and the times of those posts.
    """

    since: datetime | None = None
    used: frozenset[str] = frozenset()
    ids: frozenset[str | None] = frozenset()
    slots: frozenset[datetime] = frozenset()
    excused: frozenset[str] = frozenset()
    """What had passed at the first apply, by `past_keys`."""

    @classmethod
    def of(cls, state: State | None, accounts: Iterable[str]) -> NewAccounts:
        """`accounts` are the managed ones, by Publer's ids."""
        if state is None or state.last_good_apply is None:
            return NO_NEW_ACCOUNTS
        copies = state.copies.values()
        used = {account for copy in copies for account in (copy.account, copy.on)}
        if used.issuperset(accounts):
            return NO_NEW_ACCOUNTS
        return cls(
            state.last_good_apply,
            frozenset(used),
            frozenset(copy.id for copy in copies),
            frozenset(copy.slot for copy in copies),
            frozenset(state.excused),
        )

    def get_too_late(self, post: Post) -> bool:
        """Whether it is a post that other accounts had, and that its account got after its time, as its first.

        A new post with its time by mistake in the past is none.
        """
        if self.since is None or post.at > self.since or post.account.id in self.used:
            return False
        had = post.id in self.ids if post.id else post.at in self.slots
        return had or any(
            not self.excused.isdisjoint(past_keys(each, post.at, post.id)) for each in self.used
        )


NO_NEW_ACCOUNTS = NewAccounts()
