"""Checks the arguments of a call against what the tool says it takes. A model reads the error and tries again."""

from __future__ import annotations

import difflib
import json
from typing import TYPE_CHECKING, Any

from publer_sync.values.errors import UsageError
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

_KINDS = {"string": "a string", "boolean": "true or false", "integer": "a whole number"}


def checked(
    arguments: Mapping[str, Any], properties: Mapping[str, Any], required: tuple[str, ...]
) -> dict[str, Any]:
    """The arguments without those that are null; a single word for a list becomes a list. Raises UsageError."""
    given = {name: value for name, value in arguments.items() if value is not None}
    for name in given:
        if name not in properties:
            near = difflib.get_close_matches(name, properties, n=1)
            meant = f'did you mean "{near[0]}"?' if near else f"there are: {', '.join(properties)}"
            raise UsageError(f'there is no argument "{one_line(name)[:60]}"; {meant}')
    for name in required:
        if name not in given:
            raise UsageError(f'the argument "{name}" is missing', hint=properties[name]["description"])
    return {name: _value(name, value, properties[name]) for name, value in given.items()}


def _read(word: str) -> Any:
    """Some assistants write numbers, booleans and lists as strings: "20", "true", '["x"]'."""
    try:
        value = json.loads(word)
    except ValueError:
        return word
    return word if value is None else value


def _value(name: str, value: Any, schema: Mapping[str, Any]) -> Any:
    kind = schema["type"]
    if kind != "string" and isinstance(value, str):
        value = _read(value)
    if kind == "array":
        words = [value] if isinstance(value, str) else value
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise UsageError(f'"{name}" is a list of strings', hint=schema["description"])
        return words
    right = {
        "string": isinstance(value, str),
        "boolean": isinstance(value, bool),
        "integer": isinstance(value, int) and not isinstance(value, bool),
    }[kind]
    if not right:
        raise UsageError(f'"{name}" is {_KINDS[kind]}', hint=schema["description"])
    least, most = schema.get("minimum"), schema.get("maximum")
    if (least is not None and value < least) or (most is not None and value > most):
        between = f"between {least} and {most:,}" if most is not None else f"at least {least}"
        raise UsageError(f'"{name}" is {between}, not {value}')
    longest = schema.get("maxLength")
    if longest is not None and len(value) > longest:
        raise UsageError(f'"{name}" has at most {longest:,} characters, and {len(value):,} were given')
    return value
