"""Keys of a post that only some networks have: their place in what is sent, and their source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.starting.late_patterns import late_pattern

if TYPE_CHECKING:
    from publer_sync.values.content import Json


@dataclass(frozen=True, slots=True)
class Field:
    """One such key. `wire` is its path in the item sent, from `network` or from `account`.

    `types` are the post types it is for (none: all). `unproved` says why Publer may not act on it.
    """

    name: str
    wire: tuple[str, ...]
    source: str
    types: tuple[str, ...] = ()
    unproved: str | None = None
    sends: str | None = None
    """For a switch: what true is sent as. False then sends nothing."""
    says: tuple[str, str] | None = None
    """For a switch: what people are told of one that is on, and of one that is off."""
    moment: bool = False
    """Whether it is a time, sent in the one form that JSON has for it."""
    named: Literal["", "albums", "signatures", "locations"] = ""
    """Publer's list of its names; its value is then an ID or a name of that list."""

    def is_name(self, value: Json) -> bool:
        """Whether Publer has to be asked for this value's ID."""
        return bool(self.named) and isinstance(value, str) and not _ID.fullmatch(value)


_ID: Final = late_pattern("[0-9a-f]{24}|[0-9]{8,}")
"""Publer's own IDs, and those of the networks. A shorter number may be a name, such as a year."""
API: Final = "Publer's API description"


def docs(page: str) -> str:
    """A page of Publer's documentation, as a source."""
    return f'Publer docs, "{page}"'


def field(
    name: str,
    wire: str,
    source: str,
    *types: str,
    sends: str | None = None,
    says: tuple[str, str] | None = None,
    moment: bool = False,
    named: Literal["", "albums", "signatures", "locations"] = "",
) -> Field:
    """A row of the table; `wire` is written with dots."""
    path = tuple(wire.split("."))
    return Field(name, path, source, types, sends=sends, says=says, moment=moment, named=named)


def detail(name: str, source: str, *types: str, says: tuple[str, str] | None = None) -> Field:
    """A row whose key has the same name in Publer, among the network's details."""
    return field(name, f"network.details.{name}", source, *types, says=says)


def unproved(name: str, wire: str, *types: str, says: tuple[str, str] | None = None) -> Field:
    """A row whose key appears only in Publer's API description."""
    reason = "only Publer's API description has this key, no example does, and Publer ignores keys it does not know"
    return Field(name, ("network", wire), API, types, unproved=reason, says=says)
