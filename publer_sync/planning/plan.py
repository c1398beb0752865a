"""A plan as a value: how Publer comes to match the calendar, change by change, and what apply would refuse."""

from __future__ import annotations

from dataclasses import field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias

from publer_sync.planning.inventory import Inventory
from publer_sync.planning.notes import APPLY_ENDS, APPLY_STOPS
from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from publer_sync.ledger.copies import Copy
    from publer_sync.ledger.hold import Hold
    from publer_sync.planning.moving import Move
    from publer_sync.planning.notes import Refusal, Warn
    from publer_sync.values.content import Value
    from publer_sync.values.model import Account, LivePost, Post, Workspace
    from publer_sync.values.signoff import SignoffNeed


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
    HELD = "held"


SILENT = frozenset({Action.UNCHANGED, Action.PAST, Action.PENDING})
"""Counted in the summary, never listed among the changes."""


class Block(StrEnum):
    HANDED_ON = "handed_on"
    ACCOUNT = "account"
    LISTING = "listing"
    NAME = "name"
    STATE = "state"
    UNREAD = "unread"
    WENT_OUT = "went_out"
    TIME_PASSED = "time_passed"
    SLOT = "slot"
    ELSEWHERE = "elsewhere"
    LEAD = "lead"
    APPROVAL = "approval"
    EDITED = "edited"
    TWIN = "twin"
    UNSEEN = "unseen"
    OLDER = "older"
    FREEZE = "freeze"

    @property
    def option(self) -> str | None:
        """The option of apply that goes past this block; None where nothing does."""
        return {
            Block.EDITED: "--overwrite-edits",
            Block.TWIN: "--allow-twins",
            Block.UNSEEN: "--allow-twins",
            Block.OLDER: "--allow-older",
            Block.FREEZE: "--allow-frozen",
        }.get(self)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that differs; `field` is a key of the calendar format, or `scheduled_at`. `blind`: Publer does not show it."""

    field: str
    before: Value
    after: Value
    blind: bool = False


# --- changes --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """A change of a post that the calendar wants. `behind` is the key of the copy that has what it gets, and loses it before."""

    post: Post
    reason: str
    behind: int = 0
    blocks: ClassVar[tuple[Block, ...]] = ()
    obstacle: ClassVar[None] = None

    @property
    def account(self) -> Account:
        return self.post.account

    @property
    def at(self) -> datetime:
        return self.post.at

    @property
    def id(self) -> str | None:
        return self.post.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Create(_Wanted):
    """`copy` is the last one that the ledger knows of the post; None where it was never sent. `by_hand`: as a copy says."""

    action: ClassVar = Action.CREATE
    copy: Copy | None = None
    by_hand: bool = False
    diff: tuple[FieldChange, ...] = ()
    live: ClassVar[None] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recreate(_Wanted):
    """Someone deleted the post in Publer."""

    action: ClassVar = Action.RECREATE
    copy: Copy
    diff: tuple[FieldChange, ...] = ()
    live: ClassVar[None] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Update(_Wanted):
    """Only text or title differ, and Publer can change them in place."""

    action: ClassVar = Action.UPDATE
    copy: Copy
    live: LivePost
    diff: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replace(_Wanted):
    """`successor` is the copy of the new post where an earlier apply made it and only the old one has to go."""

    action: ClassVar = Action.REPLACE
    copy: Copy
    live: LivePost
    diff: tuple[FieldChange, ...] = ()
    successor: Copy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopt(_Wanted):
    """A post that was made in Publer equals the calendar's. `copy` is the last one of the post that the ledger knows."""

    on_hold: bool = False
    action: ClassVar = Action.ADOPT
    live: LivePost
    copy: Copy | None = None
    diff: ClassVar[tuple[FieldChange, ...]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Past(_Wanted):
    """Its time has passed; `missed`: it was not published, or may not have been, for the `reason`, and nobody was told yet.

    `let_in`: it came with its time after that had passed, so that there was nothing to miss: a date that moved let it into
    its series, or its account joined the calendar.
    """

    action: ClassVar = Action.PAST
    copy: Copy | None = None
    live: LivePost | None = None
    missed: bool = False
    doubted: bool = False
    """Nobody knows yet whether it was published."""
    let_in: Literal["", "date", "account"] = ""
    unsigned: bool = False
    """Its sign-off was missing: to publish it by hand would pass that by."""
    diff: ClassVar[tuple[FieldChange, ...]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Managed:
    """What becomes of a post that this calendar made or adopted, whether it still wants it or not (`post` is None)."""

    account: Account
    copy: Copy
    reason: str
    blocks: ClassVar[tuple[Block, ...]] = ()
    obstacle: ClassVar[None] = None
    diff: ClassVar[tuple[FieldChange, ...]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete(_Managed):
    """`leftover`: a copy of a post that another copy stands for. `twice`: the post was published, so that nothing protects it."""

    action: ClassVar = Action.DELETE
    live: LivePost
    leftover: bool = False
    twice: bool = False
    post: ClassVar[None] = None

    @property
    def at(self) -> datetime:
        return self.live.at or self.copy.slot

    @property
    def id(self) -> str | None:
        return self.copy.id


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept(_Managed):
    post: Post | None = None
    live: LivePost | None = None

    @property
    def at(self) -> datetime:
        if self.post is not None:
            return self.post.at
        return self.live.at if self.live is not None and self.live.at else self.copy.slot

    @property
    def id(self) -> str | None:
        return self.post.id if self.post is not None else self.copy.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged(_Kept):
    """`waiting`: for someone's approval in Publer. `moves_to`: the calendar that takes it over once that is applied."""

    action: ClassVar = Action.UNCHANGED
    waiting: bool = False
    moves_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending(_Kept):
    """Sent, and not settled; `until` tells when that ends at the latest. `late`: its minute has passed, and it is not listed yet: apply does not wait for that."""

    action: ClassVar = Action.PENDING
    until: datetime
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Held(_Kept):
    """In the scope of a hold. `live` is what Publer has scheduled of it, which has to go; None where nothing is."""

    action: ClassVar = Action.HELD
    copy: Copy | None = None  # type: ignore[assignment]  # other kinds have a copy; a post that was never sent has none


Doable: TypeAlias = Create | Recreate | Update | Replace | Delete
"""What apply carries out with requests to Publer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """A change that is not tried. `blocks` are all the reasons, the most telling first; the first is `code` in JSON.

    `would` is what it is otherwise. `obstacle` is the post that blocks it, for the blocks `slot` and `twin`, and `calendar` the
    other calendar that manages it.
    """

    action: ClassVar = Action.BLOCKED
    would: Doable | Unchanged
    blocks: tuple[Block, ...]
    reason: str
    obstacle: LivePost | None = None
    calendar: str | None = None
    late: bool = False
    """Its post in Publer is overdue."""
    left: bool = False
    """Publer lists its post under the id of an account that is no longer there."""
    entry: int = 0
    """The key of the entry that was published, and that it may be."""
    doubted: bool = False
    """Whether an apply has said so: an id that it has got since decides."""
    asked: SignoffNeed | None = None
    """Whose yes it waits for."""
    needed_by: datetime | None = None
    """When that yes has to be there at the latest, so that an apply can still do it."""
    near: bool = False
    """Whether that is so soon that somebody has to be told."""
    swaps: bool = False
    """Whether it is blocked by itself and waits, by way of others, for itself: it swaps times or words with them."""
    lent: frozenset[Block] = frozenset()
    """Those that it has only because a post has them that it waits for: what ends them is not to be done with it."""
    owners: frozenset[tuple[Block, tuple[str, ...]]] = frozenset()
    """Where it waits for others: who of them all has a block itself that an option lifts, by all that options may call it."""
    since: tuple[FieldChange, ...] = ()
    """What has changed since it was last signed off; besides keys of the calendar, `account` and `day`."""

    @property
    def account(self) -> Account:
        return self.would.account

    @property
    def at(self) -> datetime:
        return self.would.at

    @property
    def id(self) -> str | None:
        return self.would.id

    @property
    def post(self) -> Post | None:
        return self.would.post

    @property
    def copy(self) -> Copy | None:
        return self.would.copy

    @property
    def live(self) -> LivePost | None:
        return self.would.live

    @property
    def diff(self) -> tuple[FieldChange, ...]:
        return self.would.diff


Tried: TypeAlias = "Doable | Held"
"""What apply may try."""
Change: TypeAlias = "Doable | Adopt | Unchanged | Past | Pending | Blocked | Held"
"""What becomes of one post. `at` is its new time, or the old one where it is removed."""


def blocked(change: Doable | Unchanged | Blocked, blocks: Sequence[Block], reason: str) -> Blocked:
    """The change with more that blocks it, the most telling first."""
    before = change.blocks if isinstance(change, Blocked) else ()
    merged = tuple(sorted({*before, *blocks}, key=list(Block).index))
    if isinstance(change, Blocked):
        return replace(change, blocks=merged, reason=reason)
    return Blocked(would=change, blocks=merged, reason=reason)


def intent(change: Change) -> Doable | Adopt | Unchanged | Past | Pending | Held:
    """What a change is at heart: a blocked one counts as what it would be."""
    return change.would if isinstance(change, Blocked) else change


def is_missed(change: Change) -> bool:
    return isinstance(change, Past) and change.missed


def asked_of(change: Change) -> SignoffNeed | None:
    """Whose yes it waits for, besides whatever else blocks it."""
    return change.asked if isinstance(change, Blocked) else None


def waits_for_yes(change: Change) -> bool:
    """Whether nothing but a sign-off keeps it from being done, its own or that of a post that it waits for."""
    return Block.APPROVAL in change.blocks and {*change.blocks} <= {Block.APPROVAL, Block.HANDED_ON}


def is_waiting(change: Change) -> bool:
    return isinstance(change, Unchanged) and change.waiting


def _is_silent(change: Change) -> bool:
    return change.action in SILENT or (isinstance(change, Held) and change.live is None)


def awaited_page(change: Change) -> str:
    """The page that has to answer before a new post is created; "" if it waits for none."""
    wanted = intent(change)
    return (wanted.post.when_live or "") if isinstance(wanted, Create | Recreate) else ""


def moved_from(change: Change) -> datetime | None:
    """The live post's time, where the change moves it."""
    old = next((item.before for item in change.diff if item.field == "scheduled_at"), None)
    return change.live.at if old is not None and change.live else None


def soonest(change: Change) -> datetime:
    """The sooner of a post's new time and its old one in Publer."""
    return min(change.at, change.live.at) if change.live and change.live.at else change.at


# --- the plan -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything `plan` shows and `apply` does. `changes` holds every action, silent ones too, by time, then account."""

    calendar: str
    workspace: Workspace
    created_at: datetime
    timezone: str
    changes: tuple[Change, ...]
    unmanaged: int = 0
    posts: int = 0
    """Posts in the files, before they were spread over accounts."""
    last_apply: datetime | None = None
    last_good_apply: datetime | None = None
    apply_by: datetime | None = None
    refusals: tuple[Refusal, ...] = ()
    holds: tuple[Hold, ...] = ()
    warnings: tuple[Warn, ...] = ()
    inventory: Inventory = field(default_factory=Inventory)
    left: frozenset[int] = frozenset()
    """Keys of the ledger's entries that the calendar does not want."""
    still_out: frozenset[int] = frozenset()
    """Keys of the entries that were published, and that the calendar does not have as they were."""
    let_go: frozenset[int] = frozenset()
    """Those of them that no post of the calendar may be any more."""
    beside: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """The names of the other posts that say the same as an entry which the calendar has as it was sent, by its key."""
    moves: tuple[Move, ...] = ()
    """What comes from other calendars, or goes to them, with no request to Publer."""
    signoff: tuple[str, ...] = ()
    """The rules of sign-off, as the ledger keeps them."""
    people: Mapping[str, str] = field(default_factory=dict)
    """The names of those who sign off."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Names for people of what content knows by an id or a digest: accounts by id, uploaded files by digest."""

    @property
    def listed(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if not _is_silent(change))

    @property
    def ended_by(self) -> Warn | None:
        """Why an apply of it ends before it begins."""
        return next((warn for warn in self.warnings if warn.code in APPLY_ENDS), None)

    @property
    def stopped_by(self) -> tuple[Warn, ...]:
        """Why every apply from here ends before it begins, whatever it is to do."""
        return tuple(warn for warn in self.warnings if warn.code in APPLY_STOPS)

    def count(self, action: Action) -> int:
        return sum(change.action is action for change in self.changes)

    @property
    def summary(self) -> dict[str, int]:
        """The counts of the JSON, in its order."""
        return {
            **{str(action): self.count(action) for action in _COUNTED},
            "missed": sum(map(is_missed, self.changes)),
            "pending": self.count(Action.PENDING),
            "waiting": sum(map(is_waiting, self.changes)),
            "blocked": self.count(Action.BLOCKED),
            "held": self.count(Action.HELD),
            "foreign": self.unmanaged,
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
