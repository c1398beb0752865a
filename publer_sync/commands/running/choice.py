"""What a command line says, as values: which calendar and posts, what may be done, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.planning.allow import Allow


@dataclass(frozen=True, slots=True)
class Choice:
    """What the command line chose; `calendar`, `state` and `sandbox_file` are as written."""

    calendar: Path | None = None
    accounts: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    state: str | None = None
    sandbox: bool = False
    sandbox_file: Path | None = None
    now: str | None = None
    release: str | None = None
    """How people end a hold, where not by a command."""
    gone: tuple[str, ...] = ()
    """Calendars that left the repository, whose posts are to go (--gone)."""
    first: bool = False
    """Whether the calendar gets its first state here, whatever other places have (--first)."""
    together: tuple[Path, ...] = ()
    """All calendars of the command, where it has several."""


@dataclass(frozen=True, slots=True)
class Consent:
    """What an apply may do; `yes`: nobody is asked. `trust`: the state is taken without its signature."""

    allow: Allow
    yes: bool = False
    trust: bool = False

    @classmethod
    def of(cls, *, yes: bool, trust: bool, **options: Any) -> Consent:
        """`options` are the fields of Allow."""
        from publer_sync.planning.allow import Allow

        return cls(Allow(**options), yes, trust)


@dataclass(frozen=True, slots=True)
class HoldRequest:
    """Which posts a hold takes out, beside the calendar, accounts and days. `timeout`, here and below, is in seconds."""

    reason: str
    labels: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    timeout: float = 300.0
    yes: bool = False
    diff: bool = False


@dataclass(frozen=True, slots=True)
class ReleaseRequest:
    """How a hold ends. `diff`: it is only shown what would happen."""

    timeout: float = 300.0
    older: bool = False
    """Whether files count that are older than those that were applied last (--allow-older)."""
    yes: bool = False
    diff: bool = False
