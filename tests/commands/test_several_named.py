"""What is named for several calendars at once: folders, accounts, files, and how they end beside each other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.system.worlds import T

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.sandbox import Sandbox
    from tests.conftest import Cli

ACCOUNTS = {
    "facebook": "acc00000000000000000fb01",
    "x": "{id: acc000000000000000002701, provider: twitter, shared: true}",
    "linkedin": "acc00000000000000001ed01",
}


@pytest.fixture
def client(tmp_path: Path) -> Client:
    """acme is on Facebook, bank on LinkedIn, and each has a post."""
    client = Client(tmp_path)
    client.has("acme", "facebook")
    client.has("bank", "linkedin")
    return client


class Client:
    def __init__(self, home: Path) -> None:
        self.home = home

    def has(self, name: str, *accounts: str, more: str = "") -> None:
        top = self.home / name
        top.mkdir(exist_ok=True)
        listed = "".join(f"  {each}: {ACCOUNTS[each]}\n" for each in accounts)
        (top / "publer.yaml").write_text(
            f"workspace: My Primary Workspace\ntimezone: UTC\n{more}accounts:\n{listed}"
        )
        self.post(name, f"{{id: {name}, at: {T:%Y-%m-%d} 09:00, accounts: {accounts[0]}, text: Of {name}}}")

    def post(self, name: str, line: str) -> None:
        (self.home / name / "posts.yaml").write_text(f"posts:\n- {line}\n")


BOTH = ("acme", "bank")


def test_accounts_are_those_that_each_calendar_has(client: Client, cli: Cli) -> None:
    def plan(*accounts: str, command: tuple[str, ...] = ("plan",)) -> tuple[int, str, str]:
        ran = cli(*command, *BOTH, *(word for each in accounts for word in ("--account", each)))
        return ran.code, ran.stdout, ran.stderr

    code, out, err = plan("facebook")
    assert (code, "Of acme" in out, "bank" in out) == (0, True, False)
    assert "bank has no such account: it is left out.\n" in err
    code, out, err = plan("facebook", "linkedin")
    assert (code, "Of acme" in out, "Of bank" in out, "left out" in err) == (0, True, True, False)
    for accounts in (("nobody",), ("facebook", "nobody")):
        code, out, err = plan(*accounts)
        assert (code, out) == (64, "")
        assert '--account: none of these calendars has an account "nobody"' in err
    hold = ("hold", "--reason", "Storm", "--diff")
    # A hold does what can be done: an account that no calendar has is told in each one's turn.
    _, out, err = plan("facebook", "nobody", command=hold)
    assert ("acme" in out, "bank" in out, "bank has no such account: it is left out." in err) == (
        True,
        False,
        True,
    )
    _, out, err = plan("nobody", command=hold)
    assert ("acme" in out, "bank" in out, "left out" in err) == (True, True, False)
    client.post("bank", "{at: never, accounts: linkedin, text: Words}")
    code, out, err = plan("facebook")
    assert (code, "bank" in out, "bank has no such account" in err) == (0, False, True), (
        "whatever its posts are"
    )
    (client.home / "bank" / "posts.yaml").unlink()
    (client.home / "bank" / "publer.yaml").write_text("timezone: UTC\n")
    code, out, err = plan("facebook")
    assert (code, "bank" in out, "bank has no such account" in err) == (0, False, True)
    (client.home / "bank" / "publer.yaml").write_text("accounts: [[\n")
    code, out, err = plan("facebook")
    assert (code, "Of acme" in out, "bank" in out) == (3, True, True)


def test_what_serves_one_calendar_is_refused_for_several(client: Client, cli: Cli, tmp_path: Path) -> None:
    one = str(tmp_path / "one.json")
    for words, why in (
        (("--out", "plan.json"), "--out names one file, and there are 2 calendars"),
        (("--state", one), "--state names one file, and there are 2 calendars"),
        (("posts.yaml",), '"posts.yaml" is a file, and several calendars must be folders'),
        (("nowhere",), 'the calendar "nowhere" does not exist'),
    ):
        (tmp_path / "posts.yaml").touch()
        ran = cli("plan", *BOTH, *words)
        assert (ran.code, ran.stdout, why in ran.stderr) == (64, "", True), ran
    for name in ("media", "notes"):
        (tmp_path / name).mkdir()
    for line in ("plan", "apply --yes", "hold --reason Storm --yes", "validate"):
        command, *options = line.split()
        ran = cli(command, "media", "notes", *options)
        assert (ran.code, ran.stdout, "these folders have no calendar" in ran.stderr) == (64, "", True), ran
    assert cli("plan", "acme", "media").code == 0, "as clients/* may name more than calendars"
    ran = cli("plan", "posts.yaml")
    assert (ran.code, '"posts.yaml" is a file; a calendar is a folder' in ran.stderr) == (64, True)
    ran = cli("plan", *BOTH, env={"PUBLER_SYNC_STATE": one})
    assert (ran.code, "PUBLER_SYNC_STATE names one file" in ran.stderr) == (64, True)
    assert "names one file" not in cli("log", *BOTH, "--state", "git:one.json").stderr, "a branch is none"
    for command in ("plan", "log"):
        assert cli(command, "acme", "--state", one).code == 0, "one calendar may have it"
    assert cli("plan", *BOTH, "--state", str(tmp_path / "folder")).code == 0
    rehearsal = ("plan", *BOTH, "--sandbox", "--out", "plan.json")
    assert cli(*rehearsal, env={"PUBLER_API_KEY": None}).code == 64, "a rehearsal needs no key"
    ran = cli("plan", *BOTH, env={"PUBLER_API_KEY": None})
    assert (ran.code, ran.stdout, ran.stderr.count("error: ")) == (1, "", 1)
    client.has("bank", "linkedin", more="name: ACME\n")
    ran = cli("plan", *BOTH)
    assert (ran.code, ran.stdout) == (3, "")
    assert "the calendars in acme and bank have one name, ACME" in ran.stderr


@pytest.mark.story
def test_one_that_is_wrong_stops_no_other_and_is_told_in_each_format(client: Client, cli: Cli) -> None:
    client.post("bank", "{at: never, accounts: linkedin, text: Words}")
    ran = cli("apply", *BOTH, "--yes")
    assert (ran.code, "1 post done" in ran.stdout, "never" in ran.stdout) == (3, True, True), ran
    page = cli("plan", *BOTH, "--format", "markdown")
    assert (page.code, "acme" in page.stdout, "never" in page.stdout) == (3, True, True)
    table = cli("results", *BOTH, "--format", "csv")
    assert (table.code, len(table.stdout.splitlines()), "bank: 1 error in the calendar" in table.stderr) == (
        3,
        1,
        True,
    )
    ran = cli("validate", *BOTH, "--format", "concise")
    assert (ran.code, [line.partition(":")[0] for line in ran.stdout.splitlines()]) == (
        3,
        ["bank/posts.yaml"],
    )
    client.post("bank", f"{{at: {T:%Y-%m-%d} 10:00, accounts: linkedin, text: Words}}")
    assert cli("validate", *BOTH, "--format", "concise")[:2] == (0, "")
    assert cli("plan", *BOTH, "--format", "markdown").code == 0


def test_what_another_of_them_has_in_its_files_is_pulled_into_none(
    client: Client, cli: Cli, sandbox: Sandbox
) -> None:
    client.has("acme", "facebook", "x")
    client.has("bank", "x")
    sandbox.add(account_id="acc000000000000000002701", at=T, text="Of bank")
    ran = cli("pull", *BOTH, "--diff", "--format", "json")
    found = {each["calendar"]: each["result"] for each in json.loads(ran.stdout)["calendars"]}
    assert [found[name]["files"] for name in BOTH] == [[], []]
    alone = json.loads(cli("pull", "acme", "--diff", "--format", "json").stdout)
    assert len(alone["files"]) == 1


def test_what_was_meant_for_one_client_and_stands_at_another_is_told(client: Client, cli: Cli) -> None:
    words = "These are seven words of one client"
    for name, account in (("acme", "facebook"), ("bank", "linkedin")):
        client.post(name, f"{{at: {T:%Y-%m-%d} 09:00, accounts: {account}, text: {words}}}")
        settings = client.home / name / "publer.yaml"
        settings.write_text(settings.read_text().replace("My Primary Workspace", name))
    assert "client.text" in cli("validate", *BOTH).stdout
    assert "client.text" not in cli("validate", "acme").stdout
