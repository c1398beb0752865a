"""What other calendars with states at the same place manage: those posts stay theirs, however similar."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from publer_sync.errors import StateError
from publer_sync.ledger.rewriting import same_but_links
from publer_sync.ledger.state import loads
from publer_sync.model import Family, LivePost, Slot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publer_sync.ledger.copies import Copy


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """By the calendars' names. Of a post that was sent and not found yet, only its claim is known."""

    by_id: Mapping[str, str] = field(default_factory=dict)
    claims: Mapping[Slot, list[tuple[str, Copy]]] = field(default_factory=dict)
    copies: tuple[Copy, ...] = ()
    """All that these states know, ended ones too: what was published for them was published for nobody else."""
    unreadable: Mapping[str, StateError] = field(default_factory=dict)
    """The calendars whose states can't be read: it is unknown which posts are theirs."""

    @classmethod
    def of(cls, states: Mapping[str, bytes], place: str) -> Elsewhere:
        """From the documents, by the calendars' names. Their signatures don't matter: they can only keep us from acting."""
        by_id: dict[str, str] = {}
        claims: dict[Slot, list[tuple[str, Copy]]] = defaultdict(list)
        copies: list[Copy] = []
        unreadable: dict[str, StateError] = {}
        for name, document in states.items():
            try:
                state = loads(document, f"{place} (calendar {name})")
            except StateError as error:
                unreadable[name] = error
                continue
            copies += state.copies.values()
            for copy in state.copies.values():
                if copy.post_id:
                    by_id[copy.post_id] = name
                elif copy.end is None:
                    claims[copy.place].append((name, copy))
        return cls(by_id, claims, tuple(copies), unreadable)

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
