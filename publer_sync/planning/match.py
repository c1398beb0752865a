"""Which ledger entry belongs to which desired post. Pure, and linear in both."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING

from publer_sync.late_dataclasses import dataclass
from publer_sync.model import LivePost, Post, Slot, normal_text, same_text

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from publer_sync.ledger.copies import Copy, LedgerEntry


@dataclass(frozen=True, slots=True)
class Matches:
    """`pairs` holds the entry of each desired post, by the post's index; `rest` the entries that nothing wants."""

    pairs: Mapping[int, LedgerEntry]
    rest: tuple[LedgerEntry, ...]


def _edited(copy: Copy, live: LivePost) -> bool:
    """Whether someone moved or reworded it in Publer."""
    seen = copy.seen
    if live.account_id != copy.account:
        return True
    return seen is not None and (live.at != seen.at or not same_text(live.text, seen.text))


def match(
    desired: Sequence[Post], entries: Iterable[LedgerEntry], live: Mapping[str, LivePost], *, now: datetime
) -> Matches:
    """Match in this order: same slot and equal; same id; same slot; same content, in order of time.

    An entry is matched by each of its copies that has not ended, else by its last one. What a colleague edited is also
    matched by the slot and words that it has now, before its id: posts that were exchanged by hand are as wanted once the
    calendar exchanges them too.

    One that was moved to another account is its post there, too, with its id, where nothing wants it on the old account.

    What was published is matched before all others, by its id alone, without one by the slots of all its copies: equal words at another time
    are another post. In its own slot, the same post may have got another id.
    """
    entries = sorted(
        filter(_counts, entries), key=lambda entry: (entry.newest.slot, not entry.newest.post_id, entry.key)
    )
    contents = [post.content.comparable for post in desired]
    order = sorted(range(len(desired)), key=lambda index: desired[index].at)
    pairs: dict[int, LedgerEntry] = {}
    taken: set[int] = set()

    def step(wanted: Iterable[tuple[Hashable, int]], offered: Iterable[tuple[Hashable, LedgerEntry]]) -> None:
        if len(pairs) == len(desired) or len(taken) == len(entries):
            return  # mostly after the first steps, and each of the others would go through everything
        free: dict[Hashable, deque[LedgerEntry]] = defaultdict(deque)
        for key, entry in offered:
            if entry.key not in taken:
                free[key].append(entry)
        for key, index in wanted:
            while index not in pairs and (offers := free.get(key)):
                entry = offers.popleft()
                if entry.key not in taken:
                    pairs[index] = entry
                    taken.add(entry.key)

    out = [entry for entry in entries if entry.published]
    ahead = [entry for entry in entries if not entry.published]
    by_id = [((desired[i].account.id, desired[i].id), i) for i in order if desired[i].id]
    known = {(entry.account, entry.id) for entry in ahead}
    step(
        by_id,
        (
            ((entry.account, entry.id), entry)
            for entry in reversed(out)
            if entry.id and (entry.account, entry.id) not in known
        ),
    )
    step(
        (((desired[i].slot, contents[i]), i) for i in order),
        (((copy.place, copy.sent.comparable), entry) for entry in entries for copy in _faces(entry)),
    )
    step(
        (((desired[i].slot, normal_text(desired[i].text)), i) for i in order),
        (
            ((shown.slot, normal_text(shown.text)), entry)
            for entry in ahead
            for copy in _faces(entry)
            if (shown := live.get(copy.post_id or "")) is not None and _edited(copy, shown)
        ),
    )
    step(by_id, (((entry.account, entry.id), entry) for entry in ahead if entry.id))
    moved = [(entry, copy) for entry in entries for copy in _faces(entry) if copy.moved_to]
    step(by_id, (((copy.moved_to, entry.id), entry) for entry, copy in moved if entry.id))
    step(
        ((desired[i].slot, i) for i in order),
        (
            (copy.place, entry)
            for entry in entries
            if not (entry.published and entry.id)
            for copy in _faces(entry)
        ),
    )
    step(
        ((desired[i].slot, i) for i in order),
        (
            (Slot(copy.moved_to, copy.slot), entry)
            for entry, copy in moved
            if not (entry.published and entry.id)
        ),
    )
    step(
        ((desired[i].slot, i) for i in order if desired[i].at <= now),
        ((copy.place, entry) for entry in out for copy in _faces(entry)),
    )
    step(
        (((desired[i].account.id, contents[i]), i) for i in order if desired[i].at > now),
        (
            ((entry.account, copy.sent.comparable), entry)
            for entry in ahead
            for copy in _faces(entry)
            if not _passed(copy, now)
        ),
    )
    return Matches(pairs, tuple(entry for entry in entries if entry.key not in taken))


def match_waiting(
    entries: Sequence[LedgerEntry], calendars: Mapping[str, Sequence[Post]]
) -> dict[int, tuple[str, Post]]:
    """The post that waits for a slot, and its calendar, for each of these entries that it means, by the entries' keys.

    As in `match`, it means what has its id, else what has the same content and no other post means, in order of time. What was
    published it means by its id alone.
    """
    posts = [(name, post) for name, waiting in calendars.items() for post in waiting]
    if not posts:
        return {}  # as almost always, and digests take time
    named = {(post.account.id, post.id): (name, post) for name, post in reversed(posts)}
    found = {
        entry.key: named[entry.account, entry.id]
        for entry in entries
        if entry.id and (entry.account, entry.id) in named
    }
    taken = {(post.account.id, post.id) for _, post in found.values()}
    free: dict[tuple[str, str], list[int]] = defaultdict(list)
    for entry in sorted(entries, key=lambda entry: (not entry.open, entry.newest.slot)):
        if entry.key not in found and not entry.published:
            for digest in {copy.sent.digest for copy in entry.open or (entry.newest,)}:
                free[entry.account, digest].append(entry.key)
    for name, post in posts:
        offers = free.get((post.account.id, post.content.digest), ())
        key = next((key for key in offers if key not in found), None)
        if key is not None and (post.account.id, post.id) not in taken:
            found[key] = name, post
    return found


def _counts(entry: LedgerEntry) -> bool:
    """Whether anything follows from the entry: not of one that left the calendar and never was published."""
    out = entry.published or entry.maybe_published
    return not entry.facts.left or out is not None or bool(entry.open)


def _faces(entry: LedgerEntry) -> Iterator[Copy]:
    """The copies by which an entry is known."""
    if entry.published:
        yield from entry.copies
    else:
        yield from reversed(entry.open or (entry.newest,))


def _passed(copy: Copy, now: datetime) -> bool:
    """Whether its minute came, so that it is another post than one of the same content that is ahead."""
    return copy.minute <= now and not (copy.unsettled or copy.removing_at or copy.still_draft)
