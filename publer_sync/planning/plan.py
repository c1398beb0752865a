"""A plan as a value: what stands between the calendar and Publer, change by change, and what apply would refuse."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from publer_sync.content import Value
    from publer_sync.ledger.state import Record
    from publer_sync.model import Account, LivePost, Post, Workspace
    from publer_sync.problems import Location


class Action(StrEnum):
    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    RECREATE = "recreate"
    ADOPT = "adopt"
    UNCHANGED = "unchanged"
    PAST = "past"
    PENDING = "pending"
    BLOCKED = "blocked"


SILENT = frozenset({Action.UNCHANGED, Action.PAST, Action.PENDING})
"""Counted in the summary, never listed among the changes."""


class Block(StrEnum):
    ACCOUNT = "account"
    STATE = "state"
    WENT_OUT = "went_out"
    TIME_PASSED = "time_passed"
    SLOT = "slot"
    LEAD = "lead"
    EDITED = "edited"
    TWIN = "twin"
    FREEZE = "freeze"

    @property
    def option(self) -> str | None:
        """The option of apply that goes past this block; None where nothing does."""
        return {
            Block.EDITED: "--overwrite-edits",
            Block.TWIN: "--allow-twins",
            Block.FREEZE: "--allow-frozen",
        }.get(self)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that differs; `field` is a key of the calendar format, or `scheduled_at`. `blind`: Publer does not show it."""

    field: str
    before: Value
    after: Value
    blind: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one desired post, or of one owned post that nothing wants any more (`post` is None).

    `at` is the new time, or the old one where the post goes. `record` is the ledger's entry and `live` the post in
    Publer that this is about. `blocks` are all the reasons that stand against it, the most telling first; the first
    is `code` in JSON.
    """

    action: Action
    account: Account
    at: datetime
    reason: str
    post: Post | None = None
    record: Record | None = None
    live: LivePost | None = None
    diff: tuple[FieldChange, ...] = ()
    blocks: tuple[Block, ...] = ()
    would: Action | None = None
    waiting: bool = False
    missed: bool = False
    leftover: bool = False
    """The old post of a replace whose new one is there already."""
    obstacle: LivePost | None = None
    """The post that stands in the way, for the blocks `slot` and `twin`."""
    successor: Record | None = None
    """The ledger's entry of the new post, where an earlier apply made it and only the old one still has to go."""

    @property
    def id(self) -> str | None:
        if self.post is not None:
            return self.post.id
        return self.record.id if self.record else None

    @property
    def intent(self) -> Action:
        """What this is at heart: a blocked change counts as what it would be."""
        return self.would if self.action is Action.BLOCKED and self.would else self.action

    @property
    def moved_from(self) -> datetime | None:
        """The live post's time, where the change moves it."""
        old = next((change.before for change in self.diff if change.field == "scheduled_at"), None)
        return self.live.at if old is not None and self.live else None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rail that apply would stop at; `allow` is the option that goes past it."""

    code: str
    count: int
    limit: int
    allow: str


@dataclass(frozen=True, slots=True)
class Warn:
    code: str
    message: str
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything `plan` shows and `apply` does. `changes` holds every action, silent ones too, by time, then account."""

    calendar: str
    workspace: Workspace
    created_at: datetime
    timezone: str
    changes: tuple[Change, ...]
    foreign: int = 0
    posts: int = 0
    """Posts in the files, before they were spread over accounts."""
    last_apply: datetime | None = None
    apply_by: datetime | None = None
    refusals: tuple[Refusal, ...] = ()
    warnings: tuple[Warn, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    """What people call what content knows by an id or a digest: accounts by id, uploaded files by digest."""

    @property
    def listed(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.action not in SILENT)

    def count(self, action: Action) -> int:
        return sum(change.action is action for change in self.changes)

    @property
    def summary(self) -> dict[str, int]:
        """The counts of the contract's JSON, in its order."""
        return {
            **{str(action): self.count(action) for action in _COUNTED[:8]},
            "missed": sum(change.missed for change in self.changes),
            "pending": self.count(Action.PENDING),
            "waiting": sum(change.waiting for change in self.changes),
            "blocked": self.count(Action.BLOCKED),
            "foreign": self.foreign,
        }


_COUNTED = (
    Action.CREATE,
    Action.UPDATE,
    Action.REPLACE,
    Action.DELETE,
    Action.RECREATE,
    Action.ADOPT,
    Action.UNCHANGED,
    Action.PAST,
)
