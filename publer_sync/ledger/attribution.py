"""What a listing says about the ledger: which live posts are managed, and which requests have settled.

No I/O: a state and a listing in, a new state out. What became of copies that are not listed, `accounting` finds out.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from publer_sync.ledger.copies import Copy, End, Seen
from publer_sync.ledger.rewriting import has_words, links_rewritten, same_link, same_words
from publer_sync.ledger.state import FORGET_AFTER, FORGET_CONTENT_AFTER, State
from publer_sync.starting.late_dataclasses import replace
from publer_sync.values.content import Content
from publer_sync.values.model import Family, LivePost, Slot, same_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from datetime import datetime

    from publer_sync.values.content import Revision

_SENT_AS_SCHEDULED = frozenset({Family.SCHEDULED, Family.PUBLISHED, Family.FAILED, Family.OTHER})
_SENT_AS_DRAFT = frozenset({Family.DRAFT, Family.OTHER})
_AS_SENT = frozenset({Family.SCHEDULED, Family.DRAFT})
ELSEWHERE: Final = timedelta(days=1)
"""How far from its minute the first post of its kind is looked for by its words."""


def attribute(
    state: State,
    live: Iterable[LivePost],
    *,
    now: datetime,
    poll_seconds: float,
    theirs: Collection[str] = frozenset(),
    fresh: bool = False,
    sent: Collection[int] = frozenset(),
) -> State:
    """The state after a listing: copies get their posts, and edits that took effect are noted.

    A post belongs to a copy by Publer's id, otherwise by the claim of one whose outcome is not known, whatever Publer's job
    said: its slot, its words, its family of states. What is as it was sent comes before what Publer rewrote; a copy that has
    settled claims nothing else. `theirs` are the ids of posts that other calendars manage; `fresh`: and of all that was there
    before what is under way was sent. The first copy of its kind takes what is in its minute, whatever it says, and where
    the list is fresh its words within a day. `sent` are the keys of what this run sent: of these, `theirs` has what was listed
    before. All others are of an earlier run, which may have been killed.
    """
    state = state.clone()
    # Of two that fit a claim, the one that is still as it was sent.
    by_id = {post.id: post for post in sorted(live, key=lambda post: (post.family not in _AS_SENT, post.id))}
    managed = state.post_ids
    unowned: dict[Slot, list[LivePost]] = defaultdict(list)
    for post in by_id.values():
        if post.id not in managed and post.id not in theirs and (slot := post.slot) is not None:
            unowned[slot].append(post)
    unheard = _unheard(state, now, poll_seconds) - {*sent}
    claims: dict[int, Copy] = {}
    for copy in sorted(state.copies.values(), key=_claim_order):
        known = by_id.get(copy.post_id) if copy.post_id else None
        if known is not None and known.unread:
            continue  # it is there, and that is all there is to know of it
        if known is not None:
            state.put(_listed(copy, known, now, poll_seconds))
        elif _may_claim(copy) and unowned[_claims(copy)]:
            claims[copy.key] = copy
    rivals: dict[Slot, list[Copy]] = defaultdict(list)
    for copy in claims.values():
        rivals[_claims(copy)].append(copy)
    siblings = _Siblings(state.copies.values() if claims else ())
    claim: Callable[[Copy, LivePost], bool]
    for claim in (
        _as_it_was_sent,
        _with_other_links,
        _as_rewritten,
        partial(_in_another_state, sent=sent, unheard=unheard),
        partial(_whatever_it_says, fresh=fresh, sent=sent),
    ):
        for key in [*claims]:
            if (claimant := claims.get(key)) is None:
                continue
            claimed = next((post for post in unowned[_claims(claimant)] if claim(claimant, post)), None)
            if claimed is None:
                continue
            likely = (one for one in rivals[_claims(claimant)] if siblings.is_rather(one, claimant, claimed))
            copy = next(likely, claimant)
            del claims[copy.key]
            rivals[_claims(copy)].remove(copy)
            unowned[_claims(copy)].remove(claimed)
            state.put(_listed(found(copy, claimed, now, unheard), claimed, now, poll_seconds))
    _find_edited(state, unowned, by_id, now, poll_seconds)
    if fresh:
        _find_elsewhere(state, unowned, by_id, now, poll_seconds)
    return state


def _unheard(state: State, now: datetime, poll_seconds: float) -> frozenset[int]:
    """The keys of copies that settled before any run learned the result of their request: a post in such a slot may be a colleague's."""
    unheard = [copy for copy in state.copies.values() if copy.unheard]
    due = ((copy.key, copy.settles_at(poll_seconds=poll_seconds)) for copy in unheard)
    return frozenset(key for key, at in due if at is not None and at <= now)


