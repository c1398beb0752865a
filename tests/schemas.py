"""The JSON Schemas of the documents that commands print."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jsonschema import Draft202012Validator, FormatChecker

from publer_sync.commands import schema

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAMES: Final = {("state", False): "state-mv", ("doctor", True): "doctor-probe"}
"""Commands whose document has another name, without and with --probe."""


def conforms(document: Any, name: str) -> None:
    """Fail where the document is not what `publer-sync schema NAME` promises, keys beyond it included."""
    _validator(name).validate(document)


def check_printed(words: Sequence[str], stdout: str) -> None:
    """Fail where a command that was asked for JSON printed, or wrote into --out, anything but what its schema says."""
    name, given = words[0], dict(pairwise(words))
    if given.get("--format") == "json" and not (name == "export" and "--out" in words):
        _check(json.loads(stdout), _NAMES.get((name, "--probe" in words), name))
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
def _validator(name: str) -> Draft202012Validator:
    found = json.loads(schema.whole(name))
    Draft202012Validator.check_schema(found)
    formats = FormatChecker(formats=())
    formats.checks("date-time", ValueError)(_is_utc)
    return Draft202012Validator(found, format_checker=formats)


def _is_utc(value: object) -> bool:
    return not isinstance(value, str) or (value.endswith("Z") and datetime.fromisoformat(value) is not None)
