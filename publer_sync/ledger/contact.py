"""What the ledger has seen of Publer: of which kinds of write one was verified, and what Publer did not keep as it was sent.

Nobody has seen this service do what its documents say, so the first write of each kind goes alone.
"""

from __future__ import annotations

from dataclasses import field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.content import Content

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from publer_sync.ledger.copies import Copy


class Kind(StrEnum):
    """The kinds of write. What a draft tells of a post that is scheduled, and the other way round, nobody knows."""

    CREATE = "create"
    DRAFT = "draft"
    UPDATE = "update"
    DELETE = "delete"

    @property
    def noun(self) -> str:
        return _NOUNS[self]


_NOUNS = {Kind.CREATE: "post", Kind.DRAFT: "draft", Kind.UPDATE: "edit", Kind.DELETE: "removal"}


@dataclass(frozen=True, slots=True)
class Contact:
    """What one part of a ledger knows of it."""

    verified: tuple[str, ...] = ()
    """The kinds of which a write was followed to its end, and found as it was sent."""
    doubts: Mapping[str, int] = field(default_factory=dict)
    """By kind, the key of the copy that was not: nothing of the kind is written until that is settled."""
    allowed: tuple[str, ...] = ()
    """What Publer may show otherwise than it was sent (--allow-rewritten): field and network, as `text/facebook`."""
    replaces: tuple[str, ...] = ()
    """The networks on which an edit did not stand: there a new post replaces the old one."""
    backup: str = ""
    """Where the list is of what Publer had before the first write."""

    @property
    def differs(self) -> bool:
        """Whether Publer was seen to keep something otherwise than it was sent."""
        return bool(self.doubts or self.allowed or self.replaces)

    def verifying(self, *kinds: Kind) -> Contact:
        return replace(self, verified=tuple(sorted({*self.verified, *kinds})))

    def allowing(self, fields: Iterable[str]) -> Contact:
        return replace(self, allowed=tuple(sorted({*self.allowed, *fields})))

    def replacing(self, network: str) -> Contact:
        return replace(self, replaces=tuple(sorted({*self.replaces, network})))

    def doubting(self, kind: Kind, key: int) -> Contact:
        return replace(self, doubts={**self.doubts, kind: key})

    def without_doubt(self, kind: str) -> Contact:
        return replace(self, doubts={each: key for each, key in self.doubts.items() if each != kind})


NO_CONTACT = Contact()


def kind_of(copy: Copy) -> Kind:
    """The kind of write that made it."""
    return Kind.DRAFT if copy.draft else Kind.CREATE


def seen_of(contact: Contact, copies: Iterable[Copy]) -> frozenset[Kind]:
    """The kinds of which there is a verified one: noted, or in a copy that a list showed, adopted ones and those of older versions too."""
    listed = {
        kind_of(copy)
        for copy in copies
        if copy.post_id and copy.verified_at and not copy.alone and copy.sent != Content()
    }
    return frozenset(map(Kind, contact.verified)) | listed
