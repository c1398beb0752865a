"""Loads a calendar: reads its files, collects their problems, and expands its posts once."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from dataclasses import field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from publer_sync.calendar import files as documents
from publer_sync.calendar.again import read_again
from publer_sync.calendar.expand import Expander, sorted_problems
from publer_sync.calendar.folder import APPROVALS, SETTINGS, is_read, is_settings, walk
from publer_sync.calendar.layers import inner_map, labelled
from publer_sync.calendar.posts import entries_of, find_equal_ids, holds_posts, posts_in
from publer_sync.calendar.publer_yaml import settings as calendar_settings
from publer_sync.calendar.publer_yaml.extends import combined, extended, layers_of
from publer_sync.calendar.shape import schema as validation
from publer_sync.calendar.shape.fixes import tried
from publer_sync.calendar.shape.silencing import heard
from publer_sync.calendar.unread import warn_of_unread
from publer_sync.calendar.uses import with_uses
from publer_sync.calendar.website.pages import read_pages
from publer_sync.calendar.when.named_dates import NO_DATES, dates_of_settings, unused
from publer_sync.calendar.yaml.reader import Budget
from publer_sync.calendar.yaml.scalars import scalar, snippet
from publer_sync.machine.clock import Clock
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.starting.late_modules import late_module
from publer_sync.values.problems import Help, Problem, errors_in

if TYPE_CHECKING:
    import difflib
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from publer_sync.calendar.composing import Extras
    from publer_sync.calendar.document import Document
    from publer_sync.calendar.expand import Desired, Expansion, Placed, Spread
    from publer_sync.calendar.posts import Entry
    from publer_sync.calendar.publer_yaml.groups import Groups
    from publer_sync.calendar.when.named_dates import NamedDates
    from publer_sync.calendar.yaml.nodes import Map
    from publer_sync.rules.clients import Clients
    from publer_sync.values.approval import Approval
    from publer_sync.values.content import Content
    from publer_sync.values.model import Account, BudgetsAhead, Post, Settings
else:
    difflib = late_module("difflib")


OF_ALL_FILES: Final = frozenset(
    ("id.twice", "use.id", "use.repeat", "use.unknown", "use.variant", "use.twice")
)
"""Codes of problems that depend on posts of other files."""


@contextmanager
def _without_collector() -> Iterator[None]:
    """Pause garbage collection: nothing here makes cycles, and each pass would walk everything kept so far."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@dataclass(frozen=True)
