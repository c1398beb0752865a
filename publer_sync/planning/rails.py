"""The rails of a plan, and the last moment for it."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from publer_sync.model import Family
from publer_sync.planning.blocks import LEAD
from publer_sync.planning.case import SENDS
from publer_sync.planning.plan import Action, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from publer_sync.model import Settings
    from publer_sync.planning.plan import Change


def refusals(
    changes: Sequence[Change],
    *,
    limit: int,
    empty: bool,
    tried: Callable[[Change], bool] = lambda change: change.action is Action.DELETE,
) -> tuple[Refusal, ...]:
    """What apply would stop at, where it tries these. The deleting half of a replace does not count, nor its leftover.

    `empty`: the calendar has no posts at all; then every owned post counts, whatever else stands against removing it.
    """
    going = [change for change in changes if change.intent is Action.DELETE]
    if empty and going:
        return (Refusal("empty", len(going), 0, f"--allow-deletes {len(going)}"),)
    deletes = sum(tried(change) and not change.leftover for change in going)
    if deletes > limit:
        return (Refusal("deletes", deletes, limit, f"--allow-deletes {deletes}"),)
    return ()


def apply_by(changes: Iterable[Change], settings: Settings) -> datetime | None:
    """The last moment at which every change can still be done."""
    moments = []
    freeze = timedelta(minutes=settings.limits.freeze_minutes)
    for change in changes:
        if change.action in SENDS and change.successor is None:
            moments.append(change.at - LEAD)
        if change.action in (Action.UPDATE, Action.REPLACE, Action.DELETE):
            live = change.live
            if live and live.at and live.family is Family.SCHEDULED:
                moments.append(live.at - freeze)
    return min(moments).astimezone(UTC) if moments else None
