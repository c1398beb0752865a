"""Posts that move from calendar to calendar: cut from a file of one, pasted into a file of another. Pure.

What moves is the entry of the ledger with all its copies. Publer notices nothing of it, unless the post differs.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import field, replace
from functools import partial
from typing import TYPE_CHECKING

from publer_sync.late_dataclasses import dataclass
from publer_sync.ledger.state import past_keys
from publer_sync.planning.match import match

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from publer_sync.ledger.copies import LedgerEntry
    from publer_sync.ledger.state import State
    from publer_sync.model import Post, Slot


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


@dataclass(frozen=True, slots=True)
class Move:
    """`entry` leaves the `giver`, and the `receiver` wants it as `post`; it has it already where an earlier move was cut off."""

    giver: str
    receiver: str
    entry: LedgerEntry
    post: Post
    into: int = 0
    """The entry of the receiver that takes its copies; 0 for a new one."""
    stuck: str = ""

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
    """Every post that leaves one of these calendars and is wanted by another, in the slot of a copy that is not accounted for.

    The same goes for one that was published, in the slot of any of its copies: it is not to be published again. One that is
    wanted by several goes to one that nothing keeps it from, else to the first. At another time it moves only if it is the
    same post otherwise, nothing keeps it from moving, and no post that another calendar keeps is in its new minute: two that
    want each other's minutes from different calendars would wait for ever; removed and created again, each gets its own.
    """
    found: list[Move] = []
    known = [_Known.of(side, now) for side in sides]
    free = [one for one in known if not one.side.stuck]
    later = partial(_Known.take_at_another_time, all_known=known)
    for receivers, take_from in ((known, _Known.take), (free, later)):
        moved = {(move.giver, move.entry.key) for move in found}
        for giver in receivers:
            for entry in giver.unwanted:
                if (giver.side.name, entry.key) in moved:
                    continue
                for receiver in sorted(receivers, key=lambda one: bool(one.side.stuck)):
                    if receiver is not giver and (taken := take_from(receiver, entry, now)) is not None:
                        post, into = taken
                        stuck = giver.side.stuck or receiver.side.stuck
                        found.append(Move(giver.side.name, receiver.side.name, entry, post, into, stuck))
                        break
    return tuple(found)


@dataclass(slots=True)
class _Known:
    side: Side
    unwanted: tuple[LedgerEntry, ...] = ()
    """What may leave: what is under way or on hold does not."""
    managed: dict[str, tuple[Post, int]] = field(default_factory=dict)
    """The posts that stand for wanted ones, by Publer's id, each with its entry."""
    free: dict[Slot, list[tuple[Post, int]]] = field(default_factory=lambda: defaultdict(list))
    """The posts that nothing in its state stands for, each with an entry that ended."""
    kept: Sequence[LedgerEntry] = ()
    """What stands for its posts."""
    _alike: dict[tuple[str, str | None, str], list[Slot]] | None = None
    _minutes: frozenset[Slot] | None = None

    @classmethod
    def of(cls, side: Side, now: datetime) -> _Known:
        entries = side.state.entries().values() if side.state else ()
        matches = match(side.desired, entries, {}, now=now)
        known = cls(side, tuple(filter(_may_leave, matches.rest)), kept=tuple(matches.pairs.values()))
        for index, post in enumerate(side.desired):
            entry = matches.pairs.get(index)
            if entry is not None:
                known.managed |= {copy.post_id: (post, entry.key) for copy in entry.copies if copy.post_id}
            if entry is None or not (entry.open or entry.published or entry.maybe_published):
                known.free[post.slot].append((post, entry.key if entry else 0))
        return known

    def take(self, entry: LedgerEntry, now: datetime) -> tuple[Post, int] | None:
        """The post as which this calendar wants or has it. Each stands for one."""
        for copy in entry.copies:
            if copy.post_id in self.managed:
                return self.managed[copy.post_id]
        out = entry.published or entry.maybe_published
        for copy in entry.copies:
            offers = self.free.get(copy.place)
            ahead = copy.post_id and copy.slot > now and copy.end is None
            if offers and (out or ahead):
                equal = (one for one in offers if one[0].content.digest == copy.sent.digest)
                chosen = next(equal, offers[0])
                offers.remove(chosen)
                return chosen
        return None

    def take_at_another_time(
        self, entry: LedgerEntry, now: datetime, all_known: Sequence[_Known]
    ) -> tuple[Post, int] | None:
        """The post as which this calendar wants it, where nothing but the time differs, in a minute that no other one keeps."""
        copy = entry.newest
        if entry.published or entry.maybe_published or copy.post_id is None or copy.slot <= now:
            return None
        for slot in self._like(copy.account, entry.id, copy.sent.digest):
            if slot.at <= now or any(slot in one.minutes for one in all_known if one is not self):
                continue
            for offer in self.free[slot]:
                if offer[0].id == entry.id and offer[0].content.digest == copy.sent.digest:
                    self.free[slot].remove(offer)
                    return offer
        return None

    @property
    def minutes(self) -> Collection[Slot]:
        """Where the posts that it keeps may be in Publer now, and a minute to either side. Found when first asked for."""
        if self._minutes is None:
            places = (copy.place for entry in self.kept for copy in entry.open)
            self._minutes = frozenset(slot for place in places for slot in place.around)
        return self._minutes

    def _like(self, account: str, id: str | None, digest: str) -> Sequence[Slot]:
        """Where a post is offered that differs in its time alone. All are looked through once, and only if one leaves."""
        if self._alike is None:
            self._alike = defaultdict(list)
            for slot, offers in self.free.items():
                for post, _ in offers:
                    self._alike[slot.account, post.id, post.content.digest].append(slot)
        return self._alike.get((account, id, digest), ())


