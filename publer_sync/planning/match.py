"""Which ledger record belongs to which desired post. Pure, and linear in both."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from publer_sync.model import Family, LivePost, Post, normal_text, same_text

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence
    from datetime import datetime

    from publer_sync.ledger.state import Record


@dataclass(frozen=True, slots=True)
class Matches:
    """`pairs` holds the record of each desired post, by the post's index; `rest` the records that nothing wants."""

    pairs: Mapping[int, Record]
    rest: tuple[Record, ...]


def was_published(record: Record, live: LivePost | None, *, now: datetime) -> bool:
    """Whether it was published, as far as a listing and the ledger can tell."""
    if live is not None:
        return live.family is Family.PUBLISHED
    if record.under_way or record.removing_at or record.still_draft:
        return False
    at = record.seen.at if record.seen and record.seen.at else record.slot
    return at <= now


def _edited(record: Record, live: LivePost) -> bool:
    """Whether someone moved or reworded it in Publer."""
    seen = record.seen
    return seen is not None and (live.at != seen.at or not same_text(live.text, seen.text))


def match(
    desired: Sequence[Post], records: Iterable[Record], live: Mapping[str, LivePost], *, now: datetime
) -> Matches:
    """Match in the contract's order: same slot and equal; same id; same slot; same content, in order of time.

    What a colleague edited is also matched by the slot and words that it has now, before its id: posts that were
    exchanged by hand are as wanted once the calendar exchanges them too.

    A published post is matched by slot and id alone: equal words at another time are another post.
    """
    standing = [record for record in records if not record.lapsed]
    digests = [post.content.digest for post in desired]
    pairs: dict[int, Record] = {}
    taken: set[int] = set()

    def step(wanted: Iterable[tuple[Hashable, int]], offered: Iterable[tuple[Hashable, Record]]) -> None:
        free: dict[Hashable, deque[Record]] = defaultdict(deque)
        for key, record in offered:
            if record.key not in taken:
                free[key].append(record)
        for key, index in wanted:
            if index not in pairs and free.get(key):
                record = free[key].popleft()
                pairs[index] = record
                taken.add(record.key)

    sent = {record.key: record.sent.digest for record in standing}
    replaced = {record.replaces for record in standing if record.replaces is not None}
    by_time = sorted(standing, key=lambda r: (r.key in replaced, r.slot, not r.post_id, r.key))
    order = sorted(range(len(desired)), key=lambda index: desired[index].at)
    ahead = [
        record for record in by_time if not was_published(record, live.get(record.post_id or ""), now=now)
    ]
    step(
        (((desired[i].slot, digests[i]), i) for i in order),
        (((record.place, sent[record.key]), record) for record in by_time),
    )
    step(
        (((desired[i].slot, normal_text(desired[i].text)), i) for i in order),
        (
            ((shown.slot, normal_text(shown.text)), record)
            for record in by_time
            if (shown := live.get(record.post_id or "")) is not None and _edited(record, shown)
        ),
    )
    step(
        (((desired[i].account.id, desired[i].id), i) for i in order if desired[i].id),
        (((record.account, record.id), record) for record in _latest_first(by_time, ahead) if record.id),
    )
    step(
        ((desired[i].slot, i) for i in order),
        ((record.place, record) for record in by_time),
    )
    step(
        (((desired[i].account.id, digests[i]), i) for i in order if desired[i].at > now),
        (((record.account, sent[record.key]), record) for record in ahead),
    )
    return Matches(pairs, tuple(record for record in by_time if record.key not in taken))


def _latest_first(records: Sequence[Record], ahead: Sequence[Record]) -> list[Record]:
    """For an id that several records have: what is still ahead, then what was published last."""
    keys = {record.key for record in ahead}
    return [*ahead, *(record for record in reversed(records) if record.key not in keys)]
