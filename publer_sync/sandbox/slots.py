"""Which minutes of an account are taken, how many posts it has in a day, and what was said on X."""

from __future__ import annotations

import bisect
from dataclasses import field
from typing import TYPE_CHECKING

from publer_sync.sandbox.tables import GAP
from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from publer_sync.sandbox.records import Record, Stored

DAY = 86400.0


@dataclass(slots=True)
class Taken:
    """When the posts of one account are published, in UNIX seconds, sorted: all of them, and by daily limit."""

    times: list[float] = field(default_factory=list)
    counted: dict[str, list[float]] = field(default_factory=dict)

    def add(self, at: float, bucket: str) -> None:
        bisect.insort(self.times, at)
        bisect.insort(self.counted.setdefault(bucket, []), at)

    def crowded(self, at: float) -> bool:
        """Whether another post of the account is less than a minute away."""
        left = bisect.bisect_left(self.times, at)
        return any(abs(self.times[i] - at) < GAP for i in (left - 1, left) if 0 <= i < len(self.times))

    def full(self, at: float, bucket: str, most: int) -> bool:
        """Whether one more post would be more than `most` in some 24 hours."""
        times = self.counted.get(bucket, [])
        starts = [at, *times[bisect.bisect_right(times, at - DAY) : bisect.bisect_right(times, at)]]
        return any(
            bisect.bisect_left(times, start + DAY) - bisect.bisect_left(times, start) >= most
            for start in starts
        )


def occupy(taken: MutableMapping[str, Taken], post: Stored) -> None:
    """Count a scheduled or published post, or a draft where drafts hold minutes, against its account's minutes and day."""
    if post.account_id and post.at and post.family in {"scheduled", "published", "draft"}:
        taken.setdefault(post.account_id, Taken()).add(post.at.timestamp(), bucket_of(post.body))


def words_on_x(post: Stored) -> set[str]:
    """What a scheduled or published post says, where it is on X."""
    said = post.body.get("text") if post.body.get("network") == "twitter" else None
    return {said} if said and post.family in {"scheduled", "published"} else set()


def bucket_of(body: Record) -> str:
    """Which daily limit a post counts against."""
    details = body.get("details")
    story = body.get("type") == "story" or (isinstance(details, dict) and details.get("type") == "story")
    return "stories" if story and body.get("network") in {"facebook", "instagram"} else "posts"
