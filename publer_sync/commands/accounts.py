"""`publer-sync accounts`: workspaces and accounts, as lines to paste into publer.yaml."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING

from publer_sync.clock import Clock
from publer_sync.commands.access import connect
from publer_sync.commands.environment import Environment
from publer_sync.commands.questions import aliases
from publer_sync.commands.shared import document, folder, out, say
from publer_sync.errors import PlanRefused, Refused
from publer_sync.printable import one_line
from publer_sync.publer.reader import PublerReader

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from publer_sync.content import Json
    from publer_sync.model import Account, Workspace


def run(calendar_path: Path | None, *, style: str, sandbox: bool, sandbox_file: Path | None) -> int:
    environment = Environment.of(os.environ)
    with ExitStack() as stack:
        if sandbox:
            from publer_sync.calendar.load import read
            from publer_sync.commands.local_sandbox import enter_sandbox

            _, environment = enter_sandbox(read(folder(calendar_path)), environment, stack, file=sandbox_file)
        publer = connect(PublerReader, environment, Clock())
        found: list[tuple[Workspace, Sequence[Account]]] = []
        shut: list[tuple[Workspace, PlanRefused | Refused]] = []
        for workspace in publer.workspaces():
            if environment.workspace in (None, workspace.id, workspace.name):
                try:
                    found.append((workspace, publer.in_workspace(workspace.id).accounts()))
                except (PlanRefused, Refused) as refused:
                    shut.append((workspace, refused))
    if shut and not found:
        raise shut[0][1]
    for workspace, no in shut:
        say(f"workspace {one_line(workspace.name)} is left out: {one_line(no.message)}")
    if style == "json":
        document(
            {"format_version": 1, "workspaces": [_data(workspace, accounts) for workspace, accounts in found]}
        )
    else:
        out("\n".join(_text(workspace, accounts) for workspace, accounts in found))
    return 0


def _text(workspace: Workspace, accounts: Sequence[Account]) -> str:
    role = f", role: {one_line(workspace.role)}" if workspace.role else ""
    lines = [f"workspace: {one_line(workspace.id)}    # {one_line(workspace.name)}{role}", "accounts:"]
    entries = []
    for alias, account in aliases(accounts).items():
        entry = f"{{id: {one_line(account.id)}, provider: {one_line(account.provider)}}}"
        kind = f", {one_line(account.type)}" if account.type else ""
        said = f"{one_line(account.name)}{kind}"
        if account.trouble:
            said += f"; cannot be used now: {one_line(account.trouble)}"
        if account.needs_approval:
            said += "; posts wait for someone's approval in Publer"
        entries.append((f"  {alias}: {entry}", said))
    width = max((len(entry) for entry, _ in entries), default=0)
    return "\n".join([*lines, *(f"{entry:<{width}}  # {said}" for entry, said in entries), ""])


def _data(workspace: Workspace, accounts: Sequence[Account]) -> dict[str, Json]:
    return {
        "id": workspace.id,
        "name": workspace.name,
        "role": workspace.role,
        "accounts": [
            {
                "id": a.id,
                "name": a.name,
                "provider": a.provider,
                "type": a.type,
                "trouble": a.trouble,
                "needs_approval": a.needs_approval,
            }
            for a in accounts
        ],
    }
