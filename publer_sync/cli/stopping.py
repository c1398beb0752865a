"""hold and release: posts out of Publer at once, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from publer_sync.cli.group import main_group
from publer_sync.cli.options import (
    CALENDARS,
    DIFF,
    YES,
    choice,
    filtering,
    formats,
    labels,
    reaching,
    take,
    timeout,
)

if TYPE_CHECKING:
    from pathlib import Path

TIMEOUT = timeout("Seconds to wait for what an apply has sent and Publer does not list yet.")


@main_group.command(short_help="Take posts out of Publer at once.")
@CALENDARS
@click.option("--reason", required=True, metavar="TEXT", help="Why, for everyone who reads the plan.")
@formats("text", "json")
@filtering
@labels("Only posts with this label")
@click.option(
    "--network",
    "networks",
    multiple=True,
    metavar="NETWORK",
    help="Only accounts on this network, such as x; can be repeated.",
)
@TIMEOUT
@YES
@DIFF
@reaching
def hold(calendars: tuple[Path, ...], style: str, **options: Any) -> int:
    """Take managed scheduled posts out of Publer at once, soonest first, and keep them out until release.

    A running apply ends before its next write. The calendar need not be valid. Drafts and posts that are not managed here
    stay; the latter are named. Exits with 6 if a post could not be stopped or may still turn up, or if an account,
    network or label that you name does not exist.

    \b
    Examples:
      publer-sync hold --reason "Accident in town" --yes
      publer-sync hold clients/acme --reason "Recall" --label lamp --diff
    """
    from publer_sync.commands.hold import run
    from publer_sync.commands.running.choice import HoldRequest

    request = HoldRequest(**take(options, "reason", "labels", "networks", "timeout", "yes", "diff"))
    return run(calendars, choice(None, options), request, style=style)


@main_group.command(short_help="End a hold and put its posts back.")
@CALENDARS
@formats("text", "json")
@TIMEOUT
@click.option(
    "--allow-older",
    "older",
    is_flag=True,
    help="Use files that are older than those that were applied last.",
)
@YES
@DIFF
@reaching
def release(calendars: tuple[Path, ...], style: str, **options: Any) -> int:
    """End every hold that the command hold put on, and schedule its posts as the calendar has them now.

    Everything else is left to the next apply. Posts whose time has passed are named once. While the settings hold posts,
    it refuses: remove `hold` from publer.yaml instead.

    \b
    Examples:
      publer-sync release --diff
      publer-sync release clients/acme --yes
    """
    from publer_sync.commands.release import run
    from publer_sync.commands.running.choice import ReleaseRequest

    request = ReleaseRequest(**take(options, "timeout", "older", "yes", "diff"))
    return run(calendars, choice(None, options), request, style=style)
