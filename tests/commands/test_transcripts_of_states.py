"""Days on which calendars are renamed, copied, left and found again, and what each command says of their states."""

from __future__ import annotations

import shutil
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.commands.terminal import HERE, NOW, SETTINGS, Terminal
from tests.ledger.git_world import git
from tests.stored import agrees

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.sandbox import Sandbox

FACEBOOK, X, LINKEDIN = "acc00000000000000000fb01", "acc000000000000000002701", "acc00000000000000001ed01"


@pytest.fixture
def terminal(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    (tmp_path / "home").mkdir()
    return Terminal(sandbox, tmp_path / "home", monkeypatch)


def posts(*lines: str) -> str:
    return "posts:\n" + "".join(f"- {{{line}}}\n" for line in lines)


def begun(terminal: Terminal, name: str, alias: str, *, more: str = "") -> None:
    account = next(line for line in SETTINGS.splitlines() if line.startswith(f"  {alias}:"))
    settings = f"workspace: My Primary Workspace\ntimezone: Europe/Oslo\naccounts:\n{account}\n{more}"
    terminal.write(f"{name}/publer.yaml", settings)
    lines = [
        f"id: {name}-{day}, at: 2027-03-0{day} 09:00, accounts: {alias}, text: {name} {day}" for day in (2, 3)
    ]
    terminal.write(f"{name}/march.yaml", posts(*lines))


@pytest.mark.slow
def test_calendars_that_left_and_came_back(terminal: Terminal, sandbox: Sandbox) -> None:
    run = terminal.run
    git(terminal.folder, "init", "-q", "--template=")
    begun(terminal, "acme", "facebook")
    begun(terminal, "bank", "x")
    run("apply acme bank --yes")
    shutil.move(terminal.folder / "bank", terminal.folder / "away")
    terminal.all(
        "plan acme",
        "status acme",
        "status acme --format json",
        "apply acme --yes",
        "log acme",
        "log --state-name bank acme",
    )
    shutil.move(terminal.folder / "away", terminal.folder / "bank")
    run("plan bank")
    shutil.rmtree(terminal.folder / "bank")
    terminal.all(
        "plan acme",
        "apply acme --gone nothing --yes",
        "apply acme --gone acme --yes",
        "apply acme --gone bank --yes --account facebook",
    )
    run("apply acme --gone bank", asks="no\n")
    terminal.all("apply acme --gone bank --yes", "plan acme", "apply acme --gone bank --yes")
    begun(terminal, "cafe", "linkedin")
    run("apply cafe --yes")
    shutil.rmtree(terminal.folder / "cafe")
    terminal.all(
        "forget --all --state-name cafe --calendar acme --diff",
        "forget --all --state-name Cafe --calendar acme --yes --format json",
    )
    terminal.all(
        "forget --all --state-name cafe --calendar acme --yes",
        "plan acme",
        "results acme",
        "explain acme-2 --calendar acme",
    )
    agrees(HERE / "left.md", terminal.said)


def test_calendars_that_were_renamed_and_copied(terminal: Terminal, sandbox: Sandbox) -> None:
    run = terminal.run
    begun(terminal, "acme", "facebook")
    run("apply acme --yes")
    shutil.copytree(terminal.folder / "acme", terminal.folder / "copy")
    terminal.all(
        "plan copy",
        "apply copy --yes",
        "plan acme copy",
        "hold copy --reason x --yes",
        "status copy",
        "forget --all --calendar copy --yes",
    )
    shutil.rmtree(terminal.folder / "copy")
    shutil.move(terminal.folder / "acme", terminal.folder / "Acme")
    terminal.all("plan Acme", "apply Acme --yes", "status Acme", "log Acme")
    shutil.move(terminal.folder / "Acme", terminal.folder / "umbrella")
    terminal.all(
        "plan umbrella",
        "apply umbrella --yes",
        "status umbrella",
        "doctor umbrella",
        "hold umbrella --reason x --diff",
    )
    run("state mv --calendar umbrella --from Acme --diff")
    run("state mv --calendar umbrella --from acme", asks="no\n")
    run("state mv --calendar umbrella --from acme --yes --format json")
    run("state mv --calendar umbrella --from acme --yes")
    terminal.all(
        "plan umbrella",
        "log umbrella --verbose",
        "forget umbrella-2 --calendar umbrella --yes",
        "forget acme-2 --calendar umbrella --yes",
    )
    terminal.all(
        "plan umbrella",
        "plan umbrella --state elsewhere",
        "apply umbrella --yes --state elsewhere",
        "plan umbrella --first",
        "apply umbrella --first --yes",
    )
    begun(terminal, "acme", "x")
    terminal.all(
        "plan acme",
        "apply acme --yes",
        "state mv umbrella --calendar acme --yes",
        "state mv --calendar acme --yes",
    )
    agrees(HERE / "renamed.md", terminal.said)


@pytest.mark.story
def test_posts_that_move_from_one_calendar_to_another(terminal: Terminal, sandbox: Sandbox) -> None:
    run = terminal.run
    begun(terminal, "acme", "facebook", more="  x: {name: My X Account, shared: true}\n")
    begun(terminal, "bank", "x")
    terminal.write("acme/x.yaml", posts("id: goes, at: 2027-03-05 09:00, accounts: x, text: Goes"))
    run("apply acme bank --yes")
    terminal.write("acme/x.yaml", None)
    terminal.write("bank/x.yaml", posts("id: goes, at: 2027-03-05 09:00, accounts: x, text: Goes"))
    terminal.all(
        "plan bank",
        "plan acme",
        "plan acme bank",
        "apply bank --yes",
        "plan acme bank",
        "explain goes --calendar bank",
        "log bank --verbose",
    )
    terminal.write("bank/x.yaml", posts("id: goes, at: 2027-03-06 09:00, accounts: x, text: Goes on"))
    terminal.write("acme/x.yaml", posts("id: goes, at: 2027-03-06 09:00, accounts: x, text: Goes on"))
    terminal.all("plan acme bank", "apply acme bank --yes")
    run("apply acme bank --yes --format json")
    agrees(HERE / "moved_between.md", terminal.said)


@pytest.mark.slow
def test_a_workspace_in_which_somebody_begins(terminal: Terminal, sandbox: Sandbox) -> None:
    run = terminal.run
    sandbox.add(account_id=FACEBOOK, at=NOW + timedelta(days=3), text="Ahead")
    sandbox.add(account_id=X, at=NOW + timedelta(days=4), text="A draft", state="draft")
    sandbox.add(account_id=X, at=NOW - timedelta(days=1), text="Out", state="published")
    run("init", asks="no\n")
    run("init calendar --yes --timezone Europe/Oslo --format json")
    terminal.read("calendar/publer.yaml")
    terminal.all(
        "pull --diff",
        "pull --yes",
        "plan",
        "apply --yes",
        "status",
        "results",
        "export --out posts.ics",
        "calendars",
    )
    run("init second --yes --timezone Europe/Oslo --account facebook")
    run("init third --timezone UTC", asks="1\n\nyes\n")
    run("init calendar --yes --timezone Europe/Oslo --github")
    run("init calendar --yes --form --assistant")
    terminal.all(
        "completion bash",
        "completion zsh",
        "completion fish",
        "completion tcsh",
        "schema plan",
        "schema nothing",
    )
    agrees(HERE / "begin.md", terminal.said)
