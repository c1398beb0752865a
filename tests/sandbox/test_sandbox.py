"""The sandbox as an object: a colleague's hands, and what the tests themselves rest on."""

from __future__ import annotations

import json
import socket
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.sandbox import Faults
from tests.sandbox.conftest import FACEBOOK, LINKEDIN, NEVER, NOW, Client, X, item
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.sandbox import Sandbox
    from tests.conftest import Cli, MakeSandbox


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


def test_a_time_can_be_taken_away_and_a_post_hidden_from_lists(client: Client) -> None:
    one_id = client.sandbox.add(account_id=X, at=NOW + timedelta(hours=1), text="theirs", id="17")
    assert one_id == "17"
    client.sandbox.edit(one_id, at=None)
    assert [post["scheduled_at"] for post in client.listed("")] == [None]
    client.sandbox.edit(one_id, visible=2e9)
    assert client.listed("") == []
    assert [(post["id"], post["visible"]) for post in client.sandbox.posts()] == [(17, False)]


@each_of("new", ["acc000000000000000000999", None])
def test_an_account_is_connected_again_under_another_id(make_sandbox: MakeSandbox, new: str | None) -> None:
    client = Client(make_sandbox(now=lambda: NOW))
    client.sandbox.add(account_id=X, at=NOW + timedelta(hours=1), text="before")
    client.sandbox.reconnect(X, new)
    accounts = {each["id"]: (each["provider"], each["name"]) for each in client("GET", "/accounts").data}
    assert X not in accounts
    assert len(accounts) == (3 if new else 2)
    assert accounts.get(str(new)) == (("twitter", "My X Account") if new else None)
    assert [(post["text"], post["account_id"]) for post in client.listed()] == [("before", X)]


def test_lists_show_a_post_from_its_moment_on(make_sandbox: MakeSandbox, wall: list[float]) -> None:
    client = Client(make_sandbox(now=lambda: NOW))
    one_id = client.sandbox.add(account_id=X, at=NOW + timedelta(hours=1), text="theirs")
    for seconds, shown in ((0.0, True), (0.1, False)):
        client.sandbox.edit(one_id, visible=wall[0] + seconds)
        assert [post["visible"] for post in client.sandbox.posts()] == [shown]
        assert bool(client.listed()) is shown


def test_what_is_seen_in_the_sandbox_is_what_publer_keeps(make_sandbox: MakeSandbox) -> None:
    """Every key, in UTC, whatever lists leave out, and what was sent."""
    faults = Faults(omit=frozenset({"text"}), state_words={"scheduled": "queued"}, list_delay=NEVER)
    client = Client(make_sandbox(now=lambda: NOW, faults=faults))
    client.queue(item())
    time.sleep(0.02)
    (post,) = client.sandbox.posts()
    assert (post["text"], post["state"], post["visible"]) == ("Hello", "scheduled", False)
    assert (post["at"], post["scheduled_at"]) == (NOW + timedelta(hours=1), "2027-03-01T09:00:00.000+00:00")
    assert post["sent"]["network"] == {"type": "status", "text": "Hello"}


@each_of(
    "kind, more, status, body",
    [
        ("error_before", {}, 500, "not modelled"),
        ("error_before", {"status": 503}, 503, "not modelled"),
        ("error_after", {}, 502, "Bad gateway"),
        ("error_after", {"status": 504}, 504, "Bad gateway"),
        ("cloudflare_limit", {}, 429, "Error 1015"),
        ("redirect", {}, 307, ""),
        ("html", {}, 200, "<!DOCTYPE html>"),
        ("empty", {}, 200, ""),
        ("blocked", {}, 403, "error code: 1010"),
        ("upgrade", {}, 403, "Please upgrade"),
        ("limited", {}, 429, "Rate limit"),
        ("slow", {}, 200, "My Primary Workspace"),
    ],
)
def test_what_goes_wrong_with_an_answer(client: Client, kind: Any, more: Any, status: int, body: str) -> None:
    client.sandbox.faults.trip(kind, "GET", **more)
    reply = client("GET", "/workspaces")
    text = reply.data.decode() if isinstance(reply.data, bytes) else json.dumps(reply.data)
    assert (reply.status, body in text) == (status, True)
    assert bool(text) is bool(body)
    assert reply.headers.get("Location") == ("/api/v1/posts" if kind == "redirect" else None)
    assert client.sandbox.requests[-1].status == status


def test_half_an_answer_is_no_answer(client: Client) -> None:
    whole = client("GET", "/workspaces").data
    client.sandbox.faults.trip("garbage", "GET")
    half = client("GET", "/workspaces").data
    assert half == json.dumps(whole).encode()[: len(json.dumps(whole)) // 2] + b"\xff"


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
