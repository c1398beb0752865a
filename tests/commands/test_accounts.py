"""What `accounts` lists, to be pasted into publer.yaml."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

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
