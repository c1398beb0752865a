"""Which ledger entry belongs to which desired post. Pure, and linear in both."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from typing import TYPE_CHECKING

from publer_sync.ledger.copies import undated, what_it_says
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.model import LivePost, Post, Slot, normal_text, same_text

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime, timedelta

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
    desired: Sequence[Post],
    entries: Iterable[LedgerEntry],
    live: Mapping[str, LivePost],
    *,
    now: datetime,
    since: datetime | None = None,
) -> Matches:
    """Match in this order: what was published; same slot and equal; same id; saying the same; same slot.

    So words stay with their entry when posts without ids are moved. An entry is matched by each of its copies that has
    not ended, else by its last one. What a colleague edited is also matched by the slot and words that it has now, before
    its id: posts that were exchanged by hand are as wanted once the calendar exchanges them too. One that was moved to
    another account is its post there, too, with its id, where nothing wants it on the old account.

    What was published is matched by its id; by the slot of any of its copies with the words of one of them; and without
    an id by the slot of the copy that was published, whatever is wanted there now. Equal words at another time are
    another post, and so is a post with other words in a minute that an earlier copy had. `since` is when
    all was well last.
    """
    entries = sorted(
        filter(_counts, entries), key=lambda entry: (entry.newest.slot, not entry.newest.post_id, entry.key)
    )
    order = sorted(range(len(desired)), key=lambda index: desired[index].at)
    contents = [post.content.comparable for post in desired]
    pairs: dict[int, LedgerEntry] = {}
    taken: set[int] = set()

    def pair(index: int, entry: LedgerEntry) -> None:
        pairs[index] = entry
        taken.add(entry.key)

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
                    pair(index, entry)

    out = [entry for entry in entries if entry.published]
    ahead = [entry for entry in entries if not entry.published]
    by_id = [((desired[i].account.id, desired[i].id), i) for i in order if desired[i].id]
    known = {(entry.account, entry.id) for entry in ahead}
    step(
        by_id,
        (
            ((entry.account, entry.id), entry)
            for entry in reversed(out)
            if (entry.account, entry.id) not in known
        ),
    )
    slots = {desired[i].slot for i in order}
    back = [(copy, entry) for entry in out for copy in entry.copies if copy.place in slots]
    if back:  # spelling out what all of them say takes time
        named = {(entry.account, entry.id) for entry in entries if entry.id}
        places = {copy.place for copy, _ in back}
        step(
            (
                ((desired[i].slot, what_it_says(desired[i].content)), i)
                for i in order
                if desired[i].slot in places and (desired[i].account.id, desired[i].id) not in named
            ),
            (
                ((copy.place, said), entry)
                for copy, entry in back
                for said in {what_it_says(each.sent) for each in entry.copies}
                if said
            ),
        )
    step(
        (((desired[i].slot, contents[i]), i) for i in order),
        (((copy.place, copy.sent.comparable), entry) for entry in ahead for copy in _faces(entry)),
    )
    step(  # a replace that was taken back: the old copy is there still, and may be past by now
        (((desired[i].slot, contents[i]), i) for i in order),
        (
            ((last.place, last.sent.comparable), entry)
            for entry in ahead
            if entry.open and (last := entry.copies[-1]).end is not None
        ),
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
    # What was published is last: an entry ahead of the same id may be another post's by now, which has its words.
    step(by_id, (((entry.account, entry.id), entry) for entry in (*ahead, *reversed(out))))
    moved = [(entry, copy) for entry in ahead for copy in _faces(entry) if copy.moved_to]
    moved += [(entry, copy) for entry in out for copy in entry.went_out if copy.moved_to]
    step(by_id, (((copy.moved_to, entry.id), entry) for entry, copy in moved))
    left, free = [e for e in ahead if e.key not in taken], [i for i in order if i not in pairs]
    for index, entry in _saying_the_same(desired, free, left, now, since):
        pair(index, entry)
    step(
        ((desired[i].slot, i) for i in order),
        ((copy.place, entry) for entry in out if not entry.id for copy in entry.went_out),
    )
    step(
        ((desired[i].slot, i) for i in order),
        ((copy.place, entry) for entry in ahead for copy in _faces(entry)),
    )
    step(
        ((desired[i].slot, i) for i in order),
        (
            (Slot(copy.moved_to, copy.slot), entry)
            for entry, copy in moved
            if not (entry.published and entry.id)
        ),
    )
    step(  # an id that was changed afterwards: nothing is made of what is past
        ((desired[i].slot, i) for i in order if desired[i].at <= now),
        ((copy.place, entry) for entry in out for copy in entry.went_out),
    )
    return Matches(pairs, tuple(entry for entry in entries if entry.key not in taken))


def _saying_the_same(
    desired: Sequence[Post],
    free: Sequence[int],
    entries: Sequence[LedgerEntry],
    now: datetime,
    since: datetime | None,
) -> Iterator[tuple[int, LedgerEntry]]:
    """What is free on both sides and says the same on its account: posts ahead first, the nearest in time first.

    Where two posts ahead say it, it does not tell which one is meant: then an entry keeps the slot that another post wants.
    So it does from a post that is past. One that was past when all was well last is an old one, which nobody has moved.
    """
    if not free or not entries:
        return
    slots = {desired[index].slot for index in free}
    offers: dict[Hashable, list[tuple[Copy, LedgerEntry]]] = defaultdict(list)
    for entry in entries:
        for copy in _faces(entry):
            if (copy.place in slots or not _passed(copy, now)) and (words := what_it_says(copy.sent)):
                offers[entry.account, words].append((copy, entry))
    wanted: dict[Hashable, list[int]] = defaultdict(list)
    for index in free:
        said = desired[index].account.id, what_it_says(desired[index].content)
        if said in offers:
            wanted[said].append(index)
    if not wanted:
        return
    said_ahead: Counter[Hashable] = Counter(
        (post.account.id, what_it_says(post.content)) for post in desired if post.at > now
    )
    met: set[int] = set()
    for key, indexes in wanted.items():
        greeting = said_ahead[key] > 1
        by_slot = {desired[i].slot: n for n, i in reversed([*enumerate(indexes)])}
        nearest: list[tuple[bool, timedelta, int, int, LedgerEntry]] = []
        for copy, entry in offers[key]:
            own, kept = by_slot.get(copy.place), copy.place in slots
            stays = _passed(copy, now) or (greeting and kept)
            for n in range(len(indexes)) if not stays else () if own is None else (own,):
                at = desired[i := indexes[n]].at
                if at <= now and (since is None or at < since or (kept and n != own)):
                    continue
                nearest.append((at <= now, abs(at - copy.slot), n, i, entry))
        nearest.sort(key=lambda pair: pair[:3])
        done: set[int] = set()
        for _, _, _, index, entry in nearest:
            if index not in done and entry.key not in met:
                done.add(index)
                met.add(entry.key)
                yield index, entry


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
            for digest in {undated(copy.sent).digest for copy in entry.open or (entry.newest,)}:
                free[entry.account, digest].append(entry.key)
    for name, post in posts:
        offers = free.get((post.account.id, undated(post.content).digest), ())
        key = next((key for key in offers if key not in found), None)
        if key is not None and (post.account.id, post.id) not in taken:
            found[key] = name, post
    return found


def _counts(entry: LedgerEntry) -> bool:
    """Whether anything follows from the entry: not of one that left the calendar and never was published."""
    out = (entry.published or entry.maybe_published) if not entry.is_line else None
    return not entry.facts.left or out is not None or bool(entry.open)


def _faces(entry: LedgerEntry) -> Iterator[Copy]:
    """The copies by which an entry is known that was not published."""
    yield from reversed(entry.open or (entry.newest,))


def _passed(copy: Copy, now: datetime) -> bool:
    """Whether its minute came, so that it is another post than one of the same content that is ahead."""
    return copy.minute <= now and not (copy.unsettled or copy.removing_at or copy.still_draft)
