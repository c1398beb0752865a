"""The edits of one post of a file: each in the layer that says it, for the accounts concerned."""

from __future__ import annotations

import shlex
from datetime import datetime
from functools import cached_property
from textwrap import indent
from typing import TYPE_CHECKING

from publer_sync.calendar.layers import TOP, Outer, inner_map, laid_over, merge, network_layer
from publer_sync.calendar.posts import zone_of
from publer_sync.calendar.uses import account_items, versions_of
from publer_sync.calendar.when.moments import nearest
from publer_sync.calendar.when.zones import TimeError, moment
from publer_sync.calendar.yaml.nodes import Map, Seq
from publer_sync.editing.differing import edits_between
from publer_sync.editing.editor import Unwritable, edited
from publer_sync.editing.edits import Append, Drop, Edit, Put
from publer_sync.editing.entry_times import sum_like, time_like, when_of
from publer_sync.editing.new_posts import written_time
from publer_sync.editing.writing import key_lines, plain_value
from publer_sync.networks.table import code_of, network_of
from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from publer_sync.calendar.composing import Extras
    from publer_sync.calendar.document import Document
    from publer_sync.calendar.expand import Placed
    from publer_sync.calendar.load import Calendar
    from publer_sync.calendar.posts import Entry
    from publer_sync.calendar.when.times import When
    from publer_sync.editing.edits import Path
    from publer_sync.editing.writing import Writable


