"""Options that several commands share, and what they mean to a session."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from publer_sync.cli import completing
from publer_sync.values.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    Complete = Callable[..., Any]
    Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

PATH = click.Path(path_type=Path)
FILE = click.Path(path_type=Path, dir_okay=False)


class NumberRange(click.IntRange):
    """A whole number, as messages call it."""

    name = "number"


_MOST_SECONDS = 1_000_000_000


class SecondsRange(click.FloatRange):
    """Seconds, as messages call them."""

    name = "number of seconds"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        seconds: float = super().convert(value, param, ctx)
        if math.isnan(seconds):
            self.fail(f"{value} is not a number of seconds.", param, ctx)
        if seconds > _MOST_SECONDS:
            self.fail(f"{value} is too long; at most {_MOST_SECONDS:,} seconds.", param, ctx)
        return seconds


PORT = NumberRange(0, 65535)

CALENDAR = click.argument("calendar", required=False, type=PATH, shell_complete=completing.calendars)
CALENDARS = click.argument(
    "calendars", nargs=-1, type=PATH, metavar="[CALENDAR]...", shell_complete=completing.calendars
)
CHANGED_SINCE = click.option(
    "--changed-since",
    metavar="REF",
    help="Only calendars with changes since the branch left REF, such as origin/main.",
)
THE_CALENDAR = click.option(
    "--calendar",
    type=PATH,
    help="The calendar's folder.  [default: calendar, or the current one]",
    shell_complete=completing.calendars,
)
"""For commands whose arguments name something else."""
YES = click.option("--yes", is_flag=True, help="Don't ask for confirmation.")
FIRST = click.option(
    "--first",
    is_flag=True,
    help="Begin with an empty state, even if this calendar has, or may have, one in another place.",
)
DIFF = click.option("--diff", is_flag=True, help="Only show what would change.")
SANDBOX_FILE = click.option(
    "--sandbox-file",
    type=FILE,
    help="Where to keep the sandbox's data.  [default: .publer-sync/ in the calendar]",
)


def formats(*names: str) -> Decorator:
    """--format; the first name is the default."""
    return click.option("--format", "style", type=click.Choice(names), default=names[0], show_default=True)


def timeout(what: str) -> Decorator:
    return click.option(
        "--timeout",
        type=SecondsRange(min=0),
        metavar="SECONDS",
        default=300.0,
        show_default=True,
        help=what,
    )


def accounts(what: str) -> Decorator:
    return _repeated("--account", "accounts", "ALIAS", completing.aliases, what)


def labels(what: str) -> Decorator:
    return _repeated("--label", "labels", "LABEL", completing.labels, what)


def _repeated(option: str, name: str, metavar: str, complete: Complete, what: str) -> Decorator:
    help_ = f"{what}; can be repeated."
    return click.option(option, name, multiple=True, metavar=metavar, shell_complete=complete, help=help_)


def joined(*options: Decorator) -> Decorator:
    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def _record(context: click.Context, _: object, file: Path | None) -> None:
    """From here on until the command ends."""
    if file is not None:
        from publer_sync.commands.reaching.recording import recording

        context.with_resource(recording(file))


TRACE = click.option(
    "--trace",
    type=FILE,
    callback=_record,
    expose_value=False,
    help="Add a line to FILE for each request: its shape, without words, names, addresses or the key.",
)
sandboxed = joined(
    click.option(
        "--sandbox",
        is_flag=True,
        help="Use a local stand-in for Publer: no key, no network, nothing is published.",
    ),
    SANDBOX_FILE,
    click.option(
        "--now",
        metavar="TIME",
        help="With --sandbox: the time its clock starts at.  [default: today, or where it was left]",
    ),
    TRACE,
)
"""The options of every command that reaches Publer."""
reaching = joined(
    click.option("--state", metavar="PLACE", help="Where to keep the state: a path, or git:BRANCH."),
    sandboxed,
)
"""Those of every command that reaches the state, too."""

filtering = joined(
    accounts("Only this account or group"),
    click.option("--from", "since", metavar="DATE", help="First day, in the calendar's time zone."),
    click.option("--to", "until", metavar="DATE", help="Last day, inclusive."),
)
"""The options that choose among posts."""

selecting = joined(
    filtering,
    reaching,
    click.option("-v", "--verbose", is_flag=True, help="Show whole texts, UTC times and unchanged posts."),
)
"""The options that plan and apply share."""


def take(options: dict[str, Any], *names: str) -> dict[str, Any]:
    """Some of the options; only the others stay."""
    return {name: options.pop(name) for name in names}


def choice(calendar: Path | None, options: dict[str, Any]) -> Any:
    """The options of `reaching` and, if the command has them, of `filtering`."""
    from publer_sync.commands.running.choice import Choice
    from publer_sync.commands.running.options import check_days

    check_sandbox(options)
    check_days(options.get("since"), options.get("until"))
    return Choice(calendar=calendar, **options)


def check_sandbox(options: dict[str, Any]) -> None:
    """Raise UsageError for options that go with --sandbox, and are given without it."""
    if options.get("now") is not None and not options["sandbox"]:
        raise UsageError("--now requires --sandbox: Publer's own clock cannot be set")
    if options.get("sandbox_file") is not None and not options["sandbox"]:
        raise UsageError("--sandbox-file requires --sandbox")
