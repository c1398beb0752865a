"""A hold as a value: which posts are kept out of Publer, since when, and why."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING

from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.alike import folded_labels
from publer_sync.values.decoding import KEY, decode, encode

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from publer_sync.values.content import Json


@dataclass(frozen=True, slots=True)
class Hold:
    """What is left empty restricts nothing. `settings`: it comes from publer.yaml, not from the command.

    `accounts` are Publer's ids. `first` is the first instant, `last` the one after the last day.
    """

    reason: str
    since: datetime
    accounts: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    first: datetime | None = field(default=None, metadata={KEY: "from"})
    last: datetime | None = field(default=None, metadata={KEY: "to"})
    settings: bool = False
    left_alone: frozenset[str] = field(default=frozenset(), compare=False)
    """Publer's ids of the posts in scope that were not managed here when it began: hold has named them."""

    def covers(self, account: str, times: Iterable[datetime], labels: Iterable[str]) -> bool:
        """Whether a post is in scope: on its account, at one of its times, with one of its labels."""
        return (
            (not self.accounts or account in self.accounts)
            and (not self.labels or not folded_labels(self.labels).isdisjoint(folded_labels(labels)))
            and any(
                (self.first is None or at >= self.first) and (self.last is None or at < self.last)
                for at in times
            )
        )

    def to_json(self) -> dict[str, Json]:
        return encode(self)

    @classmethod
    def from_json(cls, item: dict[str, Json]) -> Hold:
        """Raises TypeError, ValueError or KeyError if the data has another form."""
        return decode(cls, item, newer=True)


def joined_holds(holds: Iterable[Hold], more: Iterable[Hold]) -> tuple[Hold, ...]:
    """The holds, and those of `more` that add something: the same hold again keeps the time of the first."""
    known = list(holds)
    for hold in more:
        same = next((n for n, each in enumerate(known) if replace(each, since=hold.since) == hold), None)
        if same is None:
            known.append(hold)
        else:
            known[same] = replace(known[same], left_alone=known[same].left_alone | hold.left_alone)
    return tuple(known)
