"""mcp: the tools for assistants."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from publer_sync.cli.group import main_group
from publer_sync.cli.options import PATH, SecondsRange, check_sandbox, sandboxed
from publer_sync.machine.extras import MCP, how_to_install, require
from publer_sync.values.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path

SDK = 2
"""The major version of the package mcp."""


@main_group.command(short_help="Serve tools to an assistant over MCP.")
@click.argument("folders", nargs=-1, type=PATH, metavar="[FOLDER]...")
@sandboxed
@click.option(
    "--timeout",
    type=SecondsRange(min=0, min_open=True),
    metavar="SECONDS",
    default=50.0,
    show_default=True,
    help="Seconds that a tool may take; many assistants wait a minute.",
)
def mcp(folders: tuple[Path, ...], timeout: float, **options: Any) -> int:
    """Serve validate, count, plan, explain, preview and status to an assistant, over the Model Context Protocol on stdin and stdout.

    None of these tools writes to Publer: this process can send Publer nothing but GET requests. They read the calendars in
    FOLDER and below (the default is the current folder), and no others. The assistant starts this command; docs/assistants.md
    says how, and how to install what it needs.

    \b
    Examples:
      publer-sync mcp calendar
      publer-sync mcp calendar --sandbox
    """
    check_sandbox(options)
    _need_sdk()
    from publer_sync.assisting.served import served
    from publer_sync.assisting.server import serve
    from publer_sync.commands.running.choice import Choice
    from publer_sync.commands.running.shared import say

    there = served(folders, Choice(**options), timeout)
    if sys.stdin.isatty():
        say(
            "This speaks the Model Context Protocol on stdin and stdout, so an assistant starts it. Press Ctrl-C to stop."
        )
    return serve(there)


def _need_sdk() -> None:
    from importlib import metadata

    require(MCP)
    version = metadata.version("mcp")
    if version.partition(".")[0] != str(SDK):
        raise SettingsError(
            f"publer-sync mcp needs version {SDK} of the package mcp, and {version} is installed",
            code="mcp.version",
            hint=how_to_install(MCP),
        )
