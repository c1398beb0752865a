"""Which ledger copy belongs to which desired post. Pure, and linear in both."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from publer_sync.model import Family, LivePost, Post, normal_text, same_text

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence
    from datetime import datetime

    from publer_sync.ledger.state import Copy


@dataclass(frozen=True, slots=True)
class Matches:
    """`pairs` holds the copy of each desired post, by the post's index; `rest` the copies that nothing wants."""

    pairs: Mapping[int, Copy]
    rest: tuple[Copy, ...]


def was_published(copy: Copy, live: LivePost | None, *, now: datetime) -> bool:
    """Whether it was published, as far as a listing and the ledger can tell."""
    if live is not None:
        return live.family is Family.PUBLISHED
    if copy.under_way or copy.removing_at or copy.still_draft:
        return False
    at = copy.seen.at if copy.seen and copy.seen.at else copy.slot
    return at <= now


def _edited(copy: Copy, live: LivePost) -> bool:
    """Whether someone moved or reworded it in Publer."""
    seen = copy.seen
    return seen is not None and (live.at != seen.at or not same_text(live.text, seen.text))


def match(
    desired: Sequence[Post], copies: Iterable[Copy], live: Mapping[str, LivePost], *, now: datetime
) -> Matches:
    """Match in the contract's order: same slot and equal; same id; same slot; same content, in order of time.

    What a colleague edited is also matched by the slot and words that it has now, before its id: posts that were
    exchanged by hand are as wanted once the calendar exchanges them too.

    A published post is matched by slot and id alone: equal words at another time are another post.
    """
    standing = [copy for copy in copies if not copy.lapsed]
    digests = [post.content.digest for post in desired]
    pairs: dict[int, Copy] = {}
    taken: set[int] = set()

    def step(wanted: Iterable[tuple[Hashable, int]], offered: Iterable[tuple[Hashable, Copy]]) -> None:
        free: dict[Hashable, deque[Copy]] = defaultdict(deque)
        for key, copy in offered:
            if copy.key not in taken:
                free[key].append(copy)
        for key, index in wanted:
            if index not in pairs and free.get(key):
                copy = free[key].popleft()
                pairs[index] = copy
                taken.add(copy.key)

    sent = {copy.key: copy.sent.digest for copy in standing}
    replaced = {copy.replaces for copy in standing if copy.replaces is not None}
    by_time = sorted(standing, key=lambda r: (r.key in replaced, r.slot, not r.post_id, r.key))
    order = sorted(range(len(desired)), key=lambda index: desired[index].at)
    ahead = [copy for copy in by_time if not was_published(copy, live.get(copy.post_id or ""), now=now)]
    step(
        (((desired[i].slot, digests[i]), i) for i in order),
        (((copy.place, sent[copy.key]), copy) for copy in by_time),
    )
    step(
        (((desired[i].slot, normal_text(desired[i].text)), i) for i in order),
        (
            ((shown.slot, normal_text(shown.text)), copy)
            for copy in by_time
            if (shown := live.get(copy.post_id or "")) is not None and _edited(copy, shown)
        ),
    )
    step(
        (((desired[i].account.id, desired[i].id), i) for i in order if desired[i].id),
        (((copy.account, copy.id), copy) for copy in _latest_first(by_time, ahead) if copy.id),
    )
    step(
        ((desired[i].slot, i) for i in order),
        ((copy.place, copy) for copy in by_time),
    )
    step(
        (((desired[i].account.id, digests[i]), i) for i in order if desired[i].at > now),
        (((copy.account, sent[copy.key]), copy) for copy in ahead),
    )
    return Matches(pairs, tuple(copy for copy in by_time if copy.key not in taken))


def _latest_first(copies: Sequence[Copy], ahead: Sequence[Copy]) -> list[Copy]:
    """For an id that several copies have: what is still ahead, then what was published last."""
    keys = {copy.key for copy in ahead}
    return [*ahead, *(copy for copy in reversed(copies) if copy.key not in keys)]
