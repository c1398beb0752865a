"""Edits that make a post of the calendar say what Publer shows, each in the layer that says it, for the accounts concerned."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter, defaultdict
from dataclasses import field, replace
from typing import TYPE_CHECKING, Final, TypeVar

from publer_sync.calendar.expand import NO_TIME
from publer_sync.calendar.layers import TOP, inner_map
from publer_sync.calendar.posts import posts_in
from publer_sync.calendar.yaml.nodes import Map
from publer_sync.editing.editor import edited
from publer_sync.editing.edits import Append
from publer_sync.editing.entry_edits import EntryEdits, Unsafe, Wanted
from publer_sync.editing.entry_times import day_like
from publer_sync.editing.excerpts import Excerpts
from publer_sync.editing.extent import OddLayout
from publer_sync.pulling.account_moves import rename, split_off
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.model import Family, normal_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from datetime import datetime

    from publer_sync.calendar.document import Document
    from publer_sync.calendar.expand import Placed
    from publer_sync.calendar.load import Calendar
    from publer_sync.calendar.posts import Entry
    from publer_sync.editing.excerpts import Excerpt
    from publer_sync.editing.writing import Writable
    from publer_sync.pulling.findings import Pair
    from publer_sync.values.model import Post

T = TypeVar("T")

FIELDS: Final = {"time": "at", "text": "text", "title": "title", "link": "link", "draft": "draft"}


@dataclass(slots=True)
class Rewriter:
    """Makes edits in the documents of a calendar, in memory. `documents` holds those that changed, by file."""

    calendar: Calendar
    taken: Collection[str] = frozenset()
    """Ids that other posts have or had."""
    documents: dict[str, Document] = field(default_factory=dict)
    _entries: dict[object, list[Placed]] = field(default_factory=dict)
    _before: dict[str, Document] = field(default_factory=dict)
    _numbers: dict[int, int] = field(default_factory=dict)
    """Which post of its file each one is, by the identity of its data."""
    _removed: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """Which posts of a file were removed, in order."""

    def __post_init__(self) -> None:
        for placed in self.calendar.placed:
            self._entries.setdefault(placed.entry.place, []).append(placed)
        for document in self.calendar.documents:
            self._before[document.file] = document
            posts = document.data.get("posts") if document.data is not None else None
            self._numbers |= {id(post): number for number, post in enumerate(posts or ())}

    def rewrite_all(self, groups: Sequence[Sequence[Pair]]) -> Iterator[tuple[Sequence[Pair], Unsafe]]:
        """Write Publer's side of posts, each group one entry of a file. Yields those that are left as they were, and why."""
        yield from self._all(groups, lambda pair: pair.post, self._rewrite, self.rewrite)

    def remove_all(self, groups: Sequence[Sequence[Post]]) -> Iterator[tuple[Sequence[Post], Unsafe]]:
        """Remove posts, each group one entry of a file. Yields those that are left, and why."""
        yield from self._all(groups, lambda post: post, self._remove, self.remove)

    def rewrite(self, pairs: Sequence[Pair]) -> None:
        """Write Publer's side of posts that are one entry of a file. Raises Unsafe, and then nothing is changed."""
        self._alone(pairs[0].post, pairs, self._rewrite)

    def remove(self, posts: Sequence[Post]) -> None:
        """Remove posts of one entry from their file. Raises Unsafe, and then nothing is changed."""
        self._alone(posts[0], posts, self._remove)

    def _rewrite(self, task: EntryEdits, pairs: Sequence[Pair]) -> None:
        _check_written(task)
        if task.entry.repeats:
            then = "add a post for that day on all its accounts"
            raise _of_series(task.entry, [pair.post for pair in pairs], then)
        if any("time" in pair.fields and pair.live.slot is None for pair in pairs):
            raise Unsafe(
                "it has no time in Publer any more: give it one there, or remove it from the calendar"
            )
        moved = {pair.post.account.alias or "": pair.to for pair in pairs if pair.to}
        if set(task.placed) <= set(moved):
            _write_fields(task, pairs)
            rename(task, moved)
            return
        # What is written for those that leave the post goes with them.
        apart = replace(task)
        _write_fields(apart, [pair for pair in pairs if pair.to])
        _write_fields(task, [pair for pair in pairs if not pair.to])
        if moved:
            split_off(task, apart, moved, self.taken)

    def _remove(self, task: EntryEdits, posts: Sequence[Post]) -> None:
        _check_written(task)
        if task.entry.repeats:
            days = Counter(post.id for post in posts)
            some = any(number < len(task.placed) for number in days.values())
            then = "add a post for that day on its other accounts" if some else None
            raise _of_series(task.entry, posts, then)
        task.remove({post.account.alias or "" for post in posts})

    def append(self, document: Document, items: Sequence[Writable]) -> None:
        """Raises Unwritable."""
        now = self.documents.get(document.file, document)
        self.documents[document.file] = edited(now, [Append(("posts",), items)])

    # --- one entry, or many at once

    def _alone(self, post: Post, items: Sequence[T], edit: Callable[[EntryEdits, Sequence[T]], None]) -> None:
        number, task = self._task(post)
        before = posts_in(task.document)
        edit(task, items)
        self._keep(task.document, [number] if posts_in(task.document) < before else [])

    def _all(
        self,
        groups: Sequence[Sequence[T]],
        post_of: Callable[[T], Post],
        edit: Callable[[EntryEdits, Sequence[T]], None],
        alone: Callable[[Sequence[T]], None],
    ) -> Iterator[tuple[Sequence[T], Unsafe]]:
        files: dict[str, list[Sequence[T]]] = defaultdict(list)
        for group in groups:
            files[post_of(group[0]).location.file].append(group)
        todo = [
            *reversed(files.values())
        ]  # the next one is the last: what is appended to a file keeps its order
        while todo:
            of_file = todo.pop()
            if len(of_file) > 1:
                left = self._together(of_file, post_of, edit)
                half = len(of_file) // 2
                parts = [[each] for each in left] if left is not None else [of_file[:half], of_file[half:]]
                todo += reversed(parts)
                continue
            for group in of_file:
                try:
                    alone(group)
                except Unsafe as why:
                    yield group, why

    def _together(
        self,
        groups: Sequence[Sequence[T]],
        post_of: Callable[[T], Post],
        edit: Callable[[EntryEdits, Sequence[T]], None],
    ) -> Sequence[Sequence[T]] | None:
        """Edit entries of one file, which is read once: those that are to be edited alone; None where that went wrong."""
        post = post_of(groups[0][0])
        try:
            excerpts = Excerpts(self._document(post))
        except OddLayout:
            return groups
        left: list[Sequence[T]] = []
        edited: dict[int, tuple[Excerpt, Document]] = {}
        removed: list[int] = []
        for group in groups:
            number, whole = self._task(post_of(group[0]))
            excerpt = excerpts.of(whole.index) if whole.index not in edited else None
            if excerpt is None:
                left.append(group)
                continue
            task = EntryEdits(self.calendar, excerpt.document, whole.placed, number=excerpt.index)
            try:
                edit(task, group)
            except Unsafe:  # the whole file tells why
                left.append(group)
                continue
            more = posts_in(task.document) - posts_in(excerpt.document)
            if more > 0:
                left.append(group)
                continue
            edited[whole.index] = excerpt, task.document
            removed += [number] if more else []
        if edited:
            document = excerpts.joined(edited)
            if document is None:
                return None
            self._keep(document, removed)
        return left

    def _task(self, post: Post) -> tuple[int, EntryEdits]:
        """The edits of a post, and which one of its file it was before any were removed."""
        placed = {each.alias: each for each in self._entries.get(post.location, [])}
        number = self._numbers.get(id(next(iter(placed.values())).entry.lines), 0)
        now = number - bisect_left(self._removed[post.location.file], number)
        return number, EntryEdits(self.calendar, self._document(post), placed, number=now)

    def _keep(self, document: Document, removed: Iterable[int]) -> None:
        self.documents[document.file] = document
        for number in removed:
            insort(self._removed[document.file], number)

    def _document(self, post: Post) -> Document:
        file = post.location.file
        return self.documents.get(file) or self._before[file]


