"""`publer-sync accounts`: workspaces and accounts, as lines to paste into publer.yaml."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING

from publer_sync.commands.reaching.connections import Connections
from publer_sync.commands.reaching.environment import Environment
from publer_sync.commands.reaching.named import NameLists, named_fields
from publer_sync.commands.reaching.named import lines as named_lines
from publer_sync.commands.running.questions import aliases, in_settings
from publer_sync.commands.running.shared import folder, say
from publer_sync.commands.running.views import ACCOUNTS
from publer_sync.machine.clock import Clock
from publer_sync.publer.reader import PublerReader
from publer_sync.values.errors import PlanRefused, Refused, ServiceError
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from publer_sync.commands.running.documents import AccountsDocument, InWorkspaceData, NameData, UsableData
    from publer_sync.networks.fields import Field
    from publer_sync.values.model import Account, Named, Workspace

    Details = Mapping[str, Sequence[tuple[Field, Sequence[Named]]]]
    """What posts can name, by account, for each key."""
    Listed = tuple[Workspace, Sequence[Account], Details]


def run(
    calendar_path: Path | None,
    *,
    style: str,
    sandbox: bool,
    sandbox_file: Path | None,
    details: bool = False,
    location: str = "",
) -> int:
    """`details` adds what posts can name on each account, and the places that a search for `location` finds."""
    environment = Environment.of(os.environ)
    with ExitStack() as stack:
        if sandbox:
            from publer_sync.calendar.load import read
            from publer_sync.commands.reaching.local_sandbox import enter_sandbox

            _, environment = enter_sandbox(read(folder(calendar_path)), environment, stack, file=sandbox_file)
        publer = Connections(PublerReader).to(environment, Clock()).publer
        found: list[Listed] = []
        shut: list[tuple[Workspace, PlanRefused | Refused]] = []
        for workspace in publer.workspaces():
            if environment.workspace in (None, workspace.id, workspace.name):
                try:
                    inside = publer.in_workspace(workspace.id)
                    accounts = inside.accounts()
                    listed = _details(inside, workspace, accounts, location) if details or location else {}
                    found.append((workspace, accounts, listed))
                except (PlanRefused, Refused) as refused:
                    shut.append((workspace, refused))
    if shut and not found:
        raise shut[0][1]
    for workspace, no in shut:
        say(f"workspace {one_line(workspace.name)} is left out: {one_line(no.message)}")
    ACCOUNTS[style].show(found)
    return 0


def _details(
    publer: PublerReader, workspace: Workspace, accounts: Sequence[Account], location: str
) -> Details:
    lists = NameLists(publer, workspace.id, [account.id for account in accounts])
    found: dict[str, list[tuple[Field, Sequence[Named]]]] = {account.id: [] for account in accounts}
    failed: dict[str, str] = {}
    for account in accounts:
        for field in named_fields(account):
            try:
                found[account.id].append((field, lists.of(account, field, location)))
            except ServiceError as error:
                failed[error.message] = field.name
    for message, key in failed.items():
        say(f"`{key}` is left out: {one_line(message)}")
    return found


def text(found: Sequence[Listed]) -> str:
    return "\n".join(_text(*one) for one in found)


def data(found: Sequence[Listed]) -> AccountsDocument:
    return {"format_version": 1, "workspaces": [_data(*one) for one in found]}


def _text(workspace: Workspace, accounts: Sequence[Account], details: Details) -> str:
    role = f", role: {one_line(workspace.role)}" if workspace.role else ""
    lines = [f"workspace: {one_line(workspace.id)}    # {one_line(workspace.name)}{role}", "accounts:"]
    entries = []
    for alias, account in aliases(accounts).items():
        kind = f", {one_line(account.type)}" if account.type else ""
        said = f"{one_line(account.name)}{kind}"
        if account.trouble:
            said += f"; cannot be used now: {one_line(account.trouble)}"
        if account.needs_approval:
            said += "; posts wait for someone's approval in Publer"
        entries.append((f"  {alias}: {in_settings(account)}", said))
    width = max((len(entry) for entry, _ in entries), default=0)
    lines += [f"{entry:<{width}}  # {said}" for entry, said in entries]
    for alias, account in aliases(accounts).items():
        named = [line for field, listed in details.get(account.id, ()) for line in named_lines(field, listed)]
        if named:
            lines += ["", f"# what posts on {alias} can name", *named]
    return "\n".join([*lines, ""])


def _data(workspace: Workspace, accounts: Sequence[Account], details: Details) -> InWorkspaceData:
    return {
        "id": workspace.id,
        "name": workspace.name,
        "role": workspace.role,
        "accounts": [_account(each, details) for each in accounts],
    }


def _account(account: Account, details: Details) -> UsableData:
    told: UsableData = {
        "id": account.id,
        "name": account.name,
        "provider": account.provider,
        "type": account.type,
        "trouble": account.trouble,
        "needs_approval": account.needs_approval,
    }
    if details:
        told["details"] = _names(details[account.id])
    return told


def _names(listed: Sequence[tuple[Field, Sequence[Named]]]) -> dict[str, list[NameData]]:
    return {
        field.name: [{"id": one.id, "name": one.name, "about": one.about or None} for one in named]
        for field, named in listed
    }
