"""`approvals.yaml`: every yes that is recorded, each proved by its own digest."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from publer_sync.calendar.files import read_file
from publer_sync.calendar.folder import APPROVALS
from publer_sync.calendar.places import problem_at
from publer_sync.calendar.shape.schema import check
from publer_sync.calendar.yaml.nodes import Map, Seq
from publer_sync.values.approval import VERSION, Approval, Statement
from publer_sync.values.printable import one_line
from publer_sync.values.problems import Help, Location, Problem

if TYPE_CHECKING:
    import shlex
    from collections.abc import Mapping
    from pathlib import Path

    from publer_sync.calendar.document import Document
else:
    from publer_sync.starting.late_modules import late_module

    shlex = late_module("shlex")

_POSTS: Final = re.compile(rb"^(?:posts|at)[ \t]*:", re.MULTILINE)
_OLD: Final = (
    "Move the lines of posts that were published into a file outside the calendar, where they stay on record"
)
_FIXES: Final = {
    "yaml.conflict": "Keep the lines of both sides: delete only those that start with <<<<<<<, ======= and >>>>>>>",
    "file.size": _OLD,
    "yaml.size": _OLD,
}
"""Where the fix is another one than that of a file of posts."""


def read_approvals(
    top: Path, instead: Mapping[str, bytes | None], problems: list[Problem]
) -> tuple[Document, tuple[Approval, ...]]:
    """The file, and what it holds. What is wrong with it is added to `problems`: then the yes on that line does not count."""
    document = read_file(top / APPROVALS, APPROVALS, top, instead.get(APPROVALS), kind="approvals")
    if _POSTS.search(document.raw):
        problems.append(holds_posts())
        return document, ()
    for each in (*document.problems, *check(document)):
        say = _FIXES.get(each.code)
        problems.append(replace(each, help=Help(say), fix=None) if say else each)
    data = document.data.get("approvals") if document.data is not None else None
    if not isinstance(data, Seq) or (document.data is not None and "approvals" in document.data.broken):
        return document, ()
    found = (_approval(each, problems) for each in data)
    return document, tuple(each for each in found if each is not None)


def hides_posts(top: Path, instead: Mapping[str, bytes | None]) -> bool:
    """Whether a file of posts has the name that approvals have, so that nobody would read them."""
    raw = instead.get(APPROVALS)
    if raw is None:
        try:
            raw = (top / APPROVALS).read_bytes()
        except OSError:
            return False
    return _POSTS.search(raw) is not None


def holds_posts() -> Problem:
    message = f"{APPROVALS} is for sign-offs, so its posts are not read"
    say = Help("Give the file of posts another name", f"git mv {APPROVALS} posts.yaml")
    return Problem("error", "approvals.posts", message, Location(APPROVALS, 1), say)


def _approval(data: Map, problems: list[Problem]) -> Approval | None:
    at = _moment(data["at"])
    if at is None:
        say = Help("Write the time as publer-sync approve does", example="at: 2027-02-20T14:03:00Z")
        message = "this is not a time with an offset"
        problems.append(problem_at(data.marks["at"], "approvals.time", message, say))
        return None
    version = int(data["content"].partition("-")[0])
    if version != VERSION:
        message = f"a newer version of publer-sync wrote this line (digest {version})"
        problems.append(problem_at(data.marks["content"], "approvals.version", message, "Update publer-sync"))
        return None
    statement = Statement(data["on"], data["says"], data.get("day") or "")
    post, by = str(data["post"]), str(data["by"])
    if statement.digest != data["content"]:
        message = f"this line was changed after {one_line(by)} said yes to {one_line(post)}: its words are not those of its digest"
        say = Help(
            "Restore the line from git, or delete it and ask again",
            f"publer-sync approve {shlex.quote(post)} --by {shlex.quote(by)}",
        )
        problems.append(problem_at(data.mark, "approvals.changed", message, say))
        return None
    labels = tuple(str(label) for label in data.get("labels") or ())
    return Approval(
        post, str(data["account"]), by, at, data["content"], statement, labels, data.mark.location
    )


def _moment(written: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None
