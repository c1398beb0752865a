"""What every document of `--format json` shares: how it is written, and as data problems, errors, accounts and times.

Plans and reports are elsewhere, so that a command without them need not load them. Texts stay unchanged in the data;
`dumps` escapes what could do harm in them, so that they are read back as they were.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from publer_sync.content import to_json
from publer_sync.render.dates import utc

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from publer_sync.content import Json
    from publer_sync.model import Account, Post, Workspace
    from publer_sync.planning.plan import FieldChange
    from publer_sync.problems import Location, Problem

FORMAT_VERSION = 1

_HARMFUL = re.compile(r"[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]|(?<=##)\[")


def dumps(document: Mapping[str, Json]) -> str:
    """The document as text that drives no terminal and no workflow log, and can always be written as UTF-8.

    JSON leaves 8-bit control characters, changes of the reading direction and halves of characters as they are.
    """
    text = json.dumps(document, ensure_ascii=False, indent=2)
    return _HARMFUL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def problems(problems: Sequence[Problem], *, posts: int, desired: int) -> dict[str, Json]:
    return {
        "format_version": FORMAT_VERSION,
        "problems": [problem_data(each) for each in problems],
        "posts": posts,
        "desired": desired,
    }


def error(
    code: str, message: str, problems: Sequence[Problem] = (), *, hint: str | None = None
) -> dict[str, Json]:
    """The document of a command that has no result."""
    return {
        "format_version": FORMAT_VERSION,
        "error": {"code": code, "message": message, **({"hint": hint} if hint else {})},
        "problems": [problem_data(each) for each in problems],
    }


def problem_data(problem: Problem) -> dict[str, Json]:
    place = problem.location
    shown: dict[str, Json] = {
        "severity": problem.severity,
        "code": problem.code,
        "message": problem.message,
        "help": None if problem.help is None else str(problem.help),
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
    }
    if problem.related:
        shown["related"] = [
            {"file": where.file, "line": where.line, "message": message} for where, message in problem.related
        ]
    if problem.fix is not None:
        fix = problem.fix
        shown["fix"] = {"start_line": fix.start_line, "end_line": fix.end_line, "text": fix.text}
    return shown


def account_data(account: Account) -> dict[str, Json]:
    return {"id": account.id, "alias": account.alias, "name": account.name, "provider": account.provider}


def workspace_data(workspace: Workspace) -> dict[str, Json]:
    return {"id": workspace.id, "name": workspace.name}


def place_data(place: Location | None) -> dict[str, Json] | None:
    return {"file": place.file, "line": place.line} if place else None


def counted_data(post: Post | None) -> dict[str, Json]:
    """What the time of a post counts from; nothing for any other."""
    if post is None or (counted := post.counted) is None:
        return {}
    return {
        "counted_from": {
            "written": counted.written,
            "name": counted.name,
            "date": counted.date,
            "source": place_data(counted.place),
        }
    }


def field_data(item: FieldChange) -> dict[str, Json]:
    shown: dict[str, Json] = {
        "field": item.field,
        "before": to_json(item.before),
        "after": to_json(item.after),
    }
    return {**shown, "blind": True} if item.blind else shown


def time_data(moment: datetime | None) -> str | None:
    return utc(moment) if moment else None
