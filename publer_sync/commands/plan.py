"""`publer-sync plan`: shows what apply would change, and may write it to a file."""

from __future__ import annotations

import shlex
from contextlib import ExitStack
from typing import TYPE_CHECKING

from publer_sync import __version__
from publer_sync.commands.access import Connections
from publer_sync.commands.problems import explained
from publer_sync.commands.session import open_session
from publer_sync.commands.shared import document, out, screen
from publer_sync.errors import SettingsError
from publer_sync.publer.reader import PublerReader
from publer_sync.render import data, markdown
from publer_sync.render import text as render
from publer_sync.render.marks import NO_OPTIONS
from publer_sync.render.venue import Venue

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.applying.run import Allow
    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.access import Choice
    from publer_sync.content import Json
    from publer_sync.planning.plan import Plan


def run(
    calendar: Calendar, choice: Choice, *, style: str, out: Path | None, detailed: bool, verbose: bool
) -> int:
    with explained(calendar, style=style):
        plan = make(calendar, choice)
    if out is not None:
        write(out, plan, options(calendar.top, choice))
    command = apply_command(choice) if out is None else shlex.join(["publer-sync", "apply", str(out)])
    show(plan, style, verbose=verbose, command=command)
    return 2 if detailed and plan.listed else 0


def make(calendar: Calendar, choice: Choice) -> Plan:
    """The plan, made with nothing but GET."""
    with ExitStack() as stack:
        session = open_session(calendar, choice, stack, Connections(PublerReader))
        at = session.access
        return session.plan(at.survey(at.state()))


def show(plan: Plan, style: str, *, verbose: bool, command: str, allow: Allow = NO_OPTIONS) -> None:
    """`allow` are the options that apply has already; `command` is the apply that does what is shown."""
    match style:
        case "json":
            document(data.plan(plan, version=__version__))
        case "markdown":
            out(markdown.plan(plan, venue=Venue(command=command, allow=allow)))
        case _:
            out(render.plan(plan, screen=screen(), verbose=verbose, command=command, allow=allow))


def apply_command(choice: Choice) -> str:
    """The apply that does what was planned, to be copied."""
    words = ["publer-sync", "apply", *([str(choice.calendar)] if choice.calendar else [])]
    words += ["--sandbox"] if choice.sandbox else []
    words += ["--sandbox-file", str(choice.sandbox_file)] if choice.sandbox_file else []
    words += ["--now", choice.now] if choice.now else []
    words += ["--state", choice.state] if choice.state else []
    words += [word for alias in choice.accounts for word in ("--account", alias)]
    words += ["--from", choice.since] if choice.since else []
    words += ["--to", choice.until] if choice.until else []
    return shlex.join(words)


def options(top: Path, choice: Choice) -> dict[str, Json]:
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
    }


def write(file: Path, plan: Plan, made_with: dict[str, Json]) -> None:
    text = data.dumps(data.plan(plan, version=__version__, options=made_with))
    try:
        file.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise SettingsError(
            f"the plan cannot be written to {file}: {error.strerror}", code="plan.unwritten"
        ) from error
