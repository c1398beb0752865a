"""A calendar as desired posts: reads the files, says everything that is wrong, and spreads the posts over accounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, Final

from publer_sync import calendar_settings, documents, recurrence, times, validation, yaml_traps
from publer_sync.calendar_settings import Groups, trouble_at
from publer_sync.content import Canonical, Places, ignored, merge, network_layer
from publer_sync.media_files import MediaFiles
from publer_sync.model import Account, Fix, Location, Post, Problem, Settings, Slot
from publer_sync.networks import NETWORKS, network_of
from publer_sync.nodes import Map, Mark, Seq

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from publer_sync.documents import Document

NO_TIME: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """One post of a file. `days` are those it stands on where it repeats; None where that could not be read."""

    document: Document
    data: Map
    place: Location
    id: str | None
    days: tuple[date, ...] | None
    repeats: bool


@dataclass(frozen=True, slots=True)
class Desired:
    """The posts of a calendar on their accounts, by time, then account, and what is wrong with them.

    `unplaced` are posts that are fine but for their time, at the start of 1970: so that their content can be judged too.
    """

    posts: tuple[Post, ...]
    problems: tuple[Problem, ...]
    unplaced: tuple[Post, ...] = ()


@dataclass(frozen=True, slots=True)
class Calendar:
    """The files of a calendar, read and checked; `posts` counts those in the files, each repetition by itself.

    `workspace_env` is what the environment said, for the comparison that only Publer's list of workspaces allows.
    """

    top: Path
    settings: Settings
    problems: tuple[Problem, ...]
    posts: int
    groups: Groups
    workspace_env: str | None = None
    documents: tuple[Document, ...] = field(default=(), repr=False)
    entries: tuple[Entry, ...] = field(default=(), repr=False)

    def excerpt(self, file: str) -> list[str]:
        """The lines of a file, for showing where a problem is; none where the file is not part of the calendar."""
        return next((list(document.lines) for document in self.documents if document.file == file), [])

    def expand(self, accounts: Mapping[str, Account] | None) -> Desired:
        """Every post on every account it names. `accounts` are those Publer has, by alias; None works offline."""
        return _Expansion(self, accounts).run()


def read(top: Path, *, workspace_env: str | None = None) -> Calendar:
    """The calendar in a folder. Mistakes in files are Problems; raises SettingsError where the folder cannot be read."""
    found = documents.read_all(top)
    problems: list[Problem] = []
    for document in found:
        problems += document.problems
        problems += validation.check(document)
    main = next((document for document in found if document.kind == "settings"), None)
    if main is None:
        problems.append(calendar_settings.missing(top))
    settings, groups = calendar_settings.settings_of(main, top, problems)
    if (two := calendar_settings.check_workspace(settings, workspace_env)) is not None:
        problems.append(two)
    elif workspace_env and not settings.workspace:
        settings = replace(settings, workspace=workspace_env)
    entries = tuple(entry for document in found for entry in _entries(document, settings, problems))
    _find_equal_ids(entries, problems)
    count = sum(len(entry.days) if entry.repeats and entry.days is not None else 1 for entry in entries)
    return Calendar(
        top, settings, _sorted(problems), count, groups, workspace_env or None, tuple(found), entries
    )


def _sorted(problems: list[Problem]) -> tuple[Problem, ...]:
    unique = dict.fromkeys(problems)
    return tuple(sorted(unique, key=lambda problem: problem.location or Location("", 0)))


# --- posts of files ---------------------------------------------------------------------------------------------------


def _entries(document: Document, settings: Settings, problems: list[Problem]) -> Iterator[Entry]:
    data = document.data
    if document.kind == "settings" or data is None:
        return
    zone = _zone(data, document, settings, problems)
    _check_time(data, document, problems)
    if document.kind == "markdown":
        yield _entry(document, data, Location(document.file, 1), zone, problems)
        return
    posts = data.get("posts")
    for post in posts if isinstance(posts, list) else ():
        if isinstance(post, Map):
            mark = post.mark
            yield _entry(document, post, Location(mark.file, mark.line, mark.column), zone, problems)


def _zone(data: Map, document: Document, settings: Settings, problems: list[Problem]) -> Any:
    name = data.get("timezone")
    if isinstance(name, str) and "timezone" not in data.broken:
        try:
            return times.zone(name.strip())
        except times.Trouble as trouble:
            problems.append(trouble_at(trouble, data.marks["timezone"], document.lines))
            return None
    if "timezone" in data.broken:
        return None
    return times.zone(settings.timezone)


def _check_time(data: Map, document: Document, problems: list[Problem]) -> None:
    if isinstance(data.get("time"), str) and "time" not in data.broken:
        try:
            times.read_time(data["time"])
        except times.Trouble as trouble:
            problems.append(trouble_at(trouble, data.marks["time"], document.lines))


def _entry(document: Document, data: Map, place: Location, zone: Any, problems: list[Problem]) -> Entry:
    id = data.get("id") if "id" not in data.broken and isinstance(data.get("id"), str) else None
    if data.get("repeat") is None and "repeat" not in data.broken:
        return Entry(document, data, place, id, None, repeats=False)
    days = None
    if "repeat" not in data.broken and isinstance(data.get("repeat"), Map):
        days = _Repetition(document, data, zone, problems).days()
        if id is None and "id" not in data.broken:
            message = "a post that repeats needs an `id`: each of its days is called by it"
            mark = data.marks["repeat"]
            problems.append(
                Problem("error", "repeat.id", message, mark.key_location, "id: tuesday-tip", len("repeat"))
            )
    return Entry(document, data, place, id, days, repeats=True)


@dataclass(slots=True)
class _Repetition:
    """`repeat` of one post, as days."""

    document: Document
    data: Map
    zone: Any
    problems: list[Problem]

    def days(self) -> tuple[date, ...] | None:
        said: Map = self.data["repeat"]
        before = len(self.problems)
        first = self._first()
        until = self._date(said["until"], said.marks["until"]) if "until" in said else None
        left_out = self._left_out(said)
        every = recurrence.every(str(said.get("every", "")))
        if "until" not in said and "times" not in said:
            self._error("repeat.end", "a repeat needs an end", said.mark, "until: 2027-05-27, or times: 6")
        if "until" in said and "times" in said:
            self._error(
                "repeat.end",
                "a repeat has one end: `until` or `times`",
                said.marks["times"],
                "take one of them out",
            )
        if "days" in said and every and every[1] != "w":
            self._error("repeat.days", "`days` go with weeks", said.marks["days"], "every: week")
        if first is None or every is None or len(self.problems) > before:
            return None
        if until is not None and until < first:
            self._error(
                "repeat.end",
                f"`until` ({until}) lies before the first day ({first})",
                said.marks["until"],
                None,
            )
            return None
        weekdays = tuple(sorted({times.DAYS.index(day.title()) for day in said.get("days", ())}))
        rule = recurrence.Repeat(*every, weekdays, until, said.get("times"), frozenset(left_out))
        days, strangers = recurrence.occurrences(first, rule)
        if len(days) > recurrence.MAX_OCCURRENCES:
            message = f"this repeats more than {recurrence.MAX_OCCURRENCES:,} times"
            self._error("repeat.many", message, said.mark, "give it an earlier end: until: 2027-05-27")
            return None
        for stranger in sorted(strangers):
            message = f"the post does not stand on {times.DAYS[stranger.weekday()]} {stranger} anyway"
            self.problems.append(
                Problem("warning", "repeat.except", message, left_out[stranger].location, "check the date")
            )
        if not days:
            self._error(
                "repeat.none",
                "this repeat has no day at all",
                said.mark,
                "a later `until`, or fewer days under `except`",
            )
            return None
        return tuple(days)

    def _error(self, code: str, message: str, mark: Mark, help: str | None) -> None:
        self.problems.append(Problem("error", code, message, mark.key_location, help))

    def _first(self) -> date | None:
        """The day `at` names, on the wall clock of the post's zone."""
        at = self.data.get("at")
        if not isinstance(at, str) or "at" in self.data.broken:
            return None
        try:
            when = times.read(at)
        except times.Trouble:
            return None  # said where the post is placed
        if when.offset is not None and when.date and when.time and self.zone is not None:
            return datetime.combine(when.date, when.time, when.offset).astimezone(self.zone).date()
        return when.date

    def _date(self, text: Any, mark: Mark) -> date | None:
        try:
            return times.read_date(str(text))
        except times.Trouble as trouble:
            self.problems.append(trouble_at(trouble, mark, self.document.lines))
            return None

    def _left_out(self, said: Map) -> dict[date, Mark]:
        value = said.get("except")
        if not isinstance(value, Seq):
            return {}
        pairs = ((self._date(text, mark), mark) for text, mark in zip(value, value.marks, strict=True))
        return {day: mark for day, mark in pairs if day is not None}


