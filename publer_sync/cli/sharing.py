"""export: the calendar for people and programs beside Publer."""

from __future__ import annotations

from pathlib import Path

import click

from publer_sync.cli.group import main_group
from publer_sync.cli.options import CALENDAR, filtering, formats


@main_group.command(short_help="Write the posts as an ICS feed or as JSON.")
@CALENDAR
@formats("ics", "json")
@filtering
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="The file to write.  [default: stdout]"
)
def export(
    calendar: Path | None,
    style: str,
    accounts: tuple[str, ...],
    since: str | None,
    until: str | None,
    out: Path | None,
) -> int:
    """Write the posts as events for Google Calendar, Outlook and other calendar programs, or as JSON.

    Needs no key and no network. The same calendar always gives the same file. Exits with 3 if there are errors.

    \b
    Example:
      publer-sync export calendar --out posts.ics
      publer-sync export calendar --account linkedin --format json
    """
    from publer_sync.commands.access import Choice
    from publer_sync.commands.export import run
    from publer_sync.commands.options import check_days
    from publer_sync.commands.shared import load

    check_days(since, until)
    chosen = Choice(calendar=calendar, accounts=accounts, since=since, until=until)
    return run(load(calendar), chosen, style=style, file=out)
