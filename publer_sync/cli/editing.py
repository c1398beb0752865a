"""edit: write and move posts on a page in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from publer_sync.cli.group import main_group
from publer_sync.cli.options import CALENDARS, PORT, choice, reaching

if TYPE_CHECKING:
    from pathlib import Path


@main_group.command(short_help="Write and move posts on a page in your browser.")
@CALENDARS
@click.option("--port", type=PORT, metavar="N", default=8644, show_default=True, help="The page's port.")
@click.option("--no-open", is_flag=True, help="Only print the page's address; don't open it in a browser.")
@click.option("--read-only", is_flag=True, help="Show everything, and write nothing.")
@reaching
def edit(calendars: tuple[Path, ...], port: int, *, no_open: bool, read_only: bool, **options: Any) -> int:
    """Open calendars as a page on this machine: drag posts to other days, write them, see their lengths as you type, undo.

    Each change is saved to the files at once, as the smallest edit, and put up for review on a branch of its own when you say so. Nothing is sent to Publer. Needs no key; with one, the page marks what plan would do.

    \b
    Examples:
      publer-sync edit calendar
      publer-sync edit clients --no-open --port 0
    """
    from publer_sync.commands.edit import run

    return run(calendars, choice(None, options), port=port, opens=not no_open, read_only=read_only)
