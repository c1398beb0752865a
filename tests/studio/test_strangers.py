"""Who may ask the studio's server, and in which form: everything else is answered with a sentence, and changes nothing."""

from __future__ import annotations

import json
import socket
import time
from contextlib import suppress
from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest

from publer_sync.previewing import loopback
from publer_sync.studio import serving
from publer_sync.studio.guarding import HEADER
from publer_sync.studio.uploads import MOST_BYTES as MOST_MEDIA
from publer_sync.values.errors import SettingsError
from tests.conftest import PATIENCE
from tests.studio.desk import Desk, desk_of
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHANGE = "/studio/change"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    top = tmp_path_factory.mktemp("strangers") / "calendar"
    top.mkdir()
    (top / "publer.yaml").write_text("timezone: UTC\naccounts: {x: Me}\n")
    (top / "posts.yaml").write_text("posts:\n- {id: one, at: 2027-03-03 09:00, accounts: x, text: One}\n")
    with desk_of(top) as made:
        yield made


@pytest.fixture(autouse=True)
def _unchanged(desk: Desk) -> Iterator[None]:
    before = desk.read("posts.yaml")
    yield
    assert desk.read("posts.yaml") == before


def order(desk: Desk) -> bytes:
    """A change that would be made, if its sender were let in."""
    post = desk.post("one")
    return json.dumps(
        {"key": post["key"], "revision": post["revision"], "do": {"move": {"day": "2027-03-04"}}}
    ).encode()


@pytest.mark.parametrize(
    "headers",
    [
        {HEADER: None},
        {HEADER: "x"},
        {"Cookie": None},
        {"Cookie": "publer-sync-studio-1=x"},
        {"Cookie": "publer-sync-studio-PORT=x"},
        {"Cookie": "publer-sync-studio-PORT="},
        {"Cookie": "=;;\x7f=\x7f"},
        {"Cookie": "a,b=1"},
        {"Host": "evil.example"},
        {"Host": None},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": None},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_strangers_change_nothing(desk: Desk, headers: dict[str, str | None]) -> None:
    body = order(desk)
    if headers.get("Host", "") is None:
        headers = {"Host": "127.0.0.1"}
    if cookie := headers.get("Cookie"):
        headers = {"Cookie": cookie.replace("PORT", f"{desk.server.port}")}
    told = desk.ask("POST", CHANGE, body, headers)
    assert told.status == 403
    assert not any(name.lower().startswith("access-control") for name in told.headers)


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"Content-Type": "text/plain"}, b"{}", 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"do=1", 415),
        ({"Content-Type": None}, b"{}", 415),
        ({"Content-Length": str(2 << 20)}, b"", 413),
        ({"Content-Length": "-1"}, b"", 411),
        ({"Content-Length": "1e3"}, b"", 411),
        ({"Transfer-Encoding": "chunked"}, b"0\r\n\r\n", 411),
        ({}, b"{", 400),
        ({}, b"[" * 100_000, 400),
        ({}, b'"\\ud800"', 400),
        ({}, b"[]", 400),
        ({}, b'{"do": {}}', 400),
        ({}, b'{"do": {"move": {"day": 3}}, "key": "0-1"}', 400),
        ({}, b'{"do": {"shell": {}}, "key": "0-1"}', 400),
        ({}, b'{"do": {"move": {}, "remove": {}}, "key": "0-1"}', 400),
        ({}, b'{"do": {"move": {}}}', 400),
        ({}, b'{"do": {"remove": {}}, "key": "0-1", "posts": [{"key": "0-1", "revision": ""}]}', 400),
        ({}, b" " * (1 << 20), 400),
    ],
)
def test_other_forms_are_refused(
    desk: Desk, headers: dict[str, str | None], body: bytes, status: int
) -> None:
    told = desk.ask("POST", CHANGE, body, headers)
    assert (told.status, bool(told.say)) == (status, True)


def test_whatever_goes_wrong_is_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for error, say in (
        (SettingsError("it cannot be read", hint="Move it back."), "it cannot be read\nMove it back."),
        (SettingsError("it cannot be read"), "it cannot be read"),
        (ZeroDivisionError(), "publer-sync itself failed (ZeroDivisionError). Reload the page."),
    ):
        monkeypatch.setattr(desk.studio, "outline", Mock(side_effect=error))
        told = desk.ask("GET", "/studio/outline")
        assert (told.status, told.say) == (500, say)
    assert "ZeroDivisionError" in capsys.readouterr().err


