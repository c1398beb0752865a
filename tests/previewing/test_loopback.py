"""What the server of a page answers: to whom, with what, and how it tells browsers that there is a newer page."""

from __future__ import annotations

import http.client
import socket
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from publer_sync.previewing import loopback
from publer_sync.previewing.serving import PageServer
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = "<p>Blåbær"
SECONDS = 5
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@pytest.fixture(scope="module")
def one_server() -> Iterator[PageServer]:
    with PageServer(0) as server:
        yield server


@pytest.fixture
def server(one_server: PageServer) -> PageServer:
    one_server.show(PAGE)
    return one_server


class Announced(threading.Condition):
    """One that says when somebody waits for it."""

    def __init__(self) -> None:
        super().__init__()
        self.awaited = threading.Event()

    def wait(self, timeout: float | None = None) -> bool:
        self.awaited.set()
        return super().wait(timeout)


def ask(
    server: PageServer, method: str, path: str, host: str = ""
) -> tuple[int, str, http.client.HTTPMessage]:
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=SECONDS)) as connection:
        connection.request(method, path, headers={"Host": host} if host else {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), answer.headers


def follow(server: PageServer, since: object) -> http.client.HTTPResponse:
    """The events of a browser that has this version of the page."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=SECONDS)
    connection.request("GET", f"/changes?since={since}")
    return connection.getresponse()


def event(answer: http.client.HTTPResponse) -> str:
    told = answer.readline().decode()
    assert answer.readline() == b"\n"
    return told.strip()


def test_answers_have_their_kind_and_are_kept_by_nobody(server: PageServer) -> None:
    for method, path, status, kind, words in (
        ("GET", "/", 200, "text/html", PAGE),
        ("GET", "/?day=2027-03-01", 200, "text/html", PAGE),
        ("GET", "/other", 404, "text/plain", "There is only one page here.\n"),
        ("POST", "/", 405, "text/plain", "This page only shows.\n"),
    ):
        found, body, headers = ask(server, method, path)
        assert (found, body) == (status, words), path
        assert headers["Content-Type"] == f"{kind}; charset=utf-8"
        assert headers["Content-Length"] == str(len(words.encode()))
        assert {name: headers[name] for name in HEADERS} == HEADERS
        assert headers["Connection"] == ("close" if method == "POST" else None)


def test_the_address_is_one_that_it_answers(server: PageServer) -> None:
    assert server.address == f"http://127.0.0.1:{server.port}/"
    assert ask(server, "GET", "/", f"localhost:{server.port}")[0] == 200


@each_of("method", ["GET", "POST"])
def test_a_page_elsewhere_under_a_name_of_this_machine_is_refused(server: PageServer, method: str) -> None:
    for host in (f"evil.example:{server.port}", "127.0.0.1", "127.0.0.1:1"):
        status, body, headers = ask(server, method, "/", host)
        assert (status, body) == (403, "This page is for this machine alone.\n"), host
        assert headers["Connection"] == ("close" if method == "POST" else None)


def test_a_browser_with_an_older_page_is_told_at_once(server: PageServer) -> None:
    answer = follow(server, server.version - 1)
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert answer.headers["Cache-Control"] == "no-store"
    assert event(answer) == "data: newer"
    assert answer.read() == b"", "one event, and the browser asks again"


def test_a_browser_that_has_the_page_is_told_of_the_next_one_at_once(server: PageServer) -> None:
    server.changed = changed = Announced()
    answer = follow(server, server.version)
    changed.awaited.wait(SECONDS)
    server.show("<p>A newer page")
    assert event(answer) == "data: newer", "long before the next comment is due"
    assert ask(server, "GET", "/")[1] == "<p>A newer page"


def test_a_browser_that_waits_hears_that_the_server_is_still_there(
    server: PageServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loopback, "HEARTBEAT", 0.01)
    answer = follow(server, server.version)
    assert [event(answer), event(answer)] == [": still here"] * 2
    server.show("<p>A newer page")
    assert answer.read().decode().endswith("data: newer\n\n")


def test_whoever_waits_is_let_go_when_it_ends_and_nothing_is_left_of_it() -> None:
    before = {*threading.enumerate()}
    with PageServer(0) as server:
        server.show(PAGE)
        server.changed = changed = Announced()
        answer = follow(server, server.version)
        changed.awaited.wait(SECONDS)
    assert b"data:" not in answer.read()
    for thread in {*threading.enumerate()} - before:
        thread.join(SECONDS)
        assert not thread.is_alive()
    with (
        pytest.raises(ConnectionError),
        socket.create_connection(("127.0.0.1", server.port), timeout=SECONDS),
    ):
        pass


def test_a_page_is_not_loaded_again_from_a_server_that_ends(server: PageServer) -> None:
    server.changed = changed = Announced()
    answer = follow(server, server.version)
    changed.awaited.wait(SECONDS)
    with changed:
        server.version, server.closed = server.version + 1, True
        changed.notify_all()
    assert b"data:" not in answer.read()
    server.closed = False


def test_more_connections_than_a_page_needs_are_refused_until_one_is_free(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(loopback, "MOST_CONNECTIONS", 1)
    monkeypatch.setattr(loopback, "HEARTBEAT", 0.01)
    with PageServer(0) as server:
        server.show(PAGE)
        waiting = follow(server, server.version)
        event(waiting)
        with pytest.raises((http.client.HTTPException, OSError)):
            ask(server, "GET", "/")
        waiting.close()  # the browser goes away, and the next comment finds nobody
        server.show(PAGE)
        for _ in range(1000):
            try:
                status, *_ = ask(server, "GET", "/")
            except (http.client.HTTPException, OSError):
                continue
            break
        assert status == 200
    assert capsys.readouterr() == ("", "")