class Unsafe(Exception):
    """A post that can't be written back: why, and the lines to paste."""

    def __init__(self, reason: str, paste: str = "") -> None:
        super().__init__(reason)
        self.reason, self.paste = reason, paste


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a key is to say on an account: a moment for `at`, else a value; None for nothing.

    `sent_at`: the value is what is sent at that moment, with what settings add to it. None: it is what the file says.
    """

    value: Writable | datetime
    sent_at: datetime | None = None


@dataclass
class EntryEdits:
    """The edits of one post of a file, each made as it comes.

    With `firm`, what comes from a default or counts from a date with a name is refused; without, the post gets a value of
    its own, and its time goes on counting. Every edit raises Unsafe where the file can't be changed safely.
    """

    calendar: Calendar
    document: Document
    placed: Mapping[str, Placed]
    """The post on each of its accounts, by alias."""
    firm: bool = True
    number: int | None = None
    """Which post of the document it is, where that is not the whole file; None: as in the calendar."""

    @property
    def entry(self) -> Entry:
        return next(iter(self.placed.values())).entry

    @cached_property
    def index(self) -> int:
        """Which post of its file it is."""
        if self.number is not None:
            return self.number
        entry = self.entry
        posts = entry.document.data.get("posts") if entry.document.data is not None else None
        items = posts if isinstance(posts, Seq) else ()
        return next((number for number, item in enumerate(items) if item is entry.lines), 0)

    @property
    def base(self) -> Path:
        return () if self.document.kind == "markdown" else ("posts", self.index)

    @property
    def data(self) -> Map:
        """The post as the file has it after the edits so far."""
        data = self.document.data
        if data is None:
            return Map(TOP)
        found: Map = data if self.document.kind == "markdown" else data["posts"][self.index]
        return found

    @property
    def says(self) -> Map:
        """The same with what a use takes from its stored post."""
        entry = self.entry
        if entry.stored is None:
            return self.data
        return laid_over(versions_of(entry.stored)[entry.version - 1], self.data)

    # --- one key

    def write(self, key: str, wanted: Mapping[str, Wanted]) -> None:
        """Have a key say what is wanted on these accounts, and what it said on the others. Raises Unsafe."""
        if reason := self._reason_to_leave(key, wanted):
            raise Unsafe(reason, self._paste(key, wanted))
        left = self._write_day(wanted) if key == "at" else wanted
        for alias, want in left.items():
            self._write(key, alias, want, wanted)

    def _reason_to_leave(self, key: str, wanted: Mapping[str, Wanted]) -> str:
        """Why a key is left to a person; "" where it can be written."""
        for alias, want in wanted.items():
            if self.firm and self.layer(alias, key) == "outer":
                return f"its `{key}` comes from a default"
            if self.firm and key == "at" and self._counts(alias, want):
                return "its time counts from a date with a name"
            try:
                self._value(key, alias, want)
            except Unsafe as why:
                return why.reason
        return ""

    def _paste(self, key: str, wanted: Mapping[str, Wanted]) -> str:
        """The lines for these accounts: those of the post, if they are for all of them, or else below each account's name."""
        found: dict[str, list[str]] = {}
        for alias, want in wanted.items():
            try:
                time = written_time(_minute(want), self._zone(), weekday=True) if key == "at" else None
                found[alias] = key_lines(key, time or self._value(key, alias, want), prose=key == "text")
            except Unsafe as why:
                found[alias] = why.paste.split("\n")
        one = next(iter(found.values()))
        if found.keys() == self.placed.keys() and all(lines == one for lines in found.values()):
            return "\n".join(one)
        rest = "" if found.keys() == self.placed.keys() else " # and the others"
        entries = (
            f"- account: {alias}\n{indent(chr(10).join(lines), '  ')}" for alias, lines in found.items()
        )
        return "\n".join([f"accounts:{rest}", *entries])

    def _counts(self, alias: str, want: Wanted) -> bool:
        """Whether the nearest day of the account counts from a date, and is not the day on which the post is now."""
        when = [self._when(layer.get("at")) for _, layer in self.layers(alias, "at")]
        days = [each for each in when if each is not None and each.date is not None]
        counted = bool(days) and days[-1].counted is not None
        same_day = bool(days) and days[-1].date == _minute(want).astimezone(self._zone()).date()
        return counted and (days[-1] is when[-1] or not same_day)

    def _when(self, written: object) -> When | None:
        return when_of(written, self.entry.clock)

    def _write_day(self, wanted: Mapping[str, Wanted]) -> Mapping[str, Wanted]:
        """Move the post's own time, where all accounts that go by it want the same; the accounts that are left then."""
        base = [alias for alias in self.placed if self.layer(alias, "at") in ("post", "outer")]
        own = self._when(self.data.get("at"))
        if not base and own is not None and own.waits and wanted.keys() == self.placed.keys():
            base = [next(iter(wanted))]
        goals = {_minute(wanted[alias]) if alias in wanted else None for alias in base}
        nearer = [alias for alias in self.placed if self._takes_its_day(alias)]
        if len(goals) != 1 or None in goals or not all(alias in wanted for alias in nearer):
            return wanted
        self._put((*self.base, "at"), "at", base[0], wanted[base[0]])
        return {alias: want for alias, want in wanted.items() if self.moment_of(alias) != _minute(want)}

    def moment_of(self, alias: str) -> datetime | None:
        """When the post is published on an account after the edits so far, as far as its own lines say it."""
        clock = self.entry.clock
        whens = [(self._when(layer.get("at")), layer) for _, layer in self.layers(alias, "at")]
        read = [(when, layer) for when, layer in whens if when is not None]
        day, at, offset, _, _ = nearest(read, clock.time)
        zone = offset or clock.zone
        if len(read) < len(whens) or day is None or at is None or zone is None:
            return None
        try:
            return moment(day, at, zone)
        except TimeError:
            return None

    def _write(self, key: str, alias: str, want: Wanted, wanted: Mapping[str, Wanted]) -> None:
        layer, provider = self.layer(alias, key), self.placed[alias].account.provider
        goal = self._sign(key, alias, want)
        same = {each for each, other in wanted.items() if self._sign(key, each, other) == goal}
        users = {each for each in self.placed if self.layer(each, key) == layer}
        if key == "at":
            users |= {each for each in self.placed if self._takes_its_day(each)}
        here = {each for each in self.placed if self.placed[each].account.provider == provider}
        if layer == "network" and here & users <= same:
            return self._put((*self.base, "networks", self._word(provider), key), key, alias, want)
        if layer in ("post", "none", "outer") and users <= same:
            return self._put((*self.base, key), key, alias, want)
        if here <= same and not any(self.layer(each, key) == "account" for each in here):
            return self._put((*self.base, "networks", self._word(provider), key), key, alias, want)
        return self._put_for_account(alias, key, want)

    def layers(self, alias: str, key: str) -> list[tuple[str, Map]]:
        """The layers of the post itself that say the key for the account after the edits so far, the nearest last."""
        data = self.says
        layers = [("post", data), ("network", network_layer(data, self.placed[alias].account.provider))]
        layers += [
            ("account", item)
            for item in account_items(self.entry, self.data)
            if isinstance(item, Map) and alias in self._members(item.get("account"))
        ]
        return [(name, layer) for name, layer in layers if layer is not None and key in layer]

    def _members(self, word: object) -> tuple[str, ...]:
        return self.calendar.groups.members(word) or () if isinstance(word, str) else ()

    def layer(self, alias: str, key: str) -> str:
        """The nearest of them; `outer` where the key comes from a default, `none` where nothing says it."""
        if layers := self.layers(alias, key):
            return layers[-1][0]
        return "outer" if key == "at" or key in self.placed[alias].merged else "none"

    def _takes_its_day(self, alias: str) -> bool:
        """Whether a nearer layer of the account has only a time, on the post's day."""
        layers = self.layers(alias, "at")
        when = self._when(layers[-1][1].get("at")) if layers else None
        return when is not None and when.date is None

    def _word(self, provider: str) -> str:
        """The network as the post calls it."""
        networks = inner_map(self.data, "networks")
        return next((word for word in networks or () if network_of(word) == provider), code_of(provider))

    def _put(self, path: Path, key: str, alias: str, want: Wanted) -> None:
        holder = self._at(path[:-1])
        value = self._value(key, alias, want)
        old = holder.get(key) if holder is not None else None
        if self.entry.stored is not None and old is None:
            return self._put_beside(path, key, alias, want, value)
        if key == "at":
            value = self._time(_minute(want), old)
        if value is None and old is None and len(path) == len(self.base) + 1:
            return None
        if key == "link" and isinstance(old, Map) and isinstance(value, str):
            path, old = (*path, "url"), old.get("url")
        if value is None and len(path) == len(self.base) + 1 and self.entry.stored is None:
            return self.do(Drop(path))
        for edit in (
            edits_between(path, old, value) if holder is not None and key in holder else [Put(path, value)]
        ):
            self.do(edit)
        return None

    def _put_beside(self, path: Path, key: str, alias: str, want: Wanted, value: Writable) -> None:
        """Have a use say a key that its stored post says until now; null takes it away."""
        layers = self.layers(alias, key)
        old = layers[-1][1].get(key) if layers else None
        if key == "at":
            value = self._time(_minute(want), old)
        if key == "link" and isinstance(old, Map) and isinstance(value, str):
            value = {"url": value}
        if value is not None or old is not None:
            self.do(Put(path, value))

    def _at(self, path: Path) -> Map | None:
        data: object = self.document.data
        for step in path:
            match data, step:
                case (Map(), str()) if step in data:
                    data = data[step]
                case (Seq(), int()):
                    data = data[step]
                case _:
                    return None
        return data if isinstance(data, Map) else None

    def _put_for_account(self, alias: str, key: str, want: Wanted) -> None:
        accounts = self.data.get("accounts")
        path = (*self.base, "accounts")
        items = accounts if isinstance(accounts, Seq) else [accounts]
        if accounts is None and self.entry.stored is not None:
            own: Writable = {"account": alias, key: self._for_account(key, alias, want)}
            return self.do(Put(path, [own if each == alias else each for each in self.placed]))
        if accounts is None:
            value = self._value(key, alias, want)
            paste = [
                f"accounts: # and the others\n- account: {alias}",
                *key_lines(key, value, prose=key == "text"),
            ]
            raise Unsafe("its accounts are named for the whole file", "\n  ".join(paste))
        for number, item in enumerate(items):
            if isinstance(item, Map) and item.get("account") == alias:
                return self._put((*path, number, key), key, alias, want)
            if item == alias:
                own = {"account": alias, key: self._for_account(key, alias, want)}
                return self.do(Put((*path, number), own) if isinstance(accounts, Seq) else Put(path, [own]))
        entry: Writable = {"account": alias, key: self._for_account(key, alias, want)}
        if isinstance(accounts, Seq):
            return self.do(Append(path, [entry]))
        return self.do(Put(path, [str(accounts), entry]))

    def _for_account(self, key: str, alias: str, want: Wanted) -> Writable:
        if key != "at":
            return self._value(key, alias, want)
        layers = self.layers(alias, "at") if self.entry.stored is not None else []
        return self._time(_minute(want), layers[-1][1].get("at") if len(layers) > 1 else None)

    def _value(self, key: str, alias: str, want: Wanted) -> Writable:
        """What to write so that the value is sent, or stands there; None if it is nothing."""
        value = want.value
        if isinstance(value, datetime):
            return None
        extras = self._extras(alias, want)
        if extras is None or not isinstance(value, str) or key not in ("text", "link"):
            return value
        post = self.placed[alias].parsed.content
        if key == "link":
            found, removed = extras.written_url(value, post.url), extras.in_the_way("", value)
        else:
            found = extras.written_text(value, post.text)
            removed = extras.in_the_way(value, "")
        if found is None:
            lines = [*key_lines(key, value, prose=key == "text"), *(f"{each}: null" for each in removed)]
            raise Unsafe(f"what `{'`, `'.join(removed)}` would add to it is not there", "\n".join(lines))
        return found

    def _extras(self, alias: str, want: Wanted) -> Extras | None:
        placed = self.placed[alias]
        if want.sent_at is None or placed.extras is None:
            return None
        return placed.extras_at(want.sent_at)

    def _sign(self, key: str, alias: str, want: Wanted) -> object:
        """What makes two edits of a key the same."""
        return _minute(want) if key == "at" else self._value(key, alias, want)

    def unset(self, key: str, aliases: set[str]) -> None:
        """Take away what the post says of a key for these accounts alone. Raises Unsafe where others share it."""
        for alias in sorted(aliases):
            provider = self.placed[alias].account.provider
            here = {each for each in self.placed if self.placed[each].account.provider == provider}
            layer = network_layer(self.data, provider)
            if layer is not None and key in layer:
                if not here <= aliases:
                    raise Unsafe(f"its `{key}` there is that of all its accounts on this network")
                word = self._word(provider)
                alone, whole = len(layer) == 1, len(self.data["networks"]) == 1
                rest = () if alone and whole else (word,) if alone else (word, key)
                self.do(Drop((*self.base, "networks", *rest)))
            items = self.data.get("accounts")
            for number, item in enumerate(items if isinstance(items, Seq) else ()):
                if not (
                    isinstance(item, Map) and key in item and alias in self._members(item.get("account"))
                ):
                    continue
                if not set(self._members(item["account"])) & self.placed.keys() <= aliases:
                    raise Unsafe(f"its `{key}` there is that of a group of accounts")
                path: Path = (*self.base, "accounts", number)
                bare = set(item) == {"account", key}
                self.do(Put(path, str(item["account"])) if bare else Drop((*path, key)))

    def outer_value(self, alias: str, key: str) -> object:
        """What a key would say on an account if the post itself did not; None for nothing."""
        placed, entry = self.placed[alias], self.entry
        provider = placed.account.provider
        if entry.stored is not None:
            stored = versions_of(entry.stored)[entry.version - 1]
            whole = Outer.of(self.calendar.settings_layers, entry.home, provider)
            return whole.on(stored, provider, placed.entries, placed.level)[0].get(key)
        return self.before_own(alias).get(key)

    def before_own(self, alias: str) -> Map:
        """What an account has before the post's own lines are laid over it; a use has those of its stored post."""
        placed, entry = self.placed[alias], self.entry
        base = Outer.of(self.calendar.settings_layers, entry.home, placed.account.provider).base
        entries = placed.entries if placed.level != "post" else []
        stored = versions_of(entry.stored)[entry.version - 1] if entry.stored is not None else None
        return merge(base, [*entries, stored])

    def do(self, edit: Edit) -> None:
        try:
            self.document = edited(self.document, [edit])
        except Unwritable as refused:
            raise Unsafe(str(refused), self._in_its_place(edit.path, refused.paste)) from None

    def _in_its_place(self, path: Path, paste: str) -> str:
        """Lines that could not be written, with the keys above them, where they are not the post's own."""
        match path[len(self.base) :] if paste else ():
            case ("networks", str(word), _, *_):
                return f"networks:\n  {word}:\n{indent(paste, '    ')}"
            case ("accounts", int(number), str(), *_):
                account = self.data["accounts"][number]["account"]
                return f"accounts: # and the others\n- account: {account}\n{indent(paste, '  ')}"
            case ("accounts", int()):
                return f"accounts: # and the others\n{paste}"
            case ("accounts",) if not paste.startswith("accounts:"):
                return f"accounts: # and the others\n{paste}"
        return paste

    # --- times

    def _zone(self) -> tzinfo:
        document = self.entry.document
        found: tzinfo = zone_of(document.data or Map(TOP), document, self.calendar.settings, [])
        return found

    def _time(self, at: datetime, old: object) -> str:
        """The time in the form of the old one: with its weekday or offset, counted, or as a mere time on the post's day."""
        if isinstance(old, str) and (counted := sum_like(at, old, self.entry.clock)) is not None:
            return counted
        own = self._when(self.data.get("at"))
        clock = self.entry.clock
        return time_like(at, old, self._zone(), own.date if own is not None else None, clock.time)

    # --- removal

    def remove(self, aliases: set[str]) -> None:
        rest = [alias for alias in self.placed if alias not in aliases]
        if not rest:
            return self._remove_post()
        accounts = self.data.get("accounts")
        if accounts is None and self.entry.stored is not None:
            return self.do(Put((*self.base, "accounts"), [*rest]))
        for alias in sorted(aliases):
            items = accounts if isinstance(accounts, Seq) else []
            at = [
                number
                for number, item in enumerate(items)
                if item == alias or (isinstance(item, Map) and item.get("account") == alias)
            ]
            if not at or self.is_in_group(alias):
                raise Unsafe("a group or the whole file names its account", self._list_without(aliases))
            for number in reversed(at):
                self.do(Drop((*self.base, "accounts", number)))
            accounts = self.data.get("accounts")
        return None

    def _list_without(self, gone: set[str]) -> str:
        """The post's `accounts` without these, to be pasted: the others keep the words that are theirs alone."""
        accounts = self.data.get("accounts")
        if accounts is None:
            rest = [self._with_own(alias) for alias in self.placed if alias not in gone]
            return "\n".join(key_lines("accounts", rest))
        listed = [*accounts] if isinstance(accounts, Seq) else [accounts]
        members = [
            set(self._members(item.get("account") if isinstance(item, Map) else item)) for item in listed
        ]
        kept = [number for number, those in enumerate(members) if not those or those - gone]
        off = [f"-{alias}" for alias in sorted(gone) if any(alias in members[number] for number in kept)]
        return "\n".join(key_lines("accounts", [*(plain_value(listed[number]) for number in kept), *off]))

    def _with_own(self, alias: str) -> Writable:
        """An account of the whole file, with what is said there for it and counts for this post."""
        placed = self.placed[alias]
        said = merge(Map(TOP), placed.entries)
        own = {key: plain_value(value) for key, value in said.items() if placed.merged.get(key) == value}
        return {"account": alias, **own} if own else alias

    def is_in_group(self, alias: str) -> bool:
        """Whether a group in the post's list names the account too, so that it stays without its own word."""
        accounts = self.data.get("accounts")
        items = accounts if isinstance(accounts, Seq) else []
        words = [item.get("account") if isinstance(item, Map) else item for item in items]
        return any(alias in self._members(word) for word in words if word != alias)

    def _remove_post(self) -> None:
        if self.document.kind == "markdown":
            raise Unsafe("it is the whole file", shlex.join(["git", "rm", self.document.path.as_posix()]))
        posts = self.document.data["posts"] if self.document.data is not None else ()
        alone = len(posts) == 1
        self.do(Put(("posts",), []) if alone else Drop(self.base))


def _minute(want: Wanted) -> datetime:
    if not isinstance(want.value, datetime):
        raise TypeError("a time is a moment")
    return want.value