def _claims(copy: Copy) -> Slot:
    """The slot in which it may turn up: on the account to which it was sent, whatever account its entry is of since."""
    return Slot(copy.on, copy.slot)


def _whatever_it_says(copy: Copy, post: LivePost, *, fresh: bool, sent: Collection[int]) -> bool:
    """Whether it is in the minute of the first one of its kind, which was free a moment before.

    Drafts keep no minute free: what is scheduled there with other words than a draft's is somebody else's. A run that
    did not send it, and does not know that its request has ended, may find there what a colleague made meanwhile.
    """
    if copy.job_ended_at is None and copy.key not in sent:
        return False
    if copy.draft and (not fresh or post.family is not Family.DRAFT):
        return False
    return copy.alone and _is_open(copy) and not post.unread


def _find_elsewhere(
    state: State,
    unowned: Mapping[Slot, list[LivePost]],
    listed: Collection[str],
    now: datetime,
    poll_seconds: float,
) -> None:
    """Give the first copy of its kind the post that has its words, wherever it is.

    A published one may be what it replaces, under another id.
    """
    for copy in [*state.copies.values()]:
        if not (copy.alone and _is_open(copy)) or copy.post_id is not None or not has_words(copy.text):
            continue
        replaces = any(
            old.entry == copy.entry and old.post_id not in (None, *listed) and same_words(old.text, copy.text)
            for old in state.copies.values()
        )
        near = [
            (abs(slot.at - copy.slot), post.id, post)
            for slot, posts in unowned.items()
            if slot.account == copy.account and abs(slot.at - copy.slot) <= ELSEWHERE
            for post in posts
            if same_words(copy.text, post.text) and not (replaces and post.family is Family.PUBLISHED)
        ]
        if near:
            _, _, post = min(near, key=lambda each: each[:2])
            state.put(_listed(found(copy, post, now), post, now, poll_seconds))


def _find_edited(
    state: State,
    unowned: Mapping[Slot, list[LivePost]],
    listed: Collection[str],
    now: datetime,
    poll_seconds: float,
) -> None:
    """Give each copy what an edit made of it under another id, unless a claim has taken that.

    Only until the edit is settled: later, a colleague may have deleted the post, and made the same by hand.
    """
    for copy in [*state.copies.values()]:
        if copy.revising is None or copy.post_id in listed:
            continue
        due = copy.removal_settles_at(poll_seconds=poll_seconds)
        if due is None or due <= now:
            continue
        there = unowned.get(Slot(copy.on, copy.minute), [])
        edited = under_another_id(copy, copy.revising.text, there)
        if edited is not None:
            there.remove(edited)
            state.put(_listed(replace(copy, post_id=edited.id), edited, now, poll_seconds))


def _is_open(copy: Copy) -> bool:
    return not copy.lapsed and copy.end is None


def _may_claim(copy: Copy) -> bool:
    """Whether the outcome of its request is not known: what may have been published early may not have been, either."""
    return copy.post_id is None and copy.end in (None, End.MAYBE_PUBLISHED)


def _claim_order(copy: Copy) -> tuple[bool, bool, bool, int]:
    """Those under way first: a post that has just appeared is theirs rather than an older claim's, or than a refused one's."""
    return (not copy.awaiting, copy.refused is not None, copy.lapsed, copy.key)


