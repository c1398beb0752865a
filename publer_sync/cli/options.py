"""Options that several commands share, and what they mean to a session."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from publer_sync.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

CALENDAR = click.argument("calendar", required=False, type=click.Path(path_type=Path))


def selecting(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that plan and apply share."""
    for option in reversed(
        [
            click.option(
                "--format",
                "style",
                type=click.Choice(["text", "json", "markdown"]),
                default="text",
                show_default=True,
            ),
            click.option("--state", metavar="PLACE", help="Where to keep the state: a path, or git:BRANCH."),
            click.option(
                "--account",
                "accounts",
                multiple=True,
                metavar="ALIAS",
                help="Only this account; can be repeated.",
            ),
            click.option("--from", "since", metavar="DATE", help="First day, in the calendar's time zone."),
            click.option("--to", "until", metavar="DATE", help="Last day, inclusive."),
            click.option(
                "--sandbox",
                is_flag=True,
                help="Use a local stand-in for Publer: no key, no network, nothing is published.",
            ),
            click.option(
                "--sandbox-file",
                type=click.Path(path_type=Path, dir_okay=False),
                help="Where the sandbox is kept.  [default: .publer-sync/ in the calendar]",
            ),
            click.option("--now", metavar="TIME", help="With --sandbox: the time its clock starts at."),
            click.option(
                "-v", "--verbose", is_flag=True, help="Show whole texts, UTC times and unchanged posts."
            ),
        ]
    ):
        command = option(command)
    return command


def choice(calendar: Path | None, options: dict[str, Any]) -> Any:
    """The options of `selecting` as the session wants them."""
    from publer_sync.commands.access import Choice
    from publer_sync.commands.options import check_days

    if options["now"] is not None and not options["sandbox"]:
        raise UsageError("--now goes with --sandbox: Publer's own clock cannot be set")
    if options["sandbox_file"] is not None and not options["sandbox"]:
        raise UsageError("--sandbox-file goes with --sandbox")
    check_days(options["since"], options["until"])
    return Choice(calendar=calendar, **options)
