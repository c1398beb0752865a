"""The safety limits of a plan, and the last moment for it."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from publer_sync.ledger.rewriting import same_link, without_links
from publer_sync.planning.blocks import LEAD
from publer_sync.planning.dates import moved_date
from publer_sync.planning.effort import effort, is_unmade, stretches, timed
from publer_sync.planning.notes import Refusal
from publer_sync.planning.plan import Block, Delete, Replace, Update, intent
from publer_sync.values.content import Link
from publer_sync.values.model import Family

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from publer_sync.planning.inventory import Inventory
    from publer_sync.planning.plan import Change, FieldChange
    from publer_sync.values.model import Limits, Settings, Written
    from publer_sync.values.problems import Location


def refusals(
    changes: Iterable[Change],
    *,
    limits: Limits,
    empty: bool,
    tried: Callable[[Change], bool] = lambda change: not change.blocks,
) -> tuple[Refusal, ...]:
    """The safety limits that apply would stop at, where it tries these. The deleting half of a replace does not count.

    `empty`: the calendar has no posts at all; then every managed post counts, whatever else blocks its removal, but for
    one that another calendar wants: no option removes it.
    """
    changes = list(changes)
    going = [
        (change, delete)
        for change in changes
        if isinstance(delete := intent(change), Delete) and Block.ELSEWHERE not in change.blocks
    ]
    if empty and going:
        return (Refusal("empty", len(going), 0, f"--allow-deletes {len(going)}"),)
    found = []
    changed = sum(isinstance(intent(change), Update | Replace) and tried(change) for change in changes)
    if limits.change is not None and changed > limits.change:
        found.append(Refusal("changes", changed, limits.change, f"--allow-changes {changed}"))
    deletes = sum(tried(change) and not delete.leftover for change, delete in going)
    if deletes > limits.delete:
        found.append(Refusal("deletes", deletes, limits.delete, f"--allow-deletes {deletes}"))
    return tuple(found)


MANY = 20
"""Where one line changes this many posts, plan names that line."""


def changed_by_one_line(
    changes: Iterable[Change], now: datetime, inventory: Inventory
) -> Iterator[tuple[Location, str]]:
    """Lines outside of posts that change many posts at once: the line, and what it does in one sentence."""
    lines: dict[tuple[Location, str], dict[int, Update | Replace]] = defaultdict(dict)
    for change in changes:
        if isinstance(change, Update | Replace):
            for item in change.diff:
                for place, key in _lines(change, item):
                    if place != change.post.location:
                        lines[place, key][id(change)] = change
    for (place, key), found in sorted(lines.items(), key=lambda item: item[0]):
        posts = len({change.post.location for change in found.values()})
        if posts >= MANY:
            accounts = len({change.account.id for change in found.values()})
            across = f" (on {accounts} accounts)" if accounts > 1 else ""
            took = effort(found.values(), now, inventory)
            yield place, f"this line changes {posts} posts{across}: {key}; it takes {took}"


def _lines(change: Update | Replace, item: FieldChange) -> Iterator[tuple[Location, str]]:
    """The lines that may have made the difference, each with its key."""
    post = change.post
    if item.field == "scheduled_at" and (moved := moved_date(change)) is not None:
        yield moved[0].place, moved[0].name
        return
    field, written = item.field.partition(".")[0], post.written
    before = item.before.url if isinstance(item.before, Link) else item.before
    if written is None or not isinstance(before, str) or not _same_words(field, written, before):
        yield post.place(item.field.replace(".", "/")), field
        return
    for key in dict.fromkeys(key for key, words in written.added if words not in before):
        if key in written.lines and (field == "text" or key == "utm"):
            yield written.lines[key], key


def _same_words(field: str, written: Written, before: str) -> bool:
    """Whether what is written was sent before: the difference is in what is added."""
    if field == "text":
        return without_links(before).startswith(without_links(written.text))
    return field == "link" and same_link(written.url, before)


def apply_by(
    changes: Iterable[Change], settings: Settings, now: datetime, inventory: Inventory
) -> datetime | None:
    """The last moment at which every change can still be done, one after the other at Publer's limit.

    A new post waits for its own uploads and for those of the posts before it.
    """
    moments = []
    freeze = timedelta(minutes=settings.limits.freeze_minutes)
    going = (change for change in changes if not change.blocks)
    for stretch, seconds in timed(stretches(going, now, inventory)):
        wait = timedelta(seconds=seconds)
        for change in stretch.done:
            if is_unmade(change):
                moments.append(change.at - LEAD - wait)
            if change.live and change.live.at and change.live.family is Family.SCHEDULED:
                moments.append(change.live.at - freeze - wait)
    return min(moments).astimezone(UTC) if moments else None
