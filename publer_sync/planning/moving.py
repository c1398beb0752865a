"""Posts that move from calendar to calendar: cut from a file of one, pasted into a file of another. Pure.

What moves is the entry of the ledger with all its copies. Publer notices nothing of it, unless the post differs.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import field, replace
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeAlias

from publer_sync.ledger.copies import End, undated
from publer_sync.ledger.state import past_keys
from publer_sync.planning.match import match
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from publer_sync.ledger.copies import Copy, LedgerEntry
    from publer_sync.ledger.hold import Hold
    from publer_sync.ledger.state import State
    from publer_sync.values.model import Post, Slot


@dataclass(frozen=True, slots=True)
class Side:
    """A calendar between which and others posts may move, by its name: its posts, and its state, None where it has none."""

    name: str
    desired: Sequence[Post] = ()
    state: State | None = None
    stuck: str = ""
    """What to do before a post can move to or from it."""
    waiting: Sequence[Post] = ()
    """Its posts that wait for a slot."""
    holding: bool = False
    """Whether `stuck` is for a hold, which what is on hold elsewhere may join."""
    gone: str = ""
    """Of a calendar that is gone: how its posts are left out of Publer for good. What it has on hold moves, too, with its hold."""


@dataclass(frozen=True, slots=True)
class Move:
    """`entry` leaves the `giver`, and the `receiver` wants it as `post`."""

    giver: str
    receiver: str
    entry: LedgerEntry
    post: Post
    into: int = 0
    """The entry of the receiver that takes its copies; 0 for a new one."""
    stuck: str = ""
    holds: tuple[Hold, ...] = ()
    """Those that keep it out of Publer, which the receiver takes over."""

    @property
    def label(self) -> str:
        """The post for people: its id, else its first words."""
        if self.post.id:
            return self.post.id
        first = self.post.text.strip().partition("\n")[0]
        return f'"{first if len(first) <= 50 else first[:49] + "…"}"'

    @property
    def slots(self) -> tuple[Slot, ...]:
        """Where it is and where it goes."""
        return (self.post.slot, *(copy.place for copy in self.entry.open))


def moves_between(sides: Sequence[Side], now: datetime) -> tuple[Move, ...]:
    """Every post that leaves one of these calendars and is wanted by another one that has no entry for it.

    It is matched as in a calendar of its own: the same slot and content, the same id, the same content nearest in time, the same
    slot. What was published moves too, so that it is not published again: in a slot that it had, or with its id.
    One that is wanted by several goes to one that nothing keeps it from, else to the first. At another time it moves only where
    nothing keeps it from moving, and no post that another calendar keeps is in its new minute: two that want each other's minutes
    from different calendars would wait for ever; removed and created again, each gets its own. What is on hold stays out of Publer at
    any time: its move is stuck wherever it is wanted.
    """
    known = [_Known.of(side, now) for side in sides]
    if not any(one.unwanted for one in known):
        return ()
    later = partial(_in_the_way, known)
    found: list[Move] = []
    moved: set[tuple[str, int]] = set()
    receivers = sorted(known, key=lambda one: bool(one.side.stuck))
    for fits, at_its_time in (
        (_same_and_equal, True),
        (partial(_same_id, later), False),
        (partial(_same_content, later), False),
        (_same_slot, True),
    ):
        for giver in known:
            for entry in giver.unwanted:
                if (giver.side.name, entry.key) in moved:
                    continue
                for receiver in receivers:
                    stuck = _why_stuck(giver.side, receiver.side, entry)
                    if receiver is giver or (stuck and not (at_its_time or _is_held(entry))):
                        continue
                    if (offer := fits(receiver, entry, now)) is not None:
                        receiver.taken.add(id(offer[0]))
                        moved.add((giver.side.name, entry.key))
                        holds = _holds_of(giver.side) if _is_held(entry) else ()
                        found.append(Move(giver.side.name, receiver.side.name, entry, *offer, stuck, holds))
                        break
    return tuple(found)


def _why_stuck(giver: Side, receiver: Side, entry: LedgerEntry) -> str:
    """What keeps an entry from moving; "" for nothing.

    A hold goes along with what it keeps out of Publer to a calendar that has nothing yet, or a hold of its own: on others it
    would take out what nobody put on hold.
    """
    if not (giver.gone and _is_held(entry)):
        return giver.stuck or receiver.stuck
    if receiver.stuck and not receiver.holding:
        return receiver.stuck
    if receiver.holding or not (receiver.state and receiver.state.is_used) or not _holds_of(giver):
        return ""
    return (
        f"posts of the calendar {printable_line(giver.name)}, which is gone, are on hold: run publer-sync hold for the calendar "
        f"{printable_line(receiver.name)}, too, then apply, and they come with their hold; or leave them out of Publer: {giver.gone}"
    )


def _holds_of(giver: Side) -> tuple[Hold, ...]:
    """Those of commands: what the settings of a calendar that is gone said is gone, too."""
    return tuple(hold for hold in (giver.state.holds if giver.state else ()) if not hold.settings)


Offer: TypeAlias = "tuple[Post, int]"
"""A post that nothing in a calendar's state stands for, and the key of an entry of it that ended; 0 without one."""


