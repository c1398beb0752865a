"""`publer-sync validate`: everything that can be known without a key and without the network."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.clock import Clock
from publer_sync.commands.problems import text
from publer_sync.commands.shared import document, out, prefix
from publer_sync.render import data
from publer_sync.render import problems as render

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.calendar.load import Calendar
    from publer_sync.problems import Problem


def run(calendar: Calendar, *, style: str, strict: bool) -> int:
    problems: Sequence[Problem] = calendar.judge(calendar.desired, now=Clock().now())
    if strict:
        problems = [replace(problem, severity="error") for problem in problems]
    desired = len(calendar.desired.posts)
    match style:
        case "json":
            document(data.problems(problems, posts=calendar.posts, desired=desired))
        case "concise":
            out(render.concise(problems, prefix=prefix(calendar.top))) if problems else None
        case "github":
            out(render.github(problems, prefix=prefix(calendar.top))) if problems else None
        case _:
            out(text(calendar, problems))
    return 3 if any(problem.severity == "error" for problem in problems) else 0