@pytest.mark.parametrize(
    "file",
    [
        "../out.yaml",
        "sub/../../out.yaml",
        "OUTSIDE",
        ".hidden.yaml",
        "publer.yaml",
        "notes.txt",
        "a.md",
        "linked/out.yaml",
        "link.yaml",
    ],
)
def test_a_new_post_stays_in_the_calendar_whatever_file_is_asked_for(desk: Desk, file: str) -> None:
    outside = desk.top.parent / "outside"
    outside.mkdir(exist_ok=True)
    if not (desk.top / "linked").is_symlink():
        (desk.top / "linked").symlink_to(outside, target_is_directory=True)
        (outside / "there.yaml").write_text("posts: []\n")
        (desk.top / "link.yaml").symlink_to(outside / "there.yaml")
    file = f"{outside}/out.yaml" if file == "OUTSIDE" else file
    name = desk.get("/studio/posts")["calendars"][0]["name"]
    before = {path for path in desk.top.parent.rglob("*") if path.is_file()}
    new = {
        "calendar": name,
        "day": "2027-03-09",
        "time": "10:00",
        "accounts": ["x"],
        "text": "Out",
        "file": file,
    }
    told = desk.send(CHANGE, {"do": {"new": new}})
    assert (told.status, "can't hold posts of this calendar" in told.say) == (422, True)
    assert {path for path in desk.top.parent.rglob("*") if path.is_file()} == before


def test_a_new_post_never_goes_into_a_folder_that_is_another_calendar(desk: Desk) -> None:
    (desk.top / "brand").mkdir()
    (desk.top / "brand" / "publer.yaml").write_text("timezone: UTC\naccounts: {x: Other}\n")
    name = desk.get("/studio/posts")["calendars"][0]["name"]
    new = {"calendar": name, "day": "2027-03-09", "time": "10:00", "accounts": ["x"], "text": "In"}
    told = desk.send(CHANGE, {"do": {"new": {**new, "file": "brand/march.yaml"}}})
    assert (told.status, "belongs to another calendar, brand" in told.say) == (422, True)
    assert [path.name for path in (desk.top / "brand").iterdir()] == ["publer.yaml"]


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/", {}, 200),
        ("/", {"Cookie": None}, 403),
        ("/?token=wrong", {"Cookie": None}, 403),
        ("/studio/posts", {HEADER: None}, 403),
        ("/studio/posts", {HEADER: "x"}, 403),
        ("/studio/changes", {HEADER: None}, 403),
        ("/studio/cards?keys=0-1", {HEADER: None}, 403),
        ("/studio/posts", {"Cookie": None}, 403),
        ("/studio/events", {"Cookie": None}, 403),
        ("/studio/posts", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("/", {"Sec-Fetch-Site": "same-site"}, 403),
        ("/", {"Sec-Fetch-Site": "none"}, 200),
        ("/studio/studio.js", {}, 200),
        ("/studio/../posts.yaml", {}, 404),
        ("/studio/%2e%2e/posts.yaml", {}, 404),
        ("/posts.yaml", {}, 404),
        (CHANGE, {}, 404),
    ],
)
def test_reading_needs_the_cookie(desk: Desk, path: str, headers: dict[str, str | None], status: int) -> None:
    told = desk.ask("GET", path, None, headers)
    assert told.status == status
    if status == 403:
        assert b"One" not in told.raw


def test_what_is_answered_can_neither_be_framed_nor_guessed(desk: Desk) -> None:
    for path in ("/", "/studio/posts", "/studio/studio.js", "/nothing"):
        headers = desk.ask("GET", path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-store"
    entered = Desk(desk.server, desk.top).enter(desk.server.guard.token)
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= {
        each.strip() for each in entered.headers["Set-Cookie"].split(";")
    }


def test_the_address_works_once_and_gives_neither_its_token_nor_another_secret_away(desk: Desk) -> None:
    token = desk.server.guard.token
    told: list[str] = []
    desk.server.ask_in = told.append
    first = Desk(desk.server, desk.top)
    assert first.enter(token).status == 200
    assert first.posts
    assert len({token, first.cookie.partition("=")[2], first.secret}) == 3
    for _ in range(3):
        second = Desk(desk.server, desk.top)
        answer = second.enter(token)
        assert (answer.status, second.cookie, second.secret) == (403, "", "")
        assert b"each works once" in answer.raw
    assert told == [desk.server.entrance]  # once, however many ask
    assert Desk(desk.server, desk.top).enter(desk.server.guard.token).status == 200
    # Its own browser, again.
    assert first.ask("GET", f"/?token={token}", headers={HEADER: None}).status == 200


def test_the_cookie_alone_reads_and_writes_nothing(desk: Desk) -> None:
    """Every server on this machine gets it: cookies know no ports."""
    body = order(desk)
    thief = Desk(desk.server, desk.top, cookie=desk.cookie)
    for path in (
        "/",
        "/?page=",
        "/?page=x",
        "/studio/posts",
        "/studio/changes",
        "/studio/cards?keys=0-1",
        "/studio/ticket",
    ):
        assert b"One" not in thief.ask("GET", path).raw
        assert desk.secret.encode() not in thief.ask("GET", path).raw
    for path in (
        CHANGE,
        "/studio/undo",
        "/studio/ticket",
        "/studio/kept",
        "/studio/review",
        "/studio/days",
        "/studio/words",
    ):
        assert thief.ask("POST", path, body).status == 403
    assert thief.ask("GET", "/studio/media/0-0").status == 404


def test_a_look_at_the_page_is_for_one_who_asks_with_the_header(desk: Desk) -> None:
    ticket = desk.send("/studio/ticket", {}).body["ticket"]
    assert desk.ask("GET", f"/?page={ticket}", headers={"Cookie": None}).status == 403
    assert b"data-studio" in desk.ask("GET", f"/?page={ticket}").raw
    assert b"data-studio" not in desk.ask("GET", f"/?page={ticket}").raw


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    top = tmp_path / "calendar"
    top.mkdir()
    (top / "publer.yaml").write_text("timezone: UTC\naccounts: {x: Me}\n")
    (top / "posts.yaml").write_text("posts:\n- {id: one, at: 2027-03-03 09:00, accounts: x, text: One}\n")
    with desk_of(top) as own:
        body = order(own)
        top.rename(tmp_path / "elsewhere")
        own.studio.follow()
        assert "does not exist" in own.get("/studio/posts")["lost"]
        told = own.ask("POST", CHANGE, body)
        assert (told.status, "does not exist" in told.say, top.exists()) == (500, True, False)
        (tmp_path / "elsewhere").rename(top)
        own.studio.follow()
        assert own.get("/studio/posts")["lost"] == ""
        assert own.ask("POST", CHANGE, body).status == 200


def raw_post(
    desk: Desk,
    length: int | str,
    body: bytes,
    *,
    end: bool,
    path: str = CHANGE,
    kind: str = "application/json",
) -> bytes:
    """What is answered to a request that says it has this length; `end`: nothing more is sent."""
    told = length if isinstance(length, str) else f"Content-Length: {length}\r\n"
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{desk.server.port}\r\nCookie: {desk.cookie}\r\n{HEADER}: {desk.secret}\r\n"
        f"Origin: {desk.server.address.rstrip('/')}\r\nContent-Type: {kind}\r\n{told}\r\n"
    )
    with socket.create_connection(("127.0.0.1", desk.server.port), timeout=PATIENCE) as connection:
        connection.sendall(head.encode() + body)
        if end:
            connection.shutdown(socket.SHUT_WR)
        parts = []
        while part := connection.recv(65_536):
            parts.append(part)
        return b"".join(parts)


