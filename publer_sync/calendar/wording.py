"""Errors of jsonschema in words for writers: what, where, and the lines as they should stand.

The library's own text is never shown: it may hold a whole file.
"""

from __future__ import annotations

import difflib
import json
import re
from typing import TYPE_CHECKING, Any, Final

from publer_sync.calendar import meant, times
from publer_sync.calendar.yaml import slips
from publer_sync.calendar.yaml import traps as yaml_traps
from publer_sync.calendar.yaml.nodes import Map, Mark, Seq
from publer_sync.networks.table import NETWORKS, network_of
from publer_sync.problems import Fix, Location, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from publer_sync.networks.table import Network

_MEANT: Final = {
    "tags": "labels",
    "label": "labels",
    "date": "at",
    "when": "at",
    "datetime": "at",
    "schedule": "at",
    "scheduled_at": "at",
    "publish_at": "at",
    "tz": "timezone",
    "zone": "timezone",
    "account": "accounts",
    "channels": "accounts",
    "platforms": "accounts",
    "network": "networks",
    "image": "media",
    "images": "media",
    "photo": "media",
    "photos": "media",
    "picture": "media",
    "pictures": "media",
    "video": "media",
    "videos": "media",
    "attachments": "media",
    "url": "link",
    "links": "link",
    "message": "text",
    "caption": "text",
    "content": "text",
    "body": "text",
    "status": "text",
    "alt_text": "alt",
    "path": "file",
    "src": "file",
    "comment": "comments",
    "first_comment": "comments",
    "replies": "thread",
    "recurring": "repeat",
    "name": "id",
    "delay": "after",
    "platform": "provider",
    "network_name": "provider",
}
_EXAMPLES: Final = {
    "text": "text: |\n  Words",
    "labels": "labels: [launch]",
    "media": "media:\n- file: media/launch.png\n  alt: What it shows",
    "thread": "thread:\n- text: |\n    The second part",
    "comments": "comments:\n- text: |\n    Words\n  after: 10m",
    "poll": "poll:\n  options:\n  - Yes\n  - Not yet\n  duration: 3d",
    "share": "share:\n  accounts: facebook\n  after: 1h",
    "auto_delete": "auto_delete:\n  after: 2w",
    "repeat": "repeat:\n  every: week\n  until: 2027-05-27",
    "ignore": "ignore:\n  media.no-alt: a plain background",
    "networks": "networks:\n  x:\n    text: |\n      Words for X",
    "accounts": "accounts: [facebook, x]",
    "posts": "posts:\n- at: 2027-03-02 09:00\n  text: |\n    Words",
    "groups": "groups:\n  words: [facebook, x]",
    "limits": "limits:\n  delete: 10",
    "defaults": "defaults:\n  labels: [calendar]",
    "draft": "draft: true",
}


_DAY: Final = re.compile(r".*?[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")
_TIMES: Final = ("at", "time", "until", "except")
_BARE: Final = re.compile(r"[\w-]+(\.[\w-]+)+(/\S*)?")
"""An address without its https://."""
_HOLDERS: Final = {
    "options": "poll",
    "question": "poll",
    "duration": "poll",
    "call_to_action": "link",
    "every": "repeat",
    "until": "repeat",
    "times": "repeat",
    "days": "repeat",
    "except": "repeat",
    "hide": "auto_delete",
}
"""The key that holds another, which may stand beside it by mistake."""
_OF_POSTS: Final = ("id", "accounts", "repeat", "networks")
_WHOLE: Final = ("a post", "the defaults", "the front matter")
_SWITCHES: Final = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}


