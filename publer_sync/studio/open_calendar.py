"""One calendar that is open in the studio: how it reads now, and what the page calls its posts."""

from __future__ import annotations

import os
from collections import defaultdict
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from publer_sync.calendar.files import MAX_BYTES
from publer_sync.calendar.folder import is_read, is_settings, walk
from publer_sync.calendar.outside import dependencies
from publer_sync.calendar.when.zones import zone
from publer_sync.previewing.marking import Marking
from publer_sync.studio.shelf import MediaShelf

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime, tzinfo

    from publer_sync.calendar.document import Document
    from publer_sync.calendar.expand import Placed
    from publer_sync.calendar.load import Calendar
    from publer_sync.previewing.marking import MarkedPlace
    from publer_sync.studio.keys import PostKeys
    from publer_sync.values.model import Post
    from publer_sync.values.problems import Location, Problem
    from publer_sync.values.signoff import SignedPosts

    Read = Callable[[Mapping[str, bytes | None]], Calendar]
    """Reads the calendar with these bytes in the place of some files, and without those that are None."""


class _Stamp(NamedTuple):
    changed: int
    size: int
    inode: int


class Snapshot:
    """A calendar as it reads; `now` goes on while it reads the same."""

    def __init__(self, calendar: Calendar, now: datetime) -> None:
        self.calendar, self.now = calendar, now

    @cached_property
    def placed(self) -> Mapping[Location, Sequence[Placed]]:
        """Each post of a file on its accounts, by its place; of a stored post, its first version."""
        found: dict[Location, Sequence[Placed]] = {}
        for spread in self.calendar.spreads:
            if spread.entry.is_stored:
                found[spread.entry.place] = [each for each in spread.placed if each.entry.version == 1]
            else:
                found[spread.entry.place] = spread.placed
        return found

    @cached_property
    def slots(self) -> Mapping[tuple[str, datetime], Sequence[Post]]:
        """The posts by alias and minute."""
        found: dict[tuple[str, datetime], list[Post]] = defaultdict(list)
        for spread in self.calendar.spreads:
            for placed, moment, post in spread.posts:
                if post is not None and moment.at is not None:
                    found[placed.alias, moment.at].append(post)
        return found

    def posts_at(self, places: Collection[Location]) -> list[Post]:
        """The posts at these places that have a time, by time."""
        found = [
            post
            for spread in self.calendar.spreads
            if spread.entry.place in places
            for _, moment, post in spread.posts
            if post is not None and moment.at is not None
        ]
        return sorted(found, key=lambda post: post.at)

    def moments_at(self, places: Collection[Location]) -> list[datetime]:
        return [
            moment.at
            for place in places
            for placed in self.placed.get(place, ())
            for moment in placed.moments
            if moment.at is not None
        ]

    @cached_property
    def signed(self) -> SignedPosts | None:
        """What is signed off; None where nobody is asked."""
        calendar = self.calendar
        if not calendar.settings.signoff:
            return None
        from publer_sync.values.signoff import SignedPosts, Signoff

        return SignedPosts(Signoff.of(calendar.settings, calendar.approvals), calendar.desired.posts)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        return self.calendar.judge(self.calendar.desired, now=self.now)

    @property
    def judged(self) -> tuple[Problem, ...]:
        """The problems, where they are known: all posts are not judged for one of them."""
        return self.problems if "problems" in self.__dict__ else ()

    @cached_property
    def zone(self) -> tzinfo:
        return zone(self.calendar.settings.timezone)

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def document(self, file: str) -> Document | None:
        return next((each for each in self.calendar.documents if each.file == file), None)


def _compared(snapshot: Snapshot, place: MarkedPlace) -> list[tuple[str | None, str]]:
    """What plan compares of the posts of an account at a minute."""
    return [(post.id, post.content.digest) for post in snapshot.slots.get(place, ())]


def _stamp_of(path: Path) -> _Stamp:
    stat = path.stat()
    return _Stamp(stat.st_mtime_ns, stat.st_size, stat.st_ino)


def _below(place: Path, besides: Path) -> Iterator[Path]:
    """The files below a folder that are not hidden; those in the folder `besides` are left out."""
    for folder, inner, files in os.walk(place):
        inner[:] = [name for name in inner if not name.startswith(".") and Path(folder, name) != besides]
        yield from (Path(folder, name) for name in files if not name.startswith("."))


