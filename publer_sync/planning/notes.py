"""What a plan says beside its changes: refusals, at which apply stops, and warnings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from publer_sync.values.problems import Location


APPLY_ENDS = frozenset({"state_ci", "state_first", "state_left", "state_unseen"})
"""The codes of warnings about the place of the state, with which every apply ends before it begins."""
APPLY_STOPS = APPLY_ENDS | {"lost", "hold_waiting"}
"""The same, and those of which a plan says in other ways that every apply from here ends with them."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A safety limit that apply would stop at; `allow` is the option that goes past it."""

    code: str
    count: int
    limit: int
    allow: str
    message: str = ""
    """The sentence, where it is about more than a number of posts."""


@dataclass(frozen=True, slots=True)
class Warn:
    """`command` is what to run about it: it ends the message. `post` is where the post begins in whose lines it is."""

    code: str
    message: str
    location: Location | None = None
    command: str = ""
    post: Location | None = None

    @property
    def whole(self) -> str:
        return f"{self.message} {self.command}".rstrip()
