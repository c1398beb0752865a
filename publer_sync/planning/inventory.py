"""What in Publer, besides the posts of the calendar, decides how much an apply has to do."""

from __future__ import annotations

from math import ceil

from publer_sync.starting.late_dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Inventory:
    """What Publer has: how many posts it lists, how many of them on a page, and the media that content refers to.

    `page` is 0 where all came on one: no document says how many fit.
    """

    posts: int = 0
    page: int = 0
    media: frozenset[str] = frozenset()

    def pages(self, more: int = 0) -> int:
        """The pages of a listing once there are so many more posts."""
        return max(1, ceil((self.posts + more) / (self.page or max(100, self.posts))))
