"""The warnings of validate that a plan repeats, and words that an edit cuts off."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from operator import itemgetter
from typing import TYPE_CHECKING

from publer_sync.planning.notes import Warn
from publer_sync.values.content import to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from publer_sync.planning.plan import Plan
    from publer_sync.values.content import Json
    from publer_sync.values.model import Post
    from publer_sync.values.problems import Location, Problem

WAITS = "slot.next"
"""The code of the warning that a post has no time yet."""


def cut_off(plan: Plan) -> Iterator[Warn]:
    """Words that an edit ends within a word: all that they said before, up to there."""
    told: set[tuple[Location, str]] = set()
    for change in plan.listed:
        if change.post is None:
            continue
        for item in change.diff:
            for path, before, after in _texts(
                item.field.replace(".", "/"), to_json(item.before), to_json(item.after)
            ):
                where = change.post.place(path)
                if not _ends_within_a_word(before, after) or (where, path) in told:
                    continue
                told.add((where, path))
                end = after.rsplit(None, 1)[-1]
                message = f'the words of {path.replace("/", " ")} end with "{end}"; they went on "{before[len(after) - len(end) :][:40]}"'
                yield Warn("text.cut", message, where)


def _texts(path: str, before: Json, after: Json) -> Iterator[tuple[str, str, str]]:
    """The texts of both sides at the same places."""
    if isinstance(before, str) and isinstance(after, str):
        yield path, before, after
    elif isinstance(before, list) and isinstance(after, list):
        for number, (was, now) in enumerate(zip(before, after, strict=False)):
            yield from _texts(f"{path}/{number}", was, now)
    elif isinstance(before, dict) and isinstance(after, dict):
        for key in before.keys() & after.keys():
            yield from _texts(f"{path}/{key}", before[key], after[key])


def _ends_within_a_word(before: str, after: str) -> bool:
    """Only of several words: one that is shortened is a word of its own, as `lamps` and `lamp`."""
    cut = len(after) < len(before) and before.startswith(after) and len(after.split()) > 1
    return (
        cut
        and after[-1].isalpha()
        and before[len(after)].isalpha()
        and len(before.split()) > len(after.split())
    )


class PostLines:
    """In whose lines a line of a file is: of every post of the files, those that wait or are kept in store too."""

    def __init__(self, posts: Iterable[tuple[Location, int]]) -> None:
        """`posts`: where each begins, and its last line."""
        self._posts: dict[str, list[tuple[int, int, Location]]] = defaultdict(list)
        for location, last in posts:
            self._posts[location.file].append((location.line, last, location))
        for found in self._posts.values():
            found.sort()

    def above(self, where: Location) -> Location | None:
        """The last post that begins at a line or above it."""
        found = self._last(where)
        return found and found[2]

    def of(self, where: Location) -> Location | None:
        """The post that has the line."""
        found = self._last(where)
        return found[2] if found is not None and where.line <= found[1] else None

    def _last(self, where: Location) -> tuple[int, int, Location] | None:
        posts = self._posts.get(where.file, [])
        index = bisect_right(posts, where.line, key=itemgetter(0))
        return posts[index - 1] if index else None


def bearing_on(plan: Plan, lines: PostLines, remarks: Iterable[Problem]) -> Iterator[Warn]:
    """The warnings about posts that something happens to; validate shows those about the others.

    What concerns another client too is always told: something may happen to the post of that one. So is that a post
    waits for a time: nothing ever happens to it, and its day may pass.
    """
    concerned = {place for change in plan.listed if change.post for place in _places(change.post)}
    for remark in remarks:
        where = remark.location
        always = remark.code == WAITS or remark.code.startswith("client.")
        post = lines.above(where) if where is not None else None
        if always or (post is not None and (post.file, post.line) in concerned):
            yield Warn(remark.code, remark.message, where)


def _places(post: Post) -> Iterator[tuple[str, int]]:
    """Where the post begins, and the stored post of which it is a use."""
    yield post.location.file, post.location.line
    if post.use is not None:
        yield post.use.place.file, post.use.place.line
