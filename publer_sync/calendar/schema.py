"""Documents against the JSON Schemas in `schema/`: every mistake as a Problem in words for writers.

What a schema cannot see (times, aliases, files) is judged in `desired`. A key whose value is wrong is noted in the
`broken` of the mapping that holds it, so that nobody builds on it.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from publer_sync.calendar import wording
from publer_sync.calendar.yaml.nodes import Seq
from publer_sync.problems import Location, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.calendar.files import Document
    from publer_sync.calendar.shapes import Fits

CALENDAR: Final = "calendar.schema.json"
SETTINGS: Final = "settings.schema.json"

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
        folder = Path(__file__).parents[2] / "schema"
    loaded: dict[str, Any] = json.loads(folder.joinpath(name).read_text(encoding="utf-8"))
    return loaded


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
    from publer_sync.calendar.shapes import compile_schema

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
    all_words = [wording.Words(error, data, lines, place) for error in _validator(ref).iter_errors(data)]
    new = [words for words in all_words if not words.said_before]
    found: list[Problem] = []
    for words in new:
        words.note()
        found += words.problems()
    found.sort(key=lambda problem: problem.location or Location("", 0))
    return tuple(found)


def network_ref(provider: str) -> str:
    """The schema of what differs on a network."""
    return f"{CALENDAR}#/$defs/network_{provider}"
