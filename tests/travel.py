"""The keys of a calendar, out of its schema: for each network that takes a key, two posts that differ in nothing else.

A key that is added to a schema is a case at once: what it needs beside it is taken from the examples of its schema and of
docs/networks.md.
"""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

import yaml

from publer_sync.calendar.shape import schema
from publer_sync.networks.table import NETWORKS, Network
from publer_sync.values.post_keys import POST_KEYS
from tests import write_docs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Schema: TypeAlias = dict[str, Any]
Path: TypeAlias = tuple[str, ...]
ITEM: Final = "[]"
NAMED: Final = "*"
"""What stands in a path for the calendar's own names."""

ELSEWHERE: Final = {
    **{key.name: key.instead for key in POST_KEYS.values() if key.instead},
    "defaults": "holds keys of a post",
    "posts": "holds the posts",
}
"""Keys of a post or a file that by design are no field of a post in Publer, each with what it is instead."""


OF_SETTINGS: Final[Mapping[str, tuple[Any, Any]]] = {
    "timezone": ("UTC", "Europe/Oslo"),
    "time": ("09:00", "10:00"),
    "defaults": ({"labels": ["one"]}, {"labels": ["two"]}),
    "append": ("One", "Two"),
    "hashtags": ({"core": ["one"]}, {"core": ["two"]}),
    "utm": ({"source": "one"}, {"source": "two"}),
    "utm_hosts": (["example.com"], ["example.org"]),
}
"""Two values of each setting that is part of what posts say."""
NO_FIELD: Final = {
    "name": "whose state it is",
    "workspace": "where the accounts are",
    "state": "where the state is kept",
    "extends": "where more settings are",
    "media": "where media may come from",
    "accounts": "which accounts there are",
    "groups": "names for accounts",
    "ignore": "silences a rule here",
    "prune": "what becomes of posts that leave the calendar",
    "edits": "what becomes of posts that someone edited in Publer",
    "limits": "what one apply may do",
    "cadence": "checked here, never sent",
    "hold": "which posts stay out of Publer",
    "dates": "what times count from",
    "words": "checked here, never sent",
    "hosts": "checked here, never sent",
    "budget": "checked here, never sent",
    "slots": "times that posts get which have none yet",
    "pages": "which pages of a website have posts",
    "log": "what the state keeps of runs",
    "state_on_disk": "where the state is kept",
    "people": "the names of those who sign off",
    "signoff": "who has to say yes first",
    "requests": "who may ask for posts by the form on GitHub",
}
"""Settings that by design are no part of what a post says, each with what it is instead."""


class Pair(NamedTuple):
    """Two values of a key, and other keys that they need beside them."""

    one: Any
    other: Any
    beside: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Case:
    """Two posts for one account of the network, as their keys in the calendar, without `id`, `at` and `accounts`."""

    network: Network
    path: str
    one: Mapping[str, Any]
    other: Mapping[str, Any]

    @property
    def head(self) -> str:
        return self.path.partition(".")[0].removesuffix(ITEM)

    def __str__(self) -> str:
        return f"{self.path} on {self.network.label}"


def cases() -> Iterator[Case]:
    """A case for every key and network that takes it.

    The parts of a key that no network treats in its own way take turns: each is tried somewhere, and some everywhere.
    """
    turn: Counter[str] = Counter()
    for network in NETWORKS.values():
        taken = [
            (path, part)
            for path, part in leaves(keys_of(network))
            if path[0] not in ELSEWHERE and takes(network, path)
        ]
        for key in dict.fromkeys(_group(path) for path, _ in taken):
            parts = [each for each in taken if _group(each[0]) == key]
            if key in ALIKE:
                turns = min(TURNS, len(parts))
                parts = parts[turn[key] % turns :: turns]
                turn[key] += 1
            for path, part in parts:
                yield case(network, path, part)


ALIKE: Final = frozenset(
    ("media", "thread", "comments", "share", "auto_delete", "utm", "append", "watermark", "thumbnail")
)
"""Keys whose parts are sent in one way, whatever the network."""
TURNS: Final = 4


def _group(path: Path) -> str:
    return "thumbnail" if path[:3] == ("media", ITEM, "thumbnail") else path[0]


def keys_of(network: Network) -> Schema:
    """The schema of what stands under `networks` for it: every key of a post, and its own."""
    return part_of(f"network_{network.key}")


def part_of(name: str) -> Schema:
    found: Schema = schema.schema(schema.CALENDAR)["$defs"][name]
    return found