def _write_fields(task: EntryEdits, pairs: Sequence[Pair]) -> None:
    for name, key in FIELDS.items():
        wanted = {
            pair.post.account.alias or "": _wanted(key, pair, task) for pair in pairs if name in pair.fields
        }
        if wanted:
            task.write(key, wanted)


def _wanted(key: str, pair: Pair, task: EntryEdits) -> Wanted:
    """What Publer shows, as the calendar says it; None if there is nothing."""
    live, at = pair.live, _made_at(pair, task)
    match key:
        case "at":
            return Wanted(live.slot.at if live.slot else NO_TIME)
        case "text":
            return Wanted(normal_text(live.text), at)
        case "title":
            return Wanted(live.title or None)
        case "link":
            return Wanted(live.link or None, at)
        case _:
            return Wanted(live.family is Family.DRAFT)


def _made_at(pair: Pair, task: EntryEdits) -> datetime:
    """By which day the parameters in its text and its link are meant: where someone moved it, they may still name the day before."""
    now = pair.live.slot.at if pair.live.slot else NO_TIME
    before = task.placed[pair.post.account.alias or ""].extras_at(pair.post.at)
    text, url = normal_text(pair.live.text), pair.live.link or ""
    content = pair.post.as_written
    if before.written_text(text, content.text) not in (None, text) or (
        before.written_url(url, content.url) not in (None, url)
    ):
        return pair.post.at
    return now


def _check_written(task: EntryEdits) -> None:
    """Raises Unsafe for a post in a page of the website, which belongs to the website."""
    if task.document.page is not None:
        raise Unsafe("it is in a page of the website, which is not written to")


def _of_series(entry: Entry, posts: Sequence[Post], then: str | None) -> Unsafe:
    """Why posts of a series are left. The lines keep the days that it leaves out already: they take the place of those."""
    repeat = inner_map(entry.data, "repeat") or Map(TOP)
    parts = {(post.id or "").rpartition("@")[2] for post in posts}
    out = (day_like(day, entry.data.get("at"), entry.clock) for day, part in entry.parts if part in parts)
    days = [*(repeat.get("except") or ()), *out]
    also = f", and {then}" if then else ""
    reason = f"it is one of a series (repeat): leave out its day{also}"
    return Unsafe(reason, f"except: [{', '.join(dict.fromkeys(map(str, days)))}]")