class Words:
    """One error. Notes the keys on the way to it as `broken`, so that nobody builds on their values."""

    def __init__(self, error: Any, root: Any, lines: Sequence[str], place: Location | None) -> None:
        self.error, self.lines = error, lines
        self.value, self.rule, self.wanted = error.instance, error.validator, error.validator_value
        self.path: list[str | int] = list(error.absolute_path)
        self._way: list[tuple[Any, str | int]] = []
        self.holder, self.place, self.length = self._walk(root, place)
        self.key = next((str(step) for step in reversed(self.path) if isinstance(step, str)), "")

    def _walk(self, root: Any, place: Location | None) -> tuple[Any, Location | None, int]:
        """The container of the value, where the value stands, and its length."""
        here, length, holder = place or (root.mark.location if isinstance(root, Map | Seq) else None), 1, None
        self.node = root
        for step in self.path:
            holder, node = self.node, self.node
            self._way.append((node, step))
            if (mark := _mark_of(node, step)) is not None:
                empty = mark.line == mark.key_line and mark.style == "" and mark.column == mark.end_column
                here, length = (mark.key_location, len(str(step))) if empty else (mark.location, mark.length)
            self.node = node[step]
        return holder, here, length

    @property
    def said_before(self) -> bool:
        """Whether reading the value failed, which has been said: what stands in its place is none."""
        maps = [(node, step) for node, step in self._way if isinstance(node, Map)]
        if not maps:
            return False
        node, step = maps[-1]
        return step in node.broken and (self._way[-1] == maps[-1] or self.value is None)

    def note(self) -> None:
        """Mark the keys on the way as broken."""
        for node, step in self._way:
            if isinstance(node, Map):
                node.broken |= {str(step)}

    def problems(self) -> Iterator[Problem]:
        if "propertyNames" in self.error.absolute_schema_path:
            yield self._bad_name()
            return
        match self.rule:
            case "additionalProperties":
                yield from self._unknown_keys()
            case "required":
                yield from self._missing_keys()
            case "type":
                yield self._wrong_type()
            case "enum":
                yield self._no_choice()
            case "oneOf" if not isinstance(self.value, Map) or any(
                self._misspelt(key) for key in ("file", "url", "id")
            ):
                return  # said for its type, or where the misspelt key is
            case _:
                yield self._wrong_value()

    def _problem(self, code: str, message: str, way: str | None = None, fix: Fix | None = None) -> Problem:
        return Problem("error", code, message, self.place, way or self._hint(), self.length, fix=fix)

    def _hint(self) -> str:
        """What the key takes: lines to copy, else an example of the schema, else its description."""
        if self.key in _EXAMPLES:
            return _EXAMPLES[self.key]
        example = next(iter(self.error.schema.get("examples", ())), None)
        if isinstance(example, str):
            return f"{self.key}: {example}"
        return str(self.error.schema.get("description", "take it out, or write it as the README shows"))

    # --- keys

    def _title(self) -> str:
        return str(self.error.schema.get("title", "this map"))

    def _unknown_keys(self) -> Iterator[Problem]:
        known = list(self.error.schema.get("properties", {}))
        if self._title() == "the networks":
            return  # aliases and groups are known where posts are made
        for key in self.value:
            if key in known or not isinstance(self.value, Map):
                continue
            mark = self.value.marks[key]
            self.value.broken |= {key}
            if (meant_for := nearest(key, known)) is not None and meant_for not in self.value:
                self.value.broken |= {meant_for}  # so that nobody says that it is missing, too
            yield self._slip(mark.key_line) or self._unknown_key(key, known, mark.key_location, mark.key_line)

    def _unknown_key(self, key: str, known: list[str], at: Location, line: int) -> Problem:
        title = self._title()
        name = yaml_traps.shown(key).strip('"')
        near = nearest(key, known)
        renamed = _MEANT.get(key) in known
        owners = [] if renamed else [network for network in NETWORKS.values() if network.field(key)]
        if not renamed and (home := self._home(key, owners)):
            message = f"`{name}` belongs to {home[0]}, not to {'the post' if title == 'a post' else title}"
            return Problem("error", "key.place", message, at, f"write it there:\n{home[1]}", len(key))
        has = f"{title} has: {', '.join(known)}"
        if owners:
            has = f"it is a key of {_join([network.label for network in owners])}; {has}"
        elif near:
            others = [other for other in known if other != near]
            has = f"did you mean `{near}`? {title} also has: {', '.join(others)}"
        fix = self._renamed(key, near, line)
        message = f"{title} has no `{name}`"
        return Problem("error", "key.unknown", message, at, has, len(key), fix=fix)

    def _home(self, key: str, owners: list[Network]) -> tuple[str, str] | None:
        """Where a key that stands in the wrong place belongs: in words, and as lines."""
        own, title = meant.written(key, self.value[key]), self._title()
        if title not in _WHOLE:
            above = key in _OF_POSTS and (title == "an account entry" or title.startswith("a post on "))
            return ("the post itself", own) if above else None
        if key in ("alt", "file", "thumbnail"):
            media = self.value.get("media")
            first = media[0] if isinstance(media, Seq) and media and isinstance(media[0], Map) else {}
            names = [meant.written(name, first[name]) for name in ("file", "url", "id") if name in first]
            lines = [own] if key == "file" else [*(names or ["file: media/launch.png"]), own]
            return "a picture", f"media:\n- {meant.inside(chr(10).join(lines)).lstrip()}"
        if key == "time" and title == "a post":
            day = _DAY.match(str(self.value.get("at")))
            return "files and settings", f"at: {day[0] if day else '2027-03-02'} {self.value[key]}"
        if key == "hashtags":
            return "the text", "text: |\n  Words, and then the #hashtags"
        if key == "after":
            has = [each for each in ("share", "auto_delete") if each in self.value]
            there = f"{has[0]}:" if has else "comments:\n- text: |\n    Words"
            return "a comment, `share` or `auto_delete`", f"{there}\n{meant.inside(own)}"
        if (holder := _HOLDERS.get(key)) is not None:
            return f"`{holder}`", f"{holder}:\n{meant.inside(own)}"
        if owners:
            said = self.value.get("accounts")
            here = {network_of(str(word)) for word in (said if isinstance(said, Seq) else [said])}
            owner = next((network for network in owners if network.key in here), owners[0])
            there = f"networks:\n  {owner.code}:\n{meant.inside(meant.inside(own))}"
            return _join([network.label for network in owners]), there
        return None

    def _renamed(self, key: str, to: str | None, line: int) -> Fix | None:
        text = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        return Fix(line, line, text.replace(key, to, 1)) if to and text.count(key) == 1 else None

    def _missing_keys(self) -> Iterator[Problem]:
        for key in self.wanted:
            if isinstance(self.value, dict) and key not in self.value:
                if isinstance(self.value, Map) and (self.value.broken & {key, "?"} or self._misspelt(key)):
                    continue
                example = _EXAMPLES.get(key) or f"{key}: …"
                yield self._problem("key.missing", f"{self._title()} needs `{key}`", f"add it:\n{example}")

    def _misspelt(self, key: str) -> bool:
        """Whether a key that is unknown, and said to be, is likely meant for the one that is missing."""
        known = list(self.error.schema.get("properties", {}))
        return any(nearest(other, known) == key for other in self.value if other not in known)

    # --- values

    def _said(self, fallback: str) -> str:
        return str(self.error.schema.get("errorMessage", fallback))

    def _slip(self, line: int) -> Problem | None:
        """A missing space in that line, which made something else of it."""
        if self.place is None or not 0 < line <= len(self.lines):
            return None
        return slips.in_line(self.place.file, line, self.lines[line - 1])

    def _wrong_type(self) -> Problem:
        at = self._mark() or self.place
        if isinstance(self.value, str) and at is not None and (slip := self._slip(at.line)) is not None:
            return slip
        wanted = [self.wanted] if isinstance(self.wanted, str) else list(self.wanted)
        if "string" in wanted and isinstance(self.value, Map | Seq):
            return self._not_a_text(wanted)
        if "string" in wanted and isinstance(self.value, bool | int | float):
            return self._number_for_text()
        what = {"array": "a list", "object": "a map", "boolean": "true or false", "integer": "a whole number"}
        words = [
            what.get(name, "a number" if name == "number" else "a text") for name in wanted if name != "null"
        ]
        name = f"`{self.key}`" if self.path else self._title()
        if self.path and isinstance(self.path[-1], int):
            name = f"an item of `{self.key}`"
        if self.value is None:
            message = f"{name} has no value; it is {' or '.join(words)}"
        else:
            message = f"{name} is {' or '.join(words)}"
        if self.path and ("array" in wanted or "object" in wanted):
            item = isinstance(self.path[-1], int)
            lines = (meant.item if item else meant.whole)(self.key, self.value)
            if lines is not None:
                way = self._as_items(lines) if item else lines
                return self._problem("key.type", message, way, self._written(lines))
        fix = self._wrapped() if "array" in wanted and isinstance(self.value, str) and self.path else None
        if "boolean" in wanted and isinstance(self.value, str) and self.value.lower() in _SWITCHES:
            fix = self._replaced(_SWITCHES[self.value.lower()])
        example = {"boolean": "true", "integer": self.error.schema.get("minimum", 1)}.get(wanted[0], "…")
        way = _EXAMPLES.get(self.key or "posts") or f"{self.key}: {example}"
        if fix:
            way = fix.text.strip().removeprefix("- ")
        return self._problem("key.type", message, way, fix)

    def _mark(self) -> Any:
        if isinstance(self.holder, Map | Seq) and self.path:
            return self.holder.marks[self.path[-1]]  # type: ignore[index]  # a Map by its keys, a Seq by its numbers
        return None

    def _as_items(self, lines: str) -> str:
        """An item's lines behind its dash; where the list stands in brackets, which take no such lines, all of it."""
        if self.holder.mark.style != "[":
            return f"- {meant.inside(lines).lstrip()}"
        items = [meant.item(self.key, each) or "…" for each in self.holder]
        return "\n".join([f"{self.key}:", *(f"- {meant.inside(each).lstrip()}" for each in items)])

    def _written(self, lines: str) -> Fix | None:
        """The value of one line, or its key with it, as these lines; None where other words stand in that line."""
        mark = self._mark()
        if mark is None or not mark.line == mark.end_line == mark.key_line or self.key == "repeat":
            return None
        text = self.lines[mark.line - 1]
        before, after = text[: mark.key_column - 1], text[mark.end_column - 1 :]
        if before.strip(" -") or after.strip() or "…" in lines:
            return None
        return Fix(mark.line, mark.line, before + lines.replace("\n", "\n" + " " * len(before)))

    def _wrapped(self) -> Fix | None:
        mark = self._mark()
        if mark is None or mark.line != mark.end_line or isinstance(self.path[-1], int):
            return None
        text = self.lines[mark.line - 1]
        start, end = mark.column - 1, mark.end_column - 1
        return Fix(mark.line, mark.line, f"{text[:start]}[{text[start:end]}]{text[end:]}")

    def _number_for_text(self) -> Problem:
        mark = self._mark()
        if self.key in _TIMES and mark is not None and mark.line == mark.end_line:
            return self._number_for_time(mark)
        if self._is_duration and not isinstance(self.value, bool):
            return self._no_duration(str(self.value))
        kind = "true or false" if isinstance(self.value, bool) else "a number"
        fix = None
        written = json.dumps(self.value)
        if mark is not None and mark.line == mark.end_line:
            text = self.lines[mark.line - 1]
            written = text[mark.column - 1 : mark.end_column - 1]
            fix = Fix(
                mark.line, mark.line, f'{text[: mark.column - 1]}"{written}"{text[mark.end_column - 1 :]}'
            )
        item = bool(self.path) and isinstance(self.path[-1], int)
        name = f"an item of `{self.key}`" if item else f"`{self.key}`"
        way = f'put it in quotes: "{written}"'
        return self._problem("key.type", f"{name} is a text, and {written} is read as {kind}", way, fix)

    @property
    def _is_duration(self) -> bool:
        return self._said("").startswith("a duration")

    def _no_duration(self, written: str) -> Problem:
        ways = [f"{self.key}: {each}" for each in meant.duration(written)]
        message = f"{self._said('')}: {yaml_traps.shown(written)}"
        if len(ways) == 1:
            return self._problem("key.value", message, ways[0], self._replaced(ways[0].partition(": ")[2]))
        way = "one of these:\n" + "\n".join(f"  {each}" for each in ways) if ways else None
        return self._problem("key.value", message, way)

    def _number_for_time(self, mark: Mark) -> Problem:
        """A time that is a number to YAML, such as 20270301: judged by how it was written."""
        written = self.lines[mark.line - 1][mark.column - 1 : mark.end_column - 1]
        way, fix = "year, month, day, and 24 hours: 2027-03-02 09:00", None
        try:
            times.read(written, self.key)
        except times.Trouble as trouble:
            way, fix = trouble.help or way, self._replaced(trouble.written) if trouble.written else None
        message = f'"{written}" is not a time this calendar can read'
        return self._problem("time.form", message, way, fix)

    def _not_a_text(self, wanted: list[str]) -> Problem:
        mark = self._mark()
        style = self.value.mark.style
        item = bool(self.path) and isinstance(self.path[-1], int)
        if mark is not None and style in "{[" and mark.key_line > 0 and "object" not in wanted:
            return yaml_traps.bracket(self.lines, mark, style)
        if isinstance(self.value, Map) and item and mark is not None and "object" not in wanted:
            return yaml_traps.item(self.lines, mark, self.key)
        if isinstance(self.value, Map) and mark is not None and "object" not in wanted:
            way = _EXAMPLES.get(self.key, f"{self.key}: …")
            return self._problem("key.type", f"`{self.key}` is a text, and keys stand below it", way)
        name = f"an item of `{self.key}`" if item else f"`{self.key}`"
        way = _EXAMPLES.get(self.key, f"{self.key}: …")
        kind = "a list" if isinstance(self.value, Seq) else "a map"
        return self._problem("key.type", f"{name} is a text, not {kind}", way)

    def _no_choice(self) -> Problem:
        choices = [str(each) for each in self.wanted if each is not None]
        if not isinstance(self.value, str):
            return self._problem("key.value", f"`{self.key}` is one of {', '.join(choices)}")
        lower = {choice.lower(): choice for choice in choices}
        near = difflib.get_close_matches(self.value.lower()[:60], lower, 1, 0.6)
        shown = yaml_traps.shown(self.value)
        way = f"one of: {', '.join(choices)}"
        fix = None
        if near:
            way = f'did you mean "{lower[near[0]]}"? {way}'
            fix = self._replaced(lower[near[0]])
        return self._problem("key.value", f"{shown} is no `{self.key}`", way, fix)

    def _replaced(self, by: str) -> Fix | None:
        mark = self._mark()
        if mark is None or mark.line != mark.end_line or mark.style not in ("", '"', "'"):
            return None
        text = self.lines[mark.line - 1]
        return Fix(mark.line, mark.line, text[: mark.column - 1] + by + text[mark.end_column - 1 :])

    def _bad_name(self) -> Problem:
        said = self._said("a name is a plain word")
        name = str(self.value)
        node = self.node
        if isinstance(node, Map) and name in node.marks:
            node.broken |= {name}
            self.place, self.length = node.marks[name].key_location, len(name)
        return self._problem("key.value", f"{said}: {yaml_traps.shown(name)}")

    def _wrong_value(self) -> Problem:
        name = f"`{self.key}`" if self.path else "this"
        item = bool(self.path) and isinstance(self.path[-1], int)
        limit = self.wanted
        message = {
            "minLength": f"{'an item of ' if item else ''}{name} is empty",
            "maxLength": f"{name} is longer than {limit} characters",
            "minItems": f"{name} has fewer than {limit} items" if limit != 1 else f"{name} is an empty list",
            "maxItems": f"{name} has more than {limit} items",
            "minimum": f"{name} is less than {limit}",
            "maximum": f"{name} is more than {limit}",
        }.get(self.rule)
        if message:
            return self._problem("key.value", message, self._enough())
        said = self._said(f"{name} does not have the form it needs")
        if not isinstance(self.value, str):
            return self._problem("key.value", said)
        if self._is_duration:
            return self._no_duration(self.value)
        if self.key == "every":
            return self._problem(
                "key.value", f"{said}: {yaml_traps.shown(self.value)}", meant.every(self.value)
            )
        message = f"{said}: {yaml_traps.shown(self.value)}"
        url = f"https://{self.value}" if _BARE.fullmatch(self.value) else meant.address(self.value)
        if "https://" in said and url is not None:
            return self._problem("key.value", message, f"{self.key}: {url}", self._replaced(url))
        return self._problem("key.value", message)

    def _enough(self) -> str | None:
        """A number or a list that is just large enough, as lines."""
        if self.rule in ("minimum", "maximum"):
            return f"{self.key}: {self.wanted}"
        if self.rule == "minItems" and self.key == "options" and isinstance(self.value, Seq):
            more = [*(str(option) for option in self.value), "Another answer", "And another"][: self.wanted]
            return "\n".join(
                [f"{self.key}:", *(meant.written("-", option).replace("-:", "-", 1) for option in more)]
            )
        return None


def _mark_of(node: Any, step: str | int) -> Mark | None:
    if isinstance(node, Map):
        return node.marks.get(str(step))
    return node.marks[step] if isinstance(node, Seq) and isinstance(step, int) else None


def nearest(key: str, known: Sequence[str]) -> str | None:
    if (meant := _MEANT.get(key.lower())) in known:
        return meant
    near = difflib.get_close_matches(key.lower()[:60], known, 1, 0.6)
    return near[0] if near else None


def _join(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
