"""What a post says, as a value: parsed once from the calendar or the state, serialized in one place.

Two calendars that mean the same give equal content. Texts have no outer white space, media are identified by a digest
of their bytes, accounts by their ids, and what is not set is empty.
"""

from __future__ import annotations

import json
from dataclasses import field, fields, replace
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Final, TypeAlias

from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.decoding import decode, readers

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
JsonObject: TypeAlias = "dict[str, Json]"

_MINUTES: Final = {"Minute": 1, "Hour": 60, "Day": 1_440, "Week": 10_080}


@dataclass(frozen=True, slots=True)
class Duration:
    """`unit` is Publer's: Minute, Hour, Day or Week."""

    duration: int
    unit: str

    @classmethod
    def of(cls, minutes: int) -> Duration:
        """In the largest unit of Day, Hour and Minute without a remainder, so that `1w` and `7d` are the same."""
        unit = next(unit for unit in ("Day", "Hour", "Minute") if minutes % _MINUTES[unit] == 0)
        return cls(minutes // _MINUTES[unit], unit)

    @property
    def minutes(self) -> int:
        return self.duration * _MINUTES.get(self.unit, 0)


AT_ONCE: Final = Duration(1, "Minute")
"""The shortest age that Publer's conditions show: what should follow at once follows after it."""


@dataclass(frozen=True, slots=True)
class Medium:
    """A picture, video or document. One of `file` (a digest), `url` and `id` says which; `thumbnail` is a reference."""

    file: str = ""
    url: str = ""
    id: str = ""
    alt: str = ""
    caption: str = ""
    thumbnail: str = ""

    @property
    def reference(self) -> str:
        """What identifies it: the digest of its content, a URL or Publer's id."""
        return self.file or self.url or self.id


@dataclass(frozen=True, slots=True)
class Link:
    """`image` is a reference to a picture, or its URL."""

    url: str = ""
    title: str = ""
    description: str = ""
    image: str = ""
    call_to_action: str = ""
    phone_number: str = ""


@dataclass(frozen=True, slots=True)
class Poll:
    options: tuple[str, ...] = ()
    duration: Duration | None = None
    question: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One more part of a thread."""

    text: str = ""
    media: tuple[Medium, ...] = ()


@dataclass(frozen=True, slots=True)
class Comment:
    """`engagement` and `reach`, here and below, are `over 50` or `under 50`: it is waited for as well as `after`."""

    text: str = ""
    media: tuple[Medium, ...] = ()
    after: Duration = AT_ONCE
    language: str = ""
    engagement: str = ""
    reach: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """`accounts` are ids, sorted."""

    accounts: tuple[str, ...] = ()
    after: Duration | None = None
    text: str = ""
    engagement: str = ""
    reach: str = ""


@dataclass(frozen=True, slots=True)
class AutoDelete:
    after: Duration
    hide: bool = False
    engagement: str = ""
    reach: str = ""


Compound: TypeAlias = "Link | Poll | Share | AutoDelete | Duration | Medium | Part | Comment"
Value: TypeAlias = (
    "Json | Compound | tuple[Medium, ...] | tuple[Part, ...] | tuple[Comment, ...] | tuple[str, ...]"
)
"""What one key of a post holds, or one key of that."""


@dataclass(frozen=True)
class Content:
    """Everything the calendar says of a post on one account, except account, time and id.

    `network` holds the network's own fields, each as its schema describes it.
    """

    text: str = ""
    title: str = ""
    type: str = ""
    link: Link | None = None
    media: tuple[Medium, ...] = ()
    poll: Poll | None = None
    thread: tuple[Part, ...] = ()
    comments: tuple[Comment, ...] = ()
    share: Share | None = None
    auto_delete: AutoDelete | None = None
    labels: tuple[str, ...] = ()
    draft: bool = False
    network: Mapping[str, Json] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, Value]:
        """What is set, by the calendar's keys."""
        common = {key: value for key, value in zip(_KEYS, _values_of(self), strict=True) if value}
        return {**common, **self.network}

    @property
    def url(self) -> str:
        return self.link.url if self.link else ""

    @cached_property
    def digest(self) -> str:
        """A short fingerprint, the same on every machine and in every run."""
        return digest_of(self.to_json())

    @property
    def comparable(self) -> Hashable:
        """Equal where the digests are equal: for posts that are only compared, where none has to be written down."""
        return self.digest if self.network else _values_of(self)  # in JSON, True and 1 differ

    def to_json(self) -> dict[str, Json]:
        return {key: to_json(value) for key, value in self.values.items()}

    @classmethod
    def from_json(cls, data: Mapping[str, Json]) -> Content:
        """Raises ValueError, TypeError or KeyError if the data has another form."""
        known = {key: value for key, value in data.items() if key in _KEYS}
        return decode(cls, known, network={key: value for key, value in data.items() if key not in _KEYS})

    def revised(self, revision: Revision) -> Content:
        """The content once an update has reached Publer."""
        title = self.title if revision.title is None else revision.title
        return replace(self, text=revision.text, title=title)


@dataclass(frozen=True, slots=True)
class Revision:
    """What an update in place writes: Publer changes only these two fields. None leaves the title as it is."""

    text: str
    title: str | None = None


_KEYS: Final = tuple(item.name for item in fields(Content) if item.name != "network")
_values_of: Final = attrgetter(*_KEYS)


def to_json(value: Value) -> Json:
    """The canonical JSON of one value; what is empty in it is left out."""
    if isinstance(value, tuple):
        return [to_json(inner) for inner in value]
    if isinstance(value, (Link, Poll, Share, AutoDelete, Duration, Medium, Part, Comment)):
        return to_object(value)
    return value


def to_object(value: Compound) -> JsonObject:
    return {key: to_json(inner) for key, inner in parts_of(value).items()}


def parts_of(value: Compound) -> dict[str, Value]:
    """What is set in it, key by key."""
    kind = value.__class__
    return {
        key: inner
        for key in _PARTS[kind]
        if (inner := getattr(value, key)) or key == "options" or kind is Duration
    }


_PARTS: Final = {
    kind: tuple(item.name for item in fields(kind))
    for kind in (Link, Poll, Share, AutoDelete, Duration, Medium, Part, Comment)
}
"""The fields of each object: asking for them takes longer than reading them."""


def digest_of(data: Json) -> str:
    import hashlib

    return hashlib.sha256(_canonical(data).encode()).hexdigest()[:32]


_canonical: Final = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode
"""`json.dumps` makes an encoder for each call."""


# --- from JSON ------------------------------------------------------------------------------------------------------


def value_from_json(field: str, data: Json) -> Value:
    """What `to_json` made of the value of a key such as `media`, or of a part such as `link.url`. Raises as `from_json`."""
    head, _, part = field.partition(".")
    kind = _PARTED.get(head) if part else Content
    found = readers(kind).get(part or head) if kind is not None else None
    value: Value = data if found is None or data is None else found[2](data)
    return value


_PARTED: Final[Mapping[str, type]] = {"link": Link, "poll": Poll, "share": Share, "auto_delete": AutoDelete}
"""The keys whose parts a difference names."""
