"""Edits that make a post of the calendar say what Publer shows, each in the layer that says it, for the accounts concerned."""

from __future__ import annotations

from collections import Counter
from dataclasses import field
from typing import TYPE_CHECKING, Final

from publer_sync.calendar.expand import NO_TIME
from publer_sync.calendar.layers import TOP, inner_map
from publer_sync.calendar.yaml.nodes import Map
from publer_sync.editing.editor import edited
from publer_sync.editing.edits import Append
from publer_sync.editing.entry_edits import EntryEdits, Unsafe, Wanted
from publer_sync.late_dataclasses import dataclass
from publer_sync.model import Family, normal_text
from publer_sync.pulling.account_moves import write_move

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from publer_sync.calendar.document import Document
    from publer_sync.calendar.expand import Placed
    from publer_sync.calendar.load import Calendar
    from publer_sync.calendar.posts import Entry
    from publer_sync.editing.writing import Value
    from publer_sync.model import LivePost, Post
    from publer_sync.pulling.findings import Pair

FIELDS: Final = {"time": "at", "text": "text", "title": "title", "link": "link", "draft": "draft"}


@dataclass(slots=True)
class Rewriter:
    """Makes edits in the documents of a calendar, in memory. `documents` holds those that changed, by file."""

    calendar: Calendar
    taken: Collection[str] = frozenset()
    """Ids that other posts have or had."""
    documents: dict[str, Document] = field(default_factory=dict)
    _entries: dict[object, list[Placed]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for placed in self.calendar.placed:
            self._entries.setdefault(placed.entry.place, []).append(placed)

    def rewrite(self, pairs: Sequence[Pair]) -> None:
        """Write Publer's side of posts that are one entry of a file. Raises Unsafe, and then nothing is changed."""
        placed = {each.alias: each for each in self._entries.get(pairs[0].post.location, [])}
        task = EntryEdits(self.calendar, self._document(pairs[0].post), placed)
        _check_written(task)
        if task.entry.repeats:
            then = "add a post for that day on all its accounts"
            raise _of_series(task.entry, [pair.post for pair in pairs], then)
        if any("time" in pair.fields and pair.live.slot is None for pair in pairs):
            raise Unsafe(
                "it has no time in Publer any more: give it one there, or remove it from the calendar"
            )
        for name, key in FIELDS.items():
            wanted = {
                pair.post.account.alias or "": _wanted(key, pair.live)
                for pair in pairs
                if name in pair.fields
            }
            if wanted:
                task.write(key, wanted)
        if moved := {pair.post.account.alias or "": pair.to.alias or "" for pair in pairs if pair.to}:
            write_move(task, moved, self.taken)
        self.documents[task.document.file] = task.document

    def remove(self, posts: Sequence[Post]) -> None:
        """Remove posts of one entry from their file. Raises Unsafe, and then nothing is changed."""
        placed = {each.alias: each for each in self._entries.get(posts[0].location, [])}
        task = EntryEdits(self.calendar, self._document(posts[0]), placed)
        _check_written(task)
        if task.entry.repeats:
            days = Counter(post.id for post in posts)
            some = any(number < len(placed) for number in days.values())
            then = "add a post for that day on its other accounts" if some else None
            raise _of_series(task.entry, posts, then)
        task.remove({post.account.alias or "" for post in posts})
        self.documents[task.document.file] = task.document

    def append(self, document: Document, items: Sequence[Value]) -> None:
        """Raises Unwritable."""
        now = self.documents.get(document.file, document)
        self.documents[document.file] = edited(now, [Append(("posts",), items)])

    def _document(self, post: Post) -> Document:
        file = post.location.file
        known = next(each for each in self.calendar.documents if each.file == file)
        return self.documents.get(file, known)


def _wanted(key: str, live: LivePost) -> Wanted:
    """What Publer shows, as the calendar says it; None if there is nothing."""
    at = live.slot.at if live.slot else NO_TIME
    match key:
        case "at":
            return Wanted(at)
        case "text":
            return Wanted(normal_text(live.text), at)
        case "title":
            return Wanted(live.title or None)
        case "link":
            return Wanted(live.link or None, at)
        case _:
            return Wanted(live.family is Family.DRAFT)


def _check_written(task: EntryEdits) -> None:
    """Raises Unsafe for a post in a page of the website, which belongs to the website."""
    if task.document.page is not None:
        raise Unsafe("it is in a page of the website, which is not written to")


def _of_series(entry: Entry, posts: Sequence[Post], then: str | None) -> Unsafe:
    """Why posts of a series are left. The lines keep the days that it leaves out already: they take the place of those."""
    repeat = inner_map(entry.data, "repeat") or Map(TOP)
    parts = {(post.id or "").rpartition("@")[2] for post in posts}
    days = [*(repeat.get("except") or ()), *(str(day) for day, part in entry.parts if part in parts)]
    also = f", and {then}" if then else ""
    reason = f"it is one of a series (repeat): leave out its day{also}"
    return Unsafe(reason, f"except: [{', '.join(dict.fromkeys(map(str, days)))}]")