def followed(part: Schema) -> Schema:
    """What the schema refers to."""
    return {**part_of(part["$ref"].rpartition("/")[2]), **part} if "$ref" in part else part


def leaves(part: Schema, path: Path = ()) -> Iterator[tuple[Path, Schema]]:
    """Every key with a value of its own, and its schema; one that may hold a text or other keys is both."""
    part = followed(part)
    types = {*([part["type"]] if isinstance(part["type"], str) else part["type"])} - {"null"}
    items = followed(part["items"]) if "array" in types else {}
    if "object" in types:
        for name, inner in part.get("properties", {}).items():
            yield from leaves(inner, (*path, name))
        if isinstance(inner := part.get("additionalProperties"), dict):
            yield (*path, NAMED), followed(inner)
    if items.get("type") == "object":
        yield from leaves(items, (*path, ITEM))
    elif types - {"object"}:
        yield path, part


def named(path: Path) -> str:
    return ".".join(path).replace(f".{ITEM}", ITEM)


# --- which network takes it -------------------------------------------------------------------------------------------


def takes(network: Network, path: Path) -> bool:
    """Whether the table of networks has the key reach the network."""
    head = path[0]
    match head:
        case "title":
            return network.title is not None
        case "link":
            part = path[1:]
            if part == ("call_to_action",):
                return bool(network.buttons)
            return network.link == "card" or (network.link != "no" and part in ((), ("url",)))
        case "poll":
            return network.poll is not None and (path[1:] != ("question",) or network.poll.question)
        case "thread":
            return network.thread and path[-1] != "alt"
        case "comments":
            return network.comments != "no" and path[-1] != "alt"
        case "share":
            return network.share
        case "media":
            if path[-1] == "alt":
                return network.alt
            if network.key == "wordpress":  # a featured picture is nothing but its path
                return path[-1] in ("file", "url", "id") and len(path) == 3
            return "thumbnail" not in path or network.video is not None
        case "hashtags":
            return network.key != "wordpress"  # an article gets none
        case "type":
            return network.key in TYPES
        case _:
            return True


_PAIRS: Final = (
    ("photo", "story"),
    ("photo", "carousel"),
    ("event", "offer"),
    ("video", "short"),
    ("gif", "photo"),
)
TYPES: Final[Mapping[str, tuple[str, str]]] = {
    key: pair
    for key, network in NETWORKS.items()
    for pair in [next((pair for pair in _PAIRS if {*pair} <= {*network.types}), None)]
    if pair
}
"""Two types that one and the same post can have, where there are any that the rest of a post does not show."""


# --- its values -------------------------------------------------------------------------------------------------------

PICTURES: Final = {
    "file": ("media/lamp.png", "media/box.png"),
    "url": ("https://example.com/lamp.png", "https://example.com/box.png"),
    "id": ("LIBRARY-1.png", "LIBRARY-2.png"),
}
FILMS: Final = {
    "file": ("media/lamp.mp4", "media/film.mp4"),
    "url": ("https://example.com/lamp.mp4", "https://example.com/film.mp4"),
    "id": ("LIBRARY-1.mp4", "LIBRARY-2.mp4"),
}
"""What `LIBRARY-…` names is in Publer's library, under an id of Publer's."""
KNOWN: Final = {"signature": "Footer", "album": "Events", "board": "Products", "location": "Oslo"}
"""A name that the sandbox has of each."""
IDS: Final = ("5f1b2c3d4e5f60718293a4b5", "63c675e94e299e9cf2b667ec")


def pair_for(network: Network, path: Path, part: Schema) -> Pair:
    """Two values that the network takes there."""
    name, last = named(path), path[-1]
    field = network.field(path[0])
    if field is not None and field.named and len(path) == 1:
        return Pair(KNOWN[path[0]], IDS[0])
    if last in ("file", "url", "id") and path[0] in ("media", "thread", "comments"):
        films = len(path) == 3 and path[0] == "media" and network.images is None
        beside = {"type": "video"} if films and last == "id" else {}
        return _pair((FILMS if films else PICTURES)[last])._replace(beside=beside)
    if last == "thumbnail":
        return _pair(PICTURES["file"])
    match name:
        case "text":
            return Pair("Words of NAME", "Other words of NAME")
        case "type":
            return _pair(TYPES[network.key])
        case "link":
            return Pair("https://example.com/one", "https://example.com/two")
        case "link.image":
            return _pair(PICTURES["file"])
        case "link.call_to_action":
            return _pair(network.buttons)
        case "link.phone_number":
            return _pair(part["examples"])._replace(beside={"call_to_action": "CALL_NOW"})
        case "poll.duration" if network.poll:
            return _pair([f"{days}d" for days in network.poll.days])
        case "share.accounts":
            first, second = [each for each in ("facebook", "linkedin", "telegram") if each != network.key][:2]
            return Pair(first, [first, second])
        case "hashtags":
            return Pair(["core"], ["core", "local"])
        case _ if path[0] == "utm":
            return Pair("spring", "winter")
        case _:
            return _from_schema(part)