class Calendar:
    """A calendar whose files were read and checked. `posts` counts the posts in the files, each repetition separately.

    `workspace_env` is the environment's workspace, which can only be compared with the settings once Publer lists both.
    """

    top: Path
    settings: Settings
    problems: tuple[Problem, ...]
    posts: int
    groups: Groups
    workspace_env: str | None = None
    documents: tuple[Document, ...] = field(default=(), repr=False)
    entries: tuple[Entry, ...] = field(default=(), repr=False)
    names: tuple[str, ...] = field(default=(), repr=False)
    """Every file in the folder, read or not."""
    dates: NamedDates = field(default=NO_DATES, repr=False)
    """Those that the settings declare."""
    beside: tuple[Post, ...] = field(default=(), repr=False)
    """The posts of the other calendars of the command, where a budget counts them too."""
    clients: Clients | None = field(default=None, repr=False, compare=False)
    """The calendars of a command that has several."""
    gone: bool = False
    """Its folder has left the repository, and someone decided that its posts are to go: it has none, and that is meant."""
    approvals: tuple[Approval, ...] = field(default=(), repr=False)
    """Every yes that is recorded, where the settings ask for any."""
    fetched: Mapping[str, Path] = field(default_factory=dict, repr=False)
    """Media that will be copied into the folder, and where they are until then."""

    def excerpt(self, file: str) -> list[str]:
        """The lines of a file, to show a problem in; empty for a file that is not in the calendar."""
        return next((list(document.written) for document in self.documents if document.file == file), [])

    @property
    def file_bytes(self) -> dict[str, bytes]:
        """What each file held when it was read."""
        return {document.file: document.raw for document in self.documents}

    @cached_property
    def settings_layers(self) -> tuple[Map, ...]:
        """What the settings say, outermost first: in the file they extend, then in publer.yaml."""
        return layers_of(self.documents)

    @cached_property
    @_without_collector()
    def _expansion(self) -> Expansion:
        expander = Expander(self.top, self.settings, self.groups, self.documents, fetched=self.fetched)
        return expander.expand(self.entries)

    @property
    def placed(self) -> tuple[Placed, ...]:
        """Every post on every account it names, with the layers that say what it is there."""
        return self._expansion.placed

    @property
    def stored(self) -> int:
        """How many posts are kept in store."""
        return sum(entry.is_stored for entry in self.entries)

    def extras_in(self, document: Document | None, account: Account, name: str) -> Extras:
        """What would be added to a new post of a file, or of a new file, that says nothing of it."""
        return self._expansion.expander.extras_in(document, account, name)

    @cached_property
    @_without_collector()
    def desired(self) -> Desired:
        """Every post on every account it names. The accounts are as in the settings, without Publer's ids."""
        return self._new(self._expansion.desired())

    @_without_collector()
    def bind(self, accounts: Mapping[str, Account]) -> Desired:
        """The same posts on Publer's accounts, by alias. Reads the media files."""
        return self._new(self._expansion.bind(accounts).desired())

    @property
    def spreads(self) -> tuple[Spread, ...]:
        """The posts on their accounts, file by file."""
        return self._expansion.spreads

    def some(self, is_meant: Callable[[Placed], bool]) -> Desired:
        """Some of the posts, and what is wrong with them by themselves and together."""
        return self._expansion.some(is_meant).desired()

    def with_files(
        self, files: Mapping[str, bytes | None], known: Mapping[str, Document] = MappingProxyType({})
    ) -> Calendar:
        """The calendar with these bytes in some of its files; those that are None are gone. The other files are not read again.

        It is what `read` would read, as long as on the disk nothing else has changed. Those that are `known` with the
        very bytes are not read, either.
        """
        usual = all(
            is_read(file)
            and not is_settings(file)
            and not any(part.startswith(".") for part in file.split("/"))
            for file in files
        )
        if not usual or any(each.page is not None for each in self.documents):
            again = read(self.top, workspace_env=self.workspace_env, instead=files)
            return replace(again, beside=self.beside, clients=self.clients, fetched=self.fetched)
        return _with_files(self, files, known)

    def _new(self, desired: Desired) -> Desired:
        """Leave out problems found while reading the files."""
        known = set(self.problems)
        found = [each for each in desired.problems if each not in known]
        return replace(desired, problems=tuple(_without_fixes(found, self.documents)))

    @cached_property
    def _sound(self) -> dict[Hashable, Content]:
        """The posts without a problem of their own: `plan` judges them again on Publer's accounts."""
        return {}

    @cached_property
    def judged(self) -> tuple[Problem, ...]:
        """Every problem that can be found without Publer, by this machine's clock."""
        return self.judge(self.desired, now=Clock().now())

    @_without_collector()
    def judge(self, desired: Desired, *, now: datetime | None = None) -> tuple[Problem, ...]:
        """Every problem of the files and the posts, by the rules of their networks too.

        Without `now`, posts too near or too far ahead are not reported, and none is past, of which networks' rules only warn.
        """
        from publer_sync.rules.judging import judge, judge_clients, judge_texts, judge_words

        judged = judge(desired.posts, now=now, settings=self.settings, beside=self.beside, sound=self._sound)
        for post in desired.unplaced:
            judged += judge([post])
        if desired.stored:
            judged = self._stored_first(desired, judged, now=now)
        judged += judge_texts(desired.partial)
        judged += judge_words(desired.waiting, self.settings) if now is not None else []
        if now is not None:
            judged += judge_clients(
                desired.posts,
                self.settings,
                now=now,
                labels=self.labels_of_all(),
                groups=self.groups.groups,
                clients=self.clients,
                key=str(self.top),
            )
        unread = warn_of_unread(self.top, self.names, self._expansion.media_files)
        judged += self._unused_labels(desired)
        found = [*self.problems, *desired.problems, *self._unjudged(desired), *unread, *judged]
        return sorted_problems(_without_fixes([*found, *self._unused_dates(found)], self.documents))

    def labels_of_all(self) -> Iterator[str]:
        """Those that the settings give to every post."""
        for layer in self.settings_layers:
            if (defaults := inner_map(layer, "defaults")) is not None:
                yield from map(str, labelled(defaults).get("labels") or ())

    def _stored_first(
        self, desired: Desired, judged: list[Problem], *, now: datetime | None
    ) -> list[Problem]:
        """The problems with those of stored posts, each told there once and not again for each of its uses."""
        from publer_sync.rules.judging import judge, judge_words

        found = [problem for post in desired.stored for problem in judge([post])]
        found += judge_words(desired.stored, self.settings) if now is not None else []
        told = {(each.code, each.location) for each in found}
        return [*(each for each in judged if (each.code, each.location) not in told), *found]

    def _unused_labels(self, desired: Desired) -> Iterator[Problem]:
        """Warn of labels of rules of words that no post has, where a post has one that is nearly the same."""
        rules = [rule for rule in self.settings.words if rule.labels and not rule.location.is_outside]
        if not rules:
            return
        posts = (*desired.posts, *desired.unplaced, *desired.stored)
        used = {label for post in posts for label in post.content.labels}
        for rule in rules:
            for label in rule.labels:
                near = [] if label in used else difflib.get_close_matches(label, sorted(used), 1, 0.6)
                if near:
                    message = f"no post has the label {snippet(label)}, so this rule checks nothing"
                    say = f"Did you mean {snippet(near[0])}?"
                    yield Problem("warning", "words.label", message, rule.location, Help(say))

    def allowance(self) -> BudgetsAhead:
        """What its budgets still allow beside the posts that have a time."""
        from publer_sync.rules.budget import Allowance, Spending
        from publer_sync.values.timezones import time_zone

        zone = time_zone(self.settings.timezone)
        return Allowance(Spending(self.desired.posts, self.beside, self.settings.budgets, zone))

    def _unused_dates(self, found: Sequence[Problem]) -> Iterator[Problem]:
        """Warn of dates of the calendar that nothing counts from, where nothing is wrong that may be why."""
        if errors_in(found):
            return
        dates = {
            each.mark.location: each
            for known in (self.dates, *(entry.clock.dates for entry in self.entries))
            for each in known.known.values()
            if each is not None and not each.mark.location.is_outside
        }
        bounds = (each.place for entry in self.entries for each in entry.bounds)
        used = self._expansion.dates_used.union(bounds, self.settings.cadence.dates_used)
        yield from unused([*dates.values()], used)

    def _unjudged(self, desired: Desired) -> Iterator[Problem]:
        """Warn of accounts whose network only Publer knows, so that its rules were not checked."""
        refs = [ref for ref in self.settings.accounts if not ref.provider]
        aliases = {post.account.alias for post in desired.posts if not post.account.provider} if refs else ()
        for ref in refs:
            if ref.alias in aliases:
                message = f"the network of `{ref.alias}` is not named, so its rules are not checked here"
                advice = Help("Name the network", example=f"{ref.alias}: {scalar(f'facebook/{ref.name}')}")
                yield Problem("warning", "account.unjudged", message, ref.location, advice, len(ref.alias))


