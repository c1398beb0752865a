"""The edits of one post of a file: each in the layer that says it, for the accounts concerned."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from publer_sync.calendar import times
from publer_sync.calendar.expand import NO_TIME
from publer_sync.calendar.layers import TOP, inner_map, network_layer
from publer_sync.calendar.posts import zone_of
from publer_sync.calendar.yaml.nodes import Map, Seq
from publer_sync.calendar.zones import DAYS
from publer_sync.editing.editor import Unwritable, edited
from publer_sync.editing.edits import Append, Drop, Edit, Put
from publer_sync.editing.new_posts import needs_offset, written_time
from publer_sync.editing.writing import key_lines
from publer_sync.model import Family, normal_text
from publer_sync.networks.table import code_of, network_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, tzinfo

    from publer_sync.calendar.composing import Extras
    from publer_sync.calendar.document import Document
    from publer_sync.calendar.expand import Placed
    from publer_sync.calendar.load import Calendar
    from publer_sync.calendar.posts import Entry
    from publer_sync.editing.edits import Path
    from publer_sync.editing.writing import Value
    from publer_sync.model import LivePost

_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")
_CLOCK = re.compile(r"(?<![0-9:+-])[0-9]{1,2}:[0-9]{2}(?::00(?:\.0+)?)?")
_WEEKDAY = re.compile(r"[^\W\d_]{2,12}\.?,?(?=[ \t])")


class Unsafe(Exception):
    """A post that can't be written back: why, and the lines to paste."""

    def __init__(self, reason: str, paste: str = "") -> None:
        super().__init__(reason)
        self.reason, self.paste = reason, paste


