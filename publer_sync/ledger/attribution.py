"""What a listing says about the ledger: which live posts are managed, and which records have settled.

No I/O: a state and a listing in, a new state out.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from publer_sync.content import Content
from publer_sync.ledger.rewriting import links_rewritten, same_link
from publer_sync.ledger.state import FORGET_CONTENT_AFTER, Record, Seen, State
from publer_sync.model import Family, LivePost, Slot, normal_text, same_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from publer_sync.content import Revision

SETTLING_POLLS = 30
"""How many first poll waits after its job ended a post that no listing shows is settled."""
JOB_ENDS_AFTER = timedelta(days=1)
"""A job counts as ended after this time, finished or not."""

_SENT_AS_SCHEDULED = frozenset({Family.SCHEDULED, Family.PUBLISHED, Family.FAILED})
_SENT_AS_DRAFT = frozenset({Family.DRAFT})
_AS_SENT = frozenset({Family.SCHEDULED, Family.DRAFT})


def attribute(
    state: State, live: Iterable[LivePost], *, now: datetime, refused: Collection[int] = ()
) -> State:
    """The state after a listing: records get their posts, and edits that took effect are noted.

    A post belongs to a record by Publer's id, otherwise by the record's claim: its slot, its text, its family of states.
    The exact text comes before one whose links Publer rewrote. `refused` are the keys of records that claim nothing,
    since another post had their minutes when Publer's job came to them.
    """
    state = state.copy()
    # Of two that fit a claim, the one that is still as it was sent.
    by_id = {post.id: post for post in sorted(live, key=lambda post: (post.family not in _AS_SENT, post.id))}
    owned = {record.post_id for record in state.records.values() if record.post_id in by_id}
    unowned: dict[Slot, list[LivePost]] = defaultdict(list)
    for post in by_id.values():
        if post.id not in owned and (slot := post.slot) is not None:
            unowned[slot].append(post)
    claims: dict[int, Record] = {}
    for record in sorted(state.records.values(), key=_claim_order):
        known = by_id.get(record.post_id) if record.post_id else None
        if known is not None:
            state.put(_listed(record, known, now))
        elif not record.removing_at and record.key not in refused and unowned[record.place]:
            claims[record.key] = record
    for alike in (same_text, links_rewritten):
        for record in [*claims.values()]:
            claimed = next((p for p in unowned[record.place] if _claims(record, p, alike)), None)
            if claimed is not None:
                del claims[record.key]
                unowned[record.place].remove(claimed)
                state.put(found(record, claimed, now))
    for record, post in _exchanged([r for r in claims.values() if r.post_id], unowned):
        state.put(replace(record, post_id=post.id))
    return state


def _exchanged(
    missing: Sequence[Record], unowned: Mapping[Slot, Sequence[LivePost]]
) -> Iterator[tuple[Record, LivePost]]:
    """Posts that are not listed under their ids any more, while others with their words are in one another's minutes.

    A swap that an older state does not know leaves them so.
    """
    places: dict[tuple[str, Family, str], list[tuple[int, LivePost]]] = defaultdict(list)
    for record in missing:
        for post in unowned.get(record.place, ()):
            places[record.account, post.family, normal_text(post.text)].append((record.key, post))
    moved: dict[int, tuple[int, LivePost]] = {}
    for record in missing:
        family = Family.DRAFT if record.draft else Family.SCHEDULED
        at = places.get((record.account, family, normal_text(record.text)), [])
        if len(at) == 1 and at[0][0] != record.key:
            moved[record.key] = at[0]
    left, taken = -1, {to for to, _ in moved.values()}
    while left != len(moved):
        left = len(moved)
        moved = {key: move for key, move in moved.items() if key in taken and move[0] in moved}
        taken = {to for to, _ in moved.values()}
    return ((record, moved[record.key][1]) for record in missing if record.key in moved)


def _claim_order(record: Record) -> tuple[bool, bool, int]:
    """Those under way first: a post that has just appeared is theirs rather than an older claim's."""
    return (not record.under_way, record.lapsed, record.key)


def _claims(record: Record, post: LivePost, alike: Callable[[str, str], bool]) -> bool:
    families = _SENT_AS_DRAFT if record.draft else _SENT_AS_SCHEDULED
    return (
        post.family in families
        and alike(record.text, post.text)
        and (post.media in (None, len(record.sent.media)) or post.type in _MEDIA_OF_ITS_OWN)
        and (not post.link or not record.sent.url or same_link(record.sent.url, post.link))
    )


_MEDIA_OF_ITS_OWN = frozenset({"link", "article"})
"""Types whose media in a listing are not those of the post: the picture of a card, the pictures of a page."""


def _listed(record: Record, post: LivePost, now: datetime) -> Record:
    record = replace(record, removing_at=None, held=False, lapsed=False)
    if record.revising is not None and shows(
        post, record.revising, before=record.seen.text if record.seen else None
    ):
        record = replace(
            record,
            sent=record.sent.revised(record.revising),
            seen=record.seen.revised(post) if record.seen else Seen.of(post),
            revising=None,
            requested_at=None,
            verified_at=now,
        )
    return record


def shows(post: LivePost, revision: Revision, *, before: str | None = None) -> bool:
    """Whether a listing, or the answer to an edit, shows its text, and its title where it has one.

    `before` is the text shown until then: only a change of it tells an edit from what it replaces, where Publer
    rewrites links.
    """
    if revision.title is not None and post.title not in (None, revision.title):
        return False
    rewritten = before is not None and post.text != before and links_rewritten(revision.text, post.text)
    return rewritten or same_text(post.text, revision.text)


def found(record: Record, post: LivePost, now: datetime) -> Record:
    """The record once a listing has shown its post."""
    return replace(
        record,
        post_id=post.id,
        seen=Seen.of(post),
        verified_at=now,
        lapsed=False,
        job_id=None,
        requested_at=None,
        ended_at=None,
    )


def settles_at(record: Record, *, poll_seconds: float) -> datetime | None:
    """When a record under way settles unseen; None where it is unknown when it was sent, so at once."""
    ended = record.ended_at
    if ended is None and record.requested_at is not None:
        ended = record.requested_at + (JOB_ENDS_AFTER if record.job_id else timedelta(0))
    return ended + timedelta(seconds=SETTLING_POLLS * poll_seconds) if ended else None


def lapse(state: State, *, now: datetime, poll_seconds: float) -> State:
    """The state with every record lapsed whose time to settle has come. For use after a listing, never before."""
    state = state.copy()
    for record in list(state.records.values()):
        if record.under_way:
            due = settles_at(record, poll_seconds=poll_seconds)
            if due is None or due <= now:
                state.put(replace(record, lapsed=True))
    return state


def tidy(state: State, *, now: datetime) -> None:
    """Forget what can no longer matter: claims whose slot has passed, and old posts' content. A draft never gets old."""
    for record in list(state.records.values()):
        if record.lapsed and record.slot < now - timedelta(days=1):
            state.drop(record)
        elif record.under_way or record.still_draft:
            continue
        elif record.sent != Content() and record.slot < now - FORGET_CONTENT_AFTER:
            state.put(replace(record, sent=Content(), seen=None, revising=None))
