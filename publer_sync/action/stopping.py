"""Runs hold and release as a step, with the outcome of each calendar in the summary and the log."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from publer_sync.action import workflow
from publer_sync.action.choosing import calendars_of
from publer_sync.action.git import default_branch, log_in, newest, switch
from publer_sync.action.runs import TIMEOUT, choice_of, need_key
from publer_sync.commands.running import several
from publer_sync.commands.running.frame import Frame
from publer_sync.commands.running.progress import ProgressLine
from publer_sync.commands.running.several import Chosen
from publer_sync.values.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.action.inputs import Event, Inputs
    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.running.choice import Choice
    from publer_sync.commands.running.course import CourseReport

DEFAULT_REASON = "Stopped on GitHub"
RELEASE = "run this workflow again, with release"
"""Whoever reads the summary may have a phone, and no command line."""


def run(inputs: Inputs, event: Event) -> int:
    """Run the command and return the exit code. A calendar that fails does not stop the others."""
    log_in(event, inputs.token)
    if inputs.command == "release":
        _take_what_is_merged(inputs, event)
    calendars = calendars_of(inputs)
    command = _hold if inputs.command == "hold" else _release
    taken = command(calendars, inputs)
    ended = taken.ended
    for name, each in ended:
        folder = Path(os.path.relpath(Path(name).resolve(), event.workspace.resolve())).as_posix()
        workflow.log(f"{inputs.command} {folder}", each.text)
        workflow.add_summary(
            event.summary, f"## {inputs.command} {folder}\n\n```text\n{_fenced(each.text)}\n```\n"
        )
        if each.exit_code:
            workflow.annotate("error" if each.exit_code == 1 else "warning", f"{name}: {each.line}")
    taken.told()
    code = several.worst(each.exit_code for _, each in ended)
    changes = "true" if any(each.exit_code in (0, 6) for _, each in ended) else "false"
    workflow.set_outputs(event.output, {"exit-code": str(code), "changes": changes})
    return code


def _take_what_is_merged(inputs: Inputs, event: Event) -> None:
    """Check out the newest commit of the branch that is applied: release schedules posts as the files have them.

    A run that is run again has old files, and "Use workflow from" offers branches that nobody reviewed. hold needs no
    such check: it schedules nothing, and in a crisis it runs from wherever someone starts it.
    """
    branch = inputs.branch or default_branch()
    if event.branch != branch:
        raise UsageError(
            f"release does not run for {event.ref}: it schedules posts as {branch} has them",
            hint=f'Under "Use workflow from", choose {branch}. If another branch is the one that is applied, name it in the '
            "input branch.",
        )
    switch(newest(branch))


def _choice_of(inputs: Inputs, calendar: Calendar) -> Choice:
    return replace(choice_of(inputs, calendar), release=RELEASE)


def _fenced(text: str) -> str:
    """Keep the text from ending its code block."""
    return text.rstrip("\n").replace("```", "'''")


def _hold(calendars: Sequence[Path], inputs: Inputs) -> CourseReport:
    from publer_sync.commands.hold import Holding, connect
    from publer_sync.commands.running import course
    from publer_sync.commands.running.choice import HoldRequest

    reason = inputs.reason or DEFAULT_REASON
    request = HoldRequest(reason, inputs.labels, inputs.networks, TIMEOUT, yes=True)
    with ProgressLine() as progress:
        work = Holding(request, connect(progress), progress, "text", several=True)
        return course.take(_frame(calendars, inputs), work, work.connections, work.control)


def _release(calendars: Sequence[Path], inputs: Inputs) -> CourseReport:
    from publer_sync.commands.release import Releasing
    from publer_sync.commands.running import course
    from publer_sync.commands.running.choice import ReleaseRequest
    from publer_sync.commands.running.writing import writing

    request = ReleaseRequest(TIMEOUT, older=inputs.allowed.older is True, yes=True)
    if inputs.accounts or inputs.labels or inputs.networks:
        raise UsageError(
            "release ends every hold: it takes no accounts, labels or networks",
            hint="Leave these inputs empty and run it again. Before that, remove from the calendar what should not come back.",
        )
    with writing(TIMEOUT, "text") as (connections, control):
        work = Releasing(request, connections, control, "text")
        return course.take(_frame(calendars, inputs), work, connections, control)


def _frame(calendars: Sequence[Path], inputs: Inputs) -> Frame:
    """The calendars of the step, each shown by its name."""
    from publer_sync.commands.running.choice import Choice

    def adapt(choice: Choice, calendar: Calendar) -> Choice:
        need_key(inputs)
        return replace(_choice_of(inputs, calendar), accounts=choice.accounts, together=choice.together)

    tops: tuple[Path | None, ...] = tuple(calendars)
    chosen = Chosen(tops, several=True)
    chosen, accounts = several.with_accounts(chosen, inputs.accounts, strict=False)
    return Frame(chosen, Choice(), accounts, "text", adapt)
