"""Small makers of what a plan is made from: desired posts, the ledger's records, live posts. Times count from NOW."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from publer_sync.ledger.state import Record, Seen, State
from publer_sync.model import Limits, LivePost, Post, Settings
from publer_sync.planning.planner import Scope, make_plan
from publer_sync.problems import Location
from tests.builders import LINKEDIN, NOW, WORKSPACE, X

if TYPE_CHECKING:
    from collections.abc import Iterable

    from publer_sync.model import Account, Json
    from publer_sync.planning.plan import Change, Plan

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
SOON, LATER, LAST = NOW + 3 * HOUR, NOW + 5 * HOUR, NOW + 7 * HOUR
TOMORROW, EARLIER = NOW + DAY, NOW - 3 * HOUR
SETTINGS = Settings("calendar", timezone="Europe/Oslo")


def wanted(
    at: datetime,
    text: str = "Hello",
    *,
    account: Account = X,
    id: str | None = None,
    line: int = 3,
    **content: Json,
) -> Post:
    """A desired post; an empty text is none."""
    if text:
        content["text"] = text
    return Post(account, at, content, Location("2026-12.yaml", line), id)


def shown(
    at: datetime | None,
    text: str = "Hello",
    *,
    account: Account = X,
    id: str = "p-1",
    state: str = "scheduled",
    **more: Any,
) -> LivePost:
    return LivePost(id, account.id, state, at, text, **more)


def record(post: Post, key: int = 1, *, post_id: str | None = "p-1", **more: Any) -> Record:
    """The ledger's entry of a post that was sent, and listed yesterday as it was sent."""
    return Record(
        key,
        post.account.id,
        post.at,
        dict(post.content),
        id=post.id,
        post_id=post_id,
        **{"seen": Seen(post.at, post.text, draft=post.draft), "verified_at": NOW - DAY, **more},
    )


def sent(post: Post, key: int = 1, **more: Any) -> Record:
    """The ledger's entry of a post that was sent a minute ago, and not listed since."""
    more = {"seen": None, "verified_at": None, "requested_at": NOW - timedelta(minutes=1), **more}
    return record(post, key, post_id=None, **more)


def ledger(*records: Record, **more: Any) -> State:
    keys = [entry.key for entry in records]
    more = {"last_apply": NOW - DAY, "next_key": max(keys, default=0) + 1, **more}
    return State("publer", WORKSPACE.id, "calendar", records={entry.key: entry for entry in records}, **more)


def planned(
    desired: Iterable[Post] = (),
    live: Iterable[LivePost] = (),
    state: State | None = None,
    *,
    now: datetime = NOW,
    accounts: Iterable[Account] = (X, LINKEDIN),
    scope: Scope | None = None,
    limits: Limits | None = None,
    **settings: Any,
) -> Plan:
    if limits is not None:
        settings["limits"] = limits
    return make_plan(
        desired=tuple(desired),
        live=tuple(live),
        state=state,
        accounts={account.id: account for account in accounts},
        settings=replace(SETTINGS, **settings),
        workspace=WORKSPACE,
        now=now,
        scope=scope,
    )


def only(plan: Plan) -> Change:
    """The one change of a plan."""
    (change,) = plan.changes
    return change


def said(change: Change) -> tuple[str, ...]:
    """The action, and for what is blocked the reasons and what it would be."""
    return (
        str(change.action),
        *map(str, change.blocks),
        *([f"would {change.would}"] if change.would else []),
    )


def codes(plan: Plan) -> list[str]:
    """The codes of the warnings, in order."""
    return [warning.code for warning in plan.warnings]