def test_a_body_that_lies_about_its_length_does_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    body = order(desk)
    assert raw_post(desk, len(body) + 50, body, end=True).startswith(b"HTTP/1.1 400 ")
    monkeypatch.setattr(serving, "PATIENCE", 0.0)  # one that came too late
    answer = raw_post(desk, len(body), body, end=True)
    assert (answer.startswith(b"HTTP/1.1 400 "), b"did not arrive whole" in answer) == (True, True)
    monkeypatch.undo()
    smuggled = b"POST /studio/undo HTTP/1.1\r\n\r\n"
    answer = raw_post(desk, 2, b"{}" + smuggled, end=True)
    assert (answer.startswith(b"HTTP/1.1 400 "), answer.count(b"HTTP/1.1 ")) == (True, 1)


@each_of(
    "path, kind, length, status",
    [
        (CHANGE, "application/json", "", 411),
        (CHANGE, "application/json", "Content-Length: 2\r\nContent-Length: 2\r\n", 411),
        (CHANGE, "application/json", "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", 411),
        (CHANGE, "application/json", f"Content-Length: {serving.MOST_BYTES + 1}\r\n", 413),
        (CHANGE, "text/plain", "Content-Length: 2\r\n", 415),
        ("/studio/media", "application/octet-stream", "Content-Length: x\r\n", 411),
        ("/studio/media", "application/octet-stream", f"Content-Length: {MOST_MEDIA + 1}\r\n", 413),
        ("/studio/media", "image/png", "Content-Length: 2\r\n", 415),
    ],
)
def test_what_does_not_say_how_long_it_is_gets_one_answer(
    desk: Desk, path: str, kind: str, length: str, status: int
) -> None:
    answer = raw_post(desk, length, b"{}", end=True, path=path, kind=kind)
    assert (answer.startswith(b"HTTP/1.1 %d " % status), answer.count(b"HTTP/1.1 ")) == (True, 1)


def test_words_that_are_no_text_are_not_taken(desk: Desk) -> None:
    name = desk.get("/studio/posts")["calendars"][0]["name"]
    new = {"calendar": name, "day": "2027-03-09", "time": "10:00", "accounts": ["x"], "text": "\ud800"}
    assert desk.send(CHANGE, {"do": {"new": new}}).say == "The request is not JSON."


def test_more_connections_than_a_browser_opens_are_closed_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loopback, "MOST_CONNECTIONS", 3)
    (tmp_path / "publer.yaml").write_text("timezone: UTC\naccounts: {x: Me}\n")
    with desk_of(tmp_path) as desk:
        opened = [
            socket.create_connection(("127.0.0.1", desk.server.port), timeout=PATIENCE) for _ in range(5)
        ]
        assert opened[-1].recv(1) == b""
        for each in opened:
            each.close()
        for _ in range(100):
            with suppress(OSError):
                assert desk.get("/studio/posts")["posts"] == []
                break
            time.sleep(0.05)
        else:
            pytest.fail("the server did not recover")
