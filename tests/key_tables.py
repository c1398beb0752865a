"""The tables of docs/keys.md, out of the schemas: each key with the sentence and an example that editors show."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeAlias

from publer_sync.calendar.yaml.scalars import scalar
from tests.release import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

Schema: TypeAlias = dict[str, Any]
SHUT = {"defaults", "networks", "posts"}
"""Keys that hold keys of a post, which have a table and a page of their own; so does an account of a post."""
ENTRY = "calendar.schema.json#$defs/account"
NAMES = {
    "accounts": "ALIAS",
    "groups": "GROUP",
    "hashtags": "SET",
    "append": "ALIAS",
    "cadence": "ALIAS",
    "budget": "NETWORK",
    "slots": "ALIAS",
    "ignore": "CODE",
}
"""What a key below these stands for: the calendar's own names."""
FEW = 8


def settings() -> list[tuple[str, str, str]]:
    return _table("settings.schema.json", "")


def files() -> list[tuple[str, str, str]]:
    """What stands beside `posts`; a key that a post has too is opened there."""
    return [row for row in _table("calendar.schema.json", "") if row[0].strip("`").isidentifier()]


def posts() -> list[tuple[str, str, str]]:
    return _table("calendar.schema.json", "post")


def _table(file: str, part: str) -> list[tuple[str, str, str]]:
    schema = _read(file)
    return list(_rows(file, schema["$defs"][part] if part else schema, "", {ENTRY}))


def _read(file: str) -> Schema:
    found: Schema = json.loads((ROOT / "schema" / file).read_text(encoding="utf-8"))
    return found


def _follow(file: str, schema: Schema) -> tuple[str, Schema, str]:
    """The schema that is meant, the file it stands in, and its address."""
    if (ref := schema.get("$ref")) is None:
        return file, schema, ""
    other, _, path = ref.partition("#/")
    meant: Any = _read(file := other or file)
    for step in path.split("/"):
        meant = meant[step]
    return file, {**meant, **{key: value for key, value in schema.items() if key != "$ref"}}, f"{file}#{path}"


def _rows(file: str, schema: Schema, before: str, opened: set[str]) -> Iterator[tuple[str, str, str]]:
    """A row for each key, and below it those of what it holds: once, where several keys hold the same."""
    for name, value in schema.get("properties", {}).items():
        there, meant, address = _follow(file, value)
        key = f"{before}{name}"
        yield f"`{key}`", _sentence(meant), _example(name, meant)
        if name not in SHUT and address not in opened:
            opened |= {address} - {""}
            yield from _rows(there, meant, f"{key}.", opened)
            for word, step in (("items", "[]"), ("additionalProperties", f".{NAMES.get(name, 'NAME')}")):
                inner = meant.get(word)
                if isinstance(inner, dict):
                    yield from _below(there, inner, f"{key}{step}", opened, named=word != "items")


def _below(
    file: str, schema: Schema, key: str, opened: set[str], *, named: bool
) -> Iterator[tuple[str, str, str]]:
    """What is in a list, or under names of the calendar's own; those have a row themselves."""
    there, meant, address = _follow(file, schema)
    if named and "description" in meant:
        yield f"`{key}`", _sentence(meant), _example(key.rpartition(".")[2], meant)
    if address not in opened:
        opened |= {address} - {""}
        yield from _rows(there, meant, f"{key}.", opened)


def _sentence(schema: Schema) -> str:
    said: str = schema["description"].replace("|", "\\|")
    if values := [value for value in schema.get("enum", ()) if value is not None]:
        more = f" and {len(values) - FEW} more" if len(values) > FEW + 2 else ""
        said += ". One of " + ", ".join(f"`{value}`" for value in (values[:FEW] if more else values)) + more
    if "default" in schema and "default" not in said:
        said += f" (default: `{schema['default']}`)"
    return said


def _example(key: str, schema: Schema) -> str:
    values = schema.get("examples") or [value for value in schema.get("enum", ()) if value is not None]
    values = [True] if "boolean" in schema["type"] else values
    lines = [f"{key}: {_written(value)}" for value in values if "\n" not in str(value)]
    return f"`{lines[0]}`".replace("|", "\\|")


def _written(value: object) -> str:
    match value:
        case str():
            return scalar(value)
        case dict():
            return f"{{{', '.join(f'{key}: {_written(each)}' for key, each in value.items())}}}"
        case list():
            return f"[{', '.join(map(_written, value))}]"
        case _:
            return json.dumps(value)
