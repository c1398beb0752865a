"""hold and release as a step, with what came of each calendar in the summary and the log."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from publer_sync.action import workflow
from publer_sync.action.choosing import calendars_of
from publer_sync.action.git import default_branch, log_in, newest, switch
from publer_sync.action.runs import TIMEOUT, choice_of, need_key
from publer_sync.commands import several
from publer_sync.commands.problems import explained
from publer_sync.commands.progress import ProgressLine
from publer_sync.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.action.inputs import Event, Inputs
    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.choice import Choice
    from publer_sync.render.several import Ending

DEFAULT_REASON = "Stopped on GitHub"
RELEASE = "run this workflow again, with release"
"""Whoever reads the summary may have a phone, and no command line."""


def run(inputs: Inputs, event: Event) -> int:
    """Run the command and return the exit code. A calendar that fails does not stop the others."""
    log_in(event, inputs.token)
    if inputs.command == "release":
        _take_what_is_merged(inputs, event)
    calendars = calendars_of(inputs)
    with ProgressLine() as progress:
        command = _hold if inputs.command == "hold" else _release
        ended = command(calendars, inputs, progress)
    for name, each in ended:
        folder = Path(os.path.relpath(Path(name).resolve(), event.workspace.resolve())).as_posix()
        workflow.log(f"{inputs.command} {folder}", each.text)
        workflow.add_summary(
            event.summary, f"## {inputs.command} {folder}\n\n```text\n{_fenced(each.text)}\n```\n"
        )
        if each.exit_code:
            workflow.annotate("error" if each.exit_code == 1 else "warning", f"{name}: {each.line}")
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


def _hold(calendars: Sequence[Path], inputs: Inputs, progress: ProgressLine) -> list[tuple[str, Ending]]:
    from publer_sync.commands.choice import HoldRequest
    from publer_sync.commands.hold import of_several
    from publer_sync.commands.hold_several import hold_together
    from publer_sync.commands.several import accounts_of
    from publer_sync.commands.shared import load

    read = cache(load)
    accounts = accounts_of(calendars, read, inputs.accounts, strict=False)
    request = HoldRequest(
        inputs.reason or DEFAULT_REASON,
        inputs.labels,
        inputs.networks,
        TIMEOUT,
        yes=True,
        alone=len(calendars) < 2,
    )

    def choice(top: Path | None) -> Choice:
        need_key(inputs)
        return replace(_choice_of(inputs, read(top)), accounts=accounts[top])

    return hold_together(of_several([*accounts], read, choice, progress, "text"), request)


def _release(calendars: Sequence[Path], inputs: Inputs, progress: ProgressLine) -> list[tuple[str, Ending]]:
    from publer_sync.commands.apply import connect
    from publer_sync.commands.choice import ReleaseRequest
    from publer_sync.commands.halting import stoppable
    from publer_sync.commands.release import end, make
    from publer_sync.commands.shared import load

    connections = connect(progress, TIMEOUT)
    request = ReleaseRequest(TIMEOUT, yes=True)

    def one(top: Path | None) -> Ending:
        need_key(inputs)
        if inputs.accounts or inputs.labels or inputs.networks:
            raise UsageError("release ends every hold: it takes no accounts, labels or networks")
        if control.stop():
            return several.not_begun("text")
        calendar = load(top)
        choice = _choice_of(inputs, calendar)
        with explained(calendar, style="text"):
            done = make(calendar, choice, request, connections, control, style="text")
        return end(done, choice, style="text")

    with stoppable(connections, progress, TIMEOUT, "text") as control:
        return list(several.each(calendars, one, style="text", doing="release", progress=progress))