class _Siblings:
    """What was sent for each entry."""

    def __init__(self, copies: Iterable[Copy]) -> None:
        self._by_entry: dict[int, list[Copy]] = defaultdict(list)
        for copy in copies:
            self._by_entry[copy.entry].append(copy)

    def is_rather(self, other: Copy, copy: Copy, post: LivePost) -> bool:
        """Whether it may as well be another copy of the same post, sent otherwise: that is the one which is not wanted any more."""
        if (other.entry, other.place) != (copy.entry, copy.place) or other.sent == copy.sent:
            return False
        if other.refused is not None and copy.job_ended_at is not None and copy.refused is None:
            return False  # Publer said of each what became of it
        answered = other.job_id is not None or other.job_ended_at is not None
        older = other.key < copy.key and not self._is_put_back(copy, other)
        return answered and _as_it_was_sent(other, post) and (older or self._is_put_back(other, copy))

    def _is_put_back(self, copy: Copy, other: Copy) -> bool:
        """Whether it is an older post, sent again as it was, once the other one had not come."""
        return other.key < copy.key and any(
            each.key < other.key and each.sent == copy.sent for each in self._by_entry[copy.entry]
        )


def _as_it_was_sent(copy: Copy, post: LivePost) -> bool:
    return same_text(copy.text, post.text) and _equals(copy, post)


def _with_other_links(copy: Copy, post: LivePost) -> bool:
    return links_rewritten(copy.text, post.text) and _equals(copy, post)


def _equals(copy: Copy, post: LivePost) -> bool:
    """Whether all but the text is as it was sent, as far as Publer shows it."""
    return (
        _in_family(copy, post)
        and (post.media in (None, len(copy.sent.media)) or post.type in _MEDIA_OF_ITS_OWN)
        and (not post.link or not copy.sent.url or same_link(copy.sent.url, post.link))
        and (post.labels is None or {*post.labels} == {*copy.sent.labels})
    )


def _as_rewritten(copy: Copy, post: LivePost) -> bool:
    """Whether it has the words, folded, of a copy that has not settled, whatever Publer made of its labels, link and media."""
    if copy.lapsed or copy.end is not None or not _in_family(copy, post):
        return False
    pictures = has_words(copy.text) or post.media in (None, len(copy.sent.media))
    return pictures and same_words(copy.text, post.text)


def _in_another_state(copy: Copy, post: LivePost, *, sent: Collection[int], unheard: Collection[int]) -> bool:
    """Whether Publer scheduled a draft that has not settled and that no listing has shown, or made a draft of a post.

    A draft that was there before may be somebody's who wants to schedule it, so that only the run that sent a post knows its own.
    """
    settled = copy.lapsed or copy.end is not None or copy.key in unheard
    return (
        not settled
        and post.family is _not_as_sent(copy)
        and (copy.draft or copy.key in sent)
        and has_words(copy.text)
        and same_words(copy.text, post.text)
    )


def _not_as_sent(copy: Copy) -> Family:
    return Family.SCHEDULED if copy.draft else Family.DRAFT


def _in_family(copy: Copy, post: LivePost) -> bool:
    """Whether it is in a state that it may have been sent for, or in one that no document names."""
    return post.family is Family.OTHER or post.family in (
        _SENT_AS_DRAFT if copy.draft else _SENT_AS_SCHEDULED
    )


_MEDIA_OF_ITS_OWN = frozenset({"link", "article"})
"""Types whose media in a listing are not those of the post: the picture of a card, the pictures of a page."""


def _listed(copy: Copy, post: LivePost, now: datetime, poll_seconds: float) -> Copy:
    """The copy once a listing has shown it under its own id, whatever was concluded before."""
    copy = copy.seen_on(post.account_id)
    if post.family is Family.PUBLISHED:
        return copy if copy.end is End.PUBLISHED else copy.ending(End.PUBLISHED, now)
    failed = post.family is Family.FAILED and (post.at is None or post.at <= now)
    if copy.end is End.PUBLISHED and not failed:
        return copy  # of two states of a post that is listed while Publer changes it, that one lasts
    if failed:
        return copy if copy.end is End.FAILED else copy.ending(End.FAILED, now, publer_said=post.error)
    settles = copy.removal_settles_at(poll_seconds=poll_seconds)
    settled = settles is None or settles <= now
    removing = copy.removing_at is not None
    copy = replace(
        copy,
        lapsed=False,
        end=None,
        ended_at=None,
        evidence=None,
        publer_said="",
        verified_at=now if post.at is None or post.at > now else copy.verified_at,
        # What Publer answered does not count against what it lists; a DELETE may still take effect.
        removed=False if removing else copy.removed,
        removing_at=None if settled else copy.removing_at,
        held=copy.held and removing and not settled,
    )
    copy = _edited(copy, post, settled=settled)
    face = Seen.of(post, copy.seen)
    shown = None if face == copy.seen else face
    return copy if shown == copy.shown else replace(copy, shown=shown)


