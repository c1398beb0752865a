"""What other calendars manage, as far as this one sees their states: those posts stay theirs, however similar."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from publer_sync.ledger.copies import End, undated
from publer_sync.ledger.rewriting import same_but_links
from publer_sync.ledger.state import loads
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import StateError
from publer_sync.values.model import Family, LivePost, Slot

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from publer_sync.ledger.copies import Copy, LedgerEntry
    from publer_sync.ledger.state import State
    from publer_sync.values.model import Post


@dataclass(frozen=True)
class Elsewhere:
    """By the calendars' names."""

    states: Mapping[str, State] = field(default_factory=dict)
    unreadable: dict[str, StateError] = field(default_factory=dict)
    """The calendars whose states can't be read: it is unknown which posts are theirs."""
    lost: frozenset[str] = frozenset()
    """Which of their accounts Publer does not list."""

    @classmethod
    def of(cls, states: Mapping[str, bytes], place: str) -> Elsewhere:
        """From the documents, by the calendars' names. Their signatures don't matter: they can only keep us from acting."""
        readable: dict[str, State] = {}
        unreadable: dict[str, StateError] = {}
        for name, document in states.items():
            found = _loaded(document, f"{place} (calendar {name})")
            if isinstance(found, StateError):
                unreadable[name] = found
            elif not found.ended and found.moved is None:  # a marker manages nothing
                readable[name] = found
        return cls(readable, unreadable)

    @cached_property
    def by_id(self) -> Mapping[str, str]:
        """The calendar of each post that one of them knows by Publer's id."""
        return {
            copy.post_id: name
            for name, state in self.states.items()
            for copy in state.copies.values()
            if copy.post_id
        }

    @cached_property
    def claims(self) -> Mapping[Slot, list[tuple[str, Copy]]]:
        """Of a post that was sent and not found yet, only its claim is known."""
        claims: dict[Slot, list[tuple[str, Copy]]] = defaultdict(list)
        for name, state in self.states.items():
            for copy in state.copies.values():
                if copy.post_id is None and copy.end is None:
                    claims[copy.place].append((name, copy))
        return claims

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
        if (name := self.by_id.get(post.id)) is not None or post.slot is None:
            return name
        draft = post.family is Family.DRAFT
        return next(
            (
                name
                for name, copy in self.claims.get(post.slot, ())
                if copy.draft is draft and same_but_links(copy.text, post.text)
            ),
            None,
        )


def looked_at(document: bytes, place: str) -> State:
    """A state that nobody writes back, whatever its signature: parsed once for all calendars of a command. Raises StateError."""
    found = _loaded(document, place)
    return loads(document, place) if isinstance(found, StateError) else found.clone()


@lru_cache(maxsize=1000)
def _loaded(document: bytes, place: str) -> State | StateError:
    """The calendars of a command each ask for those of all the others. Nobody changes what this returns."""
    try:
        return loads(document, place)
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


def owner_of_new(ours: State, before: State | None, others: Callable[[], Mapping[str, State]]) -> str | None:
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
    for name, state in others().items():
        theirs = [copy for copy in state.copies.values() if copy.end is None]
        if not ids.isdisjoint(state.post_ids) or any(
            copy.place == each.place and copy.draft is each.draft and same_but_links(copy.text, each.text)
            for each in new
            for copy in theirs
        ):
            return name
    return None
