"""Gives posts that wait for a slot (`at: next`) the next free one, in the files, in memory; read back before it counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import field, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from publer_sync.calendar.load import read
from publer_sync.calendar.posts import zone_of
from publer_sync.calendar.when.moments import earliest_of
from publer_sync.calendar.when.zones import TimeError, moment, zone
from publer_sync.calendar.yaml.nodes import Map, Seq
from publer_sync.editing.editor import Unwritable, edited
from publer_sync.editing.edits import Put
from publer_sync.editing.new_posts import written_time
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.problems import errors_in

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import time, tzinfo

    from publer_sync.calendar.document import Document
    from publer_sync.calendar.expand import Placed
    from publer_sync.calendar.load import Calendar
    from publer_sync.editing.edits import Path
    from publer_sync.values.model import BudgetsAhead, Post, Settings
    from publer_sync.values.problems import Location

FURTHEST: Final = timedelta(days=366)
"""How far ahead slots are looked for where nothing else is said."""
LEAD: Final = timedelta(days=1)
"""How far ahead a slot is, where nothing else is said."""
IN_PUBLER: Final = "it is in Publer already, at the time that it had"


@dataclass(frozen=True, slots=True)
class WaitingPost:
    """A post of a file that waits, and its accounts, the one whose slots count first.

    `clocks` has the time of day of accounts that have one of their own, in `zone`; `earliest` is what `not_before` says.
    `posts` are what would be sent, for the budgets.
    """

    place: Location
    id: str | None
    text: str
    aliases: tuple[str, ...]
    clocks: Mapping[str, time] = field(default_factory=dict)
    zone: tzinfo | None = None
    earliest: Mapping[str, datetime] = field(default_factory=dict)
    posts: tuple[Post, ...] = ()

    def minutes(self, at: datetime) -> dict[str, datetime] | None:
        """The minute of each account for a slot, in UTC; None where the clocks skip one of them."""
        found = {}
        for alias in self.aliases:
            minute: datetime | None = at
            if (clock := self.clocks.get(alias)) is not None and self.zone is not None:
                day = at.astimezone(self.zone).date()
                minute = _moment(day, clock.replace(tzinfo=None), clock.tzinfo or self.zone)
            if minute is None:
                return None
            found[alias] = minute
        return found


@dataclass(frozen=True, slots=True)
class Filled:
    post: WaitingPost
    at: datetime
    """The slot of the first account, in UTC."""

    @property
    def minutes(self) -> Mapping[str, datetime]:
        """The minute of each account."""
        return self.post.minutes(self.at) or {}

    @property
    def posts(self) -> Iterator[Post]:
        """What would be sent, at its minute."""
        for each in self.post.posts:
            yield replace(each, at=self.minutes.get(each.account.alias or "", self.at))


@dataclass(frozen=True, slots=True)
class Unfilled:
    """A post that still waits, and why; `silent` where nobody has to do anything. `at` is the slot for somebody to write."""

    post: WaitingPost
    reason: str
    silent: bool = False
    at: datetime | None = None


IN_PAGE: Final = "it is in a page of the website, which is not written to"


@dataclass(frozen=True, slots=True)
class FillRules:
    """Slots are on or after `first` and not after the day `until`. `accounts`: only posts whose first account is one of them."""

    now: datetime
    first: datetime
    until: date | None = None
    accounts: frozenset[str] = frozenset()
    taken: Collection[tuple[str, datetime]] = ()
    """Alias and minute of what else is in Publer."""
    in_publer: Collection[Location] = ()
    """The waiting posts that are in Publer already."""
    unknown: Mapping[Location, str] = field(default_factory=dict)
    """The waiting posts that may be in Publer, each with why nobody knows."""


@dataclass(slots=True)
class FillResult:
    files: dict[str, bytes] = field(default_factory=dict)
    filled: list[Filled] = field(default_factory=list)
    left: list[Unfilled] = field(default_factory=list)


def fill(calendar: Calendar, rules: FillRules) -> FillResult:
    """Nothing is written. What could not be read back as it is meant is left, and the rest is filled anew."""
    waiting = [each for each in _waiting(calendar) if not rules.accounts or each.aliases[0] in rules.accounts]
    refused: dict[Location, str] = {}
    while True:
        result = _filled(calendar, rules, waiting, refused)
        if not result.filled:
            return result
        documents: dict[str, Document] = {}
        for each in result.filled:
            try:
                _write(calendar, documents, each)
            except Unwritable as error:
                refused[each.post.place] = f"{error}; write {error.paste}"
        result.files = {file: document.raw for file, document in documents.items()}
        wrong = refused.keys() & {each.post.place for each in result.filled}
        if not (wrong or _unproved(calendar, result, rules, refused)):
            return result


def _waiting(calendar: Calendar) -> list[WaitingPost]:
    """The posts that wait, in the order of files."""
    found: dict[Location, list[Placed]] = defaultdict(list)
    for placed in calendar.placed:
        if any(each.waits for each in placed.moments):
            found[placed.entry.place].append(placed)
    posts: dict[Location, list[Post]] = defaultdict(list)
    for post in calendar.desired.waiting:
        posts[post.location].append(post)
    return [
        WaitingPost(
            place,
            those[0].entry.id,
            str(those[0].parsed.content.text),
            tuple(each.alias for each in those),
            {each.alias: own for each in those if (own := each.moments[0].own) is not None},
            those[0].entry.clock.zone,
            {each.alias: earliest for each in those if (earliest := earliest_at(each)) is not None},
            tuple(posts[place]),
        )
        for place, those in found.items()
    ]


def earliest_at(placed: Placed) -> datetime | None:
    """What `not_before` says there."""
    written = placed.merged.get("not_before")
    if not isinstance(written, str) or "not_before" in placed.merged.broken:
        return None
    try:
        return earliest_of(written, placed.entry.clock)[0]
    except TimeError:
        return None


def _filled(
    calendar: Calendar, rules: FillRules, waiting: Sequence[WaitingPost], refused: Mapping[Location, str]
) -> FillResult:
    taken = taken_in(calendar) | {*rules.taken}
    result, settings = FillResult(), calendar.settings
    allowance = calendar.allowance()
    pages = {document.file for document in calendar.documents if document.page is not None}
    for post in waiting:
        if post.place in rules.in_publer:
            result.left.append(Unfilled(post, IN_PUBLER, silent=True))
        elif post.place in rules.unknown:
            result.left.append(Unfilled(post, rules.unknown[post.place]))
        elif post.place in refused:
            result.left.append(Unfilled(post, refused[post.place]))
        elif not settings.slots.get(post.aliases[0]):
            result.left.append(Unfilled(post, f"{post.aliases[0]} has no slots in publer.yaml"))
        else:
            found = _slot_for(calendar, post, rules, taken, allowance)
            if isinstance(found, str):
                result.left.append(Unfilled(post, found))
                continue
            filled = Filled(post, found)
            taken |= set(filled.minutes.items())
            for each in filled.posts:
                allowance.take(each, each.at)
            if post.place.file in pages:
                result.left.append(
                    Unfilled(post, f"{IN_PAGE}: write at: {_time_of(calendar, filled)} there", at=found)
                )
            else:
                result.filled.append(filled)
    return result


def _slot_for(
    calendar: Calendar,
    post: WaitingPost,
    rules: FillRules,
    taken: set[tuple[str, datetime]],
    allowance: BudgetsAhead,
) -> datetime | str:
    """The next slot whose minutes are free, that `not_before` allows and no budget forbids; or why there is none."""
    held_back: dict[str, None] = {}
    for at in openings(calendar.settings, post.aliases[0], rules.first, rules.until):
        minutes = post.minutes(at)
        if minutes is None or not taken.isdisjoint(minutes.items()) or min(minutes.values()) < rules.first:
            continue
        if any(minutes[alias] < earliest for alias, earliest in post.earliest.items()):
            held_back["its `not_before`"] = None
        elif not allowance.allows_all(
            (each, minutes.get(each.account.alias or "", at)) for each in post.posts
        ):
            held_back["the budget"] = None
        else:
            return at
    last = f" until {rules.until}" if rules.until is not None else " in the year ahead"
    why = f" that {' and '.join(held_back)} would allow" if held_back else ""
    return f"no slot of {post.aliases[0]} is free{last}{why}"


def free_slots(
    calendar: Calendar,
    aliases: Sequence[str],
    first: datetime,
    until: date | None = None,
    taken: Collection[tuple[str, datetime]] | None = None,
) -> Iterator[datetime]:
    """The slots of the first account whose minute is free on all of them; without `taken`, in the calendar."""
    if taken is None:
        taken = taken_in(calendar)
    for at in openings(calendar.settings, aliases[0], first, until) if aliases else ():
        if not any((alias, at) in taken for alias in aliases):
            yield at


def taken_in(calendar: Calendar) -> set[tuple[str, datetime]]:
    """Alias and minute of each post that has a time."""
    return {(post.account.alias or "", post.at) for post in calendar.desired.posts}


def openings(settings: Settings, alias: str, first: datetime, until: date | None) -> Iterator[datetime]:
    """The slots of an account from a moment on, in UTC, without quiet days, holidays and times that the clocks skip."""
    where, cadence = zone(settings.timezone), settings.cadence
    day = first.astimezone(where).date()
    last = until or day + FURTHEST
    while day <= last:
        if day.weekday() not in cadence.quiet and day not in cadence.holidays:
            for weekday, clock in settings.slots.get(alias, ()):
                if (
                    weekday == day.weekday()
                    and (at := _moment(day, clock, where)) is not None
                    and at >= first
                ):
                    yield at
        day += timedelta(days=1)


def _moment(day: date, clock: time, where: tzinfo) -> datetime | None:
    try:
        return moment(day, clock, where).astimezone(UTC)
    except TimeError:
        return None


def _write(calendar: Calendar, documents: dict[str, Document], filled: Filled) -> None:
    """Put the time into the file. Raises Unwritable."""
    file = filled.post.place.file
    original = next(each for each in calendar.documents if each.file == file)
    document = documents.get(file, original)
    text = _time_of(calendar, filled)
    documents[file] = edited(document, [Put((*_path(original, filled.post.place), "at"), text)])


def _time_of(calendar: Calendar, filled: Filled) -> str:
    """The slot as the post's file writes it."""
    document = next(each for each in calendar.documents if each.file == filled.post.place.file)
    where = zone_of(document.data, document, calendar.settings, []) if document.data is not None else None
    return written_time(filled.at, where or UTC, weekday=True)


