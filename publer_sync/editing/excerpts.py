"""Many posts of one file, each edited in an excerpt of it, and all of them proved by reading the file once.

An edit is proved by reading its file again. In an excerpt, a post between its neighbours, that costs no more for a long
file than for a short one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.calendar.posts import posts_in
from publer_sync.calendar.yaml.nodes import Seq
from publer_sync.editing.editor import comparable, reads_as_well, reread
from publer_sync.editing.extent import OddLayout, dash_of
from publer_sync.editing.source import Source
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.alike import same_ends

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publer_sync.calendar.document import Document


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What stands around the posts of a file, and a few of those. `index` is which of them is meant."""

    document: Document
    index: int
    head: int
    """Characters above the posts."""
    start: int
    """Where the first of its posts begins in the file."""
    length: int
    """Characters of its posts."""

    @property
    def text(self) -> str:
        return Source.of(self.document.raw).text


class Excerpts:
    """Those of one file. Raises OddLayout where its posts are not a list of lines."""

    def __init__(self, document: Document) -> None:
        data = document.data
        posts = data.get("posts") if data is not None and document.kind == "posts" else None
        if data is None or not isinstance(posts, Seq) or not posts or data.marks["posts"].style != "s":
            raise OddLayout
        if document.lines != document.written:
            raise OddLayout
        try:
            self._source = Source.of(document.raw)
        except UnicodeDecodeError:
            raise OddLayout from None
        self._document, self._posts = document, posts
        lines = [dash_of(self._source, data.marks["posts"], mark)[0] for mark in posts.marks]
        below = (mark.key_line for mark in data.marks.values() if mark.key_line > lines[-1])
        starts = (*self._source.starts, len(self._source.text))
        self._starts = [starts[line - 1] for line in lines]
        self._end = starts[min(below, default=len(starts)) - 1]

    def of(self, number: int) -> Excerpt | None:
        """The one with this post, or None where it would not say the same by itself: with an alias of YAML, say."""
        text, last = self._source.text, len(self._starts) - 1
        first, behind = max(0, number - 1), number + 2
        start = self._starts[first]
        end = self._starts[behind] if behind <= last else self._end
        head = text[: self._starts[0]]
        raw = self._source.bom + (head + text[start:end] + text[self._end :]).encode()
        document = reread(self._document, raw)
        posts = document.data.get("posts") if document.data is not None else None
        if comparable(posts) != comparable(self._posts[first:behind]):
            return None
        return Excerpt(document, number - first, len(head), start, end - start)

    def joined(self, edited: Mapping[int, tuple[Excerpt, Document]]) -> Document | None:
        """The file with the posts as they are in their edited excerpts; one that is missing there is removed.

        None where that is not what the file would say.
        """
        wanted = comparable(self._document.data)
        posts, text = list(wanted["posts"]), self._source.text
        removed: list[int] = []
        pieces: list[str] = []
        done = 0
        for number, (old, new) in sorted(edited.items()):
            if posts_in(new) == posts_in(old.document):
                posts[number] = comparable(new.data["posts"][old.index]) if new.data is not None else None
            else:
                removed.append(number)
            start, end, words = _changed(old.text, Source.of(new.raw).text)
            if not old.head <= start <= end <= old.head + old.length:
                return None
            shift = old.start - old.head
            if start + shift < done:
                return None
            pieces += [text[done : start + shift], words]
            done = end + shift
        gone = {*removed}
        wanted["posts"] = [post for number, post in enumerate(posts) if number not in gone]
        whole = "".join([*pieces, text[done:]])
        read = reread(self._document, self._source.bom + whole.encode())
        return read if comparable(read.data) == wanted and reads_as_well(read, self._document) else None


def _changed(old: str, new: str) -> tuple[int, int, str]:
    """From where to where the old text is replaced by what, in whole lines."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    top, bottom = same_ends(before, after)
    start = sum(map(len, before[:top]))
    end = len(old) - sum(map(len, before[len(before) - bottom :]))
    return start, end, "".join(after[top : len(after) - bottom])
