"""A list of posts page by page, up to where nothing new can come, whatever the pages are like.

The size of a page is documented nowhere. Some services ignore `page` and answer with all each time, some count pages
from 1, and a `total` may count no more than its own page: so what a run has seen of pages counts, not what they say.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable

    from publer_sync.publer.listed import Page
    from publer_sync.values.model import LivePost

MAX_PAGES = 2000


@dataclass(slots=True)
class PageSize:
    """What a run has learnt of the service's pages."""

    room: int = -1
    """Rows of the fullest page after which nothing came: a page holds at least as many."""
    size: int | None = None
    """Rows of the fullest page after which more came."""
    counts: bool = False
    """Whether a total was seen that counts more than its own page."""
    numbered: bool = True
    """False: `page` is ignored."""

    def is_full(self, rows: int) -> bool:
        """Whether a page of so many rows may be one of several, whatever its total says."""
        if self.size is not None:
            return self.numbered and rows >= self.size
        as_full = rows == self.room > 0 and not self.counts
        return self.numbered and (rows > self.room or as_full)


@dataclass(slots=True)
class ReadPages:
    """What all pages of a list have. None: an entry that belongs to no account."""

    entries: dict[tuple[str, str], LivePost | None] = field(default_factory=dict)
    unread: dict[tuple[str, str, str], LivePost] = field(default_factory=dict)
    total: int | None = None
    """What the service counts; None where it does not say so, or where it was seen not to be all."""
    longest: int = 0
    """Rows of the longest page."""

    @property
    def is_whole(self) -> bool:
        return self.total is not None and len(self.entries) >= self.total

    @property
    def short(self) -> int:
        """How many are missing of those that the service counts."""
        nameless = sum(not post.id for post in self.unread.values())
        return max(0, (self.total or 0) - len(self.entries) - nameless)


def read_pages(ask: Callable[[int], Page], learnt: PageSize) -> ReadPages:
    """All pages, each asked for by its number.

    A short page is not the last. After one that may be full one more is asked for, also where the total says that this
    was all; after one that repeats others, too; and after an empty one, where posts are missing or no total tells. Raises
    Unreachable where there is no end.
    """
    pages = ReadPages()
    told = True
    repeats = empty = 0
    for number in range(MAX_PAGES):
        page = ask(number)
        rows = len(page.keys)
        learnt.counts = learnt.counts or (page.total or 0) > rows
        is_new = not page.keys <= pages.entries.keys()
        if is_new and pages.entries:
            learnt.size = max(learnt.size or 0, pages.longest)
        _add(pages, page)
        told = told and (page.total is None or len(pages.entries) <= page.total)
        # One that falls meanwhile tells of a post that went: the rows after it moved up, over the end of a page.
        counted = [total for total in (pages.total, page.total) if total is not None]
        pages.total = max(counted) if told and counted else None
        repeats, empty = repeats + (not is_new and rows > 0), 0 if rows else empty + 1
        if is_new:
            done = pages.is_whole and not learnt.is_full(rows)
        elif rows:
            done = repeats == 2 or not learnt.numbered
            learnt.numbered = learnt.numbered and not (repeats == 2 and number == 2)
        else:
            done = empty == 2 or (pages.is_whole and not (number == 0 and learnt.is_full(0)))
            learnt.room = max(learnt.room, pages.longest) if done else learnt.room
        if done:
            return pages
    raise Unreachable(
        f"Publer's list of posts does not end: {len(pages.entries)} posts on {MAX_PAGES} pages",
        hint="Ask for fewer days, or run again later; that is safe.",
    )


def _add(pages: ReadPages, page: Page) -> None:
    for post in page.posts:
        pages.entries.setdefault((post.id, post.account_id), post)
    for key in page.keys:
        pages.entries.setdefault(key, None)
    for post in page.unread:
        pages.unread.setdefault((post.id, post.account_id, post.unread), post)
    pages.longest = max(pages.longest, len(page.keys))