def _path(document: Document, place: Location) -> Path:
    if document.kind == "markdown":
        return ()
    posts = document.data.get("posts") if document.data is not None else None
    items = posts if isinstance(posts, Seq) else ()
    return "posts", next(
        n for n, item in enumerate(items) if isinstance(item, Map) and item.mark.location == place
    )


def _unproved(
    calendar: Calendar, result: FillResult, rules: FillRules, refused: dict[Location, str]
) -> set[Location]:
    """The posts that the new files do not have at their times, or with which they have errors."""
    after = read(calendar.top, workspace_env=calendar.workspace_env, instead=result.files)
    known = Counter((each.code, each.message) for each in calendar.judge(calendar.desired, now=rules.now))
    new = [
        each
        for each in errors_in(after.judge(after.desired, now=rules.now))
        if not known[each.code, each.message]
    ]
    at = {(post.location, post.account.alias or "", post.at) for post in after.desired.posts}
    wrong: set[Location] = set()
    for each in result.filled:
        there = [problem for problem in new if _is_in(problem.location, each.post.place, after)]
        if there:
            refused[each.post.place] = there[0].message
            wrong.add(each.post.place)
        elif not at.issuperset((each.post.place, alias, minute) for alias, minute in each.minutes.items()):
            refused[each.post.place] = "its new time could not be read back"
            wrong.add(each.post.place)
    if new and not wrong:
        place = result.filled[-1].post.place
        refused[place] = new[0].message
        wrong.add(place)
    return wrong


def _is_in(where: Location | None, place: Location, calendar: Calendar) -> bool:
    """Whether a place is in the post that begins at another."""
    if where is None or where.file != place.file or where.line < place.line:
        return False
    following = [each.place.line for each in calendar.entries if each.document.file == place.file]
    return not any(place.line < line <= where.line for line in following)
