"""`publer-sync validate`: everything that can be known without a key and without the network."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from publer_sync.clock import Clock
from publer_sync.commands import fix as fixing
from publer_sync.commands import several
from publer_sync.commands.problems import text
from publer_sync.commands.shared import load, prefix
from publer_sync.render import data
from publer_sync.render import problems as render
from publer_sync.render.several import Ended

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.fix import FixRequest
    from publer_sync.problems import Problem


def run(
    calendars: Sequence[Path],
    *,
    changed_since: str | None,
    style: str,
    strict: bool,
    fix: FixRequest | None = None,
) -> int:
    chosen = several.choose(calendars, changed_since)
    validate = partial(end, style=style, strict=strict)
    if fix is not None:
        return fixing.run(chosen, fix, validate, style=style)
    return several.run(chosen, lambda top: validate(load(top)), style=style, doing="validate")


def end(calendar: Calendar, *, style: str, strict: bool) -> Ended:
    problems: Sequence[Problem] = calendar.judge(calendar.desired, now=Clock().now())
    if strict:
        problems = [replace(problem, severity="error") for problem in problems]
    desired = len(calendar.desired.posts)
    code = 3 if any(problem.severity == "error" for problem in problems) else 0
    line = render.figures(problems, posts=calendar.posts)
    match style:
        case "json":
            found = data.problems(problems, posts=calendar.posts, desired=desired)
            return Ended(code, line, document=found)
        case "concise" | "github":
            lines = render.concise if style == "concise" else render.github
            return Ended(code, line, lines(problems, prefix=prefix(calendar.top)) if problems else "")
        case _:
            return Ended(code, line, text(calendar, problems), brief=not problems)