def _pair(values: Sequence[Any]) -> Pair:
    one, other, *_ = values
    return Pair(one, other)


def _from_schema(part: Schema) -> Pair:
    types = {part["type"]} if isinstance(part["type"], str) else {*part["type"]}
    if "boolean" in types:
        return Pair(one=True, other=False)
    if "enum" in part:
        return _pair([value for value in part["enum"] if value is not None])
    examples = part.get("examples", ())
    if "array" in types:
        one = next(each for each in examples if isinstance(each, list))
        more = part["items"].get("examples") or part["items"].get("enum") or [f"{one[0]}-more"]
        return Pair(one, [*one, next(each for each in more if each not in one)])
    one, other = ([each for each in examples if not isinstance(each, (list, dict))] + ["One", "Other"])[:2]
    return Pair(one, other)


# --- a post around it -------------------------------------------------------------------------------------------------


def case(network: Network, path: Path, part: Schema) -> Case:
    pair = pair_for(network, path, part)
    base = base_for(network, path)
    posts = []
    for value in (pair.one, pair.other):
        post = copy.deepcopy(base)
        for name, beside in pair.beside.items():
            put(network, post, (*(path[:1] if path[0] == "link" else ()), name), beside)
        put(network, post, path, value)
        posts.append(post)
    return Case(network, named(path), *posts)


def base_for(network: Network, path: Path) -> dict[str, Any]:
    """A post of the first type that shows the key."""
    kinds = _kinds(network, path)
    post = copy.deepcopy(next(examples(network)[kind] for kind in kinds if kind in examples(network)))
    post["text"] = "Words of NAME"
    if path[0] == "utm":
        post["text"] += " https://example.com/page"
    if path[0] == "type" and "carousel" in TYPES[network.key]:
        post["media"] = copy.deepcopy(examples(network)["carousel"]["media"])
    return post


def _kinds(network: Network, path: Path) -> Sequence[str]:
    head = path[0]
    field = network.field(head)
    if field is not None:
        return field.types or network.all_types
    if head == "title" and network.title is not None:
        return network.title.types or network.all_types
    if head == "type":
        return TYPES[network.key]
    if head == "link":
        return ("link",) if network.link in ("card", "url") else network.all_types
    if head == "poll":
        return ("poll",)
    if head == "media":
        return ("video", "reel") if "thumbnail" in path else ("photo", *network.all_types)
    return network.all_types


def examples(network: Network) -> dict[str, dict[str, Any]]:
    """The posts of docs/networks.md, by type."""
    return _examples(network.key)


@cache
def _examples(key: str) -> dict[str, dict[str, Any]]:
    network = NETWORKS[key]
    page = yaml.load(write_docs.example(network), yaml.BaseLoader)
    posts = [_typed(post) for post in page["posts"]]
    for post in posts:
        del post["at"]
    return dict(zip(network.all_types, posts, strict=True))


def _typed(value: Any) -> Any:
    match value:
        case dict():
            return {key: _typed(each) for key, each in value.items()}
        case list():
            return [_typed(each) for each in value]
        case "true" | "false":
            return value == "true"
        case _:
            return value


def put(network: Network, post: dict[str, Any], path: Path, value: Any) -> None:
    """Set the key; what it is in and is not there yet is as in the examples of its schema."""
    part: Schema = keys_of(network)
    node: Any = post
    if network.field(path[0]) is not None:
        node = post.setdefault("networks", {}).setdefault(network.code, {})
    for step in path[:-1]:
        if step == ITEM:
            part, node = followed(part["items"]), node[0]
            continue
        part = followed(part["properties"][step])
        if isinstance(text := node.get(step), str):
            node[step] = {"url": text}
        if not node.get(step):
            node[step] = copy.deepcopy(
                next(each for each in part["examples"] if isinstance(each, (list, dict)))
            )
        node = node[step]
    last = {NAMED: network.code}.get(path[-1], path[-1])
    if (last in ("file", "url", "id") and "oneOf" in part) or path[-2:-1] == ("thumbnail",):
        for each in ("file", "url", "id"):
            node.pop(each, None)
    node[last] = value
