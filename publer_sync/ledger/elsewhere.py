"""What other calendars manage, as far as this one sees their states: those posts stay theirs, however similar."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import field, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from publer_sync.ledger.contact import seen_of
from publer_sync.ledger.copies import End, undated
from publer_sync.ledger.rewriting import same_but_links
from publer_sync.ledger.state import loads
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import StateError
from publer_sync.values.model import Family, LivePost, Slot

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from publer_sync.ledger.contact import Kind
    from publer_sync.ledger.copies import Copy, LedgerEntry
    from publer_sync.ledger.state import State
    from publer_sync.values.model import Post


@dataclass(frozen=True)
class LedgerPart:
    """A state that nobody changes, with what each calendar of a command asks of it."""

    state: State

    @classmethod
    def of(cls, state: State | None) -> LedgerPart | None:
        return cls(state) if state is not None else None

    @cached_property
    def accounts(self) -> frozenset[str]:
        """All that its calendar ever had to do with."""
        used = (account for copy in self.state.copies.values() for account in (copy.account, copy.on))
        return frozenset((*self.state.accounts, *used))

    @cached_property
    def ids(self) -> frozenset[str]:
        """Publer's ids of all copies, ended ones too."""
        return frozenset(self.state.post_ids)

    @cached_property
    def open(self) -> tuple[Copy, ...]:
        return tuple(copy for copy in self.state.copies.values() if copy.end is None)

    @cached_property
    def seen(self) -> frozenset[Kind]:
        """The kinds of write of which it has a verified one."""
        return seen_of(self.state.contact, self.state.copies.values())

    @cached_property
    def is_marker(self) -> bool:
        """Whether it is what stayed of one that ended or went to another place: it manages nothing."""
        return bool(self.state.ended or self.state.moved)

    @cached_property
    def wrote(self) -> bool:
        """Whether something was sent for it."""
        sent = any(not copy.adopted for copy in self.state.copies.values())
        return bool(self.state.contact.backup) or sent


@dataclass(frozen=True)
class Elsewhere:
    """By the calendars' names."""

    parts: Mapping[str, LedgerPart] = field(default_factory=dict)
    """All that was read, whichever accounts it is about."""
    unreadable: dict[str, StateError] = field(default_factory=dict)
    """The calendars whose states can't be read: it is unknown which posts are theirs."""
    lost: frozenset[str] = frozenset()
    """Which of their accounts Publer does not list."""
    markers: frozenset[str] = frozenset()
    """The calendars of whose part only a marker was read: what they manage, if anything, is in another place."""
    close: frozenset[str] | None = None
    """Those whose states count, where `parts` has others."""

    @classmethod
    def of(cls, states: Mapping[str, State], unreadable: dict[str, StateError] | None = None) -> Elsewhere:
        return cls({name: LedgerPart(each) for name, each in states.items()}, unreadable or {})

    @classmethod
    def read(cls, documents: Mapping[str, bytes], place: str) -> Elsewhere:
        """From the documents, by the calendars' names. Their signatures don't matter: they can only keep us from acting."""
        parts: dict[str, LedgerPart] = {}
        unreadable: dict[str, StateError] = {}
        for name, document in documents.items():
            found = _loaded(document, f"{place} (calendar {name})")
            if isinstance(found, StateError):
                unreadable[name] = found
            elif not found.is_marker:
                parts[name] = found
        return cls(parts, unreadable, markers=frozenset(documents.keys() - parts.keys() - unreadable.keys()))

    def near(self, accounts: Collection[str], listed: Collection[str]) -> Elsewhere:
        """With the states alone that may have to do with posts of these accounts. `listed` are all that Publer lists.

        A post is sent to one account, so a calendar that never had that one has sent none to it; which it knows by their
        ids, `ids` tells wherever they are. But an account that Publer does not list may have been reconnected, and be one
        of these under another id.
        """
        known = frozenset[str]().union(*[each.accounts for each in self.parts.values()])
        lost = known.difference(listed) if listed else frozenset[str]()
        theirs = lost.union(accounts)
        close = [name for name, each in self.parts.items() if not theirs.isdisjoint(each.accounts)]
        return replace(self, lost=lost, close=frozenset(close))

    def adding(self, parts: Mapping[str, LedgerPart], unreadable: Mapping[str, StateError]) -> Elsewhere:
        """With these as well, near or not."""
        return replace(
            self,
            parts={**self.parts, **parts},
            unreadable={**self.unreadable, **unreadable},
            close=self.close.union(parts) if self.close is not None else None,
        )

    @cached_property
    def states(self) -> Mapping[str, State]:
        """Those that may have to do with posts of the calendar's accounts."""
        close = self.parts if self.close is None else [name for name in self.parts if name in self.close]
        return {name: self.parts[name].state for name in close}

    @cached_property
    def ids(self) -> frozenset[str]:
        """All posts that one of them knows by Publer's id: someone may have moved one to any account."""
        return frozenset[str]().union(*[each.ids for each in self.parts.values()])

    def owner_of(self, post_id: str) -> str | None:
        """The calendar that knows a post by Publer's id; of several, one that was added: the others may be gone."""
        if post_id not in self.ids:
            return None
        return next(name for name, each in reversed([*self.parts.items()]) if post_id in each.ids)

    @property
    def names(self) -> frozenset[str]:
        """The calendars that may have to do with those accounts whatever their settings say."""
        return self.markers.union(self.states)

    @cached_property
    def replaces(self) -> frozenset[str]:
        """The networks on which an edit did not stand, as any of them has seen."""
        return frozenset[str]().union(*[each.state.contact.replaces for each in self.parts.values()])

    @cached_property
    def _open(self) -> Mapping[Slot, list[tuple[str, Copy]]]:
        """What they have or wait for."""
        found: dict[Slot, list[tuple[str, Copy]]] = defaultdict(list)
        for name in self.states:
            for copy in self.parts[name].open:
                found[copy.place].append((name, copy))
        return found

    def in_the_way(self, post: Post) -> tuple[str, Copy] | None:
        """The calendar that has this very post in its minute, as far as the ledger knows, whether or not Publer has it still.

        No other part is written with the same one (`owner_of_new`).
        """
        alike = self._open.get(post.slot, ())
        return next((each for each in alike if _is_same(each[1], post.content.text, draft=post.draft)), None)

    @cached_property
    def held(self) -> Mapping[Slot, tuple[str, LedgerEntry]]:
        """Each post that is on hold, and its calendar: Publer does not have it, and its minute is taken anyway."""
        return {
            entry.newest.place: (name, entry)
            for name, state in self.states.items()
            for entry in (state.entries().values() if state.holds else ())
            if entry.newest.held and not entry.published
        }

    @cached_property
    def copies(self) -> tuple[Copy, ...]:
        """All that these states know, ended ones too: what was published for them was published for nobody else."""
        return tuple(copy for state in self.states.values() for copy in state.copies.values())

    @cached_property
    def _faces(self) -> frozenset[object]:
        """What a post of another calendar is known by that may move: its slot, its id, its content."""
        found: set[object] = set()
        for copy in self.copies:
            found.add(copy.place)
            if copy.held or copy.end is None or copy.end in (End.PUBLISHED, End.MAYBE_PUBLISHED):
                found |= {(copy.account, copy.id), (copy.account, undated(copy.sent).digest)}
        return frozenset(found)

    def may_have(self, post: Post) -> bool:
        """Whether one of them may have sent a post of the calendar."""
        account = post.account.id
        faces = self._faces
        return (
            post.slot in faces
            or (account, post.id or "") in faces
            or (account, undated(post.content).digest) in faces
        )

    def calendar_of(self, post: LivePost) -> str | None:
        """The calendar that manages the post."""
        if (name := self.owner_of(post.id)) is not None or post.slot is None:
            return name
        draft = post.family is Family.DRAFT
        claims = (each for each in self._open.get(post.slot, ()) if each[1].post_id is None)
        return next((name for name, copy in claims if _is_same(copy, post.text, draft=draft)), None)


