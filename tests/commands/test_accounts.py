"""What `accounts` lists, to be pasted into publer.yaml."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from publer_sync.commands import accounts
from publer_sync.sandbox import Seed, SeedAccount
from publer_sync.sandbox.seed import ONE_OF_EACH
from publer_sync.values.model import Account, Workspace
from tests.conftest import THREE

if TYPE_CHECKING:
    from publer_sync.sandbox import Sandbox
    from tests.conftest import Cli

FACEBOOK, X, _ = (account.id for account in THREE.accounts)


def test_accounts_that_need_someone_are_named_with_the_reason(cli: Cli, sandbox: Sandbox) -> None:
    sandbox.faults.approval, sandbox.faults.broken = frozenset({FACEBOOK}), frozenset({X})
    facebook, twitter, linkedin = cli("accounts").stdout.splitlines()[2:]
    assert facebook.endswith("# My Facebook Page, fb_page; posts wait for someone's approval in Publer")
    assert "cannot be used now: Publer has lost access to it: reconnect it in Publer" in twitter
    assert linkedin.endswith("# Company LinkedIn Page, in_page")


def test_the_document_tells_of_approval_and_trouble(cli: Cli, sandbox: Sandbox) -> None:
    sandbox.faults.approval, sandbox.faults.broken = frozenset({FACEBOOK}), frozenset({X})
    (workspace,) = json.loads(cli("accounts", "--format", "json").stdout)["workspaces"]
    told = [(account["needs_approval"], bool(account["trouble"])) for account in workspace["accounts"]]
    assert told == [(True, False), (False, True), (False, False)]


def test_details_are_what_posts_can_name_on_each_account(cli: Cli, sandbox: Sandbox) -> None:
    told = cli("accounts", "--details").stdout
    assert "\n# what posts on facebook can name\nsignature: Footer  # #yourbrand\nalbum: " in told
    (workspace,) = json.loads(cli("accounts", "--format", "json", "--details").stdout)["workspaces"]
    named = {each["name"]: [*each["details"]] for each in workspace["accounts"]}
    assert named["My Facebook Page"] == ["signature", "location", "album"]
    assert named["My X Account"] == ["signature"]
    assert cli("accounts", env={"PUBLER_WORKSPACE_ID": "nobody"}).stdout == "\n"
    sandbox.faults.trip("garbage", "GET", "signatures", times=99)
    ran = cli("accounts", "--details")
    assert (ran.code, ran.stderr.count("`signature` is left out: ")) == (0, 1), ran


def test_a_workspace_that_the_key_may_not_read_is_left_out(cli: Cli, sandbox: Sandbox) -> None:
    sandbox.add_workspace(
        Seed("5f00000000000000000bank1", "Bank", (SeedAccount("acc1", "linkedin", "The Bank"),))
    )
    sandbox.faults.trip("error_before", "GET", "accounts", status=403)
    ran = cli("accounts")
    assert ran.code == 0, ran
    assert [line for line in ran.stdout.splitlines() if "workspace: " in line] == [
        "workspace: 5f00000000000000000bank1    # Bank, role: owner"
    ]
    assert ran.stderr.startswith("workspace My Primary Workspace is left out: "), ran.stderr
    sandbox.faults.trip("error_before", "GET", "accounts", status=403, times=2)
    ran = cli("accounts")
    assert (ran.code, ran.stdout) == (1, ""), ran


def test_a_search_for_places_lists_them_with_all_else_that_posts_can_name(cli: Cli) -> None:
    (workspace,) = json.loads(cli("accounts", "--location", "Oslo", "--format", "json").stdout)["workspaces"]
    facebook = workspace["accounts"][0]["details"]
    assert [*facebook] == ["signature", "location", "album"]
    assert [(each["name"], each["about"]) for each in facebook["location"]] == [("Oslo", None)]
    assert [each["about"] for each in facebook["signature"]] == ["#yourbrand"]


def test_the_accounts_of_the_local_publer_need_no_key(cli: Cli) -> None:
    ran = cli("accounts", "--sandbox", env={"PUBLER_API_KEY": None})
    assert (ran.code, FACEBOOK in ran.stdout, ran.stdout.count("provider: ")) == (0, False, len(ONE_OF_EACH))


def test_what_publer_does_not_tell_of_a_workspace_and_an_account_is_left_out() -> None:
    page = Account("acc1", "Acme's page", "facebook")
    assert accounts.text([(Workspace("5f", "Acme"), [page], {})]).splitlines() == [
        "workspace: 5f    # Acme",
        "accounts:",
        "  facebook: {id: acc1, provider: facebook}  # Acme's page",
    ]