def _find_equal_ids(entries: Sequence[Entry], problems: list[Problem]) -> None:
    first: dict[str, Entry] = {}
    used = {entry.id for entry in entries}
    for entry in entries:
        if entry.id is None:
            continue
        other = first.setdefault(entry.id, entry)
        if other is not entry:
            mark, before = entry.data.marks["id"], other.data.marks["id"].location
            number = next(n for n in range(2, len(entries) + 3) if f"{entry.id}-{n}" not in used)
            used.add(f"{entry.id}-{number}")
            message = f"two posts are called `{entry.id}`: here and {before}"
            text = entry.document.lines[mark.line - 1]
            written = f"{text[: mark.column - 1]}{entry.id}-{number}{text[mark.end_column - 1 :]}"
            help, fix = f"id: {entry.id}-{number}", Fix(mark.line, mark.line, written)
            related = ((before, "the other one"),)
            problems.append(
                Problem("error", "id.twice", message, mark.location, help, mark.length, related, fix)
            )


# --- posts on accounts ------------------------------------------------------------------------------------------------


class _Expansion:
    """One run of `expand`."""

    def __init__(self, calendar: Calendar, accounts: Mapping[str, Account] | None) -> None:
        self.calendar, self.groups = calendar, calendar.groups
        self.problems: dict[Problem, None] = {}
        self.lines = {document.file: document.lines for document in calendar.documents}
        self.files = MediaFiles(calendar.top, hashed=accounts is not None)
        self.accounts = dict(accounts) if accounts is not None else _offline(calendar.settings)
        main = next((document.data for document in calendar.documents if document.kind == "settings"), None)
        self.settings: Map | None = main
        self.defaults = _map(main, "defaults")
        self.bases: dict[tuple[str, str], Map] = {}
        self.slots: dict[Slot, tuple[Location, str]] = {}
        self.posts: list[Post] = []
        self.unplaced: list[Post] = []
        self.zone_said = main is not None and "timezone" in main

    def run(self) -> Desired:
        self._find_twins()
        self._check_defaults()
        for entry in self.calendar.entries:
            self._post(entry)
        self.posts.sort(key=lambda post: (post.at, post.account.alias or "", post.account.id, post.location))
        return Desired(tuple(self.posts), _sorted(list(self.problems)), tuple(self.unplaced))

    def say(self, problem: Problem) -> None:
        self.problems.setdefault(problem)

    def _find_twins(self) -> None:
        places = {ref.alias: ref.location for ref in self.calendar.settings.accounts}
        first: dict[str, str] = {}
        for alias, account in self.accounts.items():
            other = first.setdefault(account.id, alias)
            if other != alias:
                twin = calendar_settings.twin(other, places.get(other), alias, places.get(alias))
                if twin not in self.calendar.problems:
                    self.say(twin)

    # --- layers

    def _check_defaults(self) -> None:
        """Names of networks and accounts that stand outside of posts, where no post may use them."""
        self._check_networks(self.defaults)
        self._aliases(self.defaults)
        for document in self.calendar.documents:
            if document.kind == "posts" and document.data is not None:
                self._check_networks(_map(document.data, "defaults"))
                self._aliases(document.data)

    def _check_networks(self, data: Map | None) -> None:
        """Keys of `networks` that are no network."""
        networks = _map(data, "networks")
        if networks is None:
            return
        seen: dict[str, Mark] = {}
        for word, mark in networks.marks.items():
            provider = network_of(word)
            if provider is None or word not in _NETWORK_WORDS:
                self.say(self._no_network(word, mark, provider))
            elif provider in seen:
                self.say(yaml_traps.twice(word, seen[provider], mark))
            else:
                seen[provider] = mark

    def _no_network(self, word: str, mark: Mark, provider: str | None) -> Problem:
        account = self.accounts.get(word)
        names = ", ".join(_NETWORK_WORDS)
        if account is not None or word in self.groups.aliases:
            network = f" ({account.provider})" if account and account.provider else ""
            message = f'"{word}" is an account; `networks` wants a network{network}'
            help = f"accounts:\n- account: {word}\n  text: |\n    …"
            return Problem("error", "account.network", message, mark.key_location, help, len(word))
        near = provider or validation.nearest(word, _NETWORK_WORDS)
        help = f"{f'did you mean `{near}`? ' if near else ''}the networks are: {names}"
        fix = None
        text = self.lines[mark.file][mark.key_line - 1]
        if near and text.count(word) == 1:
            fix = Fix(mark.key_line, mark.key_line, text.replace(word, near))
        message = f"there is no network {yaml_traps.shown(word)}"
        return Problem("error", "account.network", message, mark.key_location, help, len(word), fix=fix)

    def _base(self, document: Document, provider: str) -> Map:
        """Settings and file laid over each other for one network, without any account's entry."""
        key = (document.file, provider)
        if key not in self.bases:
            file = document.data or Map(_TOP)
            inner = _map(file, "defaults") if document.kind == "posts" else None
            layers = [
                _only(self.settings, "ignore"),
                self.defaults,
                network_layer(self.defaults, provider),
                _only(file, "ignore") if document.kind == "posts" else None,
                inner,
                network_layer(inner, provider),
            ]
            self.bases[key] = merge(Map(_TOP), layers)
        return self.bases[key]

    def _aliases(self, data: Map | None) -> dict[str, list[Map]] | None:
        """What `accounts` of one place names: each alias with the entries that say what differs there. None: nothing said."""
        if data is None or "accounts" in data.broken or data.get("accounts") is None:
            return None
        said = data["accounts"]
        pairs = (
            zip(said, said.marks, strict=True) if isinstance(said, Seq) else [(said, data.marks["accounts"])]
        )
        found: dict[str, list[Map]] = {}
        for item, mark in pairs:
            word, at = (
                (item.get("account"), item.marks.get("account", mark))
                if isinstance(item, Map)
                else (item, mark)
            )
            if not isinstance(word, str):
                continue
            for alias in self._members(word, at):
                entries = found.setdefault(alias, [])
                if isinstance(item, Map):
                    entries.append(item)
        return found

    def _members(self, word: str, mark: Mark) -> tuple[str, ...]:
        members = self.groups.members(word)
        if members is None:
            if self.groups.complete:
                self.say(self.groups.unknown(word, mark, self.lines.get(mark.file, ())))
            return ()
        return members

    # --- posts

    def _post(self, entry: Entry) -> None:
        data = entry.data
        self._check_networks(data)
        file = entry.document.data if entry.document.kind == "posts" else None
        own = self._aliases(data)
        from_file = self._aliases(file) if own is None else None
        broken = "accounts" in data.broken or "?" in data.broken
        aliases, level = (own, "post") if own is not None else (from_file, "file")
        if aliases is None and not (file is not None and file.broken & {"accounts", "?"}):
            aliases, level = self._aliases(self.defaults), "settings"
        if aliases is None:
            lost = file is not None and file.broken & {"accounts", "?"}
            if not broken and not lost and self.groups.complete:
                self._no_account(entry)
            aliases = {}
        if broken:
            aliases = {}
        if not aliases:
            self._judge_alone(entry)
        for alias, layers in aliases.items():
            account = self.accounts.get(alias)
            if account is not None:
                self._on(entry, account, layers, level)

    def _no_account(self, entry: Entry) -> None:
        message = "this post says no account, and neither does its file"
        help = "in the post, or above posts: for all that name none:\naccounts: all"
        self.say(Problem("error", "account.none", message, entry.place, help))

    def _judge_alone(self, entry: Entry) -> None:
        """The time and the content of a post that has no account, so that its other mistakes are said too."""
        nobody = Account("", "", "")
        merged = merge(self._base(entry.document, ""), [entry.data])
        self._content(entry, merged, nobody)
        self._moments(entry, nobody, [], "post")

    def _on(self, entry: Entry, account: Account, entries: list[Map], level: str) -> None:
        provider = account.provider
        base = self._base(entry.document, provider)
        layers = {name: entries if name == level else [] for name in ("settings", "file", "post")}
        own = network_layer(entry.data, provider)
        before = [*layers["settings"], *layers["file"]]
        if before:
            base = self._base_with(entry, provider, layers)
        merged = merge(base, [entry.data, own, *layers["post"]])
        for layer in entries:
            self._check_entry(layer, account)
        made = self._content(entry, merged, account)
        moments = self._moments(entry, account, entries, level)
        self._place(entry, account, merged, made, moments)

    def _base_with(self, entry: Entry, provider: str, layers: dict[str, list[Map]]) -> Map:
        """Like `_base`, with the entries of an account at their place."""
        document, file = entry.document, entry.document.data
        inner = _map(file, "defaults") if document.kind == "posts" else None
        return merge(
            Map(_TOP),
            [
                _only(self.settings, "ignore"),
                self.defaults,
                network_layer(self.defaults, provider),
                *layers["settings"],
                _only(file, "ignore") if document.kind == "posts" else None,
                inner,
                network_layer(inner, provider),
                *layers["file"],
            ],
        )

    def _check_entry(self, layer: Map, account: Account) -> None:
        """An account's entry against what its network takes: which one that is, the schema cannot see."""
        if account.provider:
            variant = layer.without({"account"})
            lines = self.lines.get(layer.mark.file, ())
            for problem in validation.check_part(variant, validation.network_ref(account.provider), lines):
                if not any(problem.location == known.location for known in self.calendar.problems):
                    self.say(problem)
            layer.broken |= variant.broken

    def _content(
        self, entry: Entry, merged: Map, account: Account
    ) -> tuple[dict[str, Any], Canonical] | None:
        made = Canonical(merged, account.provider, entry.place, self.files, self.lines, self._share_ids)
        content = made.content()
        for problem in made.problems:
            self.say(problem)
        return (content, made) if content is not None else None

    def _share_ids(self, word: str, mark: Mark) -> list[str]:
        return [self.accounts[alias].id for alias in self._members(word, mark) if alias in self.accounts]

    def _place(
        self,
        entry: Entry,
        account: Account,
        merged: Map,
        made: tuple[dict[str, Any], Canonical] | None,
        moments: list[tuple[date | None, datetime | None, Mark | None]],
    ) -> None:
        for day, at, mark in moments:
            if at is not None:
                self._claim(account, at, mark.location if mark else entry.place)
            if made is None:
                continue
            content, canonical = made
            post = Post(
                account,
                at or NO_TIME,
                content,
                entry.place,
                f"{entry.id}@{day}" if entry.repeats and entry.id and day else entry.id,
                tuple(canonical.media.values()),
                Places(merged, mark),
                ignored(merged),
            )
            (self.posts if at is not None else self.unplaced).append(post)

    def _claim(self, account: Account, at: datetime, place: Location) -> None:
        slot = Slot(account.id, at)
        first = self.slots.setdefault(slot, (place, ""))[0]
        if first is place:
            return
        local = at.astimezone(times.zone(self.calendar.settings.timezone))
        when = f"{times.DAYS[local.weekday()]} {local:%-d %b %H:%M}"
        message = f"{account.alias or account.name} has two posts at {when}: here and {first}"
        help = "Publer wants a minute between two posts of one account: give one of them another time"
        self.say(Problem("error", "slot.twice", message, place, help, related=((first, "the other one"),)))

    # --- times

    def _moments(
        self, entry: Entry, account: Account, entries: list[Map], level: str
    ) -> list[tuple[date | None, datetime | None, Mark | None]]:
        """The moments of a post on one account, each with its day where the post repeats; None where it is unknown."""
        document, data = entry.document, entry.data
        zone, default = self._clock(document)
        said = self._said_times(entry, account.provider, entries, level)
        if said is None:
            return [(None, None, None)]
        day: date | None = None
        at, offset = default, None
        mark: Mark | None = None
        for when, place, own in said:
            if entry.repeats and when.date is not None and not own:
                message = "this post repeats: only a time of day can differ here"
                self.say(Problem("error", "repeat.at", message, place.location, "at: 10:30", place.length))
                return [(None, None, None)]
            mark = place
            day = when.date or day
            if when.time is not None:
                at = when.time
                if when.offset is not None or when.date is not None:
                    offset = when.offset
        if day is None:
            if "at" not in data.broken and "?" not in data.broken:
                self._no_day(entry, said)
            return [(None, None, None)]
        if at is None:
            if self._times_known(document):
                place = mark.location if mark else entry.place
                help = f"at: {day} 09:00, or for the whole file: time: 09:00"
                self.say(
                    Problem(
                        "error", "time.alone", f"no time on {day}", place, help, mark.length if mark else 1
                    )
                )
            return [(None, None, None)]
        if zone is None and offset is None:
            return [(None, None, None)]
        if not entry.repeats:
            return [(None, self._moment(day, at, offset or zone, mark, entry), mark)]
        if entry.days is None:
            return [(None, None, None)]
        if offset is not None and zone is not None:
            at = datetime.combine(day, at, offset).astimezone(zone).time()
        return [(each, self._moment(each, at, zone or offset, mark, entry), mark) for each in entry.days]

    def _moment(self, day: date, at: time, zone: Any, mark: Mark | None, entry: Entry) -> datetime | None:
        try:
            return times.moment(day, at, zone)
        except times.Trouble as trouble:
            place = mark or entry.data.mark
            self.say(trouble_at(trouble, place, self.lines.get(place.file, ())))
            return None

    def _no_day(self, entry: Entry, said: list[tuple[times.When, Mark, bool]]) -> None:
        if said:
            place = said[-1][1]
            message = "this says a time of day, and no day"
            self.say(
                Problem("error", "time.alone", message, place.location, "at: 2027-03-02 10:30", place.length)
            )
        else:
            message = "this post says no time"
            self.say(Problem("error", "time.none", message, entry.place, "at: 2027-03-02 09:00"))

    def _said_times(
        self, entry: Entry, provider: str, entries: list[Map], level: str
    ) -> list[tuple[times.When, Mark, bool]] | None:
        """Every `at` that bears on the post there, the nearest last; None where one of them cannot be read."""
        inner = _map(entry.document.data, "defaults") if entry.document.kind == "posts" else None
        layers: list[Map | None] = [network_layer(self.defaults, provider)]
        layers += entries if level == "settings" else []
        layers += [network_layer(inner, provider)]
        layers += entries if level == "file" else []
        layers += [entry.data, network_layer(entry.data, provider)]
        layers += entries if level == "post" else []
        said: list[tuple[times.When, Mark, bool]] = []
        fine = True
        for layer in layers:
            if layer is None or layer.get("at") is None:
                fine = fine and not (layer is not None and "at" in layer.broken)
                continue
            if "at" in layer.broken:
                fine = False
                continue
            mark = layer.marks["at"]
            try:
                said.append((times.read(layer["at"]), mark, layer is entry.data))
            except times.Trouble as trouble:
                self.say(trouble_at(trouble, mark, self.lines.get(mark.file, ())))
                fine = False
        return said if fine else None

    def _clock(self, document: Document) -> tuple[Any, time | None]:
        """The zone and the time of day that hold in a file; a zone of None could not be read."""
        data = document.data
        zone = _zone(data, document, self.calendar.settings, []) if data is not None else None
        for layer in (data, self.settings):
            if layer is not None and isinstance(layer.get("time"), str) and "time" not in layer.broken:
                try:
                    return zone, times.read_time(layer["time"])
                except times.Trouble:
                    return zone, None
        return zone, None

    def _times_known(self, document: Document) -> bool:
        """Whether there was no `time` at all: one that cannot be read has been said already."""
        layers = (document.data, self.settings)
        return not any(layer is not None and ("time" in layer or "time" in layer.broken) for layer in layers)


_TOP: Final = Mark("", 1, 1, 1, 1, 1, 1, "m")
_NETWORK_WORDS: Final = ("x", *NETWORKS)


def _map(data: Map | None, key: str) -> Map | None:
    value = data.get(key) if data is not None else None
    return value if isinstance(value, Map) else None


def _only(data: Map | None, key: str) -> Map | None:
    """A layer of one key."""
    if data is None or data.get(key) is None or key in data.broken:
        return None
    layer = Map(data.mark)
    layer.put(key, data[key], data.marks[key])
    return layer


def _offline(settings: Settings) -> dict[str, Account]:
    """The accounts as the settings name them, before Publer was asked."""
    return {
        ref.alias: Account(f"alias:{ref.alias}", ref.name, ref.provider or "", ref.alias)
        for ref in settings.accounts
    }
