"""What became of each copy that Publer no longer lists: published under another id, removed, or gone.

The one home of the question whether a post was published. No I/O: a state and a complete listing in, a new state out. Published posts are given one to one to the copies of all
states that are known, those whose id is known first, then the nearest minute.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from publer_sync.ledger.copies import LEAVING_POLLS, Copy, End
from publer_sync.ledger.rewriting import has_words, same_words
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.content import Content
from publer_sync.values.model import Family, LivePost

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from publer_sync.ledger.state import State

LATE = timedelta(hours=1)
"""How long after its time a post may be published, and how far from it a published post may be shown."""
SOON_AFTER = timedelta(minutes=10)
"""Whatever an account publishes so soon after a copy's minute may be that copy, if nothing else explains it."""
SLACK = timedelta(minutes=2)
TOO_NEAR = timedelta(minutes=5)
"""A post that was removed so shortly before its minute may have been published anyway."""


def needs_search(copy: Copy) -> bool:
    """Whether published posts may tell what became of a copy that is not listed: asked before the listing, too."""
    return copy.end is None and (copy.post_id is None or not _surely_removed(copy))


def _surely_removed(copy: Copy) -> bool:
    """Whether Publer said that it was removed, long before its minute."""
    return copy.removing_at is not None and copy.removed and not removed_late(copy)


def removed_late(copy: Copy) -> bool:
    """Whether it was removed so shortly before its minute, or after it, that it may have been published anyway."""
    return (
        copy.removing_at is not None and copy.minute - copy.removing_at <= TOO_NEAR and copy.publishes_itself
    )


def known_ahead(copy: Copy) -> datetime:
    """When the copy was last known to be ahead; of one that was never seen, when it was sent.

    Publer shows whole minutes, and its clock may differ from ours.
    """
    return (copy.verified_at or copy.requested_at or copy.slot - timedelta(days=1)) - SLACK


def account(
    state: State,
    live: Iterable[LivePost],
    *,
    account_ids: Collection[str],
    now: datetime,
    poll_seconds: float,
    others: Iterable[Copy],
    theirs: Collection[str],
) -> State:
    """The state with every copy ended that is accounted for by this listing: complete, of all states, of these accounts.

    `others` are the copies of other calendars on these accounts, `theirs` the ids of all posts that any calendar manages: someone
    may have moved one to these accounts. `state` has been attributed to the listing.
    """
    state, others = state.clone(), tuple(others)
    listed = {post.id: post for post in live}
    missing = [
        copy
        for copy in state.copies.values()
        if copy.end is None and copy.post_id not in listed and copy.on in account_ids
    ]
    out = {copy.entry for copy in state.copies.values() if copy.end is End.PUBLISHED}
    # of two that are equally near to a published post, it is the older one's, in whatever order they are kept
    searched = sorted(
        (
            copy
            for copy in missing
            if needs_search(copy)
            and not (copy.removing_at and copy.entry in out)
            and not _may_come(copy, now, poll_seconds)
        ),
        key=lambda copy: copy.key,
    )
    published = _Published.among(listed.values(), state.post_ids.union(theirs)) if searched else _NOTHING
    unlisted = (copy for copy in (*state.copies.values(), *others) if copy.post_id not in listed)
    rivals = _rivals(searched, published, unlisted, now)
    proofs, explained = _proofs(searched, rivals, published)
    explained |= {copy.evidence for copy in (*state.copies.values(), *others) if copy.evidence}
    out |= {state.copies[key].entry for key in proofs}
    unproven: dict[int, End | None] = {}
    for copy in missing:
        if (proof := proofs.get(copy.key)) is not None:
            state.put(replace(copy, post_id=proof.id).ending(End.PUBLISHED, now))
        else:
            unproven[copy.key] = _without_proof(copy, now, poll_seconds, out)
    # one that waits for its proof keeps what is nearest to its minute from those that are decided now
    seeking = {id(copy) for copy in searched if copy.key in unproven}
    given = _given(
        [copy for copy in (*rivals, *searched) if id(copy) in seeking or not _texts(copy)],
        published.hinting,
        explained,
    )
    hints = {
        copy.key: hint
        for copy, hint in given
        if id(copy) in seeking and (unproven[copy.key] or copy.given_up)
    }
    unread = _unread(listed.values(), state)
    for key, end in unproven.items():
        copy = state.copies[key]
        in_doubt = end in _MAY_BE_UNREAD or (end in _REMOVED and not copy.removed)
        row = unread.get(copy.on, unread.get("")) if in_doubt else None
        may_be_out = copy.publishes_itself and copy.minute <= now
        if (hint := hints.get(key)) is not None:
            state.put(copy.ending(End.MAYBE_PUBLISHED, now, evidence=hint.id))
        elif row is not None and may_be_out:
            state.put(copy.ending(End.MAYBE_PUBLISHED, now, evidence=row))
        elif end is not None:
            state.put(copy.ending(end, now))
    return state


