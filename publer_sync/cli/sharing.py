"""export, preview and approve: the calendar for people and programs beside Publer, and what people say to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from publer_sync.cli.group import main_group
from publer_sync.cli.options import (
    CALENDAR,
    CALENDARS,
    DIFF,
    FILE,
    PORT,
    THE_CALENDAR,
    YES,
    choice,
    filtering,
    formats,
    reaching,
)
from publer_sync.commands.running import views
from publer_sync.values.errors import UsageError


@main_group.command(short_help="Write the posts as an ICS feed or as JSON.")
@CALENDAR
@formats(*views.EXPORT)
@filtering
@click.option("--out", "file", type=FILE, help="The file to write.  [default: stdout]")
def export(calendar: Path | None, style: str, file: Path | None, **options: Any) -> int:
    """Write the posts as events for Google Calendar, Outlook and other calendar programs, or as JSON.

    Needs no key and no network. The same calendar always gives the same file. Exits with 3 if there are errors.

    \b
    Examples:
      publer-sync export calendar --out posts.ics
      publer-sync export calendar --account linkedin --format json
    """
    from publer_sync.commands.export import run

    return run(choice(calendar, options), style=style, file=file)


@main_group.command(short_help="Show calendars as a web page.")
@CALENDARS
@click.option("--out", "file", type=FILE, help="The page to write.  [default: preview.html]")
@click.option(
    "--plan",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Mark what a plan file changes.",
)
@click.option("--live", is_flag=True, help="Mark what apply would change now. Needs a key.")
@click.option("--review", metavar="PERSON", help="Only the posts that wait for the sign-off of this person.")
@click.option("--serve", is_flag=True, help="Serve the page on this machine; it follows the files.")
@click.option("--port", type=PORT, metavar="N", help="With --serve: its port.  [default: 8643]")
@filtering
@reaching
def preview(
    calendars: tuple[Path, ...],
    file: Path | None,
    plan: Path | None,
    *,
    live: bool,
    review: str | None,
    serve: bool,
    port: int | None,
    **options: Any,
) -> int:
    """Write a calendar as one web page: month, week and list, each post as its network shows it.

    The page is a single file that loads nothing, so it can be mailed. Needs no key and no network, except with --live, which sends only GET requests and shows posts that are not managed here too. Several calendars share a page.

    \b
    Examples:
      publer-sync preview calendar
      publer-sync preview calendar --account linkedin --from 2027-03-01 --to 2027-03-31 --out march.html
      publer-sync preview calendar --review kari --out for-kari.html
      publer-sync preview calendar --serve
    """
    from publer_sync.commands.preview import ComparedWith, run
    from publer_sync.commands.preview import serve as serve_page

    if not live and (options["sandbox"] or options["state"]):
        raise UsageError("--sandbox and --state require --live: nothing else asks Publer")
    if live and plan is not None:
        raise UsageError(
            "--plan and --live cannot be combined: one shows what a plan said, the other what is true now"
        )
    chosen, compared = choice(None, options), ComparedWith(plan, live, review or "")
    if serve:
        if file is not None:
            raise UsageError("--serve writes no file", hint="Leave out --out, or --serve.")
        return serve_page(calendars, chosen, compared, port=8643 if port is None else port)
    if port is not None:
        raise UsageError("--port requires --serve")
    return run(calendars, chosen, compared, file=file or Path("preview.html"))


@main_group.command(short_help="Record who signs off which posts.")
@click.argument("posts", nargs=-1, metavar="[POST]...")
@click.option("--all", "everything", is_flag=True, help="Every post that waits for the person.")
@click.option("--by", metavar="PERSON", help="Who says yes.  [default: the only one who is asked]")
@click.option("--from", "file", type=FILE, help="A file of answers, saved on the page of preview.")
@THE_CALENDAR
@formats("text", "json")
@DIFF
@YES
def approve(posts: tuple[str, ...], style: str, calendar: Path | None, **options: Any) -> int:
    """Write into approvals.yaml that somebody says yes to what posts say now.

    Posts are named by their ids, or as ALIAS@TIME; all days of a series by its id, all uses of a stored post by that of the stored post. What changes afterwards needs a new yes. Works offline, and needs a calendar without errors. Exits with 6 if an answer is no, or not to what the calendar says now.

    \b
    Examples:
      publer-sync approve launch --by kari
      publer-sync approve --from answers-kari.json --calendar clients/acme
    """
    from publer_sync.commands.approve import ApproveRequest, run
    from publer_sync.commands.running.choice import Choice

    return run(Choice(calendar), ApproveRequest(posts, **options), style=style)
