"""What the page asks for, read from its JSON by the types: whatever has another form is refused."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any, TypeVar, cast

from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.decoding import KEY, decode

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

T = TypeVar("T")


class BadRequest(Exception):
    """The page asked in a form that the studio does not know."""


@dataclass(frozen=True, slots=True)
class MoveOrder:
    """`day` and `time` are in the calendar's zone: the post's own, or with `accounts` those of these accounts, which alone move.

    `part` says which post of a series is meant, and `series` whether it moves alone (`this`, of which the part has to be known) or
    with all after it (`all`; without a part, all of them).
    """

    day: str | None = None
    time: str | None = None
    accounts: tuple[str, ...] | None = None
    series: str | None = None
    part: str | None = None
    by: int | None = None
    """So many days later, instead of a day."""
    of: str | None = None
    """The account whose day and time these are, whether it moves or not; the others move by as much."""
    at: datetime | None = None
    """The moment, instead of a day and a time: one that a time of day alone might not tell."""


@dataclass(frozen=True, slots=True)
class LabelOrder:
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RemoveOrder:
    """As in a move: `this` names its `part`."""

    series: str | None = None
    part: str | None = None


@dataclass(frozen=True, slots=True)
class DuplicateOrder:
    """Without `time`, the copy has that of the post; with `of`, day and time are those of this account, as in a move, and so is `at`."""

    day: str
    part: str | None = None
    time: str | None = None
    of: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SwapOrder:
    """The post makes this `move` into the minute of the other one, which takes the minute that it leaves there."""

    move: MoveOrder
    other: str = field(metadata={KEY: "with"})


@dataclass(frozen=True, slots=True)
class MediumFields:
    """As in all of these, only what is in `given` is meant; what else the file says of it stays."""

    given: frozenset[str]
    path: str
    alt: str = ""

    @classmethod
    def from_json(cls, data: Any) -> MediumFields:
        return decode(cls, data, given=frozenset(data))


@dataclass(frozen=True, slots=True)
class PartFields:
    """A part of a thread; `was` is its number among those that the file has, None for a new one."""

    text: str
    was: int | None = None


@dataclass(frozen=True, slots=True)
class CommentFields:
    given: frozenset[str]
    text: str
    after: str | None = None

    @classmethod
    def from_json(cls, data: Any) -> CommentFields:
        return decode(cls, data, given=frozenset(data))


@dataclass(frozen=True, slots=True)
class PollFields:
    given: frozenset[str]
    options: tuple[str, ...]
    duration: str | None = None
    question: str | None = None

    @classmethod
    def from_json(cls, data: Any) -> PollFields:
        return decode(cls, data, given=frozenset(data))


@dataclass(frozen=True, slots=True)
class PostFields:
    """What a post is to say; only the fields in `given` are meant, and None takes one away."""

    given: frozenset[str]
    text: str | None = None
    texts: Mapping[str, str | None] = field(default_factory=dict)
    title: str | None = None
    thread: tuple[PartFields, ...] | None = None
    comment: CommentFields | None = None
    link: str | None = None
    labels: tuple[str, ...] | None = None
    draft: bool | None = None
    note: str | None = None
    accounts: tuple[str, ...] | None = None
    media: tuple[MediumFields, ...] | None = None
    poll: PollFields | None = None

    @classmethod
    def from_json(cls, data: Any) -> PostFields:
        return decode(cls, data, given=frozenset(data))


@dataclass(frozen=True, slots=True)
class NewOrder:
    """A new post on a day of the calendar's zone, in `file` or in that of the month."""

    fields: PostFields
    calendar: str
    day: str
    time: str | None = None
    file: str | None = None
    id: str | None = None

    @classmethod
    def from_json(cls, data: Any) -> NewOrder:
        own = {key: each for key, each in data.items() if key in cls.__dataclass_fields__}
        rest = {key: each for key, each in data.items() if key not in own}
        return decode(cls, own, fields=PostFields.from_json(rest))


