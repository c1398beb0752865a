"""What the page calls each post of a file: a key that stays while it is the same post, whatever line it stands on."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import defaultdict
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from publer_sync.calendar.explanation import span_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from publer_sync.calendar.posts import Entry
    from publer_sync.values.problems import Location


def lines_of(entry: Entry) -> str:
    """The lines of a post as they are written, without what is empty below them."""
    span = span_of(entry)
    return "\n".join(entry.document.written[span.start - 1 : span.stop - 1]).rstrip()


def revision_of(entry: Entry) -> str:
    """Another one whenever the file says something else of the post."""
    return _digest(lines_of(entry))


def _digest(lines: str) -> str:
    return hashlib.sha256(lines.encode(errors="surrogatepass")).hexdigest()[:16]


class PostKeys:
    """The keys of one calendar. Posts with an id keep theirs by it; others are followed by their words and their order."""

    def __init__(self, prefix: str) -> None:
        self._prefix, self._next = prefix, 1
        self._known: dict[str, list[tuple[str | None, str, str]]] = {}
        """By file: id, lines and key of each post, in order."""
        self._places: dict[str, list[Location]] = {}
        self._lines: dict[str, str] = {}
        """The lines of each post, by its key."""
        self.by_place: dict[Location, str] = {}
        self.entries: dict[str, Entry] = {}

    def copy(self) -> PostKeys:
        """The same keys, to try what they would become."""
        other = PostKeys(self._prefix)
        other._next = self._next
        other._known, other._places = dict(self._known), dict(self._places)
        other.by_place, other.entries = dict(self.by_place), dict(self.entries)
        other._lines = dict(self._lines)
        return other

    def follow(self, entries: Iterable[Entry], changed: Collection[str] | None = None) -> None:
        """Give the posts of the calendar as it reads now their keys. With `changed`, other files say what they said; some may have been read again."""
        known = {id(entry) for entry in self.entries.values()}
        files: dict[str, list[Entry]] = defaultdict(list)
        for entry in entries:
            files[entry.document.file].append(entry)
        for file in [*self._known.keys() - files.keys()]:
            self._forget(file)
        for file, those in files.items():
            if changed is None or file in changed or any(id(entry) not in known for entry in those):
                self._follow_file(file, those)

    def _follow_file(self, file: str, entries: Sequence[Entry]) -> None:
        before = self._known.get(file, [])
        known = {id(self.entries[key]): key for _, _, key in before}
        same = {number: key for number, entry in enumerate(entries) if (key := known.get(id(entry)))}
        now = [
            (entry.id, self._lines[same[number]] if number in same else lines_of(entry))
            for number, entry in enumerate(entries)
        ]
        self._forget(file)
        keys = self._matched(before, now, same)
        self._known[file] = [(*each, key) for each, key in zip(now, keys, strict=True)]
        self._places[file] = [entry.place for entry in entries]
        for entry, key, (_, lines) in zip(entries, keys, now, strict=True):
            self.by_place[entry.place] = key
            self.entries[key] = entry
            self._lines[key] = lines

    def of_files(self, files: Collection[str]) -> list[str]:
        """The keys of the posts in some files, in order."""
        return [key for file in files for _, _, key in self._known.get(file, ())]

    def differing(self, old: PostKeys, files: Collection[str]) -> list[str]:
        """The keys of the posts that came, left or say something else than before; only these files differ."""
        keys = dict.fromkeys((*self.of_files(files), *old.of_files(files)))
        return [key for key in keys if self._lines.get(key) != old._lines.get(key)]

    def revision(self, key: str) -> str:
        """As `revision_of`, of a post by its key."""
        return _digest(self._lines[key])

    def entry_above(self, place: Location) -> Entry | None:
        """The last post of a file that does not begin below a place."""
        places = self._places.get(place.file, [])
        number = bisect_right(places, place.line, key=lambda each: each.line)
        return self.entries[self.by_place[places[number - 1]]] if number else None

    def key_at(self, place: Location | None) -> str | None:
        """The key of the post in which a place is, if it is in one."""
        if place is None:
            return None
        entry = self.entry_above(place)
        return self.by_place[entry.place] if entry is not None and place.line in span_of(entry) else None

    def _forget(self, file: str) -> None:
        self._known.pop(file, None)
        for place in self._places.pop(file, ()):
            key = self.by_place.pop(place)
            self.entries.pop(key, None)
            self._lines.pop(key, None)

    def _matched(
        self,
        before: Sequence[tuple[str | None, str, str]],
        now: Sequence[tuple[str | None, str]],
        same: Mapping[int, str],
    ) -> list[str]:
        """The keys of the posts that are there `now`; those of the `same` ones, by their number, are known."""
        found, taken = {**same}, {*same.values()}
        by_id = {name: key for name, _, key in before if name is not None and key not in taken}
        for number, (name, _) in enumerate(now):
            if number not in found and name is not None and (key := by_id.pop(name, None)) is not None:
                found[number] = key
        taken = {*found.values()}
        old = [(lines, key) for _, lines, key in before if key not in taken]
        new = [number for number in range(len(now)) if number not in found]
        blocks = SequenceMatcher(
            None, [lines for lines, _ in old], [now[number][1] for number in new], autojunk=False
        ).get_opcodes()
        for _, start, stop, first, last in blocks:
            if stop - start == last - first:
                for ahead in range(stop - start):
                    found[new[first + ahead]] = old[start + ahead][1]
        return [found.get(number) or self._new() for number in range(len(now))]

    def _new(self) -> str:
        self._next += 1
        return f"{self._prefix}{self._next - 1}"