@dataclass(slots=True)
class _Known:
    side: Side
    unwanted: tuple[LedgerEntry, ...] = ()
    """What may leave, or would if nothing kept it: what is under way does not."""
    kept: Sequence[LedgerEntry] = ()
    """What stands for its posts."""
    by_slot: dict[Slot, list[Offer]] = field(default_factory=lambda: defaultdict(list))
    by_id: dict[tuple[str, str], list[Offer]] = field(default_factory=lambda: defaultdict(list))
    offers: list[Offer] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)
    _by_content: dict[tuple[str, str], list[Offer]] | None = None
    _minutes: frozenset[Slot] | None = None

    @classmethod
    def of(cls, side: Side, now: datetime) -> _Known:
        entries = side.state.entries().values() if side.state else ()
        matches = match(side.desired, entries, {}, now=now)
        leaving = [entry for entry in matches.rest if _may_leave(entry, side, now)]
        if side.holding:  # an apply may have let go of it since, and the hold is for it all the same
            leaving += [entry for entry in entries if entry.facts.left and not entry.open and _is_held(entry)]
        known = cls(side, tuple(leaving), tuple(matches.pairs.values()))
        for index, post in enumerate(side.desired):
            entry = matches.pairs.get(index)
            if entry is None or not (entry.open or entry.published or entry.maybe_published):
                offer = post, entry.key if entry else 0
                known.offers.append(offer)
                known.by_slot[post.slot].append(offer)
                if post.id:
                    known.by_id[post.account.id, post.id].append(offer)
        return known

    def first(self, offers: Iterable[Offer]) -> Offer | None:
        """The first that no entry has taken."""
        return next((offer for offer in offers if id(offer[0]) not in self.taken), None)

    @property
    def by_content(self) -> Mapping[tuple[str, str], list[Offer]]:
        """Digests take time: only where something leaves."""
        if self._by_content is None:
            self._by_content = defaultdict(list)
            for offer in self.offers:
                self._by_content[offer[0].account.id, undated(offer[0].content).digest].append(offer)
        return self._by_content

    @property
    def minutes(self) -> Collection[Slot]:
        """Where the posts that it keeps may be in Publer now, and a minute to either side. Found when first asked for."""
        if self._minutes is None:
            places = (copy.place for entry in self.kept for copy in entry.open)
            self._minutes = frozenset(slot for place in places for slot in place.around)
        return self._minutes


def _in_the_way(known: Sequence[_Known], receiver: _Known, post: Post, now: datetime) -> bool:
    """Whether a post cannot have a time that is not its own yet."""
    return post.at <= now or any(post.slot in one.minutes for one in known if one is not receiver)


def _same_slot(receiver: _Known, entry: LedgerEntry, now: datetime, *, equal: bool = False) -> Offer | None:
    out = entry.published or entry.maybe_published
    if entry.facts.left and not (out or entry.open or equal):
        return None  # its calendar let go of the minute
    for copy in entry.copies:
        if out or copy.held or (copy.post_id and copy.slot > now and copy.end is None):
            offers = receiver.by_slot.get(copy.place, ())
            found = receiver.first(
                offer for offer in offers if not equal or offer[0].content.digest == copy.sent.digest
            )
            if found is not None:
                return found
    return None


