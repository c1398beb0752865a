"""`publer-sync init`: writes a calendar folder from what the key can see."""

from __future__ import annotations

import json
import os
import re
import shlex
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from publer_sync import __version__
from publer_sync.calendar.folder import SETTINGS, is_read, is_settings, walk
from publer_sync.calendar.load import read
from publer_sync.calendar.outside import repository_of
from publer_sync.calendar.posts import holds_posts
from publer_sync.calendar.yaml.scalars import scalar
from publer_sync.checking.workflows import paths_of
from publer_sync.commands.reaching.connections import Connections
from publer_sync.commands.reaching.environment import Environment
from publer_sync.commands.running.choice import Choice
from publer_sync.commands.running.command_lines import command_line
from publer_sync.commands.running.problems import explained, need_accounts
from publer_sync.commands.running.questions import (
    choose_accounts,
    choose_timezone,
    choose_workspace,
    in_settings,
)
from publer_sync.commands.running.shared import confirm, document, need_answer, out, say
from publer_sync.drafting.form import Form
from publer_sync.ledger.store import GIT
from publer_sync.machine.clock import Clock
from publer_sync.machine.durable import is_full, make_folder, save_file
from publer_sync.machine.own_folder import unfinished
from publer_sync.machine.packaged import packaged
from publer_sync.networks.table import NETWORKS, code_of
from publer_sync.planning.resolve import AccountList, find_accounts, find_workspace
from publer_sync.planning.survey import HORIZON
from publer_sync.publer.reader import PublerReader
from publer_sync.render.layout.escaping import escaped_line
from publer_sync.render.layout.wording import count
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import SettingsError, UsageError
from publer_sync.values.model import Family
from publer_sync.values.printable import one_line, printable_line
from publer_sync.values.timezones import time_zone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from publer_sync.commands.running.documents import InitDocument
    from publer_sync.values.model import Account, Workspace