class OpenCalendar:
    """A calendar, its snapshot, and the keys of its posts. `number` is its place on the page."""

    def __init__(
        self, number: int, top: Path, read: Read, keys: PostKeys, now: Callable[[], datetime]
    ) -> None:
        """Raises SettingsError where the folder cannot be read."""
        self.number, self.read, self.keys, self.now = number, read, keys, now
        self.top, self.shelf = top, MediaShelf(number)
        self.reads = 0
        """How often it was found to read otherwise."""
        self.marking = Marking()
        """What plan would do, where somebody asked Publer."""
        self._seen, self._seen_outside = self._stamps(), self._stamps_outside()
        self.snapshot = Snapshot(read({}), now())
        keys.follow(self.snapshot.calendar.entries)

    def tick(self) -> None:
        """Let the time pass: what has passed since the files were last read is not changed any more. Problems stay as they were found."""
        self.snapshot.now = self.now()

    def again(self, *, outside: bool = False) -> bool:
        """Read what is on disk now; whether it differs. Raises SettingsError.

        With `outside`, also what the calendar takes from elsewhere, which may be a whole website: not before every change.
        """
        seen, beyond = self._stamps(), self._seen_outside
        if outside:
            beyond = self._stamps_outside()
        if seen == self._seen and beyond == self._seen_outside:
            return False
        files = self._saved(seen) if beyond == self._seen_outside else None
        if files is not None:
            new = self.calendar.with_files(files)
        else:
            beyond = self._stamps_outside()  # the settings may name other places now
            new = self.read({})
        old = self.calendar.file_bytes
        differs = old != new.file_bytes
        self._seen, self._seen_outside = seen, beyond
        self._show(Snapshot(new, self.now()))
        self.keys.follow(new.entries, files)
        return differs or files is None

    def _saved(self, seen: Mapping[str, _Stamp]) -> dict[str, bytes | None] | None:
        """The files of posts that were saved since, if nothing else was: settings and media concern all posts."""
        files: dict[str, bytes | None] = {}
        for file in self._seen.keys() ^ seen.keys() | {
            each for each in seen if self._seen.get(each) != seen[each]
        }:
            path = self.top / file
            if not is_read(file) or is_settings(file) or path.is_symlink():
                return None
            if file in seen and seen[file].size > MAX_BYTES:
                return None
            try:
                files[file] = path.read_bytes() if file in seen else None
            except OSError:
                return None
        return files

    def _stamps(self) -> dict[str, _Stamp]:
        """What tells whether a file was saved since: cheaper than to read all of them."""
        top, found = self.top, dict[str, _Stamp]()
        for file in walk(top):
            with suppress(OSError):
                found[file] = _stamp_of(top / file)
        return found

    def _stamps_outside(self) -> dict[Path, _Stamp]:
        """The same of what the calendar takes from outside its folder: settings, pages and media."""
        here, found = self.top.resolve(), dict[Path, _Stamp]()
        for place in dependencies(self.top):
            for path in (place, *_below(place, here)):
                with suppress(OSError):
                    if not path.is_dir():
                        found[path] = _stamp_of(path)
        return found

    def read_with(self, files: Mapping[str, bytes | None]) -> Calendar:
        """The calendar with these bytes in the place of some files, and without those that are None."""
        return self.calendar.with_files(files)

    def bytes_of(self, file: str) -> bytes | None:
        """What a file holds on the disk, None where there is none."""
        document = self.snapshot.document(file)
        return document.raw if document is not None else None

    def in_slots(
        self, slots: Iterable[tuple[str, datetime]], besides: Collection[str]
    ) -> tuple[str, str] | None:
        """The key of a post that has one of these minutes, `besides` those of these keys, and its account there."""
        for slot in slots:
            for post in self.snapshot.slots.get(slot, ()):
                if (key := self.keys.by_place[post.location]) not in besides:
                    return key, slot[0]
        return None

    def accept(self, snapshot: Snapshot, keys: PostKeys) -> None:
        """What was tried is on the disk now."""
        self.keys, self._seen = keys, self._stamps()
        self._show(snapshot)

    def _show(self, new: Snapshot) -> None:
        """Without the marks of posts that read otherwise now: they were compared as they were before."""
        old, self.snapshot = self.snapshot, new
        self.reads += 1
        if self.marking.marks:
            kept = {
                place: mark
                for place, mark in self.marking.marks.items()
                if _compared(old, place) == _compared(new, place)
            }
            self.marking = replace(self.marking, marks=kept)

    @property
    def calendar(self) -> Calendar:
        return self.snapshot.calendar
