"""What of a state is in the scope of a hold, before Publer is asked. Pure."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from publer_sync.ledger.accounting import LATE
from publer_sync.ledger.announcing import begin
from publer_sync.planning.holding import OnHold
from publer_sync.planning.plan import Held
from publer_sync.values.model import Account

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from publer_sync.ledger.copies import Copy
    from publer_sync.ledger.hold import Hold
    from publer_sync.ledger.state import State
    from publer_sync.values.model import LivePost, Post

NO_POSTS: Mapping[int, Post] = MappingProxyType({})


def with_hold(state: State, hold: Hold) -> State:
    """The state with a hold of the command, which covers what earlier ones spared, too."""
    state = state.clone()
    begin(state, hold)
    return state


def about_to_remove(
    state: State, hold: Hold, account_ids: Sequence[str], wanted: Mapping[int, Post] = NO_POSTS
) -> State:
    """The state with all that may be scheduled in scope noted as about to be removed: what is kept until it is known."""
    state = state.clone()
    for copy in ahead(state, hold, account_ids, wanted):
        state.put(replace(copy, removing_at=hold.since, held=True))
    return state


def ahead(
    state: State, hold: Hold, account_ids: Sequence[str], wanted: Mapping[int, Post] = NO_POSTS
) -> list[Copy]:
    """What was seen in Publer, is in scope, and may not be published yet."""
    on_hold = OnHold.of((hold,), state.copies.values())
    return [
        copy
        for copy in state.copies.values()
        if copy.post_id and copy.end is None and not (copy.removing_at or copy.lapsed)
        if copy.publishes_itself and max(copy.slot, copy.minute) > hold.since - LATE
        if copy.account in account_ids and on_hold.covers(copy, post=wanted.get(copy.key))
    ]


def in_scope(
    state: State,
    hold: Hold,
    account_ids: Sequence[str],
    wanted: Mapping[int, Post] = NO_POSTS,
    account: Callable[[str], Account | None] = lambda _: None,
) -> tuple[Held, ...]:
    """What is in scope, as far as the state knows without asking Publer."""
    going = sorted(ahead(state, hold, account_ids, wanted), key=lambda copy: copy.slot)
    return tuple(held(copy, hold.reason, account=account(copy.account)) for copy in going)


def held(copy: Copy, reason: str, live: LivePost | None = None, account: Account | None = None) -> Held:
    """A post that was sent, in scope, as Publer shows it: the calendar may not have it any more."""
    account = account or Account(copy.account, copy.account, "")
    return Held(account=account, copy=copy, live=live, reason=reason)
