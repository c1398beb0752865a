"""status, log, results, explain and doctor: where a calendar or a post stands, what was published, and whether everything works."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from publer_sync.cli import completing
from publer_sync.cli.group import main_group
from publer_sync.cli.options import (
    CALENDAR,
    CALENDARS,
    CHANGED_SINCE,
    THE_CALENDAR,
    choice,
    filtering,
    formats,
    reaching,
    take,
)
from publer_sync.commands.running import views
from publer_sync.values.errors import UsageError


@main_group.command(short_help="Show what is ahead and what needs attention.")
@CALENDARS
@CHANGED_SINCE
@formats(*views.STATUS)
@reaching
@click.option("-v", "--verbose", is_flag=True, help="List the posts that are not managed here.")
def status(
    calendars: tuple[Path, ...], changed_since: str | None, style: str, *, verbose: bool, **options: Any
) -> int:
    """Show where a calendar stands: what is ahead on each account, what needs attention, and the last 7 days.

    Read-only: sends only GET requests. Exits with 6 if something needs attention. --format prometheus prints metrics, for a file that
    the node exporter reads.

    \b
    Examples:
      publer-sync status calendar
      publer-sync status calendar --format prometheus
    """
    from publer_sync.commands.status import run

    return run(calendars, choice(None, options), changed_since=changed_since, style=style, verbose=verbose)


@main_group.command(short_help="Tell each problem once, for chat and mail.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True), default="-")
@click.option(
    "--told",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Remember in this file what was told, and tell only what is new.",
)
@formats(*views.NOTIFY)
def notify(file: Path, told: Path | None, style: str) -> int:
    """Tell what somebody has to look at, out of the JSON that apply, plan or status printed: FILE, or stdin.

    Needs no key and no network. Prints nothing if there is nothing new. Exits with 6 if there is something new, otherwise with 0.

    \b
    Examples:
      publer-sync apply calendar --yes --format json > report.json
      publer-sync notify report.json --told told.json
    """
    from publer_sync.commands.notify import run

    return run(None if str(file) == "-" else file, told=told, style=style)


@main_group.command("log", short_help="Show who did what to which post.")
@CALENDARS
@formats(*views.LOG | views.LOG_APPROVALS)
@click.option("--from", "since", metavar="DATE", help="First day, in the calendar's time zone.")
@click.option("--to", "until", metavar="DATE", help="Last day, inclusive.")
@click.option("--post", metavar="POST", help="Only this post: its id, or ALIAS@TIME.")
@click.option(
    "--state-name",
    metavar="NAME",
    help="Only the calendar of this name in the state, which may have no folder any more.",
)
@click.option(
    "--approvals",
    is_flag=True,
    help="Show who signed off what, as approvals.yaml has it, instead of the runs.",
)
@click.option("-v", "--verbose", is_flag=True, help="Show what happened to which post.")
@reaching
def log(calendars: tuple[Path, ...], style: str, *, approvals: bool, **options: Any) -> int:
    """Show the runs that changed posts, newest first, a line for each: when, who, which commit, which calendars, and how many posts.

    The state keeps the last 300 runs of each calendar. Asks Publer for nothing: needs no key.

    \b
    Examples:
      publer-sync log
      publer-sync log clients -v --from 2027-03-01
      publer-sync log --post launch
      publer-sync log clients/acme --state-name clients/bank
      publer-sync log --approvals --format csv
    """
    own = take(options, "post", "state_name", "verbose")
    if approvals:
        from publer_sync.commands.log_approvals import run as run_approvals

        if own["state_name"] is not None:
            raise UsageError(
                "--approvals and --state-name cannot be combined: approvals are in a calendar's files"
            )
        return run_approvals(calendars, choice(None, options), post=own["post"], style=style)
    if style not in views.LOG:
        raise UsageError(f"--format {style} requires --approvals")
    from publer_sync.commands.log import run

    return run(calendars, choice(None, options), style=style, **own)


@main_group.command(short_help="Show what was published, and what was not.")
@CALENDARS
@CHANGED_SINCE
@formats(*views.RESULTS)
@click.option(
    "--by",
    type=click.Choice(("label", "account", "network", "use")),
    help="Group the posts. use: by stored post and variant.",
)
@click.option("--insights", is_flag=True, help="Add Publer's figures; needs a key with the scope analytics.")
@click.option("--compare", is_flag=True, help="Add the period before, as long as this one.")
@filtering
@reaching
def results(calendars: tuple[Path, ...], **options: Any) -> int:
    """Show what was published in the last 7 days, or from --from to --to: when, and where to read it.

    Posts without a trace in Publer come first, then those that failed, in Publer's words, and those that were taken
    down. Posts made in Publer are listed too. Labels are known for 30 days.

    Read-only: sends only GET requests. Exits with 6 if something was not published.

    \b
    Examples:
      publer-sync results calendar
      publer-sync results --from 2027-03-01 --to 2027-03-31 --insights --format csv > march.csv
      publer-sync results --from 2027-03-01 --insights --compare --format html > results.html
    """
    from publer_sync.commands.results import run

    own = take(options, "changed_since", "style", "by", "insights", "compare")
    return run(calendars, choice(None, options), **own)


@main_group.command(short_help="Show where one post stands, and why.")
@click.argument("post", metavar='POST|FILE:LINE|"WORDS"', shell_complete=completing.ids)
@THE_CALENDAR
@formats(*views.EXPLAIN)
@click.option("--offline", is_flag=True, help="Only what the calendar says: needs no key.")
@reaching
def explain(post: str, calendar: Path | None, style: str, *, offline: bool, **options: Any) -> int:
    """Show where one post stands: what the calendar says, what was sent, what Publer has, and what plan would do.

    It says where each value comes from, and which rules apply or are silenced. POST is an id or ALIAS@TIME. Words find the posts whose text contains them.

    \b
    Examples:
      publer-sync explain launch
      publer-sync explain calendar/march.yaml:12 --offline
      publer-sync explain "meet the new lamp"
    """
    from publer_sync.commands.explain import run

    return run(choice(calendar, options), post, style=style, offline=offline)


@main_group.command(short_help="Check that everything works together.")
@CALENDAR
@formats(*views.DOCTOR)
@click.option(
    "--survey",
    is_flag=True,
    help="Show what this workspace says to what Publer's documents leave open. Sends at most 20 GET requests.",
)
@reaching
def doctor(calendar: Path | None, style: str, *, survey: bool, **options: Any) -> int:
    """Check versions, room on the disk, key, plan and scopes, workspace, accounts, clock, request limit, state, calendar and workflows.

    Sends only GET requests and changes nothing. Exits with 1 if a check fails.

    With --survey it asks how this workspace's lists are: whether they are whole, how far they reach, and what is in them.
    Its JSON has shapes alone, and publer-sync sandbox --like answers as it shows. It needs no calendar.

    \b
    Examples:
      publer-sync doctor calendar
      publer-sync doctor --survey
    """
    from publer_sync.commands.doctor import run, run_survey

    if survey:
        return run_survey(choice(calendar, options), style=style)
    return run(choice(calendar, options), style=style)
