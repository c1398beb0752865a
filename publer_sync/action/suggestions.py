"""Writes certain fixes as suggestions on the lines of a pull request: one click applies them."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

from publer_sync.render.layout.escaping import escaped_line
from publer_sync.render.layout.wording import sentence
from publer_sync.values.printable import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from publer_sync.action.github import GitHub
    from publer_sync.action.inputs import Pull
    from publer_sync.values.problems import Problem

MOST = 10
"""At a time; the next push brings more."""

_MARK = re.compile(r"<!-- publer-sync fix: ([0-9a-f]{16}) -->")
_HUNK = re.compile(r"@@ -\d+(?:,\d+)? \+(\d+)(?:,\d+)? @@")


def suggest(
    github: GitHub,
    pull: Pull,
    problems: Iterable[Problem],
    *,
    prefix: str,
    lines: Callable[[str], Sequence[str]],
) -> int:
    """Update the suggestions of a calendar, and return how many are new. Raises GitHubError.

    GitHub takes one only on lines that its diff shows, and these must be the lines that were judged: a pull request is
    checked out merged, where they may have moved.
    """
    comments = list(github.pages(f"/pulls/{pull.number}/comments"))
    there = {
        found[1]: item
        for item in comments
        if github.mine(item)
        and str(item.get("path", "")).startswith(f"{prefix}/" if prefix else "")
        and (found := _MARK.search(str(item.get("body") or "")))
    }
    # A file that several calendars share would get the suggestions of each of them.
    fixable = [each for each in problems if each.fix and each.location and not each.location.is_outside]
    wanted = _wanted(github, pull, fixable, prefix, lines) if fixable else {}
    answered = {item.get("in_reply_to_id") for item in comments}
    for mark, item in there.items():
        if mark not in wanted and item["id"] not in answered:
            github.send("DELETE", f"/pulls/comments/{item['id']}")
    new = [body for mark, body in wanted.items() if mark not in there][:MOST]
    for body in new:
        github.send("POST", f"/pulls/{pull.number}/comments", body)
    return len(new)


def _wanted(
    github: GitHub,
    pull: Pull,
    problems: Iterable[Problem],
    prefix: str,
    lines: Callable[[str], Sequence[str]],
) -> dict[str, Mapping[str, object]]:
    shown = {item["filename"]: right_side(item) for item in github.pages(f"/pulls/{pull.number}/files")}
    wanted: dict[str, Mapping[str, object]] = {}
    for problem in problems:
        if problem.fix is None or problem.location is None:
            continue
        path = f"{prefix}/{problem.location.file}" if prefix else problem.location.file
        start, end = problem.fix.start_line, problem.fix.end_line
        judged = lines(problem.location.file)[start - 1 : end]
        diff = shown.get(path, {})
        if not judged or [diff.get(number) for number in range(start, end + 1)] != list(judged):
            continue
        seed = "\0".join([path, str(start), problem.code, *judged, problem.fix.text])
        mark = hashlib.sha256(seed.encode(errors="replace")).hexdigest()[:16]
        several = {"start_line": start, "start_side": "RIGHT"} if start != end else {}
        wanted[mark] = {
            "body": f"<!-- publer-sync fix: {mark} -->\n{_body(problem, problem.fix.text)}",
            "commit_id": pull.head,
            "path": path,
            "line": end,
            "side": "RIGHT",
            **several,
        }
    return wanted


def _body(problem: Problem, text: str) -> str:
    fix = printable(text).rstrip("\n")
    longest = max((len(run) for run in re.findall("`+", fix)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{escaped_line(sentence(problem.message))}\n\n{fence}suggestion\n{fix}\n{fence}\n"


def right_side(file: Mapping[str, Any]) -> dict[int, str]:
    """The lines of the new side that a file's diff shows; none if GitHub gives no diff."""
    shown: dict[int, str] = {}
    number = 0
    for line in str(file.get("patch") or "").split("\n"):
        if hunk := _HUNK.match(line):
            number = int(hunk[1])
        elif line.startswith(("+", " ")):
            shown[number] = line[1:]
            number += 1
    return shown