def under_another_id(copy: Copy, text: str, posts: Iterable[LivePost]) -> LivePost | None:
    """Of posts that are nobody's, the one that an edit made of a copy under another id: in its minute, with its new text."""
    last = copy.shown or copy.seen
    if copy.end is not None or last is None:
        return None
    family = Family.DRAFT if last.draft else Family.SCHEDULED
    face = (copy.on, last.at, family)
    return next(
        (
            post
            for post in posts
            if (post.account_id, post.at, post.family) == face and same_words(text, post.text)
        ),
        None,
    )


def _edited(copy: Copy, post: LivePost, *, settled: bool) -> Copy:
    """The copy once a listing shows an edit of ours, or once it can no longer take effect."""
    if copy.revising is None:
        return copy
    if shows(post, copy.revising, before=copy.seen.text if copy.seen else None):
        return replace(
            copy,
            sent=copy.sent.revised(copy.revising),
            seen=copy.seen.revised(post) if copy.seen else Seen.of(post),
            revising=None,
            requested_at=None,
        )
    return replace(copy, revising=None, requested_at=None) if settled else copy


def shows(post: LivePost, revision: Revision, *, before: str | None) -> bool:
    """Whether a listing, or the answer to an edit, shows its text, and its title where it has one.

    `before` is the text shown until then: only a change of it tells an edit from what it replaces, where Publer
    rewrites links.
    """
    if revision.title is not None and post.title not in (None, revision.title):
        return False
    rewritten = before is not None and post.text != before and same_words(revision.text, post.text)
    return rewritten or same_text(post.text, revision.text)


def found(copy: Copy, post: LivePost, now: datetime, unheard: Collection[int] = ()) -> Copy:
    """The copy once a listing has shown its post."""
    late = copy.lapsed or copy.key in unheard
    otherwise = "late" if late else "refused" if copy.refused is not None else ""
    return replace(
        copy,
        post_id=post.id,
        seen=Seen.of(post),
        verified_at=now,
        lapsed=False,
        refused=None,
        turned_up=post.family.value if post.family is _not_as_sent(copy) else otherwise,
        requested_at=None,
        job_ended_at=None,
    )


def lapse(state: State, *, now: datetime, poll_seconds: float, keys: Collection[int] | None = None) -> State:
    """The state with every copy lapsed whose time to settle has come. For use after a listing, never before.

    `keys` are the copies that the listing would show; None: all.
    """
    state = state.clone()
    for copy in list(state.copies.values()):
        if copy.under_way and (keys is None or copy.key in keys):
            due = copy.settles_at(poll_seconds=poll_seconds)
            if due is None or due <= now:
                state.put(replace(copy, lapsed=True))
    return state


def tidy(state: State, *, now: datetime) -> None:
    """Forget what can no longer matter: what old posts said, and the entries of posts that left the calendar long ago.

    What was sent and seen of a copy that has not ended is never forgotten, however old its slot is: it may be ahead.
    """
    for entry in state.entries().values():
        last = max(copy.ended_at or copy.slot for copy in entry.copies) if not entry.open else now
        if entry.facts.left and last < now - FORGET_AFTER:
            state.forget(entry.key)
            continue
        for copy in entry.copies:
            if copy.end is None or copy.sent == Content():
                continue
            superseded = copy.end in (End.REFUSED, End.NEVER_CAME) and copy is not entry.newest
            if superseded or last < now - FORGET_CONTENT_AFTER:
                bare = replace(copy, sent=Content(), seen=None, shown=None, revising=None, refused=None)
                state.put(replace(bare, ids={}, counts_from=None))
