"""Commands as people can paste them: with the calendar, its sandbox and its state as they were given."""

from __future__ import annotations

import os
import shlex
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from publer_sync.calendar.when import zones

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from publer_sync.commands.running.choice import Choice
    from publer_sync.ledger.hold import Hold


def command_line(command: str, choice: Choice) -> str:
    """The command that plans, applies or pulls what was chosen."""
    words = ["publer-sync", command, *_where(choice)]
    words += ["--now", choice.now] if choice.now else []
    words += ["--state", choice.state] if choice.state else []
    words += [word for alias in choice.accounts for word in ("--account", alias)]
    words += ["--from", choice.since] if choice.since else []
    words += ["--to", choice.until] if choice.until else []
    words += [word for name in choice.gone for word in ("--gone", name)]
    words += ["--first"] if choice.first and command in ("plan", "apply") else []
    return shlex.join(words)


def apply_together(choice: Choice, *tops: Path) -> str:
    """The apply of several calendars."""
    state = choice.state if choice.state and not choice.state.endswith(".json") else None
    bare = replace(choice, calendar=None, first=False, accounts=(), since=None, until=None, state=state)
    words = shlex.split(command_line("apply", bare))
    return shlex.join([*words[:2], *(os.path.relpath(top).replace(os.sep, "/") for top in tops), *words[2:]])


def letting_go(choice: Choice, name: str) -> str:
    """The command that ends the state of a calendar that is gone, of this name, and leaves its posts in Publer."""
    beside = ["--calendar", str(choice.calendar)] if choice.calendar else []
    beside += ["--state", choice.state] if choice.state else []
    return shlex.join(["publer-sync", "forget", "--all", "--state-name", name, *beside])


def leaving(top: Path, *, place: str | None = None, name: str | None = None) -> str:
    """The command that ends the state of a calendar that is there, at a place and of a name that are not in its settings."""
    return shlex.join(["publer-sync", "forget", "--all", "--calendar", _from_here(top), *_at(place, name)])


def log_command(top: Path, *, place: str, name: str | None) -> str:
    """The command that shows what was done with that state."""
    return shlex.join(["publer-sync", "log", _from_here(top), *_at(place, name)])


def _from_here(top: Path) -> str:
    return os.path.relpath(top).replace(os.sep, "/")


def _at(place: str | None, name: str | None) -> list[str]:
    return [*(["--state-name", name] if name else []), *(["--state", place] if place else [])]


def release_command(choice: Choice) -> str:
    """The release that ends a hold: of all its posts, and not at the time of a rehearsal's hold."""
    if choice.release is not None:
        return choice.release
    words = ["publer-sync", "release", *_where(choice)]
    words += ["--state", choice.state] if choice.state else []
    return shlex.join(words)


def hold_command(top: Path, hold: Hold, aliases: Mapping[str, str], timezone: str) -> str:
    """The hold of the same scope, which adds nothing to it. `aliases` are those of accounts, by Publer's ids."""
    zone = zones.zone(timezone)
    words = ["publer-sync", "hold", os.path.relpath(top).replace(os.sep, "/"), "--reason", hold.reason]
    words += [word for account in hold.accounts for word in ("--account", aliases.get(account, account))]
    words += [word for label in hold.labels for word in ("--label", label)]
    words += ["--from", f"{hold.first.astimezone(zone):%Y-%m-%d}"] if hold.first else []
    words += ["--to", f"{(hold.last - timedelta(seconds=1)).astimezone(zone):%Y-%m-%d}"] if hold.last else []
    return shlex.join(words)


def _where(choice: Choice) -> Iterator[str]:
    if choice.calendar:
        yield str(choice.calendar)
    if choice.sandbox:
        yield "--sandbox"
    if choice.sandbox_file:
        yield from ("--sandbox-file", str(choice.sandbox_file))
