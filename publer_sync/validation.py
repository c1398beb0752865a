"""Documents against the JSON Schemas in `schema/`: every mistake as a Problem in words for writers.

What a schema cannot see (times, aliases, files) is judged in `desired`. A key whose value is wrong is noted in the
`broken` of the mapping that holds it, so that nobody builds on it.
"""

from __future__ import annotations

import copy
import difflib
import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from publer_sync import yaml_traps
from publer_sync.model import Fix, Location, Problem
from publer_sync.networks import NETWORKS, network_of
from publer_sync.nodes import Map, Seq

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from publer_sync.documents import Document
    from publer_sync.shapes import Fits

CALENDAR: Final = "calendar.schema.json"
SETTINGS: Final = "settings.schema.json"

_MEANT: Final = {
    "tags": "labels",
    "hashtags": "labels",
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


# --- the schemas ----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=2)
def schema(name: str) -> dict[str, Any]:
    from importlib import resources
    from pathlib import Path

    try:
        folder: Any = resources.files("publer_sync.schema")
    except (
        ModuleNotFoundError
    ):  # run from a checkout that was not installed: the folder is beside the package
        folder = Path(__file__).parent.parent / "schema"
    loaded: dict[str, Any] = json.loads(folder.joinpath(name).read_text(encoding="utf-8"))
    return loaded


def with_networks(calendar: Mapping[str, Any]) -> dict[str, Any]:
    """The calendar's schema with what each network takes written in: a test keeps the committed file equal to this."""
    whole = copy.deepcopy(dict(calendar))
    defs = whole["$defs"]
    variant = defs["variant"]
    mixed: dict[str, list[Any]] = {}
    for network in NETWORKS.values():
        own = {field.name: {**field.schema} for field in network.fields}
        for name, part in own.items():
            if part not in mixed.setdefault(name, []):
                mixed[name].append(part)
        defs[f"network_{network.key}"] = {
            "title": f"a post on {network.label}",
            "description": f"What differs on {network.label}, and what only {network.label} knows",
            "type": ["object", "null"],
            "properties": {**variant["properties"], **own},
            "additionalProperties": False,
        }
    names = ["x", *NETWORKS]
    defs["networks"] = {
        "title": "the networks",
        "description": "What differs on one network: any key of a post, and those of the network's own",
        "type": ["object", "null"],
        "properties": {name: {"$ref": f"#/$defs/network_{network_of(name)}"} for name in names},
        "additionalProperties": False,
    }
    both = {name: parts[0] if len(parts) == 1 else {"anyOf": parts} for name, parts in mixed.items()}
    defs["account"] = {
        "title": "an account entry",
        "description": "An alias, a group or all; or a map with `account` and what differs there",
        "type": ["string", "object"],
        "minLength": 1,
        "properties": {
            "account": {
                "type": "string",
                "minLength": 1,
                "description": "The alias of the account, or a group",
            },
            **variant["properties"],
            **both,
        },
        "required": ["account"],
        "additionalProperties": False,
    }
    return whole


@lru_cache(maxsize=2)
def _whole(name: str) -> dict[str, Any]:
    """A schema whose references name their file, so that the two schemas can be read together."""
    return _absolute(schema(name), name)  # type: ignore[no-any-return]  # a dict gives a dict


def _absolute(part: Any, name: str) -> Any:
    if isinstance(part, list):
        return [_absolute(item, name) for item in part]
    if not isinstance(part, dict):
        return part
    return {
        key: name + item if key == "$ref" and item.startswith("#") else _absolute(item, name)
        for key, item in part.items()
    }


def _resolve(ref: str) -> dict[str, Any]:
    file, _, path = ref.partition("#/$defs/")
    found: dict[str, Any] = _whole(file)["$defs"][path] if path else _whole(file)
    return found


@lru_cache(maxsize=64)
def _fits(ref: str) -> Fits:
    from publer_sync.shapes import compile_schema

    return compile_schema(_resolve(ref), _resolve)


@lru_cache(maxsize=64)
def _validator(ref: str) -> Any:
    from jsonschema import Draft202012Validator
    from referencing import Registry
    from referencing.jsonschema import DRAFT202012

    parts = [(name, DRAFT202012.create_resource(_whole(name))) for name in (CALENDAR, SETTINGS)]
    return Draft202012Validator({"$ref": ref}, registry=Registry().with_resources(parts))


# --- judging --------------------------------------------------------------------------------------------------------


def check(document: Document) -> tuple[Problem, ...]:
    """Every mistake of one file that its schema knows of, in the order of the file."""
    data = document.data
    if data is None:
        return ()
    if document.kind == "settings":
        return check_part(data, SETTINGS, document.lines)
    if document.kind == "markdown":
        return check_part(data, f"{CALENDAR}#/$defs/markdown", document.lines)
    if not data and not data.broken:
        return ()  # a file of comments, or an empty one, holds no posts
    if _fits(CALENDAR)(data):
        return ()
    posts = data.get("posts")
    if not isinstance(posts, list):
        return check_part(data, CALENDAR, document.lines)
    head = data.without({"posts"})
    head.put("posts", [], data.marks["posts"])
    problems = list(check_part(head, CALENDAR, document.lines))
    data.broken |= head.broken
    fits = _fits(f"{CALENDAR}#/$defs/post")
    for number, post in enumerate(posts):
        if not fits(post):
            place = posts.marks[number].location if isinstance(posts, Seq) else data.marks["posts"].location
            problems += check_part(post, f"{CALENDAR}#/$defs/post", document.lines, place)
    return tuple(problems)


def check_part(
    data: Any, ref: str, lines: Sequence[str], place: Location | None = None
) -> tuple[Problem, ...]:
    """Every mistake of one piece of data; `ref` names its schema, `place` where a bare value stands."""
    if _fits(ref)(data):
        return ()
    found: list[Problem] = []
    for error in _validator(ref).iter_errors(data):
        found += _Words(error, data, lines, place).problems()
    found.sort(key=lambda problem: problem.location or Location("", 0))
    return tuple(found)


def network_ref(provider: str) -> str:
    """The schema of what differs on a network."""
    return f"{CALENDAR}#/$defs/network_{provider}"


class _Words:
    """One error of jsonschema, put into words. Never shows the library's own text: it may hold a whole file."""

    def __init__(self, error: Any, root: Any, lines: Sequence[str], place: Location | None) -> None:
        self.error, self.lines = error, lines
        self.value, self.rule, self.wanted = error.instance, error.validator, error.validator_value
        self.path: list[str | int] = list(error.absolute_path)
        self.holder, self.place, self.length = self._walk(root, place)
        self.key = next((str(step) for step in reversed(self.path) if isinstance(step, str)), "")

    def _walk(self, root: Any, place: Location | None) -> tuple[Any, Location | None, int]:
        """The container of the value, and where the value stands. Notes the keys on the way as broken."""
        here, length, holder = place or (root.mark.location if isinstance(root, Map | Seq) else None), 1, None
        node = root
        for step in self.path:
            holder = node
            if isinstance(node, Map) and isinstance(step, str):
                if not (self.rule == "additionalProperties" and step == self.path[-1]):
                    node.broken |= {step}
                mark = node.marks.get(step)
            elif isinstance(node, Seq) and isinstance(step, int):
                mark = node.marks[step]
            else:
                mark = None
            if mark is not None:
                empty = mark.line == mark.key_line and mark.style == "" and mark.column == mark.end_column
                here, length = (mark.key_location, len(str(step))) if empty else (mark.location, mark.length)
            node = node[step]
        self.node = node
        return holder, here, length

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
            case "anyOf" if self.error.context:
                yield _Words.deepest(self)
            case _:
                yield self._wrong_value()

    @staticmethod
    def deepest(words: _Words) -> Problem:
        """The first branch's reason: the branches of one key differ in what they list, hardly in their kind."""
        return words._wrong_value()

    def _problem(self, code: str, message: str, help: str | None, fix: Fix | None = None) -> Problem:
        return Problem("error", code, message, self.place, help, self.length, fix=fix)

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
            yield self._unknown_key(key, known, mark.key_location, mark.key_line)

    def _unknown_key(self, key: str, known: list[str], at: Location, line: int) -> Problem:
        title = self._title()
        name = yaml_traps.shown(key).strip('"')
        home = _home(key) if key not in _MEANT or _MEANT[key] not in known else None
        if home and title in ("a post", "a variant", "the defaults", "the front matter"):
            example = (
                f"{home[1]}:\n- file: media/launch.png\n  {key}: …"
                if home[1] == "media"
                else f"{home[1]}:\n  {key}: …"
            )
            message = f"`{name}` belongs to {home[0]}, not to {title.replace('a ', 'the ', 1)}"
            return Problem("error", "key.place", message, at, f"write it there:\n{example}", len(key))
        owners = [network for network in NETWORKS.values() if network.field(key)]
        if owners and title in ("a post", "the defaults", "the front matter"):
            word = owners[0].code
            message = (
                f"`{name}` is a key of {_join([network.label for network in owners])}, not of every post"
            )
            return Problem(
                "error",
                "key.place",
                message,
                at,
                f"write it there:\nnetworks:\n  {word}:\n    {key}: …",
                len(key),
            )
        near = nearest(key, known)
        if near:
            others = [other for other in known if other != near]
            help = (
                f"did you mean `{near}`? {title} also has: {', '.join(others[:12])}"
                if others
                else f"did you mean `{near}`?"
            )
        else:
            help = f"{title} has: {', '.join(known)}" if known else None
        return Problem(
            "error",
            "key.unknown",
            f"{title} has no `{name}`",
            at,
            help,
            len(key),
            fix=self._renamed(key, near, line),
        )

    def _renamed(self, key: str, to: str | None, line: int) -> Fix | None:
        text = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        return Fix(line, line, text.replace(key, to, 1)) if to and text.count(key) == 1 else None

    def _missing_keys(self) -> Iterator[Problem]:
        for key in self.wanted:
            if isinstance(self.value, dict) and key not in self.value:
                if isinstance(self.value, Map) and self.value.broken & {key, "?"}:
                    continue
                example = _EXAMPLES.get(key) or f"{key}: …"
                yield self._problem("key.missing", f"{self._title()} needs `{key}`", f"add it:\n{example}")

    # --- values

    def _said(self, fallback: str) -> str:
        return str(self.error.schema.get("errorMessage", fallback))

    def _wrong_type(self) -> Problem:
        wanted = [self.wanted] if isinstance(self.wanted, str) else list(self.wanted)
        if "string" in wanted and isinstance(self.value, Map | Seq):
            return self._not_a_text(wanted)
        if "string" in wanted and isinstance(self.value, bool | int | float):
            return self._number_for_text()
        what = {"array": "a list", "object": "a map", "boolean": "true or false", "integer": "a whole number"}
        words = [
            what.get(name, "a number" if name == "number" else "a text") for name in wanted if name != "null"
        ]
        name = f"`{self.key}`" if self.path else "this"
        if self.path and isinstance(self.path[-1], int):
            name = f"an item of `{self.key}`" if self.key != "posts" else "a post"
        if self.value is None:
            message = f"{name} has no value; it is {' or '.join(words)}"
        else:
            message = f"{name} is {' or '.join(words)}"
        fix = self._wrapped() if "array" in wanted and isinstance(self.value, str) and self.path else None
        help = _EXAMPLES.get(self.key) or f"{self.key}: …"
        if fix:
            help = fix.text.strip().removeprefix("- ")
        return self._problem("key.type", message, help, fix)

    def _mark(self) -> Any:
        if isinstance(self.holder, Map | Seq) and self.path:
            return self.holder.marks[self.path[-1]]  # type: ignore[index]  # a Map by its keys, a Seq by its numbers
        return None

    def _wrapped(self) -> Fix | None:
        mark = self._mark()
        if (
            mark is None
            or mark.line != mark.end_line
            or isinstance(self.path[-1], int)
            or self.key in ("media", "thread")
        ):
            return None
        text = self.lines[mark.line - 1]
        start, end = mark.column - 1, mark.end_column - 1
        return Fix(mark.line, mark.line, f"{text[:start]}[{text[start:end]}]{text[end:]}")

    def _number_for_text(self) -> Problem:
        mark = self._mark()
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
        help = f'put it in quotes: "{written}"'
        return self._problem("key.type", f"{name} is a text, and {written} is read as {kind}", help, fix)

    def _not_a_text(self, wanted: list[str]) -> Problem:
        mark = self._mark()
        style = self.value.mark.style
        item = bool(self.path) and isinstance(self.path[-1], int)
        if mark is not None and style in "{[" and mark.key_line > 0 and "object" not in wanted:
            return yaml_traps.bracket(self.lines, mark, style)
        if isinstance(self.value, Map) and item and mark is not None and "object" not in wanted:
            return yaml_traps.item(self.lines, mark, self.key)
        if isinstance(self.value, Map) and mark is not None and "object" not in wanted:
            help = _EXAMPLES.get(self.key, f"{self.key}: …")
            return self._problem("key.type", f"`{self.key}` is a text, and keys stand below it", help)
        name = f"an item of `{self.key}`" if item else f"`{self.key}`"
        help = _EXAMPLES.get(self.key, f"{self.key}: …")
        kind = "a list" if isinstance(self.value, Seq) else "a map"
        return self._problem("key.type", f"{name} is a text, not {kind}", help)

    def _no_choice(self) -> Problem:
        choices = [str(each) for each in self.wanted if each is not None]
        if not isinstance(self.value, str):
            return self._problem("key.value", f"`{self.key}` is one of {', '.join(choices)}", None)
        lower = {choice.lower(): choice for choice in choices}
        near = difflib.get_close_matches(self.value.lower()[:60], lower, 1, 0.6)
        shown = yaml_traps.shown(self.value)
        help = f"one of: {', '.join(choices)}"
        fix = None
        if near:
            help = f'did you mean "{lower[near[0]]}"? {help}'
            fix = self._replaced(lower[near[0]])
        return self._problem("key.value", f"{shown} is no `{self.key}`", help, fix)

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
        return self._problem("key.value", f"{said}: {yaml_traps.shown(name)}", None)

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
            return self._problem("key.value", message, _EXAMPLES.get(self.key))
        said = self._said(f"{name} does not have the form it needs")
        value = f": {yaml_traps.shown(self.value)}" if isinstance(self.value, str) else ""
        example = next(iter(self.error.schema.get("examples", [])), None)
        help = f"{self.key}: {example}" if isinstance(example, str) else None
        return self._problem("key.value", said + value, help)


def nearest(key: str, known: Sequence[str]) -> str | None:
    if (meant := _MEANT.get(key.lower())) in known:
        return meant
    near = difflib.get_close_matches(key.lower()[:60], known, 1, 0.6)
    return near[0] if near else None


def _home(key: str) -> tuple[str, str] | None:
    """Where a key that stands in the wrong place belongs: in words, and the key above it."""
    if key in ("alt", "file", "thumbnail"):
        return "a picture", "media"
    return {
        "options": ("a poll", "poll"),
        "question": ("a poll", "poll"),
        "call_to_action": ("a link", "link"),
        "every": ("a repeat", "repeat"),
        "until": ("a repeat", "repeat"),
        "hide": ("auto_delete", "auto_delete"),
    }.get(key)


def _join(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
