"""The JSON Schemas of the documents that commands print."""

from __future__ import annotations

import json
import re
from datetime import datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jsonschema import Draft202012Validator, FormatChecker

from publer_sync.calendar.shape.compiling import compile_schema
from publer_sync.commands import schema

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

UTC_TIME: Final = (
    r"^\d{4}-((0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)"
    r"T([01]\d|2[0-3])(:[0-5]\d){2}(\.\d{3}|\.\d{6})?Z$"
)
"""Any time but those on a 29 February, which jsonschema judges."""

_NAMES: Final = {"state": "state-mv", "copy": "move"}
"""Commands whose document has another name."""


def conforms(document: Any, name: str) -> None:
    """Fail where the document is not what `publer-sync schema NAME` promises, keys beyond it included.

    Nearly every document is right, and every command that prints one asks: only where the quick answer is no,
    jsonschema judges and says why.
    """
    if not _fits(name)(document):
        _validator(name).validate(document)


def check_printed(words: Sequence[str], stdout: str) -> None:
    """Fail where a command that was asked for JSON printed, or wrote into --out, anything but what its schema says."""
    name, given = words[0], dict(pairwise(words))
    if given.get("--format") == "json" and not (name == "export" and "--out" in words):
        surveyed = name == "doctor" and "--survey" in words
        name = "log-approvals" if name == "log" and "--approvals" in words else name
        _check(json.loads(stdout), "doctor-survey" if surveyed else _NAMES.get(name, name))
    if name == "plan" and (file := Path(given.get("--out", ""))).is_file():
        conforms(json.loads(file.read_text(encoding="utf-8")), name)


def _check(document: Any, name: str) -> None:
    if "error" in document and "problems" in document:
        conforms(document, "error")
    elif "calendars" in document:
        conforms(document, "several")
        for each in document["calendars"]:
            _check(each["result"], name)
    else:
        conforms(document, name)


@cache
def _fits(name: str) -> Callable[[Any], bool]:
    """A quick yes or no; always no for a schema with keywords that this cannot judge."""
    found = json.loads(schema.whole(name))

    def resolve(pointer: str) -> Any:
        part = found
        for step in pointer.removeprefix("#/").split("/"):
            part = part[step]
        return _in_plainer_words(part)

    try:
        return compile_schema(_in_plainer_words(found), resolve)
    except ValueError:
        return lambda _: False


def _in_plainer_words(part: Any) -> Any:
    """The same with the keywords that `compile_schema` knows."""
    if isinstance(part, list):
        return [_in_plainer_words(each) for each in part]
    if not isinstance(part, dict):
        return part
    plain = {key: _in_plainer_words(value) for key, value in part.items() if key != "$defs"}
    match part:
        case {"const": bool(value)}:
            del plain["const"]
            plain |= {"type": "boolean", "enum": [value]}
        case {"const": int(number)}:
            del plain["const"]
            plain |= {"type": "integer", "minimum": number, "maximum": number}
        case {"const": str(text)}:
            del plain["const"]
            plain |= {"enum": [text]}
        case {"not": {"enum": words}} if all(isinstance(word, str) for word in words):
            del plain["not"]
            plain["pattern"] = f"^(?!({'|'.join(map(re.escape, words))})$)"
        case {"format": "date-time"}:
            plain["pattern"] = UTC_TIME
    return plain


@cache
def _validator(name: str) -> Draft202012Validator:
    found = json.loads(schema.whole(name))
    Draft202012Validator.check_schema(found)
    formats = FormatChecker(formats=())
    formats.checks("date-time", ValueError)(_is_utc)
    return Draft202012Validator(found, format_checker=formats)


def _is_utc(value: object) -> bool:
    return not isinstance(value, str) or (value.endswith("Z") and datetime.fromisoformat(value) is not None)
