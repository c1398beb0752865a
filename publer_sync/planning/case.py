"""What a post is judged by: both sides, the ledger, and indexes of the posts not managed here."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import field
from datetime import timedelta
from typing import TYPE_CHECKING

from publer_sync.ledger.accounting import LATE
from publer_sync.ledger.copies import NO_FACTS
from publer_sync.ledger.rewriting import same_words, without_links
from publer_sync.planning.joining import Joining
from publer_sync.planning.lost import NONE_LOST, LostAccounts
from publer_sync.planning.notes import Warn
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.model import Family
from publer_sync.values.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from publer_sync.ledger.copies import Copy, EntryFacts, LedgerEntry
    from publer_sync.ledger.elsewhere import Elsewhere
    from publer_sync.ledger.state import State
    from publer_sync.planning.holding import OnHold
    from publer_sync.planning.moving import Move
    from publer_sync.planning.sides import CalendarSide, OtherCalendars, PublerSide
    from publer_sync.values.model import Account, LivePost, Post, Settings, Slot

LIVE = frozenset({Family.SCHEDULED, Family.DRAFT, Family.RECYCLING, Family.RECURRING, Family.OTHER})
HOLDS_SLOT = frozenset({Family.SCHEDULED, Family.RECYCLING, Family.RECURRING, Family.OTHER})
"""Of a state that is not known, the careful answer."""


@dataclass(slots=True)
class Case:
    """What the rows of the table are judged by."""

    desired: Sequence[Post]
    live: Mapping[str, LivePost]
    state: State | None
    accounts: Mapping[str, Account]
    settings: Settings
    now: datetime
    on_hold: OnHold
    elsewhere: Elsewhere
    unmanaged: Sequence[LivePost]
    by_slot: Mapping[Slot, list[LivePost]]
    by_text: Mapping[tuple[str, str], list[LivePost]]
    """By account and text, links left out."""
    lost: Mapping[str, list[Copy]]
    """What was sent and never seen, by account."""
    entries: Mapping[int, LedgerEntry]
    """What the ledger knows, by the keys of the entries."""
    wanted: frozenset[Slot]
    short: int
    """How many posts Publer counts and does not list: where it is not 0, nothing follows from one that is not listed."""
    gaps: Sequence[tuple[date, date]] = ()
    """Days that Publer did not list."""
    unread_rows: Sequence[LivePost] = ()
    """The listed posts that could not be read."""
    unread: frozenset[str] = frozenset()
    """The accounts of those that no copy has, and those of copies that may still be there; "" for one whose account is not known either."""
    poll_seconds: float = 2.0
    unwanted: Sequence[LedgerEntry] = ()
    """The entries that nothing in the calendar wants."""
    waiting: Mapping[int, str] = field(default_factory=dict)
    """The unwanted entries whose posts wait for a slot, by their keys: the other calendar they wait in, "" for this one."""
    giving: Mapping[int, Move] = field(default_factory=dict)
    """What leaves for another calendar, by the keys of the entries."""
    leaving: Mapping[str, str] = field(default_factory=dict)
    """The calendars of what leaves and nothing keeps here, by Publer's ids."""
    adopted: set[str] = field(default_factory=set)
    """Ids of posts not managed here that a desired post was found to equal: each is one post at most."""
    warnings: list[Warn] = field(default_factory=list)
    lost_accounts: LostAccounts = NONE_LOST
    joining: Joining = field(default_factory=Joining)
    keeps_no_edits: frozenset[str] = frozenset()
    """The networks on which Publer did not keep an edit: there posts are replaced."""
    coming: frozenset[str] = frozenset()
    """Publer's ids of what moves here from another calendar, whose part of the ledger has it until then."""

    def waits(self, copy: Copy) -> bool:
        """Whether the calendar has the post, or another one that it went to, and no time for it yet."""
        return copy.entry in self.waiting

    def waits_in(self, copy: Copy) -> str:
        """The other calendar in which it waits; "" for this one."""
        return self.waiting.get(copy.entry, "")

    def settled_at(self, copies: Iterable[Copy]) -> datetime:
        """When it is known at the latest what became of these: by the clock, or once a listing is complete."""
        times = [
            due
            for copy in copies
            for due in (
                copy.settles_at(poll_seconds=self.poll_seconds) if copy.under_way else None,
                copy.removal_settles_at(poll_seconds=self.poll_seconds) if copy.removal_in_doubt else None,
            )
            if due is not None
        ]
        return max([*times, self.now])

    def facts(self, entry: int) -> EntryFacts:
        known = self.entries.get(entry)
        return known.facts if known else NO_FACTS

    def live_of(self, copy: Copy | None) -> LivePost | None:
        return self.live.get(copy.post_id) if copy and copy.post_id else None

    def is_live(self, copy: Copy) -> bool:
        """Whether Publer lists it as a post that is ahead, or late."""
        live = self.live_of(copy)
        return live is not None and live.family in LIVE

    def has_been(self, post: Post) -> bool:
        """Whether the ledger of this calendar knows the same words in that minute."""
        copies = self.state.copies.values() if self.state else ()
        return any(copy.place == post.slot and copy.text == post.content.text for copy in copies)

    def warn(self, code: str, message: str, post: Post | None = None) -> None:
        self.warnings.append(Warn(code, message, post.location if post else None))

    def alike(self, account: str, text: str) -> Iterator[LivePost]:
        """The posts of an account with this text that are not managed here, folded, or with links that Publer rewrote."""
        for post in self.by_text.get((account, without_links(text)), ()) if text.strip() else ():
            if same_words(text, post.text):
                yield post

    def instead_of(self, copy: Copy) -> LivePost | None:
        """The post not managed here where one that was sent and never seen would be: it may be that one, in Publer's words."""
        family = Family.DRAFT if copy.draft else Family.SCHEDULED
        others = self.by_slot.get(copy.place, ())
        free = (one for one in others if one.id not in self.adopted and not self.elsewhere.calendar_of(one))
        alike = (one for one in free if one.family is family)
        return next((one for one in alike if copy.refused is None or same_words(copy.text, one.text)), None)

    def calendar_of(self, post: LivePost) -> str | None:
        """The other calendar that manages the post, or that it moves to."""
        return self.leaving.get(post.id) or self.elsewhere.calendar_of(post)

    def theirs(self, post: LivePost) -> str | None:
        """Why a post that is not managed here can't be adopted: another calendar manages it, or may do so."""
        if name := self.calendar_of(post):
            return f"the calendar {printable_line(name)} manages it"
        unmanaged = post.slot is not None and post in self.by_slot.get(post.slot, ())
        for name in self.elsewhere.unreadable if unmanaged else ():
            return f"it may be managed by the calendar {printable_line(name)}, whose state cannot be read"
        return None

    def due_then(self, other: LivePost) -> bool:
        """Whether a published post is another one of the calendar or the ledger, due when it was published."""
        copies = self.state.copies.values() if self.state else ()
        due = [(copy.account, copy.slot, copy.text) for copy in copies]
        due += [(post.account.id, post.at, post.text) for post in self.desired]
        return other.at is not None and any(
            account == other.account_id and at <= other.at < at + LATE and same_words(text, other.text)
            for account, at, text in due
        )

    def frozen(self, post: LivePost | None) -> bool:
        """Whether the post is published within the freeze window, so that a change might come too late."""
        return (
            post is not None
            and post.family is Family.SCHEDULED
            and post.at is not None
            and post.at - self.now <= timedelta(minutes=self.settings.limits.freeze_minutes)
        )