def _is_same(copy: Copy, text: str, *, draft: bool) -> bool:
    return copy.draft is draft and same_but_links(copy.text, text)


def looked_at(document: bytes, place: str) -> LedgerPart:
    """A state that nobody changes, whatever its signature: parsed once for all calendars of a command. Raises StateError."""
    found = _loaded(document, place)
    return LedgerPart(loads(document, place)) if isinstance(found, StateError) else found


@lru_cache(maxsize=1000)
def _loaded(document: bytes, place: str) -> LedgerPart | StateError:
    """The calendars of a command each ask for those of all the others."""
    try:
        return LedgerPart(loads(document, place))
    except StateError as error:
        return error


def clash(ours: State, before: State | None, now: State) -> bool:
    """Whether another part has come to know a post of ours since `before`, or one of both waits for what may be the other's."""
    known = before.post_ids if before is not None else frozenset[str]()
    if not ours.post_ids.isdisjoint(now.post_ids - known):
        return True
    old = (
        {(copy.place, copy.post_id, copy.text) for copy in before.copies.values()}
        if before is not None
        else set()
    )
    open_ = defaultdict(list)
    for copy in ours.copies.values():
        if copy.end is None:
            open_[copy.place].append(copy)
    return any(
        (copy.post_id is None or each.post_id is None)
        and copy.draft is each.draft
        and same_but_links(copy.text, each.text)
        for copy in now.copies.values()
        if copy.end is None and (copy.place, copy.post_id, copy.text) not in old
        for each in open_.get(copy.place, ())
    )


def owner_of_new(ours: State, before: State | None, others: Callable[[], Elsewhere]) -> str | None:
    """The calendar that has a post which `ours` has come to know, or to wait for, since `before`. `others` are read only if there is one."""
    known = before.copies.values() if before is not None else ()
    ids = ours.post_ids - {copy.post_id for copy in known if copy.post_id}
    claims = {(copy.place, copy.text) for copy in known}
    new = [
        copy
        for copy in ours.copies.values()
        if copy.post_id is None and copy.end is None and (copy.place, copy.text) not in claims
    ]
    if not ids and not new:
        return None
    for name, part in others().parts.items():
        if not ids.isdisjoint(part.ids) or any(
            copy.place == each.place and _is_same(copy, each.text, draft=each.draft)
            for each in new
            for copy in part.open
        ):
            return name
    return None