@dataclass(frozen=True, slots=True)
class StudioOrder:
    """One thing to do; only `move` and `edit` go together."""

    move: MoveOrder | None = None
    edit: PostFields | None = None
    remove: RemoveOrder | None = None
    duplicate: DuplicateOrder | None = None
    swap: SwapOrder | None = None
    new: NewOrder | None = None
    label: LabelOrder | None = None


@dataclass(frozen=True, slots=True)
class ChosenPost:
    """A post as the page knows it; `part` is one of a series."""

    key: str
    revision: str
    part: str | None = None


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """An order, and the post as the page knows it, or several in its place; a new post has neither key nor revision."""

    do: StudioOrder
    key: str | None = None
    revision: str | None = None
    posts: tuple[ChosenPost, ...] = ()

    @property
    def known(self) -> tuple[ChosenPost, ...]:
        """The posts that it is about, as the page knows them."""
        return self.posts or ((ChosenPost(self.key, self.revision or ""),) if self.key is not None else ())


def change_request(data: Any) -> ChangeRequest:
    """Raises BadRequest."""
    request = read_request(ChangeRequest, data)
    asked = {
        key
        for key in ("move", "edit", "remove", "duplicate", "swap", "new", "label")
        if getattr(request.do, key)
    }
    if not asked or (len(asked) > 1 and asked != {"move", "edit"}):
        raise BadRequest("Ask for one thing at a time: move, edit, remove, duplicate, swap or new.")
    if request.posts and (request.key is not None or not asked <= {"move", "remove", "label"}):
        raise BadRequest("Several posts are moved, removed or labelled together.")
    if (not request.known) != ("new" in asked):
        raise BadRequest("A change names its post, and a new post has no key.")
    return request


def read_request(kind: type[T], data: Any) -> T:
    """Raises BadRequest."""
    try:
        reads: Any = getattr(kind, "from_json", None)
        return cast("T", reads(data)) if reads is not None else decode(kind, data)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise BadRequest(f"The page asked in another form than this version knows ({error}).") from error


@dataclass(frozen=True, slots=True)
class DaysRequest:
    """The span is from `start` to `end`, both included."""

    key: str
    start: str = field(metadata={KEY: "from"})
    end: str = field(metadata={KEY: "to"})
    accounts: tuple[str, ...] | None = None
    part: str | None = None
    time: str | None = None
    series: str | None = None
    of: str | None = None
    """As in a move: the account whose day and time these are."""


@dataclass(frozen=True, slots=True)
class WordsRequest:
    """The fields as they are typed; without a key, those of a new post."""

    fields: PostFields
    key: str | None = None
    calendar: str | None = None
    day: str | None = None
    revision: str | None = None

    @classmethod
    def from_json(cls, data: Any) -> WordsRequest:
        own = {key: each for key, each in data.items() if key in cls.__dataclass_fields__}
        rest = {key: each for key, each in data.items() if key not in own}
        return decode(cls, own, fields=PostFields.from_json(rest))


@dataclass(frozen=True, slots=True)
class ReviewRequest:
    """`mark` is that of what was shown; `line` says what changes."""

    mark: str
    line: str = ""


@dataclass(frozen=True, slots=True)
class StepRequest:
    """Which step; None for the latest."""

    step: int | None = None


@dataclass(frozen=True, slots=True)
class KeptRequest:
    """What is in a form and not saved; without `values`, it is saved or thrown away."""

    name: str
    key: str | None = None
    calendar: str | None = None
    values: Any = None
    page: str = ""
    """Which of the pages that are open asks."""
    again: bool = False
    """It asked before, and had no answer."""


@dataclass(frozen=True, slots=True)
class PictureRequest:
    """A picture of the media folder that goes, or comes `back`."""

    path: str
    calendar: str | None = None
    back: bool = False


@dataclass(frozen=True, slots=True)
class FreshRequest:
    """A new post: on this `day`, or from `start` on."""

    calendar: str | None = None
    day: str | None = None
    start: str | None = field(default=None, metadata={KEY: "from"})


@dataclass(frozen=True, slots=True)
class RestoreRequest:
    """A file of the calendar with this number as the last commit has it, or the post that stood on a `line` there."""

    file: str
    calendar: int = 0
    line: int | None = None
