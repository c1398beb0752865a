"""A calendar as a command reaches it, with its part of the ledger in its folder and nobody at the other end: for what is decided before anything is sent."""

from __future__ import annotations

import shutil
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from publer_sync.calendar.load import read
from publer_sync.commands.reaching.access import Access
from publer_sync.ledger.runs import RunRecord
from publer_sync.ledger.store import open_store
from publer_sync.planning.resolve import AccountList
from tests.builders import LINKEDIN, NOW, WORKSPACE, X

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from publer_sync.ledger.state import State
    from publer_sync.values.model import Account

SERVICE = "publer"
SETTINGS = f"workspace: Fjordlight\ntimezone: UTC\naccounts: {{x: {{id: {X.id}, provider: x}}, linkedin: {{id: {LINKEDIN.id}, provider: linkedin}}}}\n"


def stand_in(**answers: Any) -> Any:
    """Something with these answers, where nothing else is asked of it."""
    return SimpleNamespace(**answers)


def _recorded(command: str, now: datetime, **more: Any) -> RunRecord:
    """A run of which only is said what was run, on no files."""
    return RunRecord(now, command, "Kari", reason=more.get("reason", ""))


def reached(
    folder: Path,
    state: State | None = None,
    *,
    accounts: tuple[Account, ...] = (X, LINKEDIN),
    listed: tuple[Account, ...] | None = None,
    settings: str = "",
    clock_off: timedelta = timedelta(0),
    **more: Any,
) -> Access[Any]:
    """The calendar `calendar` in a folder, whose state, if any, is written to its place. `accounts` are those of the settings."""
    top = folder / "calendar"
    shutil.rmtree(top, ignore_errors=True)
    top.mkdir()
    (top / "publer.yaml").write_text(SETTINGS + settings, encoding="utf-8")
    clock = stand_in(now=lambda: NOW, monotonic=lambda: 0.0)
    store = open_store(
        None, top=top, service=SERVICE, workspace_id=WORKSPACE.id, calendar="calendar", clock=clock
    )
    if state is not None:
        with store.lock(1):
            store.write(state)
    return Access(
        read(top, posts=False),
        "calendar",
        stand_in(clock_off=clock_off, requests=0),
        WORKSPACE,
        {account.alias or "": account for account in accounts},
        store,
        SERVICE,
        clock,
        1.0,
        listed=AccountList(tuple(accounts if listed is None else listed)),
        lineage=stand_in(record=_recorded),
        **more,
    )


def raising(error: Exception) -> Any:
    """What is asked in vain."""

    def ask(*_: Any, **__: Any) -> Any:
        raise error

    return ask
