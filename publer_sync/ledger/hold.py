"""A hold as a value: which posts are kept out of Publer, since when, and why."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from publer_sync.model import iso

if TYPE_CHECKING:
    from collections.abc import Iterable

    from publer_sync.content import Json


@dataclass(frozen=True, slots=True)
class Hold:
    """What is left empty restricts nothing. `settings`: it comes from publer.yaml, not from the command.

    `accounts` are Publer's ids. `first` is the first instant, `last` the one after the last day.
    """

    reason: str
    since: datetime
    accounts: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    first: datetime | None = None
    last: datetime | None = None
    settings: bool = False
    left_alone: frozenset[str] = field(default=frozenset(), compare=False)
    """Publer's ids of the posts in scope that were not managed here when it began: hold has named them."""

    def covers(self, account: str, times: Iterable[datetime], labels: Iterable[str]) -> bool:
        """Whether a post is in scope: on its account, at one of its times, with one of its labels."""
        return (
            (not self.accounts or account in self.accounts)
            and (not self.labels or not {*self.labels}.isdisjoint(labels))
            and any(
                (self.first is None or at >= self.first) and (self.last is None or at < self.last)
                for at in times
            )
        )

    def to_json(self) -> dict[str, Json]:
        full: dict[str, Json] = {
            "reason": self.reason,
            "since": iso(self.since),
            "accounts": list(self.accounts),
            "labels": list(self.labels),
            "from": iso(self.first) if self.first else None,
            "to": iso(self.last) if self.last else None,
            "settings": self.settings,
            "left_alone": [*sorted(self.left_alone)],
        }
        return {key: value for key, value in full.items() if value or key == "reason"}

    @classmethod
    def from_json(cls, item: dict[str, Json]) -> Hold:
        return cls(
            reason=str(item["reason"]),
            since=cast("datetime", moment_of(item["since"])),
            accounts=_texts(item.get("accounts")),
            labels=_texts(item.get("labels")),
            first=moment_of(item.get("from")),
            last=moment_of(item.get("to")),
            settings=bool(item.get("settings")),
            left_alone=frozenset(_texts(item.get("left_alone"))),
        )


def together(holds: Iterable[Hold], more: Iterable[Hold]) -> tuple[Hold, ...]:
    """The holds, and those of `more` that add something: the same hold again keeps the time of the first."""
    known = list(holds)
    for hold in more:
        same = next((n for n, each in enumerate(known) if replace(each, since=hold.since) == hold), None)
        if same is None:
            known.append(hold)
        else:
            known[same] = replace(known[same], left_alone=known[same].left_alone | hold.left_alone)
    return tuple(known)


def _texts(value: Json) -> tuple[str, ...]:
    return tuple(str(item) for item in cast("list[Json] | None", value) or ())


def moment_of(value: Json) -> datetime | None:
    return None if value is None else datetime.fromisoformat(str(value)).astimezone(UTC)
