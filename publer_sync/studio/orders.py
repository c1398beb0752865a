"""What the page asks for, read from its JSON by the types: whatever has another form is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from publer_sync.decoding import decode


@dataclass(frozen=True, slots=True)
class MoveOrder:
    """`day` and `time` are in the calendar's zone; `of`: they are those of the post on this account, and others move with it.

    `accounts`: only these move. `part` says which post of a series is meant.
    """

    day: str | None = None
    time: str | None = None
    accounts: tuple[str, ...] | None = None
    series: str | None = None
    part: str | None = None
    of: str | None = None


@dataclass(frozen=True, slots=True)
class StudioOrder:
    """One thing to do: exactly one of these is set."""

    move: MoveOrder | None = None


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """An order, and the post as the page knows it; a new post has no key."""

    do: StudioOrder
    key: str | None = None
    revision: str | None = None


class BadRequest(Exception):
    """The page asked in a form that the studio does not know."""


def change_request(data: Any) -> ChangeRequest:
    """Raises BadRequest."""
    try:
        return decode(ChangeRequest, data)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise BadRequest(f"not a change: {error}") from error
