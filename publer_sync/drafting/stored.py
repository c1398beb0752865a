"""Which stored posts may be used when: the slots that `fill --evergreen` gives them, and how long the store lasts. Writes nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import field, replace
from datetime import UTC, date, datetime, timedelta
from heapq import merge
from typing import TYPE_CHECKING, Final

from publer_sync.calendar.posts import zone_of
from publer_sync.calendar.uses import versions_of
from publer_sync.drafting.filling import WaitingPost, earliest_at, openings, taken_in
from publer_sync.render.layout.wording import count
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.alike import AGAIN, AGAIN_ON_X, folded
from publer_sync.values.policies import LastingStore
from publer_sync.values.timezones import apart, time_zone

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import tzinfo

    from publer_sync.calendar.expand import Placed
    from publer_sync.calendar.load import Calendar
    from publer_sync.calendar.posts import Entry
    from publer_sync.drafting.filling import FillRules
    from publer_sync.values.model import BudgetsAhead, Post
    from publer_sync.values.policies import Evergreen
    from publer_sync.values.problems import Location

_X: Final = "twitter"


@dataclass(frozen=True, slots=True)
class PastUse:
    """A use of a stored post that was published, as the ledger knows it; without `text` where that is forgotten.

    A calendar that still has its `id` on the account says itself which day that is, by the clock of its file.
    """

    alias: str
    stored: str
    day: date
    at: datetime
    text: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class StoredPost:
    """A stored post: for each of its versions, the post on each of its accounts, by alias."""

    id: str
    post: WaitingPost
    evergreen: Evergreen
    versions: Mapping[int, Mapping[str, Post]]
    home: str
    """The file that has it."""


@dataclass(frozen=True, slots=True)
class FilledUse:
    """A use of a stored post in a slot. `aliases` are the accounts that can still take it, the one with the slot first."""

    stored: StoredPost
    at: datetime
    version: int
    aliases: tuple[str, ...]

    @property
    def minutes(self) -> Mapping[str, datetime]:
        """The minute of each account."""
        minutes = self.stored.post.minutes(self.at) or {}
        return {alias: minutes[alias] for alias in self.aliases}

    @property
    def left_out(self) -> tuple[str, ...]:
        """The accounts of the stored post that cannot take it any more."""
        return tuple(alias for alias in self.stored.post.aliases if alias not in self.aliases)

    @property
    def posts(self) -> Iterator[tuple[str, Post]]:
        versions = self.stored.versions[self.version]
        return ((alias, versions[alias]) for alias in self.aliases)


@dataclass(frozen=True, slots=True)
class SpentPost:
    """A stored post that no slot ahead can take, and why."""

    stored: StoredPost
    reason: str


@dataclass(slots=True)
class Uses:
    """The uses that slots get. `free` are the slots of each account that nothing in store may take."""

    filled: list[FilledUse] = field(default_factory=list)
    spent: list[SpentPost] = field(default_factory=list)
    free: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))


def stored_posts(calendar: Calendar) -> list[StoredPost]:
    """What is in store and can be used, in the order of files."""
    if not any(entry.is_stored for entry in calendar.entries):
        return []
    found: dict[str, list[Placed]] = defaultdict(list)
    for placed in calendar.placed:
        if placed.entry.is_stored and placed.entry.id is not None and placed.entry.evergreen is not None:
            found[placed.entry.id].append(placed)
    posts: dict[str, dict[int, dict[str, Post]]] = defaultdict(lambda: defaultdict(dict))
    for post in calendar.desired.stored:
        if post.use is not None:
            posts[post.use.stored][post.use.version][post.account.alias or ""] = post
    return [
        StoredPost(name, _waiting(those), evergreen, posts[name], those[0].entry.document.file)
        for name, those in found.items()
        if (evergreen := those[0].entry.evergreen) is not None and posts[name]
    ]


def _waiting(those: Sequence[Placed]) -> WaitingPost:
    """What a slot has to suit: the accounts, their times of day, and `not_before`."""
    first = those[0].entry
    alone = [each for each in those if each.entry.version == first.version]
    return WaitingPost(
        first.place,
        first.id,
        "",
        tuple(each.alias for each in alone),
        {each.alias: own for each in alone if each.moments and (own := each.moments[0].own) is not None},
        first.clock.zone,
        {each.alias: earliest for each in alone if (earliest := earliest_at(each)) is not None},
    )


def month_file(at: datetime, zone: tzinfo) -> str:
    """The file that a use is written to."""
    return f"{at.astimezone(zone):%Y-%m}.yaml"


def next_version(calendar: Calendar, stored: Entry) -> int:
    """The version whose turn it is: the one that was used longest ago."""
    last = dict.fromkeys(range(1, len(versions_of(stored)) + 1), datetime.min.replace(tzinfo=UTC))
    for post in calendar.desired.posts:
        if post.use is not None and post.use.stored == stored.id and post.use.version in last:
            last[post.use.version] = max(post.at, last[post.use.version])
    return min(last, key=lambda number: (last[number], number))


def find_uses(
    calendar: Calendar,
    rules: FillRules,
    past: Collection[PastUse] = (),
    refused: Collection[tuple[str, datetime]] = (),
) -> Uses:
    """The uses that the free slots get, in order of time. `refused` are stored posts and slots that did not read back."""
    return _Store(calendar, rules, past, refused).uses()


class _Store:
    """What may be used when, as slots are given one after the other."""

    def __init__(
        self,
        calendar: Calendar,
        rules: FillRules,
        past: Collection[PastUse],
        refused: Collection[tuple[str, datetime]],
    ) -> None:
        self.calendar, self.rules, self.refused = calendar, rules, refused
        self.settings = calendar.settings
        self.zone: tzinfo = time_zone(self.settings.timezone)
        self.stored = stored_posts(calendar)
        self.zones: dict[str, tzinfo] = {
            document.file: zone
            for document in calendar.documents
            if document.data is not None
            if (zone := zone_of(document.data, document, calendar.settings, [])) is not None
        }
        self.taken = taken_in(calendar) | {*rules.taken}
        self.allowance: BudgetsAhead = calendar.allowance()
        self.days: dict[tuple[str, str], set[date]] = defaultdict(set)
        """The days of the uses of a stored post on an account."""
        self.turns: dict[tuple[str, int], date] = {}
        """When a version was used last."""
        self.had: dict[str, set[str]] = defaultdict(set)
        """The words of a stored post that X has had."""
        self.said: dict[tuple[str, str], list[datetime]] = defaultdict(list)
        """When an account, or X as a whole, says some words."""
        self.weeks: Counter[tuple[str, date]] = Counter()
        for post in calendar.desired.posts:
            self._take(
                post, post.account.alias or "", post.at, post.at.astimezone(self._zone_of(post)).date()
            )
        x = {ref.alias for ref in self.settings.accounts if ref.provider == _X}
        there = {(post.id, post.account.alias) for post in calendar.desired.posts}
        for each in past:
            if (each.id, each.alias) not in there:
                self.days[each.stored, each.alias].add(each.day)
            if each.text and each.alias in x:
                self.had[each.stored].add(folded(each.text))

    def _zone_of(self, post: Post) -> tzinfo:
        return time_zone(post.zone) if post.zone else self.zone

    def _take(self, post: Post, alias: str, at: datetime, day: date) -> None:
        words, on_x = folded(post.text), post.account.provider == _X
        self.said[alias, words].append(at)
        if on_x:
            self.said["", words].append(at)
        if not post.draft:
            local = at.astimezone(self.zone).date()
            self.weeks[alias, local - timedelta(days=local.weekday())] += 1
        if post.use is not None:
            self.days[post.use.stored, alias].add(day)
            key = post.use.stored, post.use.version
            self.turns[key] = max(day, self.turns.get(key, day))
            if on_x:
                self.had[post.use.stored].add(words)

    def uses(self) -> Uses:
        found, chosen = Uses(), self.rules.accounts
        aliases = {
            alias for each in self.stored for alias in each.post.aliases if not chosen or alias in chosen
        }
        for at, alias in merge(*map(self._slots, sorted(aliases))):
            if (alias, at) in self.taken:
                continue
            if (use := self._use_at(at, alias)) is None:
                found.free[alias].append(at)
                continue
            found.filled.append(use)
            day = at.astimezone(self.zone).date()
            for name, post in use.posts:
                self.allowance.take(post, use.minutes[name])
                self.taken.add((name, use.minutes[name]))
                self._take(post, name, use.minutes[name], day)
        filled = {use.stored.id for use in found.filled}
        for each in self.stored:
            if each.id not in filled and (reason := self._spent(each)) is not None:
                found.spent.append(SpentPost(each, reason))
        return found

    def _slots(self, alias: str) -> Iterator[tuple[datetime, str]]:
        for at in openings(self.settings, alias, self.rules.first, self.rules.until):
            yield at, alias

    def _use_at(self, at: datetime, alias: str) -> FilledUse | None:
        """The stored post that was used longest ago, of those that may take the slot."""
        zone = self._zone_in(at)
        for known in sorted(self.stored, key=self._last_use):
            if (known.id, at) in self.refused:
                continue
            each = known if known.post.zone == zone else replace(known, post=replace(known.post, zone=zone))
            aliases = self._open(each)
            if not aliases or aliases[0] != alias:
                continue
            minutes = each.post.minutes(at)
            if minutes is None or not self._suits(each, aliases, minutes):
                continue
            version = self._version(each, aliases, minutes)
            if version is not None:
                return FilledUse(each, at, version, aliases)
        return None

    def _zone_in(self, at: datetime) -> tzinfo:
        """The time zone of the file of a month, in which a use would be written."""
        return self.zones.get(month_file(at, self.zone), self.zone)

    def _last_use(self, each: StoredPost) -> date:
        """Never used is first; of equals, the order of files."""
        return max(
            (day for alias in each.post.aliases for day in self.days[each.id, alias]), default=date.min
        )

    def _open(self, each: StoredPost) -> tuple[str, ...]:
        """The accounts that can still take it: `times` is not used up, and X has words that it has not had."""
        times = each.evergreen.times
        return tuple(
            alias
            for alias in each.post.aliases
            if (times is None or len(self.days[each.id, alias]) < times) and self._has_words(each, alias)
        )

    def _has_words(self, each: StoredPost, alias: str) -> bool:
        there = [posts[alias] for posts in each.versions.values() if alias in posts]
        return any(self._is_new(each, post) for post in there)

    def _is_new(self, each: StoredPost, post: Post) -> bool:
        words = folded(post.text)
        return post.account.provider != _X or not words or words not in self.had[each.id]

    def _suits(self, each: StoredPost, aliases: Sequence[str], minutes: Mapping[str, datetime]) -> bool:
        """Whether no account has anything else then, and it has rested long enough on all of them."""
        cadence, every = self.settings.cadence, each.evergreen.every
        for alias in aliases:
            at = minutes[alias]
            day = at.astimezone(each.post.zone or self.zone).date()
            if (alias, at) in self.taken or at < self.rules.first or not each.evergreen.allows(day):
                return False
            if at < each.post.earliest.get(alias, at):
                return False
            if any(abs(day - other) < every for other in self.days[each.id, alias]):
                return False
            hours, pace = cadence.hours.get(alias), cadence.paces.get(alias)
            if hours is not None and at.astimezone(each.post.zone or self.zone).time() not in hours:
                return False
            local = at.astimezone(self.zone).date()
            if local.weekday() in cadence.quiet or local in cadence.holidays:
                return False
            monday = local - timedelta(days=local.weekday())
            if pace is not None and pace.most is not None and self.weeks[alias, monday] >= pace.most:
                return False
        return True

    def _version(
        self, each: StoredPost, aliases: Sequence[str], minutes: Mapping[str, datetime]
    ) -> int | None:
        """The version whose turn it is, of those whose words are not too near, that X has not had, and that budgets allow."""
        turn = sorted(each.versions, key=lambda number: (self.turns.get((each.id, number), date.min), number))
        for number in turn:
            posts = each.versions[number]
            if all(
                alias in posts
                and self._is_new(each, posts[alias])
                and self._is_rested(posts[alias], alias, minutes[alias])
                for alias in aliases
            ) and self.allowance.allows_all((posts[alias], minutes[alias]) for alias in aliases):
                return number
        return None

    def _is_rested(self, post: Post, alias: str, at: datetime) -> bool:
        """Whether the account has not said the same words about that time, nor has X on any account, as `text.again` has it."""
        words = folded(post.text)
        if not words or post.draft or "text.again" in post.ignore:
            return True
        zone = self._zone_of(post)
        if any(abs(apart(at, other, zone)) < AGAIN for other in self.said[alias, words]):
            return False
        on_x = post.account.provider == _X
        return not on_x or not any(abs(at - other) < AGAIN_ON_X for other in self.said["", words])

    def _spent(self, each: StoredPost) -> str | None:
        """Why nothing can take it any more; None if it only rests."""
        aliases, evergreen = each.post.aliases, each.evergreen
        today = self.rules.now.astimezone(each.post.zone or self.zone).date()
        if evergreen.last is not None and evergreen.last < today:
            return f"its time was over on {evergreen.last}"
        chosen = self.rules.accounts
        if not (open_ones := self._open(each)):
            times = evergreen.times
            if times is not None and all(len(self.days[each.id, alias]) >= times for alias in aliases):
                return f"it was used {count(times, 'time')}, which is what `times` allows"
            return "X has had all its words, and nothing else can take it: add a variant"
        if not self.settings.slots.get(open_ones[0]) and (not chosen or open_ones[0] in chosen):
            return f"{open_ones[0]} has no slots in publer.yaml"
        return None


LOOKED: Final = timedelta(days=365)
_NEAR_THE_END: Final = timedelta(days=28)


def lasting(calendar: Calendar, rules: FillRules, past: Collection[PastUse] = ()) -> list[LastingStore]:
    """For each file with stored posts, in the order of files: where `rules` say no end, for a year ahead."""
    found = stored_posts(calendar)
    if not found:
        return []
    zone = time_zone(calendar.settings.timezone)
    homes = {each.id: each.home for each in found}
    days: dict[str, list[date]] = {each.home: [] for each in found}
    seen: set[tuple[Location, date]] = set()
    for post in calendar.desired.posts:
        if post.use is None or post.at <= rules.now or post.use.stored not in homes:
            continue
        day = post.at.astimezone(zone).date()
        if (post.location, day) not in seen:
            seen.add((post.location, day))
            days[homes[post.use.stored]].append(day)
    uses = find_uses(calendar, rules, past)
    for use in uses.filled:
        days[use.stored.home].append(use.at.astimezone(zone).date())
    end = (rules.now + LOOKED - _NEAR_THE_END).astimezone(zone).date()
    return [
        LastingStore(
            file.rpartition("/")[2].rpartition(".")[0],
            len(those),
            max(those, default=None),
            bool(those) and max(those) >= end,
        )
        for file, those in days.items()
    ]
