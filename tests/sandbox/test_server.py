"""HTTP of the sandbox: connections that end, bodies that are cut short, its log."""

from __future__ import annotations

import http.client
import random
import socket
import time
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.sandbox import Sandbox, Seed
from tests.sandbox.conftest import NOW, Client, X, item
from tests.tables import each_of

if TYPE_CHECKING:
    from tests.conftest import MakeSandbox


@pytest.mark.parametrize(("kind", "made"), [("drop_before", 0), ("drop_after", 1)])
def test_a_connection_can_end_before_or_after_the_deed(client: Client, kind: Any, made: int) -> None:
    client.sandbox.faults.trip(kind, "POST", "^/posts/schedule$")
    with pytest.raises(http.client.RemoteDisconnected):
        client.queue(item())
    client.sandbox.settle()
    assert len(client.sandbox.posts()) == made
    assert client.sandbox.requests[-1].status == 0


@pytest.mark.parametrize(
    ("kind", "status", "made"),
    [
        ("error_before", None, 0),
        ("error_before", 503, 0),
        ("error_after", None, 1),
        ("error_after", 504, 1),
        ("garbage", None, 1),
        ("html", None, 1),
        ("empty", None, 1),
        ("blocked", None, 0),
        ("redirect", None, 0),
    ],
)
def test_answers_that_are_of_no_use(client: Client, kind: Any, status: int | None, made: int) -> None:
    client.sandbox.faults.trip(kind, "POST", status=status)
    reply = client("POST", "/posts/schedule", {"bulk": {"state": "scheduled", "posts": [item()]}})
    usual = {"error_before": 500, "error_after": 502, "blocked": 403, "redirect": 307}
    assert reply.status == (status or usual.get(kind, 200))
    assert isinstance(reply.data, dict) is (kind == "error_before")
    client.sandbox.settle()
    assert len(client.sandbox.posts()) == made


def test_a_slow_answer(client: Client) -> None:
    client.sandbox.faults.trip("slow", seconds=0.2)
    start = time.monotonic()
    assert client("GET", "/workspaces").status == 200
    assert time.monotonic() - start >= 0.2


def test_trips_count_the_requests_that_match(client: Client) -> None:
    client.sandbox.faults.trip("error_before", "GET", "^/posts$", nth=2, times=2)
    asked = [("GET", "/posts"), ("GET", "/accounts"), ("POST", "/posts"), *[("GET", "/posts")] * 3]
    assert [client(*one).status for one in asked] == [200, 200, 404, 500, 500, 200]


def test_the_log_has_what_came_in_and_no_key(client: Client) -> None:
    client("GET", "/posts?state[]=draft&state[]=failed")
    client("PUT", "/posts/x", {"post": {"text": "new"}})
    assert [tuple(one) for one in client.sandbox.requests] == [
        ("GET", "/posts", {"state[]": ["draft", "failed"]}, None, 200),
        ("PUT", "/posts/x", {}, {"post": {"text": "new"}}, 404),
    ]
    client.sandbox.reset_log()
    assert client.sandbox.requests == []


def test_no_body_is_kept_where_nobody_looks(make_sandbox: MakeSandbox) -> None:
    client = Client(make_sandbox(now=lambda: NOW, log=False))
    client.create(item())
    assert client.sandbox.requests == []
    with client.sandbox._database.transaction():
        (job,) = client.sandbox._database._jobs("1", [])
    assert job.request is None


def test_a_kept_connection_is_not_slowed_down(client: Client) -> None:
    """Nagle's algorithm against delayed acknowledgements would cost 40 ms each time."""
    connection = http.client.HTTPConnection(client.base.netloc)
    took = []
    for _ in range(20):
        start = time.monotonic()
        connection.request("PUT", client.base.path + "/posts/x", b"{}", headers=client.headers)
        assert connection.getresponse().read()
        took.append(time.monotonic() - start)
    connection.close()
    assert min(took[1:]) < 0.03


@pytest.mark.parametrize(
    ("sent", "status", "ending"),
    [
        (b"HEAD /api/v1/posts HTTP/1.1\r\n\r\n", b"405", b"\r\n\r\n"),
        (b"GET /api/v1/posts HTTP/9\r\n\r\n", b"400", b"]}"),
        (b"nonsense at all here\r\n\r\n", b"400", b"]}"),
        (b"GET //[x HTTP/1.1\r\nConnection: close\r\n\r\n", b"404", b"]}"),
    ],
)
def test_whatever_is_sent_gets_an_answer(client: Client, sent: bytes, status: bytes, ending: bytes) -> None:
    with client.connect() as connection:
        connection.sendall(sent)
        answer = b"".join(iter(lambda: connection.recv(4096), b""))
    assert status in answer.split(b"\r\n")[0]
    assert answer.endswith(ending)


JSON = b"application/json; charset=utf-8"
LONGEST = 201 * 1024 * 1024


