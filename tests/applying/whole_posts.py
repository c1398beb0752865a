"""The posts of a whole apply, in the calendar and in Publer, and what somebody does between the plan and the first write."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from publer_sync.ledger.contact import Contact
from publer_sync.values.model import MINUTE, Listing, LivePost
from tests.applying.whole import SEEN, Applied, Whole, applied
from tests.builders import LAST, LATER, SOON, copy_of, ledger, shown, wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ONE, TWO, DRAFT = (
    wanted(SOON, "One", id="one"),
    wanted(LATER, "Two", id="two"),
    wanted(LAST, "Draft", id="draft", draft=True),
)
COPY, LIVE = copy_of(ONE), shown(SOON, "One")
SWAP = ([replace(ONE, at=LATER), replace(TWO, at=SOON)], [LIVE, shown(LATER, "Two", id="p-2")])
HALF = (replace(ONE, at=LATER), [LIVE, shown(LATER, "One", id="p-2")])
"""A move that was cut off once the new post was there."""
ALL_BUT_REMOVALS = replace(SEEN, verified=("create", "draft", "update"))
NOTHING_SEEN = Contact()


def first_applied(*desired: Any, publer: Whole, state: Any = None, **more: Any) -> Applied:
    """Plan and apply through a key with which nothing was written yet."""
    return applied(desired, publer, state or ledger(), contact=NOTHING_SEEN, **more)


def changed_since(**changes: Any) -> Any:
    """What happens to the post of ONE in Publer before the first write: these fields of it change."""

    def change(publer: Whole) -> None:
        publer.clock.slept += 120  # the page of the plan is old
        publer.live["p-1"] = replace(publer.live["p-1"], **changes)

    return change


def at_the_question(**changed: LivePost | None) -> Callable[[Whole], None]:
    """What a colleague does while the question waits: posts by their ids (`p_1`), None for one that is deleted."""

    def meanwhile(publer: Whole) -> None:
        publer.clock.slept = 2 * MINUTE.total_seconds()
        for name, post in changed.items():
            publer.live.pop(name.replace("_", "-"))
            if post is not None:
                publer.live[post.id] = post

    return meanwhile


class ByDay(Whole):
    """Lists what is on these days and accounts, as Publer does; what was sent `after` so many seconds. The `listings` of these are short."""

    after_seconds = 0.0
    listings = 0
    short_ones: Sequence[int] = ()

    def posts(self, **which: Any) -> Listing:
        since, until, ids = which["since"], which["until"], which["account_ids"]
        self.listings += 1
        live = [post for post in self.live.values() if self._is_listed(post)]
        return Listing(
            tuple(
                post
                for post in live
                if post.at and since <= post.at.date() <= until and post.account_id in ids
            ),
            int(self.listings in self.short_ones),
        )

    def undated_drafts(self, **_: Any) -> Listing:
        return Listing(tuple(post for post in self.live.values() if post.at is None))

    def _is_listed(self, post: LivePost) -> bool:
        return not post.id.startswith("n-") or self.clock.slept >= self.after_seconds
