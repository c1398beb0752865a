"""What the calendar says of one post, and where each value comes from, for `explain`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, get_args

from publer_sync.calendar.yaml.nodes import last_line
from publer_sync.networks.table import network_of
from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from publer_sync.calendar.posts import Entry
    from publer_sync.values.content import Value
    from publer_sync.values.model import Post
    from publer_sync.values.problems import Location, Problem

Origin = Literal["settings", "file", "stored", "post", "network", "account", "inferred"]
_PARTS: Mapping[str, Origin] = {"networks": "network", "accounts": "account"}


@dataclass(frozen=True, slots=True)
class Effective:
    """A value that applies to a post on one account, and where it comes from.

    `origins` are all places that add to it, such as labels, the outermost first; `origin` and `place` are the nearest.
    """

    key: str
    value: Value
    origin: Origin
    place: Location
    origins: tuple[tuple[Origin, Location], ...] = ()


@dataclass(frozen=True, slots=True)
class OnAccount:
    """A post on one account."""

    post: Post
    values: tuple[Effective, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """One post of a file. A post that repeats is explained on its next day; `days` are the ids of all its days."""

    entry: Entry
    lines: tuple[tuple[int, str], ...]
    accounts: tuple[OnAccount, ...]
    problems: tuple[Problem, ...]
    silenced: Mapping[str, str]
    days: tuple[str, ...] = ()


def find(
    what: str, entries: Sequence[Entry], posts: Iterable[Post], is_named: Callable[[Post], bool]
) -> list[Entry]:
    """The posts of the files that `what` means: an id, ALIAS@TIME by `is_named`, FILE:LINE, or words of the text."""
    by_id = [entry for entry in entries if what in (entry.id, *entry.names)]
    if by_id:
        return by_id
    if place := re.fullmatch(r"(.+):(\d+)", what):
        file, line = place[1].removeprefix("./"), int(place[2])
        at_line = [entry for entry in entries if entry.document.file == file and line in span_of(entry)]
        if at_line:
            return at_line
    named = [post.location for post in posts if is_named(post)]
    words = " ".join(what.casefold().split())
    places = set(
        named
        or [post.location for post in posts if words and words in " ".join(post.text.casefold().split())]
    )
    return [entry for entry in entries if entry.place in places]


def span_of(entry: Entry) -> range:
    """The lines of a post."""
    if entry.document.kind == "markdown":
        return range(1, len("\n".join(entry.document.written).rstrip().split("\n")) + 1)
    return range(entry.place.line, last_line(entry.lines, entry.lines.mark) + 1)


def explain(entry: Entry, posts: Sequence[Post], problems: Iterable[Problem], *, what: str) -> Explanation:
    """`posts` are those of this entry, by time; of a series, only the day that `what` names, or the first, is explained."""
    span, written = span_of(entry), entry.document.written
    days = [post for post in posts if post.id == what] or [post for post in posts if post.id == posts[0].id]
    return Explanation(
        entry,
        tuple((number, written[number - 1]) for number in span if number <= len(written)),
        tuple(OnAccount(post, tuple(_values(entry, post))) for post in days),
        tuple(
            problem
            for problem in problems
            if problem.location
            and problem.location.file == entry.document.file
            and problem.location.line in span
        ),
        {code: reason for post in days for code, reason in post.ignore.items()},
        tuple(dict.fromkeys(post.id for post in posts if post.id)) if entry.repeats else (),
    )


def _values(entry: Entry, post: Post) -> Iterator[Effective]:
    for key, value in post.content.values.items():
        place = post.place(key)
        origin = _origin(entry, post, key, place)
        yield Effective(key, value, origin, place, _origins(entry, post, key, (origin, place)))
    added: dict[str, list[str]] = {}
    for key, words in post.written.added if post.written else ():
        added.setdefault(key, []).append(words)
    for key, parts in added.items():
        place = post.place(_footer_of(post) if key == "append" else key)
        origin = _origin(entry, post, key, place)
        origins = _origins(entry, post, key, (origin, place)) if key != "append" else ()
        yield Effective(key, ", ".join(parts), origin, place, origins)


def _origins(
    entry: Entry, post: Post, key: str, nearest: tuple[Origin, Location]
) -> tuple[tuple[Origin, Location], ...]:
    """Where the parts of a value come from: its own place for those that stand there, the first part's elsewhere."""
    found: dict[tuple[Origin, str], Location] = {}
    for path, place in post.places.items():
        if path.startswith(f"{key}/") and path.count("/") == 1:
            origin = _origin(entry, post, path, place)
            found.setdefault((origin, place.file), place)
    origin, place = nearest
    found[origin, place.file] = place
    order = get_args(Origin)
    return tuple(
        (origin, place)
        for (origin, _), place in sorted(found.items(), key=lambda each: order.index(each[0][0]))
    )


def _footer_of(post: Post) -> str:
    """The path of the `append` for the post's account: each settings file may have one for some accounts."""
    words = [path.partition("/")[2] for path in post.places if path.startswith("append/")]
    network = [word for word in words if network_of(word) == post.account.provider]
    return next((f"append/{word}" for word in (post.account.alias, *network) if word in words), "append")


def _origin(entry: Entry, post: Post, key: str, place: Location) -> Origin:
    if key not in post.places:
        return "inferred"
    if (stored := entry.stored) is not None and place.file == stored.document.file:
        if place.line in span_of(stored):
            return "stored"
        if place.file != entry.document.file:
            return "file"
    if place.file != entry.document.file:
        return "settings"
    if place.line not in span_of(entry):
        return "file"
    before = [
        (mark.key_line, mark.key_column, part)
        for part, mark in entry.lines.marks.items()
        if (mark.key_line, mark.key_column) < (place.line, place.column)
    ]
    part = max(before)[2] if before else ""  # a post may be one line: then its columns tell
    end = last_line(entry.lines.get(part), entry.lines.marks[part]) if part in _PARTS else 0
    return _PARTS[part] if place.line <= end and place not in _keys(entry) else "post"


def _keys(entry: Entry) -> set[Location]:
    return {mark.key_location for mark in entry.lines.marks.values()}
