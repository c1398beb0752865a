"""validate, plan, apply, calendars, schema, accounts and sandbox: each translates its options, calls, and prints.

Everything heavy is imported where it is used, so that `--help` stays quick.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from publer_sync.cli import completing
from publer_sync.cli.group import main_group
from publer_sync.cli.options import (
    CALENDAR,
    CALENDARS,
    CHANGED_SINCE,
    DIFF,
    FILE,
    FIRST,
    PATH,
    PORT,
    SANDBOX_FILE,
    TRACE,
    YES,
    NumberRange,
    choice,
    formats,
    selecting,
    take,
    timeout,
)
from publer_sync.commands.running import views
from publer_sync.values.errors import UsageError

if TYPE_CHECKING:
    from publer_sync.cli.options import Decorator


@main_group.command(short_help="Check calendars offline.")
@CALENDARS
@CHANGED_SINCE
@formats(*views.VALIDATE)
@click.option("--strict", is_flag=True, help="Treat warnings as errors.")
@click.option(
    "--links", is_flag=True, help="Also check, over the network, that each link in posts ahead answers."
)
@click.option("--fix", is_flag=True, help="Apply the fixes that are certain, after showing them.")
@click.option("-v", "--verbose", is_flag=True, help="Say which rules of shared settings don't count here.")
@DIFF
@YES
def validate(calendars: tuple[Path, ...], *, fix: bool, diff: bool, yes: bool, **options: Any) -> int:
    """Check calendars offline: schema, times, accounts, network rules, posts at the same minute, daily limits and media files.

    Needs no key and, without --links, no network. Exits with 3 if there are errors.

    With --fix it shows the fixes that are certain as a diff, asks, and writes them. It never changes a word of a text.
    The problems that are left are shown as always, and decide the exit code.

    \b
    Examples:
      publer-sync validate calendar --strict
      publer-sync validate calendar --fix --diff
      publer-sync validate clients --changed-since origin/main
      publer-sync validate calendar --links
    """
    from publer_sync.commands.validate import run

    if (diff or yes) and not fix:
        raise UsageError(f"{'--diff' if diff else '--yes'} requires --fix")
    request = None
    if fix:
        from publer_sync.commands.fix import FixRequest

        request = FixRequest(diff=diff, yes=yes)
    return run(calendars, fix=request, **options)


@main_group.command(short_help="Show what apply would change.")
@CALENDARS
@CHANGED_SINCE
@formats(*views.PLAN)
@selecting
@FIRST
@click.option("--out", type=FILE, help="Write the plan to a file for apply.")
@click.option(
    "--detailed-exitcode", "detailed", is_flag=True, help="Exit with 2 if there is something to do."
)
def plan(
    calendars: tuple[Path, ...], changed_since: str | None, style: str, out: Path | None, **options: Any
) -> int:
    """Show what apply would change. Read-only: sends only GET requests and writes only --out.

    \b
    Examples:
      publer-sync plan calendar
      publer-sync plan calendar --account linkedin --from 2027-03-01 --to 2027-03-07
      publer-sync plan clients
    """
    from publer_sync.commands.plan import run

    own = take(options, "detailed", "verbose")
    return run(calendars, choice(None, options), changed_since=changed_since, style=style, out=out, **own)


def _allow(option: str, field: str, what: str, *, number: bool = False) -> Decorator:
    """An option that fills a field of Allow."""
    if number:
        return click.option(option, field, type=NumberRange(min=0), metavar="N", help=what)
    return click.option(option, field, is_flag=True, help=what)


FOR_POSTS = {
    "--allow-recreate": "recreate",
    "--allow-frozen": "frozen",
    "--allow-twins": "twins",
    "--overwrite-edits": "edits",
    "--allow-older": "older",
}
"""The flags that accept names of posts after `=`, each with its field of Allow."""


class _Applying(click.Command):
    """Accepts `--allow-twins=POST,…` beside the flag alone: an option with a value would swallow the calendar that follows."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        flags, given = list[str](), dict[str, set[str]]()
        end = args.index("--") if "--" in args else len(args)
        for word in args[:end]:
            option, names, posts = word.partition("=")
            if not names or option not in FOR_POSTS:
                flags.append(word)
                continue
            named = {post.strip() for post in posts.split(",")} - {""}
            if not named:
                raise UsageError(f"{option}= names no post", hint=f"For example: {option}=launch")
            given[FOR_POSTS[option]] = given.get(FOR_POSTS[option], set()) | named
        rest = super().parse_args(ctx, [*flags, *args[end:]])
        for field, named in given.items():
            ctx.params[field] = ctx.params[field] or frozenset(named)
        return rest


