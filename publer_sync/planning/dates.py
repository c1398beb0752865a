"""Dates with names that have moved since posts were last sent, and the posts that move with them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from publer_sync.planning.notes import Warn
from publer_sync.planning.plan import Create, Delete, Past, intent, moved_from
from publer_sync.values.counted import Counted, date_words
from publer_sync.values.timezones import time_zone

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from publer_sync.ledger.state import State
    from publer_sync.planning.plan import Change
    from publer_sync.values.model import Post


def moved_date(change: Change) -> tuple[Counted, str] | None:
    """What a post counts from and the date that it was, if the post moves because that moved."""
    post, copy = change.post, change.copy
    if post is None or post.counted is None or copy is None or copy.counts_from is None:
        return None
    name, before = copy.counts_from
    has_moved = name == post.counted.name and before != post.counted.date
    return (post.counted, before) if has_moved and moved_from(intent(change)) is not None else None


def moved_dates(changes: Iterable[Change], timezone: str) -> Iterator[Warn]:
    """For each date that moved, one line: from when to when, and how many posts with it."""
    zone = time_zone(timezone)
    found: dict[tuple[Counted, str], list[Change]] = defaultdict(list)
    for change in changes:
        if (moved := moved_date(change)) is not None:
            counted, before = moved
            found[Counted("", counted.name, counted.date, counted.place), before].append(change)
    for (counted, before), those in sorted(found.items(), key=lambda item: item[0][0].place):
        alike = {
            (post.location, post.at, post.id, post.as_written.text) for each in those if (post := each.post)
        }
        posts = len(alike)  # as the plan lists them: once for all accounts on which they are alike
        accounts = len({change.account.id for change in those})
        number = "1 post" if posts == 1 else f"{posts} posts"
        across = f" (on {accounts} accounts)" if accounts > 1 else ""
        move = "moves" if posts == 1 else "move"
        was, now = date_words(before, zone), date_words(counted.date, zone)
        yield Warn(
            "date_moved",
            f"the date `{counted.name}` moved from {was} to {now}: {number}{across} {move} with it",
            counted.place,
        )


def is_let_in(state: State, post: Post) -> bool:
    """Whether a date moved since its series was last sent, and the series has this post since then.

    Each post of the series that is ahead is noted with the date as it was then; one of them with today's means that
    this one was there at that apply.
    """
    series, names = (post.id or "").rpartition("@")[0], {each.name for each in post.bounds}
    noted = {
        copy.counts_from
        for copy in state.copies.values()
        if copy.account == post.account.id
        and copy.counts_from
        and (copy.id or "").rpartition("@")[0] == series
    }
    before = {source for source in noted if source[0] in names}
    return bool(series and before) and before.isdisjoint(each.source for each in post.bounds)


def _named(posts: Collection[str], more: str) -> str:
    number = "one" if len(posts) == 1 else f"{len(posts):,}"
    return f"{number} {more}{'post' if len(posts) == 1 else 'posts'}: {', '.join(sorted(posts))}"


def changed_series(changes: Iterable[Change], timezone: str) -> Iterator[Warn]:
    """For each series that a date with a name bounds, the posts that are left out now, and those that are let in."""
    zone = time_zone(timezone)
    bounds: dict[str, tuple[Counted, ...]] = {}
    there: dict[str, set[str]] = defaultdict(set)
    new: dict[str, set[str]] = defaultdict(set)
    gone: dict[str, set[str]] = defaultdict(set)
    late: dict[str, set[str]] = defaultdict(set)
    known: set[str] = set()
    for change in changes:
        name, post = change.id or "", change.post
        series = name.rpartition("@")[0]
        if post is not None and post.bounds:
            bounds[series] = post.bounds
            before = change.copy.id or "" if change.copy is not None else ""
            moved = before != name and before.rpartition("@")[0] == series
            if moved:  # one that is left out has become one that is let in
                gone[series].add(before)
            if isinstance(change, Past) and change.let_in == "date":
                late[series].add(name)
            is_new = moved or name in late[series] or (isinstance(change, Create) and change.copy is None)
            (new if is_new else there)[series].add(name)
            known |= {series} if change.copy is not None else set()
        elif isinstance(change, Delete):
            gone[series].add(name)
    for series, dates in bounds.items():
        let_in, left_out = new[series] - there[series], gone[series] - new[series] - there[series]
        if not (series in known and (let_in or left_out)):
            continue
        named = {each.name: f"`{each.name}` on {date_words(each.date, zone)}" for each in dates}
        parts = [f"loses {_named(left_out, '')}"] if left_out else []
        parts += [f"gets {_named(ahead, 'more ')}"] if (ahead := let_in - late[series]) else []
        if too_late := let_in & late[series]:
            parts.append(f"gets {_named(too_late, 'more ')}, too late to be published")
        message = f"with {' and '.join(named.values())}, the series {series} {' and '.join(parts)}"
        yield Warn("date_series", message, dates[0].place)