def _unread(live: Iterable[LivePost], state: State) -> dict[str, str]:
    """By account, the id of a row that cannot be read and that no copy has."""
    rows = [post for post in live if post.unread]
    managed = state.post_ids if rows else ()
    return {post.account_id: post.id for post in rows if post.id not in managed}


_MAY_BE_UNREAD = frozenset({End.NEVER_CAME, End.GONE})
"""The ends of copies that may instead be a row that cannot be read."""
_REMOVED = frozenset({End.REMOVED, End.MAYBE_PUBLISHED})
"""Those of copies that publer-sync removed, which may be one if Publer has not said that they are removed."""


def _without_proof(copy: Copy, now: datetime, poll_seconds: float, out: Collection[int]) -> End | None:
    """How a copy ended that is not listed, unless something hints that it was published; None: not yet known.

    `out` are the entries of which a copy was published.

    One that settled unseen keeps its claim until its slot has passed; only a hint ends it before.
    """
    if copy.unsettled and not _settled(copy, now, poll_seconds):
        return None
    passed = copy.publishes_itself and (copy.minute <= now or removed_late(copy))
    if copy.post_id is None:
        if copy.under_way or copy.slot + LATE > now:
            return None  # a claim lives until its slot has passed
        otherwise = End.NEVER_CAME if copy.refused is None else End.REFUSED
    elif copy.removing_at is not None:
        first = copy.entry not in out and _came_first(copy, poll_seconds)
        otherwise = End.MAYBE_PUBLISHED if first else End.REMOVED
    else:
        otherwise = End.GONE
    waits = passed and not _surely_removed(copy)
    return None if waits and copy.minute + LATE > now else otherwise  # Publer may be late


def _came_first(copy: Copy, poll_seconds: float) -> bool:
    """Whether Publer may have published it before its DELETE came, which takes what is published from every list."""
    if copy.removing_at is None or not copy.publishes_itself:
        return False
    answered = copy.removing_at + timedelta(seconds=LEAVING_POLLS * poll_seconds)
    latest = answered if copy.removed else copy.removal_settles_at(poll_seconds=poll_seconds)
    return latest is not None and copy.minute <= latest and copy.removing_at < copy.minute + LATE


def _may_come(copy: Copy, now: datetime, poll_seconds: float) -> bool:
    """Whether a list may show it for the first time yet: until then, nothing that was published before its minute is it."""
    return copy.under_way and copy.minute > now and not _settled(copy, now, poll_seconds)


def _settled(copy: Copy, now: datetime, poll_seconds: float) -> bool:
    due = (
        copy.removal_settles_at(poll_seconds=poll_seconds)
        if copy.removing_at
        else copy.settles_at(poll_seconds=poll_seconds)
    )
    return due is None or due <= now


