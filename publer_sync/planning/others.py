"""Decides whether other calendars matter to a plan, before their states are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.ledger.rewriting import without_links
from publer_sync.planning.plan import Block, Create, Delete, intent
from publer_sync.values.model import Family

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.planning.plan import Change, Plan
    from publer_sync.planning.survey import Survey
    from publer_sync.values.model import Post


def is_disputed(desired: Sequence[Post], seen: Survey, *, hold: bool) -> bool:
    """Whether a post that is not managed here may be one that the calendar wants. `hold`: its settings hold posts."""
    managed = seen.state.post_ids if seen.state else set()
    unmanaged = [post for post in seen.live if post.id not in managed]
    if seen.state is None or not unmanaged:
        return seen.state is None
    if (seen.state.holds or hold) and any(post.family is Family.SCHEDULED for post in unmanaged):
        return True
    slots = {slot for post in desired for slot in post.slot.around}
    texts = {(post.account.id, without_links(post.text)) for post in desired}
    return any(
        post.slot in slots or (post.account_id, without_links(post.text)) in texts for post in unmanaged
    )


def concerns_others(plan: Plan, seen: Survey) -> bool:
    """Whether another calendar may want what leaves this one, or manage what it wants."""

    def leaves(change: Change) -> bool:
        gone = intent(change)
        return isinstance(gone, Delete) and gone.copy.entry in plan.left

    disputed = any(Block.ELSEWHERE in change.blocks or leaves(change) for change in plan.changes)
    return disputed or _published_already(plan, seen)


def may_leave(plan: Plan, seen: Survey) -> bool:
    """Whether something may go to another calendar."""
    copies = seen.state.copies.values() if seen.state else ()
    return any(copy.end is None and copy.entry in plan.left for copy in copies)


def _published_already(plan: Plan, seen: Survey) -> bool:
    """Whether a new post has the words of one that was published, and that is not managed here: it may be the same."""
    managed = seen.state.post_ids if seen.state else set()
    wanted = {
        (change.account.id, without_links(change.post.text))
        for change in plan.changes
        if isinstance(change, Create)
    }
    return bool(wanted) and any(
        post.family is Family.PUBLISHED
        and post.id not in managed
        and (post.account_id, without_links(post.text)) in wanted
        for post in seen.live
    )
