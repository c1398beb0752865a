"""`publer-sync plan`: shows what apply would change, and may write it to a file."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.commands.reaching import gone
from publer_sync.commands.reaching.connections import Connections
from publer_sync.commands.reaching.named import with_ids
from publer_sync.commands.reaching.session import open_session
from publer_sync.commands.running.choice import Choice
from publer_sync.commands.running.command_lines import command_line
from publer_sync.commands.running.endings import plan_ending
from publer_sync.commands.running.frame import Frame
from publer_sync.commands.running.saving import put
from publer_sync.machine.durable import room_fix
from publer_sync.machine.version import version
from publer_sync.publer.reader import PublerReader
from publer_sync.render import data
from publer_sync.render.layout import documents
from publer_sync.values.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.planning.plan import Plan
    from publer_sync.render.several import Ending


def run(
    calendars: Sequence[Path],
    choice: Choice,
    *,
    changed_since: str | None,
    style: str,
    out: Path | None,
    detailed: bool,
    verbose: bool,
) -> int:
    frame = Frame.of(calendars, choice, style=style, changed_since=changed_since, plan_file=out)
    connections = Connections(PublerReader)

    def one(top: Path | None) -> Ending:
        with frame.calendar(top) as (calendar, here):
            plan = make(calendar, here, connections)
        if out is not None:
            write(out, plan, options(calendar.top, here), calendar.top)
        command = command_line("apply", here if out is None else Choice(calendar=out))
        return plan_ending(
            plan, style, verbose=verbose, command=command, code=2 if detailed and plan.listed else 0
        )

    return frame.run(one, doing="plan", connections=connections)


def make(calendar: Calendar, choice: Choice, connections: Connections[PublerReader]) -> Plan:
    """The plan, made with nothing but GET."""
    with ExitStack() as stack:
        session = open_session(calendar, choice, stack, connections)
        at = session.access
        plan = with_ids(session.plan(at.survey(at.state())), at.publer)
        warned = tuple(gone.warnings(gone.beside(at.calendar.top, at.store, connections), choice))
        return replace(plan, warnings=(*plan.warnings, *warned))


def options(top: Path, choice: Choice) -> data.OptionsData:
    """What the plan was made with, as `apply FILE` needs it; the calendar as it was written."""
    return {
        "calendar": top.as_posix(),
        "state": choice.state,
        "accounts": list(choice.accounts),
        "from": choice.since,
        "to": choice.until,
        "sandbox": choice.sandbox,
        "sandbox_file": str(choice.sandbox_file) if choice.sandbox_file else None,
        "now": choice.now,
        "first": choice.first,
    }


def write(file: Path, plan: Plan, made_with: data.OptionsData, top: Path | None = None) -> None:
    """Write a plan file: JSON in UTF-8. Raises SettingsError."""
    text = documents.dumps(data.plan(plan, version=version(), options=made_with))
    try:
        put(file, f"{text}\n".encode(), top)
    except OSError as error:
        raise SettingsError(
            f"the plan cannot be written to {file}: {error.strerror}",
            code="plan.unwritten",
            hint=room_fix(error),
        ) from error
