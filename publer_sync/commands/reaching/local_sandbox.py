"""The sandbox inside a command: `--sandbox`, and the accounts that a sandbox starts with."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from publer_sync.commands.running.options import instant
from publer_sync.machine.clock import Clock
from publer_sync.machine.durable import room_fix
from publer_sync.machine.own_folder import FOLDER, make_own_folder
from publer_sync.values.errors import SettingsError
from publer_sync.values.service import is_id

if TYPE_CHECKING:
    import threading
    from contextlib import ExitStack
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.reaching.environment import Environment
    from publer_sync.sandbox import Seed

SANDBOX_STATE = f"{FOLDER}/sandbox-state.json"
"""The state that goes with the sandbox's own file, below the calendar."""
SANDBOX_POLLS: Final = 0.1
"""The first wait between polls, by which the sandbox's delays go too: nobody who tries something waits as for Publer."""


def enter_sandbox(
    calendar: Calendar,
    environment: Environment,
    stack: ExitStack,
    *,
    file: Path | None = None,
    now: str | None = None,
    wake: threading.Event | None = None,
) -> tuple[Clock, Environment]:
    """Run the sandbox until the stack closes, and return its clock, which `wake` wakes, and how to reach it.

    Raises SettingsError where its file cannot be used.
    """
    from publer_sync.sandbox import Sandbox, SandboxFileError

    own = calendar.top / FOLDER / "sandbox.db"
    file = file or own
    if not environment.polls_as_asked:
        environment = replace(environment, poll_seconds=SANDBOX_POLLS)
    clock = Clock(offset_of(file, now, calendar.settings.timezone), wake)
    try:
        make_own_folder(own.parent)
        if file == own and not own.exists():
            (calendar.top / SANDBOX_STATE).unlink(missing_ok=True)  # of a sandbox that is gone, posts and all
    except OSError as error:
        raise SettingsError(
            f"{own.parent} cannot be used as a folder: {error.strerror}",
            code="sandbox.file",
            hint=room_fix(error),
        ) from error
    try:
        served = stack.enter_context(
            Sandbox(
                seed_of(calendar), file=file, poll_seconds=environment.poll_seconds, now=clock.now, log=False
            )
        )
    except SandboxFileError as error:
        raise SettingsError(str(error), code="sandbox.file", hint=error.fix) from error
    return clock, replace(environment, key=served.key, base_url=served.url, workspace=None)


def offset_of(file: Path | None, now: str | None, zone: str) -> timedelta:
    """How far the sandbox's clock is ahead: it starts at `now`, or where it was left if that is later than today."""
    from publer_sync.sandbox import reached

    today = Clock().now()
    if now is not None:
        return instant(now, zone, option="--now") - today
    left = reached(file) if file is not None else None
    return max(timedelta(0), left - today) if left is not None else timedelta(0)


def seed_of(calendar: Calendar | None) -> Seed:
    """The workspace and the accounts that the settings name, ids as given; without settings one of each network."""
    from publer_sync.sandbox import Seed, SeedAccount

    if calendar is None or not calendar.settings.accounts:
        return Seed()
    settings = calendar.settings
    name = settings.workspace or "My Primary Workspace"
    accounts = tuple(
        SeedAccount(
            ref.name if is_id(ref.name) else _made_id(f"{ref.provider}/{ref.name}"),
            ref.provider or "facebook",
            ref.alias if is_id(ref.name) else ref.name,
        )
        for ref in settings.accounts
    )
    return Seed(
        name if is_id(name) else _made_id(name), "My Primary Workspace" if is_id(name) else name, accounts
    )


def _made_id(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()[:24]
