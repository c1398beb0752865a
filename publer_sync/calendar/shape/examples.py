"""Writes the examples of a schema as YAML."""

from __future__ import annotations

import json
from typing import Any

from publer_sync.calendar.yaml.scalars import scalar


def first(schema: Any, key: str, *, in_list: bool = False) -> str:
    """The first example of a key; "" if its schema has none."""
    for example in schema.get("examples", ()):
        return lines(key, [example] if in_list else example)
    return ""


def lines(key: str, value: Any) -> str:
    """A key with its value: on the same line, but maps and lists of maps below it."""
    if isinstance(value, dict):
        return f"{key}:\n{_map(value, '  ')}"
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        return f"{key}:\n" + "\n".join(f"- {_map(item, '  ').lstrip()}" for item in value)
    return f"{key}: {_inline(value)}"


def _map(value: dict[str, Any], indent: str) -> str:
    return "\n".join(
        f"{indent}{line}" for key, item in value.items() for line in lines(key, item).splitlines()
    )


def _inline(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_inline, value))}]"
    return scalar(value) if isinstance(value, str) else json.dumps(value)
