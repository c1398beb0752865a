"""An apply in memory, for rules that need no Publer: what a page shows, what the ledger has, and a clock that stands still."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from publer_sync.applying.run import ListedPage, Means, Order, Run
from publer_sync.clock import Clock
from publer_sync.model import MINUTE
from tests.builders import NOW, ledger, plan

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from publer_sync.ledger.state import State
    from publer_sync.model import LivePost
    from publer_sync.planning.plan import Change
    from publer_sync.publer.gateway import Publer

FREEZE = 15 * MINUTE


class Still(Clock):
    def now(self) -> datetime:
        return NOW


def run_at(
    live: Iterable[LivePost] = (),
    state: State | None = None,
    *,
    before: Iterable[LivePost] = (),
    changes: Iterable[Change] = (),
    short: bool = False,
    **order: Any,
) -> Run:
    """At NOW, with a page that shows these posts; `before` is what was listed for the plan."""
    page = ListedPage({post.id: post for post in before}, NOW)
    page.posts, page.short = {post.id: post for post in live}, short
    means = Means(cast("Publer", None), lambda _, within=0: None, Still(), poll_seconds=0.0)
    return Run(means, Order(plan(changes), freeze=FREEZE, **order), state or ledger(), page)
