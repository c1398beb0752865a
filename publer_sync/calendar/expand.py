"""Turns the posts of files into posts on accounts.

A calendar is expanded once, with its accounts as the settings name them, and bound to Publer's accounts afterwards.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from publer_sync.calendar.composing import KEYS, Composer, Extras
from publer_sync.calendar.layers import Outer, inner_map, labelled
from publer_sync.calendar.media_files import MediaFiles
from publer_sync.calendar.naming import Naming
from publer_sync.calendar.parse import Parser, ignored, note_of, page_of
from publer_sync.calendar.places import Places, problem_at
from publer_sync.calendar.publer_yaml.extends import combined, layers_of
from publer_sync.calendar.shape import schema as validation
from publer_sync.calendar.uses import versions_of
from publer_sync.calendar.when import zones
from publer_sync.calendar.when.moments import Moment, Timing
from publer_sync.networks.table import NETWORKS, network_of
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.model import UNASKED, Account, Post
from publer_sync.values.problems import Help, Location, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from publer_sync.calendar.document import Document
    from publer_sync.calendar.layers import Level
    from publer_sync.calendar.parse import Parsed
    from publer_sync.calendar.posts import Entry
    from publer_sync.calendar.publer_yaml.groups import Groups
    from publer_sync.calendar.yaml.nodes import Map, Mark
    from publer_sync.values.model import Settings

NO_TIME: Final = datetime(1970, 1, 1, tzinfo=UTC)
_READ_WITH_TEXT: Final = KEYS | {"text", "spoiler_text", "parse_mode", "networks", "accounts", "?"}
"""Where one of these could not be read, the text may be a different one, or counted differently."""
_NOBODY: Final = Account("", "", "")


@dataclass(frozen=True, slots=True)
class Desired:
    """The posts of a calendar on their accounts, by time, then account, and what is wrong with them.

    `unplaced` posts lack only a time (it is the start of 1970): their content can be checked. `partial` posts have
    other problems too: their text can be checked.
    """

    posts: tuple[Post, ...]
    problems: tuple[Problem, ...]
    unplaced: tuple[Post, ...] = ()
    partial: tuple[Post, ...] = ()
    waiting: tuple[Post, ...] = ()
    """Those of the unplaced that wait for a slot, in the order of files."""
    stored: tuple[Post, ...] = ()
    """Each version of each stored post on each of its accounts, in the order of files (it is the start of 1970): never sent."""


class Placed(NamedTuple):
    """A post of a file on one account, with its problems there. `entries` are what `accounts` says for this account."""

    entry: Entry
    account: Account
    alias: str
    entries: list[Map]
    level: Level
    merged: Map
    parsed: Parsed
    extras: Extras | None
    moments: tuple[Moment, ...]
    problems: tuple[Problem, ...]
    aliases: tuple[str, ...] = ()
    """Every account that the post is on."""
    of_use: tuple[Map, ...] = ()
    """What `accounts` of a use itself says for this account, beside what its stored post does."""

    def post(self, moment: Moment) -> Post:
        entry, parsed = self.entry, self.parsed
        content, written = parsed.content, None
        if self.extras is not None:
            content, written = self.extras_at(moment.at or NO_TIME).compose(content)
        name = f"{entry.id}@{moment.part}" if entry.id and moment.part else entry.id
        return Post(
            self.account,
            moment.at or NO_TIME,
            content,
            entry.place,
            name,
            parsed.media,
            Places(labelled(self.merged), moment.mark, entry.document, entry.home),
            note_of(entry.data),
            ignored(self.merged),
            written,
            aliases=self.aliases,
            counted=moment.counted,
            bounds=entry.bounds,
            when_live=page_of(self.merged, parsed.content),
            zone=getattr(entry.clock.zone, "key", ""),
            use=entry.use,
            series=(entry.id or "") if entry.repeats else "",
        )

    def extras_at(self, at: datetime) -> Extras:
        """What is added to the post on the day of `at`."""
        extras = self.extras or Extras()
        return extras.on(at.astimezone(self.entry.clock.zone or UTC).date())


class Expander:
    """Puts posts on one set of accounts, and collects `problems`, one for each account that has it."""

    def __init__(
        self,
        top: Path,
        settings: Settings,
        groups: Groups,
        documents: Sequence[Document],
        accounts: Mapping[str, Account] | None = None,
        *,
        fetched: Mapping[str, Path] = MappingProxyType({}),
    ) -> None:
        """Without `accounts`, uses those of the settings and leaves media files unread."""
        self.fetched = fetched
        self.top, self.settings, self.groups, self.documents = top, settings, groups, documents
        self.accounts = accounts if accounts is not None else named_accounts(settings)
        self.problems: list[Problem] = []
        self._lines = {document.file: document.lines for document in documents}
        self._settings = layers_of(documents)
        complete = not any(data.broken & {"media", "?"} for data in self._settings)
        self.media_files = MediaFiles(
            top,
            settings.media,
            hashed=accounts is not None,
            fetched=fetched,
            complete=complete,
            beside=[document.page.picture for document in documents if document.page is not None],
        )
        main = combined(self._settings)
        self._timing = Timing(settings, main, self._lines, self.problems)
        self._naming = Naming(groups, self.accounts, self._lines, self.problems)
        self.composer = Composer(main, groups, self.problems)
        self._outer: dict[tuple[str, str], Outer] = {}
        self._from_settings: dict[str, list[Map]] | None = None
        self._from_file: dict[str, dict[str, list[Map]] | None] = {}
        self._entries: dict[tuple[int, str], tuple[Map, tuple[Problem, ...]]] = {}

    def expand(self, entries: Sequence[Entry], known: Iterable[Spread] = ()) -> Expansion:
        """Posts that are `known` on their accounts, the very same ones, are not expanded again."""
        self._check_outer()
        outer, before = tuple(self.problems), {id(each.entry): each for each in known}
        spreads = tuple(before.get(id(entry)) or self._spread(entry) for entry in entries)
        return Expansion(self, spreads, outer)

    def _spread(self, entry: Entry) -> Spread:
        before = len(self.problems)
        self._timing.used, self.media_files.named = set(), set()
        placed = tuple(self._on_accounts(entry))
        dates, media = frozenset(self._timing.used), frozenset(self.media_files.named)
        return Spread(entry, placed, tuple(self.problems[before:]), dates, media)

    def _check_outer(self) -> None:
        """Check the names outside of posts, which no post may use."""
        for data in self._settings:
            defaults = inner_map(data, "defaults")
            self._naming.check_networks(defaults)
            if (named := self._naming.accounts_of(defaults)) is not None:
                self._from_settings = named
        for document in self.documents:
            if document.kind == "posts" and document.data is not None:
                self._naming.check_networks(inner_map(document.data, "defaults"))
                self._from_file[document.file] = self._naming.accounts_of(document.data)

    def _on_accounts(self, entry: Entry) -> Iterator[Placed]:
        self._naming.check_networks(entry.data)
        aliases, level, more = self._named(entry)
        if not aliases and not self._accounts_lost(entry):
            message = "this post names no account, and neither does its file"
            if aliases is not None:
                message = "the `accounts` of this post include no account of this calendar"
                if empty := [each for each in self._words_of(entry) if self.groups.groups.get(each) == ()]:
                    message = f"the group `{empty[0]}` has no account of this calendar, and this post names no other"
            example = f"accounts: {next(iter(self.accounts), 'facebook')}"
            advice = Help("Name its accounts, or those of the whole file above its posts", example=example)
            self.problems.append(Problem("error", "account.none", message, entry.place, advice))
        if not aliases:
            self._check_alone(entry)
        layers = aliases or {}
        self._warn_of_other_networks(entry, layers)
        named = tuple(alias for alias in layers if alias in self.accounts)
        for each in self._versions(entry):
            for alias in named:
                yield self._place(each, alias, layers[alias], level, named, tuple(more.get(alias, ())))

    def _versions(self, entry: Entry) -> tuple[Entry, ...]:
        """A stored post as each of its versions, which are judged where they stand; any other post as it is."""
        if not entry.is_stored:
            return (entry,)
        return tuple(
            replace(entry, data=data, own=entry.data, version=number)
            for number, data in enumerate(versions_of(entry), 1)
        )

    def _words_of(self, entry: Entry) -> list[str]:
        """The words for accounts of a post, or of what it is in."""
        own = (entry.data, entry.document.data)
        layers = (*own, *(inner_map(layer, "defaults") for layer in (*own, *reversed(self._settings))))
        named: object = next((each["accounts"] for each in layers if each and each.get("accounts")), [])
        return [str(each) for each in (named if isinstance(named, list) else [named])]

    def _warn_of_other_networks(self, entry: Entry, aliases: Mapping[str, object]) -> None:
        """Warn of words for a network on which the post has no account. Without a network, an account may be on any."""
        networks = inner_map(entry.lines, "networks")
        if networks is None or not self.groups.complete:
            return
        here = {self.accounts[alias].provider for alias in aliases if alias in self.accounts}
        if not here or "" in here:
            return
        for word, mark in networks.marks.items():
            provider = network_of(word)
            if provider is not None and provider not in here:
                message = f"`{word}` has no effect here: the post is on {', '.join(aliases)}"
                say = f"Add an account on {NETWORKS[provider].label} to its accounts, or remove this"
                self.problems.append(
                    problem_at(mark, "account.unused", message, say, key=word, severity="warning")
                )

    def _named(self, entry: Entry) -> tuple[dict[str, list[Map]] | None, Level, dict[str, list[Map]]]:
        """The accounts that the nearest level names, that level, and what a use itself says of them.

        A use chooses accounts for itself; what its stored post says of them holds for it too.
        """
        if entry.stored is None:
            return (*self._usual(entry, entry.data), {})
        found, level = self._usual(entry, entry.stored.data)
        if (own := self._naming.accounts_of(entry.lines)) is None:
            return found, level, {}
        return {alias: (found or {}).get(alias, []) for alias in own}, level, own

    def _usual(self, entry: Entry, data: Map) -> tuple[dict[str, list[Map]] | None, Level]:
        if (own := self._naming.accounts_of(data)) is not None:
            return own, "post"
        if (of_file := self._from_file.get(entry.home.file)) is not None:
            return of_file, "file"
        return self._from_settings, "settings"

    def _accounts_lost(self, entry: Entry) -> bool:
        """Whether accounts may be named in a part that could not be read, which has a problem of its own."""
        file = entry.document.data
        broken = entry.data.broken | (file.broken if file is not None else frozenset())
        for data in self._settings:
            broken |= (inner_map(data, "defaults") or data).broken
        return bool(broken & {"accounts", "?"}) or not self.groups.complete

    def _check_alone(self, entry: Entry) -> None:
        """Check a post that is on no account, so that its other problems are reported too."""
        merged, timed = self._outer_of(entry, "").on(entry.data, "", (), "post")
        self._parse(entry, merged, _NOBODY)
        self._timing.moments(entry, timed)

    def _outer_of(self, entry: Entry, provider: str) -> Outer:
        key = (entry.home.file, provider)
        if key not in self._outer:
            self._outer[key] = Outer.of(self._settings, entry.home, provider)
        return self._outer[key]

    def _place(
        self,
        entry: Entry,
        alias: str,
        entries: list[Map],
        level: Level,
        aliases: tuple[str, ...],
        of_use: tuple[Map, ...] = (),
    ) -> Placed:
        account, before = self.accounts[alias], len(self.problems)
        provider = account.provider
        layers = [self._checked(layer, provider) for layer in entries]
        outer = self._outer_of(entry, provider)
        nearest = [self._checked(layer, provider) for layer in of_use]
        merged, timed = outer.on(entry.data, provider, layers, level, nearest)
        parsed = self._parse(entry, merged, account)
        extras = self.composer.extras(merged, outer.base, account, entry.series)
        moments = self._timing.moments(entry, timed)
        if "not_before" in merged:
            self._timing.check_embargo(entry, merged, moments)
        problems = tuple(self.problems[before:])
        del self.problems[before:]
        return Placed(
            entry, account, alias, entries, level, merged, parsed, extras, moments, problems, aliases, of_use
        )

    def extras_in(self, document: Document | None, account: Account, name: str) -> Extras:
        """What would be added to a new post of a file, or of a new file, that says nothing of it."""
        base = Outer.of(self._settings, document, account.provider).base
        return self.composer.extras(base, base, account, name) or Extras()

    def rebind(self, placed: Placed) -> Placed:
        """The same post on the account its alias has here.

        Layers depend on the network; media and shares need what was unknown offline. The rest stays as it is.
        """
        account, parsed = self.accounts[placed.alias], placed.parsed
        if account.provider != placed.account.provider:
            return self._place(
                placed.entry, placed.alias, placed.entries, placed.level, placed.aliases, placed.of_use
            )
        if not parsed.media and parsed.content.share is None:
            return placed._replace(account=account)
        parsed = self._parse(placed.entry, placed.merged, account)
        return placed._replace(account=account, parsed=parsed, problems=placed.problems + parsed.problems)

    def _checked(self, layer: Map, provider: str) -> Map:
        """An account's entry, checked against its network's schema: the schema of the file does not know the network."""
        if not provider:
            return layer
        key = (id(layer), provider)
        if key not in self._entries:
            variant = layer.without({"account", *layer.broken})
            lines = self._lines.get(layer.mark.file, ())
            found = validation.check_part(variant, validation.network_ref(provider), lines)
            self._entries[key] = variant, found
        variant, found = self._entries[key]
        self.problems += found  # of each post that has it: the first of them may change
        return variant

    def _parse(self, entry: Entry, merged: Map, account: Account) -> Parsed:
        parsed = Parser(
            labelled(merged), account.provider, entry.place, self.media_files, self._lines, self._account_ids
        ).parse()
        self.problems += parsed.problems
        return parsed

    def _account_ids(self, word: str, mark: Mark) -> list[str]:
        return [
            self.accounts[alias].id
            for alias in self._naming.members(word, mark) or ()
            if alias in self.accounts
        ]


@dataclass(frozen=True)
class Spread:
    """A post of a file on its accounts. `problems` are those that belong to no single account.

    `dates` are the places of the dates that its times count from, `media` the files that it names.
    """

    entry: Entry
    placed: tuple[Placed, ...]
    problems: tuple[Problem, ...]
    dates: frozenset[Location]
    media: frozenset[str]

    @cached_property
    def posts(self) -> tuple[tuple[Placed, Moment, Post | None], ...]:
        """Each of its moments on each account, with the post where it can be sent."""
        return tuple(
            (each, moment, each.post(moment) if each.parsed.fine else None)
            for each in self.placed
            for moment in each.moments
        )


@dataclass(frozen=True)
class Expansion:
    """Every post on every account it names, in the order of files. `outer` are the problems of what stands outside of posts."""

    expander: Expander
    spreads: tuple[Spread, ...]
    outer: tuple[Problem, ...]

    @cached_property
    def placed(self) -> tuple[Placed, ...]:
        return tuple(each for spread in self.spreads for each in spread.placed)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Those that belong to no single account."""
        return (*self.outer, *(each for spread in self.spreads for each in spread.problems))

    @property
    def media_files(self) -> frozenset[str]:
        """The files that posts show, from the calendar's top."""
        return frozenset().union(*(spread.media for spread in self.spreads))

    @property
    def dates_used(self) -> frozenset[Location]:
        """Where the dates are declared that posts count from."""
        return frozenset().union(*(spread.dates for spread in self.spreads))

    def with_entries(self, documents: Sequence[Document], entries: Sequence[Entry]) -> Expansion:
        """The same with other posts; what all of them take from outside of posts is as it was."""
        was = self.expander
        expander = Expander(was.top, was.settings, was.groups, documents, fetched=was.fetched)
        return expander.expand(entries, self.spreads)

    def some(self, is_meant: Callable[[Placed], bool]) -> Expansion:
        """With only some of the posts."""
        spreads = []
        for spread in self.spreads:
            kept = tuple(filter(is_meant, spread.placed))
            if len(kept) == len(spread.placed):
                spreads.append(spread)
            elif kept:
                less = replace(spread, placed=kept)
                ids = {id(each) for each in kept}
                less.__dict__["posts"] = tuple(each for each in spread.posts if id(each[0]) in ids)
                spreads.append(less)
        return Expansion(self.expander, tuple(spreads), ())

    def bind(self, accounts: Mapping[str, Account]) -> Expansion:
        """The same posts on these accounts, by alias; those of other aliases are left out."""
        was = self.expander
        expander = Expander(was.top, was.settings, was.groups, was.documents, accounts, fetched=was.fetched)
        spreads = (
            Spread(
                spread.entry,
                tuple(expander.rebind(each) for each in spread.placed if each.alias in accounts),
                spread.problems,
                spread.dates,
                spread.media,
            )
            for spread in self.spreads
        )
        return Expansion(expander, tuple(spreads), self.outer)

    def desired(self) -> Desired:
        posts: list[Post] = []
        unplaced: list[Post] = []
        partial: list[Post] = []
        waiting: list[Post] = []
        stored: list[Post] = []
        problems = [*self.problems, *self._without_zone(), *self._without_hosts()]
        slots: dict[tuple[str, datetime], Location] = {}
        for each in self.placed:
            problems += each.problems
            parsed = each.parsed
            if not parsed.fine and parsed.content.text and not each.merged.broken & _READ_WITH_TEXT:
                partial.append(each.post(Moment(None)))
        for each, moment, post in (each for spread in self.spreads for each in spread.posts):
            if moment.at is None and each.entry.is_stored:
                stored += [post] if post is not None else []
                continue
            if moment.at is not None:
                place = moment.mark.location if moment.mark else each.entry.place
                first = slots.setdefault((each.account.id, moment.at), place)
                if first is not place:
                    problems.append(self._one_slot(each.account, moment.at, place, first))
            if moment.waits and moment.mark is not None:
                problems.append(_waits(moment.mark))
                waiting += [post] if post is not None else []
            if post is not None:
                (unplaced if moment.at is None else posts).append(post)
        posts.sort(key=lambda post: (post.at, post.account.alias or "", post.account.id, post.location))
        return Desired(
            tuple(posts),
            sorted_problems(problems),
            tuple(unplaced),
            tuple(partial),
            tuple(waiting),
            tuple(stored),
        )

    def _one_slot(self, account: Account, at: datetime, place: Location, first: Location) -> Problem:
        """Two posts of one account need a minute between them (Publer docs, "Scheduling")."""
        local = at.astimezone(zones.zone(self.expander.settings.timezone))
        when = f"{zones.DAYS[local.weekday()]} {local.day} {local:%b %H:%M}"
        message = f"{account.alias or account.name} has two posts at {when}: here and {first}"
        advice = Help("Give one of them another time: Publer keeps posts of one account a minute apart")
        return Problem("error", "slot.twice", message, place, advice, related=((first, "the other one"),))

    def _without_zone(self) -> Iterator[Problem]:
        """A warning, once in a calendar, if no time zone is set."""
        first = next(
            ((each.entry, moment) for each in self.placed for moment in each.moments if moment.needs_zone),
            None,
        )
        if first is None:
            return
        entry, moment = first
        place = moment.mark or entry.data.mark
        message = "no timezone is set, so this time is read as UTC, and so is every other without an offset"
        advice = Help("Set the time zone in publer.yaml", example="timezone: Europe/Berlin")
        yield problem_at(place, "time.zone", message, advice, severity="warning")

    def _without_hosts(self) -> Iterator[Problem]:
        """A warning, once in a calendar, if texts have URLs to which nothing is added, since no host is named."""
        if self.expander.composer.hosts_named:
            return
        for each in self.placed:
            if each.extras is not None and each.extras.utm and "://" in each.parsed.content.text:
                message = "URLs in texts get no UTM parameters, since no site is named as yours"
                say = "Name your sites in publer.yaml; with utm_hosts: [], only links get them"
                advice = Help(say, example="utm_hosts: [example.com]")
                mark = each.merged.marks["utm"]
                yield problem_at(mark, "utm.hosts", message, advice, key="utm", severity="warning")
                return


def _waits(mark: Mark) -> Problem:
    message = "the post has no time yet (at: next), so it is not sent"
    advice = Help("Run publer-sync fill to give it the next free slot, or write a time")
    return problem_at(mark, "slot.next", message, advice, severity="warning")


def sorted_problems(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """By place, each one once."""
    unique = dict.fromkeys(problems)
    return tuple(sorted(unique, key=lambda problem: problem.location or Location("", 0)))


def named_accounts(settings: Settings) -> dict[str, Account]:
    """The accounts as the settings name them, before asking Publer."""
    return {
        ref.alias: Account(
            f"{UNASKED}{ref.alias}",
            ref.name,
            ref.provider or "",
            ref.alias,
            max_characters=ref.max_characters,
        )
        for ref in settings.accounts
    }
