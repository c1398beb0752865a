"""The shape of a JSON answer: its keys and the kinds of its values, without anything that is a user's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from publer_sync.service import is_id

if TYPE_CHECKING:
    from publer_sync.content import Json

_OWN_KEY = re.compile(r"[a-z][a-z_]{0,40}")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ][\d:.]+(Z|[+-][\d:]+)?")
_WORDS = frozenset({"status", "state", "type", "network", "provider", "source", "rate"})
"""Keys whose values are words of the service."""


def shape(value: Json, key: str = "") -> Json:
    match value:
        case None | bool():
            return value
        case dict():
            return {
                name if _OWN_KEY.fullmatch(name) and not is_id(name) else f"<{_kind(name)}>": shape(one, name)
                for name, one in value.items()
            }
        case list():
            return [shape(one, key) for one in value[:1]]
        case str():
            return value if key in _WORDS and _OWN_KEY.fullmatch(value) else _kind(value)
        case _:
            return "number"


def _kind(text: str) -> str:
    if not text:
        return "empty"
    if is_id(text):
        return "24 hex digits"
    if text.isdecimal():
        return "digits"
    if _TIME.fullmatch(text):
        return f"time, like {re.sub(r'[0-9]', '0', text)}"
    return "address" if text.startswith(("https://", "http://")) else "text"
