"""hold and release as a step: for each calendar at once, and what became of it in the summary and the log."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from publer_sync.action import workflow
from publer_sync.action.choosing import calendars_of
from publer_sync.action.git import log_in
from publer_sync.action.runs import TIMEOUT, choice_of, need_key
from publer_sync.commands import several
from publer_sync.commands.problems import explained
from publer_sync.commands.progress import ProgressLine
from publer_sync.errors import UsageError

if TYPE_CHECKING:
    from publer_sync.action.inputs import Event, Inputs
    from publer_sync.render.several import Ended

DEFAULT_REASON = "Stopped on GitHub"


def run(inputs: Inputs, event: Event) -> int:
    """The exit code. The posts of one calendar do not wait for another that fails."""
    log_in(event, inputs.token)
    calendars = calendars_of(inputs)
    stop = _hold if inputs.command == "hold" else _release
    with ProgressLine() as progress:

        def one(top: Path | None) -> Ended:
            need_key(inputs)
            return stop(top or Path(), inputs, progress)

        ended = list(several.each(calendars, one, style="text", doing=inputs.command, progress=progress))
    for top, (name, each) in zip(calendars, ended, strict=True):
        folder = Path(os.path.relpath(top.resolve(), event.workspace.resolve())).as_posix()
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


def _fenced(text: str) -> str:
    """Nothing in it ends the block that it stands in."""
    return text.rstrip("\n").replace("```", "'''")


def _hold(top: Path, inputs: Inputs, progress: ProgressLine) -> Ended:
    from publer_sync.commands.hold import HoldRequest, connect, end, make
    from publer_sync.commands.shared import load

    calendar = load(top)
    choice = replace(choice_of(inputs, calendar), accounts=inputs.accounts)
    request = HoldRequest(inputs.reason or DEFAULT_REASON, inputs.labels, TIMEOUT, yes=True)
    with explained(calendar, style="text"):
        report = make(calendar, choice, request, connect(progress), progress)
    return end(report, choice, style="text")


def _release(top: Path, inputs: Inputs, progress: ProgressLine) -> Ended:
    from publer_sync.commands.apply import connect
    from publer_sync.commands.release import ReleaseRequest, end, make
    from publer_sync.commands.shared import load

    if inputs.accounts or inputs.labels:
        raise UsageError("release ends every hold: it takes no accounts and no labels")
    calendar = load(top)
    choice = choice_of(inputs, calendar)
    request = ReleaseRequest(TIMEOUT, yes=True)
    with explained(calendar, style="text"):
        released = make(calendar, choice, request, connect(progress, TIMEOUT), progress, style="text")
    return end(released, choice, style="text")
