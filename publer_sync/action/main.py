"""The entry of a workflow's step: reads its inputs, masks its secrets, and shows an error."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from publer_sync.action import requesting, stopping, workflow
from publer_sync.action.annotations import annotate_error
from publer_sync.action.inputs import PREFIX, Event, Inputs
from publer_sync.action.step import Step
from publer_sync.machine import bug_log
from publer_sync.values.errors import Bug, PublerSyncError, UsageError

if TYPE_CHECKING:
    from collections.abc import MutableMapping


def main(environ: MutableMapping[str, str]) -> int:
    """Run the step and return its exit code: 0 where the job may go on."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    _mask(environ)
    try:
        event = Event.of(environ)
        inputs = Inputs.of(environ)
        _refuse_nonsense(inputs, event)
    except PublerSyncError as error:
        annotate_error(error)
        return error.exit_code
    _hand_over(inputs, environ)
    try:
        if inputs.command in ("hold", "release"):
            return stopping.run(inputs, event)
        if inputs.command == "request":
            return requesting.run(inputs, event)
        return Step(inputs, event).run()
    except KeyboardInterrupt:
        workflow.annotate("error", "stopped on request; running again is safe")
        return 1
    except PublerSyncError as error:
        annotate_error(error)
        workflow.set_outputs(event.output, {"exit-code": str(error.exit_code), "changes": "false"})
        return error.exit_code
    except Exception as error:  # noqa: BLE001 — whatever it is, the job's log tells the user what to report
        workflow.log("the log of a bug in publer-sync", bug_log.log(error, [inputs.command], environ))
        reported = f"{bug_log.summary(error)}; please report it with the log of this step"
        annotate_error(Bug(reported, hint=bug_log.SAFE))
        workflow.set_outputs(event.output, {"exit-code": str(Bug.exit_code), "changes": "false"})
        return Bug.exit_code


def _mask(environ: MutableMapping[str, str]) -> None:
    for name in (f"{PREFIX}API_KEY", f"{PREFIX}GITHUB_TOKEN", "PUBLER_API_KEY"):
        if value := environ.get(name, "").strip():
            workflow.mask(value)
    for name in (f"{PREFIX}STATE_KEY", "PUBLER_SYNC_STATE_KEY"):
        for key in environ.get(name, "").split(","):
            if key.strip():
                workflow.mask(key.strip())


def _refuse_nonsense(inputs: Inputs, event: Event) -> None:
    if inputs.command == "apply" and (event.name == "merge_group" or event.name.startswith("pull_request")):
        raise UsageError(
            f"apply does not run for {event.name}: nothing is merged yet",
            hint="Run it when the main branch changes (on: push), as examples/workflows/publer-apply.yml does.",
        )
    if inputs.reviewed == "strict" and inputs.comment == "never":
        raise UsageError(
            "the input reviewed is strict, and comment is never: the plan is reviewed in the comment",
            hint="Leave out the input comment.",
        )
    if inputs.results_file is not None:
        _refuse_file(inputs.results_file, inputs, event)
    for top in inputs.calendars:
        if not top.resolve().is_relative_to(event.workspace.resolve()):
            raise UsageError(
                f'the input calendar is "{top}", which is outside the repository',
                hint="Give a folder of the repository, such as calendar.",
            )


def _refuse_file(name: str, inputs: Inputs, event: Event) -> None:
    """A page in a calendar would be read as a post."""
    top = event.workspace.resolve()
    file = (top / name).resolve()
    inside = file.is_relative_to(top) and file.relative_to(top).as_posix() == name
    if not inside or file.suffix != ".md":
        raise UsageError(
            f'the input results-file is "{name}"',
            hint="Give a Markdown file of the repository, such as results/latest.md.",
        )
    if any(file.is_relative_to(calendar.resolve()) for calendar in inputs.calendars):
        raise UsageError(
            f'the input results-file is "{name}", which is inside a calendar, where it would be a post',
            hint="Put it elsewhere in the repository, such as results/latest.md.",
        )
    if event.branch is None:
        raise UsageError("results-file needs a branch to write to", hint="Run it on: schedule.")


def _hand_over(inputs: Inputs, environ: MutableMapping[str, str]) -> None:
    """The environment that the command line reads, from the inputs that are set."""
    if inputs.api_key:
        environ["PUBLER_API_KEY"] = inputs.api_key
    if workspace := environ.get(f"{PREFIX}WORKSPACE_ID", "").strip():
        environ["PUBLER_WORKSPACE_ID"] = workspace
    if state_key := environ.get(f"{PREFIX}STATE_KEY", "").strip():
        environ["PUBLER_SYNC_STATE_KEY"] = state_key
    for secret in ("API_KEY", "GITHUB_TOKEN", "STATE_KEY"):
        environ.pop(PREFIX + secret, None)
