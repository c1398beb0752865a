"""Values as YAML that reads back equal: in lines of their own, or inside brackets. Knows nothing of posts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias, Union

from publer_sync.calendar.yaml.scalars import scalar
from publer_sync.starting.late_dataclasses import dataclass

Writable: TypeAlias = Union[
    bool, int, float, str, "Noted", Sequence["Writable"], Mapping[str, "Writable"], None
]


@dataclass(frozen=True, slots=True)
class Noted:
    """A text with a comment behind it, for people."""

    text: str
    note: str


_ESCAPED: Final = re.compile(
    '["\\\\]|[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]'
)
"""What needs an escape in double quotes: signs with a meaning there, and characters that YAML does not allow."""
_CODES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


def quoted(text: str) -> str:
    """The text in double quotes and in one line."""
    return '"' + _ESCAPED.sub(_code, text) + '"'


def _code(match: re.Match[str]) -> str:
    sign = match[0]
    if sign in _CODES:
        return _CODES[sign]
    number = ord(sign)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"


def single_quoted(text: str) -> str:
    """The text in single quotes, or in double ones if it needs escapes."""
    if "\n" in text or "\t" in text or needs_codes(text):
        return quoted(text)
    return "'" + text.replace("'", "''") + "'"


def needs_codes(text: str) -> bool:
    """Whether a character of the text, apart from line breaks and tabs, can only be written as an escape."""
    return any(match[0] not in _CODES for match in _ESCAPED.finditer(text))


def inline(value: Writable, *, flow: bool = True) -> str:
    """The value in one line, as it can stand after a key and, with `flow`, inside brackets."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case str():
            return _word(value, flow=flow)
        case Noted(text):
            return _word(text, flow=flow)
        case Mapping():
            return "{" + ", ".join(f"{key}: {inline(item)}" for key, item in value.items()) + "}"
        case _:
            return "[" + ", ".join(map(inline, value)) + "]"


def _word(text: str, *, flow: bool) -> str:
    if _ESCAPED.search(text) or text != text.strip() or not text:
        return quoted(text)
    return scalar(text, flow=flow)


def fits_block(text: str) -> bool:
    """Whether the text can stand under `|`, where nothing is escaped and the first line sets the indentation."""
    return bool(text) and not needs_codes(text) and not text[0].isspace()


def key_lines(key: str, value: Writable, *, prose: bool = False) -> list[str]:
    """A key with its value in lines of their own. A text of several lines, or with `prose` any text, stands under `|`."""
    match value:
        case str() if fits_block(value) and (prose or "\n" in value):
            return [f"{key}: |", *indented(value.split("\n"), "  ")]
        case Noted(text, note):
            return [f"{key}: {_word(text, flow=False)}  # {note}"]
        case Mapping() if value:
            return [f"{key}:", *indented(map_lines(value), "  ")]
        case Sequence() if not all(isinstance(i, str) for i in value):
            return [f"{key}:", *(line for item in value for line in item_lines(item))]
        case _:
            return [f"{key}: {inline(value, flow=False)}"]


def plain_value(value: object) -> Writable:
    """What was read from a file, to be written again elsewhere."""
    match value:
        case dict():
            return {str(key): plain_value(item) for key, item in value.items()}
        case list():
            return [plain_value(item) for item in value]
        case str():
            return value.rstrip("\n")  # a block ends with one
        case None | bool() | int() | float():
            return value
        case _:
            return str(value)


def map_lines(value: Mapping[str, Writable]) -> list[str]:
    return [line for key, item in value.items() for line in key_lines(key, item, prose=key in UNDER_A_BAR)]


def item_lines(value: Writable) -> list[str]:
    """An item of a list in lines of its own."""
    if isinstance(value, Mapping) and value:
        first, *rest = map_lines(value)
        return [f"- {first}", *indented(rest, "  ")]
    return [f"- {inline(value, flow=False)}"]


def indented(lines: Iterable[str], indent: str) -> list[str]:
    """The lines with an indent, without trailing spaces in empty ones."""
    return [indent + line if line else "" for line in lines]


UNDER_A_BAR: Final = frozenset({"text"})
"""Keys whose texts stand under `|` even if they are short, as people write them."""