def _number(documents: Iterable[Document], entries: Iterable[Entry]) -> int:
    """How many posts there are, each repetition separately; stored ones are not posts before they are used."""
    more = sum(len(entry.days) - 1 if entry.days else -entry.is_stored for entry in entries)
    return sum(posts_in(document) for document in documents) + more


def _without_fixes(problems: Iterable[Problem], documents: Iterable[Document]) -> list[Problem]:
    """The problems, those of pages of a website without fixes: nothing is ever written into a page."""
    pages = {document.file for document in documents if document.page is not None}
    return [
        replace(each, fix=None) if each.fix and each.location and each.location.file in pages else each
        for each in problems
    ]


def _document(top: Path, file: str, raw: bytes, was: Document | None, known: Document | None) -> Document:
    """A file with these bytes: as it is `known`, or else as what differs from what it `was`. Without `was`, its posts are all new."""
    if known is None or known.raw != raw:
        known = read_again(was, raw) if was is not None else None
    if known is None or (known.base and (was is None or known.base is not (was.base or was))):
        return documents.read_file(top / file, file, top, raw)
    return known


@_without_collector()
def _with_files(old: Calendar, files: Mapping[str, bytes | None], known: Mapping[str, Document]) -> Calendar:
    layers = old.settings_layers
    said, settings = combined(layers), old.settings
    kept = [each for each in old.documents if each.file not in files]
    wrong = {each.location.file for each in old.problems if each.location and each.code not in OF_ALL_FILES}
    # What is wrong with a post is noted in what was read of it, and not found in that again.
    sound = {each.file: each for each in old.documents if each.file not in wrong}
    new = [
        _document(old.top, file, raw, sound.get(file), known.get(file))
        for file, raw in files.items()
        if raw is not None
    ]
    head = [each for each in kept if each.kind in ("settings", "shared")]
    found = [*head, *sorted((each for each in (*kept, *new) if each not in head), key=lambda each: each.file)]
    problems = [
        each
        for each in old.problems
        if each.code not in OF_ALL_FILES and (each.location is None or each.location.file not in files)
    ]
    by_file: dict[str, list[Entry]] = {}
    for entry in old.entries:
        by_file.setdefault(entry.document.file, []).append(entry)
    for document in new:
        those = by_file.get(document.file, ()) if document.base is not None else ()
        same = {id(entry.lines): entry for entry in those}
        found_wrong = [*document.problems, *validation.check(document, same)]
        problems += tried(document, list(heard(found_wrong, document, layers)))
        of_posts: list[Problem] = []
        by_file[document.file] = [*entries_of(document, settings, said, old.dates, of_posts, same)]
        problems += heard(of_posts, document, layers)
    entries = [entry for document in found for entry in by_file.get(document.file, ())]
    entries = with_uses(entries, problems)
    find_equal_ids(entries, problems)
    names = {*old.names, *files} - {file for file, raw in files.items() if raw is None}
    calendar = replace(
        old,
        problems=sorted_problems(problems),
        posts=_number(found, entries),
        documents=tuple(found),
        entries=tuple(entries),
        names=tuple(each for each in old.names if each in names)
        + tuple(sorted(each for each in files if each in names and each not in old.names)),
    )
    if (expansion := old.__dict__.get("_expansion")) is not None:
        calendar.__dict__["_expansion"] = expansion.with_entries(found, entries)
    return calendar


