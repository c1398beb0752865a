"""The files that matter to posts of pages: the pages themselves, and what their posts show, wherever it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.calendar.load import read
from publer_sync.calendar.outside import relative, with_pages
from publer_sync.calendar.website.page_patterns import is_page, patterns_of
from publer_sync.networks.kinds import kind_of
from publer_sync.values.problems import errors_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from publer_sync.calendar.load import Calendar


def any_of_pages(files: Sequence[Path], top: Path) -> bool:
    """Whether a file, which may be gone, is a page of the calendar, or a picture, video or document that a page shows."""
    if not (patterns := patterns_of(with_pages(top))):
        return False
    names = [relative(file.resolve(), top) for file in files]
    if any(is_page(name) and any(each.matches(name) for each in patterns) for name in names):
        return True
    media = [file for file in files if kind_of(file.name) is not None]
    if not media:
        return False
    calendar = read(top)
    shown = _media_of(calendar)
    words = "\n".join(line for each in calendar.documents if each.page is not None for line in each.written)
    wrong = bool(errors_in((*calendar.problems, *calendar.desired.problems)))
    # Of posts with errors, nobody knows what they show.
    return any(
        file.resolve() in shown or (file.name in words and (wrong or not file.is_file())) for file in media
    )


def shown_by_pages(top: Path) -> frozenset[Path]:
    """The files that posts of pages show."""
    return _media_of(read(top)) if patterns_of(with_pages(top)) else frozenset()


def _media_of(calendar: Calendar) -> frozenset[Path]:
    pages = {each.file for each in calendar.documents if each.page is not None}
    posts = (*calendar.desired.posts, *calendar.desired.waiting)
    sources = (source for post in posts if post.location.file in pages for source in post.media)
    return frozenset(source.path.resolve() for source in sources if source.path is not None)
