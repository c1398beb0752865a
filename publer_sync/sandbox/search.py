"""Which posts a list is to show, and the same in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Which posts a list is to show. Empty means all; `window` leaves its end out; `seen_at` is wall clock."""

    workspace: str
    seen_at: float
    states: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    window: tuple[datetime, datetime] | None = None
    text: str = ""
    type: str = ""
    hidden: frozenset[str] = frozenset()
    drafts: bool = True

    def where(self) -> tuple[str, list[Any]]:
        """The condition, and the values that are bound to its question marks."""
        parts = ["workspace = ?", "visible <= ?"]
        values: list[Any] = [self.workspace, self.seen_at]
        if self.states and "all" not in self.states:
            parts.append("(" + " OR ".join(_state(state, values) for state in self.states) + ")")
        if self.accounts:
            parts.append(f"account_id IN ({', '.join('?' for _ in self.accounts)})")
            values += self.accounts
        if self.window:
            parts.append("at >= ? AND at < ?")
            values += [moment.timestamp() for moment in self.window]
        if self.text:
            parts.append("instr(lower(json_extract(body, '$.text')), lower(?)) > 0")
            values.append(self.text)
        if self.type:
            parts.append("json_extract(body, '$.type') = ?")
            values.append(self.type)
        parts.append(f"id NOT IN ({', '.join('?' for _ in self.hidden)})")
        values += sorted(self.hidden)
        if not self.drafts:
            parts.append("state NOT GLOB 'draft*'")
        return " AND ".join(parts), values


def _state(wanted: str, values: list[Any]) -> str:
    """A family with all its states, or one state; a draft is dated or not, whatever else it is."""
    if wanted in {"draft_dated", "draft_undated"}:
        return f"(state GLOB 'draft*' AND at IS {'NOT ' if wanted == 'draft_dated' else ''}NULL)"
    values.append(wanted)
    if "_" not in wanted:
        values.append(f"{wanted}_*")
        return "state = ? OR state GLOB ?"
    if wanted == "published_posted":
        return "state = ? OR state = 'published'"
    return "state = ?"
