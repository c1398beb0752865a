"""Days on which calendars share accounts, keys and sign-offs, and what each command says of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.commands.terminal import HERE, NOW, SETTINGS, Terminal
from tests.stored import agrees

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.sandbox import Sandbox

LINKEDIN = "acc00000000000000001ed01"


@pytest.fixture
def terminal(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    (tmp_path / "home").mkdir()
    return Terminal(sandbox, tmp_path / "home", monkeypatch)


def posts(*lines: str) -> str:
    return "posts:\n" + "".join(f"- {{{line}}}\n" for line in lines)


@pytest.mark.slow
def test_calendars_that_share_an_account_and_its_slots(terminal: Terminal, sandbox: Sandbox) -> None:
    shared = "workspace: My Primary Workspace\ntimezone: Europe/Oslo\naccounts:\n  linkedin: {name: Company LinkedIn Page, shared: true}\nslots: {linkedin: [tue 10:00, thu 10:00]}\n"
    for name in ("a", "b"):
        terminal.write(f"{name}/publer.yaml", shared)
        terminal.write(
            f"{name}/wait.yaml", posts(f"id: {name}, at: next, accounts: linkedin, text: Of {name}")
        )
    terminal.write("b/there.yaml", posts("id: there, at: 2027-03-04 10:00, accounts: linkedin, text: There"))
    sandbox.add(account_id=LINKEDIN, at=NOW + timedelta(days=8, hours=1), text="Theirs")
    terminal.all(
        "fill a b --diff",
        "fill a b --diff --offline",
        "fill b a --diff --format json",
        "fill a b --yes",
        "plan a b",
        "apply a b --yes",
    )
    terminal.write(
        "a/store.yaml", "accounts: linkedin\nposts:\n- {id: tip, evergreen: {every: 1w}, text: Tip}\n"
    )
    terminal.all(
        "fill a b --evergreen --diff --until 2027-03-20",
        "fill a --evergreen --yes --until 2027-03-20",
        "apply a b --yes",
        "status a b",
        "results a b --by use",
    )
    agrees(HERE / "shared.md", terminal.said)


@pytest.mark.slow
def test_a_pull_of_words_to_which_somebody_said_yes(terminal: Terminal, sandbox: Sandbox) -> None:
    terminal.write(
        "calendar/publer.yaml", SETTINGS + "people: {kari: Kari}\nsignoff: [{by: kari, labels: [news]}]\n"
    )
    lines = [
        f"id: {name}, at: 2027-03-0{day} 09:00, accounts: x, text: {name}, labels: [news]"
        for day, name in ((3, "one"), (4, "two"))
    ]
    terminal.write("calendar/march.yaml", posts(*lines))
    terminal.all("approve --all --by kari --yes", "apply --yes")
    sandbox.edit(
        next(str(each["id"]) for each in sandbox.posts() if each["text"].strip() == "one"), text="Other words"
    )
    terminal.all("plan", "pull --diff", "pull --yes --format json", "plan", "log --approvals", "status")
    agrees(HERE / "pulled_yes.md", terminal.said)


def test_a_state_that_is_signed_and_one_that_somebody_changed(terminal: Terminal) -> None:
    run = terminal.run
    terminal.write("calendar/publer.yaml", SETTINGS)
    terminal.write("calendar/march.yaml", posts("id: one, at: 2027-03-03 09:00, accounts: x, text: One"))
    key = "k" * 40
    run("apply --yes", PUBLER_SYNC_STATE_KEY=key)
    run("plan", PUBLER_SYNC_STATE_KEY=key)
    run("plan")
    run("plan", PUBLER_SYNC_STATE_KEY="j" * 40)
    run("plan", PUBLER_SYNC_STATE_KEY=f"{'j' * 40},{key}")
    run("plan", PUBLER_SYNC_STATE_KEY="short")
    run("apply --yes --trust-state")
    run("plan")
    run("plan", PUBLER_SYNC_STATE_KEY=key)
    run("apply --yes --trust-state", PUBLER_SYNC_STATE_KEY=key)
    [file] = (
        path
        for path in (terminal.folder / "state").rglob("*.json")
        if "copies" in path.read_text(encoding="utf-8")
    )
    text = file.read_text(encoding="utf-8")
    assert "2027-03-03T08:00:00Z" in text
    file.write_text(text.replace("2027-03-03T08:00:00Z", "2027-03-03T09:00:00Z"), encoding="utf-8")
    for line in (
        "plan",
        "apply --yes",
        "status",
        "doctor",
        "hold --reason x --diff",
        "apply --yes --trust-state",
        "plan",
    ):
        run(line, PUBLER_SYNC_STATE_KEY=key)
    said = {name.replace(key, "KEY").replace("j" * 40, "OTHER"): text for name, text in terminal.said.items()}
    agrees(HERE / "signed.md", said)
