"""Brings a file, or one post of it, back as the last commit has it: the lines of then, proved by reading them again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.calendar.explanation import span_of
from publer_sync.editing.entry_edits import Unsafe
from publer_sync.render.layout.file_diff import file_diff
from publer_sync.studio.matching import pairs_of
from publer_sync.studio.open_calendar import Snapshot
from publer_sync.studio.wording import name_of
from publer_sync.studio.working import said_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.calendar.posts import Entry
    from publer_sync.studio.last_commit import LastCommit
    from publer_sync.studio.matching import SamePost
    from publer_sync.values.problems import Location

OTHERS = "its lines of the last commit do not fit into the file as it is: bring back the whole file"


def file_back(commit: LastCommit, file: str) -> tuple[dict[str, bytes | None], str]:
    """What is written, and what that does. Raises Unsafe."""
    differing = commit.differing()
    if file not in differing:
        raise Unsafe(f"{file} does not differ from the last commit any more")
    return {file: differing[file][0]}, f"bring back {file}"


def post_back(commit: LastCommit, file: str, line: int) -> tuple[dict[str, bytes | None], str]:
    """The same for the post that stood on a line of the last commit. Raises Unsafe."""
    opened, differing = commit.opened, commit.differing()
    if file not in differing:
        raise Unsafe(f"{file} does not differ from the last commit any more")
    before, now = differing[file]
    if before is None or now is None or file.endswith(".md"):
        return file_back(commit, file)
    old, new = Snapshot(opened.read_with({file: before}), opened.snapshot.now), opened.snapshot
    was, there = (
        [each for each in snapshot.calendar.entries if each.document.file == file] for snapshot in (old, new)
    )
    pairs = pairs_of(old, was, new, there)
    entry = next((each for each in was if each.place.line == line), None)
    if entry is None:
        raise Unsafe(f"{file} has another post on line {line} by now")
    place = _place(entry, was, pairs)
    if place is None:
        raise Unsafe(OTHERS)
    span, former = span_of(entry), before.splitlines(keepends=True)
    above = max(
        (span_of(each).stop for each in was if each.place.line < entry.place.line), default=span.start
    )
    # With what stood between it and the post above it, such as an empty line, where that went with it.
    next_post = min((each.place.line for each in there if each.place.line >= place.stop), default=place.stop)
    places = [place] if place else [place, range(next_post, next_post)]
    tries = [
        _with(now, each, former[first - 1 : span.stop - 1])
        for each in places
        for first in (span.start, above)
    ]
    raw = min(tries, key=lambda each: len(file_diff(file, before, each)))
    _prove(old, entry, new, pairs, Snapshot(opened.read_with({file: raw}), opened.snapshot.now), file)
    return {file: raw}, f"bring back {name_of(entry)}"


def _with(now: bytes, place: range, own: list[bytes]) -> bytes:
    """A file with these lines in the place of others, each on a line of its own."""
    lines = now.splitlines(keepends=True)
    above, below = lines[: place.start - 1], lines[place.stop - 1 :]
    for part, more in ((above, own or below), (own, below)):
        if part and more and not part[-1].endswith((b"\n", b"\r")):
            part[-1] += b"\n"
    return b"".join([*above, *own, *below])


def _place(entry: Entry, was: Sequence[Entry], pairs: Sequence[SamePost]) -> range | None:
    """The lines that it takes: those of the post as it is now, else none, behind the nearest post that stood above it."""
    now = {pair.was.place: pair.now for pair in pairs if pair.was is not None and pair.now is not None}
    if (same := now.get(entry.place)) is not None:
        return span_of(same)
    above = [each for each in was if each.place.line < entry.place.line and each.place in now]
    below = [each for each in was if each.place.line > entry.place.line and each.place in now]
    if above:
        stop = span_of(now[above[-1].place]).stop
        return range(stop, stop)
    if below:
        start = span_of(now[below[0].place]).start
        return range(start, start)
    return None


def _prove(
    old: Snapshot, entry: Entry, new: Snapshot, pairs: Sequence[SamePost], after: Snapshot, file: str
) -> None:
    """The post says what it said then, and all others what they say now. Raises Unsafe."""
    others = [
        pair.now
        for pair in pairs
        if pair.now is not None and (pair.was is None or pair.was.place != entry.place)
    ]
    wanted = [_said_by_account(old, entry.place), *(_said_by_account(new, each.place) for each in others)]
    found = [
        _said_by_account(after, each.place) for each in after.calendar.entries if each.document.file == file
    ]
    if sorted(map(repr, wanted)) != sorted(map(repr, found)):
        raise Unsafe(OTHERS)


def _said_by_account(snapshot: Snapshot, place: Location) -> list[tuple[str, str]]:
    return sorted(
        (each.alias, repr(sorted(said_of(each).items()))) for each in snapshot.placed.get(place, ())
    )
