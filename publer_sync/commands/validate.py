"""`publer-sync validate`: everything that can be known without a key and without the network."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.calendar.load import read
from publer_sync.clock import Clock
from publer_sync.commands.environment import Environment
from publer_sync.commands.mistakes import text
from publer_sync.commands.shared import document, folder, out, prefix
from publer_sync.render import data
from publer_sync.render import problems as render

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from publer_sync.problems import Problem


def run(calendar_path: Path | None, *, style: str, strict: bool) -> int:
    import os

    top = folder(calendar_path)
    calendar = read(top, workspace_env=Environment.of(os.environ).workspace)
    expanded = calendar.expand(None)
    problems: Sequence[Problem] = calendar.judge(expanded, now=Clock().now())
    if strict:
        problems = [replace(problem, severity="error") for problem in problems]
    desired = len(expanded.posts)
    match style:
        case "json":
            document(data.problems(problems, posts=calendar.posts, desired=desired))
        case "concise":
            out(render.concise(problems, prefix=prefix(top))) if problems else None
        case "github":
            out(render.github(problems, prefix=prefix(top))) if problems else None
        case _:
            out(text(calendar, expanded.posts, problems, top))
    return 3 if any(problem.severity == "error" for problem in problems) else 0
