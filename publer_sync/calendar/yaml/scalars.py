"""Texts as YAML writes and reads them on one line, and how messages quote a user's text."""

from __future__ import annotations

import math
import re
from typing import Any

_NUMBER = re.compile(
    r"(?P<int>[-+]?[0-9]{1,18})"
    r"|(?P<hex>0x[0-9a-fA-F]{1,15}|0o[0-7]{1,20})"
    r"|(?P<float>[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)"
)
_WORDS = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NEEDS_QUOTES = re.compile(r"[\[\]{}\n]|: | #|:\Z|\A[ @`%*&!?|>'\":#]|\A-(?![a-z])| \Z")


def value_of(text: str) -> Any:
    """The value of a scalar without quotes, by YAML 1.2's core schema: `10:30`, `no` and dates stay text.

    Numbers too long for a float or an integer of 64 bits stay text too.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "0123456789+-." or (match := _NUMBER.fullmatch(text)) is None:
        return text
    if match.lastgroup == "float":
        return number if len(text) < 40 and math.isfinite(number := float(text)) else text
    return int(text, 0 if match.lastgroup == "hex" else 10)


def quoted(text: str) -> str:
    """The text in double quotes, as YAML reads it back."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def scalar(text: str, *, flow: bool = True) -> str:
    """The text as it can be written after a key and, with `flow`, in brackets: in quotes only if YAML would read something else."""
    if _NEEDS_QUOTES.search(text) or (flow and "," in text) or not isinstance(value_of(text), str):
        return quoted(text)
    return text


def snippet(text: str, limit: int = 40) -> str:
    """A user's text for a message: in quotes, at most `limit` characters, and with nothing that could control a terminal."""
    line = " ".join(text.split())
    line = "".join(c if c.isprintable() else "\ufffd" for c in line)
    return f'"{line[: limit - 1]}…"' if len(line) > limit else f'"{line}"'
