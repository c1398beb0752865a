"""The changes that an apply tries, each of the type that its step needs, and how far it has come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from publer_sync.planning.plan import Create, Delete, Recreate, Replace, Update
from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from datetime import datetime

    from publer_sync.ledger.copies import Copy
    from publer_sync.planning.plan import Tried
    from publer_sync.values.model import LivePost

C_co = TypeVar("C_co", bound="Tried", covariant=True)


@dataclass(slots=True, eq=False)
class Task(Generic[C_co]):
    """A change that is tried; `index` is its place in the plan."""

    index: int
    change: C_co
    behind: Task[Tried] | None = None
    """The change of the post that has the words which this one gets, and loses them before."""

    @property
    def account(self) -> str:
        return self.change.account.id

    @property
    def at(self) -> datetime:
        return self.change.at


EditTask: TypeAlias = Task[Update]
Removal: TypeAlias = Task[Delete]


@dataclass(frozen=True, slots=True)
class Old:
    """A post in Publer that a new one replaces; `key` is that of its copy."""

    key: int
    live: LivePost


@dataclass(slots=True, eq=False)
class Creation(Task[Create | Recreate | Replace]):
    """A new post, and the one it replaces.

    `old` is the replaced post while it is in Publer; `out` is the same once it was removed to make room for a new post
    that is not listed yet. `made` is the ledger's copy of the new post, from its intent on.
    """

    old: Old | None = None
    out: Old | None = None
    made: Copy | None = None
    old_first: bool = False
    """Publer refused the new post for the minute that the old one holds, or X for its words, so the old one goes first."""
    alone: bool = False
    """It is the first of its kind, and nothing else of the kind is sent before it has ended."""

    @property
    def draft(self) -> bool:
        return self.change.post.draft
