"""`publer-sync notify`: what somebody has to look at, out of the JSON of another command, each problem once."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any, Final

from publer_sync.commands.running.views import NOTIFY
from publer_sync.commands.running.who import url_of
from publer_sync.machine.durable import replace_file
from publer_sync.render import notice
from publer_sync.values.errors import InputError, OutputError

if TYPE_CHECKING:
    from pathlib import Path

_VERSION: Final = 1
_NEWS: Final = 6


def run(file: Path | None, *, told: Path | None, style: str) -> int:
    """Returns 6 if there is something that nobody was told of yet, otherwise 0."""
    before = _read_told(told) if told is not None else {}
    try:
        found = notice.notice(_read(file), before, run_url=url_of(os.environ))
    except notice.NotInOurFormError as error:
        raise InputError(
            f"{file or 'the input'} is not what apply, plan or status print with --format json",
            hint="For example: publer-sync apply --yes --format json > report.json || true; publer-sync notify report.json",
        ) from error
    if style == "json" or found.new or found.over:
        NOTIFY[style].show(found)
    if told is not None:
        _write_told(told, found.now_told)
    return _NEWS if found.new else 0


def _read(file: Path | None) -> Any:
    try:
        data = file.read_bytes() if file is not None else sys.stdin.buffer.read()
    except OSError as error:
        raise InputError(
            f"{file} cannot be read: {error.strerror}", hint="Name a file that exists."
        ) from error
    try:
        read = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise notice.NotInOurFormError from error
    if not isinstance(read, dict):
        raise notice.NotInOurFormError
    return read


def _read_told(file: Path) -> dict[str, str]:
    """What was told before. Raises InputError for a file that is something else: nothing of it is ever overwritten."""
    try:
        read = json.loads(file.read_bytes())
        if read["format_version"] == _VERSION:
            return {str(key): str(words) for key, words in read["told"].items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    raise InputError(
        f"{file} is not a file that notify keeps",
        hint="Remove it, or name another file in --told: every problem is then told once more.",
    )


def _write_told(file: Path, told: dict[str, str]) -> None:
    data = json.dumps({"format_version": _VERSION, "told": told}, ensure_ascii=False, indent=1)
    try:
        replace_file(file, data.encode(errors="replace") + b"\n")
    except OSError as error:
        raise OutputError(
            f"{file} cannot be written: {error.strerror}",
            hint="The problems above are told again by the next run. Make room there, or name another file in --told.",
        ) from error
