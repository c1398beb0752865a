"""A check and what it found. A check is skipped if one that it needs has failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import CalendarError, PublerSyncError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Status = Literal["ok", "warning", "failure", "skipped"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found, on one line, and the fix where something is wrong."""

    message: str
    status: Status = "ok"
    fix: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """`needs` names earlier checks; if one of them fails, this one is skipped. `examine` may raise a PublerSyncError."""

    name: str
    examine: Callable[[], Finding]
    needs: tuple[str, ...] = ()


def run(checks: Sequence[Check]) -> dict[str, Finding]:
    """Every finding by the check's name, in order. What a check raises is a failure."""
    findings: dict[str, Finding] = {}
    for check in checks:
        missing = [name for name in check.needs if findings[name].status in ("failure", "skipped")]
        if missing:
            findings[check.name] = Finding(f"needs {', '.join(missing)}", "skipped")
            continue
        try:
            findings[check.name] = check.examine()
        except PublerSyncError as error:
            findings[check.name] = failure(error)
    return findings


def counted(number: int, one: str) -> str:
    return f"{number:,} {one if number == 1 else one + 's'}"


def failure(error: PublerSyncError) -> Finding:
    if isinstance(error, CalendarError) and error.problems:
        first, *more = error.problems
        where = f"{first.location}: " if first.location else ""
        others = f" (and {len(more)} more)" if more else ""
        return Finding(f"{where}{first.message}{others}", "failure", str(first.help or "") or None)
    return Finding(error.message, "failure", error.hint)
