"""What a listing says about the ledger: which live posts are managed, and which copies have settled.

No I/O: a state and a listing in, a new state out.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from publer_sync.content import Content
from publer_sync.ledger.rewriting import links_rewritten, same_link
from publer_sync.ledger.state import FORGET_CONTENT_AFTER, Copy, Seen, State
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
    """The state after a listing: copies get their posts, and edits that took effect are noted.

    A post belongs to a copy by Publer's id, otherwise by the copy's claim: its slot, its text, its family of states.
    The exact text comes before one whose links Publer rewrote. `refused` are the keys of copies that claim nothing,
    since another post had their minutes when Publer's job came to them.
    """
    state = state.clone()
    # Of two that fit a claim, the one that is still as it was sent.
    by_id = {post.id: post for post in sorted(live, key=lambda post: (post.family not in _AS_SENT, post.id))}
    owned = {copy.post_id for copy in state.copies.values() if copy.post_id in by_id}
    unowned: dict[Slot, list[LivePost]] = defaultdict(list)
    for post in by_id.values():
        if post.id not in owned and (slot := post.slot) is not None:
            unowned[slot].append(post)
    claims: dict[int, Copy] = {}
    for copy in sorted(state.copies.values(), key=_claim_order):
        known = by_id.get(copy.post_id) if copy.post_id else None
        if known is not None:
            state.put(_listed(copy, known, now))
        elif not copy.removing_at and copy.key not in refused and unowned[copy.place]:
            claims[copy.key] = copy
    for alike in (same_text, links_rewritten):
        for copy in [*claims.values()]:
            claimed = next((p for p in unowned[copy.place] if _claims(copy, p, alike)), None)
            if claimed is not None:
                del claims[copy.key]
                unowned[copy.place].remove(claimed)
                state.put(found(copy, claimed, now))
    for copy, post in _exchanged([r for r in claims.values() if r.post_id], unowned):
        state.put(replace(copy, post_id=post.id))
    return state


def _exchanged(
    missing: Sequence[Copy], unowned: Mapping[Slot, Sequence[LivePost]]
) -> Iterator[tuple[Copy, LivePost]]:
    """Posts that are not listed under their ids any more, while others with their words are in one another's minutes.

    A swap that an older state does not know leaves them so.
    """
    places: dict[tuple[str, Family, str], list[tuple[int, LivePost]]] = defaultdict(list)
    for copy in missing:
        for post in unowned.get(copy.place, ()):
            places[copy.account, post.family, normal_text(post.text)].append((copy.key, post))
    moved: dict[int, tuple[int, LivePost]] = {}
    for copy in missing:
        family = Family.DRAFT if copy.draft else Family.SCHEDULED
        at = places.get((copy.account, family, normal_text(copy.text)), [])
        if len(at) == 1 and at[0][0] != copy.key:
            moved[copy.key] = at[0]
    left, taken = -1, {to for to, _ in moved.values()}
    while left != len(moved):
        left = len(moved)
        moved = {key: move for key, move in moved.items() if key in taken and move[0] in moved}
        taken = {to for to, _ in moved.values()}
    return ((copy, moved[copy.key][1]) for copy in missing if copy.key in moved)


def _claim_order(copy: Copy) -> tuple[bool, bool, int]:
    """Those under way first: a post that has just appeared is theirs rather than an older claim's."""
    return (not copy.under_way, copy.lapsed, copy.key)


def _claims(copy: Copy, post: LivePost, alike: Callable[[str, str], bool]) -> bool:
    families = _SENT_AS_DRAFT if copy.draft else _SENT_AS_SCHEDULED
    return (
        post.family in families
        and alike(copy.text, post.text)
        and (post.media in (None, len(copy.sent.media)) or post.type in _MEDIA_OF_ITS_OWN)
        and (not post.link or not copy.sent.url or same_link(copy.sent.url, post.link))
    )


_MEDIA_OF_ITS_OWN = frozenset({"link", "article"})
"""Types whose media in a listing are not those of the post: the picture of a card, the pictures of a page."""


def _listed(copy: Copy, post: LivePost, now: datetime) -> Copy:
    copy = replace(copy, removing_at=None, held=False, lapsed=False)
    if copy.revising is not None and shows(post, copy.revising, before=copy.seen.text if copy.seen else None):
        copy = replace(
            copy,
            sent=copy.sent.revised(copy.revising),
            seen=copy.seen.revised(post) if copy.seen else Seen.of(post),
            revising=None,
            requested_at=None,
            verified_at=now,
        )
    return copy


def shows(post: LivePost, revision: Revision, *, before: str | None = None) -> bool:
    """Whether a listing, or the answer to an edit, shows its text, and its title where it has one.

    `before` is the text shown until then: only a change of it tells an edit from what it replaces, where Publer
    rewrites links.
    """
    if revision.title is not None and post.title not in (None, revision.title):
        return False
    rewritten = before is not None and post.text != before and links_rewritten(revision.text, post.text)
    return rewritten or same_text(post.text, revision.text)


def found(copy: Copy, post: LivePost, now: datetime) -> Copy:
    """The copy once a listing has shown its post."""
    return replace(
        copy,
        post_id=post.id,
        seen=Seen.of(post),
        verified_at=now,
        lapsed=False,
        job_id=None,
        requested_at=None,
        ended_at=None,
    )


def settles_at(copy: Copy, *, poll_seconds: float) -> datetime | None:
    """When a copy under way settles unseen; None where it is unknown when it was sent, so at once."""
    ended = copy.ended_at
    if ended is None and copy.requested_at is not None:
        ended = copy.requested_at + (JOB_ENDS_AFTER if copy.job_id else timedelta(0))
    return ended + timedelta(seconds=SETTLING_POLLS * poll_seconds) if ended else None


def lapse(state: State, *, now: datetime, poll_seconds: float) -> State:
    """The state with every copy lapsed whose time to settle has come. For use after a listing, never before."""
    state = state.clone()
    for copy in list(state.copies.values()):
        if copy.under_way:
            due = settles_at(copy, poll_seconds=poll_seconds)
            if due is None or due <= now:
                state.put(replace(copy, lapsed=True))
    return state


def tidy(state: State, *, now: datetime) -> None:
    """Forget what can no longer matter: claims whose slot has passed, and old posts' content. A draft never gets old."""
    for copy in list(state.copies.values()):
        if copy.lapsed and copy.slot < now - timedelta(days=1):
            state.drop(copy)
        elif copy.under_way or copy.still_draft:
            continue
        elif copy.sent != Content() and copy.slot < now - FORGET_CONTENT_AFTER:
            state.put(replace(copy, sent=Content(), seen=None, revising=None))
