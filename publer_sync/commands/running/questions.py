"""What `init` asks if the command line does not say it: workspace, accounts and time zone, each with a default."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from publer_sync.calendar.when.zones import TimeError, zone
from publer_sync.calendar.yaml.scalars import scalar
from publer_sync.commands.running.options import refused
from publer_sync.commands.running.shared import ask, say
from publer_sync.machine.extras import INIT, is_installed
from publer_sync.networks.table import NETWORKS, code_of
from publer_sync.values.errors import UsageError
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from publer_sync.values.model import Account, Workspace


def choose_workspace(workspaces: Sequence[Workspace], wish: str | None, *, yes: bool) -> Workspace:
    """The workspace that was named, the only one, or the answer to a question. Raises UsageError."""
    if not workspaces:
        raise UsageError("the key sees no workspace")
    names = [f"{one_line(workspace.name)} ({workspace.id})" for workspace in workspaces]
    if wish is not None:
        matching = [workspace for workspace in workspaces if wish in (workspace.id, workspace.name)]
        if len(matching) == 1:
            return matching[0]
        what = "there is no workspace" if not matching else "several workspaces are named"
        raise UsageError(f'{what} "{one_line(wish)}"', hint=f"The key sees {', '.join(names)}.")
    if len(workspaces) == 1:
        return workspaces[0]
    if yes:
        raise UsageError(
            "the key sees several workspaces", hint=f"Choose one with --workspace: {', '.join(names)}."
        )
    return workspaces[_numbers("Which workspace", names, default="1", most=1)[0]]


def choose_accounts(accounts: Sequence[Account], wishes: tuple[str, ...], *, yes: bool) -> dict[str, Account]:
    """Those that were named, or all that can be used, by the aliases they get. Raises UsageError."""
    by_alias = aliases(accounts)
    if wishes:
        return {
            alias: by_alias[alias] for alias in dict.fromkeys(_alias_of(by_alias, wish) for wish in wishes)
        }
    usable = {alias: account for alias, account in by_alias.items() if not account.trouble}
    for alias, account in by_alias.items():
        if account.trouble:
            say(f"left out  {alias}, {one_line(account.name)}: {one_line(account.trouble)}")
    if not usable:
        raise UsageError("no account of this workspace can be used now", hint="Reconnect one in Publer.")
    if yes or len(usable) == 1:
        return usable
    names = [f"{alias}: {one_line(account.name)}" for alias, account in usable.items()]
    chosen = _numbers("Which accounts, by number", names, default="all")
    return {alias: usable[alias] for alias in (list(usable)[index] for index in chosen)}


def _alias_of(by_alias: Mapping[str, Account], wish: str) -> str:
    found = [alias for alias, account in by_alias.items() if wish in (alias, account.id)]
    found = found or [alias for alias, account in by_alias.items() if account.name == wish]
    if len(found) == 1:
        return found[0]
    what = "there is no account" if not found else "several accounts are named"
    shown = found or list(by_alias)
    listed = ", ".join(f"{alias} ({one_line(by_alias[alias].name)})" for alias in shown)
    raise UsageError(f'{what} "{one_line(wish)}"', hint=f"Choose by the first word: {listed}.")


def aliases(accounts: Sequence[Account]) -> dict[str, Account]:
    """An alias for each account: its network's name, with the account's own if several share the network."""
    networks = [code_of(account.provider) for account in accounts]
    named: dict[str, Account] = {}
    for network, account in zip(networks, accounts, strict=True):
        alias = network
        if networks.count(network) > 1:
            alias = f"{network}_{_slug(account.name)}".rstrip("_")
        number, base = 1, alias
        while alias in named:
            number += 1
            alias = f"{base}_{number}"
        named[alias] = account
    return named


def _slug(name: str) -> str:
    """At most 24 letters and digits that need no quotes in YAML."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", letters).strip("_")[:24].rstrip("_")


def in_settings(account: Account) -> str:
    """Its value in publer.yaml, without a network that is newer than this version: the settings take none."""
    network = f", provider: {account.provider}" if account.provider in NETWORKS else ""
    return f"{{id: {scalar(account.id)}{network}}}"


def choose_timezone(wish: str | None, *, yes: bool) -> str:
    """An IANA name: the one given, or the answer to a question, whose default is the machine's. Raises UsageError."""
    machines = _timezone_here() if wish is None else None
    if wish is None and machines is None and yes:
        unknown = "this machine has no time zone" if is_installed(INIT) else "the time zone is not known"
        raise UsageError(unknown, hint="Name one. For example: --timezone Europe/Berlin")
    while True:
        name = wish or (machines if yes else ask("Time zone of the calendar", default=machines)) or ""
        try:
            zone(name)
        except TimeError as error:
            if wish or yes:
                raise refused("--timezone", error) from error
            say(f"{error.message}. {error.help.say}.")
        else:
            return name


def _timezone_here() -> str | None:
    if not is_installed(INIT):
        return None  # it is asked for then
    import tzlocal

    try:
        name: str = tzlocal.get_localzone_name()
    except (LookupError, OSError, ValueError):  # a machine may name none, several, or one that does not exist
        return None
    return "UTC" if name == "Etc/UTC" else name


def _numbers(question: str, names: Sequence[str], *, default: str, most: int | None = None) -> list[int]:
    """The indexes of the chosen `names`; asks until the answer makes sense."""
    for number, name in enumerate(names, 1):
        say(f"  {number}  {name}")
    while True:
        answer = ask(question, default=default)
        if answer == "all" and most is None:
            return list(range(len(names)))
        numbers = [int(word) for word in re.findall(r"\d+", answer)]
        if 0 < len(numbers) <= (most or len(numbers)) and all(0 < number <= len(names) for number in numbers):
            return [number - 1 for number in numbers]
        say(f"Answer with {'one' if most == 1 else 'some'} of the numbers from 1 to {len(names)}.")
