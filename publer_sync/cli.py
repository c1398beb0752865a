"""The command line: each command translates its options, calls, and prints. click's home.

Everything heavy is imported where it is used, so that `--help` stays quick. Results go to stdout, talk to stderr.
"""

from __future__ import annotations

import difflib
import os
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from publer_sync import __version__
from publer_sync.errors import PublerSyncError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

CALENDAR = click.argument("calendar", required=False, type=click.Path(path_type=Path))


class Commands(click.Group):
    """Suggests the nearest command for one that does not exist."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], self.list_commands(ctx), n=1)
            meant = (
                f'did you mean "{near[0]}"?' if near else f"there are: {', '.join(self.list_commands(ctx))}"
            )
            raise click.UsageError(f'no such command "{args[0]}"; {meant}', ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="publer-sync", message="%(prog)s %(version)s")
def main_group() -> None:
    """Schedule posts in Publer from a folder of YAML files in git.

    \b
    First steps, without an account:
      publer-sync validate examples/calendar
      publer-sync plan examples/calendar --sandbox --now 2027-03-01
      publer-sync apply examples/calendar --sandbox --now 2027-03-01 --yes
    """


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


@main_group.command(short_help="Check a calendar offline.")
@CALENDAR
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "concise", "github"]),
    default="text",
    show_default=True,
)
@click.option("--strict", is_flag=True, help="Treat warnings as errors.")
def validate(calendar: Path | None, style: str, *, strict: bool) -> int:
    """Check a calendar offline: schema, times, accounts, network rules, slots, caps and media files.

    Needs no key and no network. Exits with 3 if there are errors.

    \b
    Example:
      publer-sync validate calendar --strict
    """
    from publer_sync.commands.shared import load
    from publer_sync.commands.validate import run

    return run(load(calendar), style=style, strict=strict)


@main_group.command(short_help="Show what apply would change.")
@CALENDAR
@selecting
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the plan to a file for apply."
)
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 if there is something to do.")
def plan(calendar: Path | None, style: str, out: Path | None, **options: Any) -> int:
    """Show what apply would change. Read-only: sends only GET requests and writes only --out.

    \b
    Example:
      publer-sync plan calendar
      publer-sync plan calendar --account linkedin --from 2027-03-01 --to 2027-03-07
    """
    from publer_sync.commands.plan import run
    from publer_sync.commands.shared import load

    detailed = options.pop("detailed_exitcode")
    verbose = options.pop("verbose")
    chosen = choice(calendar, options)
    return run(load(calendar), chosen, style=style, out=out, detailed=detailed, verbose=verbose)


@main_group.command(short_help="Update Publer to match the calendar.")
@click.argument("calendar", required=False, type=click.Path(path_type=Path), metavar="[CALENDAR | PLAN_FILE]")
@selecting
@click.option("--yes", is_flag=True, help="Don't ask for confirmation.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0),
    metavar="SECONDS",
    default=300.0,
    show_default=True,
    help="Seconds to wait for Publer's jobs.",
)
@click.option(
    "--allow-deletes", type=click.IntRange(min=0), metavar="N", help="Allow up to N posts to be removed."
)
@click.option("--allow-recreate", is_flag=True, help="Create posts again that someone deleted in Publer.")
@click.option("--allow-frozen", is_flag=True, help="Change posts that publish within limits.freeze_minutes.")
@click.option(
    "--allow-twins", is_flag=True, help="Create posts even if Publer already has one with the same text."
)
@click.option(
    "--overwrite-edits", is_flag=True, help="Restore the calendar's version of posts edited in Publer."
)
def apply(calendar: Path | None, style: str, **options: Any) -> int:
    """Update Publer to match the calendar, wait for every job, verify by listing, and report.

    Given a plan file instead of a calendar, refuses if the plan has changed since.

    \b
    Example:
      publer-sync apply calendar
      publer-sync apply plan.json --yes
    """
    from publer_sync.commands.apply import Allow, Consent, run, target

    allow = Allow(
        deletes=options.pop("allow_deletes"),
        recreate=options.pop("allow_recreate"),
        frozen=options.pop("allow_frozen"),
        twins=options.pop("allow_twins"),
        edits=options.pop("overwrite_edits"),
    )
    consent = Consent(yes=options.pop("yes"), allow=allow)
    timeout, verbose = options.pop("timeout"), options.pop("verbose")
    loaded, chosen, expected = target(choice(calendar, options), consent)
    return run(loaded, chosen, consent, expected=expected, style=style, timeout=timeout, verbose=verbose)


@main_group.command(short_help="List accounts, as lines for publer.yaml.")
@CALENDAR
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--sandbox", is_flag=True, help="List the sandbox's accounts.")
@click.option(
    "--sandbox-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to keep the sandbox's data.",
)
def accounts(calendar: Path | None, style: str, *, sandbox: bool, sandbox_file: Path | None) -> int:
    """List workspaces and accounts, as lines to paste into publer.yaml.

    \b
    Example:
      PUBLER_API_KEY=… publer-sync accounts
    """
    from publer_sync.commands.accounts import run

    return run(calendar, style=style, sandbox=sandbox, sandbox_file=sandbox_file)


@main_group.command(short_help="Run a local stand-in for Publer.")
@CALENDAR
@click.option("--port", type=click.IntRange(0, 65535), metavar="N", default=8642, show_default=True)
@click.option(
    "--sandbox-file", type=click.Path(path_type=Path, dir_okay=False), help="Where to keep its data."
)
@click.option("--now", metavar="TIME", help="The time its clock starts at.")
def sandbox(calendar: Path | None, port: int, sandbox_file: Path | None, now: str | None) -> int:
    """Run a local stand-in for Publer on loopback, to try everything without an account.

    With a calendar, it has the accounts that the calendar names; otherwise one for each network.

    \b
    Example:
      publer-sync sandbox examples/calendar
    """
    from publer_sync.commands.sandbox import run

    return run(calendar, port=port, file=sandbox_file, now=now)


def choice(calendar: Path | None, options: dict[str, Any]) -> Any:
    """The options of `selecting` as the session wants them."""
    from publer_sync.commands.session import Choice

    if options["now"] is not None and not options["sandbox"]:
        raise UsageError("--now goes with --sandbox: Publer's own clock cannot be set")
    if options["sandbox_file"] is not None and not options["sandbox"]:
        raise UsageError("--sandbox-file goes with --sandbox")
    return Choice(calendar=calendar, **options)


def main(argv: list[str] | None = None) -> None:
    """Run the command line and exit: the one place where errors become text and exit codes."""
    arguments = sys.argv[1:] if argv is None else argv
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _run(arguments)
    except Exception as error:  # noqa: BLE001 — whatever it is, the user gets a sentence and a log
        from publer_sync.bug_log import bug

        code = _fail(bug(error, arguments, os.environ), arguments)
    sys.exit(code)


def _run(arguments: list[str]) -> int:
    try:
        code = main_group.main(arguments, prog_name="publer-sync", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return UsageError.exit_code
    except click.ClickException as error:
        return _fail(UsageError(error.format_message(), hint=_usage(error)), arguments)
    except PublerSyncError as error:
        return _fail(error, arguments)
    except (click.Abort, KeyboardInterrupt):
        return _fail(_stopped(), arguments)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return int(code or 0)


def _usage(error: click.ClickException) -> str | None:
    context = getattr(error, "ctx", None)
    return f"Help: {context.command_path} --help" if context else None


def _stopped() -> PublerSyncError:
    from publer_sync.errors import Interrupted

    return Interrupted("stopped, as asked")


def _fail(error: PublerSyncError, arguments: list[str]) -> int:
    from publer_sync.commands import failure

    failure.show(error, wants_json=_wants_json(arguments))
    return error.exit_code


def _wants_json(arguments: list[str]) -> bool:
    """Read from the bare words, since a command line that makes no sense has no parsed options."""
    return "--format=json" in arguments or any(pair == ("--format", "json") for pair in pairwise(arguments))
