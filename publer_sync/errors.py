"""What can stop a run, and the exit code each gives.

    PublerSyncError            1
    ├── CalendarError          3   the calendar is wrong; carries every Problem
    ├── SettingsError          1   key, environment, command line
    ├── StateError             1   the ledger cannot be read, written or trusted
    ├── ServiceError           1   Publer
    │   ├── Unreachable            no answer, and nothing can have been done
    │   ├── Refused                an answer that says no; nothing was done
    │   ├── Unclear                no usable answer; it may or may not have been done
    │   └── ForeignDelete          a DELETE answered with posts that were not asked for
    ├── RailError              4   a rail refuses the plan
    ├── StalePlanError         5   the plan file is out of date
    ├── UsageError            64   a command line that makes no sense
    └── Interrupted            1   somebody asked to stop

`code` is the machine-readable name in `--format json`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from publer_sync.problems import Problem


class PublerSyncError(Exception):
    """The text is for people: what, why, and the way out; it never holds the key."""

    exit_code: ClassVar[int] = 1
    default_code: ClassVar[str] = "error"

    def __init__(self, message: str, *, code: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.hint = hint


class CalendarError(PublerSyncError):
    exit_code = 3
    default_code = "calendar"

    def __init__(self, problems: tuple[Problem, ...], message: str = "the calendar has mistakes") -> None:
        super().__init__(message)
        self.problems = problems
        self.shown: str | None = None
        """The problems with their source lines, where whoever raised this had the files at hand."""


class SettingsError(PublerSyncError):
    default_code = "settings"


class StateError(PublerSyncError):
    default_code = "state"


class ServiceError(PublerSyncError):
    default_code = "service"

    def __init__(
        self, message: str, *, code: str | None = None, hint: str | None = None, status: int | None = None
    ) -> None:
        super().__init__(message, code=code, hint=hint)
        self.status = status


class Unreachable(ServiceError):
    default_code = "unreachable"


class Refused(ServiceError):
    default_code = "refused"


class Unclear(ServiceError):
    default_code = "unclear"


class ForeignDelete(ServiceError):
    default_code = "foreign_delete"


class RailError(PublerSyncError):
    exit_code = 4
    default_code = "refused_by_rail"


class StalePlanError(PublerSyncError):
    exit_code = 5
    default_code = "plan_old"


class UsageError(PublerSyncError):
    exit_code = 64
    default_code = "usage"


class Interrupted(PublerSyncError):
    default_code = "interrupted"


def plain(text: str, limit: int = 400) -> str:
    """`text` on one line that cannot drive a terminal, cut to `limit` characters."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
