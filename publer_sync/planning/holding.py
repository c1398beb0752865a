"""Which posts are on hold: the holds that count now, and what of the ledger and of Publer is in their scope. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.ledger.accounting import LATE
from publer_sync.ledger.copies import End
from publer_sync.ledger.hold import Hold
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.model import Family

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from publer_sync.ledger.copies import Copy
    from publer_sync.ledger.state import State
    from publer_sync.values.model import Account, LivePost, Post, Settings


def holds_of(
    state: State | None, settings: Settings, accounts: Collection[Account], now: datetime
) -> tuple[Hold, ...]:
    """Those of the command, and that of the settings, since the apply that first knew of one."""
    known = state.holds if state else ()
    commands = tuple(hold for hold in known if not hold.settings)
    if (wanted := settings.hold) is None:
        return commands
    ids = tuple(account.id for account in accounts if account.alias in wanted.accounts)
    before = next((hold for hold in known if hold.settings), None)
    hold = Hold(wanted.reason, before.since if before else now, ids, wanted.labels, settings=True)
    return (*commands, replace(hold, left_alone=before.left_alone) if before else hold)


def beginning(holds: Iterable[Hold], unmanaged: Iterable[LivePost], now: datetime) -> tuple[Hold, ...]:
    """The holds; one of the settings that begins now knows which posts that are not managed here were there before."""
    posts = [*unmanaged]
    return tuple(
        replace(hold, left_alone=frozenset(post.id for post in posts if reaches(hold, post, now)))
        if hold.settings and hold.since == now
        else hold
        for hold in holds
    )


def made_meanwhile(
    holds: Iterable[Hold], unmanaged: Iterable[LivePost], now: datetime
) -> tuple[LivePost, ...]:
    """The posts not managed here that someone made in the scope of a hold while it lasts, in order of time."""
    each_hold = [*holds]
    found = [
        post
        for post in unmanaged
        if any(post.id not in hold.left_alone and reaches(hold, post, now) for hold in each_hold)
    ]
    return tuple(sorted(found, key=lambda post: (post.at or now, post.id)))


REPEATING = frozenset({Family.RECURRING, Family.RECYCLING})
_CONDITIONS = {
    "pending": "if approved",
    "reauth": "if its account is reconnected",
    "locked": "if Publer unlocks it",
}
_NEVER = frozenset({"declined", "failed", "paused", "expired"})


def condition(post: LivePost) -> str | None:
    """On what it depends whether Publer publishes a post that it lists: "" on nothing; None where it does not publish it.

    Without `_declined` and the like, a state means that nothing keeps it (Publer, "Posts", state filter).
    """
    if post.family not in REPEATING and post.family is not Family.SCHEDULED:
        return None
    kind = post.state.partition("_")[2]
    return None if kind in _NEVER else _CONDITIONS.get(kind, "")


def reaches(hold: Hold, post: LivePost, now: datetime) -> bool:
    """Whether Publer would publish a post in the scope of a hold. One that repeats may be published at any time from now on."""
    if condition(post) is None:
        return False
    if post.family in REPEATING:
        hold, at = replace(hold, first=None), max(now, post.at or now)
    elif post.at is None:
        return False
    else:
        at = post.at
    return hold.covers(post.account_id, [at], post.labels or ())


def labels_unknown(hold: Hold, copy: Copy, live: LivePost, post: Post | None, now: datetime) -> bool:
    """Whether a post that somebody made in Publer may have a label of the hold: neither Publer nor the calendar shows its labels."""
    known = live.labels is not None or copy.sent.labels or (post is not None and post.content.labels)
    return bool(hold.labels and copy.adopted and not known) and reaches(replace(hold, labels=()), live, now)


def may_be_unseen(copy: Copy, now: datetime) -> bool:
    """Whether Publer may have a copy that its list does not show, and publish it yet, where the list cannot be relied on.

    One that was listed before may have another id now, as Publer may give one to a post that is edited.
    """
    if not (copy.lapsed or copy.post_id) or copy.removed or copy.end not in (None, End.GONE):
        return False
    return max(copy.slot, copy.minute) + LATE > now


@dataclass(frozen=True, slots=True)
class OnHold:
    """What the holds cover. All copies of a post are in scope where one is."""

    holds: tuple[Hold, ...]
    partners: Mapping[int, Collection[Copy]]
    """The other copies of its entry that count, by a copy's key."""
    only: Collection[int] | None = None
    """The keys of the only copies that count, where a command is about some posts."""

    @classmethod
    def of(
        cls, holds: tuple[Hold, ...], copies: Collection[Copy], only: Collection[int] | None = None
    ) -> OnHold:
        entries: dict[int, list[Copy]] = defaultdict(list)
        for copy in copies if holds else ():
            if copy.end is None:
                entries[copy.entry].append(copy)
        partners = {
            copy.key: [other for other in together if other is not copy]
            for together in entries.values()
            for copy in together
        }
        return cls(holds, partners, only)

    def covers(
        self,
        copy: Copy | None,
        live: LivePost | None = None,
        post: Post | None = None,
        holds: Iterable[Hold] | None = None,
    ) -> bool:
        """Whether it is in scope as the calendar says it, as it was sent, or as Publer shows it."""
        if self.only is not None and (copy is None or copy.key not in self.only):
            return False
        return any(
            self._covers(hold, copy, live, post)
            or any(self._covers(hold, other) for other in self.partners.get(copy.key if copy else 0, ()))
            for hold in (self.holds if holds is None else holds)
        )

    def reason(self, copy: Copy | None, live: LivePost | None = None, post: Post | None = None) -> str:
        """Why it is held; "" where it is not in scope."""
        return next((hold.reason for hold in self.holds if self.covers(copy, live, post, [hold])), "")

    @staticmethod
    def _covers(
        hold: Hold, copy: Copy | None, live: LivePost | None = None, post: Post | None = None
    ) -> bool:
        if copy is not None and copy.spared is not None and hold.since <= copy.spared:
            return False
        accounts, times, labels = set[str](), [], set[str]()
        if live is not None:
            accounts, labels = {live.account_id}, {*(live.labels or ())}
            times += [live.at] if live.at else []
        if copy is not None:
            labels |= {*copy.sent.labels}
            times.append(copy.slot)
        if post is not None:
            labels |= {*post.content.labels}
            times.append(post.at)
        # the calendar may have moved it to another account since
        accounts |= (
            {post.account.id} if post is not None else {copy.account, copy.on} if copy is not None else set()
        )
        return any(hold.covers(account, times, labels) for account in accounts)

    def missed(self, post: Post, copy: Copy | None) -> bool:
        """Whether its time has passed on hold, so that release reports it and no apply before that."""
        since = [hold for hold in self.holds if hold.since <= post.at]
        return self.covers(copy, None, post, since)

    def stoppable(self, copy: Copy, live: LivePost | None, now: datetime, post: Post | None = None) -> bool:
        """Whether Publer will publish the copy's post, or may, in scope: it has to go. Drafts and what was declined stay.

        Of a post whose row or state cannot be read nobody knows: one that was sent to be published goes, until its minute is
        long past, and it was published.
        """
        if live is None:
            return False
        minute = live.at or max(copy.slot, copy.minute)
        unknown = live.family is Family.OTHER and copy.publishes_itself and minute + LATE > now
        if not unknown and (live.family is not Family.SCHEDULED or condition(live) is None):
            return False
        return self.covers(copy, live, post)