@each_of(
    "sent, status, kind, said, ends",
    [
        (b"GET /api/v1/workspaces HTTP/1.1\r\n\r\n", b"401", JSON, b"Unauthorized", False),
        (b"GET /api/v1 HTTP/1.1\r\n\r\n", b"401", JSON, b"Unauthorized", False),
        (b"GET /api/v12 HTTP/1.1\r\n\r\n", b"404", JSON, b"Not found", False),
        (b"GET /api/v1/workspaces HTTP/1.1\r\nUser-Agent: Python-urllib/3\r\n\r\n", b"403", b"text/plain; charset=UTF-8", b"1010", False),
        (b"GET /api/v1/workspaces HTTP/1.1\r\nHost: evil.example\r\n\r\n", b"403", JSON, b"alone", True),
        (b"POST /api/v1/media HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", b"411", JSON, b"Content-Length is required", True),
        (b"POST /api/v1/media HTTP/1.1\r\nContent-Length: x\r\n\r\n", b"411", JSON, b"Content-Length is required", True),
        (b"POST /api/v1/media HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (LONGEST + 1), b"413", JSON, b"200 MB", True),
        (b"POST /api/v1/media HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % LONGEST, b"", b"", b"", True),
        (b"PATCH /api/v1/posts HTTP/1.1\r\n\r\n", b"405", JSON, b"Method not allowed", True),
        (b"nonsense at all here\r\n\r\n", b"400", JSON, b"not modelled", True),
    ],
)  # fmt: skip
def test_what_is_answered_in_which_form_and_whether_the_connection_goes_on(
    client: Client, sent: bytes, status: bytes, kind: bytes, said: bytes, ends: bool
) -> None:
    with client.connect() as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        head, _, body = b"".join(iter(lambda: connection.recv(4096), b"")).partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    assert status in lines[0]
    assert said in body
    if status:
        assert b"Content-Type: " + kind in lines
        assert (b"Connection: close" in lines) is ends
        assert (b"Allow: GET, POST, PUT, DELETE" in lines) is (status == b"405")


def test_a_bug_of_its_own_is_answered_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox(Seed()) as sandbox:
        monkeypatch.setattr(sandbox._service, "tick", lambda: 1 / 0)
        assert Client(sandbox)("GET", "/workspaces").status == 599
        assert [type(bug) for bug in sandbox.bugs] == [ZeroDivisionError]


def test_only_this_machine_is_served(at_eight: Sandbox) -> None:
    assert at_eight._server.server_address[0] == "127.0.0.1"


def test_closing_hangs_up_on_everyone(make_sandbox: MakeSandbox) -> None:
    client = Client(make_sandbox())
    connection = http.client.HTTPConnection(client.base.netloc)
    connection.request("GET", client.base.path + "/workspaces", headers=client.headers)
    connection.getresponse().read()
    client.sandbox.close()
    assert connection.sock is not None
    assert connection.sock.recv(1) == b""
    connection.close()


def test_a_request_that_outlasts_the_server_is_no_bug(make_sandbox: MakeSandbox) -> None:
    client = Client(make_sandbox())
    client.sandbox.faults.trip("slow", seconds=0.2)
    with client.connect() as connection:
        connection.sendall(b"GET /api/v1/posts HTTP/1.1\r\nUser-Agent: tests\r\n\r\n")
        time.sleep(0.05)
        client.sandbox.close()
        time.sleep(0.25)
    assert client.sandbox.bugs == []


def test_nothing_sent_breaks_it(client: Client) -> None:
    """Bodies bent at random: every answer is one of the service's, and it still works afterwards."""
    chance = random.Random(7)
    client.sandbox.faults.rate_limit = None
    junk: list[Any] = [None, 0, -1, 1e308, "", "x", "\ud800", "9" * 5000, [], {}, [[]], {"a": []}, True]

    def bend(value: Any) -> Any:
        if chance.random() < 0.15:
            return chance.choice(junk)
        if isinstance(value, dict):
            return {key: bend(inner) for key, inner in value.items()}
        return [bend(inner) for inner in value] if isinstance(value, list) else value

    whole = item(
        media=[{"id": "x"}], link={"url": "u"}, details={"type": "story"}, title="t", entry={"labels": ["a"]}
    )
    for shape in ["docs", "lists", "objects", "errors", "strings", "error"] * 4:
        client.sandbox.faults.failures = shape  # type: ignore[assignment]  # each is one of the literals
        state = chance.choice(["scheduled", "draft"])
        path = chance.choice(["/posts/schedule", "/posts/schedule/publish"])
        reply = client("POST", path, {"bulk": {"state": state, "posts": bend([whole, whole, whole])}})
        assert reply.status in {200, 400, 500}
        client.sandbox.settle()
        if reply.status == 200:
            assert client("GET", f"/job_status/{reply.data['job_id']}").status == 200
        assert client(
            "PUT",
            "/posts/" + client.sandbox.add(account_id=X, at=NOW, text=""),
            bend({"post": {"text": "t", "title": "t"}}),
        ).status in {200, 422}
        assert client(
            "POST", "/media/from-url", bend({"media": [{"url": "https://e.com/a.png"}]})
        ).status in {200, 403}
    assert client("GET", "/posts?state=all&page=1&query=%00%ff&from=&to=").status == 200
    assert client.sandbox.bugs == []


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8642", "10.0.0.1", "[::2]"]
)
def test_a_page_elsewhere_whose_name_resolves_to_this_machine_gets_nothing(client: Client, host: str) -> None:
    reply = client("GET", "/workspaces", headers={"Host": host})
    assert (reply.status, client.sandbox.requests) == (403, [])


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1", "127.1.2.3:8642", "[::1]:8642"])
def test_this_machine_is_answered_by_each_of_its_names(client: Client, host: str) -> None:
    assert client("GET", "/workspaces", headers={"Host": host}).status == 200
