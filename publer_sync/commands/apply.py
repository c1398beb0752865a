"""`publer-sync apply`: settles what is under way, plans, minds the rails, asks, carries out, reports."""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from publer_sync.applying.applier import apply_plan
from publer_sync.applying.run import Allow, Run
from publer_sync.calendar.load import read
from publer_sync.commands.environment import Environment
from publer_sync.commands.mistakes import explained
from publer_sync.commands.plan import apply_command, show
from publer_sync.commands.progress import ProgressLine
from publer_sync.commands.session import Choice, check, open_session
from publer_sync.commands.shared import color, document, folder, out, say
from publer_sync.errors import Interrupted, PublerSyncError, SafetyLimitError, StalePlanError, UsageError
from publer_sync.planning.plan import Action
from publer_sync.planning.rails import refusals
from publer_sync.render import data, markdown
from publer_sync.render import text as render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from publer_sync.applying.report import Report
    from publer_sync.commands.session import Session
    from publer_sync.planning.plan import Plan
    from publer_sync.planning.survey import Survey


@dataclass(frozen=True, slots=True)
class Consent:
    """What the command line agrees to. `deletes` is how many posts may be removed past the limit."""

    yes: bool = False
    deletes: int | None = None
    recreate: bool = False
    frozen: bool = False
    twins: bool = False
    edits: bool = False

    def allow(self) -> Allow:
        return Allow(self.recreate, self.frozen, self.twins, self.edits)


def run(
    calendar_path: Path | None,
    choice: Choice,
    consent: Consent,
    *,
    style: str,
    timeout: float,
    verbose: bool,
    told: Callable[[Report], None] | None = None,
) -> int:
    """`told` takes the report in place of stdout."""
    expected: list[Any] | None = None
    if calendar_path is not None and calendar_path.is_file():
        calendar_path, choice, expected = read_plan(calendar_path, choice)
    if not consent.yes and not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("apply asks before it writes, and there is nobody to ask here", hint="Add --yes.")
    environment = Environment.of(os.environ)
    top = folder(calendar_path)
    calendar = read(top, workspace_env=environment.workspace)
    progress = ProgressLine()
    command = apply_command(calendar_path, choice)
    with explained(calendar, top, style=style), ExitStack() as stack:
        check(calendar)
        session = open_session(
            calendar, environment, choice, stack, writes=True, say=_between(progress), base=Path.cwd()
        )
        stack.enter_context(session.store.lock(timeout))
        stop = stack.enter_context(_stoppable(session, progress, style))
        seen = session.settle(session.survey(session.state()), timeout=timeout, stop=stop, progress=progress)
        progress.close()
        plan = session.plan(seen)
        if expected is not None and _essence(data.changes(plan)) != _essence(expected):
            raise StalePlanError(
                "the plan is out of date: what would change now is not what it says",
                hint="Make it anew: publer-sync plan --out FILE. Nothing was changed.",
            )
        _mind_rails(session, plan, consent, style, command, verbose=verbose)
        _ask(plan, consent, style, verbose=verbose)
        report = _carry_out(session, seen, plan, consent, stop=stop, progress=progress, timeout=timeout)
        progress.close()
    if told is not None:
        told(report)
    else:
        _show(report, style, command)
    if report.error is not None:
        return _explain(report.error)
    return 0 if report.clean else 6


def _carry_out(
    session: Session,
    seen: Survey,
    plan: Plan,
    consent: Consent,
    *,
    stop: Any,
    progress: ProgressLine,
    timeout: float,
) -> Report:
    first = seen.state is None
    now = session.clock.now()
    return apply_plan(
        Run(
            publer=session.publer,  # type: ignore[arg-type]  # opened with writes, so it is the Publer that can
            save=session.store.write,
            state=seen.state or session.new_state(),
            plan=plan,
            clock=session.clock,
            poll_seconds=session.poll_seconds,
            freeze=timedelta(minutes=session.calendar.settings.limits.freeze_minutes),
            allow=consent.allow(),
            timeout=timeout,
            progress=progress,
            stop=stop,
            excuse=[post for post in session.desired if post.at <= now] if first else (),
            whole=session.scope is None,
            listed={post.id: post for post in seen.live},
            before=frozenset(post.id for post in seen.live),
        )
    )


