"""What a list shows of a post before anything becomes of it. Posts that are alike in that are one post, on several accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from publer_sync.render.layout.wording import post_count
from publer_sync.render.post.fields import everything_said
from publer_sync.render.post.names import Names
from publer_sync.render.post.pieces import pieces_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from publer_sync.render.layout.phrases import Phrase
    from publer_sync.render.post.pieces import Piece
    from publer_sync.values.model import Post
    from publer_sync.values.problems import Location


class Subject(NamedTuple):
    at: datetime
    id: str | None
    text: str
    place: Location
    groups: tuple[tuple[str, tuple[Phrase, ...]], ...]
    """What the post says besides its text, by the key of its content."""
    pieces: tuple[Piece, ...]
    """Covers and link pictures too."""
    note: str


def subject_of(post: Post, names: Names | None = None) -> Subject:
    written, names = post.as_written, names or Names(post)
    groups = tuple(everything_said(written, names).items())
    files = {source.digest: source.path for source in post.media if source.path}
    pieces = pieces_of(written, files, names)
    return Subject(post.at, post.id, written.text, post.location, groups, pieces, post.note)


def figures(posts: Iterable[Post], stored: int = 0) -> str:
    """`25 posts (on 4 accounts)`, and how many posts are kept in store."""
    posts = list(posts)
    told = post_count(len({*subject_keys(posts)}), len({post.account.id for post in posts}))
    return f"{told} and {stored:,} in store" if stored else told


def subject_keys(posts: Iterable[Post]) -> list[object]:
    """For each post what is equal for all posts of one subject, and the same in every run.

    Posts that differ in their words are several subjects; those that say the same are not spelled out.
    """
    first: dict[object, Post] = {}
    others: dict[object, dict[Subject, int]] = {}
    keys: list[object] = []
    for post in posts:
        text = post.text if post.written is None else post.written.text
        key = str(post.location), post.at.isoformat(), post.id, text, post.note
        one = first.setdefault(key, post)
        number = 0
        if one is not post and not say_the_same(one, post):
            known = others.setdefault(key, {subject_of(one): 0})
            number = known.setdefault(subject_of(post), len(known))
        keys.append((key, number))
    return keys


def say_the_same(one: Post, other: Post) -> bool:
    """Whether two posts of one place, time, id and text are one subject."""
    same_title = not one.content.title or one.account.provider == other.account.provider  # not all show it
    return same_title and (one.as_written, one.media) == (other.as_written, other.media)
