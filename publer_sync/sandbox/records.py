"""Posts as the service keeps them, its ids and its times. No disk, no network, no clock."""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from publer_sync.starting.late_dataclasses import dataclass

Record = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A post. `visible` is the wall clock from which lists show it, `body` what has no field of its own."""

    id: str
    workspace: str
    account_id: str | None
    state: str
    at: datetime | None
    visible: float
    body: Record

    @property
    def family(self) -> str:
        return self.state.partition("_")[0]

    @property
    def public_id(self) -> str | int:
        """As answers have it: some ids are numbers."""
        return int(self.id) if len(self.id) < 24 and self.id.isdigit() else self.id


def new_id() -> str:
    """24 hex digits, at least one of them a letter, as the service's own."""
    return secrets.token_hex(11) + secrets.choice("abcdef") + secrets.choice("0123456789abcdef")


def label(name: str) -> Record:
    return {
        "id": hashlib.sha256(name.encode(errors="replace")).hexdigest()[:24],
        "name": name,
        "color": "#4a90d9",
    }


def parse_time(raw: Any, zone: tzinfo) -> datetime | None:
    """ISO 8601, in UTC; a time without an offset is in `zone`. None where it is not a time, or centuries away."""
    try:
        at = datetime.fromisoformat(str(raw))
        at = (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at if 1970 <= at.year < 3000 else None


def parse_window(start: str, end: str, zone: tzinfo) -> tuple[datetime, datetime]:
    """The moments from the first day's start to the last one's end, which is left out. Raises ValueError."""

    def day(raw: str) -> datetime:
        found = date.fromisoformat(raw[:10])
        if not 1970 <= found.year < 3000:
            raise ValueError(raw)
        return datetime(found.year, found.month, found.day, tzinfo=zone).astimezone(UTC)

    return day(start), day(end) + timedelta(days=1)