def case_of(
    calendar: CalendarSide, publer: PublerSide, others: OtherCalendars, now: datetime, on_hold: OnHold
) -> Case:
    """The case, with its indexes."""
    live, state, accounts, elsewhere = publer.live, publer.state, publer.accounts, others.elsewhere
    by_id = {post.id: post for post in sorted(live, key=lambda post: post.id)}
    managed = state.post_ids if state else set()
    unmanaged = [post for post in by_id.values() if post.id not in managed and post.account_id in accounts]
    by_slot: dict[Slot, list[LivePost]] = defaultdict(list)
    by_text: dict[tuple[str, str], list[LivePost]] = defaultdict(list)
    for post in unmanaged:
        if (slot := post.slot) is not None:
            by_slot[slot].append(post)
        if post.text.strip():
            by_text[post.account_id, without_links(post.text)].append(post)
    rows = {post.account_id for post in publer.live.unread if post.id not in managed}
    unread = {*rows}
    lost: dict[str, list[Copy]] = defaultdict(list)
    for copy in state.copies.values() if state else ():
        if copy.given_up:
            lost[copy.account].append(copy)
        if copy.end is None and copy.moved_to in rows and copy.post_id not in by_id:
            unread.add(copy.account)  # it may be there still, as before its account was reconnected
    desired = sorted(calendar.posts, key=_rank)
    return Case(
        desired,
        by_id,
        state,
        accounts,
        calendar.settings,
        now,
        on_hold,
        elsewhere,
        unmanaged=[post for post in unmanaged if post.family in LIVE],
        by_slot=by_slot,
        by_text=by_text,
        lost=lost,
        entries=state.entries() if state else {},
        wanted=frozenset(post.slot for post in desired),
        short=live.short,
        gaps=live.gaps,
        unread_rows=live.unread,
        unread=frozenset(unread),
        poll_seconds=publer.poll_seconds,
        keeps_no_edits=elsewhere.replaces.union(state.contact.replaces if state is not None else ()),
        joining=Joining(state),
        lost_accounts=LostAccounts.of(state, accounts, now, calendar.folder, elsewhere),
        giving={move.entry.key: move for move in others.giving},
        leaving={
            copy.post_id: move.receiver
            for move in others.giving
            for copy in move.entry.open
            if copy.post_id and not move.stuck
        },
        coming=frozenset(
            copy.post_id
            for move in others.coming
            for copy in move.entry.copies
            if copy.post_id and not move.stuck
        ),
    )


def _rank(post: Post) -> tuple[datetime, str, str, str]:
    """An order that does not depend on files; only drafts can share a slot, so only they need telling apart."""
    return (post.at, post.account.id, post.content.digest if post.draft else "", post.id or "")


def first_words(post: LivePost | Post) -> str:
    first = post.text.strip().partition("\n")[0]
    return first if len(first) <= 50 else first[:49] + "…"
