"""The warnings of validate that a plan repeats, and words that an edit cuts off."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING

from publer_sync.planning.notes import Warn
from publer_sync.values.content import to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from publer_sync.planning.plan import Plan
    from publer_sync.values.content import Json
    from publer_sync.values.model import Post
    from publer_sync.values.problems import Location, Problem


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


def bearing_on(plan: Plan, desired: Sequence[Post], remarks: Iterable[Problem]) -> Iterator[Warn]:
    """The warnings about posts that something happens to; validate shows those about the others.

    What concerns another client too is always told: something may happen to the post of that one.
    """
    starts: dict[str, list[int]] = defaultdict(list)
    for file, line in sorted({(post.location.file, post.location.line) for post in desired}):
        starts[file].append(line)
    concerned = {change.post.location for change in plan.listed if change.post}
    lines = {(location.file, location.line) for location in concerned}
    for remark in remarks:
        where = remark.location
        if remark.code.startswith("client."):
            yield Warn(remark.code, remark.message, where)
            continue
        if where is None:
            continue
        posts = starts[where.file]
        index = bisect_right(posts, where.line)
        if index and (where.file, posts[index - 1]) in lines:
            yield Warn(remark.code, remark.message, where)
