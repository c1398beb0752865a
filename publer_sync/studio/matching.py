"""Which post of the last commit is which post now: as plan would say, had that commit been applied."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from publer_sync.ledger.copies import Copy, LedgerEntry, Seen
from publer_sync.planning.match import match
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.studio.keys import lines_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from publer_sync.calendar.posts import Entry
    from publer_sync.studio.open_calendar import Snapshot
    from publer_sync.values.model import Post
    from publer_sync.values.problems import Location


@dataclass(frozen=True, slots=True)
class SamePost:
    """A post of a file before and now; None where it was not there, or is there no more.

    `at` is when the first of its posts that are the same was, and is, published. A post that left a series was a part of that.
    """

    was: Entry | None
    now: Entry | None
    at: tuple[datetime, datetime] | None = None


def pairs_of(old: Snapshot, was: Sequence[Entry], new: Snapshot, now: Sequence[Entry]) -> list[SamePost]:
    """In the order of the files as they are now, then what left them."""
    before, after = _posts(old, was), _posts(new, now)
    same = _same(before, after, new)
    places = {entry.place: entry for entry in was}
    by_now: dict[Location, list[tuple[Post, Post]]] = defaultdict(list)
    for one, other in same:
        by_now[other.location].append((one, other))
    found: dict[Location, SamePost] = {}
    for entry in now:
        if those := by_now.get(entry.place):
            most = Counter(one.location for one, _ in those).most_common(1)[0][0]
            at = next((one.at, other.at) for one, other in those if one.location == most)
            found[entry.place] = SamePost(places[most], entry, at)
    taken = {pair.was.place for pair in found.values() if pair.was is not None}
    rest = _rest(
        [each for each in was if each.place not in taken],
        [each for each in now if each.place not in found],
        {post.location: post.at for post in reversed(before)},
        {post.location: post.at for post in reversed(after)},
    )
    found |= rest
    taken |= {pair.was.place for pair in rest.values() if pair.was is not None}
    matched = Counter(one.location for one, _ in same)
    whole = {
        place
        for place, number in Counter(post.location for post in before).items()
        if number == matched[place]
    }
    left = [entry for entry in was if entry.place not in taken and entry.place not in whole]
    return [
        *(found.get(entry.place) or SamePost(None, entry) for entry in now),
        *(SamePost(entry, None) for entry in left),
    ]


def _posts(snapshot: Snapshot, entries: Iterable[Entry]) -> list[Post]:
    return snapshot.posts_at({entry.place for entry in entries})


def _same(was: Sequence[Post], now: Sequence[Post], new: Snapshot) -> list[tuple[Post, Post]]:
    """Which post, on one account, is which, by time."""
    sent = {
        number: LedgerEntry(
            number,
            (
                Copy(
                    number,
                    post.account.id,
                    post.at,
                    post.content,
                    id=post.id,
                    post_id=str(number),
                    seen=Seen(post.at, post.text, draft=post.draft),
                ),
            ),
        )
        for number, post in enumerate(was, 1)
    }
    found = match(now, sent.values(), {}, now=new.now)
    return [(was[entry.key - 1], now[index]) for index, entry in sorted(found.pairs.items())]


def _rest(
    was: Iterable[Entry],
    now: Sequence[Entry],
    before: Mapping[Location, datetime],
    after: Mapping[Location, datetime],
) -> dict[Location, SamePost]:
    """By its id what is on other accounts alone; by its id or its lines what waits for a slot or has no time that can be read.

    `before` and `after` say when the first post of each was, and is, published.
    """
    found: dict[Location, SamePost] = {}
    left = [*was]
    names: tuple[Callable[[Entry], str | None], ...] = (lambda entry: entry.id, lines_of)
    for name in names:
        free: dict[str, list[Entry]] = defaultdict(list)
        for entry in left:
            if known := name(entry):
                free[known].append(entry)
        for entry in now:
            offers = free.get(name(entry) or "", [])
            fits = [
                each
                for each in offers
                if each.place not in before or entry.place not in after or each.id == entry.id is not None
            ]
            if fits and entry.place not in found:
                at = before.get(fits[0].place), after.get(entry.place)
                times = (at[0], at[1]) if at[0] is not None and at[1] is not None else None
                found[entry.place] = SamePost(fits[0], entry, times)
                offers.remove(fits[0])
        taken = [pair.was for pair in found.values()]
        left = [entry for entry in left if entry not in taken]
    return found
