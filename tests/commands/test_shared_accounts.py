"""Two calendars of one account, and two of one name: told before either removes what the other one has."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.sandbox import Sandbox
from tests.commands.test_several import seed
from tests.conftest import QUICK, Ran, run_here
from tests.ledger.git_world import git
from tests.system.worlds import DAY, T, Want

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.story

ONE = seed(1, "fjordlight")
SETTINGS = "workspace: fjordlight\ntimezone: UTC\naccounts: {{x: {account}}}\n{more}"


@pytest.fixture
def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """Two calendars of one account, in one repository."""
    monkeypatch.chdir(tmp_path)
    git(tmp_path, "init", "-q", "--template=")
    for name in ("acme", "globex"):
        settings(name)
    write("acme", Want("one", "x", T, "Of acme"))
    write("globex", Want("two", "x", T + DAY, "Of globex"))
    with Sandbox(ONE, poll_seconds=QUICK) as served:
        monkeypatch.setenv("PUBLER_API_KEY", "k")
        monkeypatch.setenv("PUBLER_BASE_URL", served.url)
        monkeypatch.setenv("PUBLER_SYNC_POLL_SECONDS", str(QUICK))
        yield served


def settings(name: str, account: str = "", more: str = "") -> None:
    Path(name).mkdir(exist_ok=True)
    account = account or ONE.accounts[0].id
    Path(name, "publer.yaml").write_text(SETTINGS.format(account=account, more=more))


def write(name: str, *wants: Want) -> None:
    Path(name, "posts.yaml").write_text("posts:\n" + "".join(want.yaml() for want in wants))


def run(*words: str) -> Ran:
    import os

    return run_here(words, dict(os.environ))


def warned(name: str) -> list[str]:
    plan: Any = json.loads(run("plan", name, "--format", "json").stdout)
    return [warn["message"] for warn in plan["warnings"] if warn["code"] == "account.shared"]


def test_an_account_of_two_calendars_is_a_warning_until_one_of_them_says_that_it_is_meant(
    sandbox: Sandbox,
) -> None:
    assert run("apply", "acme", "--yes").code == 0
    assert warned("acme") == []
    [message] = warned("globex")
    assert message.startswith("x is managed by the calendar acme as well; if that is meant: x: {name: ")
    assert run("apply", "globex", "--yes").code == 0
    assert len(warned("acme")) == 1
    line = message.partition("if that is meant: x: ")[2]
    settings("globex", line)
    assert warned("globex") == []
    assert run("apply", "globex", "--yes").code == 0
    assert warned("acme") == [], "one line is enough"


def test_a_calendar_that_is_gone_shares_nothing(sandbox: Sandbox) -> None:
    assert run("apply", "acme", "--yes").code == 0
    Path("acme", "publer.yaml").unlink()
    assert warned("globex") == []


def test_two_that_begin_in_one_command_are_an_error_and_nothing_is_sent(sandbox: Sandbox) -> None:
    ran = run("apply", "acme", "globex", "--yes", "--format", "json")
    assert ran.code == 3
    found = {
        problem["code"]
        for each in json.loads(ran.stdout)["calendars"]
        for problem in each["result"].get("problems", ())
    }
    assert found == {"account.shared"}
    assert sandbox.posts() == []
    settings("acme", f"{{id: {ONE.accounts[0].id}, shared: true}}")
    assert run("apply", "acme", "globex", "--yes").code == 0
    assert len(sandbox.posts()) == 2


def test_two_of_one_name_in_one_command_are_an_error_but_never_for_a_hold(sandbox: Sandbox) -> None:
    for name in ("acme", "globex"):
        settings(name, more="name: brand\n")
    ran = run("plan", "acme", "globex")
    assert ran.code == 3
    assert "acme and globex have one name, brand" in " ".join(ran.stderr.split() + ran.stdout.split())
    assert run("hold", "acme", "globex", "--reason", "Accident", "--yes").code != 3
    settings("globex", more="name: brand-2\n")
    assert run("plan", "acme").code == 0
