"""Posts of files to posts on accounts: who is meant, what holds there, and which two would stand in one slot."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from publer_sync.calendar import schema as validation
from publer_sync.calendar import settings as calendar_settings
from publer_sync.calendar import times, wording
from publer_sync.calendar.layers import Outer, inner_map
from publer_sync.calendar.media_files import MediaFiles
from publer_sync.calendar.moments import Moment, Timing
from publer_sync.calendar.parse import Parser, Places, ignored
from publer_sync.calendar.yaml import traps as yaml_traps
from publer_sync.calendar.yaml.nodes import Map, Mark, Seq
from publer_sync.model import Account, Post, Slot
from publer_sync.networks.table import NETWORKS, network_of
from publer_sync.problems import Fix, Location, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from publer_sync.calendar.files import Document
    from publer_sync.calendar.layers import Level
    from publer_sync.calendar.parse import Parsed
    from publer_sync.calendar.posts import Entry
    from publer_sync.calendar.settings import Groups
    from publer_sync.model import Settings

NO_TIME: Final = datetime(1970, 1, 1, tzinfo=UTC)
NETWORK_WORDS: Final = ("x", *NETWORKS)
_READ_WITH_TEXT: Final = frozenset(("text", "spoiler_text", "parse_mode", "networks", "accounts", "?"))
"""Where one of these could not be read, the text may be another, or count otherwise."""
_NOBODY: Final = Account("", "", "")


class Spreading:
    """One run over a calendar's posts; `posts`, `unplaced`, `partial` and `problems` are its outcome."""

    def __init__(
        self,
        top: Path,
        settings: Settings,
        groups: Groups,
        documents: Sequence[Document],
        accounts: Mapping[str, Account] | None,
    ) -> None:
        self.settings, self.groups, self.documents = settings, groups, documents
        self.accounts = dict(accounts) if accounts is not None else _offline(settings)
        self.problems: dict[Problem, None] = {}
        self.posts: list[Post] = []
        self.unplaced: list[Post] = []
        self.partial: list[Post] = []
        self._lines = {document.file: document.lines for document in documents}
        self._main = next((document.data for document in documents if document.kind == "settings"), None)
        self._files = MediaFiles(top, hashed=accounts is not None)
        self._timing = Timing(settings, self._main, self._lines, self.say)
        self._outer: dict[tuple[str, str], Outer] = {}
        self._from_file: dict[str, dict[str, list[Map]] | None] = {}
        self._slots: dict[Slot, Location] = {}
        self._entries: dict[tuple[int, str], Map] = {}

    def run(self, entries: Sequence[Entry]) -> None:
        self._find_twins()
        self._check_outer()
        for entry in entries:
            self._spread(entry)
        self.posts.sort(key=lambda post: (post.at, post.account.alias or "", post.account.id, post.location))

    def say(self, problem: Problem) -> None:
        """Note a problem, once however many accounts it shows on."""
        self.problems.setdefault(problem)

    def _find_twins(self) -> None:
        places = {ref.alias: ref.location for ref in self.settings.accounts}
        first: dict[str, str] = {}
        for alias, account in self.accounts.items():
            other = first.setdefault(account.id, alias)
            if other != alias:
                self.say(calendar_settings.twin(other, places.get(other), alias, places.get(alias)))

    def _check_outer(self) -> None:
        """Names that stand outside of posts, where maybe no post uses them."""
        defaults = inner_map(self._main, "defaults")
        self._check_networks(defaults)
        self._aliases(defaults)
        for document in self.documents:
            if document.kind == "posts" and document.data is not None:
                self._check_networks(inner_map(document.data, "defaults"))
                self._from_file[document.file] = self._aliases(document.data)

    # --- networks and accounts by name

    def _check_networks(self, data: Map | None) -> None:
        """Keys of `networks` that are no network, or the same one twice."""
        networks = inner_map(data, "networks")
        if networks is None:
            return
        seen: dict[str, Mark] = {}
        for word, mark in networks.marks.items():
            provider = network_of(word)
            if provider is None or word not in NETWORK_WORDS:
                self.say(self._no_network(word, mark, provider))
            elif provider in seen:
                first = seen[provider]
                message = f"`{word}` is the same network as the one in line {first.key_line}"
                related = ((first.key_location, "the first one"),)
                way = "write all of it under one of the two"
                self.say(Problem("error", "yaml.twice", message, mark.key_location, way, len(word), related))
            else:
                seen[provider] = mark

    def _no_network(self, word: str, mark: Mark, provider: str | None) -> Problem:
        account, length = self.accounts.get(word), len(word)
        if account is not None or word in self.groups.aliases or word in self.groups.groups:
            what = "a group of accounts" if word in self.groups.groups else "an account"
            network = f" ({account.provider})" if account and account.provider else ""
            message = f"{yaml_traps.shown(word)} is {what}; `networks` wants a network{network}"
            way = f"accounts:\n- account: {word}\n  text: |\n    …"
            return Problem("error", "account.network", message, mark.key_location, way, length)
        near = NETWORKS[provider].code if provider else wording.nearest(word, NETWORK_WORDS)
        way = f"{f'did you mean `{near}`? ' if near else ''}the networks are: {', '.join(NETWORK_WORDS)}"
        text = self._lines[mark.file][mark.key_line - 1]
        renamed = near is not None and text.count(word) == 1
        fix = Fix(mark.key_line, mark.key_line, text.replace(word, str(near))) if renamed else None
        message = f"there is no network {yaml_traps.shown(word)}"
        return Problem("error", "account.network", message, mark.key_location, way, length, fix=fix)

    def _aliases(self, data: Map | None) -> dict[str, list[Map]] | None:
        """The aliases that `accounts` names there, each with the entries that say what differs; None: nothing is said."""
        said = data.get("accounts") if data is not None else None
        if data is None or not isinstance(said, str | Seq):
            return None
        pairs = (
            zip(said, said.marks, strict=True) if isinstance(said, Seq) else [(said, data.marks["accounts"])]
        )
        found: dict[str, list[Map]] = {}
        for item, mark in pairs:
            entry = item if isinstance(item, Map) else None
            word, at = (
                (entry.get("account"), entry.marks.get("account", mark))
                if entry is not None
                else (item, mark)
            )
            for alias in self._members(word, at) if isinstance(word, str) else ():
                entries = found.setdefault(alias, [])
                if entry is not None:
                    entries.append(entry)
        return found

    def _members(self, word: str, mark: Mark) -> tuple[str, ...]:
        members = self.groups.members(word)
        if members is None and self.groups.complete:
            self.say(self.groups.unknown(word, mark, self._lines.get(mark.file, ())))
        return members or ()

    # --- posts

    def _spread(self, entry: Entry) -> None:
        self._check_networks(entry.data)
        aliases, level = self._named(entry)
        if aliases is None and not self._accounts_lost(entry):
            message = "this post says no account, and neither does its file"
            one = next(iter(self.accounts), "facebook")
            way = f"in the post, or above posts for all that name none:\naccounts: {one}"
            self.say(Problem("error", "account.none", message, entry.place, way))
        if not aliases:
            self._judge_alone(entry)
        for alias, entries in (aliases or {}).items():
            if (account := self.accounts.get(alias)) is not None:
                self._put(entry, account, entries, level)

    def _named(self, entry: Entry) -> tuple[dict[str, list[Map]] | None, Level]:
        """The nearest place that names accounts, and what it names."""
        if (own := self._aliases(entry.data)) is not None:
            return own, "post"
        if (of_file := self._from_file.get(entry.document.file)) is not None:
            return of_file, "file"
        return self._aliases(inner_map(self._main, "defaults")), "settings"

    def _accounts_lost(self, entry: Entry) -> bool:
        """Whether accounts may have been named where something could not be read, which was said then."""
        file = entry.document.data
        broken = entry.data.broken | (file.broken if file is not None else frozenset())
        return bool(broken & {"accounts", "?"}) or not self.groups.complete

    def _judge_alone(self, entry: Entry) -> None:
        """Content and time of a post that is on no account, so that its other mistakes are said too."""
        outer = self._outer_of(entry, "")
        self._content(entry, outer.merged(entry.data, "", [], "post"), _NOBODY)
        self._timing.moments(entry, outer.timed(entry.data, "", [], "post"))

    def _outer_of(self, entry: Entry, provider: str) -> Outer:
        key = (entry.document.file, provider)
        if key not in self._outer:
            self._outer[key] = Outer.of(self._main, entry.document, provider)
        return self._outer[key]

    def _put(self, entry: Entry, account: Account, entries: list[Map], level: Level) -> None:
        provider = account.provider
        entries = [self._checked(layer, provider) for layer in entries]
        outer = self._outer_of(entry, provider)
        merged = outer.merged(entry.data, provider, entries, level)
        made = self._content(entry, merged, account)
        if not made.fine and made.content.text and not merged.broken & _READ_WITH_TEXT:
            self.partial.append(_post(entry, account, Moment(None), merged, made))
        for moment in self._timing.moments(entry, outer.timed(entry.data, provider, entries, level)):
            if moment.at is not None:
                self._claim(account, moment.at, moment.mark.location if moment.mark else entry.place)
            if made.fine:
                post = _post(entry, account, moment, merged, made)
                (self.unplaced if moment.at is None else self.posts).append(post)

    def _checked(self, layer: Map, provider: str) -> Map:
        """An account's entry against what its network takes: which one that is, the schema of the file cannot see."""
        if not provider:
            return layer
        key = (id(layer), provider)
        if key not in self._entries:
            variant = layer.without({"account", *layer.broken})
            lines = self._lines.get(layer.mark.file, ())
            for problem in validation.check_part(variant, validation.network_ref(provider), lines):
                self.say(problem)
            self._entries[key] = variant
        return self._entries[key]

    def _content(self, entry: Entry, merged: Map, account: Account) -> Parsed:
        made = Parser(
            merged, account.provider, entry.place, self._files, self._lines, self._share_ids
        ).parse()
        for problem in made.problems:
            self.say(problem)
        return made

    def _share_ids(self, word: str, mark: Mark) -> list[str]:
        return [self.accounts[alias].id for alias in self._members(word, mark) if alias in self.accounts]

    def _claim(self, account: Account, at: datetime, place: Location) -> None:
        """Two posts of one account need a minute between them (Publer docs, "Scheduling")."""
        first = self._slots.setdefault(Slot(account.id, at), place)
        if first is place:
            return
        local = at.astimezone(times.zone(self.settings.timezone))
        when = f"{times.DAYS[local.weekday()]} {local.day} {local:%b %H:%M}"
        message = f"{account.alias or account.name} has two posts at {when}: here and {first}"
        way = "two posts of one account need a minute between them: give one of them another time"
        self.say(Problem("error", "slot.twice", message, place, way, related=((first, "the other one"),)))


def _post(entry: Entry, account: Account, moment: Moment, merged: Map, made: Parsed) -> Post:
    name = f"{entry.id}@{moment.day}" if entry.id and moment.day else entry.id
    return Post(
        account,
        moment.at or NO_TIME,
        made.content,
        entry.place,
        name,
        made.media,
        Places(merged, moment.mark),
        ignored(merged),
    )


def _offline(settings: Settings) -> dict[str, Account]:
    """The accounts as the settings name them, before Publer was asked."""
    return {
        ref.alias: Account(
            f"alias:{ref.alias}", ref.name, ref.provider or "", ref.alias, max_characters=ref.max_characters
        )
        for ref in settings.accounts
    }