@_without_collector()
def read(
    top: Path,
    *,
    workspace_env: str | None = None,
    instead: Mapping[str, bytes | None] = documents.NOTHING,
    posts: bool = True,
) -> Calendar:
    """Load the calendar in a folder. Raises SettingsError if the folder cannot be read; all else is in `problems`.

    `instead` maps files, also new ones, to bytes to read in their place, or to None, as if they were not there. Without `posts`, only its settings are read.
    """
    left = {file for file, raw in instead.items() if raw is None}
    names = [name for name in walk(top) if name not in left and (posts or is_settings(name))]
    found = documents.read_all(top, names, instead)
    main = next((document for document in found if document.kind == "settings"), None)
    if main is None and not (found and all(map(holds_posts, found))):
        # The problems of other files, or of the calendars in it, would hide that it is the wrong folder.
        settings, groups = calendar_settings.settings_of((), top, [])
        return Calendar(top, settings, (calendar_settings.missing(top, posts=False),), 0, groups)
    problems: list[Problem] = []
    shared: Document | None = None
    if main is not None and (shared := extended(main, top, names, problems)) is not None:
        found.insert(1, shared)
        problems += heard(shared.problems, shared, layers_of(found))
    if posts:
        pages = read_pages(combined(layers_of(found)), top, Budget(), instead, problems)
        found = [each for each in found if each.file not in pages.files] + pages.documents
    layers = layers_of(found)
    wrong = [(each, [*each.problems, *validation.check(each)]) for each in found if each.kind != "shared"]
    for document, of_it in wrong:
        if document.page is not None:
            problems += heard(of_it, document, layers)
            continue
        problems += tried(document, list(heard(of_it, document, layers)))
    if main is None:
        problems.append(calendar_settings.missing(top, posts=bool(found)))
    elif main.file != SETTINGS:
        problems.append(calendar_settings.misnamed(main.file))
    settings, groups = calendar_settings.settings_of(found, top, problems)
    said = combined(layers)
    lines = {document.file: document.lines for document in found}
    dates = dates_of_settings(layers, settings.timezone, lines, problems)
    if (two := calendar_settings.check_workspace(settings, workspace_env)) is not None:
        problems.append(two)
    elif workspace_env and not settings.workspace:
        settings = replace(settings, workspace=workspace_env)
    entries: list[Entry] = []
    for document in found:
        of_posts: list[Problem] = []
        entries += entries_of(document, settings, said, dates, of_posts)
        problems += heard(of_posts, document, layers)
    entries = with_uses(entries, problems)
    find_equal_ids(entries, problems)
    approvals = _approvals(top, settings, names, instead, found, problems) if posts else ()
    return Calendar(
        top,
        settings,
        sorted_problems(_without_fixes(problems, found)),
        _number(found, entries),
        groups,
        workspace_env or None,
        tuple(found),
        tuple(entries),
        tuple(names),
        dates,
        approvals=approvals,
    )


def _approvals(
    top: Path,
    settings: Settings,
    names: Sequence[str],
    instead: Mapping[str, bytes | None],
    found: list[Document],
    problems: list[Problem],
) -> tuple[Approval, ...]:
    """What was signed off, where it is asked for: otherwise the file stays unread."""
    if APPROVALS not in names and instead.get(APPROVALS) is None:
        return ()
    from publer_sync.calendar.approvals import hides_posts, holds_posts, read_approvals

    if not settings.signoff:
        if hides_posts(top, instead):
            problems.append(holds_posts())
        return ()
    document, approvals = read_approvals(top, instead, problems)
    found.append(document)
    return approvals