@dataclass
class EntryEdits:
    """The edits of one post of a file, each made as it comes."""

    calendar: Calendar
    document: Document
    placed: Mapping[str, Placed]
    """The post on each of its accounts, by alias."""

    @property
    def entry(self) -> Entry:
        return next(iter(self.placed.values())).entry

    @cached_property
    def index(self) -> int:
        """Which post of its file it is."""
        entry = self.entry
        posts = entry.document.data.get("posts") if entry.document.data is not None else None
        items = posts if isinstance(posts, Seq) else ()
        return next((number for number, item in enumerate(items) if item is entry.data), 0)

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

    # --- one key

    def write(self, key: str, wanted: Mapping[str, LivePost]) -> None:
        for alias, live in wanted.items():
            if self._layer(alias, key) == "outer":
                lines = key_lines(key, self._value(key, alias, live), prose=key == "text")
                raise Unsafe(f"its `{key}` comes from a default", "\n".join(lines))
            if key == "at" and self._counts(alias, live):
                line = key_lines(key, written_time(_minute(live), self._zone(), weekday=True), prose=False)
                raise Unsafe("its time counts from a date with a name", "\n".join(line))
        for alias, live in wanted.items():
            self._write(key, alias, live, wanted)

    def _counts(self, alias: str, live: LivePost) -> bool:
        """Whether the nearest day of the account counts from a date, and is not the day on which the post is now."""
        when = [self._when(layer.get("at")) for _, layer in self._layers(alias, "at")]
        days = [each for each in when if each is not None and each.date is not None]
        counted = bool(days) and days[-1].counted is not None
        same_day = bool(days) and days[-1].date == _minute(live).astimezone(self._zone()).date()
        return counted and (days[-1] is when[-1] or not same_day)

    def _when(self, written: object) -> times.When | None:
        return self.entry.clock.read(written) if isinstance(written, str) else None

    def _write(self, key: str, alias: str, live: LivePost, wanted: Mapping[str, LivePost]) -> None:
        layer, provider = self._layer(alias, key), self.placed[alias].account.provider
        goal = self._sign(key, alias, live)
        same = {each for each, other in wanted.items() if self._sign(key, each, other) == goal}
        users = {each for each in self.placed if self._layer(each, key) == layer}
        if key == "at" and layer == "post":
            users |= {each for each in self.placed if self._takes_its_day(each)}
        here = {each for each in self.placed if self.placed[each].account.provider == provider}
        if layer == "account":
            return self._put_for_account(alias, key, live)
        if layer == "network" and here & users <= same:
            return self._put((*self.base, "networks", self._word(provider), key), key, alias, live)
        if layer in ("post", "none") and users <= same:
            return self._put((*self.base, key), key, alias, live)
        if here <= same and not any(self._layer(each, key) == "account" for each in here):
            return self._put((*self.base, "networks", self._word(provider), key), key, alias, live)
        return self._put_for_account(alias, key, live)

    def _layers(self, alias: str, key: str) -> list[tuple[str, Map]]:
        """The layers of the post itself that say the key for the account, the nearest last."""
        placed, data = self.placed[alias], self.entry.data
        entries = placed.entries if placed.level == "post" else []
        layers = [("post", data), ("network", network_layer(data, placed.account.provider))]
        layers += [("account", each) for each in entries]
        return [(name, layer) for name, layer in layers if layer is not None and key in layer]

    def _layer(self, alias: str, key: str) -> str:
        """The nearest of them; `outer` where the key comes from a default, `none` where nothing says it."""
        if layers := self._layers(alias, key):
            return layers[-1][0]
        return "outer" if key == "at" or key in self.placed[alias].merged else "none"

    def _takes_its_day(self, alias: str) -> bool:
        """Whether a nearer layer of the account has only a time, on the post's day."""
        layers = self._layers(alias, "at")
        when = self._when(layers[-1][1].get("at")) if len(layers) > 1 else None
        return when is not None and when.date is None

    def _word(self, provider: str) -> str:
        """The network as the post calls it."""
        networks = inner_map(self.data, "networks")
        return next((word for word in networks or () if network_of(word) == provider), code_of(provider))

    def _put(self, path: Path, key: str, alias: str, live: LivePost) -> None:
        holder = self._at(path[:-1])
        value = self._value(key, alias, live)
        if key == "at":
            value = self._time(_minute(live), holder.get("at") if holder is not None else None)
        old = holder.get(key) if holder is not None else None
        if value is None and old is None and len(path) == len(self.base) + 1:
            return
        if key == "link" and isinstance(old, Map) and value is not None:
            path = (*path, "url")
        self.do(Drop(path) if value is None and len(path) == len(self.base) + 1 else Put(path, value))

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

    def _put_for_account(self, alias: str, key: str, live: LivePost) -> None:
        accounts = self.data.get("accounts")
        path = (*self.base, "accounts")
        items = accounts if isinstance(accounts, Seq) else [accounts]
        if accounts is None:
            value = self._value(key, alias, live)
            paste = [
                f"accounts: # and the others\n- account: {alias}",
                *key_lines(key, value, prose=key == "text"),
            ]
            raise Unsafe("its accounts are named for the whole file", "\n  ".join(paste))
        for number, item in enumerate(items):
            if isinstance(item, Map) and item.get("account") == alias:
                return self._put((*path, number, key), key, alias, live)
            if item == alias and isinstance(accounts, Seq):
                self.do(Put((*path, number), {"account": alias, key: self._for_account(key, alias, live)}))
                return None
        entry: Value = {"account": alias, key: self._for_account(key, alias, live)}
        if isinstance(accounts, Seq):
            return self.do(Append(path, [entry]))
        return self.do(Put(path, [str(accounts), entry]))

    def _for_account(self, key: str, alias: str, live: LivePost) -> Value:
        return self._time(_minute(live), None) if key == "at" else self._value(key, alias, live)

    def _value(self, key: str, alias: str, live: LivePost) -> Value:
        """What to write so that what Publer shows is sent; None if it shows nothing."""
        value, extras = _value(key, live), self._extras(alias, live)
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

    def _extras(self, alias: str, live: LivePost) -> Extras | None:
        placed = self.placed[alias]
        return placed.extras_at(_minute(live)) if placed.extras is not None else None

    def _sign(self, key: str, alias: str, live: LivePost) -> object:
        """What makes two edits of a key the same."""
        return _minute(live) if key == "at" else self._value(key, alias, live)

    def do(self, edit: Edit) -> None:
        try:
            self.document = edited(self.document, [edit])
        except Unwritable as refused:
            raise Unsafe(str(refused), refused.paste) from None

    # --- times

    def _zone(self) -> tzinfo:
        document = self.entry.document
        found: tzinfo = zone_of(document.data or Map(TOP), document, self.calendar.settings, [])
        return found

    def _time(self, at: datetime, old: object) -> str:
        """The time in the form of the old one: with its weekday or offset, or as a mere time on the post's day."""
        where = self._zone()
        if not isinstance(old, str):
            return written_time(at, where, weekday=False)
        when = times.read(old)
        if when.date is None:
            own = self._when(self.data.get("at"))
            day = own.date if own is not None else None
            local = at.astimezone(where)
            return f"{local:%H:%M}" if day == local.date() else written_time(at, where, weekday=False)
        if when.offset is not None:
            local = at.astimezone(when.offset)
        elif needs_offset(at, where):
            return written_time(at, where, weekday=_WEEKDAY.match(old) is not None)
        else:
            local = at.astimezone(where)
        text = _DATE.sub(f"{local:%Y-%m-%d}", old, count=1)
        text = _WEEKDAY.sub(DAYS[local.weekday()], text, count=1) if _WEEKDAY.match(old) else text
        if when.time is None:
            return f"{text} {local:%H:%M}"
        head = text.index(f"{local:%Y-%m-%d}") + 10
        return text[:head] + _CLOCK.sub(f"{local:%H:%M}", text[head:], count=1)

    # --- removal

    def remove(self, aliases: set[str]) -> None:
        rest = [alias for alias in self.placed if alias not in aliases]
        if not rest:
            return self._remove_post()
        accounts = self.data.get("accounts")
        for alias in sorted(aliases):
            items = accounts if isinstance(accounts, Seq) else []
            at = [
                number
                for number, item in enumerate(items)
                if item == alias or (isinstance(item, Map) and item.get("account") == alias)
            ]
            if not at:
                raise Unsafe("a group or the whole file names its account", f"accounts: [{', '.join(rest)}]")
            for number in reversed(at):
                self.do(Drop((*self.base, "accounts", number)))
            accounts = self.data.get("accounts")
        return None

    def _remove_post(self) -> None:
        if self.document.kind == "markdown":
            raise Unsafe("it is the whole file", shlex.join(["git", "rm", self.document.path.as_posix()]))
        posts = self.document.data["posts"] if self.document.data is not None else ()
        alone = len(posts) == 1
        self.do(Put(("posts",), []) if alone else Drop(self.base))


def _value(key: str, live: LivePost) -> Value:
    """What Publer shows, as the calendar says it; None if there is nothing."""
    match key:
        case "text":
            return normal_text(live.text)
        case "title":
            return live.title or None
        case "link":
            return live.link or None
        case "draft":
            return live.family is Family.DRAFT
        case _:
            return None


def _minute(live: LivePost) -> datetime:
    return live.slot.at if live.slot else NO_TIME
