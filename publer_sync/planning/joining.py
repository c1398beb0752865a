"""Posts whose time had passed before their account joined the calendar: there was nothing to miss."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final

from publer_sync.ledger.state import State, past_keys

if TYPE_CHECKING:
    from datetime import datetime

    from publer_sync.values.model import Post

_KEY: Final = re.compile(r"[^@#?]*([@#].*)", re.DOTALL)


TOLD_FOR: Final = timedelta(days=3)
"""So long a new time that has passed keeps its old post in Publer, and people are told: an older one is another post."""


def all_well(state: State | None) -> datetime | None:
    """When the last good apply ended, or some time before the last one, where that is later. None before the first one."""
    if state is None or state.last_apply is None:
        return None
    return max(filter(None, (state.last_good_apply, state.last_apply - TOLD_FOR)))


class Joining:
    """Which accounts are new since the ledger was last written, and what it knew when all was well last: looked through when it is asked."""

    def __init__(self, state: State | None = None) -> None:
        self._state, self._well = state or State("", "", ""), all_well(state)

    def is_older(self, post: Post) -> bool:
        """Whether a past post was over on other accounts when all was well last, and its own account joined since.

        What passed since then, somebody may have meant to go out. One with an id is known by that, one without by its minute.
        """
        if post.account.id not in self._state.joined or self._well is None or post.at > self._well:
            return False
        return past_keys("", post.at, post.id)[-1] in self._posts

    @cached_property
    def _posts(self) -> frozenset[str]:
        """The posts of all accounts as `past_keys` names them, without the account."""
        copies = self._state.copies.values()
        keys = {key for copy in copies for key in past_keys(copy.account, copy.slot, copy.id)}
        return frozenset(each[1] for key in keys | self._state.excused if (each := _KEY.fullmatch(key)))
