"""The sandbox as an object: a colleague's hands, and what the tests themselves rest on."""

from __future__ import annotations

import socket
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.sandbox.conftest import FACEBOOK, LINKEDIN, NOW, Client, X, item

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.sandbox import Sandbox
    from tests.conftest import Cli


# --- a colleague's hands ----------------------------------------------------------------------------------------------


def test_a_colleague_adds_edits_and_removes(client: Client) -> None:
    one_id = client.sandbox.add(
        account_id=X, at=NOW + timedelta(hours=1), text="theirs", url="https://example.com", label="x"
    )
    client.sandbox.edit(
        one_id, text="edited", at=NOW + timedelta(hours=2), state="draft", account_id=LINKEDIN, title="T"
    )
    (post,) = client.listed()
    assert (post["text"], post["title"], post["state"], post["account_id"]) == (
        "edited",
        "T",
        "draft",
        LINKEDIN,
    )
    assert post["scheduled_at"] == "2027-03-01T12:00:00.000+02:00"
    assert post["user"]["name"] == "A colleague"
    client.sandbox.edit(one_id, text="again")
    assert client.texts() == ["again"]
    client.sandbox.remove(one_id)
    assert client.sandbox.posts() == []


def test_a_colleague_cannot_touch_what_is_not_there(at_eight: Sandbox) -> None:
    for deed in (
        lambda: at_eight.edit("x", text=""),
        lambda: at_eight.remove("x"),
        lambda: at_eight.add(account_id="x", at=NOW, text=""),
    ):
        with pytest.raises(KeyError):
            deed()


def test_a_colleagues_post_holds_its_minute(client: Client) -> None:
    client.sandbox.add(account_id=FACEBOOK, at=NOW + timedelta(hours=1), text="theirs")
    assert len(client.create(item())) == 1


# --- what the tests themselves rest on --------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 80)])
def test_no_test_leaves_this_machine(address: tuple[str, int]) -> None:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as out, pytest.raises(pytest.fail.Exception, match="opened a connection"):
        out.connect(address)


def test_no_test_looks_up_a_name() -> None:
    with pytest.raises(pytest.fail.Exception, match=r"looked up app\.publer\.com"):
        socket.create_connection(("app.publer.com", 443))


def test_the_command_line_meets_the_sandbox(cli: Cli, sandbox: Sandbox) -> None:
    ran = cli("accounts")
    assert (ran.code, "My Facebook Page" in ran.stdout) == (0, True)
    assert {request.status for request in sandbox.requests} == {200}
    assert cli("accounts", env={"PUBLER_API_KEY": None}).code == 1


def test_a_file_where_the_sandbox_keeps_its_folder_is_named(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "publer.yaml").write_text(
        "timezone: Europe/Oslo\naccounts: {x: Fjordlight}\n", encoding="utf-8"
    )
    (tmp_path / ".publer-sync").write_text("", encoding="utf-8")
    ran = cli("plan", tmp_path, "--sandbox")
    assert ran.code == 1
    assert ".publer-sync cannot be used as a folder" in ran.stderr
