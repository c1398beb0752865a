"""Checks the data of a calendar against the JSON Schemas in `schema/`, and reports Problems in words for writers.

What a schema cannot see (times, aliases, files) is checked where posts are made. A key whose value is wrong is added to
the `broken` of its map, so that nothing uses it.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from publer_sync.calendar.shape.keys import ITEM_WORDS, TAGLESS, UNPUBLISHED, VALUES
from publer_sync.calendar.yaml.lines import Lines, Vocabulary
from publer_sync.calendar.yaml.nodes import Map, Seq
from publer_sync.machine.packaged import packaged
from publer_sync.starting.late_modules import late_module
from publer_sync.values.post_keys import POST_KEYS, PROSE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from publer_sync.calendar.document import Document
    from publer_sync.calendar.shape import wording
    from publer_sync.calendar.shape.compiling import Fits
    from publer_sync.values.problems import Location, Problem
else:
    wording = late_module("publer_sync.calendar.shape.wording")

CALENDAR: Final = "calendar.schema.json"
SETTINGS: Final = "settings.schema.json"
SHARED: Final = "shared-settings.schema.json"
APPROVED: Final = "approvals.schema.json"
POST: Final = f"{CALENDAR}#/$defs/post"
FOR_EDITORS: Final = "the pattern is for editors"
_ROOTS: Final = {
    "settings": SETTINGS,
    "shared": SHARED,
    "posts": CALENDAR,
    "markdown": f"{CALENDAR}#/$defs/markdown",
    "approvals": APPROVED,
}

# --- the schemas ----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=3)
def schema(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(packaged("schema", name))
    return loaded


@lru_cache(maxsize=4)
def _whole(name: str) -> dict[str, Any]:
    """A schema whose references name their file, so that schemas can refer to each other."""
    text = packaged("schema", name).replace('"$ref": "#', f'"$ref": "{name}#')  # sooner than in the data
    loaded: dict[str, Any] = json.loads(text, object_hook=_without_hints)
    return loaded


def _without_hints(part: dict[str, Any]) -> dict[str, Any]:
    """Without the patterns that only tell an editor what to underline: the reader says more about such a value."""
    if part.get("$comment") != FOR_EDITORS:
        return part
    return {key: value for key, value in part.items() if key not in ("pattern", "errorMessage", "$comment")}


def _resolve(ref: str) -> dict[str, Any]:
    file, _, path = ref.partition("#/$defs/")
    found: dict[str, Any] = _whole(file)["$defs"][path] if path else _whole(file)
    return found


@lru_cache(maxsize=64)
def _fits(ref: str) -> Fits:
    from publer_sync.calendar.shape.compiling import compile_schema

    return compile_schema(_resolve(ref), _resolve)


@lru_cache(maxsize=64)
def _validator(ref: str) -> Any:
    from jsonschema import Draft202012Validator
    from referencing import Registry
    from referencing.jsonschema import DRAFT202012

    parts = [
        (name, DRAFT202012.create_resource(_whole(name))) for name in (CALENDAR, SETTINGS, SHARED, APPROVED)
    ]
    return Draft202012Validator({"$ref": ref}, registry=Registry().with_resources(parts))


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """What the YAML reader needs to know of the keys of calendars."""
    keys: set[str] = set()
    containers: set[str] = set()
    for properties in (*_properties(_whole(CALENDAR)), *_properties(_whole(SETTINGS))):
        for key, part in properties.items():
            keys.add(key)
            types = (_resolve(part["$ref"]) if "$ref" in part else part).get("type", ())
            if {"array", "object"} & set([types] if isinstance(types, str) else types):
                containers.add(key)
    return Vocabulary(
        keys=frozenset(keys),
        items=frozenset(_resolve(POST)["properties"]),
        heads=frozenset(_whole(CALENDAR)["properties"]),
        prose=PROSE,
        texts=PROSE | {"options"} | {key.name for key in POST_KEYS.values() if key.has_texts},
        values=VALUES,
        tagless=TAGLESS,
        unpublished=UNPUBLISHED,
        containers=frozenset(containers) - PROSE,
        item_words=ITEM_WORDS,
        is_key=_is_key,
    )


def _is_key(text: str) -> bool:
    """An address is as well words: `link: https://example.com`."""
    from publer_sync.rules.swallowed import swallowed

    line = swallowed(text)
    return line is not None and line.at == 0 and line.sure and "://" not in line.line


def _properties(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        properties = part.get("properties")
        if isinstance(properties, dict) and all(isinstance(each, dict) for each in properties.values()):
            yield properties
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _properties(inner)


# --- judging --------------------------------------------------------------------------------------------------------


def check(document: Document, known: Collection[int] = ()) -> tuple[Problem, ...]:
    """What is wrong with one file by its schema, in the order of the file.

    Where posts are `known`, by their identity, nothing is wrong with them, nor with what stands outside of posts.
    """
    data, kind = document.data, document.kind
    ref = _ROOTS[kind]
    if data is None or (kind == "posts" and not data and not data.broken):
        return ()  # a file of comments, or an empty one, holds no posts
    others = [post for post in data["posts"] if id(post) not in known] if known else ()
    if all(map(_fits(POST), others)) if known else _fits(ref)(data):
        return ()
    posts, source = data.get("posts"), Lines(data.mark.file, list(document.lines), vocabulary())
    if kind != "posts" or not isinstance(posts, Seq):
        return tuple(_errors(data, ref, source, data.mark.location))
    head = data.without({"posts"})
    head.put("posts", [], data.marks["posts"])
    problems = _errors(head, ref, source, data.mark.location)
    data.broken |= head.broken
    fits = _fits(POST)
    for number, post in enumerate(posts):
        if not fits(post):
            problems += _errors(post, POST, source, posts.marks[number].location)
    return tuple(problems)


def check_part(data: Map, ref: str, lines: Sequence[str]) -> tuple[Problem, ...]:
    """What is wrong with one map; `ref` names its schema."""
    if _fits(ref)(data):
        return ()
    source = Lines(data.mark.file, list(lines), vocabulary())
    return tuple(_errors(data, ref, source, data.mark.location))


def _errors(data: Any, ref: str, lines: Lines, place: Location) -> list[Problem]:
    """What jsonschema finds in data at `place`, in words for writers."""
    validator = _validator(ref)

    def fits(part: Any, value: Any) -> bool:
        return bool(validator.evolve(schema=part).is_valid(value))

    errors = [wording.Wording(error, data, ref, lines, place, fits) for error in validator.iter_errors(data)]
    found: list[Problem] = []
    for each in [each for each in _telling(errors) if not each.known]:
        each.note()
        found += each.problems()
    return sorted(found, key=lambda problem: problem.location or place)


def _telling(errors: Sequence[wording.Wording]) -> Iterator[wording.Wording]:
    """The more telling one, where a value has neither the right type nor is one of the choices."""
    failed = {(*each.path, each.rule) for each in errors}
    for each in errors:
        other = {"type": "enum", "enum": "type"}.get(each.rule)
        word = isinstance(each.value, str | int | float)
        if (*each.path, other) not in failed or word == (each.rule == "enum"):
            yield each


def network_ref(provider: str) -> str:
    """The schema of what a post may have for one network."""
    return f"{CALENDAR}#/$defs/network_{provider}"
