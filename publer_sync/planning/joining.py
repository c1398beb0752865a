"""Posts whose time had passed before their account joined the calendar: there was nothing to miss."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Final

from publer_sync.ledger.state import past_keys
from publer_sync.planning.notes import Warn
from publer_sync.planning.plan import Change, Past
from publer_sync.values.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from publer_sync.ledger.copies import Copy
    from publer_sync.values.model import Post

_KEY: Final = re.compile(r"([^@#?]*)([@#].*)", re.DOTALL)


class Joining:
    """What a ledger knows of accounts and old posts, from its copies and missed posts: looked through when it is asked for the first time."""

    def __init__(self, copies: Collection[Copy] = (), excused: Collection[str] = ()) -> None:
        self._copies, self._excused = copies, excused

    def is_older(self, post: Post) -> bool:
        """Whether the ledger knows a past post from other accounts, and nothing at all of the post's own.

        One with an id is known by that, one without by its minute.
        """
        accounts, posts = self._known
        return post.account.id not in accounts and past_keys("", post.at, post.id)[-1] in posts

    @cached_property
    def _known(self) -> tuple[frozenset[str], frozenset[str]]:
        """The accounts, and the posts of all of them as `past_keys` names them, without the account."""
        keys = {key for copy in self._copies for key in past_keys(copy.account, copy.slot, copy.id)}
        found = [each for key in keys.union(self._excused) if (each := _KEY.fullmatch(key))]
        return frozenset(each[1] for each in found), frozenset(each[2] for each in found)


def joined(changes: Iterable[Change]) -> Iterator[Warn]:
    """For each account that is new in the calendar, how many posts are too old for it."""
    old = Counter(
        change.account.alias or change.account.name
        for change in changes
        if isinstance(change, Past) and change.let_in == "account"
    )
    for account, posts in old.items():
        times, they = (
            ("the time of 1 post has", "it is")
            if posts == 1
            else (f"the times of {posts:,} posts have", "they are")
        )
        yield Warn(
            "account_joined",
            f"{printable_line(account)} is new in this calendar, and {times} passed: {they} not published there; "
            f"to publish {'it' if posts == 1 else 'one'} there, give it a new time for {printable_line(account)}",
        )