def _may_leave(entry: LedgerEntry) -> bool:
    if entry.unsettled:
        return False
    if entry.published or entry.maybe_published:
        return True
    return any(copy.post_id for copy in entry.open) and not any(copy.held for copy in entry.open)


def take(state: State, move: Move) -> None:
    """Let a state have the entry of a move with those of its copies that it does not have yet."""
    into, known = move.into, state.post_ids
    for copy in move.entry.copies:
        if copy.post_id is None or copy.post_id not in known:
            key = state.new_key()
            into = into or key
            state.put(replace(copy, key=key, entry=into, id=move.post.id))
    facts = move.entry.facts
    before = state.facts.get(into)
    told = (*(before.told if before else ()), *facts.told)
    state.note(into, twins=facts.twins or bool(before and before.twins), told=tuple(dict.fromkeys(told)))


def excuse_past(state: State, desired: Iterable[Post], now: datetime) -> None:
    """In the first state of a calendar, count what was past already as told."""
    for post in desired:
        if post.at <= now:
            state.excused.update(past_keys(post.account.id, post.at, post.id))


# --- marks: an entry that is being handed over ----------------------------------------------------------------------


def handed_over(state: State, others: Mapping[str, State | None]) -> State:
    """The state once each entry is gone that its receiver has taken; a mark of one that it has not taken lapses.

    `others` are the states that can be read, by the calendars' names; None for one that has none. The mark for any other
    calendar stays: nothing may become of that entry.
    """
    marked = [(key, facts.handing) for key, facts in state.facts.items() if facts.handing in others]
    if not marked:
        return state
    state, entries = state.clone(), state.entries()
    for key, name in marked:
        receiver = others[name]
        known = receiver.post_ids if receiver else set()
        if not known.isdisjoint(copy.post_id for copy in entries[key].copies if copy.post_id):
            state.forget(key)
        else:
            state.note(key, handing="")
    return state


def concerning(moves: Iterable[Move], name: str) -> Iterator[Move]:
    return (move for move in moves if name in (move.giver, move.receiver))
