"""The safety limits of a plan, and the last moment for it."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from publer_sync.model import Family
from publer_sync.planning.blocks import LEAD
from publer_sync.planning.plan import Create, Delete, Recreate, Refusal, Replace, Update, intent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from publer_sync.model import Settings
    from publer_sync.planning.plan import Change


def refusals(
    changes: Iterable[Change],
    *,
    limit: int,
    empty: bool,
    tried: Callable[[Change], bool] = lambda change: isinstance(change, Delete),
) -> tuple[Refusal, ...]:
    """The safety limits that apply would stop at, where it tries these. The deleting half of a replace does not count.

    `empty`: the calendar has no posts at all; then every managed post counts, whatever else blocks its removal.
    """
    going = [(change, delete) for change in changes if isinstance(delete := intent(change), Delete)]
    if empty and going:
        return (Refusal("empty", len(going), 0, f"--allow-deletes {len(going)}"),)
    deletes = sum(tried(change) and not delete.leftover for change, delete in going)
    if deletes > limit:
        return (Refusal("deletes", deletes, limit, f"--allow-deletes {deletes}"),)
    return ()


def apply_by(changes: Iterable[Change], settings: Settings) -> datetime | None:
    """The last moment at which every change can still be done."""
    moments = []
    freeze = timedelta(minutes=settings.limits.freeze_minutes)
    for change in changes:
        match change:
            case Create() | Recreate() | Replace(successor=None):
                moments.append(change.at - LEAD)
            case _:
                pass
        if isinstance(change, Update | Replace | Delete):
            live = change.live
            if live.at and live.family is Family.SCHEDULED:
                moments.append(live.at - freeze)
    return min(moments).astimezone(UTC) if moments else None