# --- before the first write -----------------------------------------------------------------------------------------


def _mind_rails(
    session: Session, plan: Plan, consent: Consent, style: str, command: str, *, verbose: bool
) -> None:
    """Exit 4, nothing done, where a rail refuses what the options let through."""
    allow = consent.allow()
    limit = session.calendar.settings.limits.delete
    for refusal in refusals(plan.changes, limit=limit, empty=not session.desired, tried=allow.passes):
        if consent.deletes is not None and consent.deletes >= refusal.count:
            continue
        if style != "json":
            show(plan, style, verbose=verbose, command=command)
        why = (
            "and the calendar is empty"
            if refusal.code == "empty"
            else f"the limit is {refusal.limit} (limits.delete)"
        )
        raise SafetyLimitError(
            f"{refusal.count} posts would be removed, {why}",
            hint=f"Nothing was done. If that is meant: {command} {refusal.allow}",
        )


def _ask(plan: Plan, consent: Consent, style: str, *, verbose: bool) -> None:
    if consent.yes:
        return
    if style == "text":
        passed = replace(plan, refusals=())  # by the options: a rail that held would have ended it before
        out(render.plan(passed, color=color(), verbose=verbose, command=""))
    allow = consent.allow()
    if not any(change.action is not Action.ADOPT and allow.passes(change) for change in plan.listed):
        return
    click.echo(render.question(plan, color=color()), nl=False, err=True)
    if sys.stdin.readline().strip() != "yes":
        raise Interrupted("nothing was changed: the answer was not yes", code="declined")


@contextmanager
def _stoppable(session: Session, progress: ProgressLine, style: str) -> Iterator[Any]:
    """The first SIGINT or SIGTERM ends the run in good order, the second at once."""
    asked = False

    def handle(_number: int, _frame: object) -> None:
        nonlocal asked
        progress.close()
        if asked:
            message = "stopped at once; the next apply looks at what was under way before it sends anything"
            if style == "json":
                document(data.error(Interrupted.default_code, message))
                sys.stdout.flush()
            say(f"{message[0].upper()}{message[1:]}.")
            os._exit(1)
        asked = True
        session.clock.wake()
        say("Stopping after this step. Press again to stop at once.")

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _between(progress: ProgressLine) -> Any:
    def speak(text: str) -> None:
        progress("waiting", text)

    return speak


# --- the plan file --------------------------------------------------------------------------------------------------


def read_plan(file: Path, given: Choice) -> tuple[Path, Choice, list[Any]]:
    """The calendar, the options and the changes of a plan file; options beside it make no sense."""
    if given != Choice():
        raise UsageError(
            "a plan file brings its own options", hint="Leave out everything but --yes and the allow-options."
        )
    try:
        plan = json.loads(file.read_text(encoding="utf-8"))
        options = plan["options"]
        changes = list(plan["changes"])
        choice = Choice(
            accounts=tuple(options["accounts"]),
            since=options["from"],
            until=options["to"],
            state=options["state"],
            sandbox=options["sandbox"],
            sandbox_file=Path(options["sandbox_file"]) if options["sandbox_file"] else None,
            now=options["now"],
        )
        return Path(options["calendar"]), choice, changes
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f'"{file}" is no plan file', hint="Make one: publer-sync plan --out FILE. A calendar is a folder."
        ) from error


def _essence(changes: list[Any]) -> list[Any]:
    """What makes two plans the same: everything but where it stands in the files and how it is put into words."""
    return [
        {key: value for key, value in change.items() if key not in ("source", "reason")} for change in changes
    ]


# --- after the last -------------------------------------------------------------------------------------------------


def _show(report: Report, style: str, command: str) -> None:
    match style:
        case "json":
            document(data.report(report))
        case "markdown":
            out(markdown.report(report, command=command))
        case _:
            out(render.report(report, color=color(), command=command))


def _explain(error: PublerSyncError) -> int:
    from publer_sync.render.words import plain

    say(f"error: {plain(error.message)}")
    if error.hint:
        say(f"  {plain(error.hint)}")
    return error.exit_code