STATE_BRANCH = "git:publer-sync-state"
REQUEST = "publer-request.yml"
WORKFLOWS = ("publer-plan.yml", "publer-apply.yml", "publer-drift.yml")
_NAMED = 5
"""Files that a refusal names."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line says; None is asked for or found out."""

    folder: Path
    workspace: str | None = None
    accounts: tuple[str, ...] = ()
    timezone: str | None = None
    github: bool = False
    assistant: bool = False
    form: bool = False
    yes: bool = False
    sandbox: bool = False
    sandbox_file: Path | None = None
    now: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What the settings are made of."""

    workspace: Workspace
    accounts: Mapping[str, Account]
    timezone: str
    now: datetime
    ahead: int
    """How many scheduled posts and dated drafts these accounts have in Publer."""


def run(wishes: Wishes, *, style: str) -> int:
    need_answer(yes=wishes.yes)
    if wishes.folder.is_file():
        raise UsageError(f'"{wishes.folder}" is a file; a calendar is a folder', hint="Name another folder.")
    _check_files(wishes.folder)
    given = {"--github": wishes.github, "--form": wishes.form, "--assistant": wishes.assistant}
    option = next((name for name, is_given in given.items() if is_given), None)
    repository = repository_of(wishes.folder)
    if option and repository is None:
        raise UsageError(
            f"{option} needs a git repository, and this folder is in none", hint="Make one: git init"
        )
    has_posts = _has_posts(wishes.folder)
    with ExitStack() as stack:
        found = _find(wishes, stack, style)
    files = _files(wishes, found, repository)
    new = {path: text for path, text in files.items() if not os.path.lexists(path)}
    kept = [path for path in files if path not in new]
    for path in kept:
        more = _without_effect(wishes) if path.name == "publer.yaml" else ""
        say(f"kept      {path}: it already exists{more}")
    if new and not wishes.yes:
        confirm("\n".join(("To write:", *(f"  {path}" for path in new))))
    _write(new, wishes.folder)
    there = Choice(wishes.folder, sandbox=wishes.sandbox, sandbox_file=wishes.sandbox_file, now=wishes.now)
    to_pull = bool(found.ahead) and not has_posts
    step = command_line("pull" if to_pull else "plan", there)
    if style == "json":
        document(_data(wishes, found, list(new), kept, step))
    else:
        out(_summary(found, step, wishes, to_pull=to_pull))
    return 0


def _has_posts(folder: Path) -> bool:
    """Whether it has files for posts already: what Publer has ahead may be theirs."""
    return folder.is_dir() and any(is_read(name) and name != SETTINGS for name in walk(folder))


def _check_files(folder: Path) -> None:
    """Raise UsageError where a new calendar would read files as posts that are none: it would have errors at once."""
    if not folder.is_dir() or any(is_settings(each.name) for each in folder.iterdir()):
        return
    beside = read(folder, instead={SETTINGS: b""}).documents
    others = [each.file for each in beside if not (is_settings(each.file) or holds_posts(each))]
    if not others:
        return
    named = ", ".join(map(printable_line, others[:_NAMED]))
    more = f" and {len(others) - _NAMED:,} more" if len(others) > _NAMED else ""
    hold = "which holds no posts" if len(others) == 1 else "which hold no posts"
    own = shlex.quote((folder / "calendar").as_posix())
    raise UsageError(
        f"a calendar here would read every YAML and Markdown file as posts, also {named}{more}, {hold}",
        hint=f"Give the calendar a folder of its own: publer-sync init {own}\nOr move these files to another folder first.",
    )


def _write(new: Mapping[Path, str], top: Path) -> None:
    path = top
    try:
        with unfinished(top) as folder:
            for path, text in new.items():
                make_folder(path.parent)
                save_file(path, text.encode(), folder=folder)
                say(f"written   {path}")
    except OSError as error:
        raise _unwritten(path, error) from error


def _unwritten(path: Path, error: OSError) -> SettingsError:
    fix = "Make room on that disk, and run init again: it keeps what is there." if is_full(error) else None
    return SettingsError(f"{path} cannot be written: {error.strerror}", code="init.unwritten", hint=fix)


def _without_effect(wishes: Wishes) -> str:
    """A note on the options that only new settings use."""
    options = {"--workspace": wishes.workspace, "--account": wishes.accounts, "--timezone": wishes.timezone}
    given = [name for name, value in options.items() if value]
    if not given:
        return ""
    return f", so {' and '.join(given)} {'has' if len(given) == 1 else 'have'} no effect; change it there"


# --- what Publer has, and what people choose ------------------------------------------------------------------------


def _find(wishes: Wishes, stack: ExitStack, style: str) -> Found:
    """Existing settings are taken as they are, without a question."""
    environment, clock = Environment.of(os.environ), Clock()
    calendar = read(wishes.folder) if (wishes.folder / "publer.yaml").is_file() else None
    timezone = calendar.settings.timezone if calendar else choose_timezone(wishes.timezone, yes=wishes.yes)
    if wishes.sandbox:
        from publer_sync.commands.reaching.local_sandbox import enter_sandbox

        try:
            make_folder(wishes.folder)
        except OSError as error:
            raise _unwritten(wishes.folder, error) from error
        there = read(wishes.folder)
        there = replace(there, settings=replace(there.settings, timezone=timezone))
        clock, environment = enter_sandbox(
            there, environment, stack, file=wishes.sandbox_file, now=wishes.now
        )
    publer = Connections(PublerReader).to(environment, clock).publer
    accounts: Mapping[str, Account]
    if calendar:
        with explained(calendar, style=style):
            need_accounts(calendar)
            workspace = find_workspace(calendar.settings, environment.workspace, publer.workspaces())
            publer = publer.in_workspace(workspace.id)
            accounts = find_accounts(calendar.settings.accounts, AccountList(tuple(publer.accounts())))
    else:
        wish = wishes.workspace or environment.workspace
        workspace = choose_workspace(publer.workspaces(), wish, yes=wishes.yes)
        publer = publer.in_workspace(workspace.id)
        accounts = choose_accounts(publer.accounts(), wishes.accounts, yes=wishes.yes)
    now = clock.now()
    listed = publer.posts(
        since=now.date(),
        until=now.date() + HORIZON,
        account_ids=[account.id for account in accounts.values()],
    )
    ids = {account.id for account in accounts.values()}
    ahead = sum(
        post.family in (Family.SCHEDULED, Family.DRAFT)
        and post.at is not None
        and post.at > now
        and post.account_id in ids
        for post in listed
    )
    return Found(workspace, accounts, timezone, now, ahead)


# --- the files ------------------------------------------------------------------------------------------------------


def _files(wishes: Wishes, found: Found, repository: Path | None) -> dict[Path, str]:
    """Every file that a calendar starts with, by path, including those that exist already."""
    folder = wishes.folder
    words = _template_values(wishes, found)
    files = {folder / "publer.yaml": _filled("publer.yaml", words)}
    if not _has_posts(folder) and not found.ahead:  # pull brings real posts
        files[folder / "first.yaml"] = _filled("first.yaml", words)
    files[folder / "README.md"] = _filled("README.md", words)
    files[folder / ".gitignore"] = ".publer-sync/\n"
    for name in ("settings.schema.json", "shared-settings.schema.json", "calendar.schema.json"):
        files[folder / ".schema" / name] = packaged("schema", name)
    if repository is not None:
        place = Path(os.path.relpath(folder.resolve(), repository)).as_posix()
        added = _workflows(place, paths_of(folder, repository.resolve())) if wishes.github else {}
        added |= _for_assistants(place) if wishes.assistant else {}
        added |= _request_form(place, found) if wishes.form else {}
        files |= {Path(os.path.relpath(repository / name)): text for name, text in added.items()}
    return files


def _workflows(place: str, paths: Sequence[str]) -> dict[str, str]:
    """For the calendar at this place of its repository; a change of what it takes from elsewhere starts them too."""
    listed = ", ".join(f'"{path}"' for path in paths)
    return {
        f".github/workflows/{name}": _workflow(name, place).replace('["calendar/**"]', f"[{listed}]")
        for name in WORKFLOWS
    }


def _workflow(name: str, place: str) -> str:
    return packaged("workflows", name).replace("calendar: calendar\n", f"calendar: {scalar(place)}\n")


def _request_form(place: str, found: Found) -> dict[str, str]:
    """The issue form with the accounts, and the workflow that knows its issues."""
    form = Form("" if place == "." else place)
    accounts = {alias: escaped_line(account.name) for alias, account in found.accounts.items()}
    workflow = _workflow(REQUEST, place).replace(
        f"'{Form('calendar').heading}'", "'{}'".format(form.heading.replace("'", "''"))
    )
    return {
        f".github/ISSUE_TEMPLATE/social-post{form.name}.yml": form.written(accounts),
        f".github/workflows/publer-request{form.name}.yml": workflow.replace(
            "group: publer-request-", f"group: publer-request{form.name}-"
        ),
    }


def _for_assistants(place: str) -> dict[str, str]:
    """Instructions where assistants look for them, and the server with the tools.

    In the folder of a calendar, a Markdown file that is not hidden is a post.
    """
    found = {
        ".claude/CLAUDE.md" if place == "." else "AGENTS.md": packaged("assistant", "AGENTS.md"),
        ".claude/skills/publer-sync/SKILL.md": packaged("assistant", "skills/publer-sync/SKILL.md"),
    }
    for name, text in found.items():
        named = re.sub(r"(publer-sync(?: [\w-]+)+ )calendar\b", rf"\1{shlex.quote(place)}", text)
        found[name] = named.replace("`calendar/`", "this folder" if place == "." else f"`{place}/`")
    if place != ".":
        found["CLAUDE.md"] = "@AGENTS.md\n"
    server = {"command": "publer-sync", "args": ["mcp", place]}
    found[".mcp.json"] = json.dumps({"mcpServers": {"publer-sync": server}}, indent=2) + "\n"
    return found


def _filled(name: str, words: Mapping[str, str]) -> str:
    return Template(packaged("templates", name)).substitute(words)


def _template_values(wishes: Wishes, found: Found) -> dict[str, str]:
    entries = {alias: f"  {alias}: {in_settings(account)}" for alias, account in found.accounts.items()}
    width = max(map(len, entries.values()))
    names = list(found.accounts)
    day = found.now.astimezone(time_zone(found.timezone)) + timedelta(days=7)
    first = next((alias for alias in names if _takes_text(found.accounts[alias])), names[0])
    state = f"state: {STATE_BRANCH}"
    return {
        "workspace": f"workspace: {scalar(found.workspace.id)}    # {one_line(found.workspace.name)}",
        "timezone": found.timezone,
        "state": f"{state}    # where publer-sync records what it has done"
        if wishes.github
        else f"# {state}    # where publer-sync records what it has done; needed for workflows and several machines",
        "accounts": "\n".join(
            f"{entry:<{width}}  # {one_line(found.accounts[alias].name)}" for alias, entry in entries.items()
        ),
        "pair": ", ".join(names[:2]),
        "names": ", ".join(f"`{name}`" for name in names),
        "alias": first,
        "network": code_of(found.accounts[first].provider),
        "day": f"{day:%a %Y-%m-%d}",
        "at": f"{day:%a %Y-%m-%d} 09:00",
        "launch": f"{day + timedelta(days=28):%a %Y-%m-%d}",
        "folder": shlex.quote(wishes.folder.as_posix()),
    }


def _takes_text(account: Account) -> bool:
    network = NETWORKS.get(account.provider)
    return network is not None and network.text_alone


# --- the end --------------------------------------------------------------------------------------------------------


def _summary(found: Found, step: str, wishes: Wishes, *, to_pull: bool) -> str:
    lines = [
        f"{one_line(found.workspace.name)}: {count(len(found.accounts), 'account')}, times in {found.timezone}."
    ]
    if wishes.github:
        lines.append(
            "For the workflows, add the key to the repository as the secret PUBLER_API_KEY "
            "(Settings, Secrets and variables, Actions)."
        )
    if wishes.form:
        lines.append(
            "For the form, let workflows open pull requests (Settings, Actions, General, "
            '"Allow GitHub Actions to create and approve pull requests").'
        )
    if wishes.github or wishes.form:
        lines.append(
            f"The workflows use publer-sync@v{__version__}, which has not been released yet: "
            "docs/github-action.md shows how to put a copy of the action into the repository."
        )
    lines += _one_place(wishes)
    if wishes.assistant:
        lines.append(
            "The assistant's tools need publer-sync with the extra mcp; docs/assistants.md says how people keep the last word."
        )
    if to_pull:
        lines.append(
            f"Publer has {count(found.ahead, 'post')} ahead. To bring them into the calendar: {step}"
        )
    else:
        lines.append(f"To see what apply would change: {step}")
    return "\n".join(lines)


def _one_place(wishes: Wishes) -> list[str]:
    """What settings that were there before need for the workflows: a runner's disk does not last."""
    settings = read(wishes.folder, posts=False).settings
    if not wishes.github or (settings.state or "").startswith(GIT):
        return []
    folder = [] if wishes.folder in (Path("calendar"), Path()) else ["--calendar", str(wishes.folder)]
    move = shlex.join(["publer-sync", "state", "mv", "--to", STATE_BRANCH, *folder])
    return [
        f"The workflows need the state on a branch. Write this into {wishes.folder / SETTINGS}:",
        f"\n  state: {STATE_BRANCH}\n",
        f"If the calendar was applied before, run this first, so that nothing is lost: {move}",
    ]


def _data(wishes: Wishes, found: Found, written: list[Path], kept: list[Path], step: str) -> InitDocument:
    return {
        "format_version": 1,
        "folder": wishes.folder.as_posix(),
        "workspace": {"id": found.workspace.id, "name": found.workspace.name},
        "timezone": found.timezone,
        "accounts": [
            {"alias": alias, "id": account.id, "name": account.name, "provider": account.provider}
            for alias, account in found.accounts.items()
        ],
        "written": [path.as_posix() for path in written],
        "kept": [path.as_posix() for path in kept],
        "posts_ahead": found.ahead,
        "next": step,
    }