def _same_and_equal(receiver: _Known, entry: LedgerEntry, now: datetime) -> Offer | None:
    return _same_slot(receiver, entry, now, equal=True)


class _Ask(Protocol):
    def __call__(self, receiver: _Known, post: Post, now: datetime) -> bool: ...


def _same_id(in_the_way: _Ask, receiver: _Known, entry: LedgerEntry, now: datetime) -> Offer | None:
    offers = receiver.by_id.get((entry.account, entry.id or ""), ())
    if entry.published or entry.maybe_published:
        return receiver.first(offers)  # as in its own calendar: to publish it again takes a new id
    if not _may_go_out(entry):
        return None
    return receiver.first(offer for offer in offers if not in_the_way(receiver, offer[0], now))


def _same_content(in_the_way: _Ask, receiver: _Known, entry: LedgerEntry, now: datetime) -> Offer | None:
    if entry.published or entry.maybe_published or not _may_go_out(entry):
        return None  # equal words at another time are another post
    copy = entry.newest
    offers = receiver.by_content.get((copy.account, undated(copy.sent).digest), ())
    nearest = sorted(offers, key=lambda offer: abs(offer[0].at - copy.slot))
    return receiver.first(offer for offer in nearest if not in_the_way(receiver, offer[0], now))


def _may_go_out(entry: LedgerEntry) -> bool:
    """Whether Publer may publish it, or has done so since anyone looked: then a post at another time would be the second one."""
    newest = entry.newest
    return _is_held(entry) or (newest.end is None and (newest.post_id is not None or newest.given_up))


def _is_held(entry: LedgerEntry) -> bool:
    return entry.newest.held and not (entry.published or entry.maybe_published)


def _may_leave(entry: LedgerEntry, side: Side, now: datetime) -> bool:
    """What is on hold leaves with its hold, or its move is stuck: what wants it is not to be created beside it."""
    if entry.unsettled:
        return False
    if entry.published or entry.maybe_published or ((side.gone or side.stuck) and _is_held(entry)):
        return True
    if any(copy.held for copy in entry.open):
        return False
    # One that no listing has shown, and whose minute has passed, may be published: only with its copy is it looked for.
    return any(copy.post_id or (copy.given_up and copy.slot <= now) for copy in entry.open)


def take(state: State, move: Move) -> None:
    """Let a state have the entry of a move with all its copies.

    Of a post that it has already, as a copied part does, it keeps the copy that tells more of what became of it.
    """
    had = {copy.post_id: copy for copy in state.copies.values() if copy.post_id}
    copies = move.entry.copies
    into = move.into or next((had[copy.post_id].entry for copy in copies if copy.post_id in had), 0)
    for copy in copies:
        if copy.post_id is not None and (own := had.get(copy.post_id)) is not None:
            if _told(copy) > _told(own):
                state.put(replace(copy, key=own.key, entry=own.entry, id=own.id))
            continue
        key = state.new_key()
        into = into or key
        state.put(replace(copy, key=key, entry=into, id=move.post.id))
    facts = move.entry.facts
    before = state.facts.get(into)
    told = (*(before.told if before else ()), *facts.told)
    state.note(into, twins=facts.twins or bool(before and before.twins), told=tuple(dict.fromkeys(told)))
    state.holds = tuple(dict.fromkeys((*state.holds, *move.holds)))


def _told(copy: Copy) -> int:
    """How much a copy tells that nobody else may know: that it went out first of all."""
    if copy.end is End.PUBLISHED:
        return 4
    if copy.end is End.MAYBE_PUBLISHED:
        return 3
    return 2 if copy.held else 1 if copy.end is None else 0


def excuse_past(state: State, desired: Iterable[Post], now: datetime) -> None:
    """In the first state of a calendar, count what was past already as told."""
    for post in desired:
        if post.at <= now:
            state.excused.update(past_keys(post.account.id, post.at, post.id))


def concerning(moves: Iterable[Move], name: str) -> Iterator[Move]:
    return (move for move in moves if name in (move.giver, move.receiver))
