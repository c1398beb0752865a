"""`publer-sync doctor`: checks in order whether everything works together, with nothing but GET."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from publer_sync.calendar.load import read
from publer_sync.checking import check, local
from publer_sync.checking.service import ServiceChecks
from publer_sync.checking.workflows import workflows
from publer_sync.clock import Clock
from publer_sync.commands.access import place_of
from publer_sync.commands.environment import Environment
from publer_sync.commands.shared import document, folder, out, say_wait, screen
from publer_sync.errors import SettingsError
from publer_sync.ledger import store as stores
from publer_sync.publer.reader import PublerReader
from publer_sync.render import checks as render

if TYPE_CHECKING:
    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.access import Choice
    from publer_sync.ledger.state import State
    from publer_sync.ledger.store import Store

PATIENCE = 30.0
"""Seconds that one question may take: who asks what is wrong waits for no answer that does not come."""


def run(choice: Choice, *, style: str) -> int:
    environment, top = Environment.of(os.environ), folder(choice.calendar)
    with ExitStack() as stack:
        findings = _examine(choice, environment, top, stack)
    if style == "json":
        document(render.data(findings))
    else:
        out(render.text(findings, screen()))
    return 1 if any(found.status == "failure" for found in findings.values()) else 0


def _examine(
    choice: Choice, environment: Environment, top: Path, stack: ExitStack
) -> dict[str, check.Finding]:
    calendar, unread = _calendar(top, environment)
    clock = Clock()
    place, base = place_of(calendar, environment, choice, Path.cwd())
    if choice.sandbox:
        from publer_sync.commands.local_sandbox import enter_sandbox

        clock, environment = enter_sandbox(
            load(calendar, unread), environment, stack, file=choice.sandbox_file, now=choice.now
        )

    def connect() -> PublerReader:
        return PublerReader(
            key=environment.need_key(),
            base_url=environment.base_url,
            clock=clock,
            poll_seconds=environment.poll_seconds,
            user_agent=environment.user_agent,
            say=say_wait,
            patience=PATIENCE,
        )

    service = ServiceChecks(
        connect, clock.now, calendar.settings if calendar else None, environment.workspace, choice.sandbox
    )
    address = "sandbox" if choice.sandbox else environment.base_url.rstrip("/")

    def open_store() -> Store:
        there = load(calendar, unread)
        return stores.open_store(
            place,
            top=there.top,
            workspace_id=service.workspace.id if service.workspace else "",
            calendar=there.settings.name,
            clock=clock,
            base=base,
        )

    def check_state(state: State, store: Store) -> None:
        there = load(calendar, unread)
        stores.check(
            state,
            service=address,
            workspace_id=service.workspace.id if service.workspace else "",
            calendar=there.settings.name,
            top=there.top,
            place=store.place,
        )

    return check.run(
        [
            local.versions(place),
            *service.checks(),
            local.state(open_store, check_state, needs=("workspace",)),
            local.calendar(lambda: load(calendar, unread), clock.now),
            workflows(top, place),
        ]
    )


def _calendar(top: Path, environment: Environment) -> tuple[Calendar | None, SettingsError | None]:
    try:
        return read(top, workspace_env=environment.workspace), None
    except SettingsError as error:
        return None, error


def load(calendar: Calendar | None, unread: SettingsError | None) -> Calendar:
    if calendar is None:
        raise unread or SettingsError("there is no calendar")
    return calendar