@main_group.command(cls=_Applying, short_help="Update Publer to match the calendar.")
@click.argument(
    "calendars",
    nargs=-1,
    type=PATH,
    metavar="[CALENDAR... | PLAN_FILE]",
    shell_complete=completing.calendars,
)
@CHANGED_SINCE
@formats(*views.APPLY)
@selecting
@FIRST
@YES
@timeout("Seconds to wait for Publer's jobs, and for any one answer.")
@click.option(
    "--gone",
    multiple=True,
    metavar="NAME",
    help="Also remove the posts of this calendar, which left the repository and whose state is on the same branch; can be repeated.",
)
@_allow("--allow-deletes", "deletes", "Allow up to N posts to be removed.", number=True)
@_allow("--allow-changes", "changes", "Allow up to N posts to be edited or replaced.", number=True)
@_allow("--allow-recreate", "recreate", "Create posts again that someone deleted in Publer.")
@_allow("--allow-frozen", "frozen", "Change posts that publish within limits.freeze_minutes.")
@_allow("--allow-twins", "twins", "Create posts even if Publer already has one with the same text.")
@_allow("--overwrite-edits", "edits", "Restore the calendar's version of posts edited in Publer.")
@_allow("--allow-older", "older", "Apply files that are older than those that were applied last.")
@_allow(
    "--allow-rewritten",
    "rewritten",
    "Go on although Publer does not keep posts as they were sent; kept for that field and network.",
)
@click.option(
    "--trust-state",
    "trust",
    is_flag=True,
    help="Accept a state that is not signed with PUBLER_SYNC_STATE_KEY, once, after showing what it would manage.",
)
def apply(calendars: tuple[Path, ...], changed_since: str | None, style: str, **options: Any) -> int:
    """Update Publer to match the calendar, wait for every job, verify by listing, and report.

    Given a plan file instead of a calendar, it refuses if the plan has changed since. With several calendars, it
    plans all of them, asks once, then applies each; one that fails does not stop the others.

    --allow-recreate, --allow-frozen, --allow-twins, --overwrite-edits and --allow-older let every post through, or only
    the posts named after "=": an id, for a series with or without the day, or ALIAS@TIME.

    \b
    Examples:
      publer-sync apply calendar
      publer-sync apply calendar --allow-twins=launch,tip@2027-03-09
      publer-sync apply plan.json --yes
    """
    from publer_sync.commands.apply import run
    from publer_sync.commands.running.choice import Consent

    allowed = ("deletes", "changes", "recreate", "frozen", "twins", "edits", "older", "rewritten")
    consent = Consent.of(**take(options, "yes", "trust", *allowed))
    own = take(options, "timeout", "verbose")
    return run(calendars, choice(None, options), consent, changed_since=changed_since, style=style, **own)


@main_group.command(short_help="List the calendars below a folder.")
@click.argument(
    "folders",
    nargs=-1,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="[FOLDER]...",
    shell_complete=completing.calendars,
)
@CHANGED_SINCE
@formats(*views.CALENDARS)
def calendars(folders: tuple[Path, ...], changed_since: str | None, style: str) -> int:
    """List the calendars in some folders and below, by default in the current one.

    As JSON the list is ready for the matrix of a GitHub workflow. Needs no key and no network.

    \b
    Examples:
      publer-sync calendars clients
      publer-sync calendars clients --changed-since origin/main --format json
    """
    from publer_sync.commands.calendars import run

    return run(folders, changed_since=changed_since, style=style)


@main_group.command(short_help="Print a JSON Schema.")
@click.argument("name", required=False, shell_complete=completing.schemas)
def schema(name: str | None) -> int:
    """Print the JSON Schema of a calendar's files, or of a document that a command prints. Without a name, list them.

    \b
    Example:
      publer-sync schema calendar > calendar.schema.json
    """
    from publer_sync.commands.schema import run

    return run(name)


@main_group.command(short_help="List accounts, as lines for publer.yaml.")
@CALENDAR
@formats(*views.ACCOUNTS)
@TRACE
@click.option("--sandbox", is_flag=True, help="List the sandbox's accounts.")
@SANDBOX_FILE
@click.option("--details", is_flag=True, help="Add each account's boards, albums and signatures, for posts.")
@click.option(
    "--location", metavar="NAME", default="", help="With --details: also list the places with this name."
)
def accounts(calendar: Path | None, style: str, **options: Any) -> int:
    """List workspaces and accounts, as lines to paste into publer.yaml.

    \b
    Examples:
      PUBLER_API_KEY=… publer-sync accounts
      PUBLER_API_KEY=… publer-sync accounts --details --location Oslo
    """
    from publer_sync.commands.accounts import run

    return run(calendar, style=style, **options)


@main_group.command(short_help="Run a local stand-in for Publer.")
@CALENDAR
@click.option("--port", type=PORT, metavar="N", default=8642, show_default=True, help="Its port.")
@click.option("--sandbox-file", "file", type=FILE, help="Where to keep its data.  [default: in memory]")
@click.option(
    "--now", metavar="TIME", help="The time its clock starts at.  [default: today, or where it was left]"
)
@click.option("--seed", type=click.Choice(["demo"]), help="Start with a workspace full of posts.")
@click.option("--like", type=FILE, help="Answer as this trace, or survey, shows that Publer answered.")
@click.option(
    "--temper",
    "tempers",
    metavar="NAME",
    multiple=True,
    help="Answer in a way that Publer's documents leave open, such as taken-silent; ? lists them. Repeatable.",
)
def sandbox(calendar: Path | None, *, seed: str | None, **options: Any) -> int:
    """Run a local stand-in for Publer, for this machine only, to try everything without an account.

    With a calendar, it has the accounts that the calendar names; otherwise one for each network. With --seed demo it has
    five accounts and some sixty posts, published, scheduled and drafts, as if people had made them by hand.

    \b
    Examples:
      publer-sync sandbox examples/calendar
      publer-sync sandbox --seed demo
      publer-sync sandbox --temper job-twice --temper texts-entities
      publer-sync sandbox --like trace.jsonl
    """
    from publer_sync.commands.sandbox import run

    return run(calendar, demo=seed == "demo", **options)
