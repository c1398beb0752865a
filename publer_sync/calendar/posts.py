"""The posts in the files: their ids, and the days of those that repeat."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from publer_sync.calendar.evergreen import check_stored, evergreen_of
from publer_sync.calendar.places import problem_at, time_problem
from publer_sync.calendar.when import times, zones
from publer_sync.calendar.when.repeat import Series
from publer_sync.calendar.when.wall_clock import WallClock
from publer_sync.calendar.yaml.nodes import Map, Seq, last_line
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.model import Use
from publer_sync.values.problems import Help, Location

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from publer_sync.calendar.document import Document
    from publer_sync.calendar.when.named_dates import NamedDates
    from publer_sync.values.counted import Counted
    from publer_sync.values.model import Settings
    from publer_sync.values.policies import Evergreen
    from publer_sync.values.problems import Problem


@dataclass(frozen=True, slots=True)
class Entry:
    """One post of a file. `document` has its lines; other posts of that file may have changed since. `days` are the days of a post that repeats; None if they could not be read.

    `numbered`: its first day counts from a date with a name, so its posts are known by their `numbers`, which count the days
    that it leaves out too: leaving one out gives no other one another number. `bounds` are the dates that its end and the
    days that it leaves out count from.

    `data` is what the post says: of a use, with what it takes from its `stored` post, in which it is the `version` of this
    number; `own` is then what its own lines say. `evergreen` is what a stored post may be used for, where that could be read.
    """

    document: Document
    data: Map
    place: Location
    clock: WallClock
    id: str | None
    days: tuple[date, ...] | None
    repeats: bool
    numbered: bool = False
    numbers: tuple[int, ...] = ()
    bounds: tuple[Counted, ...] = ()
    evergreen: Evergreen | None = None
    own: Map | None = None
    stored: Entry | None = None
    version: int = 1

    @property
    def lines(self) -> Map:
        """What its own lines say."""
        return self.own if self.own is not None else self.data

    @property
    def last_line(self) -> int:
        """The last of its own lines: all of a page are."""
        if self.document.kind == "markdown":
            return len(self.document.written)
        return last_line(self.lines, self.lines.mark)

    @property
    def is_stored(self) -> bool:
        """Whether it is kept in store, readable or not, and never sent itself."""
        return "evergreen" in self.data or "evergreen" in self.data.broken

    @property
    def is_use(self) -> bool:
        """Whether it is a use of a stored post, known or not."""
        lines = self.lines
        return "use" in lines and "use" not in lines.broken and not self.is_stored

    @property
    def home(self) -> Document:
        """The file that says what holds for the post where it does not say it: of a use, that of its stored post."""
        return self.stored.document if self.stored is not None else self.document

    @property
    def use(self) -> Use | None:
        """Which stored post it is a use of, or is itself."""
        kept = self.stored or (self if self.is_stored else None)
        if kept is None or kept.id is None:
            return None
        return Use(kept.id, self.version, kept.place, kept.evergreen)

    @property
    def series(self) -> str | None:
        """What it is called without its day: of a use, the id of its stored post."""
        return self.stored.id if self.stored is not None else self.id

    @property
    def parts(self) -> tuple[tuple[date, str], ...]:
        """The days of a post that repeats, each with what its post is called after the id: `2027-03-09`, or its number."""
        days = self.days or ()
        if not self.numbered:
            return tuple((day, f"{day}") for day in days)
        return tuple((day, str(number)) for day, number in zip(days, self.numbers, strict=False))

    @property
    def names(self) -> tuple[str, ...]:
        """The ids of the posts of a series."""
        return tuple(f"{self.id}@{part}" for _, part in self.parts) if self.id else ()


def holds_posts(document: Document) -> bool:
    """Whether a file seems to hold posts, with errors or without."""
    data = document.data
    return data is not None and bool({"posts", "at"} & (data.keys() | data.broken))


def posts_in(document: Document) -> int:
    """How many posts a file has, unreadable ones included."""
    if document.kind == "markdown":
        return 1
    posts = document.data.get("posts") if document.kind == "posts" and document.data is not None else None
    return len(posts) if isinstance(posts, list) else 0


def entries_of(
    document: Document,
    settings: Settings,
    main: Map | None,
    dates: NamedDates,
    problems: list[Problem],
    known: Mapping[int, Entry] = MappingProxyType({}),
) -> Iterator[Entry]:
    """The posts of a file; `main` is what the settings say, `dates` are those that they declare.

    Those that are `known`, by the identity of what their lines say, are not judged again.
    """
    data = document.data
    if document.kind in ("settings", "shared") or data is None:
        return
    clock = _clock(data, document, settings, main, problems)
    clock = replace(clock, dates=dates.over(data, clock.zone, document.lines, problems))
    if document.page is not None:
        clock = replace(clock, dates=clock.dates.of_page(document.page, clock.zone))
    if document.kind == "markdown":
        yield _entry(document, data, Location(document.file, 1), clock, problems)
        return
    posts = data.get("posts")
    for post in posts if isinstance(posts, list) else ():
        if (same := known.get(id(post))) is not None:
            # Of what was read in between, nothing is kept: each time, that is a whole file.
            yield same if same.document is document.base else replace(same, document=document)
        elif isinstance(post, Map):
            yield _entry(document, post, post.mark.location, clock, problems)


def _clock(
    data: Map, document: Document, settings: Settings, main: Map | None, problems: list[Problem]
) -> WallClock:
    zone = zone_of(data, document, settings, problems)
    layers = [each for each in (data, main) if each is not None]
    layer = next((each for each in layers if "time" in each.keys() | each.broken), None)
    if layer is None:
        return WallClock(zone, timed=any("?" in each.broken for each in layers))
    try:
        return WallClock(
            zone, times.read_time(layer["time"]) if "time" not in layer.broken else None, timed=True
        )
    except zones.TimeError as error:
        if layer is data:
            problems.append(time_problem(error, data.marks["time"], document.lines))
        return WallClock(zone, timed=True)


def zone_of(data: Map, document: Document, settings: Settings, problems: list[Problem]) -> Any:
    """The time zone of a file; None if it could not be read."""
    name = data.get("timezone")
    if "timezone" in data.broken:
        return None
    if not isinstance(name, str):
        return zones.zone(settings.timezone)
    try:
        return zones.zone(name.strip())
    except zones.TimeError as error:
        problems.append(time_problem(error, data.marks["timezone"], document.lines))
        return None


def _entry(
    document: Document, data: Map, place: Location, clock: WallClock, problems: list[Problem]
) -> Entry:
    _warn_of_empty_keys(data, problems)
    name = data.get("id") if "id" not in data.broken and isinstance(data.get("id"), str) else None
    check_stored(data, problems)
    if "evergreen" in data or "use" in data or "evergreen" in data.broken:
        counts: list[Counted] = []
        kept = evergreen_of(document, data, clock, problems, counts)
        return Entry(
            document, data, place, clock, name, None, repeats=False, bounds=tuple(counts), evergreen=kept
        )
    if data.get("repeat") is None and "repeat" not in data.broken:
        return Entry(document, data, place, clock, name, None, repeats=False)
    days, numbered = None, False
    numbers: tuple[int, ...] = ()
    bounds: tuple[Counted, ...] = ()
    if "repeat" not in data.broken:
        series = Series(document, data, clock, problems)
        days, numbered = series.days(), series.first.counted is not None
        numbers, bounds = series.numbers, tuple(series.bounds)
        if name is None and "id" not in data.broken:
            message = "a post that repeats needs an `id`: its days are named after it"
            advice = Help("Add an id", example="id: tuesday-tip")
            problems.append(problem_at(data.marks["repeat"], "repeat.id", message, advice, key="repeat"))
    return Entry(
        document,
        data,
        place,
        clock,
        name,
        days,
        repeats=True,
        numbered=numbered,
        numbers=numbers,
        bounds=bounds,
    )


def _warn_of_empty_keys(post: Map, problems: list[Problem]) -> None:
    """Warn of keys of a post, a network or an account without a value: `null` has to be written.

    Not where something could not be read, as that may be why.
    """
    networks, accounts = post.get("networks"), post.get("accounts")
    inner = [networks, *networks.values()] if isinstance(networks, Map) else []
    for layer in (post, *inner, *(accounts if isinstance(accounts, Seq) else ())):
        for key, value in layer.items() if isinstance(layer, Map) and not layer.broken else ():
            if value:
                continue
            mark = layer.marks[key]
            is_block = value == "" and mark.style in ("|", ">")
            if not is_block and not (value is None and mark.is_empty):
                continue
            if key == "text" and not (post.get("media") or post.get("poll")):
                continue  # the post has no text at all, which is an error
            say = f"Give it a value or remove the line; `{key}: null` removes what the defaults set"
            message = f"`{key}` has no value"
            if is_block:
                say = "Write the words on the lines below it, indented two spaces more, or remove the line"
                message = f"`{key}` has no words below it"
            problems.append(problem_at(mark, "key.empty", message, say, key=key, severity="warning"))


def find_equal_ids(entries: Sequence[Entry], problems: list[Problem]) -> None:
    """Report each id that a second post has, with one that is free."""
    first: dict[str, Entry] = {}
    used = {entry.id for entry in entries}
    for entry in entries:
        if entry.id is None or entry.is_use or (other := first.setdefault(entry.id, entry)) is entry:
            continue
        mark, before = entry.data.marks["id"], other.data.marks["id"].location
        name = next(new for n in range(2, len(entries) + 3) if (new := f"{entry.id}-{n}") not in used)
        used.add(name)
        message = f"two posts are called `{entry.id}`: here and {before}"
        advice = Help("Rename one of them", f"id: {name}")
        related = ((before, "the other one"),)
        problems.append(problem_at(mark, "id.twice", message, advice, related=related))
