"""`publer-sync doctor`: checks that everything works together, with nothing but GET."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING

from publer_sync.calendar.folder import SETTINGS
from publer_sync.calendar.load import Calendar, read
from publer_sync.checking import check, local, survey
from publer_sync.checking.remote import RemoteChecks
from publer_sync.checking.workflows import workflows
from publer_sync.commands.reaching.connections import Connections
from publer_sync.commands.reaching.environment import Environment
from publer_sync.commands.reaching.stores import open_store, place_of, places_of, service_of
from publer_sync.commands.running.shared import folder, load
from publer_sync.commands.running.views import DOCTOR, DOCTOR_SURVEY
from publer_sync.ledger import store as stores
from publer_sync.ledger.repositories import Repositories
from publer_sync.machine.clock import Clock
from publer_sync.machine.version import version
from publer_sync.planning.resolve import find_workspace
from publer_sync.publer import tracing
from publer_sync.publer.reader import PublerReader
from publer_sync.render.post.subjects import figures
from publer_sync.values.errors import SettingsError
from publer_sync.values.model import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.commands.reaching.places import StatePlaces
    from publer_sync.commands.running.choice import Choice
    from publer_sync.ledger.place import Store
    from publer_sync.ledger.state import State
    from publer_sync.values.content import Json

PATIENCE = 30.0
"""Seconds for one request: a check that hangs tells nothing."""


def run(choice: Choice, *, style: str) -> int:
    environment, top = Environment.of(os.environ), folder(choice.calendar)
    with ExitStack() as stack:
        findings = _examine(choice, environment, top, stack)
    DOCTOR[style].show(findings)
    return 1 if any(found.status == "failure" for found in findings.values()) else 0


def run_survey(choice: Choice, *, style: str) -> int:
    """What this workspace shows of what no document says. Nothing but GET, and at most `MOST_REQUESTS` of them."""
    environment, clock = Environment.of(os.environ), Clock()
    top = folder(choice.calendar)
    settings = Settings("")
    lines: list[dict[str, Json]] = []
    with ExitStack() as stack:
        if (top / "publer.yaml").is_file() or choice.sandbox:
            calendar = load(choice.calendar)
            settings = calendar.settings
            if choice.sandbox:
                from publer_sync.commands.reaching.local_sandbox import enter_sandbox

                clock, environment = enter_sandbox(
                    calendar, environment, stack, file=choice.sandbox_file, now=choice.now
                )
        stack.enter_context(tracing.recording(lines.append))
        publer = Connections(PublerReader, patience=PATIENCE).to(environment, clock).publer
        workspace = find_workspace(settings, environment.workspace, publer.workspaces())
        publer = publer.in_workspace(workspace.id)
        publer.accounts()
        answers = survey.WorkspaceSurvey(publer, clock.now().date()).answers()
    DOCTOR_SURVEY[style].show(answers, lines=lines, version=version())
    return 0


def _examine(
    choice: Choice, environment: Environment, top: Path, stack: ExitStack
) -> dict[str, check.Finding]:
    found = _read(top, environment)
    calendar = found if isinstance(found, Calendar) else None
    clock = Clock()

    def loaded() -> Calendar:
        if isinstance(found, SettingsError):
            raise found
        return found

    place, _ = place_of(calendar, environment, choice)
    if choice.sandbox:
        from publer_sync.commands.reaching.local_sandbox import enter_sandbox

        clock, environment = enter_sandbox(
            loaded(), environment, stack, file=choice.sandbox_file, now=choice.now
        )
    remote = RemoteChecks(
        lambda: Connections(PublerReader, patience=PATIENCE).to(environment, clock).publer,
        clock.now,
        calendar.settings if calendar and (top / SETTINGS).is_file() else None,
        environment.workspace,
        choice.sandbox,
    )

    def open_state() -> tuple[Store, State | None, StatePlaces]:
        there = loaded()
        workspace_id = remote.workspace.id if remote.workspace else ""
        repositories = Repositories()
        store = open_store(there, choice, environment, workspace_id, clock, repositories)
        state = store.read()
        if state is not None:
            stores.check(
                state,
                service=service_of(choice, environment),
                workspace_id=workspace_id,
                calendar=there.settings.name,
                top=there.top,
                place=store.place,
            )
        name = there.settings.name
        places = places_of(there, choice, environment, workspace_id, clock, store, repositories, name=name)
        return store, state, places

    return check.run(
        [
            local.versions(place),
            local.disk(top),
            *remote.checks(),
            local.state(open_state, environment.state_keys, needs=("workspace",)),
            local.calendar(loaded, clock.now, figures),
            workflows(top, place, signed=bool(environment.state_keys.keys)),
        ]
    )


def _read(top: Path, environment: Environment) -> Calendar | SettingsError:
    """The calendar, or why there is none: the checks that need no calendar go on."""
    try:
        return read(top, workspace_env=environment.workspace)
    except SettingsError as error:
        return error
