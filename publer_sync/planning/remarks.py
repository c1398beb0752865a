"""The warnings of validate that a plan repeats."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING

from publer_sync.planning.notes import Warn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from publer_sync.model import Post
    from publer_sync.planning.plan import Plan
    from publer_sync.problems import Problem


def bearing_on(plan: Plan, desired: Sequence[Post], remarks: Iterable[Problem]) -> Iterator[Warn]:
    """The warnings about posts that something happens to; validate shows those about the others."""
    starts: dict[str, list[int]] = defaultdict(list)
    for file, line in sorted({(post.location.file, post.location.line) for post in desired}):
        starts[file].append(line)
    concerned = {change.post.location for change in plan.listed if change.post}
    lines = {(location.file, location.line) for location in concerned}
    for remark in remarks:
        where = remark.location
        if where is None:
            continue
        posts = starts[where.file]
        index = bisect_right(posts, where.line)
        if index and (where.file, posts[index - 1]) in lines:
            yield Warn(remark.code, remark.message, where)