# --- evidence ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Published:
    """The published posts of a listing that no copy has by its id, by account."""

    by_account: dict[str, list[LivePost]]

    @classmethod
    def among(cls, live: Iterable[LivePost], known: Collection[str]) -> _Published:
        found: dict[str, list[LivePost]] = defaultdict(list)
        for post in live:
            if post.family is Family.PUBLISHED and post.id not in known:
                found[post.account_id].append(post)
        return cls(found)

    def of(self, copy: Copy) -> Iterator[tuple[LivePost, datetime]]:
        for post in self.by_account.get(copy.on, ()):
            if post.at is not None:
                yield post, post.at

    def proving(self, copy: Copy) -> Iterator[LivePost]:
        """Those with the copy's words about its minute, or earlier where it vanished before that."""
        texts = _texts(copy)
        for post, at in self.of(copy):
            about = known_ahead(copy) <= at <= copy.minute + LATE
            if about and not post.imported and _has_words(post, texts):
                yield post

    def hinting(self, copy: Copy) -> Iterator[LivePost]:
        """Those that may be the copy, though nothing proves it."""
        texts, since = _texts(copy), known_ahead(copy)
        for post, at in self.of(copy):
            about = since <= at <= copy.minute + LATE
            soon = copy.publishes_itself and copy.minute <= at <= copy.minute + SOON_AFTER
            pictures = about and not texts and bool(copy.sent.media) and _has_media(post, copy)
            if soon or pictures or (at >= since and _has_words(post, texts)):
                yield post


_NOTHING = _Published({})


def _texts(copy: Copy) -> list[str]:
    """The words by which a copy is known: as they were sent, and as Publer showed them."""
    known = (copy.sent, copy.seen, copy.shown, copy.revising)
    return [text for text in dict.fromkeys(one.text for one in known if one) if has_words(text)]


def _has_words(post: LivePost, texts: Iterable[str]) -> bool:
    """Whether it has one of these texts, folded, links aside; a signature of the account may follow after a line end."""
    return any(same_words(text, post.text) for text in texts)


def _has_media(post: LivePost, copy: Copy) -> bool:
    """Media of the same number, and of the same kind where both are known."""
    alike = not copy.sent.type or post.type in (None, copy.sent.type)
    return post.media in (None, len(copy.sent.media)) and alike


def _rivals(
    searched: Sequence[Copy], published: _Published, unlisted: Iterable[Copy], now: datetime
) -> list[Copy]:
    """What may be out beside the copies that are searched for: copies that were published before, those of other calendars too.

    Publer gives published posts new ids after some hours, and what is theirs is nobody else's.
    """
    wanted = {id(copy) for copy in searched}
    accounts = {copy.on for copy in searched} & published.by_account.keys()
    return [
        copy
        for copy in unlisted
        if copy.on in accounts
        and copy.sent != Content()
        and _may_be_out(copy, now)
        and id(copy) not in wanted
    ]


def _proofs(
    searched: Sequence[Copy], rivals: Sequence[Copy], published: _Published
) -> tuple[dict[int, LivePost], set[str]]:
    """The published post of each copy that is searched for, by its key, and the ids of all that are some copy's."""
    wanted = {id(copy) for copy in searched}
    given = _given([*rivals, *searched], published.proving, ())
    proofs = {copy.key: post for copy, post in given if id(copy) in wanted}
    return proofs, {post.id for _, post in given}


def _may_be_out(copy: Copy, now: datetime) -> bool:
    """Whether it was published, or may have been.

    One that was surely removed was not: what was published with its words is the copy that took its place.
    """
    if copy.end is not None:
        return copy.end is End.PUBLISHED
    return (copy.post_id is not None or copy.minute <= now) and not _surely_removed(copy)


def _given(
    copies: Sequence[Copy], candidates: Callable[[Copy], Iterable[LivePost]], taken: Collection[str]
) -> list[tuple[Copy, LivePost]]:
    """Each post given to one copy at most, the nearest minute first. What is `taken` is given to none.

    Before all others come copies that a listing once showed, last those whose request may never have left.
    """
    pairs = sorted(
        (
            ((_doubt(copy), abs((post.at or _NEVER) - copy.minute)), number, post.id, post, copy)
            for number, copy in enumerate(copies)
            for post in candidates(copy)
            if post.id not in taken
        ),
        key=lambda pair: pair[:3],
    )
    given: list[tuple[Copy, LivePost]] = []
    met: set[int] = set()
    gone: set[str] = set()
    for _, number, post_id, post, copy in pairs:
        if number not in met and post_id not in gone:
            met.add(number)
            gone.add(post_id)
            given.append((copy, post))
    return given


def _doubt(copy: Copy) -> int:
    """How doubtful it is that Publer ever had it."""
    return (
        0
        if copy.post_id is not None
        else 1
        if copy.job_id is not None or copy.job_ended_at is not None
        else 2
    )


_NEVER = datetime.max.replace(tzinfo=UTC)
